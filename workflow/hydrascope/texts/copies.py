"""Families of near-duplicates, each around the form of it that was posted most."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
from rensa import RMinHash

from hydrascope.texts.forms import forms_of
from hydrascope.texts.keys import UNSPACED, copy_key, ordinary_words
from hydrascope.texts.languages import family_languages

__all__ = ["copies_among", "copies_of", "representatives"]

# Letters to a shingle: three of Chinese or Thai hold about as much as five of Latin.
DENSE, SPARSE = 3, 5
PERMUTATIONS = 128
# Of a hundred thousand pairs at the threshold so many are never compared.
MISSED = 1e-3
# Texts that are read, and texts and their letters whose shingles are held at a time.
CHUNK, LETTERS = 8_192, 4_000_000
# Representatives that one bucket offers for comparison.
OFFERED = 32
# An estimate from a signature is off by more than this once in a thousand times.
SLACK = 0.125
KEYED = "CREATE TEMP TABLE keyed AS SELECT form, text, posts, copy_key(text) AS key FROM forms"
HEADS = """
    CREATE TEMP TABLE heads AS
    SELECT key, form, row_number() OVER (ORDER BY posts DESC, text) - 1 AS row
    FROM (
        SELECT key, first(form ORDER BY posts DESC, text) AS form,
            first(text ORDER BY posts DESC, text) AS text, sum(posts) AS posts
        FROM keyed GROUP BY key
    )
"""
GROUPED = """
    CREATE TEMP TABLE grouped AS
    SELECT keyed.form, keyed.text, keyed.posts, head.form AS family
    FROM keyed JOIN heads AS own USING (key) JOIN near USING (row)
    JOIN heads AS head ON head.row = near.head
"""
SPOKEN = """
    SELECT family, language FROM members JOIN grouped USING (form)
"""
FAMILIES = """
    SELECT family, own.text, language, language_share, forms, posts, accounts
    FROM (
        SELECT family, count(*) AS forms, CAST(sum(posts) AS BIGINT) AS posts
        FROM grouped GROUP BY family
    ) JOIN (
        SELECT family, count(DISTINCT account_id) AS accounts
        FROM members JOIN grouped USING (form) GROUP BY family
    ) USING (family) JOIN languages USING (family)
    JOIN (SELECT form, text FROM forms) AS own ON own.form = family
    ORDER BY family
"""
FORMS = "SELECT form, text, family, posts FROM grouped ORDER BY form"
MEMBERS = """
    SELECT post_id, coalesce(family, '') AS family, members.form
    FROM members LEFT JOIN grouped USING (form) ORDER BY post_id
