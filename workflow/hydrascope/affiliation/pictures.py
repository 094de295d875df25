"""Profile pictures that are the same, told by their hashes."""

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

__all__ = ["same_pictures"]

# A perceptual hash has 64 bits, in hexadecimal 16 digits; a file's checksum has more.
DIGITS, BITS = 16, 64
BANDS = np.arange(0, BITS, 16, dtype=np.uint64)
# Bits that saving a picture anew may change. Two hashes so close agree in one of four bands.
MOST_BITS = 3
# A band that so many different hashes share is no way to find those close to each other.
MOST_IN_BAND = 500


def same_pictures(hashes: pd.Series) -> pd.Series:
    """Name pictures such that those that look the same have one name.

    Parameters
    ----------
    hashes : pandas.Series of str
        Hashes in hexadecimal.

    Returns
    -------
    pandas.Series of str
        Index of `hashes`. Hashes of 16 digits are taken as perceptual, of 64 bits: those
        that differ in three bits at most are one picture, and so are those that a chain
        of such steps joins; its name is the first of them. Any other hash is its own name.

    Notes
    -----
    Close pairs are looked for among hashes that agree in one of four bands of 16 bits
    (Manku et al. 2007, Proc. WWW, 141-150).
    """
    form = hashes.str.lower()
    known = np.unique(form[form.str.len() == DIGITS].to_numpy(dtype=str))
    values = np.array([int(one, 16) for one in known], dtype=np.uint64)
    pairs = [_close(values, (values >> shift) & np.uint64(0xFFFF)) for shift in BANDS]
    first, second = np.concatenate(pairs, axis=1)
    shape = (len(known), len(known))
    links = sparse.coo_matrix((np.ones(len(first)), (first, second)), shape)
    _, part = connected_components(links, directed=False)
    names = pd.Series(known, dtype=str).groupby(part).transform("first")
    name = dict(zip(known, names, strict=True))
    return form.map(lambda one: name.get(one, one))


def _close(values: np.ndarray, band: np.ndarray) -> np.ndarray:
    """Pairs of positions, shape (2, pairs), of close values in one band."""
    order = np.argsort(band, kind="stable")
    sizes = np.bincount(band.astype(int), minlength=1)[band[order].astype(int)]
    order = order[sizes <= MOST_IN_BAND]
    found = [np.empty((2, 0), dtype=int)]
    for step in range(1, len(order)):
        one, other = order[:-step], order[step:]
        together = band[one] == band[other]
        if not together.any():
            break
        near = together & (np.bitwise_count(values[one] ^ values[other]) <= MOST_BITS)
        found.append(np.stack([one[near], other[near]]))
    return np.concatenate(found, axis=1)
