"""Survival from intervals: against Kaplan and Meier, against a plain maximisation, by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import optimize
from statsmodels.duration.survfunc import SurvfuncRight

from hydrascope.timing.survival import (
    AGE,
    RESIDUAL,
    hazard_table,
    lifetimes,
    looks,
    survival_table,
    survival_tables,
    turnbull,
)

START = pd.Timestamp("2021-01-01", tz="UTC")


def day(number):
    return START + pd.Timedelta(days=number)


def lives(seed=1, number=300):
    random = np.random.default_rng(seed)
    entry = random.integers(0, 6, number)
    death = entry + random.geometric(0.15, number) - 1
    end = entry + random.integers(1, 15, number)
    seen = death < end
    low = np.where(seen, death, end)
    return entry, low, np.where(seen, death + 1, -1)


def test_exact_times_with_late_entry_give_kaplan_and_meier():
    entry, low, high = lives()
    survival, at_risk, removed = turnbull(entry, low, high, np.ones(len(low)))
    event = high >= 0
    # An event in step k is one at time k + 1, entry at k means at risk from time k on.
    peer = SurvfuncRight(
        np.where(event, low + 1, low).astype(float), event.astype(int), entry=entry.astype(float)
    )
    for time, expected in zip(peer.surv_times, peer.surv_prob, strict=True):
        assert survival[int(time) - 1] == pytest.approx(expected, abs=1e-6)
    assert removed.sum() == pytest.approx(event.sum())
    assert at_risk[0] == (entry == 0).sum() - ((low == 0) & ~event).sum()


def test_intervals_give_the_likeliest_hazards():
    random = np.random.default_rng(2)
    entry = random.integers(0, 3, 60)
    low = entry + random.integers(0, 3, 60)
    high = np.where(random.random(60) < 0.7, low + random.integers(1, 4, 60), -1)
    survival, *_ = turnbull(entry, low, high, np.ones(60))
    steps = len(survival)

    def loss(logits):
        alive = np.concatenate([[1.0], np.cumprod(1 / (1 + np.exp(logits)))])
        ends = np.where(high >= 0, alive[np.minimum(high, steps)], 0.0)
        return -np.log((alive[low] - ends) / alive[entry]).sum()

    best = min(
        optimize.minimize(
            loss,
            np.full(steps, start),
            method="Nelder-Mead",
            options={"maxiter": 40_000, "maxfev": 40_000, "xatol": 1e-8, "fatol": 1e-10},
        ).fun
        for start in (-1.0, 0.5)
    )
    before = np.concatenate([[1.0], survival[:-1]])
    hazard = np.clip(1 - survival / np.maximum(before, 1e-12), 1e-12, 1 - 1e-12)
    assert loss(np.log(hazard / (1 - hazard))) == pytest.approx(best, abs=1e-3)


def test_weights_are_copies():
    entry, low, high = lives(3, 80)
    weights = np.random.default_rng(3).integers(0, 4, 80)
    one = turnbull(entry, low, high, weights.astype(float))[0]
    copies = [np.repeat(part, weights) for part in (entry, low, high)]
    other = turnbull(*copies, np.ones(weights.sum()))[0]
    assert one[: len(other)] == pytest.approx(other, abs=1e-6)


def test_a_near_start_ends_where_the_long_way_does():
    entry, low, high = lives(4)
    far = turnbull(entry, low, high, np.ones(300))[0]
    near = turnbull(entry, low, high, np.ones(300), far)[0]
    assert near == pytest.approx(far, abs=5e-3)


def test_dead_before_being_seen_are_in_no_denominator():
    random = np.random.default_rng(5)
    death = random.geometric(0.2, 20_000) - 1
    entry = random.integers(0, 5, 20_000)
    seen = death >= entry
    entry, death = entry[seen], death[seen]
    survival, *_ = turnbull(entry, death, death + 1, np.ones(len(death)))
    assert survival[:8] == pytest.approx(0.8 ** np.arange(1, 9), abs=0.02)


def accounts(rows):
    table = pd.DataFrame(
        rows,
        columns=[
            "account_id",
            "created_at",
            "first_seen",
            "last_seen",
            "removed_after",
            "removed_before",
        ],
    )
    for column in table.columns[1:]:
        table[column] = pd.to_datetime(table[column], utc=True)
    return table.assign(platform="x", unit="user")


def test_ages_come_from_the_looks():
    table = accounts(
        [
            ("a", day(0), day(10), day(50), day(50), day(80)),
            ("b", day(20), day(30), day(90), None, None),
            ("c", None, day(30), day(90), None, None),
            ("d", day(40), day(10), day(90), None, None),
        ]
    )
    found = lifetimes(table, dated=True)
    assert found["account_id"].to_list() == ["a", "b"]
    assert found[["entry", "low"]].to_numpy().tolist() == [[10, 50], [10, 70]]
    assert found["high"].to_list() == [80, np.inf]
    rest = lifetimes(table, dated=False)
    assert rest["entry"].to_list() == [0, 0, 0, 0]
    assert rest["low"].iloc[2] == 60


def test_a_unit_with_few_removals_has_a_reason():
    table = accounts([(f"a{n}", day(0), day(1), day(50), None, None) for n in range(20)])
    found = survival_table(
        lifetimes(table, dated=True),
        table,
        pd.Series(range(20), index=table["account_id"]),
        origin=AGE,
        step=10,
        draws=20,
        seed=1,
    )
    assert found["status"].to_list() == ["not identified: 0 removals are known, and 5 are needed"]


def many(number=400, seed=6):
    random = np.random.default_rng(seed)
    rows, seen = [], []
    for at in range(number):
        created = int(random.integers(0, 200))
        death = created + int(random.exponential(150)) + 1
        checks = [check for check in range(0, 400, 20) if check >= created]
        alive = [check for check in checks if check < death]
        if not alive:
            continue
        gone = [check for check in checks if check >= death]
        name = f"a{at:03d}"
        rows.append(
            (
                name,
                day(created),
                day(alive[0]),
                day(alive[-1]),
                day(alive[-1]) if gone else None,
                day(gone[0]) if gone else None,
            )
        )
        seen += [(name, day(check), True, True) for check in alive]
        seen += [(name, day(check), True, False) for check in gone]
    return accounts(rows), pd.DataFrame(seen, columns=["account_id", "taken_at", "asked", "found"])


def test_a_known_law_is_found_again_within_its_interval():
    table, sightings = many()
    spells = looks(sightings, table)
    batches = pd.Series(np.arange(len(table)), index=table["account_id"])
    found = survival_tables(table, spells, batches, draws=100, seed=1)
    known = found[(found["origin"] == AGE) & (found["status"] == "estimated")]
    true = np.exp(-(known["day"] - known["given_day"]) / 150)
    # Ages are known to the 20 days between looks.
    assert ((known["low"] - 0.05 <= true) & (true <= known["high"] + 0.05)).mean() > 0.85
    assert (known["n_dated"] == len(table)).all()


def test_what_lies_between_two_looks_is_one_row():
    table, _ = many(3)
    table = table.iloc[:1].assign(account_id="a")
    sightings = pd.DataFrame(
        [
            ("a", day(0), True, True),
            ("a", day(20), True, False),
            ("a", day(40), True, True),
            ("a", day(60), True, False),
            ("a", day(80), True, False),
            ("z", day(0), True, True),
        ],
        columns=["account_id", "taken_at", "asked", "found"],
    )
    found = looks(sightings, table)
    assert found["days"].to_list() == [20, 20, 20]
    # Missed on day 20 and seen again: it was not gone then.
    assert found["gone"].to_list() == [False, False, True]


@pytest.mark.parametrize("rows", [[], [("z", "2021-01-01", True, True)]])
def test_accounts_that_nobody_looked_at_have_no_intervals_and_a_reason(rows):
    sightings = pd.DataFrame(rows, columns=["account_id", "taken_at", "asked", "found"])
    sightings = sightings.astype({"account_id": "str", "asked": bool, "found": bool})
    own = accounts([]).astype({"account_id": "str"}).assign(platform="x", unit="user")
    spells = looks(sightings, own)
    assert spells.empty
    table = survival_tables(own, spells, pd.Series(dtype=int), draws=9, seed=1)
    assert table["status"].to_list() == ["not identified: no account was asked for on two days"]


def test_a_single_look_supports_no_age():
    table, sightings = many(30)
    one = sightings[sightings["taken_at"] == sightings["taken_at"].max()]
    spells = looks(one, table)
    assert spells.empty
    batches = pd.Series(np.arange(len(table)), index=table["account_id"])
    found = survival_tables(table, spells, batches, draws=20, seed=1)
    assert found["status"].to_list() == ["not identified: no account was asked for on two days"]


def test_the_ratio_of_hazards_of_two_kinds_is_that_of_their_rates():
    table, sightings = many(600)
    table["platform"] = np.where(np.arange(len(table)) % 2, "x", "youtube")
    table["unit"] = np.where(table["platform"] == "x", "user", "channel")
    spells = looks(sightings, table)
    found = hazard_table(spells, len(table))
    row = found[found["term"] == "youtube channel against x user"].iloc[0]
    # With intervals of one length, -ln(1 - share gone) is the hazard of a kind of one age.
    rates = -np.log(1 - spells.groupby("platform")["gone"].mean())
    assert row["ratio"] == pytest.approx(rates["youtube"] / rates["x"], rel=0.05)
    assert row["low"] < 1 < row["high"]
    assert (row["spells"], row["removed"]) == (len(spells), spells["gone"].sum())


def test_hazards_without_removals_are_not_identified():
    table, sightings = many(40)
    found = hazard_table(looks(sightings[sightings["found"]], table), len(table))
    assert found["status"].str.startswith("not identified").all()
    assert set(found["origin"]) == {AGE, RESIDUAL}
