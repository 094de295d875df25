"""Whether a network rests when a country does, and works when that makes up for it."""

from collections.abc import Sequence
from datetime import date

import holidays
import numpy as np
import pandas as pd
from statsmodels.stats.multitest import multipletests

__all__ = ["HOLIDAYS", "calendars", "holiday_table"]

# Days before and after, in weeks, with which a day is compared: the same weekday, worked.
NEAR_WEEKS = 5
FEWEST_COMPARED = 4
FEWEST_DAYS = 3
# A day off in more than this share of the countries tells none from the others.
COMMON = 0.5
HOLIDAYS = [
    *("platform", "country", "kind", "days", "share", "due", "ratio", "low", "high", "p", "q"),
    *("status", "method", "null", "wrong_if"),
]
OFF, MADE_UP = "working days off", "working weekends"
METHOD = "share of the posts against the same weekday up to {weeks} weeks before and after"
NULL = {
    OFF: "runs of days drawn from working days of that country bring as few",
    MADE_UP: "days drawn from other weekend days bring as many",
}
WRONG_IF = "an order or an event changed how much was posted on these very days"


def calendars(
    countries: Sequence[str], first: date, last: date
) -> dict[str, tuple[set[date], set[date]]]:
    """Days off and made-up days of each country.

    Parameters
    ----------
    countries : sequence of str
        ISO 3166 codes of two letters.
    first, last : datetime.date
        Days between which they are wanted.

    Returns
    -------
    dict
        By country: working days that are off, those that more than half of the countries
        have off left out; and weekend days that are worked instead.

    Raises
    ------
    ValueError
        If a country has no calendar in the package `holidays`.
    """
    known = holidays.list_supported_countries()
    years = range(first.year, last.year + 1)
    off, made_up = {}, {}
    for country in countries:
        if country not in known:
            raise ValueError(
                f"timing.countries: found {country!r}; there are calendars of {sorted(known)}"
            )
        calendar = holidays.country_holidays(country, years=years)
        off[country] = {d for d in calendar if first <= d <= last and not calendar.is_weekend(d)}
        extra = getattr(calendar, "weekend_workdays", set())
        made_up[country] = {d for d in extra if first <= d <= last}
    shared = pd.Series([day for days in off.values() for day in days]).value_counts()
    common = set(shared.index[shared > COMMON * len(countries)])
    return {country: (off[country] - common, made_up[country]) for country in countries}


def holiday_table(
    platform: str,
    posted: pd.Series,
    days_of: dict[str, tuple[set[date], set[date]]],
    *,
    draws: int,
    seed: int,
) -> pd.DataFrame:
    """Compare each country's days with ordinary ones.

    Parameters
    ----------
    platform : str
        What the rows are called.
    posted : pandas.Series
        Posts (or their weight) of each day, by day without a gap (midnight, UTC).
    days_of : dict
        What `calendars` gave.
    draws : int
        Arrangements drawn for each null.
    seed : int
        Seed of the draws.

    Returns
    -------
    pandas.DataFrame
        Columns `HOLIDAYS`, two rows a country: share of all posts on its days, what the same
        weekdays around them bring, their ratio with the 95 % interval that the draws give,
        p (one-sided: fewer on days off, more on working weekends) and q, Holm over all rows.
        A country with fewer than three such days has no p, and its status says so.
    """
    values = posted.to_numpy(float)
    index = {day.date(): place for place, day in enumerate(posted.index)}
    weekday = posted.index.day_of_week.to_numpy()
    rows = []
    for number, (country, (off, extra)) in enumerate(sorted(days_of.items())):
        for kind, chosen in ((OFF, off), (MADE_UP, extra)):
            marked = np.zeros(len(values), dtype=bool)
            marked[[index[day] for day in off | extra if day in index]] = True
            places = np.array(sorted(index[day] for day in chosen if day in index), dtype=int)
            due = _due(values, marked)
            places = places[~np.isnan(due[places])]
            row = {"platform": platform, "country": country, "kind": kind, "days": len(places)}
            row |= {"method": METHOD.format(weeks=NEAR_WEEKS), "null": NULL[kind]}
            row |= {"wrong_if": WRONG_IF, "status": "estimated"}
            if len(places) < FEWEST_DAYS or due[places].sum() == 0:
                few = f"{len(places)} days, and {FEWEST_DAYS} are needed"
                rows.append({**row, "status": f"not identified: {few}"})
                continue
            same = np.isin(weekday, np.unique(weekday[places])) & ~marked & ~np.isnan(due)
            random = np.random.default_rng([seed, number, kind == OFF])
            drawn = _placebos(values, due, np.flatnonzero(same), _runs(places), draws, random)
            ratio = values[places].sum() / due[places].sum()
            reached = drawn <= ratio if kind == OFF else drawn >= ratio
            low, high = np.quantile(drawn, [0.025, 0.975])
            row |= {
                "share": values[places].sum() / values.sum(),
                "due": due[places].sum() / values.sum(),
                "ratio": ratio,
                "low": ratio / high,
                "high": ratio / low if low > 0 else np.inf,
                "p": (reached.sum() + 1) / (draws + 1),
            }
            rows.append(row)
    table = pd.DataFrame(rows).reindex(columns=HOLIDAYS)
    tested = table["p"].notna()
    if tested.any():
        table.loc[tested, "q"] = multipletests(table.loc[tested, "p"], method="holm")[1]
    return table


def _due(values: np.ndarray, marked: np.ndarray) -> np.ndarray:
    """Mean of the unmarked days of the same weekday around each day; missing where few are."""
    near = [step * 7 for step in range(-NEAR_WEEKS, NEAR_WEEKS + 1) if step]
    days = np.arange(len(values))[:, None] + np.array(near)
    inside = (days >= 0) & (days < len(values))
    days = np.where(inside, days, 0)
    usable = inside & ~marked[days]
    sums = np.where(usable, values[days], 0.0).sum(axis=1)
    number = usable.sum(axis=1)
    return np.where(number >= FEWEST_COMPARED, sums / np.maximum(number, 1), np.nan)


def _runs(places: np.ndarray) -> np.ndarray:
    """Lengths of runs of days, weekends between them not counting as a break."""
    breaks = np.flatnonzero(np.diff(places) > 3) + 1
    return np.diff(np.concatenate([[0], breaks, [len(places)]]))


def _placebos(
    values: np.ndarray,
    due: np.ndarray,
    ordinary: np.ndarray,
    runs: np.ndarray,
    draws: int,
    random: np.random.Generator,
) -> np.ndarray:
    """Ratios of as many runs of as many ordinary days, drawn anew each time."""
    seen, expected = np.zeros(draws), np.zeros(draws)
    for run in np.minimum(runs, len(ordinary)):
        first = random.integers(len(ordinary) - run + 1, size=draws)
        days = ordinary[first[:, None] + np.arange(run)]
        seen += values[days].sum(axis=1)
        expected += due[days].sum(axis=1)
    return np.divide(seen, expected, out=np.ones(draws), where=expected > 0)
