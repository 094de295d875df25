"""Batches at three gaps: how accounts were made together, in bursts and under like names."""

import numpy as np
import pandas as pd

from hydrascope.affiliation.signals import COUNTERS
from hydrascope.narratives.batches import GRAIN, batch_of, effective_batches
from hydrascope.texts.folding import matching_form
from hydrascope.timing.bursts import BURST

__all__ = ["BATCHES", "GAPS", "batch_table", "name_patterns"]

# Longest gaps in minutes from one account of a batch to the next.
GAPS = {"10 min": 10, "1 h": 60, "1 day": 1_440}
# A burst is one batch where a batch holds at least this share of its accounts.
ONE_BATCH = 0.95
BATCHES = [
    *("platform", "gap", "batches", "accounts", "share", "largest", "median", "effective"),
    *("in_bursts", "bursts", "bursts_of_one_batch", "like_names", "like_names_by_chance", "p", "q"),
    *("n_dated", "n", "status", "method", "null", "wrong_if"),
]
METHOD = "single linkage of creations; pairs of a batch whose names are alike but for numbers"
NULL = "names say nothing about batches: names exchanged among the platform's dated accounts"
WRONG_IF = (
    "many accounts are made at all times, so that batches chain, or names were changed afterwards"
)


def name_patterns(accounts: pd.DataFrame) -> pd.Series:
    """Make the names of accounts alike where they differ in numbers alone, in digits or words.

    Parameters
    ----------
    accounts : pandas.DataFrame
        display_name and handle, either of which may be missing.

    Returns
    -------
    pandas.Series
        A pattern each, missing where there is no name.
    """
    names = (
        accounts["display_name"].where(accounts["display_name"] != "").fillna(accounts["handle"])
    )
    return names.map(lambda name: COUNTERS.sub("#", matching_form(name)), na_action="ignore")


def batch_table(
    accounts: pd.DataFrame, bursts: pd.DataFrame, *, draws: int, seed: int
) -> pd.DataFrame:
    """Describe batches by platform and gap.

    Parameters
    ----------
    accounts : pandas.DataFrame
        account_id, platform, created_at, created_precision, display_name and handle of the
        network's accounts, in the order in which ingest wrote them.
    bursts : pandas.DataFrame
        What `bursts.burst_tables` gave.
    draws : int
        Exchanges of names.
    seed : int
        Seed of the exchanges.

    Returns
    -------
    pandas.DataFrame
        Columns `BATCHES`: batches of two accounts and more, accounts in them and their share
        of the dated, the largest and the median one, how many equal batches (those of one
        account included) would weigh as much, the share of the batches' accounts that were
        made in a burst, bursts of which one batch holds nineteen in twenty, and the share of pairs
        within batches that have like names, beside that after exchanging names, with p and
        q (Bonferroni over the table). A gap that is finer than the dates are known takes
        accounts of one day as a batch, and says so.
    """
    rows = []
    for platform, own in accounts.groupby("platform", sort=True):
        dated = own.dropna(subset="created_at").set_index("account_id")
        dated = dated.assign(pattern=name_patterns(dated))
        spans = bursts[(bursts["platform"] == platform) & (bursts["status"] == BURST)]
        for number, (name, minutes) in enumerate(GAPS.items()):
            row = {"platform": platform, "gap": name, "n_dated": len(dated), "n": len(own)}
            row |= {"method": METHOD, "null": NULL, "wrong_if": WRONG_IF}
            if len(dated) < 2:
                few = f"{len(dated)} accounts have a date"
                rows.append({**row, "status": f"not identified: {few}, and 2 are needed"})
                continue
            coarse = int((dated["created_precision"].map(GRAIN) >= minutes * 60).sum())
            row["status"] = "estimated"
            if coarse:
                row["status"] = f"{coarse} accounts are dated to the day: one batch a day"
            random = np.random.default_rng([seed, number])
            found = batch_of(dated.reset_index(), gap_minutes=minutes)
            rows.append(row | _described(dated.loc[found.index], found, spans, draws, random))
    table = pd.DataFrame(rows).reindex(columns=BATCHES)
    table["q"] = (table["p"] * table["p"].notna().sum()).clip(upper=1.0)
    return table


def _described(
    rows: pd.DataFrame,
    found: pd.Series,
    spans: pd.DataFrame,
    draws: int,
    random: np.random.Generator,
) -> dict:
    batch = np.unique(found, return_inverse=True)[1]
    sizes = np.bincount(batch)
    joint = sizes[batch] > 1
    day = rows["created_at"].dt.strftime("%Y-%m-%d").to_numpy()
    inside = [(day >= span.start) & (day <= span.end) for span in spans.itertuples()]
    single = [np.bincount(batch[mark]).max() >= ONE_BATCH * mark.sum() for mark in inside]
    burst = np.any(inside, axis=0) if inside else np.zeros(len(day), dtype=bool)
    several = sizes[sizes > 1]
    row = {
        "batches": len(several),
        "accounts": int(joint.sum()),
        "share": joint.mean(),
        "largest": int(sizes.max()),
        "median": float(np.median(several)) if len(several) else np.nan,
        "effective": float(effective_batches(sizes)),
        "in_bursts": burst[joint].mean() if joint.any() else np.nan,
        "bursts": len(inside),
        "bursts_of_one_batch": int(np.sum(single)),
    }
    named = rows["pattern"].notna().to_numpy()
    codes = np.unique(rows["pattern"][named], return_inverse=True)[1]
    here = batch[named]
    # Accounts by themselves are in no pair; they only give away their names.
    paired = np.bincount(here)[here] > 1
    if paired.any():
        here = here[paired]
        seen = _alike(here, codes[paired])
        drawn = np.array([_alike(here, random.permutation(codes)[paired]) for _ in range(draws)])
        row |= {
            "like_names": seen,
            "like_names_by_chance": drawn.mean(),
            "p": (1 + (drawn >= seen).sum()) / (draws + 1),
        }
    return row


def _alike(batch: np.ndarray, codes: np.ndarray) -> float:
    """Share of the pairs within batches whose codes are equal."""
    sizes = np.bincount(batch).astype(float)
    both = np.unique(batch * (codes.max() + 1) + codes, return_counts=True)[1].astype(float)
    return float((both * (both - 1)).sum() / (sizes * (sizes - 1)).sum())
