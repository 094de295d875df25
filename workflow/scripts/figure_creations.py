"""Draw Figure 1 and write the numbers in it."""

from hydrascope import io
from hydrascope.figures import creations, draw
from hydrascope.job import job

with job(snakemake.log[0]):
    names = ("daily", "baselines", "bursts", "comparators")
    data = creations.creations_data(*(io.read_table(snakemake.input[name]) for name in names))
    n = io.read_table(snakemake.input.dispersion).groupby("platform")["n"].first()
    paths = {kind: snakemake.output[kind] for kind in ("svg", "pdf", "png")}
    with draw.styled():
        figure = creations.draw_creations(data, n)
        draw.save(figure, paths, simulated=snakemake.params.simulated)
    io.write_table(data, snakemake.output.csv)
