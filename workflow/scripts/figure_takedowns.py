"""Draw Figure 12 and write the numbers in it."""

from hydrascope import io
from hydrascope.figures import draw, takedowns
from hydrascope.job import job

with job(snakemake):
    data = takedowns.takedowns_data(io.read_table(snakemake.input.context))
    with draw.styled():
        figure = takedowns.draw_takedowns(data)
        draw.save(figure, data, snakemake.output, simulated=False)
