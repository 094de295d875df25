"""Forms: posts whose texts are the same once folded."""

import duckdb
import pyarrow as pa

from hydrascope.texts.folding import matching_form

__all__ = ["forms_of"]

SAID = """
    CREATE TEMP TABLE said AS
    SELECT text, matching, IF(matching = '', '', 'f_' || left(sha256(matching), 20)) AS form
    FROM (
        SELECT text, matching_form(text) AS matching
        FROM (SELECT DISTINCT coalesce(text, '') AS text FROM posts)
    )
"""
MEMBERS = """
    CREATE TEMP TABLE members AS
    SELECT post_id, account_id, form, language
    FROM (SELECT post_id, account_id, coalesce(text, '') AS text, language FROM posts)
    JOIN said USING (text)
"""
FORMS = """
    CREATE TEMP TABLE forms AS
    SELECT form, any_value(matching) AS text, any_value(posts) AS posts,
        any_value(accounts) AS accounts
    FROM said JOIN (
        SELECT form, count(*) AS posts, count(DISTINCT account_id) AS accounts
        FROM members GROUP BY form
    ) USING (form)
    WHERE form <> '' GROUP BY form
"""


def forms_of(base: duckdb.DuckDBPyConnection) -> None:
    """Group posts by their matching form.

    Parameters
    ----------
    base : duckdb.DuckDBPyConnection
        Where `posts` is: post_id, account_id, text and language (may be missing) of each
        post. Two tables are added to it, once.

    Notes
    -----
    `forms` has form, text (the matching form), posts and accounts. The form is a digest of
    its text, so that neither the order of the raw rows nor the key of the pseudonyms can
    move it. `members` has post_id, account_id, form and language; the form is empty where
    a post has no word left. Each different text is folded once, and posts do not leave the
    database.
    """
    base.create_function("matching_form", _folded, ["VARCHAR"], "VARCHAR", type="arrow")
    for query in (SAID, MEMBERS, FORMS):
        base.execute(query)


def _folded(texts: pa.ChunkedArray) -> pa.Array:
    return pa.array(map(matching_form, texts.to_pylist()), pa.string())
