"""Verdicts against the truth of a simulated collection."""

import pandas as pd
from statsmodels.stats.proportion import proportion_confint

__all__ = ["affiliation_score"]

COLUMNS = ["among", "platform", "measure", "value", "low", "high", "hits", "of"]
FEWEST_POSTS = 3


def affiliation_score(
    verdicts: pd.DataFrame, accounts: pd.DataFrame, posts: pd.Series, truth: pd.DataFrame
) -> pd.DataFrame:
    """Measure how well verdicts recover what was planted.

    Parameters
    ----------
    verdicts : pandas.DataFrame
        account_id, verdict, verdict_without_timing and seed.
    accounts : pandas.DataFrame
        account_id, platform and native_id.
    posts : pandas.Series
        Posts by account_id; an account without posts need not be there.
    truth : pandas.DataFrame
        platform, native_id and affiliated (1 or 0).

    Returns
    -------
    pandas.DataFrame
        among (all accounts, or those with at least three posts), platform (or
        all), measure (precision, recall, and both for the verdict without
        timing), value, low and high (95 %, Wilson 1927, as if accounts were
        independent, which accounts of one batch are not), hits and of. Seeds are
        left out, and `undetermined` counts as missed.
    """
    columns = ["account_id", "platform", "native_id"]
    rows = verdicts.drop(columns="platform").merge(accounts[columns], on="account_id")
    rows = rows[~rows["seed"]].merge(truth, on=["platform", "native_id"], how="left")
    rows["planted"] = rows["affiliated"].astype("Int64") == 1
    rows["posts"] = rows["account_id"].map(posts).fillna(0)
    loud = rows[rows["posts"] >= FEWEST_POSTS]
    table = []
    for among, chosen in (("all accounts", rows), (f"{FEWEST_POSTS} posts and more", loud)):
        parts = [("all", chosen), *chosen.groupby("platform", sort=True)]
        for platform, here in parts:
            for verdict, suffix in (
                ("verdict", ""),
                ("verdict_without_timing", " without timing"),
            ):
                found = here[verdict] == "affiliated"
                both = int((found & here["planted"]).sum())
                for measure, of in (("precision", found), ("recall", here["planted"])):
                    table.append([among, platform, f"{measure}{suffix}", both, int(of.sum())])
    score = pd.DataFrame(table, columns=["among", "platform", "measure", "hits", "of"])
    score["value"] = score["hits"] / score["of"].where(score["of"] > 0)
    low, high = proportion_confint(
        score["hits"], score["of"].where(score["of"] > 0), method="wilson"
    )
    return score.assign(low=low, high=high)[COLUMNS]
