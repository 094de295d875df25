"""Which subject of the codebook a topic joins, and what each family is about."""

import numpy as np
import pandas as pd
from scipy import sparse

from hydrascope.narratives.codebook import UNCODED
from hydrascope.narratives.points import neighbourhoods, unit
from hydrascope.narratives.topics import OUTLIERS
from hydrascope.narratives.words import name_pattern

__all__ = ["join_subjects", "names_said", "subject_tables", "surrounded"]

BEST_PHRASES = 3
# What a name that all say adds to a score; two texts on one subject are about as near.
NAMED = 0.5
DIGITS = 6
UNKNOWN_LANGUAGE = "und"
COMPARED = ["subject", "nearest", "similarity", "named", "score", "runner_up", "margin"]
TABLE = ["topic", *COMPARED, "families", "posts"]


def names_said(texts: pd.Series, phrases: pd.DataFrame) -> np.ndarray:
    """Say which subjects' phrases each text says word for word.

    Parameters
    ----------
    texts : pandas.Series of str
        Matching forms.
    phrases : pandas.DataFrame
        subject and form, as `codebook.load_codebook` gave them.

    Returns
    -------
    numpy.ndarray
        float, shape (texts, subjects), 0 or 1, the subjects sorted by name.
    """
    subjects = sorted(phrases["subject"].unique())
    patterns = [name_pattern(phrases.loc[phrases["subject"] == name, "form"]) for name in subjects]
    said = [[pattern.search(text) is not None for pattern in patterns] for text in texts]
    return np.array(said, dtype=float).reshape(len(texts), len(subjects))


def surrounded(rows: np.ndarray, points: np.ndarray, *, neighbours: int) -> np.ndarray:
    """Mean of each row and the rows whose points lie nearest to its own.

    Parameters
    ----------
    rows : numpy.ndarray
        Shape (families, any number).
    points : numpy.ndarray
        Shape (families, dimensions), as `points.points_of` gave them.
    neighbours : int
        Families of a neighbourhood.

    Returns
    -------
    numpy.ndarray
        Shape of `rows`. A short text says little; those that lie around it say more.
    """
    if not len(rows):
        return rows
    near = neighbourhoods(points, points, neighbours=neighbours)
    starts = np.arange(0, near.size + 1, near.shape[1])
    weight = np.full(near.size, 1 / near.shape[1], dtype=np.float32)
    return sparse.csr_matrix((weight, near.ravel(), starts), (len(rows), len(rows))) @ rows


def join_subjects(
    vectors: np.ndarray,
    named: np.ndarray,
    phrases: pd.DataFrame,
    phrase_vectors: np.ndarray,
    *,
    min_score: float,
    min_margin: float,
    lift: np.ndarray | float = 0.0,
) -> pd.DataFrame:
    """Join each vector to the subject that it belongs to most, or to none.

    Parameters
    ----------
    vectors : numpy.ndarray
        One row of any length a topic or family; one of zeros is near to nothing.
    named : numpy.ndarray
        Shape (rows, subjects): share of the families behind the row that say a phrase of
        the subject, the subjects sorted by name.
    phrases : pandas.DataFrame
        subject of each phrase, as `codebook.load_codebook` gave it.
    phrase_vectors : numpy.ndarray
        One row of unit length a phrase.
    min_score : float
        Least score of the nearest subject.
    min_margin : float
        Least distance from the nearest subject's score to the next one's.
    lift : numpy.ndarray or float
        Shape (rows, subjects): what else is known, added to the score.

    Returns
    -------
    pandas.DataFrame
        subject (`uncoded` where either is too small), nearest, similarity and named (of
        the nearest), score, runner_up and margin (both missing where the codebook has one
        subject), one row a vector.

    Notes
    -----
    The score is the similarity and half the share named, added. A similarity is the mean
    cosine to the three phrases of the subject that lie nearest: a subject has many sides,
    and no text shows all of them. The mean over all phrases asks for too much, and a
    single phrase is met by chance. Names alone miss who speaks of a subject without them,
    and nearness alone takes neighbouring subjects for each other.
    """
    cosines = unit(np.asarray(vectors, dtype=float)) @ phrase_vectors.T.astype(float)
    names = np.array(sorted(phrases["subject"].unique()))
    owner = phrases["subject"].to_numpy()
    similarity = np.column_stack(
        [
            np.sort(cosines[:, owner == name], axis=1)[:, -BEST_PHRASES:].mean(axis=1)
            for name in names
        ]
    )
    # Rounded as it is shown, so that the table explains every decision.
    score = (similarity + NAMED * named + lift).round(DIGITS)
    order = np.argsort(-score, axis=1, kind="stable")
    ranked = np.take_along_axis(score, order, axis=1)
    table = pd.DataFrame({"nearest": names[order[:, 0]]})
    for column, part in (("similarity", similarity), ("named", named), ("score", score)):
        best = np.take_along_axis(np.asarray(part, dtype=float), order[:, :1], axis=1)
        table[column] = best[:, 0].round(DIGITS)
    alone = len(names) == 1
    table["runner_up"] = None if alone else names[order[:, 1]]
    table["margin"] = np.nan if alone else (ranked[:, 0] - ranked[:, 1]).round(DIGITS)
    joined = (table["score"] >= min_score) & ~(table["margin"] < min_margin)
    table["subject"] = table["nearest"].where(joined, UNCODED)
    return table[COMPARED]


