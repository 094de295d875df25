"""The case for and against one account: its verdict in ten lines, and what ties it."""

from collections.abc import Collection

import duckdb
import pandas as pd

from hydrascope.affiliation.signals import GROUPS
from hydrascope.errors import TableError

__all__ = ["explained", "found_accounts", "rostered", "ties", "tying_things"]

IDENTITY = ["account_id", "platform", "native_id", "handle"]
# Each thing of each post, with the account that holds it. A text is one by its form.
HELD = """
SELECT 'text' AS kind, form AS thing, posts.post_id, posts.account_id
FROM posts JOIN members USING (post_id)
UNION ALL SELECT 'link', unnest(urls), post_id, account_id FROM posts
UNION ALL SELECT 'hashtag', unnest(hashtags), post_id, account_id FROM posts
UNION ALL SELECT 'mention', unnest(mentions), post_id, account_id FROM posts
UNION ALL SELECT 'media', unnest(media_ids), post_id, account_id FROM posts
UNION ALL SELECT 'repost of', repost_of, post_id, account_id FROM posts
"""
TYING = f"""
WITH held AS ({HELD}), mine AS (
    SELECT kind, thing, count(DISTINCT post_id) AS posts, min(post_id) AS post_id
    FROM held WHERE account_id = $account AND thing <> '' GROUP BY ALL
), counted AS (
    SELECT kind, thing, count(DISTINCT account_id) AS holders,
        count(DISTINCT account_id) FILTER (account_id IN (FROM affiliated)) AS members
    FROM held SEMI JOIN mine USING (kind, thing) WHERE account_id <> $account GROUP BY ALL
)
SELECT kind, thing, mine.posts, holders, members, native_id, posted_at, text
FROM counted JOIN mine USING (kind, thing) JOIN posts USING (post_id)
WHERE members > 0
ORDER BY members / holders DESC, members DESC, kind, thing
LIMIT $most
"""
MOST_TIES = 20
LONGEST = 200

# What six decimals can hold, which is how the table is written.
SMALLEST = 0.000001


def explained(
    verdicts: pd.DataFrame, edges: pd.DataFrame, account: str, *, threshold: float
) -> list[str]:
    """Say why an account has its verdict.

    Parameters
    ----------
    verdicts : pandas.DataFrame
        What `detect.detected_verdicts` gave.
    edges : pandas.DataFrame
        What `edges.edge_table` gave.
    account : str
        Its account_id, a pseudonym.
    threshold : float
        Smallest score of an affiliated account.

    Returns
    -------
    list of str
        Ten lines that name nobody but by pseudonym.

    Raises
    ------
    TableError
        If there is no such account.
    """
    rows = verdicts[verdicts["account_id"] == account]
    if rows.empty:
        raise TableError(
            f"affiliation/accounts.tsv, column account_id: found no {account!r}; expected the "
            "pseudonym of an account. Copy one from that table."
        )
    row = rows.iloc[0]
    first = f"{account}, {row['platform']} {row['unit']}: {row['verdict']}"
    origin = "a seed, affiliated by what the analyst knew" if row["seed"] else "not a seed"
    side = "for" if row["score"] >= threshold else "against"
    lines = [
        f"{first} ({row['verdict_without_timing']} without registration and synchrony)",
        f"{origin}; {row['links']} of {row['measurable']} measurable groups link it",
        f"{side:8} log odds {row['score']:.1f}, of {threshold:g} that are needed; each group adds",
    ]
    for group in GROUPS:
        name = group.replace(" ", "_")
        parts = ("things", "met", "p", "q", "weight")
        lines.append(_group_line(group, *(row[f"{name}_{part}"] for part in parts)))
    return [*lines, _edges_line(verdicts, edges, account), _rest_line(verdicts, row)]


def _group_line(group: str, things: int, met: int, p: float, q: float, weight: float) -> str:
    if not things:
        return f"{'silent':8} {group}: it holds nothing that could be compared"
    side = "for" if weight > 0 else "against"
    if not met:
        company = f"no member holds any of its {things} things"
    else:
        company = f"members are at {met} of its {things} things, p {_small(p)}, q {_small(q)}"
    return f"{side:8} {group} ({weight:+.1f}): {company}"


def _small(p: float) -> str:
    return f"{p:.2g}" if p >= SMALLEST else "below 0.000001"


