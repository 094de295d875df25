"""Published claims against what the collection gives."""

from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from hydrascope.counts.platforms import ALL, MEASURES

__all__ = ["judge_claims"]

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
INCONSISTENT = "inconsistent as published"
WIDEST = Decimal("0.1")
COUNTED = {
    "roster": "The list of accounts was taken as given: agreement shows that no record was lost, "
    "not that the list is right.",
    "detect": "Accounts are counted by verdict; low is without the undetermined ones, high "
    "with them.",
}
AVERAGED = {
    "roster": COUNTED["roster"],
    "detect": "The mean is that of the affiliated accounts alone, and so are low and high.",
}
ESTIMATED = "Low and high are the ends of its 95 % interval."
RECOVERY = (
    "The collection is simulated: this is recovery of what was planted, no evidence about the "
    "world."
)
# Where the results have something on what is claimed, and why it is not held against it.
ELSEWHERE = {
    "accounts_more_than": "counts/platforms.tsv counts the affiliated accounts. A claim of more "
    "than a number is not held against a count.",
    "months_observed": "ingest/snapshots.tsv has the days on which this collection was looked at. "
    "How long the source looked is no property of the network.",
    "platforms": "counts/platforms.tsv lists the platforms of the collection. Whoever collected "
    "chose them, so their number is no finding.",
    "websites_more_than": "ingest/websites.tsv counts posts that link to listed websites. A list "
    "is needed, and what is not on it is not looked for.",
    "languages": "narratives/prevalence.tsv has the network's posts by language. Languages are "
    "guessed from the texts, and a claim of at least a number is not held against a count.",
    "videos_more_than": "narratives/prevalence.tsv has the network's posts by platform and month. "
    "They are not videos alone, and need not be all of a year.",
}


def judge_claims(
    claims: pd.DataFrame, measures: pd.DataFrame, *, mode: str, simulated: bool
) -> pd.DataFrame:
    """Set each published number against the collection's.

    Parameters
    ----------
    claims : pandas.DataFrame
        claim, measure, platform, unit, published (as text, so that its decimals
        are known) and source.
    measures : pandas.DataFrame
        What `platforms.measured` gave.
    mode : {'roster', 'detect'}
        The study's key `affiliation.mode`.
    simulated : bool
        Whether the collection is simulated; only a real one can reproduce.

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
        larger may count what the parts leave out, and is judged as any other. The note says how
        the number came about, or why there is none.
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
            said = [_how(claim["measure"], mode)]
        else:
            said = [_why_not(*key, measures)]
        if (parts := sums.get((claim["source"], *key))) and parts > published:
            base["verdict"] = INCONSISTENT
            said = [f"Its parts sum to {parts:,}, and it is {published:,}.", *said]
        rows.append(base | {"note": " ".join([*said, *([RECOVERY] if simulated else [])])})
    return pd.DataFrame(rows).reindex(columns=COLUMNS)


def _how(measure: str, mode: str) -> str:
    if measure == "replacement_ratio":
        return ESTIMATED
    return (AVERAGED if measure.startswith("mean_") else COUNTED)[mode]


def _why_not(measure: str, platform: str, measures: pd.DataFrame) -> str:
    """Say why no number of the collection stands beside a claim."""
    here = measures[(measures["measure"] == measure) & (measures["platform"] == platform)]
    if len(here):
        status = here["status"].iloc[0]
        return f"{status[:1].upper()}{status[1:]}."
    if measure in MEASURES and platform == ALL:
        return "Platforms are put together only where the collection has several."
    if measure in MEASURES:
        return f"The collection has no account of the platform {platform}."
    return ELSEWHERE.get(
        measure,
        f"{measure} is no measure that the workflow computes; those are {', '.join(MEASURES)}.",
    )


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
