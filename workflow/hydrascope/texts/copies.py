"""Families of near-duplicates, each around the form of it that was posted most."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from rensa import RMinHash

from hydrascope.texts.families import families_of
from hydrascope.texts.keys import UNSPACED, copy_keys
from hydrascope.texts.languages import family_languages

__all__ = ["copies_of", "representatives"]

FAMILIES = ["family", "text", "language", "language_share", "forms", "posts", "accounts"]
FORMS = ["form", "text", "family", "posts"]
# Letters to a shingle: three of Chinese or Thai hold about as much as five of Latin.
DENSE, SPARSE = 3, 5
PERMUTATIONS = 128
# Of a hundred thousand pairs at the threshold so many are never compared.
MISSED = 1e-3
# Texts whose shingles are held at a time, and signatures read at a time.
CHUNK = 8_192
# Representatives that one bucket offers for comparison.
OFFERED = 32
# An estimate from a signature is off by more than this once in a thousand times.
SLACK = 0.125


def copies_of(
    posts: pd.DataFrame, *, min_jaccard: float, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Group posts into families of near-duplicates.

    Parameters
    ----------
    posts : pandas.DataFrame
        post_id, account_id, text and language (may be missing) of each post.
    min_jaccard : float
        Least share of the shingles of two keys, out of those of both, that they have
        in common where one is a copy of the other; 0 to 1.
    seed : int
        Seed of the permutations that find what is worth comparing.

    Returns
    -------
    families : pandas.DataFrame
        family, text (the representative's matching form), language, language_share,
        forms (distinct matching forms), posts, accounts and vector_row; sorted by
        family, which is a digest of the text, so that neither the order of the raw
        rows nor the key of the pseudonyms can move it.
    forms : pandas.DataFrame
        form (a digest), text, family and posts; a row a matching form, sorted by form.
    members : pandas.DataFrame
        post_id, family and form, sorted by post; both are empty where a post has no
        word left, and such a post has no vector and no topic.

    Notes
    -----
    A family is a representative and the texts near to it. Two of them need not be
    near to each other, but none came in as the neighbour of a neighbour.
    """
    exact, members = families_of(posts)
    members = members.rename(columns={"family": "form"})
    forms = exact[["family", "text", "posts"]].rename(columns={"family": "form"})
    forms["family"] = _families_of_forms(forms, min_jaccard=min_jaccard, seed=seed)
    family_of = forms.set_index("form")["family"]
    members["family"] = members["form"].map(family_of).astype("str").fillna("")

    rows = posts[["post_id", "account_id", "language"]].merge(members, on="post_id")
    rows = rows[rows["form"] != ""]
    families = forms.groupby("family").agg(forms=("form", "size"), posts=("posts", "sum"))
    families["accounts"] = rows.groupby("family")["account_id"].nunique()
    families["text"] = forms.set_index("form")["text"]
    texts = rows["form"].map(forms.set_index("form")["text"])
    families = families.join(family_languages(rows.assign(text=texts))).reset_index()
    families = families[FAMILIES].assign(vector_row=range(len(families)))
    return families, forms[FORMS], members[["post_id", "family", "form"]]


def _families_of_forms(forms: pd.DataFrame, *, min_jaccard: float, seed: int) -> pd.Series:
    """Digest of the representative of each form, by the index of the forms."""
    ordered = forms.sort_values(["posts", "text"], ascending=[False, True])
    ordered = ordered.assign(key=copy_keys(ordered["text"].to_list()))
    keyed = ordered.groupby("key", sort=False).agg(
        form=("form", "first"), text=("text", "first"), posts=("posts", "sum")
    )
    keyed = keyed.sort_values(["posts", "text"], ascending=[False, True])
    near = representatives(keyed.index.to_list(), min_jaccard=min_jaccard, seed=seed)
    family_of = pd.Series(keyed["form"].to_numpy()[near], index=keyed.index, dtype=object)
    return ordered["key"].map(family_of).astype(forms["form"].dtype)


def representatives(keys: Sequence[str], *, min_jaccard: float, seed: int) -> np.ndarray:
    """Say which key stands for each.

    Parameters
    ----------
    keys : sequence of str
        Distinct keys; a key stands for none that comes before it.
    min_jaccard, seed
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
    template said a hundred thousand times costs one comparison a text.
    """
    near = np.arange(len(keys))
    shingles = [part for chunk in _chunks(keys) for part in _shingles(chunk)]
    signatures = _signatures(shingles, seed)
    buckets = _buckets(signatures, _band_rows(min_jaccard))
    offered: dict[int, list[int]] = defaultdict(list)
    for row in np.flatnonzero((buckets >= 0).any(axis=1)):
        shared = buckets[row][buckets[row] >= 0].tolist()
        heads = sorted({head for bucket in shared for head in offered[bucket]})
        estimates = (signatures[heads] == signatures[row]).mean(axis=1)
        likely = [
            (-_jaccard(shingles[head], shingles[row]), head)
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


def _chunks(rows: Sequence) -> Iterator[Sequence]:
    return (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))


def _shingles(keys: Sequence[str]) -> list[np.ndarray]:
    """Hashes of the shingles of each key, each once and sorted."""
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
    hashes, row = hashes[first], row[first]
    return np.split(hashes, np.searchsorted(row, np.arange(1, len(keys))))


def _unspaced() -> np.ndarray:
    bounds = [ord(letter) for letter in UNSPACED if letter != "-"]
    pairs = zip(bounds[::2], bounds[1::2], strict=True)
    return np.concatenate([np.arange(low, high + 1) for low, high in pairs])


def _mixed(numbers: np.ndarray) -> np.ndarray:
    """Scramble 64-bit numbers (the finaliser of SplitMix64, Steele et al. 2014)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))


def _signatures(shingles: Sequence[np.ndarray], seed: int) -> np.ndarray:
    signatures = np.zeros((len(shingles), PERMUTATIONS), dtype=np.uint32)
    for start in range(0, len(shingles), CHUNK):
        part = shingles[start : start + CHUNK]
        ends = np.cumsum([0, *map(len, part)]).astype(np.uint64)
        matrix = RMinHash.digest_matrix_from_flat_token_hashes(
            np.concatenate(part), ends, PERMUTATIONS, seed
        )
        signatures[start : start + len(part)] = matrix.to_rows()
    return signatures


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
        for column in range(band * rows, (band + 1) * rows):
            hashes = _mixed(hashes + signatures[:, column] + np.uint64(1))
        _, bucket, size = np.unique(hashes, return_inverse=True, return_counts=True)
        buckets[:, band] = np.where(size[bucket] > 1, bucket + band * len(signatures), -1)
    return buckets


def _jaccard(one: np.ndarray, other: np.ndarray) -> float:
    places = np.minimum(np.searchsorted(one, other), len(one) - 1)
    common = np.count_nonzero(one[places] == other)
    return common / (len(one) + len(other) - common)
