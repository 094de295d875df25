"""What was asked for, what was found, and the intervals that follow from nothing else."""

import datetime as dt

import duckdb
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hydrascope.contracts import ACCOUNTS
from hydrascope.ingest import snapshots
from hydrascope.ingest.mapping import ASKED, DERIVED_ACCOUNTS

DAYS = ["2021-04-22", "2021-05-22", "2021-06-22", "2021-07-22"]


def file_row(day, name="channels.json", form="youtube_api", platform="youtube", folder=True):
    file = f"{platform}/{day}/{name}" if folder else f"{platform}-{day}-{name}"
    return {"file": file, "format": form, "platform": platform, "snapshot": day}


def account(native_id, row, derived=False):
    held = {"platform": row["platform"], "native_id": native_id, "source_file": row["file"]}
    empty = dict.fromkeys(DERIVED_ACCOUNTS.names)
    return empty | held | {"account_id": f"a_{native_id}", "derived": derived}


class Study:
    """Files with what they hold, and what follows from them."""

    def __init__(self, *held, lists=(), stated=None, gone=None):
        files = pd.DataFrame([row for row, _ in (*held, *lists)])
        self.files = snapshots.scopes(files, stated or {})
        rows = [
            account(one, row) if isinstance(one, str) else one(row)
            for row, ids in held
            for one in ids
        ]
        asked = [
            {"platform": row["platform"], "account_id": f"a_{one}", "source_file": row["file"]}
            | (gone or {})
            for row, ids in lists
            for one in ids
        ]
        base = duckdb.connect()
        found = base.from_arrow(pa.Table.from_pylist(rows, DERIVED_ACCOUNTS))
        listed = base.from_arrow(pa.Table.from_pylist(asked, ASKED))
        self.seen = snapshots.sightings(base, self.files, found, listed)
        unique = {(row["platform"], row["native_id"]): row for row in rows}
        table = pa.Table.from_pylist(
            [{name: row[name] for name in ACCOUNTS.names} for row in unique.values()], ACCOUNTS
        )
        self.accounts = snapshots.removals(base, table, self.seen)

    @property
    def removed(self):
        """The interval of each account that has one, as days."""
        return {
            row["native_id"]: (f"{row['removed_after']:%F}", f"{row['removed_before']:%F}")
            for row in self.accounts.to_pylist()
            if row["removed_before"]
        }

    @property
    def listing(self):
        """Scope, ids asked for and found, by format and day."""
        table = snapshots.snapshots(self.files, self.seen, "toy")
        keys = ["format", "taken_at", "scope", "ids_asked", "ids_found"]
        return [tuple(row) for row in table[keys].itertuples(index=False)]


def author(native_id):
    """An account that only a post names."""
    return lambda row: account(native_id, row, derived=True)


def test_what_an_earlier_day_holds_and_a_later_one_lacks_was_removed_between_them():
    study = Study(
        (file_row(DAYS[0]), ["a", "b", "c"]),
        (file_row(DAYS[1]), ["a", "c", "d"]),
        (file_row(DAYS[2]), ["a", "d"]),
    )
    assert study.removed == {"b": (DAYS[0], DAYS[1]), "c": (DAYS[1], DAYS[2])}
    assert study.listing == [
        ("youtube_api", DAYS[0], "cumulative", 3, 3),
        ("youtube_api", DAYS[1], "cumulative", 4, 3),
        ("youtube_api", DAYS[2], "cumulative", 4, 2),
    ]


def test_an_account_that_is_gone_and_back_was_not_removed():
    days = [(file_row(DAYS[0]), ["a"]), (file_row(DAYS[1]), []), (file_row(DAYS[2]), ["a"])]
    assert Study(*days).removed == {}


def test_the_interval_ends_with_the_first_day_on_which_it_was_missed():
    ids = (["a", "b"], ["b"], ["b"], [])
    study = Study(*[(file_row(day), held) for day, held in zip(DAYS, ids, strict=True)])
    # Of a day whose export holds nothing nothing is known, least of all that all is gone.
    assert study.removed == {"a": (DAYS[0], DAYS[1])}


