"""What accounts hold by what they posted; posts stay in the database."""

import re
from collections.abc import Collection

import duckdb
import pandas as pd
import pyarrow as pa

__all__ = ["GRAIN", "hold", "posted_signals"]

# Seconds to which a time is known, by its precision.
GRAIN = {"ms": 0.001, "s": 1, "min": 60, "day": 86_400}
# What is put behind a copy to make it look like another text: signs that no sentence
# ends with, or letters and digits behind the end of the last sentence.
SIGN = r"[^\w\s。，、；：！？.,;:!?'\"”’）)」』】]"
# Signs are tried from where their run begins, and from nowhere within it.
SUFFIX = re.compile(
    rf"(?:(?:(?<!\s)\s+|(?<!\s)(?<!{SIGN})){SIGN}+"
    r"|(?<=[。！？.!?])\s*[a-z0-9]{1,8}|\s[a-z]*\d[a-z0-9]*)$",
    re.ASCII,
)
# A sequence of fewer tags is too likely to be chosen twice.
LEAST_TAGS = 3
# Episodes that one thing may have.
EPISODES = 1 << 20
WEEKEND = 24
# A repost that does not say of what is no copy: whom it follows cannot be told.
AIMLESS = "kind = 'repost' AND repost_of IS NULL"
# What was posted, by whom and when: one row a post and object of it.
OBJECTS = {
    "texts": """
        SELECT post_id, account_id, posted_at, what, 0 AS stratum
        FROM (SELECT post_id, account_id, posted_at FROM saying)
        JOIN (SELECT post_id, form FROM members) USING (post_id)
        JOIN (SELECT form, unsuffixed(text) AS what FROM forms) USING (form)
    """,
    "links": r"""
        SELECT post_id, account_id, posted_at, 0 AS stratum,
            rtrim(regexp_replace(lower(trim(url)), '^https?://(www\.|m\.)?', ''), '/') AS what
        FROM (SELECT post_id, account_id, posted_at, unnest(urls) AS url FROM saying)
    """,
    "media": """
        SELECT post_id, account_id, posted_at, unnest(media_ids) AS what, 0 AS stratum FROM saying
    """,
    "hashtags": f"""
        SELECT post_id, account_id, posted_at, 0 AS stratum,
            lower(array_to_string(hashtags, ' ')) AS what
        FROM saying WHERE len(hashtags) >= {LEAST_TAGS}
    """,
    "targets": """
        SELECT post_id, account_id, posted_at, coalesce(repost_of, reply_to) AS what,
            platform_number AS stratum
        FROM posts JOIN platforms USING (platform)
    """,
}
HELD = """
    CREATE TEMP TABLE held_{name} AS
    WITH held AS MATERIALIZED (SELECT * FROM ({rows}) WHERE what IS NOT NULL),
    numbered AS (
        SELECT what, row_number() OVER (ORDER BY what) AS number
        FROM (SELECT DISTINCT what FROM held)
    )
    SELECT post_id, account, posted_at, number, stratum
    FROM held JOIN numbered USING (what) JOIN people USING (account_id)
"""
# Stretches of one thing without a gap above the window.
EPISODE = """
    SELECT DISTINCT account, number * {episodes} + episode AS thing, stratum
    FROM (
        SELECT account, number, stratum,
            sum(apart) OVER (PARTITION BY number ORDER BY posted_at) AS episode
        FROM (
            SELECT account, number, stratum, posted_at, CAST(coalesce(
                epoch(posted_at) - epoch(lag(posted_at) OVER (
                    PARTITION BY number ORDER BY posted_at
                )) > {seconds}, FALSE
            ) AS BIGINT) AS apart
            FROM held_{name} WHERE posted_at IS NOT NULL
        )
    )
"""
# An account holds itself where others pass on its posts.
REPOSTED = """
    WITH passed AS (
        SELECT one.account_id AS passer, original.account_id AS author, one.platform
        FROM posts AS one JOIN posts AS original ON one.repost_of = original.post_id
        WHERE one.account_id <> original.account_id
    ),
    holding AS (
        SELECT passer AS account_id, author, platform FROM passed
        UNION SELECT author, author, platform FROM passed
    )
    SELECT DISTINCT people.account, author.account AS thing, platform_number AS stratum
    FROM holding JOIN people USING (account_id)
    JOIN people AS author ON author.account_id = holding.author
    JOIN platforms USING (platform)
"""
# Day 0 of the epoch was a Thursday.
MOMENTS = f"""
    SELECT account, thing, CAST(
        thing * {{seconds}} // 3600 % 24
        + IF((thing * {{seconds}} // 86400 + 3) % 7 < 5, 0, {WEEKEND}) AS BIGINT
    ) AS stratum
    FROM (
        SELECT DISTINCT account, CAST(floor(epoch(posted_at) / {{seconds}}) AS BIGINT) AS thing
        FROM posts JOIN people USING (account_id) JOIN grains ON posted_precision = precision
        WHERE posted_at IS NOT NULL AND grain <= {{finest}} {{further}}
    )
"""
# Copies are left out of the slots: they say what content says already. So are reposts
# whose original is not known.
OWN = "AND NOT EXISTS (FROM copied WHERE copied.post_id = posts.post_id)"
COPIED = """
    SELECT post_id FROM held_{name} JOIN (
        SELECT number FROM held_{name} GROUP BY number HAVING min(account) <> max(account)
    ) USING (number)
"""


