import pandas as pd
import pytest

from hydrascope.verify.compare import differences

TABLE = pd.DataFrame(
    {
        "platform": ["x", "x", "youtube"],
        "value": ["1.000000", "0.000000", "250"],
        "note": ["", "nan", "007"],
    }
)
CELLS = [(row, column) for column in TABLE for row in range(len(TABLE))]


def changed(row, column, text):
    table = TABLE.copy()
    table.loc[row, column] = text
    return table


def test_a_table_does_not_differ_from_itself():
    assert differences(TABLE.copy(), TABLE, {}) == []


@pytest.mark.parametrize(("row", "column"), CELLS)
def test_every_changed_cell_is_named(row, column):
    found = changed(row, column, "other")
    assert differences(found, TABLE, {"value": 0.5}) == [
        f"row {row + 1}, column {column}: found 'other', expected {TABLE.loc[row, column]!r}"
    ]


@pytest.mark.parametrize("column", TABLE)
def test_without_a_stated_tolerance_the_text_must_be_the_same(column):
    written_otherwise = {"value": "1.0000001", "platform": "X", "note": " "}
    found = changed(0, column, written_otherwise[column])
    assert len(differences(found, TABLE, {})) == 1


@pytest.mark.parametrize(
    ("cell", "tolerance", "number"),
    [
        ("1.009", 0.01, 0),
        ("0.991", 0.01, 0),
        ("1.02", 0.01, 1),
        ("0.98", 0.01, 1),
        ("-1.000000", 0.01, 1),
        ("", 0.5, 1),
        ("nan", 0.5, 1),
        ("inf", 0.5, 1),
        ("1.0", 0.0, 1),
    ],
)
def test_a_stated_tolerance_is_relative(cell, tolerance, number):
    found = changed(0, "value", cell)
    assert len(differences(found, TABLE, {"value": tolerance})) == number


def test_a_tolerance_holds_for_its_column_alone():
    table = TABLE.assign(other=TABLE["value"])
    found = table.assign(other=["1.001", "0.000000", "250"])
    assert len(differences(found, table, {"value": 0.5})) == 1
    assert differences(found, table, {"other": 0.5}) == []


def test_zero_is_met_by_zero_alone_whatever_the_tolerance():
    assert len(differences(changed(1, "value", "0.000001"), TABLE, {"value": 0.5})) == 1


@pytest.mark.parametrize(
    "found",
    [
        TABLE[["value", "platform", "note"]],
        TABLE[["platform", "value"]],
        TABLE.assign(more=""),
        TABLE.rename(columns={"note": "Note"}),
    ],
    ids=["order", "fewer", "more", "name"],
)
def test_columns_must_be_the_same_in_the_same_order(found):
    [line] = differences(found, TABLE, {})
    assert line.startswith("columns: found") and str(list(found.columns)) in line


@pytest.mark.parametrize(
    ("found", "rows"), [(TABLE[:2], 2), (TABLE[:0], 0), (pd.concat([TABLE, TABLE[:1]]), 4)]
)
def test_a_missing_or_additional_row_is_noticed(found, rows):
    assert differences(found, TABLE, {}) == [f"rows: found {rows}, expected 3"]


def test_swapped_rows_are_noticed():
    found = TABLE.iloc[[1, 0, 2]].reset_index(drop=True)
    assert len(differences(found, TABLE, {})) == 4
