"""Outcomes of single series, and their averages."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hydrascope.timing.calibrate import MODULES, judged, still_holding, summed_up, timing_digest

RATES = Path(__file__).parents[3] / "calibration/timing.tsv"
RANDOM = np.random.default_rng


def outcome(part, world, seed=1):
    rows = judged(part, world, RANDOM(seed), draws=99, turns=199)
    return {measure: value for measure, _, value in rows}


def test_a_quiet_series_is_no_alarm_and_a_loud_one_is_found():
    counts = RANDOM(2).poisson(3, 300)
    assert outcome("alarms", {"counts": counts}) == {"false alarm": 0.0}
    counts[120] += 60
    found = outcome("power", {"counts": counts, "first": 120, "last": 120, "added": 60})
    assert found == {
        "burst found": 1.0,
        "days that the start is off": 0.0,
        "days that the end is off": 0.0,
        "excess covered": 1.0,
    }


def test_a_burst_elsewhere_is_not_the_planted_one():
    counts = RANDOM(2).poisson(3, 300)
    counts[120] += 60
    found = outcome("power", {"counts": counts, "first": 200, "last": 200, "added": 60})
    assert found == {"burst found": 0.0}


def test_a_series_too_short_to_scan_raises_no_alarm():
    assert outcome("alarms", {"counts": np.zeros(200, dtype=int)}) == {"false alarm": 0.0}


def test_comparators_are_counted_by_name():
    found = outcome("comparators", {"counts": RANDOM(3).poisson(2 * RANDOM(3).gamma(1, 1, 300))})
    assert set(found) == {
        f"false alarm of {name}" for name in ("Kleinberg", "Bayesian blocks", "PELT")
    }
    assert set(found.values()) <= {0.0, 1.0}


def test_a_ratio_is_covered_or_not():
    random = RANDOM(4)
    counts, days = random.poisson(1.5, 700), np.arange(100, 600, 70)
    found = outcome(
        "replacement", {"counts": counts, "days": days, "removed": np.full(8, 40), "ratio": 0.0}
    )
    assert found["identified"] == found["ratio covered"] == 1.0
    assert found["effect claimed"] == 0.0
    far = outcome(
        "replacement", {"counts": counts, "days": days, "removed": np.full(8, 40), "ratio": 5.0}
    )
    assert far["ratio covered"] == 0.0


def test_averages_have_their_intervals_by_cell_and_over_all():
    rows = pd.DataFrame(
        {
            "part": "alarms",
            "cell": ["a"] * 100 + ["b"] * 100,
            "measure": "false alarm",
            "kind": "share",
            "value": [1.0] * 5 + [0.0] * 195,
        }
    )
    table = summed_up(rows).set_index("cell")
    assert table.loc["a", "value"] == 0.05
    # Clopper and Pearson's interval of 5 of 100.
    assert table.loc["a", ["low", "high"]].to_list() == pytest.approx([0.0164, 0.1128], abs=1e-4)
    assert table.loc["all", ["value", "series"]].to_list() == [0.025, 200]
    numbers = rows.assign(kind="mean", value=np.arange(200.0))
    mean = summed_up(numbers).set_index("cell").loc["all"]
    assert mean["low"] < mean["value"] == 99.5 < mean["high"]


def test_rates_hold_for_the_methods_that_they_were_measured_on():
    own = [timing_digest("hours"), timing_digest("zones"), "other"]
    rates = pd.DataFrame({"part": ["hours", "hours", "zones"], "methods": own})
    assert still_holding(rates)["holds"].to_list() == ["yes", "no", "no"]


@pytest.fixture(scope="module")
def rates():
    return pd.read_csv(RATES, sep="\t")


def test_the_committed_rates_are_of_the_methods_as_they_are(rates):
    assert set(rates["part"]) == set(MODULES)
    assert (rates["methods"] == rates["part"].map(timing_digest)).all()


def test_false_alarms_keep_to_what_is_promised(rates):
    alarms = rates[(rates["part"] == "alarms") & (rates["measure"] == "false alarm")]
    cells = alarms[alarms["cell"] != "all"]
    assert len(cells) >= 54
    assert (cells["series"] >= 1_000).all()
    assert (cells["high"] <= 0.08).all()
    assert (alarms.loc[alarms["cell"] == "all", "value"] <= 0.055).all()


def test_bursts_of_ten_times_the_mean_are_found(rates):
    found = rates[(rates["part"] == "power") & (rates["measure"] == "burst found")]
    asked = found[found["cell"].str.startswith("one day, 10 times the mean or 12")]
    assert len(asked) == 9
    assert (asked["value"] >= 0.8).all()


def value_of(rates, part, measure):
    rows = rates[(rates["part"] == part) & (rates["measure"] == measure)]
    return rows[rows["cell"] != "all"].set_index("cell")["value"]


def test_hours_and_zones_keep_to_what_is_promised(rates):
    turned = rates[rates["measure"] == "p at most 0.05, batches turned"].set_index("cell")
    random = turned.loc["30 batches of 20 at random times"]
    assert random["value"] <= 0.05
    sure = value_of(rates, "hours", "p below 0.001, batches turned")
    assert (sure[sure.index.str.contains("two shifts")] >= 0.95).all()
    assert (value_of(rates, "zones", "planted zone in the set") >= 0.95).all()
    assert (value_of(rates, "zones", "set at most six hours wide") >= 0.95).all()


def test_replacement_keeps_to_what_is_promised(rates):
    covered = value_of(rates, "replacement", "ratio covered")
    planted = covered[~covered.index.str.contains("surges")]
    assert planted.between(0.92, 0.98).all()
    claimed = value_of(rates, "replacement", "effect claimed")
    assert (
        claimed[claimed.index.str.startswith("ratio 0")].drop("ratio 0.5", errors="ignore") <= 0.05
    ).all()
