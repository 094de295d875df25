"""Simulated worlds: what is planted is there, and chance comes from the seed alone."""

import duckdb
import numpy as np
import pandas as pd
import pytest

from hydrascope.simulation.clock import DAY, day_number
from hydrascope.simulation.coordinated import coordinated_accounts, vendor_moments
from hydrascope.simulation.dose import dose_at
from hydrascope.simulation.habits import COORDINATED, OPENING, SNAPSHOTS
from hydrascope.simulation.world import draw_seeds, simulate
from hydrascope.texts.forms import forms_of

SCALE = 0.12


@pytest.fixture(scope="module")
def world():
    return simulate(seed=7, scale=SCALE)


@pytest.fixture(scope="module")
def network():
    """The accounts of the planted network at full size, without the world around it."""
    rng = np.random.default_rng(3)
    return coordinated_accounts(rng, COORDINATED["network"], dose_at(1.0), vendor_moments(rng))


def test_the_published_numbers_are_planted(network):
    assert network.groupby("platform").size().to_dict() == {
        "facebook": 1_632,
        "x": 60,
        "youtube": 319,
    }


def test_an_account_is_one_and_knows_its_own_kind(world):
    accounts = world.accounts
    assert not accounts.duplicated(["platform", "native_id"]).any()
    assert not accounts.duplicated(["platform", "handle"]).any()
    assert (accounts["affiliated"] == (accounts["role"] == "network")).all()


def test_every_post_has_an_author_who_existed_and_was_not_yet_gone(world):
    posts = world.posts.merge(
        world.accounts, left_on=["platform", "account"], right_on=["platform", "native_id"]
    )
    assert len(posts) == len(world.posts)
    assert (posts["posted_at"] >= posts["created_at"]).all()
    gone = posts["removed_on"].notna()
    assert (posts["posted_at"] <= posts["removed_on"])[gone].all()
    assert (posts["posted_at"] >= OPENING).all()


def test_post_ids_are_distinct_and_references_point_back(world):
    posts = world.posts
    assert not posts["native_id"].duplicated().any()
    when = posts.set_index("native_id")["posted_at"]
    for column in ("repost_of", "reply_to", "video"):
        rows = posts[posts[column] != ""]
        assert len(rows) > 20
        assert (rows[column].map(when).to_numpy() <= rows["posted_at"].to_numpy()).all()


def test_a_removed_account_was_seen_before(world):
    gone = world.accounts.dropna(subset="removed_on")
    assert len(gone) > 30
    assert (gone["first_seen"] < gone["removed_on"]).all()
    assert gone["first_seen"].dt.strftime("%Y-%m-%d").isin(SNAPSHOTS).all()


def test_each_wave_is_refilled_by_the_planted_ratio(network):
    habits = COORDINATED["network"]
    for day, _ in habits.waves:
        wave = day_number(day)
        removed = ((network["removed"] >= wave) & (network["removed"] < wave + 3 * DAY)).sum()
        window = wave + DAY, wave + (habits.refill_days + 1) * DAY
        made = network["created"].between(*window).sum()
        assert made / removed == pytest.approx(habits.ratio, rel=0.03)


def test_the_same_seed_gives_the_same_world_and_another_seed_another():
    one, same, other = (simulate(seed=seed, scale=0.03) for seed in (5, 5, 6))
    pd.testing.assert_frame_equal(one.accounts, same.accounts)
    pd.testing.assert_frame_equal(one.posts, same.posts)
    assert not one.posts["text"].equals(other.posts["text"])


def test_a_world_without_a_network_has_nobody_affiliated_and_its_people_all_the_same(world):
    none = simulate(seed=7, scale=SCALE, world="none")
    assert none.accounts["affiliated"].sum() == 0
    roles = [set(which.accounts["role"]) for which in (none, world)]
    assert roles[1] - roles[0] == {"network"}


def test_the_other_network_has_other_habits():
    other = simulate(seed=7, scale=SCALE, world="other").accounts
    planted = other[other["affiliated"] == 1]
    assert set(planted["role"]) == {"other_network"}
    assert planted.groupby("platform").size().idxmax() == "x"


def test_more_people_outside_make_the_network_rarer(world):
    many = simulate(seed=7, scale=SCALE, outside=3.0).accounts["affiliated"].mean()
    assert many < 0.5 * world.accounts["affiliated"].mean()


def copied_share(dose):
    accounts, posts = (
        getattr(simulate(seed=9, scale=0.1, dose=dose), name) for name in ("accounts", "posts")
    )
    own = posts[posts["account"].isin(accounts.loc[accounts["affiliated"] == 1, "native_id"])]
    rows = own.rename(columns={"native_id": "post_id", "account": "account_id"})
    with duckdb.connect() as base:
        base.register("posts", rows[["post_id", "account_id", "text", "language"]])
        forms_of(base)
        members = base.sql("FROM members WHERE form <> ''").df()
    return (members.groupby("form")["account_id"].transform("nunique") > 1).mean()


def test_the_dose_moves_how_much_is_copied():
    shares = [copied_share(dose) for dose in (0.0, 1.0, 2.0)]
    assert shares == sorted(shares)
    assert shares[0] < 0.06 < 0.55 < shares[-1]


def test_a_negative_dose_and_an_unknown_world_are_refused():
    with pytest.raises(ValueError, match="dose: found -1"):
        dose_at(-1)
    with pytest.raises(ValueError, match="world: found 'mars'; expected one of network"):
        simulate(seed=1, world="mars")


def test_seeds_are_loud_accounts_of_the_role_and_some_may_be_wrong(world):
    counts = world.posts["account"].value_counts()
    rng = np.random.default_rng(1)
    seeds = draw_seeds(world, rng, role="network", share=0.5)
    truth = world.accounts.set_index("native_id")
    assert (seeds["native_id"].map(counts) >= 3).all()
    assert set(truth.loc[seeds["native_id"], "role"]) == {"network"}
    wrong = draw_seeds(world, rng, role="network", share=0.5, wrong=0.5)
    assert len(wrong) == len(seeds)
    assert (truth.loc[wrong["native_id"], "affiliated"] == 0).mean() == pytest.approx(0.5, abs=0.05)
