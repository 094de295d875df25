"""Accounts per platform and unit."""

import pandas as pd

__all__ = ["ALL", "MEASURES", "measured", "platform_counts"]

ALL = "all"
# The unit of a published number that does not say which units it counts.
ANY = "account"
UNKNOWN = "the followers of no such account of the network are known"


def platform_counts(verdicts: pd.DataFrame, claims: pd.DataFrame) -> pd.DataFrame:
    """Count accounts by verdict, beside what was published.

    Parameters
    ----------
    verdicts : pandas.DataFrame
        account_id, platform, unit and verdict.
    claims : pandas.DataFrame
        The study's published claims; those with the measure `accounts` count.

    Returns
    -------
    pandas.DataFrame
        platform, unit, collected, affiliated, undetermined, low, high and
        published (missing where nothing was, all numbers joined where several
        were), sorted. A platform with several units has a further row of the
        unit `all`, their sum, and so have several platforms together. What was
        published of accounts, whatever their unit, stands beside the sum, or
        beside the only unit. Low and high are the affiliated count without and
        with the undetermined accounts.
    """
    units = verdicts.drop_duplicates(["platform", "unit"])["platform"].value_counts()
    mixed = verdicts[verdicts["platform"].map(units) > 1].assign(unit=ALL)
    whole = verdicts.assign(platform=ALL, unit=ALL)
    groups = pd.concat([verdicts, mixed, whole if len(units) > 1 else whole[:0]])
    groups = groups.groupby(["platform", "unit"])["verdict"]
    table = pd.DataFrame(
        {
            "collected": groups.size(),
            "affiliated": groups.apply(lambda of: int((of == "affiliated").sum())),
            "undetermined": groups.apply(lambda of: int((of == "undetermined").sum())),
        }
    )
    table["low"] = table["affiliated"]
    table["high"] = table["affiliated"] + table["undetermined"]
    only = verdicts.drop_duplicates("platform").set_index("platform")["unit"]
    only = only.where(units == 1, ALL).to_dict() | {ALL: ALL}
    stated = claims[claims["measure"] == "accounts"]
    unit = stated["unit"].where(stated["unit"] != ANY, stated["platform"].map(only))
    stated = stated.assign(unit=unit).groupby(["platform", "unit"])
    table["published"] = stated["published"].agg(lambda of: " / ".join(of.unique()))
    return table.reset_index().sort_values(["platform", "unit"], ignore_index=True)


def measured(
    accounts: pd.DataFrame,
    post_counts: pd.Series,
    verdicts: pd.DataFrame,
    replacement: pd.DataFrame,
) -> pd.DataFrame:
    """Measure whatever a published claim may name.

    Parameters
    ----------
    accounts : pandas.DataFrame
        account_id, platform, unit and followers.
    post_counts : pandas.Series
        Posts by account_id; an account without posts need not be there.
    verdicts : pandas.DataFrame
        account_id and verdict.
    replacement : pandas.DataFrame
        What `timing.replacement.replacement_table` gave: one row with value, low, high and
        status; the numbers are missing where it is not identified.

    Returns
    -------
    pandas.DataFrame
        measure, platform, value, low, high and status (why a value is missing)
        of the affiliated accounts of a platform, and of `all` where there are several: accounts,
        accounts_with_posts, accounts_without_posts, posts, mean_followers and
        mean_followers_with_posts. Low and high span what the undetermined
        accounts would change; for means they are the value. replacement_ratio, of `all`,
        keeps its own interval.
    """
    rows = accounts.merge(verdicts[["account_id", "verdict"]], on="account_id")
    rows["posts"] = rows["account_id"].map(post_counts).fillna(0).astype(int)
    table = []
    parts = list(rows.groupby("platform", sort=True))
    for platform, all_rows in [*parts, *([(ALL, rows)] if len(parts) > 1 else [])]:
        network = all_rows[all_rows["verdict"] == "affiliated"]
        widest = all_rows[all_rows["verdict"] != "unaffiliated"]
        for measure, of in _COUNTED.items():
            low = of(network)
            table.append([measure, platform, low, low, of(widest), ""])
        for measure, choose in _AVERAGED.items():
            mean = choose(network)["followers"].mean()
            table.append([measure, platform, mean, mean, mean, UNKNOWN])
    ratio = replacement[["value", "low", "high", "status"]].iloc[0].to_list()
    table.append(["replacement_ratio", ALL, *ratio])
    return pd.DataFrame(table, columns=["measure", "platform", "value", "low", "high", "status"])


_COUNTED = {
    "accounts": len,
    "accounts_with_posts": lambda rows: int((rows["posts"] > 0).sum()),
    "accounts_without_posts": lambda rows: int((rows["posts"] == 0).sum()),
    "posts": lambda rows: int(rows["posts"].sum()),
}
_AVERAGED = {
    "mean_followers": lambda rows: rows,
    "mean_followers_with_posts": lambda rows: rows[rows["posts"] > 0],
}
MEASURES = (*_COUNTED, *_AVERAGED, "replacement_ratio")
