"""Draw Figure 1 and write the numbers in it."""

from hydrascope import io
from hydrascope.figures import claims, draw
from hydrascope.job import job

with job(snakemake):
    data = claims.claims_data(io.read_table(snakemake.input.claims))
    with draw.styled():
        figure = claims.draw_claims(data)
        draw.save(figure, data, snakemake.output, simulated=snakemake.params.simulated)
