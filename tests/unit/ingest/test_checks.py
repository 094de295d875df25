"""Checks that all formats share: which value is set aside, and what is said of it."""

import random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hydrascope.ingest.checks import (
    PLATFORM_STARTS,
    count_checks,
    id_checks,
    quoted,
    required_id_checks,
    time_checks,
)
from hydrascope.ingest.mapping import Check, Format, Origin, Records
from hydrascope.ingest.parsing import parsed_batches
from hydrascope.ingest.records import Batch

ORIGIN = Origin("x", "toy", "f.csv", "2022-01-01")
# A name that DuckDB takes only in quotes.
COLUMN = 'Post\'s id.of "it"'
SCIENTIFIC = "scientific notation"
ZEROS = "too many zeros at the end"
NESTED = "nested JSON where an id was due"


def reasons(checks, values, column=COLUMN):
    """What is said of each value of a batch, '' of those that are kept."""
    records = Records((column,), checks=tuple(checks), asked=quoted(column))
    table = pa.table({column: pa.array(values, pa.string()), "source_row": range(len(values))})
    batch = Batch("", table, [])
    (part,) = parsed_batches(iter([batch]), Format({"": records}), ORIGIN, b"a key of the tests")
    said = [""] * len(values)
    for fault in part.quarantined.to_pylist():
        assert (fault["column"], fault["value"]) == (column, values[fault["source_row"]])
        assert "; expected " in fault["reason"]
        said[fault["source_row"]] = fault["reason"].partition(";")[0].partition(":")[0]
    assert part.asked["native_id"].to_pylist() == [
        value for value, reason in zip(values, said, strict=True) if not reason
    ]
    return said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("", ""),
        ("7", ""),
        ("007", ""),
        ("1E+abc=", ""),
        ("e18", ""),
        ("1.01421E+18", SCIENTIFIC),
        ("1,01421E+18", SCIENTIFIC),
        ("1E+18", SCIENTIFIC),
        ("1e18", SCIENTIFIC),
        (" 1.5e18 ", SCIENTIFIC),
        # Ten zeros are damage; fewer, on an id alone, may be chance.
        ("1014210000000000000", ZEROS),
        ("1234567890000000000", ZEROS),
        ("1234567891000000000", ""),
        ("1234567891234000000", ""),
        # A short number is no id that a spreadsheet would have rounded.
        ("100000000000000", ""),
        ("1000000000000000", ZEROS),
        ("12340000000000", ""),
        ("a0000000000000000", ""),
        ('{"id":"1"}', NESTED),
        ("[1]", NESTED),
        ("x{1}", ""),
    ],
)
def test_an_id_alone(value, said):
    assert reasons(id_checks(COLUMN), [value]) == [said]
    assert reasons(id_checks(COLUMN), ["8", value, "9"]) == ["", said, ""]


def rounded(number, digits):
    """A number as a spreadsheet gives it back: fifteen digits and zeros."""
    return f"{number:.14e}".replace(".", "")[:15].ljust(digits, "0")


def drawn(count, digits, seed):
    draw = random.Random(seed)
    return [draw.randrange(10 ** (digits - 1), 10**digits) for _ in range(count)]


# By hand: the fewest n with n (1 + ln(m/n)) - m < ln 0.00001, of m = (50 + n) / 5^(digits - 15).
FEWEST = pytest.mark.parametrize(("digits", "fewest"), [(17, 14), (18, 7), (19, 5)])


@FEWEST
def test_ids_that_a_spreadsheet_has_rounded_are_damage_in_company(digits, fewest):
    ids = [f"{number}" for number in drawn(50, digits, seed=1)]
    assert not any(one.endswith("0" * (digits - 15)) for one in ids)
    damaged = [rounded(number, digits) for number in drawn(fewest, digits, seed=2)]
    assert reasons(id_checks(COLUMN), ids + damaged) == [""] * 50 + [ZEROS] * fewest
    assert reasons(id_checks(COLUMN), ids + damaged[1:]) == [""] * (49 + fewest)
    # One id, however often it stands there, is one.
    assert reasons(id_checks(COLUMN), ids + damaged[:1] * fewest) == [""] * (50 + fewest)


