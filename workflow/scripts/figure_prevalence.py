"""Draw Figure 3 and write the numbers in it."""

from hydrascope import io
from hydrascope.figures import draw, prevalence
from hydrascope.job import job

with job(snakemake.log[0]):
    data = prevalence.prevalence_data(io.read_table(snakemake.input.prevalence))
    paths = {kind: snakemake.output[kind] for kind in ("svg", "pdf", "png")}
    with draw.styled():
        figure = prevalence.draw_prevalence(data)
        draw.save(figure, paths, simulated=snakemake.params.simulated)
    io.write_table(data, snakemake.output.csv)
