"""Draw Figure 7 and write the numbers in it."""

from hydrascope import io
from hydrascope.figures import draw, subjects
from hydrascope.job import job

with job(snakemake):
    data = subjects.subjects_data(io.read_table(snakemake.input.prevalence))
    with draw.styled():
        figure = subjects.draw_subjects(data)
        draw.save(figure, data, snakemake.output, simulated=snakemake.params.simulated)