@pytest.mark.parametrize("folder", [True, False])
def test_a_whole_release_removes_nothing(folder):
    days = [(file_row(day, folder=folder), [one]) for day, one in zip(DAYS, "ab", strict=False)]
    study = Study(*days, stated={"youtube_api": "whole release"})
    assert study.removed == {}
    assert {scope for _, _, scope, *_ in study.listing} == {"whole release"}


def test_a_file_outside_dated_folders_is_cumulative_only_if_the_study_says_so():
    days = [(file_row(day, folder=False), [one]) for day, one in zip(DAYS, "ab", strict=False)]
    assert Study(*days).removed == {}
    assert Study(*days, stated={"youtube_api": "cumulative"}).removed == {"a": (DAYS[0], DAYS[1])}


def went(day):
    return dt.datetime.fromisoformat(f"{day}T13:14:15+00:00")


def compliance(day=DAYS[1]):
    return file_row(day, "gone.jsonl", "x_compliance")


@pytest.mark.parametrize("held_then", [["a", "c"], None])
def test_what_is_named_as_gone_was_asked_for_and_nothing_else_was(held_then):
    days = [(file_row(DAYS[0]), ["a", "b", "c", "d"])]
    days += [(file_row(DAYS[1]), held_then)] if held_then else []
    study = Study(*days, lists=[(compliance(), ["b"])], gone={"reason": "suspended"})
    # An export of that day asks for all that it had, as without the list.
    more = {"d": (DAYS[0], DAYS[1])} if held_then else {}
    assert study.removed == {"b": (DAYS[0], DAYS[1]), **more}
    assert ("x_compliance", DAYS[1], "gone", 1, 0) in study.listing
    sights = study.seen.to_pandas()
    assert sights.loc[sights["reason"] == "suspended", "account_id"].tolist() == ["a_b"]


def test_a_stated_moment_is_the_day_of_the_removal():
    gone = {"reason": "suspended", "gone_at": went("2021-05-03")}
    days = [(file_row(DAYS[0]), ["a", "b"]), (file_row(DAYS[1]), ["a"])]
    study = Study(*days, lists=[(compliance(DAYS[2]), ["b"])], gone=gone)
    assert study.removed == {"b": ("2021-05-03", "2021-05-04")}


def test_a_moment_before_the_account_was_last_found_says_nothing():
    gone = {"reason": "suspended", "gone_at": went("2021-04-03")}
    study = Study((file_row(DAYS[0]), ["a"]), lists=[(compliance(), ["a"])], gone=gone)
    assert study.removed == {"a": (DAYS[0], DAYS[1])}
    back = [(file_row(day), ["a"]) for day in (DAYS[0], DAYS[2])]
    gone["gone_at"] = went("2021-05-03")
    assert Study(*back, lists=[(compliance(), ["a"])], gone=gone).removed == {}


def test_an_account_that_stands_twice_in_such_a_list_has_one_sighting():
    gone = {"reason": "suspended", "gone_at": went("2021-05-03")}
    study = Study((file_row(DAYS[0]), ["a"]), lists=[(compliance(), ["a", "a"])], gone=gone)
    assert study.seen.num_rows == 2
    assert study.removed == {"a": ("2021-05-03", "2021-05-04")}


def test_a_list_says_for_its_day_what_was_asked_for():
    listed = file_row(DAYS[1], "asked.csv", "csv:asked")
    study = Study(
        (file_row(DAYS[0]), ["a", "b", "c"]),
        (file_row(DAYS[1]), ["a"]),
        lists=[(listed, ["a", "b", "never"])],
    )
    # c is not there either, but nobody asked for it.
    assert study.removed == {"b": (DAYS[0], DAYS[1])}
    assert study.listing == [
        ("csv:asked", DAYS[1], "listed", 3, 1),
        ("youtube_api", DAYS[0], "cumulative", 3, 3),
        ("youtube_api", DAYS[1], "listed", 0, 0),
    ]


