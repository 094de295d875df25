"""Verdicts: two groups of signals, the seeds decide, and undetermined is an answer."""

import numpy as np
import pandas as pd
import pytest

from hydrascope.affiliation.calibrate import loaded
from hydrascope.affiliation.detect import Rule, _towards_named, detected_verdicts
from hydrascope.affiliation.evidence import evidence_table
from hydrascope.affiliation.signals import GROUPS, signal_tables
from hydrascope.errors import TableError

RULE = Rule(
    threshold=-3.5,
    min_groups=2,
    link_p=0.1,
    link_q=0.05,
    least_tie=8.0,
    most_holders=100,
    rounds=10,
    seed=1,
)
EMPTY = pd.DataFrame(columns=["account_id", "thing"], dtype=str)
NETWORK = [f"net {number:02d}" for number in range(40)]
FANS = [f"fan {number:02d}" for number in range(40)]
OTHERS = [f"one {number:03d}" for number in range(400)]


def held(rng, people, label, things, size):
    rows = [
        (person, f"{label} {number}")
        for number in range(things)
        for person in rng.choice(people, size, replace=False)
    ]
    return pd.DataFrame(rows, columns=["account_id", "thing"])


def numbered(rows, names):
    """A signal as `signal_tables` gives it."""
    account, thing = names.get_indexer(rows["account_id"]), pd.factorize(rows["thing"])[0]
    table = pd.DataFrame({"account": account, "thing": thing, "stratum": 0})
    return table.sort_values(["account", "thing"], ignore_index=True)


@pytest.fixture(scope="module")
def signals():
    """Two coordinated groups and people who copy at random, with texts and templates."""
    rng = np.random.default_rng(11)
    everybody = [*NETWORK, *FANS, *OTHERS]
    alone = pd.DataFrame({"account_id": everybody, "thing": everybody})
    texts = pd.concat(
        [held(rng, NETWORK, "net", 120, 6), held(rng, FANS, "fan", 120, 6)]
        + [held(rng, everybody, "all", 300, 4), alone]
    )
    handles = pd.concat(
        [held(rng, NETWORK, "net", 30, 9), held(rng, FANS, "fan", 30, 9), alone]
        + [held(rng, everybody, "all", 40, 6)]
    )
    tables = {name: EMPTY for group in GROUPS.values() for name in group}
    return {**tables, "texts": texts, "handles": handles}


@pytest.fixture(scope="module")
def accounts():
    silent = [f"silent {number}" for number in range(5)]
    names = [*NETWORK, *FANS, *OTHERS, *silent]
    return pd.DataFrame({"account_id": names, "platform": "x", "unit": "user"})


def detected(accounts, signals, seeds):
    names = pd.Index(accounts["account_id"]).sort_values()
    tables = {name: numbered(rows, names) for name, rows in signals.items()}
    return detected_verdicts(accounts, tables, seeds, RULE)


def verdicts(accounts, signals, seeds):
    return detected(accounts, signals, seeds).set_index("account_id")


def test_seeds_decide_which_of_two_networks_is_found(accounts, signals):
    for seeds, mine, other in ((NETWORK[:10], NETWORK, FANS), (FANS[:10], FANS, NETWORK)):
        table = verdicts(accounts, signals, seeds)
        found = table.index[table["verdict"] == "affiliated"]
        assert len(found.intersection(mine)) >= 38
        assert len(found.difference(mine)) <= 2
        assert not len(found.intersection(other))


def test_communities_are_those_of_the_members_and_seeds_belong(accounts, signals):
    table = verdicts(accounts, signals, NETWORK[:10])
    assert table.loc[NETWORK[:10], "verdict"].eq("affiliated").all()
    assert (table.loc[NETWORK, "community"] >= 0).all()


def test_seeds_from_nowhere_in_particular_find_nobody(accounts, signals):
    table = verdicts(accounts, signals, OTHERS[::40])
    assert (table["verdict"] == "affiliated").sum() == len(OTHERS[::40])


def test_many_seeds_that_are_no_network_take_nobody_in(accounts, signals):
    table = verdicts(accounts, signals, OTHERS[::4])
    assert table.loc[OTHERS[::4], "linked_by_seeds"].mean() < 0.1
    assert set(table.index[table["verdict"] == "affiliated"]) == set(OTHERS[::4])


def test_seeds_of_a_network_are_linked_by_each_other(accounts, signals):
    table = verdicts(accounts, signals, NETWORK[:10])
    assert table.loc[NETWORK, "linked_by_seeds"].mean() > 0.9
    assert table.loc[[*FANS, *OTHERS], "linked_by_seeds"].mean() < 0.1


def test_one_group_alone_makes_an_account_undetermined(accounts, signals):
    table = verdicts(accounts, {**signals, "handles": EMPTY}, NETWORK[:10])
    assert set(table.loc[NETWORK[:10], "verdict"]) == {"affiliated"}
    assert set(table.loc[NETWORK[10:], "verdict"]) == {"undetermined"}


