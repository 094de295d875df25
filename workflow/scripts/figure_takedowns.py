"""Draw Figure 5 and write the numbers in it."""

from hydrascope import io
from hydrascope.figures import draw, takedowns
from hydrascope.job import job

with job(snakemake.log[0]):
    data = takedowns.takedowns_data(io.read_table(snakemake.input.context))
    paths = {kind: snakemake.output[kind] for kind in ("svg", "pdf", "png")}
    with draw.styled():
        # Published numbers and disclosures are of the world, whatever the collection is.
        draw.save(takedowns.draw_takedowns(data), paths, simulated=False)
    io.write_table(data, snakemake.output.csv)
