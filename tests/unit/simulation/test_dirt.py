"""Dirt on purpose: broken copies beside the good records, never in their place."""

import copy

import numpy as np
import pytest

from hydrascope.simulation.exports.dirt import FAULTS, broken_copies, broken_lines, mixed

USERS = [
    {"id": f"13402147589{number:08d}", "created_at": "2015-04-22T10:15:00.000Z"}
    for number in range(1, 901)
]


@pytest.fixture
def rng():
    return np.random.default_rng(4)


def test_good_records_stay_as_they_were(rng):
    before = copy.deepcopy(USERS)
    broken = broken_copies(USERS, FAULTS["user"], rng, 1.0)
    assert before == USERS
    assert len(broken) == len(FAULTS["user"])
    assert all(one not in USERS for one in broken)


def test_broken_records_stay_below_their_share(rng):
    assert len(broken_copies(USERS, FAULTS["user"], rng, 0.0025)) == 2
    assert broken_copies(USERS[:300], FAULTS["user"], rng, 0.0025) == []
    assert broken_copies([], FAULTS["user"], rng, 1.0) == []


def test_a_spreadsheet_shows_six_digits_of_an_id_and_then_writes_zeros(rng):
    shown, written, *_ = broken_copies(USERS, FAULTS["user"], rng, 1.0)
    assert shown["id"] == "1.34021E+18"
    assert written["id"] == "1340210000000000000"


def test_a_rewritten_date_has_its_day_first(rng):
    assert "22/04/2015" in [
        one["created_at"] for one in broken_copies(USERS, FAULTS["user"], rng, 1.0)
    ]


def test_a_line_breaks_off_and_an_error_stands_for_an_answer(rng):
    lines = ['{"items":[1,2,3]}'] * 5
    assert broken_lines(lines, "ERROR", rng, 9) == ['{"items"', "ERROR"]
    assert broken_lines(lines, "ERROR", rng, 1) == ['{"items"']
    assert broken_lines(lines, "ERROR", rng, 0) == []
    assert broken_lines([], "ERROR", rng, 9) == []


def test_what_is_mixed_in_never_comes_first_and_nothing_is_lost(rng):
    for _ in range(20):
        records = mixed(rng, "abc", "XY")
        assert records[0] == "a"
        assert [one for one in records if one.islower()] == list("abc")
        assert sorted(records) == list("XYabc")
