"""Batches at three gaps, the bursts they lie in, and the names they share."""

import numpy as np
import pandas as pd
import pytest

from hydrascope.timing.batches import batch_table, name_patterns

BASE = pd.Timestamp("2021-03-01 08:00", tz="UTC")
NO_BURSTS = pd.DataFrame(columns=["platform", "start", "end", "status"])


def accounts(minutes, names=None, precision="s"):
    number = len(minutes)
    return pd.DataFrame(
        {
            "account_id": [f"a{at:04d}" for at in range(number)],
            "platform": "x",
            "created_at": BASE + pd.to_timedelta(minutes, unit="min"),
            "created_precision": precision,
            "display_name": names if names is not None else [None] * number,
            "handle": [f"h{at}" for at in range(number)],
        }
    )


def row_of(table, gap):
    return table[table["gap"] == gap].iloc[0]


def test_each_gap_has_its_batches():
    table = batch_table(accounts([0, 5, 10, 60, 100, 2_000, 3_000]), NO_BURSTS, draws=99, seed=1)
    assert row_of(table, "10 min")[["batches", "accounts", "largest"]].to_list() == [1, 3, 3]
    assert row_of(table, "1 h")[["batches", "accounts", "largest"]].to_list() == [1, 5, 5]
    assert row_of(table, "1 day")[["batches", "accounts", "largest"]].to_list() == [2, 7, 5]
    assert row_of(table, "1 h")["share"] == pytest.approx(5 / 7)
    assert row_of(table, "1 h")["effective"] == pytest.approx(49 / (25 + 1 + 1))


def test_dates_known_to_the_day_make_one_batch_a_day_and_say_so():
    table = batch_table(accounts([0, 0, 3_000], precision="day"), NO_BURSTS, draws=99, seed=1)
    assert table["batches"].to_list() == [1, 1, 1]
    assert table["status"].str.startswith("3 accounts are dated to the day").all()


def test_a_burst_that_is_one_batch_is_told_from_one_that_is_many():
    minutes = [*range(20), *(1_440 * 9 + 120 * at for at in range(10))]
    bursts = pd.DataFrame(
        {
            "platform": "x",
            "start": ["2021-03-01", "2021-03-10"],
            "end": ["2021-03-01", "2021-03-11"],
            "status": "burst",
        }
    )
    row = row_of(batch_table(accounts(minutes), bursts, draws=99, seed=1), "10 min")
    assert (row["bursts"], row["bursts_of_one_batch"]) == (2, 1)
    assert row["in_bursts"] == 1.0


def test_names_of_a_batch_are_compared_with_names_exchanged():
    minutes = np.repeat(np.arange(12) * 500, 5) + np.tile(np.arange(5), 12)
    alike = [f"team {chr(97 + at // 5)} {at}" for at in range(60)]
    row = row_of(batch_table(accounts(minutes, alike), NO_BURSTS, draws=199, seed=1), "1 h")
    assert row["like_names"] == 1.0
    assert row["like_names_by_chance"] == pytest.approx(4 / 59, abs=0.02)
    assert row["p"] == pytest.approx(1 / 200)
    mixed = list(np.random.default_rng(1).permutation(alike))
    row = row_of(batch_table(accounts(minutes, mixed), NO_BURSTS, draws=199, seed=1), "1 h")
    assert row["p"] > 0.01


def test_patterns_forget_numbers_and_fall_back_on_the_handle():
    table = accounts([0, 1, 2, 3], ["山水 12", "山水 345", "", None])
    patterns = name_patterns(table).to_list()
    assert patterns[0] == patterns[1]
    assert patterns[2] == patterns[3] != patterns[0]


@pytest.mark.parametrize("dated", [0, 1])
def test_without_dates_there_is_a_reason(dated):
    table = accounts([0, 1, 2])
    table["created_at"] = table["created_at"].where(table.index < dated)
    found = batch_table(table, NO_BURSTS, draws=99, seed=1)
    why = f"not identified: {dated} accounts have a date, and 2 are needed"
    assert found["status"].to_list() == [why] * 3
    assert found["n"].to_list() == [3] * 3
