"""Vectors that were computed before, found by what was embedded.

A pack is two arrays, `<name>.keys.npy` and `<name>.vectors.npy`, of which the keys
appear last. It is never written to again, and its name is a digest of both, so that
jobs side by side cannot spoil each other's and damage shows.
"""

import hashlib
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from hydrascope import io

__all__ = ["cached_vectors"]

KEY_BYTES = 16
NAME_BYTES = 16
KEYS, VECTORS = ".keys.npy", ".vectors.npy"
LOG = logging.getLogger(__name__)


def cached_vectors(
    texts: Sequence[str], encode: Callable[[Sequence[str]], np.ndarray], folder: str | Path
) -> np.ndarray:
    """Look vectors up, compute those that are missing, and keep them.

    Parameters
    ----------
    texts : sequence of str
        What is to be embedded.
    encode : callable
        Texts to an array of float32, shape (texts, dimensions); the vector of a text
        must not depend on the others.
    folder : path
        Packs of one model, version and rounding; made where it is missing.

    Returns
    -------
    numpy.ndarray
        float32, a row a text; the same whatever the cache holds.
    """
    folder = Path(folder)
    rows = {_key(text): row for row, text in enumerate(texts)}
    found: dict[bytes, np.ndarray] = {}
    for path in sorted(folder.glob(f"[!.]*{KEYS}")):
        found |= _read(path, rows.keys() - found.keys())
    new = sorted(rows.keys() - found.keys())
    vectors = encode([texts[rows[key]] for key in new])
    if new:
        _write(folder, new, vectors)
    found |= zip(new, vectors, strict=True)
    together = [found[_key(text)] for text in texts]
    return np.stack(together) if together else vectors


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES).digest()


def _write(folder: Path, keys: list[bytes], vectors: np.ndarray) -> None:
    table = np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(len(keys), KEY_BYTES)
    vectors = np.ascontiguousarray(vectors, dtype="<f4")
    name = _name(table, vectors)
    io.write_array(vectors, folder / (name + VECTORS))
    io.write_array(table, folder / (name + KEYS))


def _read(path: Path, wanted: set[bytes]) -> dict[bytes, np.ndarray]:
    """Those vectors of a pack that are wanted; none where it is damaged."""
    name = path.name.removesuffix(KEYS)
    try:
        keys = np.load(path, allow_pickle=False)
        rows = {key: row for row, key in enumerate(map(bytes, keys)) if key in wanted}
        if not rows:
            return {}
        vectors = np.load(path.with_name(name + VECTORS), allow_pickle=False)
        if _name(keys, vectors) != name:
            raise ValueError("its contents are not those that its name is a digest of")
    except (OSError, ValueError, EOFError, TypeError) as error:
        LOG.warning("%s: left out, and its texts are embedded again: %s", path, error)
        return {}
    return {key: vectors[row].copy() for key, row in rows.items()}


def _name(keys: np.ndarray, vectors: np.ndarray) -> str:
    digest = hashlib.blake2b(f"{keys.shape}{vectors.shape}".encode(), digest_size=NAME_BYTES)
    digest.update(np.ascontiguousarray(keys).data)
    digest.update(np.ascontiguousarray(vectors).data)
    return digest.hexdigest()
