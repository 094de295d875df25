"""Placeholders where a time is due: no times, in every format, told in the ledger."""

import datetime as dt

import duckdb
import pytest

from hydrascope.ingest.placeholders import no_time_sql

ACCOUNTS = {"records": "accounts", "fields": {"native_id": "id", "created_at": "made"}}
POSTS = {
    "records": "posts",
    "fields": {"native_id": "id", "account_id": "who", "text": "text", "posted_at": "at"},
}
LISTED = {"platform": "forum", "snapshot": "2021-12-01"}


def of(time):
    return f"a placeholder such as 1970-01-01 in place of the time of {time}, taken for none"


def is_none(text):
    with duckdb.connect() as base:
        time = "try_cast(value AS TIMESTAMP)"
        return base.execute(
            f"SELECT {no_time_sql(time, 'value')} FROM (SELECT $value AS value, "
            "'2021-12-01' AS day)".replace("$snapshot", "day"),
            {"value": text},
        ).fetchone()[0]


@pytest.mark.parametrize(
    "text",
    [
        *("1970-01-01", "1970-01-01 00:00:00", "1970-01-01 08:00:00", "1969-12-31 23:59:59"),
        *("1969-12-31 16:00:00", "1970-01-01 00:00:01", "1900-01-01", "0001-01-01"),
        *("0001-01-01 00:00:00", "1899-12-30", "1899-12-31", "1904-01-01", "1601-01-01"),
        *("9999-12-31", "9999-12-31 23:59:59", "9999-12-30 16:00:00", "1980-01-01", "2038-01-19"),
        *("0", "1", "-1", "0.0", "0000-00-00", "0000-00-00 00:00:00", "00/00/0000"),
        *("1/1/0001 12:00:00 AM", "01.01.1970", "12/31/9999", "-62135596800", "253402300799999"),
    ],
)
def test_the_zeros_of_clocks_are_no_times(text):
    assert is_none(text) is True


@pytest.mark.parametrize(
    "text",
    ["1970-01-19", "2004-02-04", "2021-11-30 23:59:59", "2199-01-01", "", "2", "-2", "yesterday"],
)
def test_other_times_are_left_to_the_checks(text):
    assert is_none(text) is False


def lines(header, rows):
    return "\n".join([header, *rows, ""]).encode()


