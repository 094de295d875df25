"""Raw co-sharing, as other tools count it: the same thing within a window, nothing tested.

Popular things are not discounted and no count is compared with chance, so these
edges are there to be held against the results of other tools, not for verdicts.
"""

import duckdb

__all__ = ["SHARES", "coshare_edges", "coshare_pairs"]

# A repost is no copy, whether or not it says of what; all posts of a day have one time.
OWN = "kind <> 'repost' AND repost_of IS NULL AND posted_precision <> 'day'"
# What counts as shared, out of the views `posts` and `members`.
SHARES = {
    "text": "SELECT account_id, post_id, form AS thing, epoch(posted_at) AS seconds "
    f"FROM posts JOIN members USING (post_id) WHERE {OWN} AND form <> ''",
    "link": "SELECT account_id, post_id, unnest(urls) AS thing, epoch(posted_at) AS seconds "
    f"FROM posts WHERE {OWN}",
}

# Posts meet within slots of time as wide as the window and the slots beside them: joined by
# the thing alone, one that half a million posts share would meet itself in full. Numbers stand
# in for accounts, posts and things until the end, since they are joined several times as fast.
TIMED = """
WITH joining AS MATERIALIZED (
    SELECT thing, row_number() OVER () AS what FROM (
        SELECT thing FROM {shares} WHERE seconds IS NOT NULL GROUP BY thing
        HAVING min(account_id) <> max(account_id)
    )
),
shared AS MATERIALIZED (
    SELECT account_id, post_id, what, seconds FROM {shares} JOIN joining USING (thing)
    WHERE seconds IS NOT NULL
),
people AS MATERIALIZED (
    SELECT account_id, row_number() OVER () AS who FROM (SELECT DISTINCT account_id FROM shared)
),
writing AS MATERIALIZED (
    SELECT post_id, row_number() OVER () AS post FROM (SELECT DISTINCT post_id FROM shared)
),
timed AS MATERIALIZED (
    SELECT who, post, what, seconds, CAST(floor(seconds / {slot}) AS BIGINT) AS slot
    FROM shared JOIN people USING (account_id) JOIN writing USING (post_id)
)
"""
# A post meets an account, not each of its posts: two accounts that say one thing ten thousand
# times within a minute would have a hundred million pairs. So the times at which an account
# can be met are stretches: its posts on the thing without a gap above twice the window.
EDGES = """
{timed},
stretched AS (
    SELECT who, what, min(seconds) AS first, max(seconds) AS last
    FROM (
        SELECT who, what, seconds, sum(apart) OVER (
            PARTITION BY who, what ORDER BY seconds ROWS UNBOUNDED PRECEDING
        ) AS stretch
        FROM (
            SELECT who, what, seconds, CAST(coalesce(
                seconds - lag(seconds) OVER (PARTITION BY who, what ORDER BY seconds)
                    > 2 * {window}, FALSE
            ) AS BIGINT) AS apart
            FROM timed
        )
    )
    GROUP BY who, what, stretch
),
near AS MATERIALIZED (
    SELECT *, unnest(range(
        CAST(floor(first / {slot}) AS BIGINT) - 1, CAST(floor(last / {slot}) AS BIGINT) + 2
    )) AS slot
    FROM stretched
)
SELECT a.account_id AS account_a, b.account_id AS account_b, weight
FROM (
    SELECT who_a, who_b, count(*) AS weight
    FROM (
        SELECT DISTINCT one.who AS who_a, one.post, other.who AS who_b
        FROM timed AS one JOIN near AS other USING (what, slot)
        WHERE one.who <> other.who
            AND other.first - one.seconds <= {window} AND one.seconds - other.last <= {window}
    ) GROUP BY who_a, who_b
) JOIN people AS a ON who_a = a.who JOIN people AS b ON who_b = b.who
"""
PAIRS = """
{timed},
paired AS (
    SELECT
        one.what, one.who AS who_a, one.post AS number_a, other.who AS who_b,
        other.post AS number_b, other.seconds - one.seconds AS apart
    FROM timed AS one
    JOIN (SELECT *, unnest([slot - 1, slot, slot + 1]) AS near FROM timed) AS other
        ON one.what = other.what AND one.slot = other.near
    WHERE one.who <> other.who AND abs(other.seconds - one.seconds) <= {window}
)
SELECT
    thing, a.account_id AS account_a, one.post_id AS post_a, b.account_id AS account_b,
    other.post_id AS post_b, apart
FROM paired
JOIN joining USING (what)
JOIN people AS a ON who_a = a.who JOIN people AS b ON who_b = b.who
JOIN writing AS one ON number_a = one.post JOIN writing AS other ON number_b = other.post
"""
ACTIVE = "SELECT * FROM {shares} QUALIFY count(*) OVER (PARTITION BY account_id) >= {fewest}"
REPEATED = """
WITH pairs AS (
    SELECT * FROM ({pairs})
    WHERE post_a <> post_b AND thing NOT IN (post_a, post_b)
        AND (apart > 0 OR (apart = 0 AND (post_a, account_a) < (post_b, account_b)))
),
flagged AS (SELECT post_a AS post_id FROM pairs UNION SELECT post_b FROM pairs),
kept AS (
    SELECT post_id FROM (
        SELECT post_id, count(*) OVER (PARTITION BY account_id) AS shares
        FROM ({active}) SEMI JOIN flagged USING (post_id)
    ) WHERE shares >= {fewest}
)
SELECT * FROM pairs WHERE post_a IN (FROM kept) OR post_b IN (FROM kept)
"""


def coshare_edges(
    connection: duckdb.DuckDBPyConnection, shares: str, *, window: float
) -> duckdb.DuckDBPyRelation:
    """Count, for each two accounts, the posts of one that meet a post of the other.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Where the table is.
    shares : str
        Name of a table or view of account_id, post_id, thing (a text or a link, say)
        and seconds (when); those without a thing or a time meet nobody.
    window : float
        Seconds between two posts at most.

    Returns
    -------
    duckdb.DuckDBPyRelation
        account_a, account_b and weight: the posts of account_a that share a thing with
        some post of account_b within the window. Both directions are there, and may
        differ. This is the co-tweet and co-link network of the coordination network
        toolkit (Graham, QUT Digital Observatory, 2020).
    """
    return connection.sql(_filled(EDGES, shares, window))


def coshare_pairs(
    connection: duckdb.DuckDBPyConnection, shares: str, *, window: float, fewest: int
) -> duckdb.DuckDBPyRelation:
    """Pair the posts of accounts that share the same things within a window repeatedly.

    Parameters
    ----------
    connection, shares, window
        As in `coshare_edges`.
    fewest : int
        Accounts with fewer shares are left out from the start; of the pairs found,
        those are kept of which a post is by an account with so many shares in pairs.

    Returns
    -------
    duckdb.DuckDBPyRelation
        thing, account_a, post_a, account_b, post_b and apart (seconds by which b is
        later, at least 0), each pair once. This is what `detect_groups` of CooRTweet
        finds (Righetti and Balluff, R package, 2.1).
    """
    active = ACTIVE.format(shares=shares, fewest=int(fewest))
    pairs = _filled(PAIRS, f"({active})", window)
    return connection.sql(REPEATED.format(pairs=pairs, active=active, fewest=int(fewest)))


def _filled(query: str, shares: str, window: float) -> str:
    numbers = {"window": float(window), "slot": max(float(window), 1.0)}
    return query.format(timed=TIMED.format(shares=shares, **numbers), **numbers)
