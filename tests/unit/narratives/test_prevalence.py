import numpy as np
import pandas as pd
import pytest

from hydrascope.narratives.batches import FEWEST_BATCHES, middle, resampled
from hydrascope.narratives.prevalence import prevalence

FAMILIES = pd.DataFrame({"family": ["f0", "f1", "f2"], "language": ["zh", "zh", "en"]})
CODED = pd.DataFrame(
    [
        ("p0", "a", "f0", 0, "ships"),
        ("p1", "a", "f0", 0, "ships"),
        ("p2", "b", "f0", 0, "ships"),
        ("p3", "b", "f1", -1, "uncoded"),
        ("p4", "a", "f2", 1, "uncoded"),
        ("p5", "c", "", pd.NA, "uncoded"),
    ],
    columns=["post_id", "account_id", "family", "topic", "subject"],
).astype({"topic": "Int64"})
POSTS = pd.DataFrame(
    {
        "post_id": [f"p{n}" for n in range(7)],
        "platform": ["x", "x", "youtube", "youtube", "x", "x", "x"],
        "posted_at": pd.to_datetime(
            [
                "2021-03-31T23:59Z",
                "2021-04-01",
                "2021-03-01",
                "2021-03-02",
                "2021-04-05",
                None,
                None,
            ],
            format="ISO8601",
            utc=True,
        ),
    }
)
CELL = ["platform", "language", "month"]
BATCHES = pd.Series([0, 1, 2], index=["a", "b", "c"])
COUNTS = ["posts", "of_posts", "families", "of_families", "accounts", "of_accounts"]
DRAWN = {"draws": 50, "seed": 3}


@pytest.fixture(scope="module")
def table():
    return prevalence(CODED, POSTS, FAMILIES, ["ships", "trains"], BATCHES, **DRAWN)


def row(table, *key):
    found = table.set_index([*CELL, "subject"]).loc[key]
    return found[COUNTS].astype(int).to_list()


def test_each_count_stands_beside_what_it_is_of(table):
    assert list(table.columns) == [
        *[*CELL, "subject", "posts", "of_posts", "families", "of_families"],
        *["accounts", "of_accounts", "post_share", "low", "high"],
        *["account_share", "account_low", "account_high", "batches"],
    ]
    assert row(table, "youtube", "zh", "2021-03", "ships") == [1, 2, 1, 2, 1, 1]
    assert row(table, "x", "zh", "2021-04", "ships") == [1, 1, 1, 1, 1, 1]


def test_everything_the_network_posted_is_the_denominator_and_others_posts_are_not(table):
    assert row(table, "all", "all", "all", "ships") == [3, 6, 1, 3, 2, 3]
    # the outlier, the topic without a subject, and the post without words
    assert row(table, "all", "all", "all", "uncoded") == [3, 6, 2, 3, 3, 3]
    share = table.set_index([*CELL, "subject"])["post_share"]
    assert share["all", "all", "all", "ships"] == 0.5


def test_families_and_accounts_in_several_cells_are_counted_once_in_all(table):
    # account a and family f0 stand in March and in April
    assert row(table, "x", "zh", "all", "ships") == [2, 2, 1, 1, 1, 1]


def test_a_post_without_words_or_time_is_counted_under_names_that_say_so(table):
    assert row(table, "x", "und", "unknown", "uncoded") == [1, 1, 0, 0, 1, 1]


def test_every_cell_has_every_subject_and_its_posts_add_up(table):
    cells = table.groupby(CELL)
    assert set(cells["subject"].agg(tuple)) == {("ships", "trains", "uncoded")}
    assert (cells["posts"].sum() == cells["of_posts"].first()).all()
    assert row(table, "all", "en", "all", "trains") == [0, 1, 0, 1, 0, 1]


def test_rows_are_sorted_and_unique_whatever_the_order_of_the_posts(table):
    keys = [*CELL, "subject"]
    assert table[keys].apply(tuple, axis=1).is_monotonic_increasing
    assert not table.duplicated(keys).any()
    again = prevalence(
        CODED[::-1], POSTS[::-1], FAMILIES[::-1], ["trains", "ships"], BATCHES, **DRAWN
    )
    pd.testing.assert_frame_equal(again, table)


def test_a_network_without_posts_has_no_cells():
    assert prevalence(CODED[:0], POSTS, FAMILIES, ["ships"], BATCHES, **DRAWN).empty


def test_few_batches_have_a_share_and_no_interval(table):
    assert table[["low", "high", "account_low", "account_high"]].isna().all(axis=None)
    assert table["post_share"].notna().all()
    whole = table.set_index([*CELL, "subject"]).loc[("all", "all", "all", "ships")]
    # Posts of the batches are 3, 2 and 1.
    assert whole["batches"] == pytest.approx(36 / 14)


def many(accounts=40, seed=6):
    """Posts of accounts in batches of two; every third batch writes on ships alone."""
    rng = np.random.default_rng(seed)
    names = [f"a{number:02}" for number in range(accounts)]
    who = np.repeat(names, rng.integers(1, 9, accounts))
    batches = pd.Series(np.arange(accounts) // 2, index=names)
    chance = np.where(batches[who] % 3 == 0, 1.0, 0.2)
    number = [f"p{place:03}" for place in range(len(who))]
    coded = pd.DataFrame({"post_id": number, "account_id": who, "family": number, "topic": 0})
    coded["subject"] = np.where(rng.random(len(who)) < chance, "ships", "uncoded")
    posts = pd.DataFrame({"post_id": number, "platform": "x"})
    posts["posted_at"] = pd.Timestamp("2021-05-01", tz="UTC")
    families = pd.DataFrame({"family": number, "language": "en"})
    return coded, posts, families, batches


def test_intervals_are_those_of_draws_that_are_counted_one_by_one():
    coded, posts, families, batches = many()
    found = prevalence(coded, posts, families, ["ships"], batches, draws=60, seed=9)
    row = found.set_index([*CELL, "subject"]).loc[("x", "en", "2021-05", "ships")]
    weights = resampled(batches, draws=60, seed=9)
    shares = []
    for drawn in weights:
        on = of = people_on = people = 0
        for name, times in zip(batches.index, drawn, strict=True):
            own = coded[coded["account_id"] == name]
            said = int((own["subject"] == "ships").sum())
            on, of = on + times * said, of + times * len(own)
            people_on, people = people_on + times * (said > 0), people + times
        shares.append((on / of, people_on / people))
    effective = np.array([row["batches"]] * 2)
    assert row["batches"] > FEWEST_BATCHES
    (low, account_low), (high, account_high) = middle(np.array(shares), effective)
    expected = {"low": low, "high": high, "account_low": account_low, "account_high": account_high}
    assert row[list(expected)].to_dict() == pytest.approx(expected, abs=1e-6)


def test_the_order_of_the_rows_moves_no_interval():
    coded, posts, families, batches = many()
    one = prevalence(coded, posts, families, ["ships"], batches, **DRAWN)
    other = prevalence(coded[::-1], posts[::-1], families[::-1], ["ships"], batches, **DRAWN)
    pd.testing.assert_frame_equal(one, other)


def test_all_on_one_subject_is_a_share_of_one_that_could_be_a_little_less():
    coded, posts, families, batches = many()
    table = prevalence(coded.assign(subject="ships"), posts, families, ["ships"], batches, **DRAWN)
    on = table[table["subject"] == "ships"].iloc[0]
    assert (on["post_share"], on["high"]) == (1, 1)
    assert on["low"] == pytest.approx(1 - 3 / on["batches"])
