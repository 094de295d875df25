"""Error rates over many simulated worlds in which the truth is known."""

from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from hydrascope.affiliation.signals import GROUPS
from hydrascope.affiliation.size import AVERAGE, size_table

__all__ = ["clustered_rate", "dependence", "edge_rates", "mean_number", "rates", "size_rates"]

FEWEST_POSTS = 3
COLUMNS = ["cell", "among", "platform", "measure", "value", "low", "high", "worlds"]
# A group speaks of an account at this p.
SPEAKS = 0.05
THOUSAND = 1_000


def clustered_rate(hits: np.ndarray, of: np.ndarray) -> tuple[float, float, float]:
    """Estimate a rate and its 95 % interval over worlds, each being one cluster.

    Parameters
    ----------
    hits, of : numpy.ndarray
        Shape (worlds,): how many, out of how many.

    Returns
    -------
    value, low, high : float
        The ratio of the sums; the wider, on each side, of the interval of the ratio
        estimator with Student's t (Cochran 1977, Sampling Techniques, section 6.3)
        and that of Clopper and Pearson (1934), which holds where the ratio is near 0
        or 1. Missing where there is nothing to divide by.
    """
    total = of.sum()
    if not total:
        return np.nan, np.nan, np.nan
    value = hits.sum() / total
    low, high = proportion_confint(hits.sum(), total, method="beta")
    if len(of) > 1:
        count = len(of)
        spread = ((hits - value * of) ** 2).sum() * count / (count - 1)
        half = stats.t.ppf(0.975, count - 1) * np.sqrt(spread) / total
        low, high = min(low, max(value - half, 0.0)), max(high, min(value + half, 1.0))
    return value, low, high


def mean_number(numbers: np.ndarray) -> tuple[float, float, float]:
    """Average a number over worlds, with the 95 % interval of Student's t, at least 0."""
    value = numbers.mean()
    half = np.nan
    if len(numbers) > 1:
        half = stats.t.ppf(0.975, len(numbers) - 1) * numbers.std(ddof=1) / np.sqrt(len(numbers))
    return value, max(value - half, 0.0), value + half


def rates(judged: pd.DataFrame) -> pd.DataFrame:
    """Measure the verdicts of many worlds against what was planted.

    Parameters
    ----------
    judged : pandas.DataFrame
        cell, world (its seed), platform, seed (a seed of the detection), verdict,
        verdict_without_timing, planted (bool) and posts; a row an account.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`. Seeds are left out, and `undetermined` counts as missed. precision
        and recall among accounts with at least three posts and among all; false
        inclusions are affiliated accounts that were not planted, a world and in a
        thousand accounts that were not planted. low and high as in
        `clustered_rate` and `mean_number`.
    """
    rows = judged[~judged["seed"]]
    rows = rows.assign(loud=rows["posts"] >= FEWEST_POSTS)
    table = []
    for verdict, suffix in (("verdict", ""), ("verdict_without_timing", " without timing")):
        found = rows[verdict] == "affiliated"
        counted = rows[["cell", "world", "platform"]].assign(
            found=found, hits=found & rows["planted"], planted=rows["planted"], n=1
        )
        for among, part in (
            ("all accounts", counted),
            (f"{FEWEST_POSTS} posts and more", counted[rows["loud"]]),
        ):
            table += _counted_rates(part, among, suffix)
    return pd.DataFrame(table, columns=COLUMNS)


def _counted_rates(counted: pd.DataFrame, among: str, suffix: str) -> list[tuple]:
    everywhere = counted.assign(platform="all")
    table = []
    for cell, rows in pd.concat([everywhere, counted]).groupby("cell", sort=True):
        worlds = rows["world"].drop_duplicates().sort_values()
        for platform, here in rows.groupby("platform", sort=True):
            sums = here.groupby("world")[["found", "hits", "planted", "n"]].sum()
            sums = sums.reindex(worlds, fill_value=0).astype(float)
            wrong = (sums["found"] - sums["hits"]).to_numpy()
            others = (sums["n"] - sums["planted"]).to_numpy()
            hits = sums["hits"].to_numpy()
            each = {
                "precision": clustered_rate(hits, sums["found"].to_numpy()),
                "recall": clustered_rate(hits, sums["planted"].to_numpy()),
                "false inclusions a world": mean_number(wrong),
                "false inclusions in 1000": tuple(
                    THOUSAND * part for part in clustered_rate(wrong, others)
                ),
            }
            table += [
                (cell, among, platform, f"{measure}{suffix}", *values, len(worlds))
                for measure, values in each.items()
            ]
    return table