def subject_tables(
    families: pd.DataFrame,
    vectors: np.ndarray,
    points: np.ndarray,
    topics: np.ndarray,
    posts: pd.DataFrame,
    phrases: pd.DataFrame,
    phrase_vectors: np.ndarray,
    *,
    neighbours: int,
    topic_lift: float,
    min_score: float,
    min_margin: float,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Code the network's topics, and each family with its topic in mind.

    Parameters
    ----------
    families : pandas.DataFrame
        family, text and language.
    vectors, points : numpy.ndarray
        The families' vectors and points, row by row.
    topics : numpy.ndarray
        What `topics.found_topics` gave.
    posts : pandas.DataFrame
        post_id, account_id, family and topic, as `topics.topic_tables` gave them.
    neighbours : int
        Families of a neighbourhood.
    topic_lift : float
        What is added to a family's score for the subject that its topic joined.
    phrases, phrase_vectors, min_score, min_margin
        As for `join_subjects`.

    Returns
    -------
    subjects : pandas.DataFrame
        topic, subject, nearest, similarity, named, score, runner_up, margin, families and
        posts: one row a topic, none for outliers. Sorted by topic.
    coded : pandas.DataFrame
        post_id, account_id, family, topic and subject of every post; a post without
        words is `uncoded`.

    Notes
    -----
    A topic is compared by the mean vector of its families, each with one vote. A family
    is compared by the mean of its neighbourhood (`surrounded`), and the subject of the
    topic that lies nearest counts for it: a topic may hold a few families that are about
    something else, and one whose subjects are mixed joins none though its families speak
    clearly. A topic most of whose families are in languages that the codebook has no
    phrases for stays `uncoded`, and so does a family in such a language: nobody has shown
    that the phrases hold there. A family whose language is not known counts as readable.
    """
    settings = {"min_score": min_score, "min_margin": min_margin}
    readable = families["language"].isin([*phrases["language"], UNKNOWN_LANGUAGE]).to_numpy()
    said = names_said(families["text"], phrases)
    numbers = [number for number in np.unique(topics[0]) if number != OUTLIERS]
    inside = [topics[0] == number for number in numbers]
    width = (vectors.shape[1], said.shape[1])
    compared = join_subjects(
        np.array([vectors[own].mean(axis=0) for own in inside]).reshape(-1, width[0]),
        np.array([said[own].mean(axis=0) for own in inside]).reshape(-1, width[1]),
        phrases,
        phrase_vectors,
        **settings,
    )
    foreign = [readable[own].mean() < 0.5 for own in inside]
    compared.loc[foreign, "subject"] = UNCODED
    compared.insert(0, "topic", numbers)
    joined = pd.Series(topics[1]).map(compared.set_index("topic")["subject"])
    known = np.array(sorted(phrases["subject"].unique()))
    subject = join_subjects(
        surrounded(vectors, points, neighbours=neighbours),
        surrounded(said, points, neighbours=neighbours),
        phrases,
        phrase_vectors,
        lift=topic_lift * (joined.to_numpy()[:, None] == known),
        **settings,
    )["subject"].where(readable, UNCODED)
    subject_of = dict(zip(families["family"], subject, strict=True))
    coded = posts.assign(subject=posts["family"].map(subject_of).fillna(UNCODED))
    counted = posts.dropna(subset="topic").groupby("topic")["family"]
    counts = counted.agg(families="nunique", posts="size").reset_index()
    table = compared.merge(counts, on="topic", how="left")
    return table[TABLE].sort_values("topic", ignore_index=True), coded
