"""Draw Figure 3 and write the numbers in it."""

import pandas as pd

from hydrascope import io
from hydrascope.figures import draw, network
from hydrascope.job import job

with job(snakemake):
    verdicts = io.read_table(snakemake.input.verdicts)
    edges = [pd.read_parquet(path) for path in snakemake.input.edges]
    data = network.network_data(verdicts, *edges or [None], fewest=snakemake.params.fewest)
    with draw.styled():
        figure = network.draw_network(data)
        draw.save(figure, data, snakemake.output, simulated=snakemake.params.simulated)