def dependence(judged: pd.DataFrame) -> pd.DataFrame:
    """Measure on accounts outside networks how groups of signals depend on each other.

    Parameters
    ----------
    judged : pandas.DataFrame
        cell, world, seed, control (bool: in no coordinated group) and for each group
        its p.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`, among controls: the share of those measurable in a group that has
        p at most 0.05 there, and for each pair of groups how many times more often
        both have than if the groups were independent, 1 being independence.
    """
    controls = judged[judged["control"] & ~judged["seed"]]
    table = []
    for cell, rows in controls.groupby("cell", sort=True):
        worlds = rows["world"].nunique()
        p = pd.DataFrame({group: rows[f"{group.replace(' ', '_')}_p"] for group in GROUPS})
        speaks = (p <= SPEAKS).astype(float).where(p.notna())
        for group in GROUPS:
            sums = speaks[group].groupby(rows["world"]).agg(["sum", "count"])
            rate = clustered_rate(sums["sum"].to_numpy(), sums["count"].to_numpy())
            table.append((cell, "controls", "all", f"{group}: p at most 0.05", *rate, worlds))
        for one, other in combinations(GROUPS, 2):
            both = speaks[[one, other]].assign(world=rows["world"]).dropna()
            ratio = _joint_ratio(both[one], both[other], both["world"])
            table.append((cell, "controls", "all", f"{one} with {other}", *ratio, worlds))
    return pd.DataFrame(table, columns=COLUMNS)


def _joint_ratio(one: pd.Series, other: pd.Series, world: pd.Series) -> tuple[float, float, float]:
    """Observed over expected joint share, with a jackknife over worlds."""
    sums = pd.DataFrame({"one": one, "other": other, "both": one * other, "n": 1.0})
    sums = sums.groupby(world).sum()
    total = sums.sum()
    left_out = total - sums
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.divide(total["both"] * total["n"], total["one"] * total["other"])
        each = left_out["both"] * left_out["n"] / (left_out["one"] * left_out["other"])
    count = len(sums)
    if count < 2 or not np.isfinite(value):
        return (value if np.isfinite(value) else np.nan), np.nan, np.nan
    spread = np.sqrt((count - 1) / count * ((each - each.mean()) ** 2).sum())
    half = stats.t.ppf(0.975, count - 1) * spread
    return value, max(value - half, 0.0), value + half


def edge_rates(counted: pd.DataFrame) -> pd.DataFrame:
    """Share of edges that join accounts of no common network, signal by signal.

    Parameters
    ----------
    counted : pandas.DataFrame
        cell, world, signal, edges and inside.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`. People who pass on the same thing are joined too, and rightly as far
        as the null of edges goes: that share is an upper bound of the false discovery
        rate.
    """
    table = []
    for (cell, signal), rows in counted.groupby(["cell", "signal"], sort=True):
        edges, inside = rows["edges"].to_numpy(), rows["inside"].to_numpy()
        rate = clustered_rate(edges - inside, edges)
        table.append((cell, "edges", "all", f"{signal}: outside networks", *rate, len(rows)))
    return pd.DataFrame(table, columns=COLUMNS)


def size_rates(judged: pd.DataFrame, *, link_q: float) -> pd.DataFrame:
    """Hold estimated sizes against the planted accounts that post.

    Parameters
    ----------
    judged : pandas.DataFrame
        cell, world, and the columns that `judged` gives.
    link_q : float
        As in `size.size_table`.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`, for units with dates of creation and without: the share of worlds in
        which a size was identified, and where it was, how often the interval held the
        true one, its median width and the median error, both as shares of the size.
    """
    found = []
    for (cell, world), rows in judged.groupby(["cell", "world"], sort=True):
        rows = rows.reset_index(drop=True).assign(account_id=lambda table: table.index)
        table = size_table(rows, rows["posts"], link_q=link_q)
        for row in table[table["model"] == AVERAGE].itertuples():
            name, *units = row.units.split(", ")
            true = (rows["unit"].isin(units) & rows["planted"] & (rows["posts"] > 0)).sum()
            found.append((cell, world, name, true, row.size, row.low, row.high))
    sizes = pd.DataFrame(found, columns=["cell", "world", "units", "true", "size", "low", "high"])
    table = []
    for (cell, units), rows in sizes.groupby(["cell", "units"], sort=True):
        known = rows.dropna(subset="size")
        covered = known["true"].between(known["low"], known["high"]).to_numpy().astype(float)
        one = np.ones(len(rows))
        each = {
            "size identified": clustered_rate(rows["size"].notna().to_numpy() * one, one),
            "size covered": clustered_rate(covered, one[: len(known)]),
            "size, median width": (_median((known["high"] - known["low"]) / known["size"]),),
            "size, median error": (_median(known["size"] / known["true"] - 1),),
        }
        for measure, values in each.items():
            value, low, high = (*values, np.nan, np.nan)[:3]
            table.append((cell, f"{units} units", "all", measure, value, low, high, len(rows)))
    return pd.DataFrame(table, columns=COLUMNS)


def _median(values: pd.Series) -> float:
    return float(values.median()) if len(values) else np.nan
