"""All files as one: who wins, who is charged, and that no record is lost."""

import datetime as dt
import itertools
import json
import random

import duckdb
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hydrascope import io
from hydrascope.affiliation.roster import roster_verdicts
from hydrascope.contracts import ACCOUNTS, POSTS
from hydrascope.errors import TableError
from hydrascope.ingest.mapping import DERIVED_ACCOUNTS
from hydrascope.ingest.merge import (
    LEDGER,
    charges,
    merge_accounts,
    merge_posts,
    settle_ledger,
)
from hydrascope.ingest.same_posts import posts_told_apart

TWEETS = "x_archive_tweets"
# An example costs a fifth of a second; shrinking one would cost minutes.
LEAN = settings(phases=[Phase.explicit, Phase.generate])


@pytest.fixture(scope="module")
def base():
    with duckdb.connect(config={"threads": 2}) as base:
        base.execute("SET TimeZone = 'UTC'")
        yield base


@pytest.fixture(scope="module")
def merged(base):
    """Merge what `read` gave of some files, and close the ledger."""

    def merge(*reads, order):
        found, posts, asked = (
            base.from_arrow(pa.concat_tables(getattr(one, name) for one in reads))
            for name in ("accounts", "posts", "asked")
        )
        posts, conflicts = posts_told_apart(base, posts)
        records = (found.filter("NOT derived"), posts, asked)
        charged = pd.concat([*(charges(base, rows, order) for rows in records), conflicts])
        ledger = pd.concat([one.ledger for one in reads], ignore_index=True)
        return (
            merge_accounts(base, found, order),
            merge_posts(base, posts, order).to_arrow_table(),
            settle_ledger(ledger, charged),
        )

    return merge


def sums(ledger):
    return ledger[["file", "records", "kept", "duplicate", "quarantined"]].to_numpy().tolist()


def day(text):
    return dt.datetime.fromisoformat(f"{text}T00:00:00+00:00")


def test_the_toy_by_hand(merged, read, as_csv, profile, tweet):
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
    assert kept_posts.cast(POSTS).schema.equals(POSTS)


def test_the_later_file_is_charged_by_the_order_of_the_list_and_not_of_the_names(
    merged, read, as_csv, profile
):
    rows = as_csv([profile])
    _, _, ledger = merged(read(rows, file="a"), read(rows, file="z"), order=["z", "a"])
    assert sums(ledger) == [["a", 1, 0, 1, 0], ["z", 1, 1, 0, 0]]


def test_the_fuller_record_wins_and_the_later_file_is_charged_all_the_same(
    merged, read, as_csv, profile
):
    poor = profile | {"user_profile_description": "", "user_display_name": "poor"}
    full = profile | {"user_display_name": "full"}
    # the poor one is the later one, and comes first in the list
    accounts, _, ledger = merged(
        read(as_csv([poor]), file="one", snapshot="2020-10-14"),
        read(as_csv([full]), file="two", snapshot="2020-09-14"),
        order=["one", "two"],
    )
    assert accounts["display_name"].to_pylist() == ["full"]
    assert accounts["source_file"].to_pylist() == ["two"]
    assert sums(ledger) == [["one", 1, 1, 0, 0], ["two", 1, 0, 1, 0]]


@pytest.mark.parametrize("order", [["one", "two"], ["two", "one"]])
@pytest.mark.parametrize(("early", "late"), [("a", "b"), ("b", "a")])
def test_of_two_records_as_full_the_one_seen_later_wins(
    merged, read, as_csv, profile, order, early, late
):
    accounts, _, ledger = merged(
        read(as_csv([profile | {"user_display_name": early}]), file="one", snapshot="2020-09-14"),
        read(as_csv([profile | {"user_display_name": late}]), file="two", snapshot="2020-10-14"),
        order=order,
    )
    assert accounts["display_name"].to_pylist() == [late]
    assert accounts["source_file"].to_pylist() == ["two"]
    # what wins says nothing about what is charged
    assert dict(zip(ledger["file"], ledger["kept"], strict=True)) == {order[0]: 1, order[1]: 0}


@pytest.mark.parametrize("order", [["one", "two"], ["two", "one"]])
def test_of_two_records_of_one_day_what_they_hold_decides_and_not_their_place(
    merged, read, as_csv, profile, order
):
    reads = [
        read(as_csv([profile | {"user_display_name": name, "follower_count": "5"}]), file=file)
        for file, name in (("one", "b"), ("two", "a"))
    ]
    accounts, _, _ = merged(*reads, order=order)
    assert accounts["display_name"].to_pylist() == ["a"]