@pytest.mark.parametrize(
    ("spec", "values"),
    [
        ({"column": "made", "format": "epoch"}, ["0", "1", "-1", "-62135596800", "253402300799"]),
        ({"column": "made", "format": "epoch_ms"}, ["0", "1000", "-1000", "-62135596800000"]),
        ("made", ["0001-01-01", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+08:00", "0"]),
        ("made", ["9999-12-31", "9999-12-31T23:59:59-11:00", "1970-01-01T00:00:00-05:00"]),
        ({"column": "made", "zone": "Asia/Shanghai"}, ["1970-01-01 00:00", "1970-01-01 08:00:00"]),
        ({"column": "made", "format": "%m/%d/%Y"}, ["01/01/0001", "01/01/1900", "12/31/9999"]),
    ],
)
def test_accounts_with_placeholders_are_kept_without_a_date(read, spec, values):
    fields = {"native_id": "id", "created_at": spec}
    values = [value for value in values if value != "-1000"]
    rows = [f"a{n},{value}" for n, value in enumerate(values)]
    found = read(
        lines("id,made", rows),
        "csv:m",
        column_maps={"m": ACCOUNTS | {"fields": fields}},
        limits={"strict": True},
        **LISTED,
    )
    assert found.accounts["created_at"].null_count == len(found.accounts) == len(values)
    assert set(found.accounts["created_precision"].to_pylist()) == {"none"}
    assert set(found.accounts["created_source"].to_pylist()) == {"none"}
    assert found.ledger["notes"][0].startswith(f"{len(values)} x {of('creation')}")


def test_the_ledger_names_a_day_that_many_share(read):
    good = "1589049583"
    rows = [f"a{n},{0 if n % 5 == 0 else good}" for n in range(300)]
    fields = {"native_id": "id", "created_at": {"column": "made", "format": "epoch"}}
    maps = {"m": ACCOUNTS | {"fields": fields}}
    found = read(lines("id,made", rows), "csv:m", column_maps=maps, **LISTED)
    assert found.accounts["created_at"].null_count == 60
    assert found.ledger["notes"][0] == f"60 x {of('creation')} (60 of them 1970-01-01)"
    assert found.ledger["quarantined"][0] == 0


@pytest.mark.parametrize(("platform", "day"), [("x", "2006-03-20"), ("forum", "1979-11-30")])
def test_a_creation_before_the_platform_opened_is_no_date_and_named(read, platform, day):
    rows = [*(f"a{n},{day}" for n in range(7)), "b,2021-01-01", "c,1950-02-03"]
    found = read(
        lines("id,made", rows),
        "csv:m",
        column_maps={"m": ACCOUNTS},
        **LISTED | {"platform": platform},
    )
    assert found.accounts["created_at"].null_count == 8
    assert found.ledger["notes"][0] == (
        f"8 x a time of creation before the platform opened, taken for none (7 of them {day})"
    )


def test_a_post_with_a_placeholder_is_kept_undated_and_one_without_a_time_set_aside(read):
    rows = ["1,a,words,1970-01-01T00:00:00Z", "2,a,words,2021-05-01T10:00:00Z", "3,b,words,"]
    rows += ["4,b,words,1975-05-01", "5,b,words,0"]
    found = read(lines("id,who,text,at", rows), "csv:m", column_maps={"m": POSTS}, **LISTED)
    times = found.posts.select(["native_id", "posted_at", "posted_precision"]).to_pylist()
    assert times == [
        {"native_id": "1", "posted_at": None, "posted_precision": "none"},
        {
            "native_id": "2",
            "posted_at": dt.datetime(2021, 5, 1, 10, tzinfo=dt.UTC),
            "posted_precision": times[1]["posted_precision"],
        },
        {"native_id": "5", "posted_at": None, "posted_precision": "none"},
    ]
    assert found.quarantine["row"].tolist() == [3, 4]
    assert f"2 x {of('posting')}" in found.ledger["notes"][0]


def test_formats_of_platforms_keep_what_has_a_placeholder(read, as_csv, tweet):
    csv = as_csv(
        [
            tweet | {"tweet_time": "1970-01-01 00:00", "tweetid": "1"},
            tweet | {"account_creation_date": "1970-01-01", "tweetid": "2"},
            tweet | {"account_creation_date": "2006-03-20", "tweetid": "3"},
        ],
        "x_archive_tweets",
    )
    found = read(csv, "x_archive_tweets", limits={"strict": True})
    assert found.posts["posted_precision"].to_pylist() == ["none", "min", "min"]
    assert found.posts["posted_at"].null_count == 1
    assert sorted(found.accounts["created_source"].to_pylist()) == ["api", "none", "none"]
    assert found.ledger["notes"][0] == (
        f"1 x {of('creation')}; 1 x {of('posting')}; "
        "1 x a time of creation before the platform opened, taken for none"
    )


def test_a_study_may_say_when_a_platform_opened(read):
    rows = ["a,2013-08-13", "b,2013-08-14"]
    maps = {"m": ACCOUNTS}
    for starts, missing in ((None, 0), ({"Forum": "2013-08-14"}, 1), ({"x": "2020-01-01"}, 0)):
        found = read(lines("id,made", rows), "csv:m", column_maps=maps, starts=starts, **LISTED)
        assert found.accounts["created_at"].null_count == missing
    posts = ["1,a,words,2013-08-13", "2,a,words,2013-08-14"]
    found = read(
        lines("id,who,text,at", posts),
        "csv:m",
        column_maps={"m": POSTS},
        starts={"forum": "2013-08-14"},
        **LISTED,
    )
    assert found.quarantine["row"].tolist() == [1]
    assert found.posts["native_id"].to_pylist() == ["2"]
