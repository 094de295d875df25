"""One raw file from end to end: its ledger, its limits, and a complete real release."""

import ast
import collections
import csv
import datetime as dt
import gzip
import hashlib
import html
import io
import zipfile

import pytest

from hydrascope.errors import RawFileError
from hydrascope.ingest import lines, reader
from hydrascope.ingest.mapping import Check, Format, Item, Records
from hydrascope.ingest.reader import LEDGER, QUARANTINE

TWEETS = "x_archive_tweets"
ELEVEN = ",".join("x" * 11)
TEN = "cells; expected 10 cells, one for each column"


def numbered(profile, count, bad=()):
    """Profiles 0 to count-1, of which those in `bad` have no id."""
    return [profile | {"userid": "" if n in bad else f"u{n}"} for n in range(count)]


def test_the_ledger_of_a_file(read, as_csv, profile):
    content = as_csv(numbered(profile, 5, bad=[1, 3])) + b"short,row\n\n"
    found = read(content)
    assert found.ledger.columns.tolist() == LEDGER
    digest = hashlib.sha256(content).hexdigest()
    notes = (
        "2 x set aside: no id; expected the id of the account; "
        "1 x set aside: found 2 cells; expected 10 cells, one for each column"
    )
    assert found.ledger.to_numpy().tolist() == [
        ["f.csv", "x_archive_users", "x", digest, len(content), 6, 3, notes]
    ]
    assert found.accounts["source_row"].to_pylist() == [1, 3, 5]


def test_the_quarantine_is_in_the_order_of_the_file(read, as_csv, profile):
    lines = as_csv(numbered(profile, 5, bad=[3])).splitlines(keepends=True)
    found = read(b"".join([*lines[:2], b"short,row\n", *lines[2:], ELEVEN.encode()]))
    assert found.quarantine.columns.tolist() == QUARANTINE
    assert found.quarantine.to_numpy().tolist() == [
        ["f.csv", 2, "", "short,row", f"found 2 {TEN}", "fault"],
        ["f.csv", 5, "userid", "", "no id; expected the id of the account", "fault"],
        ["f.csv", 7, "", ELEVEN, f"found 11 {TEN}", "fault"],
    ]


def test_a_long_bad_value_is_cut_in_the_quarantine(read, as_csv, profile):
    found = read(as_csv([profile | {"follower_count": "滚" * 81}]))
    assert found.quarantine["value"].tolist() == ["滚" * 80]


def test_batches_make_the_same_tables_as_one_piece(read, as_csv, tweet, monkeypatch):
    rows = [tweet | {"tweetid": f"{n}" if n % 3 else "", "userid": f"u{n % 2}"} for n in range(9)]
    whole = read(as_csv(rows, TWEETS), TWEETS)
    monkeypatch.setattr(lines.Source.fill, "__defaults__", (700,))
    parts = read(as_csv(rows, TWEETS), TWEETS)
    assert parts.posts.equals(whole.posts)
    assert parts.ledger.equals(whole.ledger)
    assert parts.quarantine.equals(whole.quarantine)
    assert set(parts.accounts["native_id"].to_pylist()) == {"u0", "u1"}


def test_a_header_alone_is_a_file_of_no_records(read, as_csv):
    found = read(as_csv([]), limits={"strict": True, "max_bad_share": 0})
    assert found.ledger[["records", "quarantined"]].to_numpy().tolist() == [[0, 0]]
    assert len(found.accounts) == len(found.posts) == len(found.quarantine) == 0


@pytest.mark.parametrize("kind", ["x_archive_users", TWEETS])
def test_a_packed_file_reads_as_a_plain_one(read, as_csv, profile, tweet, kind):
    rows = [tweet | {"tweet_text": "a\nb", "user_display_name": "滚"}]
    plain = read(as_csv(rows, kind), kind)
    packed = read(gzip.compress(as_csv(rows, kind)), kind)
    assert packed.accounts.equals(plain.accounts)
    assert packed.posts.equals(plain.posts)


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030", "utf-8-sig"])
@pytest.mark.parametrize("kind", ["x_archive_users", TWEETS])
def test_a_file_in_another_encoding_reads_as_one_in_utf_8(read, as_csv, tweet, kind, encoding):
    rows = [tweet | {"tweet_text": '滚出去\n"香港"', "user_display_name": "滚"}]
    plain = read(as_csv(rows, kind), kind)
    other = as_csv(rows, kind).decode().encode(encoding)
    for content in (other, gzip.compress(other)):
        found = read(content, kind, encoding=encoding)
        assert found.accounts.equals(plain.accounts)
        assert found.posts.equals(plain.posts)
    assert plain.accounts["display_name"].to_pylist() == ["滚"]


