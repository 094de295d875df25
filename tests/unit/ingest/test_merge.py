"""All files as one: who wins, who is charged, and that no record is lost."""

import json
import random

import duckdb
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hydrascope.contracts import ACCOUNTS, POSTS
from hydrascope.errors import TableError
from hydrascope.ingest.merge import (
    LEDGER,
    charges,
    merge_accounts,
    merge_posts,
    settle_ledger,
)

TWEETS = "x_archive_tweets"
# An example costs a fifth of a second; shrinking one would cost minutes.
LEAN = settings(phases=[Phase.explicit, Phase.generate])


def merged(*reads, order):
    """Merge what `read` gave of some files, and close the ledger."""
    base = duckdb.connect()
    found, posts, asked = (
        base.from_arrow(pa.concat_tables(getattr(one, name) for one in reads))
        for name in ("accounts", "posts", "asked")
    )
    records = (found.filter("NOT derived"), posts, asked)
    charged = pd.concat(charges(base, rows, order) for rows in records)
    parts = pd.concat([one.ledger for one in reads], ignore_index=True)
    return (
        merge_accounts(base, found, order),
        merge_posts(base, posts, order).to_arrow_table().cast(POSTS),
        settle_ledger(parts, charged),
    )


def sums(ledger):
    return ledger[["file", "records", "kept", "duplicate", "quarantined"]].to_numpy().tolist()


def test_the_toy_by_hand(read, as_csv, profile, tweet):
    one = [profile | {"userid": name} for name in ("b", "a", "b", "")]
    two = [profile | {"userid": name} for name in ("c", "a", "a")]
    posts = [tweet | {"tweetid": number, "userid": "d"} for number in ("2", "1", "2", "x")]
    accounts, kept_posts, ledger = merged(
        read(as_csv(one), file="one"),
        read(as_csv(two), file="two"),
        read(as_csv(posts, TWEETS), TWEETS, file="three"),
        order=["one", "two", "three"],
    )
    assert accounts["native_id"].to_pylist() == ["a", "b", "c", "d"]
    assert accounts["source_file"].to_pylist() == ["one", "one", "two", "three"]
    assert accounts["source_row"].to_pylist() == [2, 1, 1, 1]
    assert kept_posts["native_id"].to_pylist() == ["1", "2"]
    assert kept_posts["source_row"].to_pylist() == [2, 1]
    assert ledger.columns.tolist() == LEDGER
    assert sums(ledger) == [
        ["one", 4, 2, 1, 1],
        ["two", 3, 1, 2, 0],
        ["three", 4, 2, 1, 1],
    ]
    assert accounts.schema.equals(ACCOUNTS)
    assert kept_posts.schema.equals(POSTS)


def test_the_later_file_is_charged_by_the_order_of_the_list_and_not_of_the_names(
    read, as_csv, profile
):
    rows = as_csv([profile])
    _, _, ledger = merged(read(rows, file="a"), read(rows, file="z"), order=["z", "a"])
    assert sums(ledger) == [["a", 1, 0, 1, 0], ["z", 1, 1, 0, 0]]


def test_the_fuller_record_wins_and_the_later_file_is_charged_all_the_same(read, as_csv, profile):
    poor = profile | {"user_profile_description": "", "user_display_name": "poor"}
    full = profile | {"user_display_name": "full"}
    accounts, _, ledger = merged(
        read(as_csv([poor]), file="one"), read(as_csv([full]), file="two"), order=["one", "two"]
    )
    assert accounts["display_name"].to_pylist() == ["full"]
    assert accounts["source_file"].to_pylist() == ["two"]
    assert sums(ledger) == [["one", 1, 1, 0, 0], ["two", 1, 0, 1, 0]]


def test_of_two_records_as_full_the_one_seen_later_wins(read, as_csv, profile):
    days = {"one": "2020-09-14", "two": "2020-10-14"}
    reads = [
        read(as_csv([profile | {"user_display_name": name}]), file=name, snapshot=day)
        for name, day in days.items()
    ]
    for order in (["one", "two"], ["two", "one"]):
        accounts, _, ledger = merged(*reads, order=order)
        assert accounts["display_name"].to_pylist() == ["two"]
        assert dict(zip(ledger["file"], ledger["duplicate"], strict=True))[order[1]] == 1


def history(accounts):
    return [json.loads(text) if text else None for text in accounts["name_history"].to_pylist()]


