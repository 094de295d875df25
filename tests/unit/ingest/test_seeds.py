"""Seeds are found by platform and id, as text, and every fault is named."""

import pandas as pd
import pytest

from hydrascope.errors import TableError
from hydrascope.ingest.seeds import collected_seeds

ACCOUNTS = pd.DataFrame(
    {
        "account_id": ["a_1", "a_2", "a_3"],
        "platform": ["x", "x", "facebook"],
        "native_id": ["007", "8", "7"],
    }
)


def listed(*rows):
    return pd.DataFrame(rows, columns=["platform", "native_id"])


def test_ids_are_text_and_belong_to_a_platform():
    seeds = collected_seeds(
        listed(("x", "007"), ("x", "7"), ("facebook", " 7 ")), ACCOUNTS, "s.csv"
    )
    assert seeds.values.tolist() == [[1, "x", "a_1"], [2, "x", ""], [3, "facebook", "a_3"]]


@pytest.mark.parametrize("platform", ["X", " x", "Ｘ"])
def test_a_platform_is_known_however_it_is_written(platform):
    seeds = collected_seeds(listed((platform, "007")), ACCOUNTS, "s.csv")
    assert seeds.values.tolist() == [[1, "x", "a_1"]]


def test_a_seed_that_is_listed_twice_counts_once():
    seeds = collected_seeds(listed(("x", "8"), ("x", "8"), ("x", "007")), ACCOUNTS, "s.csv")
    assert seeds["row"].to_list() == [1, 3]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (listed(("x", "8"), ("x", " ")), "s.csv, row 2, column native_id: found nothing"),
        (pd.DataFrame({"platform": ["x"], "id": ["8"]}), "Add native_id"),
        (listed(("x", "9"), ("youtube", "8")), "found none of 2 seeds"),
        (listed(), "found none of 0 seeds"),
    ],
)
def test_a_fault_is_named(table, said):
    with pytest.raises(TableError, match=said):
        collected_seeds(table, ACCOUNTS, "s.csv")
