"""Raw co-sharing against other computations of the same definitions."""

import time

import duckdb
import numpy as np
import pandas as pd
import pytest

from hydrascope.affiliation.coshares import SHARES, coshare_edges, coshare_pairs

COLUMNS = ["account_id", "post_id", "thing", "seconds"]
GERMAN = "account_id, post_id, {thing} AS thing, timestamp AS seconds"
RUSSIAN = "account_id, content_id AS post_id, object_id AS thing, timestamp_share AS seconds"


def table(shares):
    connection = duckdb.connect()
    connection.register("given", shares)
    connection.execute("CREATE TABLE shares AS FROM given")
    return connection


def edges(shares, window):
    found = coshare_edges(table(shares), "shares", window=window).df()
    return found.set_index(["account_a", "account_b"])["weight"].sort_index()


def chance_shares(seed, posts=600):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "account_id": rng.choice(list("abcdefgh"), posts),
            "post_id": [f"p{number}" for number in range(posts)],
            "thing": rng.choice(["one", "two", "three"], posts),
            "seconds": rng.integers(0, 4_000, posts).astype(float),
        }
    )


@pytest.mark.parametrize("window", [0, 1, 7, 60, 5_000])
def test_edges_are_those_of_all_pairs_of_posts_looked_at_one_by_one(window):
    shares = chance_shares(window)
    met = {}
    for one in shares.itertuples():
        for other in shares.itertuples():
            if (
                one.account_id != other.account_id
                and one.thing == other.thing
                and abs(one.seconds - other.seconds) <= window
            ):
                met.setdefault((one.account_id, other.account_id), set()).add(one.post_id)
    assert edges(shares, window).to_dict() == {pair: len(posts) for pair, posts in met.items()}


def test_weights_of_the_two_directions_may_differ():
    shares = pd.DataFrame(
        [("a", "1", "x", 0.0), ("a", "2", "x", 5.0), ("b", "3", "x", 9.0)], columns=COLUMNS
    )
    assert edges(shares, 60).to_dict() == {("a", "b"): 2, ("b", "a"): 1}


def test_an_account_is_never_its_own_company_and_nothing_is_no_link():
    shares = pd.DataFrame(
        [("a", "1", "x", 0.0), ("a", "2", "x", 1.0), ("b", "3", None, 0.0), ("c", "4", None, 0.0)],
        columns=COLUMNS,
    )
    assert edges(shares, 60).empty


def test_a_post_without_a_time_meets_nobody():
    shares = pd.DataFrame([("a", "1", "x", np.nan), ("b", "2", "x", 3.0)], columns=COLUMNS)
    assert edges(shares, 60).empty


def test_one_thing_in_half_a_million_posts_is_joined_by_time():
    count = 500_000
    shares = pd.DataFrame(
        {
            "account_id": [f"a{number % 20_000}" for number in range(count)],
            "post_id": np.arange(count),
            "thing": "the same",
            "seconds": np.arange(count) * 5.0,
        }
    )
    found = coshare_edges(table(shares), "shares", window=5)
    assert found.aggregate("sum(weight)").fetchall() == [(2 * (count - 1),)]


def test_one_thing_said_fifty_thousand_times_in_a_minute_is_not_paired_with_itself():
    count = 50_000
    shares = pd.DataFrame(
        {
            "account_id": [f"a{number % 3}" for number in range(count)],
            "post_id": np.arange(count),
            "thing": "the same",
            "seconds": np.arange(count) % 60.0,
        }
    )
    began = time.process_time()
    found = edges(shares, 60)
    assert time.process_time() - began < 5
    assert found.sum() == 2 * count


def repeated_by_pandas(shares, window, fewest):
    """What CooRTweet's detect_groups keeps, by a merge on the thing and plain filters."""
    shares = shares[shares.groupby("account_id")["post_id"].transform("size") >= fewest]
    shares = shares.dropna(subset=["thing", "seconds"]).reset_index(drop=True)
    popular = shares.groupby("thing")["account_id"].transform("nunique") > 1
    numbered = shares[popular].reset_index(names="row")
    both = numbered.merge(numbered, on="thing", suffixes=("_a", "_b"))
    both = both[(both["row_a"] < both["row_b"]) & (both["account_id_a"] != both["account_id_b"])]
    both = both[(both["seconds_a"] - both["seconds_b"]).abs() <= window]
    both = both[both["post_id_a"] != both["post_id_b"]]
    flagged = shares[shares["post_id"].isin({*both["post_id_a"], *both["post_id_b"]})]
    often = flagged.groupby("account_id")["post_id"].transform("size") >= fewest
    kept = set(flagged.loc[often, "post_id"])
    both = both[both["post_id_a"].isin(kept) | both["post_id_b"].isin(kept)]
    return sorted(
        (thing, *sorted([(a, p), (b, q)]), abs(at - then))
        for thing, a, p, b, q, at, then in both[
            ["thing", "account_id_a", "post_id_a", "account_id_b", "post_id_b"]
            + ["seconds_a", "seconds_b"]
        ].itertuples(index=False)
    )


@pytest.mark.parametrize(
    ("file", "columns", "window"),
    [
        ("german_elections", GERMAN.format(thing="url_id"), 10),
        ("german_elections", GERMAN.format(thing="phash_id"), 60),
        ("russian_coord_tweets", RUSSIAN, 10),
        ("russian_coord_tweets", RUSSIAN, 60),
    ],
)
def test_real_posts_are_paired_as_coortweet_defines_it(realdata, file, columns, window):
    connection = duckdb.connect()
    path = realdata / "coordination" / f"{file}.csv.gz"
    connection.execute(
        f"CREATE TABLE shares AS SELECT {columns} FROM read_csv('{path}', all_varchar = true)"
    )
    connection.execute("ALTER TABLE shares ALTER seconds TYPE DOUBLE")
    found = coshare_pairs(connection, "shares", window=window, fewest=2).df()
    mine = sorted(
        (row.thing, *sorted([(row.account_a, row.post_a), (row.account_b, row.post_b)]), row.apart)
        for row in found.itertuples()
    )
    assert len(mine) > 100
    assert (found["apart"] >= 0).all()
    assert mine == repeated_by_pandas(connection.sql("FROM shares").df(), window, 2)


@pytest.mark.parametrize(
    ("kind", "original", "precision"),
    [("repost", None, "s"), ("repost", "p", "s"), ("post", "p", "s"), ("post", None, "day")],
)
def test_neither_reposts_nor_posts_of_an_unknown_hour_are_shared_at_once(kind, original, precision):
    base = duckdb.connect()
    base.execute(
        "CREATE TABLE posts AS SELECT 'p' || n AS post_id, 'a' || n AS account_id, ['l'] AS urls, "
        "TIMESTAMP '2021-05-01' AS posted_at, IF(n > 2, $kind, 'post') AS kind, "
        "IF(n > 2, $original, NULL) AS repost_of, IF(n > 2, $precision, 'min') AS posted_precision "
        "FROM range(1, 5) AS t(n)",
        {"kind": kind, "original": original, "precision": precision},
    )
    base.execute("CREATE TABLE members AS SELECT post_id, 'f' AS form FROM posts")
    for query in SHARES.values():
        base.execute(f"CREATE OR REPLACE TABLE shares AS {query}")
        found = coshare_edges(base, "shares", window=60).df()
        assert sorted(found.values.tolist()) == [["a1", "a2", 1], ["a2", "a1", 1]]