def test_a_row_in_another_encoding_is_set_aside_and_a_file_in_one_stops(read, as_csv, profile):
    rows = numbered(profile | {"user_display_name": "滚"}, 3)
    header, *good = as_csv(rows).splitlines(keepends=True)
    other = good[1].decode().encode("gb18030")
    found = read(b"".join([header, good[0], other, good[2]]))
    assert found.accounts["native_id"].to_pylist() == ["u0", "u2"]
    assert found.quarantine[["row", "reason"]].to_numpy().tolist() == [
        [
            2,
            "found bytes that are not text in the encoding listed; expected 10 cells, one for each "
            "column",
        ]
    ]
    with pytest.raises(RawFileError) as error:
        read(header + good[0], encoding="ascii")
    assert str(error.value) == (
        "f.csv: found bytes e6 that are not ascii; expected text in ascii. "
        "Correct the column encoding of its row in collections.tsv."
    )


def test_a_file_that_is_not_the_one_listed_is_called_that_whatever_else_it_is(read):
    content = b"no archive at all"
    with pytest.raises(RawFileError) as error:
        read(content, sha256="0" * 64)
    assert str(error.value) == (
        f"f.csv: found sha256 {hashlib.sha256(content).hexdigest()}; expected {'0' * 64}, as "
        "collections.tsv says. Get the listed file again, or correct its row if the new file "
        "is meant."
    )


def test_another_file_is_called_that_before_any_fault_of_its_own(read, as_csv, profile):
    good = as_csv([profile])
    faulty = {
        "nothing": (b"", {}),
        "cut": (gzip.compress(good)[:-9], {}),
        "bomb": (gzip.compress(good), {"limits": {"max_unpacked_gib": 10 / 2**30}}),
        "encoding": ("滚".encode(), {"encoding": "ascii"}),
        "header": (b"x" + good, {}),
        "bad row": (good + b"short,row\n", {"limits": {"strict": True}}),
        "bad rows": (good + b"short,row\n", {"limits": {"max_bad_share": 0}}),
        "none at all": (good, {}),
        "document": (b'{"data":[', {"kind": "x_api_v2"}),
    }
    for content, options in faulty.values():
        with pytest.raises(RawFileError, match=r"^f\.csv: found sha256 [0-9a-f]{64}; expected 00"):
            read(content, sha256="0" * 64, **options)


def test_the_right_sha256_is_accepted(read, as_csv, profile):
    content = as_csv([profile])
    digest = hashlib.sha256(content).hexdigest()
    assert read(content, sha256=digest).ledger["sha256"].tolist() == [digest]


@pytest.mark.parametrize(("bad", "share"), [(0, 0), (1, 0.01), (29, 0.29), (57, 0.57), (100, 1)])
def test_the_very_share_of_bad_rows_is_allowed(read, as_csv, profile, bad, share):
    rows = numbered(profile, 100, bad=range(bad))
    found = read(as_csv(rows), limits={"max_bad_share": share})
    assert len(found.quarantine) == bad


@pytest.mark.parametrize(("bad", "share"), [(1, 0), (2, 0.01), (30, 0.29), (1, 0.009)])
def test_one_bad_row_more_stops_the_run_and_names_the_first(read, as_csv, profile, bad, share):
    rows = numbered(profile, 100, bad=range(7, 7 + bad))
    with pytest.raises(RawFileError) as error:
        read(as_csv(rows), limits={"max_bad_share": share})
    message = str(error.value)
    assert message.startswith("f.csv, row 8, column userid: found ''; expected a good row (no id;")
    assert f"{bad} of 100 rows are bad" in message
    assert "more than max_bad_share allows" in message


def test_strict_stops_at_one_bad_row_in_many(read, as_csv, profile):
    rows = numbered(profile, 300, bad=[299])
    with pytest.raises(RawFileError) as error:
        read(as_csv(rows), limits={"strict": True, "max_bad_share": 1})
    message = str(error.value)
    assert message.startswith("f.csv, row 300, column userid: found ''; expected a good row")
    assert "1 of 300 rows are bad" in message
    assert "more than strict allows" in message


def pages(*items):
    """A format of JSON of which each value is these items."""
    records = {"user": Records(("id",), account=dict(USER))}
    return Format(records, delimiter="", unnest=lambda value: iter(items))


USER = {
    **{"unit": "'user'", "native_id": "id"},
    **{"created_precision": "'none'", "created_source": "'none'"},
}


