"""When each platform was looked at, what was asked for, and what was gone.

An account was removed between two days only if it was found on the first,
asked for on the second, and not found then or later. What counts as asked for
is the snapshot's scope:

- `listed`: a file of that platform and day lists the ids that were asked for;
- `gone`: a file names ids that were asked for and are gone, and no others;
- `cumulative`: an export in a folder named by its day, which holds what
  earlier exports of its format held as far as it is still there;
- `whole release`: nothing was asked for by id, so nothing counts as removed.
"""

from collections.abc import Mapping

import duckdb
import pandas as pd
import pyarrow as pa

from hydrascope.config import dated_folder
from hydrascope.contracts import ACCOUNTS

__all__ = ["removals", "scopes", "sightings", "snapshots"]

SNAPSHOTS = ["collection", "platform", "format", "taken_at", "scope", "ids_asked", "ids_found"]
CUMULATIVE, LISTED, GONE, WHOLE = "cumulative", "listed", "gone", "whole release"


def scopes(files: pd.DataFrame, stated: Mapping[str, str]) -> pd.DataFrame:
    """Say what each file's snapshot asked for.

    Parameters
    ----------
    files : pandas.DataFrame
        The study's rows of collections.tsv.
    stated : mapping of str to str
        The study's key `scopes`: `cumulative` or `whole release` by format.

    Returns
    -------
    pandas.DataFrame
        `files` with the column `scope`.
    """
    scope = [
        stated.get(form) or (CUMULATIVE if dated_folder(file) else WHOLE)
        for file, form in zip(files["file"], files["format"], strict=True)
    ]
    return files.assign(scope=scope)


def sightings(
    base: duckdb.DuckDBPyConnection,
    files: pd.DataFrame,
    accounts: duckdb.DuckDBPyRelation,
    asked: duckdb.DuckDBPyRelation,
) -> pa.Table:
    """Every account that was found or asked for, by format and day.

    Parameters
    ----------
    base : duckdb.DuckDBPyConnection
        Where the relations live.
    files : pandas.DataFrame
        What `scopes` gave.
    accounts : duckdb.DuckDBPyRelation
        Accounts of all files with `derived`; an account known only as the
        author of a post was neither found nor asked for.
    asked : duckdb.DuckDBPyRelation
        Ids of the lists of what was asked for.

    Returns
    -------
    pyarrow.Table
        platform, format, account_id, taken_at, scope, asked, found; sorted by
        the first four. Of an account that a file says is gone also the reason,
        the moment and the date of creation, where it states them.
    """
    base.register("listed_files", files[["file", "format", "snapshot", "scope"]])
    base.execute(
        "CREATE OR REPLACE TEMP TABLE found AS SELECT DISTINCT platform, format, account_id, "
        "snapshot AS taken_at, scope FROM accounts JOIN listed_files ON source_file = file "
        "WHERE NOT derived"
    )
    base.execute(
        "CREATE OR REPLACE TEMP TABLE listed AS SELECT platform, format, account_id, "
        f"snapshot AS taken_at, CASE WHEN reason IS NULL THEN '{LISTED}' ELSE '{GONE}' END "
        "AS scope, min(reason) AS reason, max(gone_at) AS gone_at, min(created_at) AS created_at "
        "FROM asked JOIN listed_files ON source_file = file GROUP BY ALL"
    )
    # A file that names those alone which are gone does not say what else was asked for.
    base.execute(
        "CREATE OR REPLACE TEMP TABLE listed_days AS SELECT DISTINCT platform, taken_at "
        f"FROM listed WHERE scope = '{LISTED}'"
    )
    return base.sql(
        "WITH days AS (SELECT DISTINCT platform, format, taken_at FROM found "
        f"WHERE scope = '{CUMULATIVE}' AND (platform, taken_at) NOT IN "
        "(SELECT (platform, taken_at) FROM listed_days)), "
        "known AS (SELECT platform, format, account_id, min(taken_at) AS since FROM found "
        "GROUP BY ALL), "
        f"expected AS (SELECT platform, format, account_id, taken_at, '{CUMULATIVE}' AS scope "
        "FROM known JOIN days USING (platform, format) WHERE since <= taken_at "
        "UNION ALL SELECT platform, format, account_id, taken_at, scope FROM listed), "
        "everything AS (SELECT platform, format, account_id, taken_at FROM expected "
        "UNION SELECT platform, format, account_id, taken_at FROM found), "
        "seen AS (SELECT DISTINCT platform, account_id, taken_at FROM found) "
        "SELECT everything.*, coalesce(scope, CASE WHEN (everything.platform, taken_at) IN "
        f"(SELECT (platform, taken_at) FROM listed_days) THEN '{LISTED}' ELSE '{WHOLE}' END) "
        "AS scope, "
        "scope IS NOT NULL AS asked, "
        "seen.account_id IS NOT NULL AS found, reason, gone_at, created_at FROM everything "
        "LEFT JOIN expected USING (platform, format, account_id, taken_at) "
        "LEFT JOIN seen USING (platform, account_id, taken_at) "
        "LEFT JOIN (SELECT * EXCLUDE scope FROM listed WHERE reason IS NOT NULL) "
        "USING (platform, format, account_id, taken_at) ORDER BY ALL"
    ).to_arrow_table()


