"""Draw Figure 5 and write the numbers in it."""

from hydrascope import io
from hydrascope.figures import draw, sensitivity
from hydrascope.job import job

with job(snakemake):
    tables = [io.read_table(path) for path in snakemake.input.sensitivity]
    platforms = io.read_table(snakemake.input.platforms)
    data = sensitivity.sensitivity_data(*tables or [None], platforms)
    with draw.styled():
        figure = sensitivity.draw_sensitivity(data)
        draw.save(figure, data, snakemake.output, simulated=snakemake.params.simulated)
