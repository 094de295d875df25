"""Draw Figure 2 and write the numbers in it."""

from hydrascope import io
from hydrascope.figures import accounts, draw
from hydrascope.job import job

with job(snakemake):
    data = accounts.accounts_data(io.read_table(snakemake.input.platforms))
    with draw.styled():
        figure = accounts.draw_accounts(data)
        draw.save(figure, data, snakemake.output, simulated=snakemake.params.simulated)
