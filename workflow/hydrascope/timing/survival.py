"""How long accounts last: known only between looks, and only for those that lived to be seen."""

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

from hydrascope.narratives.batches import FEWEST_BATCHES, effective_batches, middle, resampled

__all__ = [
    "HAZARDS",
    "SURVIVAL",
    "hazard_table",
    "lifetimes",
    "looks",
    "survival_table",
    "survival_tables",
    "turnbull",
]

DAY = pd.Timedelta(days=1)
AGE, RESIDUAL = "age since creation", "time since first seen"
FEWEST_AT_RISK = 10
FEWEST_REMOVED = 5
FEWEST_CLUSTERS = 3
YOUNG_DAYS = 180
ROUNDS = 2_000
ENOUGH = 1e-8
NEAR = 1e-3
SMALLEST = np.finfo(float).tiny
CONFIDENCE = 0.95
SURVIVAL = [
    *("platform", "unit", "origin", "day", "survival", "low", "high", "at_risk", "removed"),
    *("n_dated", "n", "batches", "given_day", "status", "method", "null", "wrong_if"),
]
HAZARDS = [
    *("origin", "term", "ratio", "low", "high", "p", "q", "spells", "removed", "clusters"),
    *("n_dated", "n", "status", "method", "null", "wrong_if"),
]
METHOD = (
    "Turnbull's estimate with late entry, in steps of the median days between looks; 95 % draw "
    "batches, then accounts"
)
HAZARD_METHOD = (
    "complementary log-log regression of being gone at the next look, length of the interval as "
    "offset; 95 % by Student's t with the wave of removal (interval between looks) as cluster"
)
WRONG_IF = (
    "accounts were gone before the first look, left by themselves, or were taken down because "
    "of what is studied here"
)


def lifetimes(accounts: pd.DataFrame, *, dated: bool) -> pd.DataFrame:
    """Turn sightings into ages: entered, last known alive, first known gone.

    Parameters
    ----------
    accounts : pandas.DataFrame
        account_id, platform, unit, created_at, first_seen, last_seen, removed_after and
        removed_before (UTC, may be missing).
    dated : bool
        Count from the creation, which must be known; else from the first sighting.

    Returns
    -------
    pandas.DataFrame
        account_id, platform, unit, entry, low and high in days: the account was first seen
        at age entry, was alive at low and gone by high (infinite where it was not removed).
        Accounts that were never seen, or seen before their creation, are left out.
    """
    origin = accounts["created_at"] if dated else accounts["first_seen"]
    alive = accounts["removed_after"].fillna(accounts["last_seen"])
    table = accounts[["account_id", "platform", "unit"]].assign(
        entry=(accounts["first_seen"] - origin) / DAY,
        low=(alive - origin) / DAY,
        high=((accounts["removed_before"] - origin) / DAY).fillna(np.inf),
    )
    table = table.dropna(subset=["entry", "low"])
    # A look is stored as the start of its day, and so may lie hours before a creation on it.
    table = table[(table["entry"] > -1) & (table["low"] >= table["entry"])]
    table[["entry", "low"]] = table[["entry", "low"]].clip(lower=0)
    return table.sort_values("account_id", ignore_index=True)


