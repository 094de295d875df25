"""A planted difference is found, none is not, and who has no match is said."""

import duckdb
import numpy as np
import pandas as pd
import pytest

from hydrascope.narratives.batches import resampled
from hydrascope.narratives.controls import (
    CONTROLS,
    account_traits,
    coded_alike,
    contrast,
    matched_accounts,
)

MATCHING = ["account_id", "platform", "network", "stratum", "matched"]


def everybody(rows, **settings):
    """Accounts of platform, verdict and posts of (language, month)."""
    accounts = pd.DataFrame(
        [row[:3] for row in rows], columns=["account_id", "platform", "verdict"]
    )
    posts = [
        (row[0], language, pd.Timestamp(f"{month}-05", tz="UTC") if month else pd.NaT)
        for row in rows
        for language, month in row[3]
    ]
    posts = pd.DataFrame(posts, columns=["account_id", "family", "posted_at"])
    posts["posted_at"] = pd.to_datetime(posts["posted_at"], utc=True)
    posts["post_id"] = [f"p{number}" for number in range(len(posts))]
    families = pd.DataFrame({"family": ["zh", "en"], "language": ["zh", "en"]})
    with duckdb.connect() as base:
        base.execute("SET TimeZone = 'UTC'")
        base.register("posts", posts)
        base.register("members", posts[["post_id", "family"]])
        base.register("families", families)
        traits = account_traits(base).df()
    return matched_accounts(traits, accounts, seed=1, **settings).set_index("account_id")


ZH = [("zh", "2021-02")]


def test_accounts_match_on_platform_language_number_and_time_of_posts():
    table = everybody(
        [
            ("n", "x", "affiliated", ZH * 4),
            ("same", "x", "unaffiliated", ZH * 7),
            ("more", "x", "unaffiliated", ZH * 8),
            ("other platform", "youtube", "unaffiliated", ZH * 4),
            ("other language", "x", "unaffiliated", [("en", "2021-02")] * 4),
            ("other time", "x", "unaffiliated", [("zh", "2021-04")] * 4),
            ("without words", "x", "unaffiliated", [("", "2021-02")] * 4),
            ("without time", "x", "unaffiliated", [("zh", "")] * 4),
            ("unsure", "x", "undetermined", ZH * 4),
            ("silent", "x", "unaffiliated", []),
        ]
    )
    assert set(table.index[table["matched"]]) == {"n", "same"}
    assert {"unsure", "silent"} & set(table.index) == set()
    assert table.index.is_monotonic_increasing


def test_controls_are_drawn_in_proportion_and_the_network_up_to_a_limit():
    rows = [(f"n{number}", "x", "affiliated", ZH) for number in range(10)]
    rows += [(f"c{number}", "x", "unaffiliated", ZH) for number in range(100)]
    table = everybody(rows)
    assert table.groupby("network")["matched"].sum().to_dict() == {True: 10, False: 10 * CONTROLS}
    few = everybody(rows, most=4)
    assert few.groupby("network")["matched"].sum().to_dict() == {True: 4, False: 4 * CONTROLS}
    assert len(few) == len(table)


def test_the_language_of_an_account_is_that_of_most_of_its_posts():
    table = everybody(
        [
            ("n", "x", "affiliated", [("zh", "2021-02"), ("en", "2021-02"), ("zh", "2021-02")]),
            ("c", "x", "unaffiliated", ZH * 3),
        ]
    )
    assert table["matched"].all()


def world(rng, *, effect, strata=4, batches=24, size=4):
    """Batches of the network and of others; a batch leans its own way."""
    rows, posts = [], []
    for side in (True, False):
        for batch in range(batches):
            lean = rng.normal(0, 0.8)
            for place in range(size):
                name = f"{'n' if side else 'c'}{batch:02}{place}"
                stratum = int(rng.integers(strata))
                rows.append((name, "x", side, stratum, True, f"{side}{batch}"))
                chance = 1 / (1 + np.exp(-(lean + stratum - 2 + effect * side)))
                said = np.where(rng.random(6) < chance, "ships", "uncoded")
                posts += [(name, word) for word in said]
    table = pd.DataFrame(rows, columns=[*MATCHING, "batch"])
    numbers = pd.Series(pd.factorize(table["batch"])[0], index=table["account_id"]).sort_values()
    matched = table[MATCHING].sort_values("account_id", ignore_index=True)
    return pd.DataFrame(posts, columns=["account_id", "subject"]), matched, numbers


def test_a_planted_difference_is_found_and_its_size_is_that_of_a_count_by_hand():
    posts, matched, batches = world(np.random.default_rng(2), effect=1.5)
    row = contrast(posts, matched, ["ships"], batches, draws=200, seed=1).iloc[0]
    share = (posts["subject"] == "ships").groupby(posts["account_id"]).mean()
    own = matched.set_index("account_id").assign(share=share)
    by = own.pivot_table(index="stratum", columns="network", values="share")
    weight = own[own["network"]].groupby("stratum").size()
    expected = (weight * (by[True] - by[False])).sum() / weight.sum()
    assert row["difference"] == pytest.approx(expected)
    assert row["network_share"] == pytest.approx(own.loc[own["network"], "share"].mean())
    assert 0 < row["low"] < row["difference"] < row["high"]
    assert (row["network_accounts"], row["control_accounts"], row["status"]) == (
        96,
        96,
        "estimated",
    )


