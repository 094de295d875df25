"""Links of posts matched to the websites that a collection lists."""

import duckdb
import pandas as pd

from hydrascope.ingest.domains import host_sql

__all__ = ["website_links"]


def website_links(
    base: duckdb.DuckDBPyConnection,
    accounts: duckdb.DuckDBPyRelation,
    posts: duckdb.DuckDBPyRelation,
) -> pd.DataFrame:
    """Match the links of posts to the websites that the collection lists.

    A link to `a.b.example` lies on the sites `a.b.example`, `b.example` and
    `example`, whichever of them are listed. Shortened links match nothing.

    Returns
    -------
    pandas.DataFrame
        website (its account_id), domain, platform of the posts, posts,
        accounts, first_posted, last_posted; sorted by the first three.
    """
    parts = "string_split(host, '.')"
    above = (
        f"list_transform(range(1, len({parts}) + 1), "
        f"lambda n: array_to_string(list_slice({parts}, n, len({parts})), '.'))"
    )
    return base.sql(
        "WITH sites AS (SELECT account_id AS website, native_id AS domain FROM accounts "
        "WHERE unit = 'website'), "
        "links AS (SELECT DISTINCT post_id, account_id, platform, posted_at, "
        f"{host_sql('url')} AS host FROM (SELECT *, unnest(urls) AS url FROM posts)), "
        f"on_sites AS (SELECT *, unnest({above}) AS domain FROM links WHERE host <> '') "
        "SELECT website, domain, platform, count(DISTINCT post_id) AS posts, "
        "count(DISTINCT on_sites.account_id) AS accounts, "
        "min(posted_at) AS first_posted, max(posted_at) AS last_posted "
        "FROM on_sites JOIN sites USING (domain) GROUP BY ALL ORDER BY ALL"
    ).to_df()
