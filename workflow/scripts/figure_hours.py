"""Draw Figure 10 and write the numbers in it."""

from hydrascope import io
from hydrascope.figures import draw, hours
from hydrascope.job import job

with job(snakemake):
    data = hours.hours_data(
        *(io.read_table(snakemake.input[name]) for name in ("clock", "shifts", "zones", "hours"))
    )
    with draw.styled():
        figure = hours.draw_hours(data)
        draw.save(figure, data, snakemake.output, simulated=snakemake.params.simulated)