def test_an_account_that_is_renamed_stays_one_and_keeps_its_names(read, as_csv, profile):
    days = {"2020-07-14": "old", "2020-08-14": "old", "2020-09-14": "new"}
    reads = [
        read(as_csv([profile | {"user_display_name": name}]), file=day, snapshot=day)
        for day, name in days.items()
    ]
    accounts, _, _ = merged(*reads, order=list(days))
    assert accounts["display_name"].to_pylist() == ["new"]
    assert history(accounts) == [
        [
            {"date": "2020-07-14", "event": "seen", "name": "old"},
            {"date": "2020-09-14", "event": "seen", "name": "new"},
        ]
    ]


def pages(*pages):
    return json.dumps({"data": [{"page_id": i, "page_name": n} | more for i, n, more in pages]})


def test_a_merged_page_adds_a_line_and_counts_only_under_its_own_id(read):
    merge = {"merges": [{"date": "2020-08-01", "merged_page_name": "Second"}]}
    first = read(
        pages(("10001", "First", {}), ("10002", "Second", {})).encode(),
        "page_transparency",
        file="one",
        platform="facebook",
        snapshot="2020-07-14",
    )
    second = read(
        pages(("10001", "Renamed", merge)).encode(),
        "page_transparency",
        file="two",
        platform="facebook",
        snapshot="2020-09-14",
    )
    accounts, _, _ = merged(second, order=["two"])
    assert accounts["native_id"].to_pylist() == ["10001"]
    accounts, _, ledger = merged(first, second, order=["one", "two"])
    assert accounts["native_id"].to_pylist() == ["10001", "10002"]
    assert ledger["kept"].tolist() == [2, 0]
    assert history(accounts) == [
        [
            {"date": "2020-07-14", "event": "seen", "name": "First"},
            {"date": "2020-08-01", "event": "merged", "name": "Second"},
            {"date": "2020-09-14", "event": "seen", "name": "Renamed"},
        ],
        None,
    ]


def test_a_users_file_wins_over_a_fuller_author_of_a_tweet(read, as_csv, profile, tweet):
    poor = profile | {"user_profile_description": "", "user_display_name": "listed"}
    accounts, _, ledger = merged(
        read(as_csv([tweet], TWEETS), TWEETS, file="tweets"),
        read(as_csv([poor]), file="users"),
        order=["tweets", "users"],
    )
    assert accounts["display_name"].to_pylist() == ["listed"]
    # an author is no record of his own: the tweet is
    assert sums(ledger) == [["tweets", 1, 1, 0, 0], ["users", 1, 1, 0, 0]]


def test_the_same_id_on_two_platforms_is_two_accounts(read, as_csv, profile):
    rows = as_csv([profile])
    accounts, _, ledger = merged(
        read(rows, file="one", platform="x"),
        read(rows, file="two", platform="vk"),
        order=["one", "two"],
    )
    assert accounts["platform"].to_pylist() == ["vk", "x"]
    assert ledger["kept"].tolist() == [1, 1]


def test_ids_are_sorted_as_texts(read, as_csv, profile):
    rows = [profile | {"userid": name} for name in ("9", "10", "a", "B", "滚")]
    accounts, _, _ = merged(read(as_csv(rows), file="one"), order=["one"])
    assert accounts["native_id"].to_pylist() == ["10", "9", "B", "a", "滚"]


def test_an_account_in_two_snapshots_was_first_and_last_seen_in_them(read, as_csv, profile):
    rows = as_csv([profile])
    accounts, _, _ = merged(
        read(rows, file="one", snapshot="2020-09-14"),
        read(rows, file="two", snapshot="2020-10-14"),
        order=["one", "two"],
    )
    seen = accounts.select(["first_seen", "last_seen"]).to_pylist()
    assert [f"{day:%Y-%m-%d}" for day in seen[0].values()] == ["2020-09-14", "2020-10-14"]


def test_a_file_of_bad_rows_alone_is_in_the_ledger(read, as_csv, profile):
    _, _, ledger = merged(
        read(as_csv([profile | {"userid": ""}]), file="bad"),
        read(as_csv([]), file="empty"),
        order=["bad", "empty"],
    )
    assert sums(ledger) == [["bad", 1, 0, 0, 1], ["empty", 0, 0, 0, 0]]
    assert [ledger[name].dtype.kind for name in ("kept", "duplicate")] == ["i", "i"]


@pytest.mark.parametrize(("records", "kept"), [(6, 2), (4, 2), (5, 3)])
def test_a_ledger_that_does_not_add_up_names_the_file_and_both_sums(records, kept):
    parts = pd.DataFrame(
        [["good", "f", "x", "0", 9, 3, 0, ""], ["lossy", "f", "x", "0", 9, records, 2, ""]],
        columns=[name for name in LEDGER if name not in ("kept", "duplicate")],
    )
    charged = pd.DataFrame({"file": ["good", "lossy"], "kept": [3, kept], "duplicate": [0, 1]})
    with pytest.raises(TableError) as error:
        settle_ledger(parts, charged)
    assert str(error.value).startswith(
        f"ledger of lossy: found {records} records read but {kept + 3} kept, duplicate or "
    )


