"""Draw Figure 11 and write the numbers in it."""

from hydrascope import io
from hydrascope.figures import draw, survival
from hydrascope.job import job

with job(snakemake):
    data = survival.survival_data(
        io.read_table(snakemake.input.survival), io.read_table(snakemake.input.replacement)
    )
    with draw.styled():
        figure = survival.draw_survival(data)
        draw.save(figure, data, snakemake.output, simulated=snakemake.params.simulated)