def test_an_account_that_holds_nothing_cannot_be_cleared(accounts, signals):
    table = verdicts(accounts, signals, NETWORK[:10])
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
        + [pd.DataFrame({"account_id": OTHERS, "thing": OTHERS, "stratum": ""})]
    )
    templates = pd.concat([signals["handles"], held(rng, [*late, *NETWORK], "late", 24, 12)])
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
    once = detected(accounts, signals, NETWORK[:10])
    again = detected(accounts[::-1], signals, NETWORK[9::-1])
    pd.testing.assert_frame_equal(once, again)


@pytest.mark.parametrize("count", [1, 2])
def test_a_collection_of_one_or_two_accounts_has_verdicts(count):
    few = pd.DataFrame({"account_id": ["a", "b"], "platform": "x", "unit": "user"})[:count]
    tables = {name: EMPTY for group in GROUPS.values() for name in group}
    table = verdicts(few, tables, ["a"])
    assert table["verdict"].to_list() == ["affiliated", "undetermined"][:count]


def people(count):
    return pd.DataFrame(
        {
            "account_id": [f"a{number:03d}" for number in range(count)],
            "platform": "x",
            "unit": "user",
            "created_at": pd.Timestamp("2020-01-01", tz="UTC"),
            "created_precision": "s",
            **dict.fromkeys(("description", "handle", "display_name"), "same"),
            **dict.fromkeys(("picture_hash", "name_history", "admin_countries"), None),
        }
    )


def written(count, *, timed=True):
    """A post of the same text by each account, at the same moment or at none that is known."""
    posts = pd.DataFrame(
        {
            "post_id": [f"p{number:03d}" for number in range(count)],
            "account_id": [f"a{number:03d}" for number in range(count)],
            "platform": "x",
            "posted_at": pd.Timestamp("2021-01-01", tz="UTC") if timed else pd.NaT,
            "posted_precision": "s" if timed else "none",
            "text": "same",
            "kind": "post",
            **dict.fromkeys(("language", "repost_of", "reply_to"), None),
        }
    )
    posts["posted_at"] = pd.to_datetime(posts["posted_at"], utc=True)
    none = pd.Series([[]] * count, dtype=object)
    return posts.assign(**dict.fromkeys(("urls", "hashtags", "media_ids"), none))


@pytest.mark.parametrize(
    ("collection", "posts", "outcome"),
    [
        # What all hold tells nobody apart, and clears nobody.
        (people(300), written(300), {"undetermined": 298}),
        (people(300), written(300, timed=False), {"undetermined": 298}),
        (people(300), written(0), {"undetermined": 298}),
        (people(300).assign(created_at=pd.NaT, handle=None, description=None, display_name=None),
         written(0), {"undetermined": 298}),
        (people(2), written(2), {}),
    ],
    ids=["all alike", "no times", "no posts", "nothing to compare", "seeds alone"],
)  # fmt: skip
def test_poor_collections_have_a_stated_outcome(collection, posts, outcome):
    gaps = {"window_hours": 24, "batch_minutes": 30, "slot_minutes": 10}
    with loaded(collection, posts) as base:
        tables = signal_tables(collection, base, **gaps)
    table = detected_verdicts(collection, tables, ["a000", "a001"], RULE)
    assert table["verdict"].value_counts().to_dict() == {"affiliated": 2, **outcome}


def test_the_evidence_table_counts_what_each_group_says(accounts, signals):
    table = detected(accounts, signals, NETWORK[:10])
    evidence = evidence_table(table, link_q=0.05).set_index("group")
    assert list(evidence.index) == list(GROUPS)
    everybody = len([*NETWORK, *FANS, *OTHERS]) - 10
    assert evidence.loc["content", "measurable"] == everybody
    assert evidence.loc["registration", ["measurable", "met", "linked"]].to_list() == [0, 0, 0]
    linked = table[~table["seed"] & (table["content_q"] <= 0.05)]
    assert evidence.loc["content", "linked"] == len(linked)
    assert evidence.loc["content", "affiliated"] == (linked["verdict"] == "affiliated").sum()


def test_a_community_that_other_groups_name_needs_no_correction():
    # Shape (accounts, groups, communities): the first account's second group names community 1.
    near = np.array(
        [
            [[0.0, 5.0, 1.0], [0.0, 9.0, 0.0]],
            [[2.0, 0.0, 0.0], [0.0, 4.0, 0.0]],
            [[0.0, 7.0, 0.0], [0.0, 0.0, 0.0]],
        ]
    )
    p = _towards_named(near)
    np.testing.assert_allclose(p[0], np.exp([-5.0, -9.0]))
    # Each group is judged where the other points, and not where it points itself.
    np.testing.assert_allclose(p[1], [1.0, 1.0])
    # Nobody else names one: the best of three, corrected for three.
    np.testing.assert_allclose(p[2], [3 * np.exp(-7.0), 1.0])


def test_naming_by_the_others_keeps_the_size_of_the_test():
    rng = np.random.default_rng(13)
    p = _towards_named(rng.exponential(size=(20_000, 4, 18)))
    for level in (0.1, 0.01):
        assert np.mean(p <= level) == pytest.approx(level, rel=0.08)
