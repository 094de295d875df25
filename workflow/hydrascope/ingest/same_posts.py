"""Which records of one id are one post, and which are posts that share a number.

A platform may number posts for each channel, wall or instance, and a file may
give them no id at all. Records of one platform and id are one post where they
have the same author and, besides, the same text or the same time: an edited
text keeps its time, and another count of likes changes neither. All others are
kept as posts of their own, and the ledger says so. Nothing depends on which
file a record stood in, or on which row.
"""

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from hydrascope.contracts import POSTS
from hydrascope.ingest.preference import content_sql

__all__ = ["CONFLICT", "MADE_ID", "posts_told_apart"]

# Before an id that was made of what a record holds, as it came without one.
MADE_ID = "content:"
CONFLICT = (
    "an id that another post has too, with another author or with another text and time, kept "
    "as a post of its own: a column map says by unique_within where ids are unique"
)
# How long after its start a time may still be, by precision. A day is too coarse to say
# that two posts are one.
SPANS = {"ms": "1 MILLISECOND", "s": "1 SECOND", "min": "1 MINUTE"}
ID = "platform, native_id"


def posts_told_apart(
    base: duckdb.DuckDBPyConnection, posts: duckdb.DuckDBPyRelation
) -> tuple[duckdb.DuckDBPyRelation, pd.DataFrame]:
    """Give posts that share an id ids of their own.

    Parameters
    ----------
    base : duckdb.DuckDBPyConnection
        Where the relation lives.
    posts : duckdb.DuckDBPyRelation
        Posts of all files.

    Returns
    -------
    posts : duckdb.DuckDBPyRelation
        The same rows. Each post of a shared id has a number behind it, in
        `native_id` and hashed into `post_id`, so that nothing is taken to
        answer one of them. Of records without an id that are alike in one file
        the second, third and so on are numbered.
    conflicts : pandas.DataFrame
        file, conflict: how many rows of the file were given such ids.
    """
    numbers = pa.concat_tables([_conflicts(base, posts), _occurrences(base, posts)])
    base.register("post_numbers", numbers)
    conflicts = base.sql(
        "SELECT source_file AS file, count(*) AS conflict FROM post_numbers WHERE is_conflict "
        "GROUP BY ALL ORDER BY ALL"
    ).df()
    if not numbers.num_rows:
        return posts, conflicts
    # No id of a platform holds a space.
    told = base.sql(
        "SELECT posts.* REPLACE (CASE WHEN number IS NULL THEN posts.native_id "
        "ELSE posts.native_id || ' #' || number END AS native_id, "
        "CASE WHEN number IS NULL THEN post_id "
        "ELSE 'p_' || md5(post_id || ' #' || number)[:20] END AS post_id) "
        "FROM posts LEFT JOIN post_numbers USING (source_file, source_row)"
    )
    return told, conflicts


def _occurrences(base: duckdb.DuckDBPyConnection, posts: duckdb.DuckDBPyRelation) -> pa.Table:
    """Number records without an id that are alike in one file, from the second on."""
    return base.sql(
        f"SELECT * FROM (SELECT source_file, source_row, row_number() OVER (PARTITION BY {ID}, "
        f"source_file ORDER BY {content_sql(POSTS)}, source_row) AS number, "
        "false AS is_conflict FROM posts "
        f"WHERE starts_with(native_id, '{MADE_ID}')) WHERE number > 1"
    ).to_arrow_table()


