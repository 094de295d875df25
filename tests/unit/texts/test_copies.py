"""Families against a comparison of every pair, and every kind of text that is none."""

import time
from itertools import combinations
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hydrascope.texts.copies import copies_among, representatives
from hydrascope.texts.vectors import embed

WORDS = [
    "the",
    "cotton",
    "fields",
    "of",
    "the",
    "south",
    "are",
    "white",
    "and",
    "many",
    "people",
    "come",
    "to",
    "pick",
    "it",
]


def posts(texts, **columns):
    table = pd.DataFrame(
        {
            "post_id": [f"p{number:06}" for number in range(len(texts))],
            "account_id": [f"a{number % 7}" for number in range(len(texts))],
            "text": texts,
            "language": None,
        }
    )
    return table.assign(**columns)


def found(table):
    """families, forms and members of posts."""
    return copies_among(table, min_jaccard=0.8, seed=1)


def grouped(texts, **columns):
    return found(posts(texts, **columns))


def near_to(keys):
    with TemporaryDirectory() as folder:
        return representatives(keys, min_jaccard=0.8, seed=1, beside=folder)


def partition(members):
    kept = members[members["family"] != ""]
    return {frozenset(own) for own in kept.groupby("family")["post_id"].agg(list)}


def shingles(key, size=5):
    return {key[at : at + size] for at in range(max(len(key) - size + 1, 1))}


def jaccard(one, other):
    one, other = shingles(one), shingles(other)
    return len(one & other) / len(one | other)


SENTENCES = st.lists(st.sampled_from(WORDS), min_size=8, max_size=14).map(" ".join)


@settings(deadline=None, max_examples=60)
@given(st.lists(SENTENCES, min_size=1, max_size=25, unique=True))
def test_a_text_is_near_its_representative_and_two_representatives_are_not(keys):
    near = near_to(keys)
    heads = sorted(set(near))
    assert (near[heads] == heads).all()
    for row, head in enumerate(near):
        assert head == row or (head < row and jaccard(keys[head], keys[row]) >= 0.8)
    # One pair in a thousand at the very threshold may be missed, and no pair well above it.
    assert all(jaccard(keys[a], keys[b]) < 0.9 for a, b in combinations(heads, 2))


def test_nearly_every_pair_above_the_threshold_is_found():
    rng = np.random.default_rng(6)
    letters = list("abcdefghijklmnopqrstuvwxyz ")
    keys, pairs = [], 0
    for _ in range(400):
        text = "".join(rng.choice(letters, 120))
        at = int(rng.integers(100))
        other = text[:at] + "".join(rng.choice(letters, 6)) + text[at + 6 :]
        keys += [text, other]
        pairs += jaccard(text, other) >= 0.8
    near = near_to(keys)
    found = sum(near[2 * number + 1] == 2 * number for number in range(400))
    assert pairs > 300
    assert found >= pairs - 3


def test_each_post_is_in_one_family_and_the_numbers_add_up():
    texts = [
        "新疆棉花丰收",
        "新疆棉花豐收 🌸",
        "新疆棉花丰收 x7kq",
        "something else entirely",
        "!!",
        None,
    ]
    families, forms, members = grouped(texts)
    assert partition(members) == {
        frozenset({"p000000", "p000001", "p000002"}),
        frozenset({"p000003"}),
    }
    assert list(members.loc[members["family"] == "", "post_id"]) == ["p000004", "p000005"]
    assert families["posts"].sum() == forms["posts"].sum() == 4
    assert families["forms"].sum() == len(forms)
    assert families["family"].is_monotonic_increasing
    assert set(families["accounts"]) == {1, 3}


def test_the_form_that_was_posted_most_stands_for_the_family():
    families, _, _ = grouped(["what a day x7kq", "what a day", "what a day", "what a day b9df"])
    assert list(families["text"]) == ["what a day"]
    assert list(families["forms"]) == [3]


@pytest.mark.parametrize("state", range(3))
def test_the_order_of_the_posts_changes_nothing(state):
    rng = np.random.default_rng(2)
    texts = [" ".join(rng.choice(WORDS, 12)) + (" x7kq" if n % 3 else "") for n in range(300)]
    table = posts(texts)
    shuffled = table.sample(frac=1, random_state=state)
    for one, other in zip(found(table), found(shuffled), strict=True):
        pd.testing.assert_frame_equal(one, other)


@pytest.mark.nightly
def test_a_hundred_thousand_copies_are_one_family_in_seconds():
    began = time.perf_counter()
    texts = [f"新疆的棉花今年又丰收了，大家都来看看吧 {number:05x}z" for number in range(100_000)]
    families, _, members = grouped(texts)
    assert len(families) == 1
    assert (members["family"] == families["family"][0]).all()
    assert time.perf_counter() - began < 60


HOSTILE = {
    "empty": "",
    "missing": None,
    "one space": " ",
    "one character": "a",
    "one Chinese character": "疆",
    "only emoji": "🌸🌞🎈",
    "only links": "https://a.example http://b.example/x",
    "only mentions": "@one @two",
    "only digits": "12345",
    "100,000 characters": "好" * 100_000,
    "100,000 different ones": "".join(chr(0x4E00 + n % 20_000) for n in range(100_000)),
    "lone surrogates, as ingest hands them on": "text \ufffd with \ufffd halves",
    "right to left overrides": "\u202eabc\u202d def \u2066x\u2069",
    "unknown script": "𐎀𐎁𐎂𐎃 𐎄𐎅",
    "private use": "\ue000\ue001 words",
    "controls": "a\x00b\x07c\x1b[31m",
    "combining marks": "a" + "\u0301" * 500,
}
WORDLESS = {
    *("empty", "missing", "one space", "only emoji", "only links", "only mentions", "only digits"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_each_kind_of_bad_text_is_a_family_with_a_vector_or_counted_without(name):
    families, forms, members = grouped([HOSTILE[name], "a plain text beside it"])
    assert len(members) == 2
    held = members["family"] != ""
    assert held.sum() == families["posts"].sum() == forms["posts"].sum()
    assert held[0] == (name not in WORDLESS)
    vectors = embed(families["text"].to_list(), decimals=4)
    assert vectors.shape == (len(families), 512)
    assert np.isfinite(vectors).all()


def test_no_posts_and_only_wordless_posts_have_no_family():
    for texts in ([], ["", "🌸", None]):
        families, forms, members = grouped(texts)
        assert (len(families), len(forms), len(members)) == (0, 0, len(texts))
        assert list(families)[:3] == ["family", "text", "language"]
