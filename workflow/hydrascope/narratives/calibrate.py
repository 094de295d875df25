"""How well the narratives of simulated networks are found again, and how far they hold."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from hydrascope.affiliation.rates import mean_number
from hydrascope.digest import code_digest
from hydrascope.narratives.granularity import finest, granularity
from hydrascope.narratives.points import points_of
from hydrascope.narratives.quality import quality_table
from hydrascope.narratives.score import score_subjects
from hydrascope.narratives.stability import stability
from hydrascope.narratives.subjects import subject_tables
from hydrascope.narratives.topics import described_topics, found_topics, topic_tables
from hydrascope.narratives.words import name_pattern

__all__ = ["averaged", "judged", "narrative_digest", "recovered", "still_holding"]

MODULES = ("points", "granularity", "topics", "subjects", "stance")
# What the finder reads of config/config.yaml.
SETTINGS = {
    "texts": ["min_jaccard", "model", "decimals"],
    "narratives": [
        "dimensions",
        "topics",
        "min_topic_families",
        "border",
        "neighbours",
        "topic_lift",
        "min_score",
        "min_margin",
        "stance_lead",
    ],
}

ALL = "all"
COUNTED = ["topics", "outlier share of families", "outlier share of families, reassigned"]


def narrative_digest(settings: Mapping, codebook: str | Path) -> str:
    """Tell one way to find narratives from another: code, libraries, settings and codebook.

    Parameters
    ----------
    settings : mapping
        The study's, with the parts `texts` and `narratives`.
    codebook : path
        config/narratives.yaml.

    Returns
    -------
    str
        Sixteen hexadecimal digits.
    """
    here = Path(__file__).parent
    read = {part: {name: settings[part][name] for name in own} for part, own in SETTINGS.items()}
    parts = [
        *(code_digest(module, scripts=here) for module in MODULES),
        code_digest("copies", scripts=here.parent / "texts"),
        json.dumps(read, sort_keys=True),
        Path(codebook).read_text(encoding="utf-8"),
    ]
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:16]


def recovered(
    posts: pd.DataFrame,
    truth: pd.DataFrame,
    texts: tuple[pd.DataFrame, pd.DataFrame, np.ndarray],
    codebook: tuple[pd.DataFrame, pd.DataFrame, np.ndarray],
    *,
    settings: Mapping,
    seed: int,
) -> pd.DataFrame:
    """Find the narratives of one world as a study does, and judge them.

    Parameters
    ----------
    posts, truth : pandas.DataFrame
        What `simulation.narrated.narrated` gave.
    texts : tuple
        families and members as `texts.copies.copies_of` gave them, and the vectors.
    codebook : tuple
        subjects and phrases as `codebook.load_codebook` gave them, and the vectors of the
        phrases.
    settings : mapping
        `narratives` of config/config.yaml.
    seed : int
        Seed of the topics and of what they are compared with.

    Returns
    -------
    pandas.DataFrame
        What `judged` gives.
    """
    families, members, vectors = texts
    subjects, phrases, phrase_vectors = codebook
    grouping = {
        "least": settings["min_topic_families"],
        "border": settings["border"],
        "seed": seed,
    }
    said = {"names": name_pattern(phrases["form"]), "words": settings["words"]}
    points = points_of(vectors, dimensions=settings["dimensions"])
    number = finest(granularity(points, **grouping))
    groups = found_topics(points, number, **grouping)
    described, _ = described_topics(families["text"].to_list(), vectors, groups[0], **said)
    own = posts[["post_id", "account_id"]].merge(members[["post_id", "family"]], on="post_id")
    _, own = topic_tables(families, own, groups[0], described)
    coding = ("neighbours", "topic_lift", "min_score", "min_margin")
    found = (families, vectors, points, groups, own, phrases, phrase_vectors)
    _, coded = subject_tables(*found, **{name: settings[name] for name in coding})
    planted = members.merge(truth, left_on="post_id", right_on="post").groupby("family")
    return judged(
        score_subjects(coded, posts, families, truth, subjects["subject"].to_list()),
        *stability(
            vectors,
            number,
            groups[0],
            times=settings["refits"],
            dimensions=settings["dimensions"],
            **grouping,
        ),
        quality_table(families, own, described, **said, seed=seed),
        groups,
        families["family"].map(planted["narrative"].agg(lambda names: names.mode()[0])),
    )


def judged(
    score: pd.DataFrame,
    stability: pd.DataFrame,
    persisting: pd.DataFrame,
    quality: pd.DataFrame,
    groups: np.ndarray,
    planted: pd.Series,
) -> pd.DataFrame:
    """Put what was found in one world into one table.

    Parameters
    ----------
    score : pandas.DataFrame
        What `score.score_subjects` gave.
    stability, persisting : pandas.DataFrame
        What `stability.stability` gave.
    quality : pandas.DataFrame
        What `quality.quality_table` gave.
    groups : numpy.ndarray
        What `topics.found_topics` gave.
    planted : pandas.Series
        The narrative of each family, in their order.

    Returns
    -------
    pandas.DataFrame
        measure, part (a script, a language or a kind of change; `all` for none) and value.
    """
    scored = score[(score["subject"] == "all") & (score["language"] == "all")]
    rows = [*scored[["measure", "script", "value"]].itertuples(index=False, name=None)]
    for name in ("ari_all", "ari_without_outliers"):
        rows += [(name, *pair) for pair in stability.set_index("perturbation")[name].items()]
    rows += [
        ("persistence, mean of topics", ALL, persisting["jaccard"].mean()),
        ("persistence, least topic", ALL, persisting["jaccard"].min()),
    ]
    counted = quality[quality["measure"].isin(COUNTED)]
    rows += [*counted[["measure", "language", "value"]].itertuples(index=False, name=None)]
    spoken = quality[quality["language"] != ALL]
    named = spoken["measure"] + " of " + spoken["method"]
    rows += [*zip(named, spoken["language"], spoken["value"], strict=True)]
    inside = groups[0] >= 0
    names, topics = planted.to_numpy()[inside], groups[0][inside]
    rows += [
        ("agreement with what was planted, NMI", ALL, normalized_mutual_info_score(names, topics)),
        ("agreement with what was planted, ARI", ALL, adjusted_rand_score(names, topics)),
    ]
    return pd.DataFrame(rows, columns=["measure", "part", "value"])


def averaged(worlds: pd.DataFrame) -> pd.DataFrame:
    """Average over worlds, with 95 % intervals whose unit is the world.

    Parameters
    ----------
    worlds : pandas.DataFrame
        measure, part and value; what `judged` gave for each of several worlds.

    Returns
    -------
    pandas.DataFrame
        measure, part, value, low, high (Student's t; no lower than 0 where no world is),
        least, most and worlds, sorted by the first two; worlds in which a measure is
        missing are left out of it.
    """
    rows = []
    for names, own in worlds.dropna(subset="value").groupby(["measure", "part"])["value"]:
        value, low, high = mean_number(own.to_numpy())
        least, most = own.min(), own.max()
        if least < 0:
            low = 2 * value - high
        rows.append((*names, value, low, high, least, most, len(own)))
    columns = ["measure", "part", "value", "low", "high", "least", "most", "worlds"]
    return pd.DataFrame(rows, columns=columns)


def still_holding(rates: pd.DataFrame, settings: Mapping, codebook: str | Path) -> pd.DataFrame:
    """Say of each measured figure whether it was measured on the method in use.

    Parameters
    ----------
    rates : pandas.DataFrame
        calibration/narratives.tsv.
    settings, codebook
        As for `narrative_digest`.

    Returns
    -------
    pandas.DataFrame
        The figures with `holds`, yes or no, instead of the method's digest.
    """
    same = rates["finder"] == narrative_digest(settings, codebook)
    return rates.drop(columns="finder").assign(holds=np.where(same, "yes", "no"))
