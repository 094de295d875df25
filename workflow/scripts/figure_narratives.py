"""Draw Figure 6 and write the numbers in it."""

import numpy as np

from hydrascope import io
from hydrascope.figures import draw, narratives
from hydrascope.job import job

with job(snakemake):
    data = narratives.narratives_data(
        np.load(snakemake.input.points, allow_pickle=False),
        np.load(snakemake.input.groups, allow_pickle=False)[0],
        io.read_table(snakemake.input.topics),
        io.read_table(snakemake.input.subjects),
    )
    with draw.styled():
        figure = narratives.draw_narratives(data)
        draw.save(figure, data, snakemake.output, simulated=snakemake.params.simulated)