def test_a_gap_that_is_normal_is_set_aside_by_name_and_counts_towards_no_limit(read, monkeypatch):
    gone = "an account that is gone; expected one that is there"
    items = [Item("user", {"id": "1"}), Item("", gone, absence=True), Item("", gone, absence=True)]
    monkeypatch.setattr(reader, "format_named", lambda *_: pages(*items))
    found = read(b"{}", limits={"strict": True, "max_bad_share": 0})
    assert found.ledger[["records", "quarantined"]].to_numpy().tolist() == [[3, 2]]
    assert found.ledger["notes"].tolist() == [f"2 x absent: {gone}"]
    assert found.quarantine[["row", "reason", "kind"]].to_numpy().tolist() == [
        [2, gone, "absence"],
        [3, gone, "absence"],
    ]
    monkeypatch.setattr(reader, "format_named", lambda *_: pages(*items, Item("", "no user")))
    for limits in ({"strict": True}, {"max_bad_share": 0.2}):
        with pytest.raises(RawFileError, match=r"row 4, .*no user.* 1 of \d rows are bad"):
            read(b"{}", limits=limits)


def test_a_check_may_say_that_what_it_finds_is_a_gap(read, monkeypatch):
    hidden = Check("id", "id = '[deleted]'", "a deleted author; expected an id", absence=True)
    records = {"": Records(("id",), checks=(hidden,), account=dict(USER))}
    monkeypatch.setattr(reader, "format_named", lambda *_: Format(records))
    found = read(b"id\n1\n[deleted]\n2\n", limits={"strict": True})
    assert found.quarantine[["row", "kind"]].to_numpy().tolist() == [[2, "absence"]]
    assert found.accounts["native_id"].to_pylist() == ["1", "2"]


def test_strict_stops_where_the_first_fault_is_and_reads_no_further(
    read, as_csv, profile, monkeypatch
):
    rows = as_csv(numbered(profile, 4_000, bad=[1]))
    taken, fill, block = [], lines.Source.fill, len(rows) // 20
    monkeypatch.setattr(
        lines.Source, "fill", lambda self, size=block: taken.append(1) or fill(self, size)
    )
    with pytest.raises(RawFileError, match=r"^f\.csv, row 2, .* 1 of \d{3} rows are bad"):
        read(rows, limits={"strict": True})
    # The batch of the fault, and those that were cut ahead of it.
    assert len(taken) < 10
    taken.clear()
    assert read(rows).ledger["quarantined"].tolist() == [1]
    assert len(taken) > 20


def test_strict_names_a_row_with_too_few_cells(read, as_csv, profile):
    with pytest.raises(RawFileError, match=r"^f\.csv, row 2, column \(all\): found 'xxxxx,xxx'"):
        read(as_csv([profile]) + b"short,row\n", limits={"strict": True})


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("1.01421E+18", "9.09999E+18"),
        ("1014210000000000000", "9099990000000000000"),
        ("7/3/2018", "7/3/2018"),
        ("2021-04-22 13:45:10 CST", "2021-04-22 13:45:10 CST"),
        ("Mallory 王 <m@example.org>", "xxxxxxx x <x@xxxxxxx.xxx>"),
    ],
)
def test_a_message_shows_a_value_by_its_shape(read, as_csv, profile, value, shown):
    # Logs lie outside the folder that names and ids may be in.
    with pytest.raises(RawFileError) as error:
        read(as_csv([profile | {"follower_count": value}]), limits={"strict": True})
    assert f"column follower_count: found '{shown}'; expected a good row (not a count" in str(
        error.value
    )


def test_strict_accepts_a_file_without_a_fault(read, as_csv, profile):
    found = read(as_csv(numbered(profile, 3)), limits={"strict": True, "max_bad_share": 0})
    assert found.ledger["records"].tolist() == [3]


def test_the_limit_of_the_configuration_reaches_the_archive(read, as_csv, profile):
    content = gzip.compress(as_csv([profile]))
    with pytest.raises(RawFileError, match=r"ingest\.max_unpacked_gib"):
        read(content, limits={"max_unpacked_gib": 10 / 2**30})


# --- the complete Thai release, counted with the csv module alone


@pytest.fixture(scope="module")
def release(realdata):
    return realdata / "x-thailand-2020"