def test_a_list_of_one_platform_says_nothing_of_another():
    listed = file_row(DAYS[1], "asked.csv", "csv:asked", platform="x")
    study = Study(
        (file_row(DAYS[0]), ["a"]),
        (file_row(DAYS[1]), ["b"]),
        lists=[(listed, ["a"])],
    )
    assert study.removed == {"a": (DAYS[0], DAYS[1])}


def test_exports_of_two_formats_do_not_remove_each_other_s_accounts():
    study = Study(
        (file_row(DAYS[0], "pages.json", "page_transparency", "facebook"), ["page"]),
        (file_row(DAYS[1], "profiles.csv", "facebook_profiles", "facebook"), ["profile"]),
    )
    assert study.removed == {}


def test_an_author_of_a_post_was_neither_found_nor_asked_for():
    study = Study(
        (file_row(DAYS[0]), ["a", author("writer")]),
        (file_row(DAYS[1]), [author("a")]),
        (file_row(DAYS[2]), ["b"]),
    )
    # a wrote on the second day, but no record of the account was there.
    assert study.removed == {"a": (DAYS[0], DAYS[2])}


IDS = st.lists(st.sampled_from("abcd"), unique=True)


@settings(max_examples=60)
@given(st.lists(IDS, min_size=1, max_size=4), st.dictionaries(st.integers(0, 3), IDS, max_size=2))
def test_the_intervals_are_those_of_sets(days, lists):
    held = [(file_row(day), ids) for day, ids in zip(DAYS, days, strict=False)]
    asked = [
        (file_row(DAYS[n], "asked.csv", "csv:asked"), ids)
        for n, ids in lists.items()
        if n < len(days) and ids
    ]
    expected = {}
    by_list = {row["snapshot"]: set(ids) for row, ids in asked}
    for one in {one for ids in days for one in ids}:
        found = [n for n, ids in enumerate(days) if one in ids]
        first, last = found[0], found[-1]
        for n in range(last + 1, len(days)):
            usual = days[n] and n > first and DAYS[n] not in by_list
            if usual or one in by_list.get(DAYS[n], ()):
                expected[one] = (DAYS[last], DAYS[n])
                break
    assert Study(*held, lists=asked).removed == expected


def on(platform, native_id):
    """An account whose record names its platform."""
    return lambda row: account(native_id, row) | {"platform": platform}


def test_each_platform_of_a_file_that_holds_two_is_listed():
    files = [file_row(day, "all.csv", "csv:all", "x") for day in DAYS[:2]]
    study = Study(
        (files[0], ["a", on("facebook", "page")]),
        (files[1], ["a", on("facebook", "other")]),
    )
    assert study.removed == {"page": (DAYS[0], DAYS[1])}
    table = snapshots.snapshots(study.files, study.seen, "toy")
    assert table.columns.tolist() == [
        *("collection", "platform", "format", "taken_at", "scope", "ids_asked", "ids_found")
    ]
    assert table.drop(columns=["collection", "format", "scope"]).to_numpy().tolist() == [
        ["facebook", DAYS[0], 1, 1],
        ["facebook", DAYS[1], 2, 1],
        ["x", DAYS[0], 1, 1],
        ["x", DAYS[1], 1, 1],
    ]
    assert set(table["collection"]) == {"toy"}


def test_a_day_is_listed_once_though_its_files_lie_in_two_places():
    study = Study(
        (file_row(DAYS[0]), ["a"]),
        (file_row(DAYS[1], folder=False), ["c"]),
        (file_row(DAYS[1]), ["b"]),
    )
    assert study.removed == {"a": (DAYS[0], DAYS[1])}
    assert study.listing == [
        ("youtube_api", DAYS[0], "cumulative", 1, 1),
        ("youtube_api", DAYS[1], "cumulative", 3, 2),
    ]