def hold(base: duckdb.DuckDBPyConnection, account_ids: pd.Series) -> None:
    """Put beside each post the things that it holds, once for all settings.

    Parameters
    ----------
    base : duckdb.DuckDBPyConnection
        Where the tables or views are: `posts`, contract `posts`, reposts among them;
        `forms`, form and text (its matching form); and `members`, post_id and form, empty
        for a post without words. Tables are added to it.
    account_ids : pandas.Series
        Of all accounts; the number of each is its place among them in order.
    """
    names = pa.array(account_ids.sort_values())
    people = pa.table({"account_id": names, "account": range(len(names))})
    base.register("people", people)
    base.execute(
        "CREATE TEMP TABLE platforms AS SELECT platform, row_number() OVER (ORDER BY platform)"
        " AS platform_number FROM (SELECT DISTINCT platform FROM posts)"
    )
    base.execute("CREATE TEMP TABLE grains (precision VARCHAR, grain DOUBLE)")
    base.executemany("INSERT INTO grains VALUES (?, ?)", list(GRAIN.items()))
    base.execute(f"CREATE TEMP VIEW saying AS FROM posts WHERE NOT ({AIMLESS})")
    base.create_function("unsuffixed", _unsuffixed, ["VARCHAR"], "VARCHAR", type="arrow")
    for name, rows in OBJECTS.items():
        base.execute(HELD.format(name=name, rows=rows))
    copied = " UNION ".join(COPIED.format(name=name) for name in OBJECTS)
    aimless = f"SELECT post_id FROM posts WHERE {AIMLESS}"
    base.execute(f"CREATE TEMP TABLE copied AS {copied} UNION {aimless}")


def posted_signals(
    base: duckdb.DuckDBPyConnection,
    *,
    window_hours: float,
    slot_minutes: float,
    only: Collection[str],
) -> dict[str, pd.DataFrame]:
    """Collect what accounts hold by their posts, signal by signal.

    Parameters
    ----------
    base : duckdb.DuckDBPyConnection
        What `hold` has prepared. Times are read in its time zone, which is to be UTC.
    window_hours, slot_minutes : float
        As in `signals.signal_tables`.
    only : collection of str
        Signals that are wanted.

    Returns
    -------
    dict of str to pandas.DataFrame
        account, thing and stratum, each pair once and in no order, by signal.
    """
    seconds, slot = window_hours * 3_600, round(slot_minutes * 60)
    queries = {
        name: EPISODE.format(name=name, seconds=seconds, episodes=EPISODES) for name in OBJECTS
    }
    queries["reposted"] = REPOSTED
    queries["hours"] = MOMENTS.format(seconds=3_600, finest=3_600, further="")
    queries["slots"] = MOMENTS.format(seconds=slot, finest=slot / 2, further=OWN)
    return {name: base.sql(query).df() for name, query in queries.items() if name in only}


def _unsuffixed(texts: pa.ChunkedArray) -> pa.Array:
    """Texts without what was put behind them, or whole where nothing would be left."""
    return pa.array([SUFFIX.sub("", text) or text for text in texts.to_pylist()], pa.string())
