"""What topics are worth, beside those of a plain baseline."""

import re
from functools import partial
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from hydrascope.narratives.words import words_of

__all__ = ["baseline_topics", "coherence", "diversity", "quality_table"]

# Families of a language that a coherence is measured on at least, and families that a word
# of the baseline is in at least.
LEAST_FAMILIES, LEAST_HOLDERS = 30, 2
STEPS = 200


def quality_table(
    families: pd.DataFrame,
    posts: pd.DataFrame,
    described: dict[int, list[str]],
    *,
    names: re.Pattern,
    words: int,
    seed: int,
) -> pd.DataFrame:
    """Count what the topics leave out, and compare their words with a baseline's.

    Parameters
    ----------
    families : pandas.DataFrame
        text and language, one row a family.
    posts : pandas.DataFrame
        family and topic, as `topics.topic_tables` gave them.
    described : dict of int to list of str
        As `topics.described_topics` gave it.
    names, words
        As there.
    seed : int
        Seed of the baseline.

    Returns
    -------
    pandas.DataFrame
        method (`topics`, or `nmf`: as many topics by non-negative factors), language,
        measure and value. Counts and outlier shares before and after each family between
        topics is given to the nearest, missing where there is no topic; by language
        `npmi` (`coherence`) and `diversity`, missing where no topic has words of the
        language; and the families of languages that have fewer than 30 and are not
        measured.
    """
    topic = posts["topic"]
    rows = len(families)
    between = posts.loc[topic == -1, "family"].nunique()
    measures = {
        "posts": len(posts),
        "posts without words": int(topic.isna().sum()),
        "families": rows,
        "topics": len(described),
    }
    shares = {
        "outlier share of families": between / max(rows, 1),
        "outlier share of posts": float((topic == -1).sum()) / max(len(posts), 1),
        "outlier share of families, reassigned": 0.0,
    }
    # Without a topic there is nothing to be between.
    measures |= {name: share if described else np.nan for name, share in shares.items()}
    spoken = families.groupby("language").indices
    measured = {name: own for name, own in spoken.items() if len(own) >= LEAST_FAMILIES}
    measures["families of languages not measured"] = rows - sum(map(len, measured.values()))
    table = [("topics", "all", measure, value) for measure, value in measures.items()]
    counter = CountVectorizer(analyzer=partial(words_of, names=names))
    worded = any(words_of(text, names) for text in families["text"])
    counts = counter.fit_transform(families["text"]) if described and worded else None
    if counts is not None:
        vocabulary = counter.get_feature_names_out()
        plain = baseline_topics(counts, vocabulary, len(described), words=words, seed=seed)
        for method, topics in (("topics", list(described.values())), ("nmf", plain)):
            for language, own in measured.items():
                said = _of_language(topics, counts[own], vocabulary)
                table.append((method, language, "npmi", coherence(said, counts[own], vocabulary)))
                table.append((method, language, "diversity", diversity(said)))
    return pd.DataFrame(table, columns=["method", "language", "measure", "value"])


def _of_language(
    topics: list[list[str]], counts: sparse.csr_matrix, vocabulary: np.ndarray
) -> list[list[str]]:
    """The words of each topic that a language's families say at all."""
    used = set(vocabulary[np.asarray(counts.sum(axis=0)).ravel() > 0])
    return [[word for word in topic if word in used] for topic in topics]


def baseline_topics(
    counts: sparse.csr_matrix, vocabulary: np.ndarray, topics: int, *, words: int, seed: int
) -> list[list[str]]:
    """Find topics by non-negative matrix factors of TF-IDF.

    Parameters
    ----------
    counts : scipy.sparse.csr_matrix
        How often each family (row) says each word (column).
    vocabulary : numpy.ndarray
        The words.
    topics, words : int
        Topics, and words that describe one.
    seed : int
        Seed of the start.

    Returns
    -------
    list of list of str
        The words that weigh most in each topic.

    Notes
    -----
    Lee and Seung 1999, Nature 401, 788-791. Words of a single family say nothing about
    others and are left out, unless there are no others.
    """
    common = np.asarray((counts > 0).sum(axis=0)).ravel() >= LEAST_HOLDERS
    kept = common if common.any() else np.ones(len(vocabulary), dtype=bool)
    weights = TfidfTransformer().fit_transform(counts[:, kept])
    most = min(topics, *weights.shape)
    model = NMF(most, init="nndsvda", random_state=seed, max_iter=STEPS, tol=1e-3).fit(weights)
    best = np.argsort(-model.components_, axis=1, kind="stable")[:, :words]
    return [vocabulary[kept][row].tolist() for row in best]


def coherence(topics: list[list[str]], counts: sparse.csr_matrix, vocabulary: np.ndarray) -> float:
    """Mean normalised pointwise mutual information of the words of topics.

    Parameters
    ----------
    topics : list of list of str
        Words of each topic.
    counts : scipy.sparse.csr_matrix
        How often each family (row) says each word (column).
    vocabulary : numpy.ndarray
        The words.

    Returns
    -------
    float
        Mean over topics of the mean over pairs of their words, -1 for words never in one
        family, 0 for independent, 1 for always together; NaN where no topic has two words.

    Notes
    -----
    Bouma 2009, Proc. GSCL, 31-40; a family is the window, and has one vote.
    """
    column = {word: place for place, word in enumerate(vocabulary)}
    said = (counts > 0).astype(float).tocsc()
    means = []
    for words in topics:
        places = [column[word] for word in words]
        if len(places) < 2:
            continue
        both = (said[:, places].T @ said[:, places]).toarray() / said.shape[0]
        pairs = [
            _npmi(both[one, other], both[one, one], both[other, other])
            for one, other in combinations(range(len(places)), 2)
        ]
        means.append(np.mean(pairs))
    return float(np.mean(means)) if means else np.nan


def _npmi(both: float, one: float, other: float) -> float:
    if both <= 0:
        return -1.0
    return 1.0 if both >= 1 else float(np.log(both / (one * other)) / -np.log(both))


def diversity(topics: list[list[str]]) -> float:
    """Distinct words of topics over all their words (Dieng et al. 2020, TACL 8, 439-453)."""
    words = [word for topic in topics for word in topic]
    return len(set(words)) / len(words) if words else np.nan