def test_a_file_without_accounts_is_listed_all_the_same():
    assert Study((file_row(DAYS[0]), [])).listing == [("youtube_api", DAYS[0], "cumulative", 0, 0)]
    posts = file_row(DAYS[1], "comments.json", "csv:comments")
    asked = file_row(DAYS[1], "asked.csv", "csv:asked")
    study = Study((posts, [author("a")]), lists=[(asked, ["b"])])
    assert study.listing == [
        ("csv:asked", DAYS[1], "listed", 1, 0),
        ("csv:comments", DAYS[1], "listed", 0, 0),
    ]


def test_an_id_that_was_asked_for_and_never_found_was_not_removed():
    lists = [(file_row(day, "asked.csv", "csv:asked"), ["a", "ghost"]) for day in DAYS[:2]]
    study = Study((file_row(DAYS[0]), ["a"]), (file_row(DAYS[1]), ["a"]), lists=lists)
    assert study.removed == {}
    assert "a_ghost" in study.seen["account_id"].to_pylist()
    assert [row for row in study.listing if row[0] == "csv:asked"] == [
        ("csv:asked", day, "listed", 2, 1) for day in DAYS[:2]
    ]


def test_an_account_on_a_list_counts_as_found_by_whatever_format_had_it():
    asked = file_row(DAYS[1], "asked.csv", "csv:asked")
    study = Study(
        (file_row(DAYS[0]), ["a", "b"]),
        (file_row(DAYS[1], "new.csv", "csv:new"), ["a"]),
        lists=[(asked, ["a", "b"])],
    )
    assert study.removed == {"b": (DAYS[0], DAYS[1])}
    assert ("csv:asked", DAYS[1], "listed", 2, 1) in study.listing


def test_a_list_of_a_later_day_finds_what_a_whole_release_had():
    asked = file_row(DAYS[2], "asked.csv", "csv:asked")
    study = Study(
        (file_row(DAYS[0], "users.csv", "x_archive_users", "youtube", folder=False), ["a", "b"]),
        (file_row(DAYS[2], "new.csv", "csv:new", folder=False), ["b"]),
        lists=[(asked, ["a", "b"])],
    )
    assert study.removed == {"a": (DAYS[0], DAYS[2])}


def test_an_account_that_came_late_was_not_asked_for_before():
    study = Study((file_row(DAYS[0]), ["a"]), (file_row(DAYS[1]), ["a", "b"]))
    asked = study.seen.filter(study.seen["asked"]).select(["account_id", "taken_at"]).to_pylist()
    assert {"account_id": "a_b", "taken_at": DAYS[0]} not in asked
    assert study.removed == {}


def test_the_ends_of_an_interval_are_whole_days_in_utc():
    study = Study((file_row(DAYS[0]), ["a"]), (file_row(DAYS[1]), ["b"]))
    (row,) = [row for row in study.accounts.to_pylist() if row["native_id"] == "a"]
    ends = [row["removed_after"].isoformat(), row["removed_before"].isoformat()]
    assert ends == [f"{day}T00:00:00+00:00" for day in DAYS[:2]]
    assert study.accounts.schema.equals(ACCOUNTS)


def test_the_order_of_files_and_rows_moves_nothing():
    days = [(file_row(day), list(ids)) for day, ids in zip(DAYS, ("abc", "ac", "bd"), strict=False)]
    asked = [(file_row(DAYS[3], "asked.csv", "csv:asked"), ["c", "a"])]
    one = Study(*days, lists=asked)
    other = Study(*((row, ids[::-1]) for row, ids in days[::-1]), lists=asked)
    assert one.seen.equals(other.seen)
    assert one.listing == other.listing
    assert one.removed == other.removed == {"a": (DAYS[1], DAYS[2]), "c": (DAYS[1], DAYS[2])}


def test_stated_scopes_go_before_folders_for_their_format_alone():
    rows = [
        file_row(DAYS[0]),
        file_row(DAYS[0], folder=False),
        file_row(DAYS[0], "a.csv", "csv:a"),
        file_row(DAYS[0], "a.csv", "csv:a", folder=False),
    ]
    scoped = snapshots.scopes(pd.DataFrame(rows), {"csv:a": "whole release"})
    assert scoped["scope"].tolist() == ["cumulative"] + ["whole release"] * 3
    scoped = snapshots.scopes(pd.DataFrame(rows), {"csv:a": "cumulative", "other": "cumulative"})
    assert scoped["scope"].tolist() == ["cumulative", "whole release", "cumulative", "cumulative"]
    assert "scope" in snapshots.scopes(pd.DataFrame(rows), {}).columns