def _conflicts(base: duckdb.DuckDBPyConnection, posts: duckdb.DuckDBPyRelation) -> pa.Table:
    """Number the posts that share an id, for each record of one."""
    # Texts are looked at where an id stands more than once, which few do.
    base.execute(
        f"CREATE OR REPLACE TEMP TABLE repeated_ids AS SELECT {ID} FROM posts "
        f"WHERE NOT starts_with(native_id, '{MADE_ID}') GROUP BY ALL HAVING count(*) > 1"
    )
    ends = " ".join(f"WHEN '{name}' THEN INTERVAL {span}" for name, span in SPANS.items())
    base.execute(
        "CREATE OR REPLACE TEMP TABLE doubtful AS SELECT source_file, source_row, "
        f"{ID}, account_id, md5(nullif(text, '')) AS said, posted_at, "
        f"posted_at + CASE posted_precision {ends} END AS until "
        f"FROM posts SEMI JOIN repeated_ids USING ({ID})"
    )
    # Times that overlap have one number; those that are missing, or days, have none.
    base.execute(
        "CREATE OR REPLACE TEMP TABLE dated AS SELECT source_file, source_row, sum(later) OVER "
        f"(PARTITION BY {ID}, account_id ORDER BY posted_at, until ROWS UNBOUNDED PRECEDING) "
        "AS around FROM (SELECT *, (posted_at >= max(until) OVER "
        f"(PARTITION BY {ID}, account_id ORDER BY posted_at, until "
        "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))::INTEGER AS later "
        "FROM doubtful WHERE until IS NOT NULL)"
    )
    one = f"PARTITION BY {ID}, account_id"
    rows = base.sql(
        "WITH timed AS (SELECT doubtful.*, coalesce(around, 0) AS around, "
        "doubtful.until IS NOT NULL AS is_dated FROM doubtful "
        "LEFT JOIN dated USING (source_file, source_row)), "
        f"several AS (SELECT {ID} FROM timed GROUP BY ALL HAVING min(account_id) <> "
        "max(account_id) OR ((min(said) <> max(said) OR NOT bool_and(said IS NOT NULL)) "
        "AND (min(around) <> max(around) OR NOT bool_and(is_dated)))) "
        "SELECT source_file, source_row, posted_at, said, account_id, "
        f"dense_rank() OVER (ORDER BY {ID}) AS id, "
        f"dense_rank() OVER (ORDER BY {ID}, account_id) AS author, "
        f"CASE WHEN said IS NOT NULL THEN dense_rank() OVER (ORDER BY {ID}, account_id, said) "
        "END AS text, CASE WHEN is_dated THEN "
        f"dense_rank() OVER (ORDER BY {ID}, account_id, is_dated, around) END AS time, "
        # A record with neither goes with the first that has one of them.
        "CASE WHEN said IS NULL AND NOT is_dated THEN first_value(row_number) OVER "
        f"({one} ORDER BY said IS NULL, NOT is_dated, posted_at, said, row_number) "
        "ELSE row_number END AS like FROM (SELECT *, row_number() OVER (ORDER BY source_file, "
        f"source_row) - 1 AS row_number FROM timed SEMI JOIN several USING ({ID})) "
        "ORDER BY row_number"
    ).to_arrow_table()
    base.register("shared_ids", rows.append_column("post", pa.array(_connected(rows))))
    return base.sql(
        "WITH posts_of AS (SELECT id, post, min(posted_at) AS began, min(said) AS said, "
        "min(account_id) AS account_id FROM shared_ids GROUP BY ALL), "
        "numbered AS (SELECT post, row_number() OVER (PARTITION BY id ORDER BY began, said, "
        "account_id) AS number, count(*) OVER (PARTITION BY id) AS posts FROM posts_of) "
        "SELECT source_file, source_row, number, true AS is_conflict "
        "FROM shared_ids JOIN numbered USING (post) WHERE posts > 1"
    ).to_arrow_table()


def _connected(rows: pa.Table) -> np.ndarray:
    """Number records so that those of one author with one text or one time have one number."""
    count = rows.num_rows
    if not count:
        return np.empty(0, np.int32)
    ends, size = [rows["like"].to_numpy()], count
    begins = [np.arange(count)]
    for name in ("text", "time"):
        ranks = rows[name].to_numpy(zero_copy_only=False).astype(float)
        there = np.flatnonzero(~np.isnan(ranks))
        begins.append(there)
        ends.append(size + ranks[there].astype(np.int64))
        size += int(np.nanmax(ranks, initial=0)) + 1
    begin, end = np.concatenate(begins), np.concatenate(ends)
    graph = coo_array((np.ones(len(begin), bool), (begin, end)), shape=(size, size))
    return connected_components(graph, directed=False)[1][:count]
