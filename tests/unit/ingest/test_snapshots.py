"""What was asked for, what was found, and the intervals that follow from nothing else."""

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

    def __init__(self, *held, lists=(), stated=None):
        files = pd.DataFrame([row for row, _ in (*held, *lists)])
        self.files = snapshots.scopes(files, stated or {})
        rows = [
            account(one, row) if isinstance(one, str) else one(row)
            for row, ids in held
            for one in ids
        ]
        asked = [
            {"platform": row["platform"], "account_id": f"a_{one}", "source_file": row["file"]}
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
