"""Verdicts: two groups of signals, the seeds decide, and undetermined is an answer."""

import numpy as np
import pandas as pd
import pytest

from hydrascope.affiliation.detect import detected_verdicts, evidence_table
from hydrascope.affiliation.signals import GROUPS
from hydrascope.errors import TableError

RULE = {"false_share": 0.05, "min_groups": 2, "rounds": 10, "most_holders": 100}
EMPTY = pd.DataFrame({"account_id": pd.Series(dtype=str), "thing": pd.Series(dtype=str)})
NETWORK = [f"net {number:02d}" for number in range(40)]
FANS = [f"fan {number:02d}" for number in range(40)]
OTHERS = [f"one {number:03d}" for number in range(400)]


def held(rng, people, label, things, size):
    rows = [
        (person, f"{label} {number}")
        for number in range(things)
        for person in rng.choice(people, size, replace=False)
    ]
    return pd.DataFrame(rows, columns=["account_id", "thing"]).drop_duplicates()


@pytest.fixture(scope="module")
def signals():
    """Two coordinated groups and people who copy at random, with texts and templates."""
    rng = np.random.default_rng(11)
    everybody = [*NETWORK, *FANS, *OTHERS]
    alone = pd.DataFrame({"account_id": everybody, "thing": everybody})
    texts = pd.concat(
        [held(rng, NETWORK, "net", 60, 6), held(rng, FANS, "fan", 60, 6)]
        + [held(rng, everybody, "all", 300, 4), alone]
    )
    handles = pd.concat(
        [held(rng, NETWORK, "net", 16, 9), held(rng, FANS, "fan", 16, 9), alone]
        + [held(rng, everybody, "all", 40, 6)]
    )
    tables = {name: EMPTY for group in GROUPS.values() for name in group}
    return {**tables, "texts": texts, "handles": handles}


@pytest.fixture(scope="module")
def accounts():
    silent = [f"silent {number}" for number in range(5)]
    names = [*NETWORK, *FANS, *OTHERS, *silent]
    return pd.DataFrame({"account_id": names, "platform": "x", "unit": "user"})


def verdicts(accounts, signals, seeds, **changed):
    table = detected_verdicts(accounts, signals, seeds, **{**RULE, **changed})
    return table.set_index("account_id")


def test_seeds_decide_which_of_two_networks_is_found(accounts, signals):
    for seeds, mine, other in ((NETWORK[:6], NETWORK, FANS), (FANS[:6], FANS, NETWORK)):
        table = verdicts(accounts, signals, seeds)
        found = table.index[table["verdict"] == "affiliated"]
        assert len(found.intersection(mine)) >= 38
        assert len(found.difference(mine)) <= 2
        assert not len(found.intersection(other))


def test_seeds_from_nowhere_in_particular_find_nobody(accounts, signals):
    table = verdicts(accounts, signals, OTHERS[::40])
    assert (table["verdict"] == "affiliated").sum() == len(OTHERS[::40])


def test_one_group_alone_makes_an_account_undetermined(accounts, signals):
    table = verdicts(accounts, {**signals, "handles": EMPTY}, NETWORK[:6])
    assert set(table.loc[NETWORK[:6], "verdict"]) == {"affiliated"}
    assert set(table.loc[NETWORK[6:], "verdict"]) == {"undetermined"}


def test_an_account_that_holds_nothing_cannot_be_cleared(accounts, signals):
    table = verdicts(accounts, signals, NETWORK[:6])
    silent = table[table.index.str.startswith("silent")]
    assert set(silent["verdict"]) == {"undetermined"}
    assert set(silent["measurable"]) == {0}


def test_the_verdict_without_timing_ignores_batches(accounts, signals):
    rng = np.random.default_rng(12)
    late = [f"late {number}" for number in range(10)]
    more = pd.DataFrame({"account_id": late, "platform": "x", "unit": "user"})
    batches = pd.concat(
        [
            pd.DataFrame(
                {
                    "account_id": [*late[n : n + 2], *NETWORK[4 * n : 4 * n + 4]],
                    "thing": f"batch {n}",
                }
            )
            for n in range(0, 10, 2)
        ]
        + [pd.DataFrame({"account_id": OTHERS, "thing": OTHERS})]
    )
    templates = pd.concat([signals["handles"], held(rng, [*late, *NETWORK], "late", 12, 12)])
    table = verdicts(
        pd.concat([accounts, more]),
        {**signals, "handles": templates, "batches": batches},
        NETWORK,
    )
    assert (table.loc[late, "verdict"] == "affiliated").all()
    assert (table.loc[late, "verdict_without_timing"] == "undetermined").all()


def test_seeds_that_are_not_there_are_an_error(accounts, signals):
    with pytest.raises(TableError, match="found none of 2 seeds"):
        verdicts(accounts, signals, ["nobody", "no one"])


def test_the_order_of_accounts_and_seeds_decides_nothing(accounts, signals):
    once = detected_verdicts(accounts, signals, NETWORK[:6], **RULE)
    again = detected_verdicts(accounts[::-1], signals, NETWORK[5::-1], **RULE)
    pd.testing.assert_frame_equal(once, again)


@pytest.mark.parametrize("count", [1, 2])
def test_a_collection_of_one_or_two_accounts_has_verdicts(count):
    few = pd.DataFrame({"account_id": ["a", "b"], "platform": "x", "unit": "user"})[:count]
    tables = {name: EMPTY for group in GROUPS.values() for name in group}
    table = verdicts(few, tables, ["a"])
    assert table["verdict"].to_list() == ["affiliated", "undetermined"][:count]


def test_the_evidence_table_counts_what_each_group_says(accounts, signals):
    table = detected_verdicts(accounts, signals, NETWORK[:6], **RULE)
    evidence = evidence_table(table, false_share=0.05).set_index("group")
    assert list(evidence.index) == list(GROUPS)
    everybody = len([*NETWORK, *FANS, *OTHERS]) - 6
    assert evidence.loc["content", "measurable"] == everybody
    assert evidence.loc["registration", ["measurable", "met", "linked"]].to_list() == [0, 0, 0]
    linked = table[~table["seed"] & (table["content_q"] <= 0.05)]
    assert evidence.loc["content", "linked"] == len(linked)
    assert evidence.loc["content", "affiliated"] == (linked["verdict"] == "affiliated").sum()
