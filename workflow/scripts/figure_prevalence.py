"""Draw Figure 8 and write the numbers in it."""

from hydrascope import io
from hydrascope.figures import draw, prevalence
from hydrascope.job import job

with job(snakemake):
    data = prevalence.prevalence_data(io.read_table(snakemake.input.prevalence))
    with draw.styled():
        figure = prevalence.draw_prevalence(data)
        draw.save(figure, data, snakemake.output, simulated=snakemake.params.simulated)
