"""Tell the sides that the network's texts take, where that has been shown to work."""

import numpy as np
import pandas as pd

from hydrascope import io
from hydrascope.job import job
from hydrascope.narratives.codebook import load_stances
from hydrascope.narratives.stance import least_accuracy, stance_table, tell_stances
from hydrascope.texts.vectors import embed

with job(snakemake):
    given, params = snakemake.input, snakemake.params
    sides = load_stances(given.codebook)
    families = pd.read_parquet(given.families, columns=["family", "language"])
    families = families.set_index("family")["language"]
    coded = pd.read_parquet(given.coded)
    subject_of = coded.drop_duplicates("family").set_index("family")["subject"]
    told = tell_stances(
        pd.Series(families.index.map(subject_of)),
        np.load(given.vectors, allow_pickle=False),
        sides,
        embed(sides["form"].to_list(), **params.embedding),
        min_lead=params.min_lead,
    )
    accuracy = least_accuracy(io.read_table(given.calibration).query("holds == 'yes'"))
    stances = pd.Series(told, index=families.index)
    table = stance_table(coded, families, stances, accuracy, min_accuracy=params.min_accuracy)
    io.write_table(table, snakemake.output.stances)
