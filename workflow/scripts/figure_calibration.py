"""Draw Figure 13 and write the numbers in it."""

from hydrascope import io
from hydrascope.figures import calibration, draw
from hydrascope.job import job

with job(snakemake):
    data = calibration.calibration_data(
        io.read_table(snakemake.input.affiliation), io.read_table(snakemake.input.timing)
    )
    with draw.styled():
        figure = calibration.draw_calibration(data)
        draw.save(figure, data, snakemake.output, simulated=False)