def removals(base: duckdb.DuckDBPyConnection, accounts: pa.Table, seen: pa.Table) -> pa.Table:
    """Give each account the interval in which it was removed, where that follows.

    Parameters
    ----------
    base : duckdb.DuckDBPyConnection
        Any connection.
    accounts : pyarrow.Table
        Contract `accounts`.
    seen : pyarrow.Table
        What `sightings` gave.

    Returns
    -------
    pyarrow.Table
        `accounts` with `removed_after`, the last day on which the account was
        found, and `removed_before`, the first later day on which it was asked
        for; both missing for an account that was found when last asked for. A
        day on which it went, where a file states that and it was not found
        then or since, takes the place of both.
    """
    return (
        base.sql(
            "WITH last AS (SELECT account_id, max(taken_at) FILTER (found) AS day FROM seen "
            "GROUP BY ALL), "
            "dated AS (SELECT account_id, day::TIMESTAMP AS after, "
            "min(taken_at)::TIMESTAMP AS before FROM seen JOIN last USING (account_id) "
            "WHERE asked AND NOT found AND taken_at > day GROUP BY ALL), "
            "stated AS (SELECT account_id, date_trunc('day', max(gone_at) AT TIME ZONE 'UTC') "
            "AS went FROM seen GROUP BY ALL), "
            "known AS (SELECT account_id, coalesce(went, after) AS after, "
            "coalesce(went + INTERVAL 1 DAY, before) AS before FROM (SELECT account_id, "
            "CASE WHEN day IS NULL OR went >= day::TIMESTAMP THEN went END AS went "
            "FROM last JOIN stated USING (account_id)) LEFT JOIN dated USING (account_id)) "
            "SELECT accounts.* REPLACE (after AS removed_after, before AS removed_before) "
            "FROM accounts LEFT JOIN known USING (account_id) ORDER BY platform, native_id"
        )
        .to_arrow_table()
        .cast(ACCOUNTS)
    )


def snapshots(files: pd.DataFrame, seen: pa.Table, collection: str) -> pd.DataFrame:
    """List when each platform was looked at, and what was asked for.

    Parameters
    ----------
    files : pandas.DataFrame
        What `scopes` gave.
    seen : pyarrow.Table
        What `sightings` gave.
    collection : str
        Name of the collection.

    Returns
    -------
    pandas.DataFrame
        collection, platform, format, taken_at (day), scope, ids_asked and
        ids_found (of those asked for); sorted.
    """
    keys, day = ["platform", "format", "taken_at"], ["platform", "taken_at"]
    sights = seen.to_pandas()
    sights["both"] = sights["asked"] & sights["found"]
    counts = {
        "scope": ("scope", "first"),
        "ids_asked": ("asked", "sum"),
        "ids_found": ("both", "sum"),
    }
    seen_there = sights.groupby(keys, as_index=False).agg(**counts)
    # Files in which no account was found, the cumulative ones first.
    others = files.rename(columns={"snapshot": "taken_at"}).sort_values("scope")[[*keys, "scope"]]
    table = pd.concat([seen_there, others], ignore_index=True).drop_duplicates(keys)
    by_list = set(zip(*(sights.loc[sights["scope"] == LISTED, name] for name in day), strict=True))
    listed = [one in by_list for one in zip(*(table[name] for name in day), strict=True)]
    table["scope"] = table["scope"].mask(listed, LISTED)
    numbers = table[["ids_asked", "ids_found"]].fillna(0).astype(int)
    table = table.assign(collection=collection, **numbers)
    return table[SNAPSHOTS].sort_values(keys, ignore_index=True)