EXPORT = st.fixed_dictionaries(
    {
        "day": st.sampled_from(DAYS),
        "form": st.sampled_from(["youtube_api", "csv:a"]),
        "platform": st.sampled_from(["youtube", "x"]),
        "folder": st.booleans(),
        "ids": st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=4),
    }
)
LIST = st.fixed_dictionaries(
    {
        "day": st.sampled_from(DAYS),
        "platform": st.sampled_from(["youtube", "x"]),
        "ids": st.lists(st.sampled_from("abcz"), min_size=1, max_size=3, unique=True),
    }
)


def reference(exports, lists):
    """What was asked for and found by platform, format and day, and what was removed, as sets."""
    found, cumulative, everywhere, asked = {}, set(), {}, {}
    for one in exports:
        ids = {native_id for native_id, derived in one["ids"] if not derived}
        key = one["platform"], one["form"], one["day"]
        found.setdefault(key, set()).update(ids)
        everywhere.setdefault((one["platform"], one["day"]), set()).update(ids)
        if one["folder"] and ids:
            cumulative.add(key)
    by_list = {}
    for one in lists:
        by_list.setdefault((one["platform"], one["day"]), set()).update(one["ids"])
    for platform, form, day in cumulative:
        if (platform, day) not in by_list:
            earlier = [
                ids for (p, f, d), ids in found.items() if (p, f) == (platform, form) and d <= day
            ]
            asked[platform, form, day] = set().union(*earlier)
    for (platform, day), ids in by_list.items():
        asked[platform, "csv:asked", day] = ids
    counts = {
        (platform, form, day): (len(ids), len(ids & everywhere.get((platform, day), set())))
        for (platform, form, day), ids in asked.items()
    }
    removed = {}
    for platform, native_id in {(key[0], one) for key, ids in found.items() for one in ids}:
        sights = {d for (p, d), ids in everywhere.items() if p == platform and native_id in ids}
        missed = {d for (p, _, d), ids in asked.items() if p == platform and native_id in ids}
        later = [day for day in missed if day > max(sights)]
        if later:
            removed[platform, native_id] = max(sights), min(later)
    return counts, removed


@settings(max_examples=40)
@given(st.lists(EXPORT, min_size=1, max_size=6), st.lists(LIST, max_size=2))
def test_everything_is_as_a_plain_reference_says(exports, lists):
    held, asked = [], []
    for n, one in enumerate(exports):
        row = file_row(one["day"], f"{n}.json", one["form"], one["platform"], one["folder"])
        held.append((row, [made(row["platform"], *each) for each in one["ids"]]))
    for n, one in enumerate(lists):
        ids = [f"{one['platform']}:{native_id}" for native_id in one["ids"]]
        asked.append((file_row(one["day"], f"l{n}", "csv:asked", one["platform"]), ids))
    study = Study(*held, lists=asked)
    counts, removed = reference(exports, lists)
    table = snapshots.snapshots(study.files, study.seen, "toy").set_index(
        ["platform", "format", "taken_at"]
    )
    assert table.index.is_unique
    got = dict(
        zip(table.index, zip(table["ids_asked"], table["ids_found"], strict=True), strict=True)
    )
    assert {key: two for key, two in got.items() if two[0]} == {
        key: two for key, two in counts.items() if two[0]
    }
    rows = [row for row in study.accounts.to_pylist() if row["removed_after"]]
    assert {
        (row["platform"], row["native_id"].partition(":")[2]): tuple(
            f"{row[end]:%F}" for end in ("removed_after", "removed_before")
        )
        for row in rows
    } == removed


def made(platform, native_id, derived):
    return lambda row: account(f"{platform}:{native_id}", row, derived)
