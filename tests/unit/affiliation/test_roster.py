import pandas as pd
import pytest

from hydrascope.affiliation.roster import roster_verdicts
from hydrascope.errors import TableError

ACCOUNTS = pd.DataFrame(
    {
        "account_id": ["c", "a", "d", "b"],
        "platform": ["x", "x", "facebook", "x"],
        "unit": ["user", "user", "page", "user"],
    }
)
NAMED = ["d", "c", "d", "of another collection"]


def test_every_account_gets_its_verdict_and_its_evidence_sorted_by_account():
    verdicts = roster_verdicts(ACCOUNTS, NAMED, "users.csv")
    assert list(verdicts.columns) == [
        *("account_id", "platform", "unit", "verdict", "verdict_without_timing", "evidence")
    ]
    assert verdicts.pop("verdict_without_timing").equals(verdicts["verdict"])
    assert verdicts.values.tolist() == [
        ["a", "x", "user", "undetermined", ""],
        ["b", "x", "user", "undetermined", ""],
        ["c", "x", "user", "affiliated", "named in the roster"],
        ["d", "facebook", "page", "affiliated", "named in the roster"],
    ]
    assert list(verdicts.index) == [0, 1, 2, 3]


def test_no_account_is_ever_unaffiliated_by_a_roster():
    assert set(roster_verdicts(ACCOUNTS, ["a"], "posts.csv")["verdict"]) == {
        "affiliated",
        "undetermined",
    }


def test_the_order_of_the_accounts_changes_nothing():
    pd.testing.assert_frame_equal(
        roster_verdicts(ACCOUNTS[::-1], NAMED[::-1], "users.csv"),
        roster_verdicts(ACCOUNTS, NAMED, "users.csv"),
    )


@pytest.mark.parametrize("accounts", [ACCOUNTS, ACCOUNTS[:0]], ids=["no match", "no account"])
def test_a_roster_without_an_account_is_an_error_that_names_it(accounts):
    with pytest.raises(TableError, match=r"^user.csv: found no account of the collection.*roster"):
        roster_verdicts(accounts, ["of another collection"], "user.csv")
