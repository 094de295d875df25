"""All of timing on a made network; prints the seconds of each step.

python bench/timing_job.py <accounts> <years>
"""

import sys
import time

import numpy as np
import pandas as pd

from hydrascope.narratives.batches import batch_of
from hydrascope.timing.batches import batch_table
from hydrascope.timing.bursts import burst_shares, burst_tables
from hydrascope.timing.comparators import comparator_table
from hydrascope.timing.daily import daily_creations
from hydrascope.timing.dates import MAIN, network_creations
from hydrascope.timing.dispersion import dispersion_table
from hydrascope.timing.dormancy import dormancy_table
from hydrascope.timing.hours import hour_tables, kept_moments
from hydrascope.timing.replacement import removal_waves, replacement_table
from hydrascope.timing.survival import hazard_table, looks, survival_tables

BATCH, BATCHED = 25, 0.3
LOOKS = 12
START = pd.Timestamp("2012-01-01", tz="UTC")
SEED = 1


def made(number: int, years: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Accounts over so many years, some in batches, with looks at them and a post each."""
    random = np.random.default_rng(SEED)
    length = years * 365 * 86_400
    seconds = random.integers(length, size=number)
    together = int(BATCHED * number) // BATCH * BATCH
    seconds[:together] = np.repeat(random.integers(length, size=together // BATCH), BATCH)
    seconds[:together] += random.integers(3_600, size=together)
    created = START + pd.to_timedelta(np.sort(seconds), unit="s")
    names = [f"a{at:07d}" for at in range(number)]
    end = START + pd.Timedelta(days=years * 365)
    days = [end - pd.Timedelta(days=50 * at) for at in range(LOOKS)][::-1]
    gone = random.integers(LOOKS + 20, size=number)
    first = pd.DatetimeIndex(days[:-1]).searchsorted(created)
    table = pd.DataFrame(
        {
            "account_id": names,
            "platform": "x",
            "unit": "user",
            "created_at": created.as_unit("ms"),
            "created_precision": "s",
            "display_name": [f"name {at % 977}" for at in range(number)],
            "handle": names,
        }
    )
    last = np.clip(np.minimum(gone, LOOKS - 1), first, None)
    looked = pd.DatetimeIndex(days)
    table["first_seen"], table["last_seen"] = looked[first], looked[last]
    removed = last < LOOKS - 1
    table["removed_after"] = pd.Series(looked[last]).where(removed)
    table["removed_before"] = pd.Series(looked[np.minimum(last + 1, LOOKS - 1)]).where(removed)
    sights = [
        table.loc[(first <= at) & (last >= at - 1), ["account_id"]].assign(
            taken_at=day.strftime("%Y-%m-%d"),
            asked=True,
            found=(last >= at)[(first <= at) & (last >= at - 1)],
        )
        for at, day in enumerate(days)
    ]
    posts = pd.DataFrame(
        {
            "account_id": names,
            "posted_at": (
                created + pd.to_timedelta(random.exponential(20, number), unit="D")
            ).as_unit("ms"),
            "posted_precision": "s",
        }
    )
    return table, pd.concat(sights, ignore_index=True), posts


def main() -> None:
    """Run every step, and say how long it took."""
    accounts, sightings, posts = made(*map(int, sys.argv[1:]))
    verdicts = pd.DataFrame({"account_id": accounts["account_id"], MAIN: "affiliated"})
    began = time.perf_counter()

    def done(step: str) -> None:
        nonlocal began
        print(f"{step}\t{time.perf_counter() - began:.2f}")
        began = time.perf_counter()

    creations = network_creations(accounts, verdicts)
    daily, n = daily_creations(creations), creations.groupby("platform").size()
    dispersion_table(daily, n, share=0.1)
    done("dates, daily counts, dispersion")
    bursts, _ = burst_tables(daily, {}, n, draws=999, seed=SEED)
    burst_shares(creations, bursts, gap_minutes=60, draws=500, seed=SEED)
    comparator_table(daily)
    done("bursts, their share, comparators")
    names = accounts[["account_id", "display_name", "handle"]]
    batch_table(creations.merge(names, on="account_id"), bursts, draws=999, seed=SEED)
    done("batches")
    moments, number = kept_moments(
        accounts, posts, verdicts, verdict=MAIN, side="affiliated", gap_minutes=60
    )
    hour_tables(moments, {}, number, {}, draws=1999, seed=SEED)
    done("hours of posts and creations")
    removed = accounts.dropna(subset="removed_before")
    replacement_table(
        creations["created_at"].dt.floor("D"), removal_waves(removed, posts), len(accounts)
    )
    done("replacement")
    batches = batch_of(creations, gap_minutes=60)
    spells = looks(sightings, creations)
    seen = ["account_id", "first_seen", "last_seen", "removed_after", "removed_before"]
    survival_tables(
        creations.merge(accounts[seen], on="account_id"), spells, batches, draws=500, seed=SEED
    )
    hazard_table(spells, len(accounts))
    dormancy_table(creations, posts, batches, draws=500, seed=SEED)
    done("survival, hazards, dormancy")


if __name__ == "__main__":
    main()