def test_only_ids_that_no_other_check_has_set_aside_keep_each_other_company():
    ids = [f"{number}" for number in drawn(50, 19, seed=1)]
    damaged = [rounded(number, 19) for number in drawn(5, 19, seed=2)]
    one = Check(COLUMN, f"{quoted(COLUMN)} = '{damaged[0]}'", "another; expected none")
    found = reasons([*id_checks(COLUMN), one], damaged + ids)
    assert found == ["another", *[""] * 54]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("", "no id"),
        ("   ", "no id"),
        ("7", ""),
        ("x" * 200, ""),
        ("x" * 201, "not an id"),
        ("1 2", "not an id"),
        (" 1", "not an id"),
        ("1\n", "not an id"),
        ("1\t2", "not an id"),
        ("1\0", "not an id"),
        ("уч-1", ""),
        ("1E+18", SCIENTIFIC),
        ("1014210000000000000", ZEROS),
        ('{"id": "1"}', NESTED),
    ],
)
def test_an_id_that_must_be_there(value, said):
    checks = required_id_checks(COLUMN, "account")
    assert reasons(checks, [value]) == [said]
    if said in ("no id", "not an id"):
        assert any("expected the id of the account" in check.reason for check in checks)


IDS = st.one_of(
    st.integers(0, 10**22).map(str),
    st.builds(lambda n, zeros: f"{n}{'0' * zeros}", st.integers(0, 10**9), st.integers(0, 20)),
    st.text("0123456789eE+., \n{[x", max_size=8),
)


@settings(max_examples=30)
@given(st.lists(IDS, min_size=20, max_size=60), st.booleans())
def test_what_is_cheaply_told_to_be_good_is_good(values, required):
    checks = required_id_checks(COLUMN, "post") if required else id_checks(COLUMN)
    assert all(check.unless for check in checks)
    all_looked_at = [check._replace(unless="") for check in checks]
    assert reasons(checks, values) == reasons(all_looked_at, values)


@pytest.mark.parametrize("value", ["", "0", "7", "007", "9" * 18])
def test_a_count_is_a_whole_number_or_nothing(value):
    assert reasons(count_checks([COLUMN]), [value]) == [""]
    assert reasons(count_checks([COLUMN], thousands=","), [value]) == [""]


@pytest.mark.parametrize(
    "value", ["1.5", "-1", "+1", "1e3", " 1", "1 ", "１", "many", "9" * 19, "NaN", "1\n", "1.000"]
)
def test_what_is_no_count(value):
    assert reasons(count_checks([COLUMN]), [value]) == ["not a count"]
    assert reasons(count_checks([COLUMN], thousands=","), [value]) == ["not a count"]


def test_thousands_are_read_only_where_the_format_has_them():
    assert reasons(count_checks([COLUMN], thousands=","), ["1,234,567"]) == [""]
    assert reasons(count_checks([COLUMN]), ["1,234,567"]) == ["not a count"]


def time_reasons(values, **options):
    read = f"try_strptime({quoted(COLUMN)}, '%Y-%m-%d %H:%M:%S')"
    return reasons(time_checks(COLUMN, read, expected="A FORM", **options), values)


def test_a_time_lies_between_the_platform_and_the_end_of_the_snapshots_day():
    values = ["2006-03-20 23:59:59", "2006-03-21 00:00:00", "2022-01-02 11:59:59"]
    # The day of the snapshot ends twelve hours later at the date line.
    values += ["2022-01-02 12:00:00", "2500-01-01 00:00:00"]
    before, after = "a time before the platform", "a time after the snapshot"
    found = time_reasons(values, start=PLATFORM_STARTS["x"])
    assert found == [before, "", "", after, after]
    assert time_reasons(values) == ["", "", "", after, after]


@pytest.mark.parametrize("value", ["7/3/2018", "03-07-2018", "7.3.18 12:00", "31/12/2018 1:00 PM"])
def test_a_date_that_two_countries_read_otherwise_is_called_that(value):
    assert time_reasons([value]) == ["a date that may be day-first or month-first"]


@pytest.mark.parametrize("value", ["43166", "2018-13-01 00:00:00", "absent", "2018/3/7", " "])
def test_what_is_no_time(value):
    assert time_reasons([value]) == ["not a time"]


def test_the_form_that_was_expected_is_named():
    checks = time_checks("at", "NULL::TIMESTAMP", expected="A FORM")
    assert ["expected A FORM" in check.reason for check in checks[:2]] == [True, True]
    assert "column map" in checks[0].reason


def test_a_missing_time_is_a_fault_only_where_one_is_required():
    assert time_reasons([""]) == [""]
    assert time_reasons([""], required=True) == ["not a time"]
