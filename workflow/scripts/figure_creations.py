"""Draw Figure 9 and write the numbers in it."""

from hydrascope import io
from hydrascope.figures import creations, draw
from hydrascope.job import job

with job(snakemake):
    names = ("daily", "baselines", "bursts", "comparators", "waves")
    data = creations.creations_data(*(io.read_table(snakemake.input[name]) for name in names))
    n = io.read_table(snakemake.input.dispersion).groupby("platform")["n"].first()
    with draw.styled():
        figure = creations.draw_creations(data, n)
        draw.save(figure, data, snakemake.output, simulated=snakemake.params.simulated)
