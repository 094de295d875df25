"""Topics of the network's families, and how they are described."""

import numpy as np
import pandas as pd
from bertopic import BERTopic
from bertopic.dimensionality import BaseDimensionalityReduction
from sklearn.feature_extraction.text import CountVectorizer

from hydrascope.narratives.layout import clusterer
from hydrascope.narratives.words import words_of

__all__ = ["OUTLIERS", "fit_topics", "topic_tables"]

OUTLIERS = -1


def fit_topics(
    texts: list[str], layout: np.ndarray, *, min_topic_families: int, words: int
) -> tuple[list[int], dict[int, list[str]]]:
    """Fit BERTopic on a frozen layout.

    Parameters
    ----------
    texts : list of str
        Matching forms in a fixed order.
    layout : numpy.ndarray
        One row a text, already reduced.
    min_topic_families : int
        Fewest families that make a topic.
    words : int
        Words that describe a topic.

    Returns
    -------
    topics : list of int
        Topic of each text, 0 the largest, -1 for none.
    described : dict of int to list of str
        The words that weigh most in each topic by class-based TF-IDF.

    Notes
    -----
    Grootendorst 2022, "BERTopic: Neural topic modeling with a class-based
    TF-IDF procedure", arXiv:2203.05794. Fewer than two topics' worth of
    families are too few to cluster, and texts without a word cannot be
    described: all become outliers.
    """
    if len(texts) < 2 * min_topic_families or not any(map(words_of, texts)):
        return [OUTLIERS] * len(texts), {}
    model = BERTopic(
        # Its default language, English, strips every letter outside A to Z.
        language="multilingual",
        embedding_model=None,
        umap_model=BaseDimensionalityReduction(),
        hdbscan_model=clusterer(min_topic_families),
        vectorizer_model=CountVectorizer(tokenizer=words_of, token_pattern=None, lowercase=False),
        top_n_words=words,
        calculate_probabilities=False,
    )
    topics, _ = model.fit_transform(texts, embeddings=layout)
    described = {
        topic: [word for word, _ in model.get_topic(topic) if word]
        for topic in sorted(set(topics) - {OUTLIERS})
    }
    return [int(topic) for topic in topics], described


def topic_tables(
    families: pd.DataFrame,
    network_posts: pd.DataFrame,
    topics: list[int],
    described: dict[int, list[str]],
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Count topics by family, post and account.

    Returns
    -------
    topics : pandas.DataFrame
        topic, families, posts, accounts, post_share (of all the network's
        posts, those without a topic included) and words; outliers are the row
        of topic -1.
    posts : pandas.DataFrame
        post_id, account_id, family, topic; the topic is missing for a post
        without words.
    quality : pandas.DataFrame
        measure and value: what the model saw and what it left out.
    """
    topic_of = dict(zip(families["family"], topics, strict=True))
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
    outliers = topics.count(OUTLIERS)
    measures = {
        "posts": len(posts),
        "posts without words": int(posts["topic"].isna().sum()),
        "families": len(families),
        "topics": len(described),
        "outlier share of families": outliers / max(len(families), 1),
        "outlier share of posts": float((posts["topic"] == OUTLIERS).sum()) / max(len(posts), 1),
    }
    quality = pd.DataFrame({"measure": list(measures), "value": list(measures.values())})
    return table, posts, quality
