"""Forms: posts whose texts are the same once folded."""

import duckdb
import pyarrow as pa

from hydrascope.texts.folding import matching_form
from hydrascope.texts.languages import voted_language

__all__ = ["forms_of", "joined_forms"]

SHARD = """
    CREATE TEMP VIEW told AS
    SELECT post_id, account_id, coalesce(text, '') AS text, coalesce(language, '') AS declared
    FROM posts WHERE hash(coalesce(text, '')) % {shards} = {shard}
"""
SAID = """
    CREATE TEMP TABLE said AS
    SELECT text, matching, IF(matching = '', '', 'f_' || left(sha256(matching), 20)) AS form
    FROM (
        SELECT text, matching_form(text) AS matching FROM (SELECT DISTINCT text FROM told)
    )
"""
VOTES = """
    CREATE TEMP TABLE votes AS
    SELECT text, declared, voted_language(matching, declared) AS language
    FROM (SELECT DISTINCT text, declared FROM told) JOIN said USING (text)
"""
MEMBERS = """
    CREATE TEMP TABLE members AS
    SELECT post_id, account_id, form, votes.language
    FROM told JOIN said USING (text) JOIN votes USING (text, declared)
"""
FORMS = """
    CREATE TEMP TABLE forms AS
    SELECT form, any_value(matching) AS text, any_value(posts) AS posts
    FROM said JOIN (SELECT form, count(*) AS posts FROM members GROUP BY form) USING (form)
    WHERE form <> '' GROUP BY form
"""
JOINED = """
    CREATE TEMP TABLE forms AS
    SELECT form, any_value(text) AS text, CAST(sum(posts) AS BIGINT) AS posts
    FROM parts GROUP BY form
"""


def forms_of(base: duckdb.DuckDBPyConnection, *, shard: int = 0, shards: int = 1) -> None:
    """Group posts by their matching form.

    Parameters
    ----------
    base : duckdb.DuckDBPyConnection
        Where `posts` is: post_id, account_id, text and language (may be missing) of each
        post. Tables are added to it, once.
    shard, shards : int
        Of so many shards of the texts the one that is looked at; equal texts are in one.

    Notes
    -----
    `forms` has form, text (the matching form) and posts. The form is a digest of its text,
    so that neither the order of the raw rows nor the key of the pseudonyms can move it.
    `members` has post_id, account_id, form and the language that the post votes for
    (`languages.voted_language`); the form is empty where a post has no word left. Each
    different text is folded once, and posts do not leave the database.
    """
    texts = ["VARCHAR"]
    base.create_function("matching_form", _folded, texts, "VARCHAR", type="arrow")
    base.create_function("voted_language", _voted, texts * 2, "VARCHAR", type="arrow")
    base.execute(SHARD.format(shard=int(shard), shards=int(shards)))
    for query in (SAID, VOTES, MEMBERS, FORMS):
        base.execute(query)


def joined_forms(base: duckdb.DuckDBPyConnection) -> None:
    """Make `forms` out of `parts`, the forms of all shards: two texts of one form may be apart."""
    base.execute(JOINED)


def _folded(texts: pa.ChunkedArray) -> pa.Array:
    return pa.array(map(matching_form, texts.to_pylist()), pa.string())


def _voted(texts: pa.ChunkedArray, declared: pa.ChunkedArray) -> pa.Array:
    votes = map(voted_language, texts.to_pylist(), declared.to_pylist())
    return pa.array(votes, pa.string())