# Ids from a small pool meet often; a row without an id, with a broken count or
# with a cell too few is bad; an empty description makes a record less full.
ROW = st.fixed_dictionaries(
    {
        "userid": st.sampled_from(["a", "b", "c", "d", ""]),
        "follower_count": st.sampled_from(["1", "2", "", "1.5"]),
        "user_profile_description": st.sampled_from(["", "words"]),
        "short": st.sampled_from([False, False, False, True]),
    }
)
ROWS = st.lists(ROW, max_size=7)


def lines(as_csv, base, rows, kind="x_archive_users"):
    header, *good = as_csv([base | row for row in rows], kind).splitlines()
    shown = zip(good, rows, strict=True)
    cut = [line.rpartition(b",")[0] if row["short"] else line for line, row in shown]
    return b"\n".join([header, *cut])


def is_good(row):
    return not row["short"] and row["userid"] != "" and row["follower_count"] != "1.5"


def fullness(row):
    return (row["follower_count"] != "") + (row["user_profile_description"] != "")


@settings(LEAN, max_examples=80)
@given(ROWS, ROWS)
def test_no_record_is_lost_whatever_the_files_hold(read, as_csv, profile, one, two):
    reads = [
        read(lines(as_csv, profile, rows), file=name) for name, rows in (("1", one), ("2", two))
    ]
    accounts, _, ledger = merged(*reads, order=["1", "2"])
    good = [(file, row) for file, rows in (("1", one), ("2", two)) for row in rows if is_good(row)]
    ids = [row["userid"] for _, row in good]
    firsts = [file for n, (file, _) in enumerate(good) if ids[n] not in ids[:n]]
    files = [file for file, _ in good]
    assert sums(ledger) == [
        [name, len(rows), firsts.count(name), files.count(name) - firsts.count(name)]
        + [len(rows) - files.count(name)]
        for name, rows in (("1", one), ("2", two))
    ]
    assert accounts["native_id"].to_pylist() == sorted(set(ids))
    for account in accounts.to_pylist():
        own = [row for _, row in good if row["userid"] == account["native_id"]]
        kept = (account["followers"] is not None) + (account["description"] is not None)
        assert kept == max(map(fullness, own))


@settings(LEAN, max_examples=50)
@given(ROWS, ROWS, st.integers(0, 2**16))
def test_the_order_of_raw_rows_moves_nothing_but_their_numbers(
    read, as_csv, profile, tweet, users, authors, seed
):
    # three ids, so that tweets are doubled too, within one author and across two
    tweets = [row | {"tweetid": str(n % 3)} for n, row in enumerate(authors)]
    before, after = (
        merged(
            read(lines(as_csv, profile, shuffled(users, by)), file="users"),
            read(lines(as_csv, tweet, shuffled(tweets, by), TWEETS), TWEETS, file="tweets"),
            order=["users", "tweets"],
        )
        for by in (None, seed)
    )
    assert before[0].drop_columns("source_row").equals(after[0].drop_columns("source_row"))
    assert before[1].drop_columns("source_row").equals(after[1].drop_columns("source_row"))
    assert sums(before[2]) == sums(after[2])


def shuffled(rows, seed):
    return rows if seed is None else random.Random(seed).sample(rows, len(rows))


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_records_as_full_in_one_file_the_order_does_not_choose(
    read, as_csv, profile, turned
):
    rows = [profile | {"follower_count": count} for count in ("1", "2")]
    accounts, _, _ = merged(read(as_csv(rows[:: -1 if turned else 1]), file="f"), order=["f"])
    other, _, _ = merged(read(as_csv(rows), file="f"), order=["f"])
    assert accounts["followers"].to_pylist() == other["followers"].to_pylist()


@pytest.mark.parametrize("turned", [False, True])
def test_the_fuller_of_an_author_s_tweets_describes_him(read, as_csv, tweet, turned):
    rows = [
        tweet | {"tweetid": "1", "user_profile_description": ""},
        tweet | {"tweetid": "2"},
    ]
    found = read(as_csv(rows[:: -1 if turned else 1], TWEETS), TWEETS, file="f")
    accounts, _, _ = merged(found, order=["f"])
    assert accounts["description"].to_pylist() == ["words"]


def test_no_files_rows_at_all_keep_the_contracts(read, as_csv):
    accounts, posts, ledger = merged(read(as_csv([]), file="f"), order=["f"])
    assert accounts.equals(ACCOUNTS.empty_table())
    assert posts.equals(POSTS.empty_table())
    assert sums(ledger) == [["f", 0, 0, 0, 0]]