def _edges_line(verdicts: pd.DataFrame, edges: pd.DataFrame, account: str) -> str:
    mine = edges[(edges["account_a"] == account) | (edges["account_b"] == account)]
    others = mine["account_a"].where(mine["account_a"] != account, mine["account_b"]).unique()
    affiliated = set(verdicts.loc[verdicts["verdict"] == "affiliated", "account_id"])
    inside = sum(other in affiliated for other in others)
    side = "for" if 2 * inside > len(others) else "against" if len(others) else "silent"
    return f"{side:8} edges: {len(others)} accounts by themselves stand out, {inside} affiliated"


def _rest_line(verdicts: pd.DataFrame, row: pd.Series) -> str:
    if row["community"] < 0:
        return f"{'against':8} community: it is close to none that the seeds vouch for"
    here = verdicts[verdicts["community"] == row["community"]]
    seeds, members = int(here["seed"].sum()), int((here["verdict"] == "affiliated").sum())
    return (
        f"{'see':8} community {row['community']}: of the accounts closest to it {members} are "
        f"affiliated, {seeds} of them seeds"
    )


def found_accounts(accounts: pd.DataFrame, asked: str) -> pd.DataFrame:
    """Find the accounts that somebody means by an id or a handle.

    Parameters
    ----------
    accounts : pandas.DataFrame
        Contract `accounts`, as `ingest/` has it.
    asked : str
        A pseudonym, a native id or a handle, with or without `@` and in any case; a platform
        and a colon may stand before it.

    Returns
    -------
    pandas.DataFrame
        Columns `IDENTITY`, sorted by platform and native id. A handle may be of several.

    Raises
    ------
    TableError
        If it is nobody's.
    """
    known = accounts[IDENTITY].fillna("").sort_values(["platform", "native_id"])
    asked = asked.strip()
    before, colon, after = asked.partition(":")
    of_platform = known["platform"].map(str.casefold) == before.casefold()
    meant = _means(known, asked)
    if colon:
        meant |= of_platform & _means(known, after)
    found = known[meant]
    if found.empty:
        raise TableError(
            f"ingest/accounts.parquet: found no {asked!r}; expected the pseudonym, the native id "
            "or the handle of an account, such as "
            f"{known['account_id'].iat[0] if len(known) else 'a pseudonym'}. A platform may stand "
            "before it, as in x:name."
        )
    return found.reset_index(drop=True)


def _means(known: pd.DataFrame, asked: str) -> pd.Series:
    handle = asked.strip().removeprefix("@").casefold()
    handles = known["handle"].map(lambda one: one.removeprefix("@").casefold())
    ids = (known["account_id"] == asked) | (known["native_id"] == asked.strip())
    return ids | ((handles == handle) & (handle != ""))


def rostered(verdicts: pd.DataFrame, account: str) -> list[str]:
    """Say what a roster says of an account, as `explained` does where accounts were looked for."""
    rows = verdicts[verdicts["account_id"] == account]
    return [
        f"{account}, {row.platform} {row.unit}: {row.verdict} ({row.evidence or 'no evidence'})"
        for row in rows.fillna("").itertuples()
    ]


def tying_things(
    base: duckdb.DuckDBPyConnection, account: str, affiliated: Collection[str]
) -> pd.DataFrame:
    """What an account holds that affiliated ones hold too.

    Parameters
    ----------
    base : duckdb.DuckDBPyConnection
        With the tables `posts` and `members`.
    account : str
        Its pseudonym.
    affiliated : collection of str
        Pseudonyms of the network's accounts.

    Returns
    -------
    pandas.DataFrame
        kind, thing, the account's posts with it, the other holders, the affiliated ones of
        them, and one of the posts: native_id, posted_at, text. At most twenty, those first
        that hardly anybody else holds.
    """
    others = pd.DataFrame({"account_id": sorted(affiliated)}, dtype="string")
    base.register("affiliated", others)
    return base.execute(TYING, {"account": account, "most": MOST_TIES}).df()


def ties(things: pd.DataFrame) -> list[str]:
    """Lines on what ties an account, with a post each; they hold what people wrote."""
    if things.empty:
        return ["it shares no text, link, hashtag, mention, media or repost with the network"]
    lines = ["shared with the network (untested; readable posts of ingest/, not to be passed on):"]
    for row in things.itertuples():
        thing = "" if row.kind == "text" else f" {row.thing}"
        when = "undated" if pd.isna(row.posted_at) else f"{row.posted_at:%Y-%m-%d %H:%M}"
        lines += [
            f"  {row.kind}{thing}: {row.members} of {row.holders} other holders are affiliated; "
            f"{row.posts} posts, such as {row.native_id} ({when}):",
            f"    {_cut(row.text)}",
        ]
    return lines


def _cut(text: str | None) -> str:
    words = " ".join((text or "").split())
    return words if len(words) <= LONGEST else f"{words[:LONGEST]} ..."
