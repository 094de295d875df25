"""Hashes of pictures: equal ones and perceptual ones that differ in few bits are one picture."""

from itertools import combinations

import numpy as np
import pandas as pd

from hydrascope.affiliation.pictures import MOST_BITS, same_pictures


def hashes(values):
    return pd.Series([f"{int(value):016x}" for value in values])


def names_by_hand(values):
    """Every pair compared; chains of close ones named by their smallest."""
    names = list(map(int, values))
    for _ in values:
        for a, b in combinations(range(len(values)), 2):
            if (int(values[a]) ^ int(values[b])).bit_count() <= MOST_BITS:
                names[a] = names[b] = min(names[a], names[b])
    return hashes(names)


def test_close_hashes_are_those_that_comparing_all_pairs_finds():
    rng = np.random.default_rng(4)
    originals = rng.integers(0, 2**63, 12, dtype=np.uint64)
    changed = [
        int(value) ^ sum(1 << int(bit) for bit in rng.choice(64, bits, replace=False))
        for value in originals
        for bits in (1, 2, 3, 4, 5)
    ]
    values = [*originals.tolist(), *changed]
    pd.testing.assert_series_equal(same_pictures(hashes(values)), names_by_hand(values))


def test_other_hashes_are_equal_or_not_whatever_their_case():
    given = pd.Series(
        ["D41D8CD98F00B204E9800998ECF8427E", "d41d8cd98f00b204e9800998ecf8427f", "ab12"]
    )
    given.index = [7, 3, 5]
    found = same_pictures(given)
    assert found.to_dict() == {7: given[7].lower(), 3: given[3], 5: "ab12"}


def test_no_hashes_have_no_names():
    assert same_pictures(pd.Series([], dtype=str)).empty


def test_a_band_that_everybody_shares_is_passed_over():
    rng = np.random.default_rng(5)
    crowd = rng.permutation(2**20)[:3_000].astype(np.uint64) << np.uint64(20)
    pair = np.uint64(0xABCDEF0123456789)
    found = same_pictures(hashes([*crowd, pair, pair ^ np.uint64(1 << 63)]))
    # Every one of the crowd shares two bands of zeros with the rest; the pair shares three.
    assert found.iat[-1] == found.iat[-2]
