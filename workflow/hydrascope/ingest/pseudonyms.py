"""Pseudonyms: a keyed hash in place of every native id, from ingest onwards."""

import binascii
import hashlib

import numpy as np
import pyarrow as pa

__all__ = ["pseudonyms"]

DIGITS = 20


def pseudonyms(kind: str, ids: pa.Array, key: bytes) -> pa.Array:
    """Replace ids by their pseudonyms: `a_` or `p_` and twenty hexadecimal digits.

    Keyed BLAKE2s (RFC 7693) with a digest of eighty bits, personalised by the
    kind, so that an account and a post with one id share no pseudonym.

    Parameters
    ----------
    kind : {'account', 'post'}
        What the ids name.
    ids : pyarrow.Array or pyarrow.ChunkedArray of string
        Ids with their platform before them; a missing one stays missing.
    key : bytes
        The key of `keys.load_key`.

    Returns
    -------
    pyarrow.Array of string
        As long as `ids`.
    """
    if isinstance(ids, pa.ChunkedArray):
        ids = ids.combine_chunks()
    if kind == "post" and not ids.null_count:
        return _hashed(kind, ids, key)
    coded = ids.dictionary_encode()
    return _hashed(kind, coded.dictionary, key).take(coded.indices)


def _hashed(kind: str, ids: pa.Array, key: bytes) -> pa.Array:
    keyed = hashlib.blake2s(
        key=hashlib.sha256(key).digest(), person=kind.encode(), digest_size=DIGITS // 2
    )
    digests = []
    for native_id in ids.cast(pa.binary()).to_pylist():
        one = keyed.copy()
        one.update(native_id)
        digests.append(one.digest())
    return _hexadecimal(kind[0], digests)


def _hexadecimal(letter: str, digests: list[bytes]) -> pa.Array:
    # Through one buffer: a Python string for each would take half of an ingest's time.
    width = DIGITS + 2
    letters = np.empty((len(digests), width), np.uint8)
    letters[:, :2] = list(f"{letter}_".encode())
    digits = np.frombuffer(binascii.hexlify(b"".join(digests)), np.uint8)
    letters[:, 2:] = digits.reshape(-1, DIGITS)
    offsets = np.arange(0, width * len(digests) + 1, width, dtype=np.int32)
    return pa.StringArray.from_buffers(
        len(digests), pa.py_buffer(offsets), pa.py_buffer(letters.tobytes())
    )
