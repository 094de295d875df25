"""Weights of evidence: learned from who is found, never falling, silent where nothing is known."""

import numpy as np
import pandas as pd
import pytest

from hydrascope.affiliation.evidence import weight_table
from hydrascope.affiliation.signals import GROUPS
from hydrascope.affiliation.weights import STEPS, levels, weighed, weights_of_evidence


@pytest.fixture(scope="module")
def mixed():
    """A fifth are members; their p of two groups are small, of a third are like anybody's."""
    rng = np.random.default_rng(5)
    member = np.arange(5_000) < 1_000
    p = rng.random((5_000, 3))
    p[member, :2] **= 8
    p[rng.random(p.shape) < 0.2] = np.nan
    return p, member


def test_levels_follow_the_steps():
    edges = np.exp(-STEPS)
    assert levels(np.array([[1.0, 0.5, 1e-300, 0.0, np.nan]])).tolist() == [
        [0, 2, len(STEPS), len(STEPS), -1]
    ]
    assert levels(edges[:, None] * 0.999)[:, 0].tolist() == list(range(1, len(STEPS) + 1))


def test_weights_are_log_ratios_of_shares_by_hand():
    # Of members more stand at each further level, of others fewer; half an account is added.
    count = len(STEPS) + 1
    inside, outside = np.arange(1, count + 1) * 10, np.arange(count, 0, -1) * 30
    level = np.concatenate([np.repeat(np.arange(count), held) for held in (inside, outside)])
    member = np.arange(len(level)) < inside.sum()
    weights = weights_of_evidence(level[:, None], member, member.astype(float))[0]
    shares = [(held + 0.5) / (held.sum() + 0.5 * count) for held in (inside, outside)]
    errors = np.sqrt(1 / (inside + 0.5) + 1 / (outside + 0.5))
    np.testing.assert_allclose(weights, np.log(shares[0] / shares[1]) - 2 * errors)


def test_what_few_accounts_show_is_worth_less():
    weights = []
    for size in (20, 2_000):
        member = np.arange(2 * size) < size
        strong = np.arange(2 * size) % size < np.where(member, 0.5, 0.1) * size
        level = np.where(strong, len(STEPS), 0)[:, None]
        weights.append(weights_of_evidence(level, member, member.astype(float))[0, -1])
    assert weights[0] + 1 < weights[1] < np.log(5)


def test_stronger_evidence_never_weighs_less(mixed):
    p, member = mixed
    weights = weights_of_evidence(levels(p), member, member.astype(float))
    assert (np.diff(weights, axis=1) >= -1e-12).all()
    assert weights[0, -1] > 2
    assert np.abs(weights[2, 1:6]).max() < 0.5


def test_members_rank_before_others(mixed):
    p, member = mixed
    known = member & (np.arange(len(member)) % 3 == 0)
    candidate = (np.nan_to_num(p, nan=1.0) <= 0.1).sum(axis=1) >= 2
    found = known
    for _ in range(4):
        score, _ = weighed(p, found, seeds=known, candidate=candidate)
        found = known | (candidate & (score > 0))
    others = ~known & candidate
    assert score[others & member].mean() > score[others & ~member].mean() + 2


def test_a_group_that_cannot_be_measured_adds_nothing(mixed):
    p, member = mixed
    _, weight = weighed(p, member, seeds=member, candidate=member)
    assert (weight[np.isnan(p)] == 0).all()
    assert (weight[~np.isnan(p)] != 0).mean() > 0.9


def test_seeds_like_anybody_find_nobody():
    """Evidence that members and others share alike leaves the odds at their share."""
    rng = np.random.default_rng(6)
    p = rng.random((8_000, 3))
    seeds = np.arange(8_000) % 40 == 0
    candidate = (p <= 0.1).sum(axis=1) >= 2
    score, _ = weighed(p, seeds, seeds=seeds, candidate=candidate)
    assert (score[~seeds] >= 0).sum() == 0


def test_the_table_lists_each_level_with_its_accounts():
    rows = pd.DataFrame({"verdict": ["affiliated", "unaffiliated", "affiliated", "undetermined"]})
    for group in GROUPS:
        name = group.replace(" ", "_")
        rows[f"{name}_p"], rows[f"{name}_weight"] = np.nan, 0.0
    rows["content_p"], rows["content_weight"] = [1e-9, 1.0, 1e-9, np.nan], [3.5, -1.0, 3.5, 0.0]
    table = weight_table(rows)
    assert table["group"].to_list() == ["content", "content"]
    assert table["accounts"].to_list() == [1, 2]
    assert table["affiliated"].to_list() == [0, 2]
    assert table["weight"].to_list() == [-1.0, 3.5]
    assert table["least_nats"].iat[0] == 0
    assert np.exp(-table["least_nats"].iat[1]) >= 1e-9