"""


def copies_of(
    base: duckdb.DuckDBPyConnection, *, min_jaccard: float, seed: int, beside: str | Path
) -> tuple[duckdb.DuckDBPyRelation, duckdb.DuckDBPyRelation, duckdb.DuckDBPyRelation]:
    """Group posts into families of near-duplicates.

    Parameters
    ----------
    base : duckdb.DuckDBPyConnection
        Where `members` and `forms` are, as `forms.forms_of` makes them.
    min_jaccard : float
        Least share of the shingles of two keys, out of those of both, that they have
        in common where one is a copy of the other; 0 to 1.
    seed : int
        Seed of the permutations that find what is worth comparing.
    beside : path
        A folder whose disk has room for what is compared.

    Returns
    -------
    families : duckdb.DuckDBPyRelation
        family, text (the representative's matching form), language, language_share,
        forms (distinct matching forms), posts and accounts; sorted by
        family, which is a digest of the text, so that neither the order of the raw
        rows nor the key of the pseudonyms can move it.
    forms : duckdb.DuckDBPyRelation
        form (a digest), text, family and posts; a row a matching form, sorted by form.
    members : duckdb.DuckDBPyRelation
        post_id, family and form, sorted by post; both are empty where a post has no
        word left, and such a post has no vector and no topic.

    Notes
    -----
    A family is a representative and the texts near to it. Two of them need not be
    near to each other, but none came in as the neighbour of a neighbour.
    """
    ordinary = ordinary_words(_texts(base, "SELECT text FROM forms"))
    keyed = partial(_keyed, ordinary)
    base.create_function("copy_key", keyed, ["VARCHAR"], "VARCHAR", type="arrow")
    base.execute(KEYED)
    base.execute(HEADS)
    keys = _texts(base, "SELECT key FROM heads ORDER BY row")
    near = representatives(keys, min_jaccard=min_jaccard, seed=seed, beside=beside)
    base.register("near", pa.table({"row": range(len(near)), "head": near}))
    base.execute(GROUPED)
    family_languages(base, SPOKEN).create("languages")
    return tuple(map(base.sql, (FAMILIES, FORMS, MEMBERS)))


def copies_among(
    posts: pd.DataFrame, *, min_jaccard: float, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Group posts that are in memory, as those of simulated worlds and of tests are.

    Parameters
    ----------
    posts : pandas.DataFrame
        post_id, account_id, text and language (may be missing) of each post.
    min_jaccard, seed
        As for `copies_of`.

    Returns
    -------
    families, forms, members : pandas.DataFrame
        As `copies_of` gives them.
    """
    schema = pa.schema(dict.fromkeys(("post_id", "account_id", "text", "language"), pa.string()))
    with TemporaryDirectory() as folder, duckdb.connect() as base:
        base.register("posts", pa.Table.from_pandas(posts, schema, preserve_index=False))
        forms_of(base)
        found = copies_of(base, min_jaccard=min_jaccard, seed=seed, beside=folder)
        return tuple(relation.df() for relation in found)


def representatives(
    keys: Iterable[str], *, min_jaccard: float, seed: int, beside: str | Path
) -> np.ndarray:
    """Say which key stands for each.

    Parameters
    ----------
    keys : iterable of str
        Distinct keys; a key stands for none that comes before it.
    min_jaccard, seed, beside
        As in `copies_of`.

    Returns
    -------
    numpy.ndarray
        int, one a key: the row of its representative, which may be its own.

    Notes
    -----
    Shingles of characters, MinHash (Broder 1997, "On the resemblance and containment
    of documents") and bands of it (Leskovec, Rajaraman and Ullman, "Mining of Massive
    Datasets", chapter 3) propose, and the exact Jaccard index decides. A key is
    compared with representatives alone, of which a bucket offers the first few: a
    template said a hundred thousand times costs one comparison a text. Shingles and
    signatures lie on the disk, and of those only the ones of keys that share a bucket are
    read again.
    """
    with TemporaryDirectory(dir=beside, prefix=".shingles-") as folder:
        ends, shingles, signatures = _sketched(keys, seed, Path(folder))
        near = np.arange(len(signatures))
        buckets = _buckets(signatures, _band_rows(min_jaccard))
        offered: dict[int, list[int]] = defaultdict(list)
        for row in np.flatnonzero((buckets >= 0).any(axis=1)):
            shared = buckets[row][buckets[row] >= 0].tolist()
            heads = sorted({head for bucket in shared for head in offered[bucket]})
            estimates = (signatures[heads] == signatures[row]).mean(axis=1)
            own = shingles[ends[row] : ends[row + 1]]
            likely = [
                (-_jaccard(shingles[ends[head] : ends[head + 1]], own), head)
                for head, estimate in zip(heads, estimates, strict=True)
                if estimate >= min_jaccard - SLACK
            ]
            distance, head = min(likely, default=(0.0, row))
            if -distance >= min_jaccard:
                near[row] = head
                continue
            for bucket in shared:
                if len(offered[bucket]) < OFFERED:
                    offered[bucket].append(row)
    return near


def _texts(base: duckdb.DuckDBPyConnection, query: str) -> Iterator[str]:
    """One column, read batch by batch."""
    for batch in base.sql(query).to_arrow_reader(CHUNK):
        yield from batch.column(0).to_pylist()


def _keyed(ordinary: frozenset[str], texts: pa.ChunkedArray) -> pa.Array:
    return pa.array((copy_key(text, ordinary) for text in texts.to_pylist()), pa.string())


def _sketched(
    keys: Iterable[str], seed: int, folder: Path
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where the shingles of each key end, all shingles, and signatures, one a row."""
    ends, files = [0], [folder / name for name in ("shingles", "signatures")]
    with files[0].open("wb") as shingles, files[1].open("wb") as signatures:
        for chunk in _chunks(keys):
            hashes, sizes = _shingles(chunk)
            bounds = np.cumsum([0, *sizes]).astype(np.uint64)
            matrix = RMinHash.digest_matrix_from_flat_token_hashes(
                hashes, bounds, PERMUTATIONS, seed
            )
            shingles.write(hashes)
            signatures.write(np.ascontiguousarray(matrix.to_rows(), dtype=np.uint32))
            ends.extend((ends[-1] + bounds[1:].astype(np.int64)).tolist())
    if len(ends) == 1:
        return np.array(ends), np.zeros(0, np.uint64), np.zeros((0, PERMUTATIONS), np.uint32)
    return (
        np.array(ends),
        # A view is cut into pieces ten times as fast as the map that is behind it.
        np.asarray(np.memmap(files[0], np.uint64, mode="r")),
        np.asarray(np.memmap(files[1], np.uint32, mode="r")).reshape(-1, PERMUTATIONS),
    )


def _chunks(keys: Iterable[str]) -> Iterator[list[str]]:
    chunk, letters = [], 0
    for key in keys:
        chunk.append(key)
        letters += len(key)
        if len(chunk) == CHUNK or letters >= LETTERS:
            yield chunk
            chunk, letters = [], 0
    if chunk:
        yield chunk


def _shingles(keys: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Hashes of the shingles of each key, each once and sorted, and how many each key has."""
    lengths = np.array([len(key) for key in keys])
    codes = np.frombuffer("".join(keys).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    starts = np.cumsum(lengths) - lengths
    dense = np.isin(codes, _unspaced()).astype(np.int64)
    sizes = np.where(np.add.reduceat(dense, starts) * 2 >= lengths, DENSE, SPARSE)
    # A key that is shorter than a shingle is one.
    sizes = np.minimum(sizes, lengths)
    row = np.repeat(np.arange(len(keys)), lengths)
    size, left = sizes[row], (starts + lengths)[row] - np.arange(len(codes))
    hashes = np.zeros(len(codes), dtype=np.uint64)
    for step in range(SPARSE):
        coming = np.zeros(len(codes), dtype=np.uint64)
        coming[: len(codes) - step] = codes[step:]
        mixed = _mixed(hashes + coming + np.uint64(1))
        hashes = np.where(step < size, mixed, hashes)
    whole = left >= size
    hashes, row = hashes[whole], row[whole]
    order = np.lexsort((hashes, row))
    hashes, row = hashes[order], row[order]
    first = np.ones(len(row), dtype=bool)
    first[1:] = (hashes[1:] != hashes[:-1]) | (row[1:] != row[:-1])
    return hashes[first], np.bincount(row[first], minlength=len(keys))


def _unspaced() -> np.ndarray:
    bounds = [ord(letter) for letter in UNSPACED if letter != "-"]
    pairs = zip(bounds[::2], bounds[1::2], strict=True)
    return np.concatenate([np.arange(low, high + 1) for low, high in pairs])


def _mixed(numbers: np.ndarray) -> np.ndarray:
    """Scramble 64-bit numbers (the finaliser of SplitMix64, Steele et al. 2014)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))


def _band_rows(min_jaccard: float) -> int:
    """Most rows to a band at which a pair at the threshold is still proposed."""
    for rows in range(PERMUTATIONS, 1, -1):
        if (1 - min_jaccard**rows) ** (PERMUTATIONS // rows) <= MISSED:
            return rows
    return 1


def _buckets(signatures: np.ndarray, rows: int) -> np.ndarray:
    """Number of each key's bucket in each band, -1 where it is alone there."""
    bands = PERMUTATIONS // rows
    buckets = np.full((len(signatures), bands), -1)
    for band in range(bands):
        hashes = np.zeros(len(signatures), dtype=np.uint64)
        for column in np.array(signatures[:, band * rows : (band + 1) * rows]).T:
            hashes = _mixed(hashes + column + np.uint64(1))
        _, bucket, size = np.unique(hashes, return_inverse=True, return_counts=True)
        buckets[:, band] = np.where(size[bucket] > 1, bucket + band * len(signatures), -1)
    return buckets


def _jaccard(one: np.ndarray, other: np.ndarray) -> float:
    places = np.minimum(np.searchsorted(one, other), len(one) - 1)
    common = np.count_nonzero(one[places] == other)
    return common / (len(one) + len(other) - common)
