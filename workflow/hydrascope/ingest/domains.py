"""Web addresses and the sites that they lie on."""

import duckdb
import pandas as pd

__all__ = ["host_sql", "website_links"]


def host_sql(address: str) -> str:
    """DuckDB expression for the host of a web address, or of a bare domain.

    Lower case, without `www.`, user, port and path; a host in another script
    keeps it. Text that has no dot in its host gives ''.

    Parameters
    ----------
    address : str
        Expression of type VARCHAR.
    """
    host = (
        f"regexp_extract(lower(trim({address})), "
        "'^(?:[a-z][a-z0-9+.-]*:)?(?://)?(?:[^/?#@\\s]*@)?(?:www[.])?"
        "([\\p{L}\\p{N}_-]+(?:[.][\\p{L}\\p{N}_-]+)+)[.]?(?:[:/?#]|$)', 1)"
    )
    return f"({host})"


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
