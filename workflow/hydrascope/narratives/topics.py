"""Topics of the network's families, and how they are described."""

import re
from functools import partial

import numpy as np
import pandas as pd
from bertopic import BERTopic
from bertopic.cluster import BaseCluster
from bertopic.dimensionality import BaseDimensionalityReduction
from sklearn.feature_extraction.text import CountVectorizer

from hydrascope.narratives.consensus import consensus_centres, grouped
from hydrascope.narratives.words import words_of

__all__ = ["OUTLIERS", "described_topics", "found_topics", "topic_tables"]

OUTLIERS = -1


def found_topics(
    points: np.ndarray, topics: int, *, least: int, border: float, seed: int
) -> np.ndarray:
    """Find the topics of families.

    Parameters
    ----------
    points : numpy.ndarray
        One row a family, as `points.points_of` gave them.
    topics : int
        Topics asked for, 0 for none; no more are found than a quarter of the families.
    least, border
        As for `consensus.grouped`.
    seed : int
        Seed of the consensus.

    Returns
    -------
    numpy.ndarray
        int, shape (2, rows): the topic of each family, 0 the largest, -1 for one between
        topics; and below it the topic that lies nearest.
    """
    topics = min(topics, len(points) // 4)
    if not topics:
        return np.full((2, len(points)), OUTLIERS)
    centres = consensus_centres(points, topics, seed=seed)
    return np.stack(grouped(points, centres, least=least, border=border))


def described_topics(
    texts: list[str], vectors: np.ndarray, groups: np.ndarray, *, names: re.Pattern, words: int
) -> tuple[dict[int, list[str]], BERTopic | None]:
    """Describe groups of texts by BERTopic.

    Parameters
    ----------
    texts : list of str
        Matching forms in a fixed order.
    vectors : numpy.ndarray
        One row a text.
    groups : numpy.ndarray
        Topic of each text, -1 for none.
    names : re.Pattern
        Names that are one word, as `words.name_pattern` gave it.
    words : int
        Words that describe a topic.

    Returns
    -------
    described : dict of int to list of str
        The words that weigh most in each topic by class-based TF-IDF.
    model : BERTopic or None
        The model, None where there is no topic or no text has a word.

    Notes
    -----
    Grootendorst 2022, "BERTopic: Neural topic modeling with a class-based TF-IDF
    procedure", arXiv:2203.05794, its manual topic modelling: the groups are given.
    """
    topics = sorted(set(groups.tolist()) - {OUTLIERS})
    if not topics or not any(words_of(text, names) for text in texts):
        return {topic: [] for topic in topics}, None
    model = BERTopic(
        # Its default language, English, strips every letter outside A to Z.
        language="multilingual",
        embedding_model=None,
        umap_model=BaseDimensionalityReduction(),
        hdbscan_model=BaseCluster(),
        vectorizer_model=CountVectorizer(
            tokenizer=partial(words_of, names=names), token_pattern=None, lowercase=False
        ),
        top_n_words=words,
        calculate_probabilities=False,
    )
    model.fit(texts, embeddings=vectors, y=groups)
    # BERTopic numbers groups of equal size as it likes: its numbers lead back to ours.
    number = dict(zip(model.topics_, groups.tolist(), strict=True))
    described = {
        number[topic]: [word for word, _ in model.get_topic(topic) if word]
        for topic in sorted(set(model.topics_) - {OUTLIERS})
    }
    return described, model


def topic_tables(
    families: pd.DataFrame,
    network_posts: pd.DataFrame,
    groups: np.ndarray,
    described: dict[int, list[str]],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Count topics by family, post and account.

    Parameters
    ----------
    families, network_posts : pandas.DataFrame
        What `network.network_families` gave.
    groups : numpy.ndarray
        Topic of each family, -1 for one between topics.
    described : dict of int to list of str
        As `described_topics` gave it.

    Returns
    -------
    topics : pandas.DataFrame
        topic, families, posts, accounts, post_share (of all the network's
        posts, those without a topic included) and words; outliers are the row
        of topic -1.
    posts : pandas.DataFrame
        post_id, account_id, family, topic; the topic is missing for a post
        without words.
    """
    topic_of = dict(zip(families["family"], groups.tolist(), strict=True))
    posts = network_posts.assign(topic=network_posts["family"].map(topic_of).astype("Int64"))
    counted = posts.dropna(subset="topic").groupby("topic")
    table = pd.DataFrame(
        {
            "families": counted["family"].nunique(),
            "posts": counted.size(),
            "accounts": counted["account_id"].nunique(),
        }
    ).reset_index()
    table["post_share"] = table["posts"] / max(len(posts), 1)
    table["words"] = [" ".join(described.get(topic, [])) for topic in table["topic"]]
    return table, posts
