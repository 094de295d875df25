"""What is one account's own leaves in two digits."""

import numpy as np
import pandas as pd

from hydrascope.rounding import coarsened

EXACT = [0, 0.4, 0.6, 9.7, 10.4, 14.6, 99.6, 104, 290.959138, 3486.828056, 55936.2, np.inf]
ROUNDED = [0, 0, 1, 10, 10, 15, 100, 100, 300, 3500, 55000, np.inf]


def test_two_digits_are_left_and_no_fraction():
    table = pd.DataFrame({"hours": [*EXACT, np.nan], "share": 0.123})
    expected = table.assign(hours=[*ROUNDED, np.nan])
    pd.testing.assert_frame_equal(coarsened(table, ["hours"]), expected)


def test_other_rows_stay_as_they_are():
    table = pd.DataFrame({"of": ["days", "share"], "value": [290.9, 0.387], "low": [179.7, 0.172]})
    found = coarsened(table, ["value", "low"], table["of"] == "days")
    assert found.to_dict("list") == {
        "of": ["days", "share"],
        "value": [300, 0.387],
        "low": [200, 0.172],
    }


def test_a_table_without_rows_or_numbers_stays_one():
    table = pd.DataFrame({"hours": []})
    assert coarsened(table, ["hours"]).empty
    missing = pd.DataFrame({"hours": [None, None]})
    assert coarsened(missing, ["hours"])["hours"].isna().all()
