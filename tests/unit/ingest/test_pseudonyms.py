"""Pseudonyms against the standard library's keyed BLAKE2s."""

import hashlib

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hydrascope.ingest.keys import PUBLIC_KEY
from hydrascope.ingest.pseudonyms import pseudonyms

IDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


def by_hand(kind, placed_id, key):
    """RFC 7693 with all parameters spelt out, one id at a time."""
    keyed = hashlib.blake2s(
        placed_id.encode(),
        key=hashlib.sha256(key).digest(),
        person=kind.encode(),
        digest_size=10,
    )
    return f"{kind[0]}_{keyed.hexdigest()}"


@given(
    st.sampled_from(["account", "post"]),
    st.lists(st.none() | IDS, max_size=8),
    st.binary(min_size=16, max_size=130),
)
def test_a_pseudonym_is_a_keyed_hash_of_eighty_bits(kind, ids, key):
    expected = [None if one is None else by_hand(kind, one, key) for one in ids]
    assert pseudonyms(kind, pa.array(ids, pa.string()), key).to_pylist() == expected
    halves = pa.chunked_array([ids[:3], ids[3:]], pa.string())
    assert pseudonyms(kind, halves, key).to_pylist() == expected
    assert pseudonyms(kind, halves.slice(1), key).to_pylist() == expected[1:]
    assert pseudonyms(kind, pa.array(ids, pa.string())[1:], key).to_pylist() == expected[1:]


def test_a_pseudonym_of_today_is_that_of_tomorrow():
    found = pseudonyms("account", pa.array(["x:1"]), PUBLIC_KEY).to_pylist()
    assert found == ["a_cc46d0b4353cdcc0556c"]


@pytest.mark.parametrize("kind", ["account", "post"])
def test_no_ids_have_no_pseudonyms(kind):
    assert len(pseudonyms(kind, pa.array([], pa.string()), PUBLIC_KEY)) == 0


def test_kind_platform_and_key_each_make_another_pseudonym():
    made = [
        ("account", "x:1", PUBLIC_KEY),
        ("post", "x:1", PUBLIC_KEY),
        ("account", "facebook:1", PUBLIC_KEY),
        ("account", "x:1", PUBLIC_KEY + b"!"),
    ]
    found = {pseudonyms(kind, pa.array([one]), key)[0].as_py()[2:] for kind, one, key in made}
    assert len(found) == 4