@pytest.fixture(scope="module")
def raw_users(release):
    with (release / "thailand_092020_users_csv_hashed.csv").open(encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


@pytest.fixture(scope="module")
def raw_tweets(release):
    with zipfile.ZipFile(release / "thailand_092020_tweets_csv_hashed.zip") as archive:
        text = archive.read("thailand_092020_tweets_csv_hashed.csv").decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture(scope="module")
def thai_users(release, read):
    return read(release / "thailand_092020_users_csv_hashed.csv")


@pytest.fixture(scope="module")
def thai_tweets(release, read):
    return read(release / "thailand_092020_tweets_csv_hashed.zip", TWEETS)


def test_thai_release_every_record_is_there(thai_users, thai_tweets, raw_users, raw_tweets):
    assert len(raw_users) == len(thai_users.accounts) == 926
    assert len(raw_tweets) == len(thai_tweets.posts) == 21_385
    assert len(thai_users.quarantine) == len(thai_tweets.quarantine) == 0
    assert thai_users.ledger[["records", "quarantined"]].to_numpy().tolist() == [[926, 0]]
    assert thai_tweets.ledger[["records", "quarantined"]].to_numpy().tolist() == [[21_385, 0]]


def test_thai_release_authors(thai_tweets, raw_tweets):
    authors = {row["userid"] for row in raw_tweets}
    assert len(authors) == 455
    assert sorted(thai_tweets.accounts["native_id"].to_pylist()) == sorted(authors)
    assert len(set(thai_tweets.posts["account_id"].to_pylist())) == 455


def keyed(kind, native_id, key):
    """The pseudonym of an id of X, by the standard library alone."""
    hashed = hashlib.blake2s(
        f"x:{native_id}".encode(),
        key=hashlib.sha256(key).digest(),
        person=kind.encode(),
        digest_size=10,
    )
    return f"{kind[0]}_{hashed.hexdigest()}"


def test_thai_release_every_pseudonym_is_a_keyed_hash(thai_tweets, raw_tweets, key):
    posts = thai_tweets.posts
    assert posts["post_id"].to_pylist() == [keyed("post", r["tweetid"], key) for r in raw_tweets]
    assert posts["account_id"].to_pylist() == [
        keyed("account", r["userid"], key) for r in raw_tweets
    ]
    assert len(set(posts["post_id"].to_pylist())) == 21_385


def test_thai_release_every_post_is_known_to_the_millisecond(thai_tweets, raw_tweets):
    epoch = dt.datetime(2010, 11, 4, 1, 42, 54, 657_000, tzinfo=dt.UTC)
    millisecond = dt.timedelta(milliseconds=1)
    moments = [epoch + (int(row["tweetid"]) >> 22) * millisecond for row in raw_tweets]
    assert thai_tweets.posts["posted_at"].to_pylist() == moments
    assert set(thai_tweets.posts["posted_precision"].to_pylist()) == {"ms"}
    stated = [row["tweet_time"] for row in raw_tweets]
    assert [f"{moment:%Y-%m-%d %H:%M}" for moment in moments] == stated


def test_thai_release_every_creation_is_known_to_the_day(thai_users, raw_users):
    created = thai_users.accounts["created_at"].to_pylist()
    assert [f"{day:%Y-%m-%d}" for day in created] == [r["account_creation_date"] for r in raw_users]
    assert {day.time() for day in created} == {dt.time(0)}
    assert set(thai_users.accounts["created_precision"].to_pylist()) == {"day"}
    top = collections.Counter(f"{day:%Y-%m-%d}" for day in created).most_common(5)
    assert top == [
        ("2019-12-08", 106),
        ("2020-01-09", 105),
        ("2020-01-14", 88),
        ("2019-12-07", 72),
        ("2020-01-13", 71),
    ]


def test_thai_release_kinds(thai_tweets, raw_tweets):
    reposts = sum(row["is_retweet"] == "true" for row in raw_tweets)
    replies = sum(
        row["is_retweet"] == "false" and row["in_reply_to_tweetid"] != "" for row in raw_tweets
    )
    assert reposts == 11_199
    assert collections.Counter(thai_tweets.posts["kind"].to_pylist()) == {
        "repost": reposts,
        "reply": replies,
        "post": 21_385 - reposts - replies,
    }


def test_thai_release_texts_and_counts_are_the_raw_ones(thai_tweets, raw_tweets):
    posts = thai_tweets.posts
    # The release writes & and its like as HTML does.
    assert posts["text"].to_pylist() == [html.unescape(row["tweet_text"]) for row in raw_tweets]
    for field, column in (
        ("likes", "like_count"),
        ("replies", "reply_count"),
        ("reposts", "retweet_count"),
    ):
        assert posts[field].to_pylist() == [int(row[column]) for row in raw_tweets]


@pytest.mark.parametrize("column", ["urls", "hashtags", "user_mentions"])
def test_thai_release_lists_are_what_python_reads_in_them(thai_tweets, raw_tweets, column, key):
    expected = [ast.literal_eval(row[column] or "[]") for row in raw_tweets]
    if column == "user_mentions":
        expected = [[keyed("account", item, key) for item in row] for row in expected]
    stored = thai_tweets.posts[column.removeprefix("user_")].to_pylist()
    assert stored == expected
    assert any(len(row) > 1 for row in expected)
