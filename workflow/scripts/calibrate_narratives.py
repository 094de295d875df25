"""Simulate a world, find its network's narratives, and put them beside the truth."""

import pandas as pd

from hydrascope import io
from hydrascope.job import job
from hydrascope.narratives.calibrate import recovered
from hydrascope.narratives.codebook import load_codebook, load_stances
from hydrascope.narratives.stance import stance_accuracy, tell_stances
from hydrascope.simulation.narrated import debated, narrated
from hydrascope.simulation.world import simulate
from hydrascope.texts.copies import copies_among
from hydrascope.texts.folding import matching_form
from hydrascope.texts.vectors import embed

with job(snakemake):
    params, seed = snakemake.params, int(snakemake.wildcards.seed)
    subjects, phrases = load_codebook(snakemake.input.codebook)
    sides = load_stances(snakemake.input.codebook)
    world = simulate(seed=seed)
    posts, truth = narrated(world)
    families, _, members = copies_among(posts, min_jaccard=params.min_jaccard, seed=seed)
    debate = debated(world, subjects["subject"].to_list(), most=params.debated, seed=seed)
    vectors, phrase_vectors, side_vectors, debate_vectors = (
        embed(texts.to_list(), **params.embedding)
        for texts in (
            families["text"],
            phrases["form"],
            sides["form"],
            debate["text"].map(matching_form),
        )
    )
    table = recovered(
        posts,
        truth,
        (families, members, vectors),
        (subjects, phrases, phrase_vectors),
        settings=params.settings,
        seed=seed,
    )
    lead = params.settings["stance_lead"]
    told = tell_stances(debate["narrative"], debate_vectors, sides, side_vectors, min_lead=lead)
    accuracy = stance_accuracy(told, debate["stance"], debate["language"])
    io.write_table(pd.concat([table, accuracy]), snakemake.output.table)
