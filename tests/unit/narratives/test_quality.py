"""Coherence against a count by hand, a baseline that finds planted topics, sums that add up."""

import re
from math import log

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from hydrascope.narratives.quality import (
    baseline_topics,
    coherence,
    diversity,
    quality_table,
)

WORDS = np.array(["apple", "bread", "cheese", "dates"])
NO_NAMES = re.compile(r"(?!)")


def by_hand(topics, counts):
    """Count families one by one, as Bouma's definition reads."""
    place = {word: number for number, word in enumerate(WORDS)}
    means = []
    for topic in topics:
        values = []
        for at, one in enumerate(topic):
            for other in topic[at + 1 :]:
                has = [(row[place[one]] > 0, row[place[other]] > 0) for row in counts]
                both = sum(a and b for a, b in has) / len(has)
                first, second = (sum(pair[i] for pair in has) / len(has) for i in (0, 1))
                if both == 0:
                    values.append(-1)
                elif both == 1:
                    values.append(1)
                else:
                    values.append(log(both / (first * second)) / -log(both))
        if values:
            means.append(sum(values) / len(values))
    return sum(means) / len(means) if means else None


@given(
    st.lists(st.lists(st.integers(0, 3), min_size=4, max_size=4), min_size=1, max_size=12),
    st.lists(st.lists(st.sampled_from(list(WORDS)), unique=True, max_size=4), max_size=3),
)
def test_coherence_is_that_of_a_count_by_hand(counts, topics):
    value = coherence(topics, sparse.csr_matrix(counts), WORDS)
    expected = by_hand(topics, counts)
    assert np.isnan(value) if expected is None else value == pytest.approx(expected)


def test_words_that_go_together_cohere_and_words_that_never_meet_do_not():
    counts = sparse.csr_matrix([[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
    assert coherence([["apple", "bread"]], counts, WORDS) == pytest.approx(1)
    assert coherence([["cheese", "dates"]], counts, WORDS) == -1


def test_a_word_said_twice_in_a_family_counts_once():
    once = sparse.csr_matrix([[1, 1, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0]])
    often = sparse.csr_matrix([[9, 1, 0, 0], [1, 0, 0, 0], [0, 7, 0, 0]])
    topic = [["apple", "bread"]]
    assert coherence(topic, once, WORDS) == coherence(topic, often, WORDS)


def test_diversity_is_the_share_of_distinct_words():
    assert diversity([["a", "b"], ["b", "c"]]) == 3 / 4
    assert np.isnan(diversity([]))


def test_the_baseline_finds_groups_of_words_that_were_planted():
    rng = np.random.default_rng(3)
    counts = np.zeros((80, 8))
    counts[:40, :4], counts[40:, 4:] = rng.poisson(2, (40, 4)), rng.poisson(2, (40, 4))
    names = np.array([f"w{number}" for number in range(8)])
    found = baseline_topics(sparse.csr_matrix(counts), names, 2, words=4, seed=1)
    assert {frozenset(topic) for topic in found} == {frozenset(names[:4]), frozenset(names[4:])}


def test_more_topics_than_texts_are_as_many_as_can_be():
    counts = sparse.csr_matrix([[1, 0, 2, 0], [0, 1, 0, 1]])
    assert len(baseline_topics(counts, WORDS, 9, words=2, seed=1)) == 2


def table(texts, groups, described, languages="en"):
    families = pd.DataFrame(
        {"family": range(len(texts)), "text": texts, "language": languages}
    ).astype({"family": str})
    posts = pd.DataFrame({"family": families["family"], "topic": groups}).astype({"topic": "Int64"})
    found = quality_table(families, posts, described, names=NO_NAMES, words=3, seed=1)
    return found.set_index(["method", "language", "measure"])["value"]


TEXTS = ["apple bread cheese"] * 60 + ["dates eggs figs"] * 40
DESCRIBED = {0: ["apple", "bread", "cheese"], 1: ["dates", "eggs", "figs"]}


def test_both_methods_are_measured_in_each_language_and_families_add_up():
    groups = [0] * 60 + [1] * 30 + [-1] * 10
    languages = ["en"] * 90 + ["zh"] * 10
    value = table(TEXTS, groups, DESCRIBED, languages)
    assert value["topics", "all", "outlier share of families"] == 0.1
    assert value["topics", "all", "families of languages not measured"] == 10
    for method in ("topics", "nmf"):
        assert value[method, "en", "npmi"] == pytest.approx(1)
        assert value[method, "en", "diversity"] == 1
    assert "zh" not in value.index.get_level_values("language")


def test_without_topics_no_family_is_between_any_and_nothing_is_compared():
    value = table(TEXTS, [-1] * 100, {})
    assert value["topics", "all", "topics"] == 0
    assert np.isnan(value["topics", "all", "outlier share of families, reassigned"])
    assert set(value.index.get_level_values("language")) == {"all"}


def test_texts_without_words_and_no_texts_at_all_are_no_error():
    assert table(["!?"] * 60, [0] * 60, {0: []})["topics", "all", "families"] == 60
    assert np.isnan(table([], [], {})["topics", "all", "outlier share of posts"])
