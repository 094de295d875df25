"""Published counts beside what platforms themselves said they had taken down."""

import pandas as pd

__all__ = ["CONTEXT", "context_table"]

CONTEXT = ["platform", "unit", "quarter", "what", "count", "by", "about", "note"]
PUBLISHED, DISCLOSED = "published", "disclosed"


def context_table(claims: pd.DataFrame, takedowns: pd.DataFrame, posted: pd.Series) -> pd.DataFrame:
    """Set a study's counts beside takedowns of the quarters that it looked at.

    Parameters
    ----------
    claims : pandas.DataFrame
        The study's rows of data/published/claims.tsv.
    takedowns : pandas.DataFrame
        The study's rows of data/published/takedowns.tsv; every number that a source gives
        stays, also where sources disagree.
    posted : pandas.Series
        Times of the collection's posts (UTC): their quarters are those looked at.

    Returns
    -------
    pandas.DataFrame
        Columns `CONTEXT`, sorted: each count of accounts that the study published, and each
        number of accounts, Pages, channels or groups that was disclosed for days within those
        quarters. They are counts of different things, found in different ways.
    """
    rows = []
    told = claims[(claims["measure"] == "accounts") & (claims["platform"] != "all")]
    for claim in told.to_dict("records"):
        rows.append(
            {
                "platform": claim["platform"],
                "unit": claim["unit"],
                "quarter": "",
                "what": PUBLISHED,
                "count": int(claim["published"]),
                "by": claim["source"],
                "about": claim["claim"],
                "note": "",
            }
        )
    times = posted.dropna()
    if len(times):
        first, last = (at.tz_convert(None).to_period("Q") for at in (times.min(), times.max()))
        for takedown in takedowns[takedowns["unit"] != "post"].to_dict("records"):
            start, end = (pd.Period(takedown[name], "Q") for name in ("start", "end"))
            if start <= last and end >= first:
                quarter = str(start) if start == end else f"{start} to {end}"
                rows.append(
                    {
                        "platform": takedown["platform"],
                        "unit": takedown["unit"],
                        "quarter": quarter,
                        "what": DISCLOSED,
                        "count": int(takedown["count"]),
                        "by": f"{takedown['discloser']}, by {takedown['source']}",
                        "about": takedown["about"],
                        "note": takedown["note"],
                    }
                )
    table = pd.DataFrame(rows, columns=CONTEXT)
    return table.sort_values(["platform", "what", "quarter", "unit", "count"], ignore_index=True)