@pytest.mark.parametrize("order", [["one", "two"], ["two", "one"]])
def test_of_two_records_that_say_the_same_the_earlier_file_s_is_kept(
    merged, read, as_csv, profile, tweet, order
):
    reads = [read(as_csv([profile]), file=file) for file in ("one", "two")]
    accounts, _, _ = merged(*reads, order=order)
    assert accounts["source_file"].to_pylist() == order[:1]
    reads = [read(as_csv([tweet], TWEETS), TWEETS, file=file) for file in ("one", "two")]
    _, posts, _ = merged(*reads, order=order)
    assert posts["source_file"].to_pylist() == order[:1]


def test_a_users_file_wins_over_a_fuller_author_of_a_later_tweet(
    merged, read, as_csv, profile, tweet
):
    poor = profile | {"user_profile_description": "", "user_display_name": "listed"}
    accounts, _, ledger = merged(
        read(as_csv([tweet], TWEETS), TWEETS, file="tweets", snapshot="2020-10-14"),
        read(as_csv([poor]), file="users"),
        order=["tweets", "users"],
    )
    assert accounts["display_name"].to_pylist() == ["listed"]
    # an author is no record of his own: the tweet is
    assert sums(ledger) == [["tweets", 1, 1, 0, 0], ["users", 1, 1, 0, 0]]


def test_the_fuller_post_wins(merged, read, as_csv, tweet):
    reads = [
        read(as_csv([tweet | {"like_count": likes}], TWEETS), TWEETS, file=file)
        for file, likes in (("one", ""), ("two", "7"))
    ]
    _, posts, ledger = merged(*reads, order=["one", "two"])
    assert posts["likes"].to_pylist() == [7]
    assert posts["source_file"].to_pylist() == ["two"]
    assert sums(ledger) == [["one", 1, 1, 0, 0], ["two", 1, 0, 1, 0]]


def test_the_same_id_on_two_platforms_is_two_accounts_and_two_posts(merged, read, as_csv, tweet):
    rows = as_csv([tweet], TWEETS)
    accounts, posts, ledger = merged(
        read(rows, TWEETS, file="one", platform="x"),
        read(rows, TWEETS, file="two", platform="vk"),
        order=["one", "two"],
    )
    assert accounts["platform"].to_pylist() == ["vk", "x"]
    assert posts["platform"].to_pylist() == ["vk", "x"]
    assert ledger["kept"].tolist() == [1, 1]


def test_ids_are_sorted_as_texts(merged, read, as_csv, profile):
    rows = [profile | {"userid": name} for name in ("9", "10", "a", "B", "滚")]
    accounts, _, _ = merged(read(as_csv(rows), file="one"), order=["one"])
    assert accounts["native_id"].to_pylist() == ["10", "9", "B", "a", "滚"]


def test_an_account_was_seen_from_its_first_record_to_its_last(merged, read, as_csv, profile):
    rows = as_csv([profile])
    days = ["2020-10-14", "2020-09-14", "2020-12-14", "2020-11-14"]
    reads = [read(rows, file=name, snapshot=name) for name in days]
    accounts, _, _ = merged(*reads, order=days)
    assert accounts.select(["first_seen", "last_seen"]).to_pylist() == [
        {"first_seen": day("2020-09-14"), "last_seen": day("2020-12-14")}
    ]


def test_a_file_of_bad_rows_alone_is_in_the_ledger(merged, read, as_csv, profile):
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


def test_a_file_charged_in_several_tables_is_charged_their_sum():
    parts = pd.DataFrame(
        [["f", "x_api_v2", "x", "0", 9, 10, 1, "a note"]],
        columns=[name for name in LEDGER if name not in ("kept", "duplicate")],
    )
    charged = pd.DataFrame({"file": ["f"] * 3, "kept": [2, 3, 1], "duplicate": [1, 2, 0]})
    ledger = settle_ledger(parts, charged)
    assert sums(ledger) == [["f", 10, 6, 3, 1]]
    assert ledger["notes"].tolist() == ["a note"]


def test_a_ledger_without_any_charge_is_closed(tmp_path):
    # as the table of charges comes back from its file if nothing at all was kept
    charged = pd.DataFrame({"file": [], "kept": [], "duplicate": []})
    io.write_table(charged, tmp_path / "charges.tsv")
    parts = pd.DataFrame(
        [["f", "x_api_v2", "x", "0", 9, 2, 2, ""]],
        columns=[name for name in LEDGER if name not in ("kept", "duplicate")],
    )
    ledger = settle_ledger(parts, io.read_table(tmp_path / "charges.tsv"))
    assert sums(ledger) == [["f", 2, 0, 0, 2]]


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