def turnbull(
    entry: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    weights: np.ndarray,
    start: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Estimate survival from intervals, in whole steps.

    Parameters
    ----------
    entry, low, high : numpy.ndarray
        Steps, integers: at risk from step `entry` on, alive at the end of step low - 1, gone by
        the end of step high - 1; high is at least low + 1 (an event lies in the steps low to
        high - 1), and `high` = -1 means never seen gone after step low - 1.
    weights : numpy.ndarray
        How often each occurs.
    start : numpy.ndarray, optional
        Survival that is near already, from which a few iterations do, as for a bootstrap
        sample; without it they go on to eight digits.

    Returns
    -------
    survival : numpy.ndarray
        Share alive at the end of each step, given alive at the start of the first step at
        which anything is at risk; shape (steps,).
    at_risk, removed : numpy.ndarray
        Expected accounts at risk, and removed, in each step.

    Notes
    -----
    Self-consistency of Turnbull 1976 (Journal of the Royal Statistical Society B 38, 290-295)
    for hazards: an account counts as at risk from its entry, so that who died before being
    seen is in no denominator; each iteration shares an account's removal among the steps of
    its interval as the hazards so far have it (EM).
    """
    steps = int(max(low.max(), high.max(), 1))
    step = np.arange(steps)
    event = high >= 0
    inside = event[:, None] & (step >= low[:, None]) & (step < high[:, None])
    # Steps that an account has certainly survived.
    lived = (step >= entry[:, None]) & (step < low[:, None])
    even = inside / np.maximum(inside.sum(axis=1, keepdims=True), 1)
    certain = weights @ lived.astype(float)
    hazard, rounds, enough = np.full(steps, 0.1), ROUNDS, ENOUGH
    if start is not None:
        hazard = np.clip(1 - start / np.maximum(np.append(1.0, start[:-1]), NEAR), NEAR, 1 - NEAR)
        rounds, enough = ROUNDS // 45, NEAR
    for _ in range(rounds):
        alive = np.concatenate([[1.0], np.cumprod(1 - hazard)])
        shares = inside * (alive[:-1] * hazard)
        total = shares.sum(axis=1, keepdims=True)
        shares = np.where(total > 0, shares / np.maximum(total, SMALLEST), even)
        removed = weights @ shares
        # Within its interval an account is at risk until it is gone.
        waiting = shares[:, ::-1].cumsum(axis=1)[:, ::-1]
        at_risk = certain + weights @ (inside * waiting)
        before = hazard
        hazard = np.divide(removed, at_risk, out=np.zeros(steps), where=at_risk > 0)
        if np.abs(hazard - before).max() < enough:
            break
    return np.cumprod(1 - hazard), at_risk, removed


def survival_table(
    lives: pd.DataFrame,
    everybody: pd.DataFrame,
    batches: pd.Series,
    *,
    origin: str,
    step: float,
    draws: int,
    seed: int,
) -> pd.DataFrame:
    """Estimate survival by platform and unit.

    Parameters
    ----------
    lives : pandas.DataFrame
        What `lifetimes` gave.
    everybody : pandas.DataFrame
        platform and unit of the network's accounts that the table is to speak of.
    batches : pandas.Series
        Batch of each account, by account_id, sorted by it.
    origin : str
        `AGE` or `RESIDUAL`.
    step : float
        Days of a step, what lies between looks.
    draws, seed : int
        Bootstrap samples, and their seed.

    Returns
    -------
    pandas.DataFrame
        Columns `SURVIVAL`: the share alive at the end of each step at which at least ten
        accounts are at risk, given alive on `given_day`, the first day of such a step.
        One row with a status where fewer than five were removed.
    """
    rows = []
    for (platform, unit), own in everybody.groupby(["platform", "unit"], sort=True):
        here = lives[(lives["platform"] == platform) & (lives["unit"] == unit)]
        row = {"platform": platform, "unit": unit, "origin": origin, "n": len(own)}
        row |= {"n_dated": len(here), "wrong_if": WRONG_IF, "null": "none; an estimate"}
        gone = int(np.isfinite(here["high"]).sum())
        if gone < FEWEST_REMOVED:
            why = f"{gone} removals are known, and {FEWEST_REMOVED} are needed"
            if here.empty:
                why = "no account has a date of creation and was seen"
            rows.append({**row, "status": f"not identified: {why}"})
            continue
        entry, low, high = _steps(here, step)
        chosen = batches[batches.index.isin(here["account_id"])]
        place = chosen.index.get_indexer(here["account_id"])
        units = effective_batches(np.unique(chosen, return_counts=True)[1])
        unique, which = np.unique(np.column_stack([entry, low, high]), axis=0, return_inverse=True)
        which = which.ravel()
        survival, at_risk, removed = turnbull(*unique.T, np.bincount(which).astype(float))
        known = np.flatnonzero(at_risk >= FEWEST_AT_RISK)
        if not len(known):
            few = f"no age has {FEWEST_AT_RISK} accounts at risk"
            rows.append({**row, "status": f"not identified: {few}"})
            continue
        first = known[0]
        last = first + int(np.argmin(np.append(at_risk[first:] >= FEWEST_AT_RISK, False)))
        before = survival[first - 1] if first else 1.0
        drawn = []
        for sample in resampled(chosen, draws=draws, seed=seed):
            again = turnbull(*unique.T, np.bincount(which, sample[place], len(unique)), survival)[0]
            start = again[first - 1] if first else 1.0
            drawn.append(again[first:last] / start if start > 0 else np.full(last - first, np.nan))
        low_end, high_end = middle(np.array(drawn), np.full(last - first, units))
        for number, at in enumerate(range(first, last)):
            rows.append(
                {
                    **row,
                    "day": (at + 1) * step,
                    "survival": survival[at] / before,
                    "low": low_end[number],
                    "high": high_end[number],
                    "at_risk": at_risk[at],
                    "removed": removed[at],
                    "batches": units,
                    "given_day": first * step,
                    "status": "estimated" if units >= FEWEST_BATCHES else "too few batches",
                    "method": METHOD,
                }
            )
    return pd.DataFrame(rows).reindex(columns=SURVIVAL)


def _steps(lives: pd.DataFrame, step: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    entry = np.floor(lives["entry"].to_numpy() / step).astype(int)
    low = np.floor(lives["low"].to_numpy() / step).astype(int)
    ends = lives["high"].to_numpy()
    seen = np.isfinite(ends)
    high = np.where(seen, np.ceil(np.where(seen, ends, 0) / step).astype(int), -1)
    low = np.maximum(low, entry)
    return entry, low, np.where(seen, np.maximum(high, low + 1), high)


def looks(sightings: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """List every interval between two looks at an account that was there at the first.

    Parameters
    ----------
    sightings : pandas.DataFrame
        account_id, taken_at, asked and found, as ingest wrote them.
    accounts : pandas.DataFrame
        account_id, platform, unit and created_at of the network's accounts.

    Returns
    -------
    pandas.DataFrame
        account_id, platform, unit, created_at, start and end (days looked at), days between
        them, and gone: asked for and not found at the end, nor later.
    """
    seen = sightings[sightings["account_id"].isin(accounts["account_id"])]
    seen = seen.groupby(["account_id", "taken_at"], as_index=False)[["asked", "found"]].max()
    seen["taken_at"] = pd.to_datetime(seen["taken_at"], utc=True)
    found = seen["taken_at"].where(seen["found"]).groupby(seen["account_id"])
    seen = seen.assign(min=found.transform("min"), max=found.transform("max"))
    seen = seen.dropna(subset="min")
    seen = seen[(seen["asked"] | seen["found"]) & (seen["taken_at"] >= seen["min"])]
    seen = seen.sort_values(["account_id", "taken_at"])
    seen["end"] = seen.groupby("account_id")["taken_at"].shift(-1)
    # Until the last sighting the account lived; behind it, one interval ends its life.
    spells = seen[seen["end"].notna() & (seen["taken_at"] <= seen["max"])]
    table = spells.assign(
        start=spells["taken_at"],
        gone=spells["end"] > spells["max"],
        days=(spells["end"] - spells["taken_at"]) / DAY,
    )
    columns = ["account_id", "start", "end", "days", "gone"]
    return table[columns].merge(
        accounts[["account_id", "platform", "unit", "created_at"]], on="account_id"
    )


def survival_tables(
    accounts: pd.DataFrame,
    spells: pd.DataFrame,
    batches: pd.Series,
    *,
    draws: int,
    seed: int,
) -> pd.DataFrame:
    """Estimate survival by age, and time since the first sighting where there is no date.

    Parameters
    ----------
    accounts : pandas.DataFrame
        The columns that `lifetimes` reads, of the network's accounts.
    spells : pandas.DataFrame
        What `looks` gave: the median days between two looks are the step, since nothing
        finer can be told.
    batches : pandas.Series
        Batch of each account, by account_id, sorted by it.
    draws, seed : int
        Bootstrap samples, and their seed.

    Returns
    -------
    pandas.DataFrame
        Columns `SURVIVAL`, ages first.
    """
    if spells.empty:
        row = {"n": len(accounts), "n_dated": 0, "wrong_if": WRONG_IF}
        row["status"] = "not identified: no account was asked for on two days"
        return pd.DataFrame([row]).reindex(columns=SURVIVAL)
    step = float(spells["days"].median())
    dated = accounts["created_at"].notna()
    parts = []
    for origin, own in ((AGE, accounts[dated]), (RESIDUAL, accounts[~dated])):
        lives = lifetimes(own, dated=origin == AGE)
        parts.append(
            survival_table(lives, own, batches, origin=origin, step=step, draws=draws, seed=seed)
        )
    return pd.concat(parts, ignore_index=True)


def hazard_table(spells: pd.DataFrame, n: int) -> pd.DataFrame:
    """Compare the rates at which kinds of accounts are removed.

    Parameters
    ----------
    spells : pandas.DataFrame
        What `looks` gave.
    n : int
        The network's accounts.

    Returns
    -------
    pandas.DataFrame
        Columns `HAZARDS`: for accounts with a date of creation, the rate of removal of those
        up to half a year old against older ones and of each platform against the first, and
        for those without, of each platform and unit. ratio is of hazards; q is Holm's over
        the table.
    """
    rows = []
    dated = spells["created_at"].notna()
    for origin, own in ((AGE, spells[dated]), (RESIDUAL, spells[~dated])):
        row = {
            "origin": origin,
            "spells": len(own),
            "removed": int(own["gone"].sum()),
            "clusters": own["start"].nunique(),
            "n_dated": own["account_id"].nunique(),
            "n": n,
            "wrong_if": WRONG_IF,
            "null": "both are removed at the same rate",
            "method": HAZARD_METHOD,
        }
        kinds = own["platform"] + " " + own["unit"]
        terms = {
            f"{kind} against {kinds.min()}": (kinds == kind).astype(float)
            for kind in sorted(kinds.unique())[1:]
        }
        if origin == AGE and len(own):
            age = (own["start"] - own["created_at"]) / DAY
            young = f"younger than {YOUNG_DAYS} days against older"
            terms = {young: (age < YOUNG_DAYS).astype(float)} | terms
        terms = {name: mark for name, mark in terms.items() if _told(mark, own["gone"])}
        if row["removed"] < FEWEST_REMOVED or row["clusters"] < FEWEST_CLUSTERS or not terms:
            why = f"{row['removed']} removals in {row['clusters']} intervals between looks"
            if row["removed"] >= FEWEST_REMOVED and row["clusters"] >= FEWEST_CLUSTERS:
                why = "no two kinds of accounts of which some were removed and some were not"
            rows.append({**row, "term": "any", "status": f"not identified: {why}"})
            continue
        design = sm.add_constant(pd.DataFrame(terms), prepend=True)
        model = sm.GLM(
            own["gone"].astype(float),
            design,
            family=sm.families.Binomial(sm.families.links.CLogLog()),
            offset=np.log(own["days"]),
        )
        clusters = own["start"].astype("category").cat.codes.to_numpy()
        fit = model.fit(cov_type="cluster", cov_kwds={"groups": clusters})
        free = max(row["clusters"] - 1, 1)
        reach = stats.t.ppf((1 + CONFIDENCE) / 2, free)
        for name in terms:
            estimate, error = fit.params[name], fit.bse[name]
            rows.append(
                {
                    **row,
                    "term": name,
                    "ratio": np.exp(estimate),
                    "low": np.exp(estimate - reach * error),
                    "high": np.exp(estimate + reach * error),
                    "p": 2 * stats.t.sf(abs(estimate) / error, free),
                    "status": "estimated",
                }
            )
    table = pd.DataFrame(rows).reindex(columns=HAZARDS)
    tested = table["p"].notna()
    if tested.any():
        table.loc[tested, "q"] = sm.stats.multipletests(table.loc[tested, "p"], method="holm")[1]
    return table


def _told(mark: pd.Series, gone: pd.Series) -> bool:
    """Whether both sides of a contrast have removed accounts and others."""
    return all(gone[mark == side].nunique() == 2 for side in (0.0, 1.0))
