"""Published claims against what the collection gives."""

from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

__all__ = ["how_counted", "judge_claims"]

COLUMNS = [
    "claim",
    "platform",
    "unit",
    "published",
    "source",
    "basis",
    "reproduced",
    "low",
    "high",
    "difference",
    "verdict",
    "note",
]
ALL = "all"
INCONSISTENT = "inconsistent as published"
WIDEST = Decimal("0.1")
NOTES = {
    "roster": "The roster is the platform's own list: agreement shows that no record was lost, "
    "not that the list is right.",
    "detect": "Accounts are counted by verdict; low is without the undetermined ones, high "
    "with them.",
}
RECOVERY = (
    " The collection is simulated: this is recovery of what was planted, no evidence about the "
    "world."
)


def how_counted(mode: str, *, simulated: bool) -> str:
    """What a reader must know of how the numbers came about.

    Parameters
    ----------
    mode : {'roster', 'detect'}
        The study's key `affiliation.mode`.
    simulated : bool
        Whether the collection is simulated.
    """
    return NOTES[mode] + (RECOVERY if simulated else "")


def judge_claims(
    claims: pd.DataFrame, measures: pd.DataFrame, *, simulated: bool, note: str
) -> pd.DataFrame:
    """Set each published number against the collection's.

    Parameters
    ----------
    claims : pandas.DataFrame
        claim, measure, platform, unit, published (as text, so that its decimals
        are known) and source.
    measures : pandas.DataFrame
        What `platforms.measured` gave.
    simulated : bool
        Whether the collection is simulated; only a real one can reproduce.
    note : str
        What a reader must know of how the numbers came about.

    Returns
    -------
    pandas.DataFrame
        Columns `COLUMNS`, in the order of the claims. Both numbers are compared
        at the decimals that were published. The verdict is `reproduced` when
        the published number lies within low and high and these are at most a
        tenth of the estimate apart, `differs` when it lies outside, and `not
        identified` when the interval is wider or nothing was measured; on
        simulated data it is `recovered (planted)`, `missed (planted)` or `not
        testable`. A total (platform `all`) that is smaller than the sum of what its
        own source gives for single platforms is `inconsistent as published` on
        either: one of the numbers is wrong, or accounts count twice. A total that is
        larger may count what the parts leave out, and is judged as any other.
    """
    words = (
        ("recovered (planted)", "missed (planted)", "not testable")
        if simulated
        else ("reproduced", "differs", "not identified")
    )
    known = measures.set_index(["measure", "platform"])
    sums = _sums_of_parts(claims)
    rows = []
    for claim in claims.to_dict("records"):
        published = Decimal(claim["published"])
        key = (claim["measure"], claim["platform"])
        base = {
            **claim,
            "basis": "simulated" if simulated else "real",
            "verdict": words[2],
            "note": note,
        }
        if key in known.index and pd.notna(known.loc[key, "value"]):
            value, low, high = (
                _rounded(known.loc[key, name], published) for name in ("value", "low", "high")
            )
            base |= {
                "reproduced": str(value),
                "low": str(low),
                "high": str(high),
                "difference": str(value - published),
            }
            if high - low <= WIDEST * abs(value):
                base["verdict"] = words[0 if low <= published <= high else 1]
        else:
            base["note"] = f"Nothing in the collection measures it. {note}"
        if (parts := sums.get((claim["source"], *key))) and parts > published:
            base["verdict"] = INCONSISTENT
            base["note"] = f"Its parts sum to {parts:,}, and it is {published:,}. {base['note']}"
        rows.append(base)
    return pd.DataFrame(rows).reindex(columns=COLUMNS)


def _sums_of_parts(claims: pd.DataFrame) -> dict[tuple[str, str, str], Decimal]:
    """What a source's numbers for single platforms come to, by source, measure and `all`."""
    parts = claims[claims["platform"] != ALL].drop_duplicates(["source", "measure", "platform"])
    return {
        (source, measure, ALL): sum(map(Decimal, rows["published"]))
        for (source, measure), rows in parts.groupby(["source", "measure"])
        if len(rows) > 1
    }


def _rounded(value: float, published: Decimal) -> Decimal:
    digits = Decimal(1).scaleb(published.as_tuple().exponent)
    return Decimal(str(value)).quantize(digits, rounding=ROUND_HALF_UP)
