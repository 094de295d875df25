"""Draw Figure 2 and write the numbers in it."""

from hydrascope import io
from hydrascope.figures import accounts, draw
from hydrascope.job import job

with job(snakemake.log[0]):
    data = accounts.accounts_data(io.read_table(snakemake.input.platforms))
    paths = {kind: snakemake.output[kind] for kind in ("svg", "pdf", "png")}
    with draw.styled():
        figure = accounts.draw_accounts(data)
        draw.save(figure, paths, simulated=snakemake.params.simulated)
    io.write_table(data, snakemake.output.csv)
