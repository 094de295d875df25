"""Which subject of the codebook a topic joins, and which none."""

import numpy as np
import pandas as pd

from hydrascope.narratives.codebook import UNCODED
from hydrascope.narratives.topics import OUTLIERS

__all__ = ["join_subjects", "subject_tables"]

BEST_PHRASES = 3
DIGITS = 6
UNKNOWN_LANGUAGE = "und"
COMPARED = ["subject", "nearest", "similarity", "runner_up", "margin"]
TABLE = ["topic", *COMPARED, "families", "posts"]


def join_subjects(
    vectors: np.ndarray,
    phrases: pd.DataFrame,
    phrase_vectors: np.ndarray,
    *,
    min_similarity: float,
    min_margin: float,
) -> pd.DataFrame:
    """Join each vector to the subject that it lies nearest to, or to none.

    Parameters
    ----------
    vectors : numpy.ndarray
        One row of any length a topic or family; one of zeros is near to nothing.
    phrases : pandas.DataFrame
        subject of each phrase, as `codebook.load_codebook` gave it.
    phrase_vectors : numpy.ndarray
        One row of unit length a phrase.
    min_similarity : float
        Least similarity to the nearest subject.
    min_margin : float
        Least distance from the nearest subject's similarity to the next one's.

    Returns
    -------
    pandas.DataFrame
        subject (`uncoded` where either is too small), nearest, similarity,
        runner_up and margin (both missing where the codebook has one subject),
        one row a vector.

    Notes
    -----
    A similarity is the mean cosine to the three phrases of the subject that lie
    nearest: a subject has many sides, and no text shows all of them. The mean
    over all phrases asks for too much, and a single phrase is met by chance.
    """
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    cosines = (vectors / np.where(lengths > 0, lengths, 1)) @ phrase_vectors.T.astype(float)
    names = np.array(sorted(phrases["subject"].unique()))
    owner = phrases["subject"].to_numpy()
    similarity = np.column_stack(
        [
            np.sort(cosines[:, owner == name], axis=1)[:, -BEST_PHRASES:].mean(axis=1)
            for name in names
        ]
    )
    # Rounded as it is shown, so that the table explains every decision.
    similarity = similarity.round(DIGITS)
    order = np.argsort(-similarity, axis=1, kind="stable")
    ranked = np.take_along_axis(similarity, order, axis=1)
    table = pd.DataFrame({"nearest": names[order[:, 0]], "similarity": ranked[:, 0]})
    alone = len(names) == 1
    table["runner_up"] = None if alone else names[order[:, 1]]
    table["margin"] = np.nan if alone else (ranked[:, 0] - ranked[:, 1]).round(DIGITS)
    joined = (table["similarity"] >= min_similarity) & ~(table["margin"] < min_margin)
    table["subject"] = table["nearest"].where(joined, UNCODED)
    return table[COMPARED]


def subject_tables(
    families: pd.DataFrame,
    vectors: np.ndarray,
    posts: pd.DataFrame,
    phrases: pd.DataFrame,
    phrase_vectors: np.ndarray,
    *,
    min_similarity: float,
    min_margin: float,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Code the network's topics, and each outlier by itself.

    Parameters
    ----------
    families : pandas.DataFrame
        family and language.
    vectors : numpy.ndarray
        The families' vectors, row by row.
    posts : pandas.DataFrame
        post_id, account_id, family and topic, as `topics.topic_tables` gave them.
    phrases, phrase_vectors, min_similarity, min_margin
        As for `join_subjects`.

    Returns
    -------
    subjects : pandas.DataFrame
        topic, subject, nearest, similarity, runner_up, margin, families and posts:
        one row a topic, and for topic -1 one row a subject, of which families and
        posts alone are known. Sorted by topic and subject; the posts add up to
        all that have words.
    coded : pandas.DataFrame
        post_id, account_id, family, topic and subject of every post; a post without
        words is `uncoded`.

    Notes
    -----
    A topic is compared by the mean vector of its families, each with one vote, and
    all its families follow it. A topic most of whose families are in languages
    that the codebook has no phrases for stays `uncoded`, and so does such an outlier:
    nobody has shown that the phrases hold there. A family whose language is not known
    counts as readable.
    """
    settings = {"min_similarity": min_similarity, "min_margin": min_margin}
    topic_of = posts.dropna(subset="topic").drop_duplicates("family").set_index("family")["topic"]
    topics = families["family"].map(topic_of).to_numpy(dtype=int)
    readable = families["language"].isin([*phrases["language"], UNKNOWN_LANGUAGE]).to_numpy()
    numbers = [number for number in np.unique(topics) if number != OUTLIERS]
    means = [vectors[topics == number].mean(axis=0) for number in numbers]
    centres = np.array(means, dtype=float).reshape(-1, vectors.shape[1])
    compared = join_subjects(centres, phrases, phrase_vectors, **settings)
    foreign = [readable[topics == number].mean() < 0.5 for number in numbers]
    compared.loc[foreign, "subject"] = UNCODED
    compared.insert(0, "topic", numbers)
    by_topic = dict(zip(numbers, compared["subject"], strict=True))
    own = (topics == OUTLIERS) & readable
    alone = join_subjects(vectors[own], phrases, phrase_vectors, **settings)["subject"]
    by_family = dict(zip(families.loc[own, "family"], alone, strict=True))
    subject_of = {
        family: by_family.get(family, by_topic.get(topic, UNCODED))
        for family, topic in zip(families["family"], topics, strict=True)
    }
    coded = posts.assign(subject=posts["family"].map(subject_of).fillna(UNCODED))
    counted = coded.dropna(subset="topic").groupby(["topic", "subject"])["family"]
    counts = counted.agg(families="nunique", posts="size").reset_index()
    table = counts.merge(compared, on=["topic", "subject"], how="left")
    return table[TABLE].sort_values(["topic", "subject"], ignore_index=True), coded
