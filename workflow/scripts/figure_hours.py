"""Draw Figure 4 and write the numbers in it."""

from hydrascope import io
from hydrascope.figures import draw, hours
from hydrascope.job import job

with job(snakemake.log[0]):
    names = ("clock", "shifts", "zones", "hours")
    data = hours.hours_data(*(io.read_table(snakemake.input[name]) for name in names))
    paths = {kind: snakemake.output[kind] for kind in ("svg", "pdf", "png")}
    with draw.styled():
        draw.save(hours.draw_hours(data), paths, simulated=snakemake.params.simulated)
    io.write_table(data, snakemake.output.csv)