def test_the_interval_is_that_of_draws_that_are_counted_one_by_one():
    posts, matched, batches = world(np.random.default_rng(3), effect=0.5, batches=10)
    row = contrast(posts, matched, ["ships"], batches, draws=40, seed=7).iloc[0]
    share = (posts["subject"] == "ships").groupby(posts["account_id"]).mean()
    weights = pd.DataFrame(resampled(batches, draws=40, seed=7), columns=batches.index)
    drawn = []
    for _, times in weights.iterrows():
        difference = size = 0.0
        for _, own in matched.groupby("stratum"):
            means, sizes = {}, {}
            for side, part in own.groupby("network"):
                count = times[part["account_id"]].to_numpy()
                sizes[side] = count.sum()
                means[side] = (count * share[part["account_id"]].to_numpy()).sum() / max(
                    count.sum(), 1
                )
            if min(sizes.values()) > 0:
                difference += sizes[True] * (means[True] - means[False])
                size += sizes[True]
        drawn.append(difference / size)
    # The tails of ten batches lie beyond those of forty draws: the ends are the extremes.
    assert (row["low"], row["high"]) == (
        pytest.approx(min(drawn), abs=1e-6),
        pytest.approx(max(drawn), abs=1e-6),
    )


@pytest.mark.nightly
def test_without_a_difference_the_interval_leaves_out_zero_seldom():
    rng = np.random.default_rng(8)
    wrong = 0
    for run in range(200):
        row = contrast(*_with_subjects(world(rng, effect=0)), draws=200, seed=run).iloc[0]
        wrong += not row["low"] <= 0 <= row["high"]
    # A rate of 0.05 is above 17 of 200 once in a hundred times.
    assert wrong <= 17


def _with_subjects(made):
    posts, matched, batches = made
    return posts, matched, ["ships"], batches


def test_the_order_of_the_rows_changes_nothing():
    posts, matched, batches = world(np.random.default_rng(4), effect=1)
    one = contrast(posts, matched, ["ships"], batches, draws=50, seed=1)
    other = contrast(posts[::-1], matched, ["ships"], batches, draws=50, seed=1)
    pd.testing.assert_frame_equal(one, other)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"network": True}, "no account with a post is unaffiliated"),
        ({"network": False}, "no account with a post is affiliated"),
        ({"matched": False}, "no account outside the network is like one of its own"),
    ],
)
def test_what_cannot_be_compared_is_not_identified_and_why(change, reason):
    posts, matched, batches = world(np.random.default_rng(4), effect=1)
    table = contrast(posts, matched.assign(**change), ["ships", "cars"], batches, draws=9, seed=1)
    assert list(table["status"]) == [f"not identified: {reason}"] * 2
    assert table[["network_share", "difference", "low", "high"]].isna().all(axis=None)


def test_few_batches_are_not_identified():
    posts, matched, batches = world(np.random.default_rng(4), effect=1)
    one = pd.Series(np.where(matched["network"], 0, batches[matched["account_id"]] + 1))
    batches = one.set_axis(matched["account_id"]).sort_values()
    row = contrast(posts, matched, ["ships"], batches, draws=9, seed=1).iloc[0]
    assert row["status"] == "not identified: a side has fewer than 8 effective batches"


def test_a_subject_that_nobody_has_differs_by_nothing():
    posts, matched, batches = world(np.random.default_rng(4), effect=1)
    row = contrast(posts, matched, ["cars"], batches, draws=20, seed=1).iloc[0]
    assert (row["network_share"], row["control_share"], row["difference"]) == (0, 0, 0)


PHRASES = pd.DataFrame(
    {"subject": ["cars", "ships"], "language": "en", "phrase": ["cars", "ships"]}
).assign(form=lambda table: table["phrase"])
CODING = {"dimensions": 2, "neighbours": 3, "min_score": 0.3, "min_margin": 0.05, "seed": 1}


def test_both_sides_are_coded_with_their_neighbours_and_foreign_ones_are_not():
    rng = np.random.default_rng(1)
    axes = np.eye(3)
    vectors = np.vstack([axis + rng.normal(0, 0.05, (6, 3)) for axis in axes]).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    families = pd.DataFrame({"family": [f"f{n:02}" for n in range(18)], "text": "something"})
    families["language"] = ["en"] * 5 + ["th"] + ["en"] * 12
    found = coded_alike(families, vectors, PHRASES, axes[:2].astype(np.float32), **CODING)
    assert list(found) == ["cars"] * 5 + ["uncoded"] + ["ships"] * 6 + ["uncoded"] * 6


def test_no_family_is_coded_as_nothing():
    families = pd.DataFrame(columns=["family", "text", "language"])
    assert coded_alike(families, np.empty((0, 3)), PHRASES, np.eye(3)[:2], **CODING).empty


def test_a_collection_without_posts_has_nobody_to_match_and_an_empty_contrast():
    table = everybody([("n", "x", "affiliated", []), ("c", "x", "unaffiliated", [])])
    assert table.empty
    posts = pd.DataFrame({"account_id": [], "subject": []}, dtype=object)
    none = contrast(
        posts, table.reset_index(), ["ships"], pd.Series([], dtype=int), draws=9, seed=1
    )
    assert none.empty and "status" in none