@settings(LEAN, max_examples=40)
@given(ROWS, ROWS)
def test_no_record_is_lost_whatever_the_files_hold(merged, read, as_csv, profile, one, two):
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


@settings(LEAN, max_examples=25)
@given(ROWS, ROWS, st.integers(0, 2**16))
def test_the_order_of_raw_rows_moves_nothing_but_their_numbers(
    merged, read, as_csv, profile, tweet, users, authors, seed
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
def test_of_two_records_as_full_in_one_file_the_higher_count_is_kept(
    merged, read, as_csv, profile, turned
):
    rows = [profile | {"follower_count": count} for count in ("1", "2")]
    accounts, _, _ = merged(read(as_csv(rows[:: -1 if turned else 1]), file="f"), order=["f"])
    assert accounts["followers"].to_pylist() == [2]


@pytest.mark.parametrize("turned", [False, True])
def test_the_fuller_of_an_author_s_tweets_describes_him(merged, read, as_csv, tweet, turned):
    rows = [
        tweet | {"tweetid": "1", "user_profile_description": ""},
        tweet | {"tweetid": "2"},
    ]
    found = read(as_csv(rows[:: -1 if turned else 1], TWEETS), TWEETS, file="f")
    accounts, _, _ = merged(found, order=["f"])
    assert accounts["description"].to_pylist() == ["words"]


def test_no_files_rows_at_all_keep_the_contracts(merged, read, as_csv):
    accounts, posts, ledger = merged(read(as_csv([]), file="f"), order=["f"])
    assert accounts.equals(ACCOUNTS.empty_table())
    assert posts.cast(POSTS).equals(POSTS.empty_table())
    assert sums(ledger) == [["f", 0, 0, 0, 0]]


# --- names over time, and Pages


def named(profile, name):
    return profile | {"user_display_name": name}


def test_an_account_that_is_renamed_stays_one_with_all_its_names(merged, read, as_csv, profile):
    names = {"2020-09-14": "Fake Shoes 鞋", "2020-10-14": 'Fake "Flower"', "2020-11-14": "Fake Hat"}
    reads = [
        read(as_csv([named(profile, name)]), file=taken, snapshot=taken)
        for taken, name in names.items()
    ]
    accounts, _, ledger = merged(*reads, order=list(names)[::-1])
    assert accounts["display_name"].to_pylist() == ["Fake Hat"]
    assert accounts["name_history"].to_pylist() == [
        '[{"date":"2020-09-14","event":"seen","name":"Fake Shoes 鞋"},'
        '{"date":"2020-10-14","event":"seen","name":"Fake \\"Flower\\""},'
        '{"date":"2020-11-14","event":"seen","name":"Fake Hat"}]'
    ]
    assert ledger["kept"].sum() == 1


def test_a_name_borne_again_is_told_from_its_first_day(merged, read, as_csv, profile):
    names = {"2020-09-14": "A", "2020-10-14": "B", "2020-11-14": "A"}
    reads = [
        read(as_csv([named(profile, name)]), file=taken, snapshot=taken)
        for taken, name in names.items()
    ]
    accounts, _, _ = merged(*reads, order=list(names))
    history = json.loads(accounts["name_history"][0].as_py())
    assert [(line["date"], line["name"]) for line in history] == [
        ("2020-09-14", "A"),
        ("2020-10-14", "B"),
    ]


def test_names_of_one_day_are_all_told_and_one_name_tells_no_history(
    merged, read, as_csv, profile, tweet
):
    rows = [named(profile, "A"), profile | {"userid": "u2"}, profile | {"userid": "u2"}]
    tweets = [
        named(tweet, "B") | {"tweetid": "1"},
        named(tweet, "") | {"tweetid": "2", "userid": "u2"},
    ]
    accounts, _, _ = merged(
        read(as_csv(rows), file="users"),
        read(as_csv(tweets, TWEETS), TWEETS, file="tweets"),
        order=["users", "tweets"],
    )
    # an author's name counts as well, a missing one is none
    assert accounts["name_history"].to_pylist() == [
        '[{"date":"2020-09-14","event":"seen","name":"A"},'
        '{"date":"2020-09-14","event":"seen","name":"B"}]',
        None,
    ]


PAGE, MERGED = "100200300400501", "100200300400777"


def page(page_id=PAGE, **more):
    entry = {
        "page_id": page_id,
        "page_name": "Fake Flower",
        "name_history": [{"date": "2019-05-03", "event": "Page created", "name": "Fake Shoes"}],
        "merges": [{"date": "2020-12-24", "merged_page_name": "Fake Hats"}],
    }
    return entry | more


def transparency(*pages):
    return json.dumps({"data": pages}).encode()


FACEBOOK = {"kind": "page_transparency", "platform": "facebook"}
LATE = FACEBOOK | {"snapshot": "2021-04-22"}


def test_a_page_s_own_history_is_kept_beside_the_names_it_was_seen_with(merged, read):
    reads = [
        read(transparency(page(page_name=name)), file=taken, snapshot=taken, **FACEBOOK)
        for taken, name in (("2021-04-22", "Fake Flower"), ("2021-05-22", "Fake Coat"))
    ]
    accounts, _, _ = merged(*reads, order=["2021-04-22", "2021-05-22"])
    history = json.loads(accounts["name_history"][0].as_py())
    assert [tuple(line.values()) for line in history] == [
        ("2019-05-03", "Page created", "Fake Shoes"),
        ("2020-12-24", "merged", "Fake Hats"),
        ("2021-04-22", "seen", "Fake Flower"),
        ("2021-05-22", "seen", "Fake Coat"),
    ]
    assert len(accounts) == 1


def test_a_merged_page_counts_under_its_own_id_alone(merged, read):
    surviving = read(transparency(page()), file="one", **LATE)
    accounts, _, _ = merged(surviving, order=["one"])
    assert accounts["native_id"].to_pylist() == [PAGE]
    assert '"event":"merged","name":"Fake Hats"' in accounts["name_history"][0].as_py()
    # the collection holds a record of the merged Page as well
    own = page(MERGED, page_name="Fake Hats", merges=[])
    accounts, _, ledger = merged(
        surviving, read(transparency(own), file="two", **LATE), order=["one", "two"]
    )
    assert accounts["native_id"].to_pylist() == [PAGE, MERGED]
    assert sums(ledger) == [["one", 1, 1, 0, 0], ["two", 1, 1, 0, 0]]


def test_a_page_that_was_merged_later_stays_the_account_that_it_was(merged, read):
    before = [page(name_history=[], merges=[]), page(MERGED, page_name="Fake Hats", merges=[])]
    first = read(transparency(*before), file="one", **FACEBOOK, snapshot="2020-07-14")
    second = read(transparency(page(page_name="Fake Coat")), file="two", **LATE)
    accounts, _, ledger = merged(first, second, order=["one", "two"])
    assert accounts["native_id"].to_pylist() == [PAGE, MERGED]
    assert sums(ledger) == [["one", 2, 2, 0, 0], ["two", 1, 0, 1, 0]]
    assert accounts["display_name"].to_pylist() == ["Fake Coat", "Fake Hats"]
    assert "Fake Coat" not in accounts["name_history"][1].as_py()


def test_a_merged_page_named_by_digits_is_not_taken_for_an_id(merged, read):
    merges = [{"date": "2020-12-24", "merged_page_name": MERGED}]
    accounts, _, _ = merged(read(transparency(page(merges=merges)), file="f", **LATE), order=["f"])
    assert accounts["native_id"].to_pylist() == [PAGE]


# --- overlap, in the large and against a reference


def test_a_large_overlap_is_charged_to_the_later_exports(merged, read, as_csv, profile, tweet):
    files = {
        "2020-09-14": range(3_000),
        "2020-10-14": range(1_000, 6_000),
        "2020-11-14": range(6_500),
    }
    reads = []
    for taken, ids in files.items():
        users = [profile | {"userid": f"u{n}", "follower_count": str(n)} for n in ids]
        reads.append(read(as_csv(users), file=f"{taken}/users", snapshot=taken))
        tweets = [tweet | {"tweetid": str(n + 1), "userid": f"u{n % 100}"} for n in ids]
        content = as_csv(tweets, TWEETS)
        reads.append(read(content, TWEETS, file=f"{taken}/tweets", snapshot=taken))
    order = [f"{taken}/{name}" for taken in files for name in ("users", "tweets")]
    accounts, posts, ledger = merged(*reads, order=order)
    assert len(accounts) == len(posts) == 6_500
    per_file = {name: (kept, twice) for name, _, kept, twice, _ in sums(ledger)}
    for name in ("users", "tweets"):
        assert [per_file[f"{taken}/{name}"] for taken in files] == [
            (3_000, 0),
            (3_000, 2_000),
            (500, 6_000),
        ]
    # all are equally full: those of the last export are kept, with the first day they were seen
    frame = accounts.to_pandas().set_index("native_id")
    assert set(frame["source_file"]) == {"2020-11-14/users"}
    first = frame["first_seen"].dt.strftime("%Y-%m-%d")
    assert first.value_counts().to_dict() == {
        "2020-09-14": 3_000,
        "2020-10-14": 3_000,
        "2020-11-14": 500,
    }
    assert frame.loc["u6499", "followers"] == 6_499


RECORD = st.fixed_dictionaries(
    {
        "platform": st.sampled_from(["x", "vk"]),
        "native_id": st.sampled_from("abc"),
        "display_name": st.sampled_from([None, "A", "B"]),
        "description": st.sampled_from([None, "words", "other"]),
        "followers": st.sampled_from([None, 1, 2]),
        "created_precision": st.sampled_from(["none", "day", "s"]),
        "derived": st.booleans(),
        "source_file": st.sampled_from(["one", "two", "three"]),
    }
)
DAYS = {"one": "2021-05-22", "two": "2021-04-22", "three": "2021-05-22"}
ORDER = ["three", "one", "two"]


CREATED = {"none": None, "day": day("2020-01-01"), "s": day("2020-01-02")}


def placed(records):
    """The records with what else a row has; rows are numbered within each file."""
    counters = {name: itertools.count(1) for name in ORDER}
    rows = []
    for record in records:
        seen = day(DAYS[record["source_file"]])
        rows.append(
            dict.fromkeys(DERIVED_ACCOUNTS.names)
            | record
            | {
                "account_id": f"{record['platform']}:{record['native_id']}",
                "unit": "user",
                "created_at": CREATED[record.get("created_precision", "none")],
                "created_source": "none"
                if record.get("created_precision", "none") == "none"
                else "api",
                "collection": "toy",
                "first_seen": seen,
                "last_seen": seen,
                "source_row": next(counters[record["source_file"]]),
            }
        )
    return rows


def grouped(rows):
    def by_id(row):
        return row["platform"], row["native_id"]

    return [list(group) for _, group in itertools.groupby(sorted(rows, key=by_id), by_id)]


PRECISIONS = ["s", "day", "none"]


def ranked(rows):
    """The records, the one that is kept first, by the rules as they are told to people."""

    def rank(row):
        texts = ("display_name", "description", "created_at")
        full = sum(row[name] is not None for name in (*texts, "followers"))
        # a missing value goes behind all others, and a higher count before a lower one
        content = [(row[name] is None, str(row[name] or "")) for name in texts]
        content += [row["created_precision"], row["followers"] is None, -(row["followers"] or 0)]
        place = (ORDER.index(row["source_file"]), row["source_row"])
        return row["derived"], -full, -row["last_seen"].timestamp(), content, place

    return sorted(rows, key=rank)


def told(rows, name):
    """What the first of the records that tells it says."""
    return next((row[name] for row in rows if row[name] is not None), None)


@settings(max_examples=40)
@given(st.lists(RECORD, max_size=14))
def test_winners_and_names_are_those_of_a_plain_reference(base, records):
    rows = placed(records)
    table = pa.Table.from_pylist(rows, DERIVED_ACCOUNTS)
    accounts = merge_accounts(base, base.from_arrow(table), ORDER).to_pylist()
    groups = grouped(rows)
    assert len(accounts) == len(groups)
    for account, group in zip(accounts, groups, strict=True):
        order = ranked(group)
        dated = min(order, key=lambda row: PRECISIONS.index(row["created_precision"]))
        names = {}
        for row in sorted(group, key=lambda row: row["last_seen"]):
            names.setdefault(row["display_name"], f"{row['last_seen']:%Y-%m-%d}")
        names.pop(None, None)
        lines = sorted((first, name) for name, first in names.items())
        history = [{"date": first, "event": "seen", "name": name} for first, name in lines]
        line = json.dumps(history, separators=(",", ":")) if len(names) > 1 else None
        assert account == {name: order[0][name] for name in ACCOUNTS.names} | {
            **{name: told(order, name) for name in ("display_name", "description", "followers")},
            **{name: dated[name] for name in ("created_at", "created_precision", "created_source")},
            "first_seen": min(row["first_seen"] for row in group),
            "last_seen": max(row["last_seen"] for row in group),
            "name_history": line,
        }


@settings(max_examples=40)
@given(st.lists(RECORD, max_size=14))
def test_charges_are_those_of_a_plain_reference(base, records):
    rows = placed(records)
    table = pa.Table.from_pylist(rows, DERIVED_ACCOUNTS)
    first_files = [
        min(group, key=lambda row: (ORDER.index(row["source_file"]), row["source_row"]))[
            "source_file"
        ]
        for group in grouped(rows)
    ]
    expected = []
    for name in ORDER:
        number = sum(row["source_file"] == name for row in rows)
        if number:
            kept = first_files.count(name)
            expected.append([name, kept, number - kept])
    charged = charges(base, base.from_arrow(table), ORDER)
    assert charged.columns.tolist() == ["file", "kept", "duplicate"]
    assert charged.to_numpy().tolist() == expected


POST = st.fixed_dictionaries(
    {
        "platform": st.sampled_from(["x", "vk"]),
        "native_id": st.sampled_from("abc"),
        "account_id": st.sampled_from(["a_1", "a_2"]),
        "text": st.sampled_from([None, "a flower"]),
        "likes": st.sampled_from([None, 1, 2]),
        "source_file": st.sampled_from(ORDER),
    }
)


@settings(max_examples=40)
@given(st.lists(POST, max_size=14))
def test_one_post_an_id_is_kept_the_fullest(base, records):
    rows = [
        {key: value for key, value in row.items() if key in POSTS.names}
        | {"post_id": f"p_{row['native_id']}", "kind": "post", "urls": ["https://a.invalid"]}
        for row in placed(records)
    ]
    table = pa.Table.from_pylist(rows, POSTS)
    posts = merge_posts(base, base.from_arrow(table), ORDER).to_arrow_table().cast(POSTS)
    groups = grouped(table.to_pylist())
    assert len(posts) == len(groups)
    for post, group in zip(posts.to_pylist(), groups, strict=True):
        # of records as full, the rest follows from what they hold

        def rank(row):
            full = (row["text"] is not None) + (row["likes"] is not None)
            content = (row["account_id"], row["text"] is None, -(row["likes"] or 0))
            return -full, content, ORDER.index(row["source_file"]), row["source_row"]

        assert post == min(group, key=rank)


LIST = {"records": "asked", "fields": {"native_id": "id"}}
PROFILES = {
    "records": "accounts",
    "fields": {"native_id": "id", "display_name": "name", "description": "bio"},
}
WRITTEN = {
    "records": "posts",
    "fields": {"native_id": "no", "account_id": "id", "text": "text", "posted_at": "at"},
}
MAPS = {"list": LIST, "profiles": PROFILES, "posts": WRITTEN}


@pytest.mark.parametrize("turned", [False, True])
def test_a_roster_is_whom_its_file_names_whatever_record_of_them_wins(merged, read, turned):
    ids = {"list": range(10), "profiles": range(3, 12), "posts": range(20), "look": range(5, 9)}
    cells = {
        "list": lambda n: {"id": n},
        "profiles": lambda n: {"id": n, "name": f"n{n}", "bio": "words"},
        "posts": lambda n: {"no": n, "id": n, "text": f"text {n}", "at": "2021-01-01T10:00:00Z"},
        "look": lambda n: {"id": n, "name": "renamed", "bio": f"longer words {n}"},
    }
    reads = {}
    for name, members in ids.items():
        rows = [cells[name](n) for n in (members[::-1] if turned else members)]
        reads[name] = read(
            pd.DataFrame(rows).to_csv(index=False).encode(),
            f"csv:{'profiles' if name == 'look' else name}",
            file=name,
            column_maps=MAPS,
            snapshot="2021-06-01" if name == "look" else "2021-05-01",
        )
    for order in list(itertools.permutations(ids))[:: 5 if turned else 4]:
        accounts = merged(*reads.values(), order=order)[0].to_pandas()
        native = accounts.set_index("account_id")["native_id"]
        for roster, part in reads.items():
            named = [
                *part.accounts["account_id"].to_pylist(),
                *part.asked["account_id"].to_pylist(),
            ]
            verdicts = roster_verdicts(accounts, named, roster)
            members = verdicts["account_id"][verdicts["verdict"] == "affiliated"]
            assert sorted(native[members]) == sorted(map(str, ids[roster]))
            assert len(verdicts) == 20
