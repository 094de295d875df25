"""Pseudonyms: a keyed hash in place of every native id, from ingest onwards."""

import binascii
import hashlib
import hmac
import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa

from hydrascope.errors import ConfigError

__all__ = ["PUBLIC_KEY", "key_fingerprint", "load_key", "pseudonyms"]

PUBLIC_KEY = b"hydrascope: simulated people need no secret"
KEY_FILE = Path(".hydrascope/key")
KEY_VARIABLE = "HYDRASCOPE_KEY"
DIGITS = 20


def load_key(
    kind: str,
    *,
    environ: Mapping[str, str] = os.environ,
    file: Path = KEY_FILE,
) -> bytes:
    """Find the key of a study's pseudonyms, or make one.

    Parameters
    ----------
    kind : {'keyed', 'public'}
        The study's key `pseudonyms`.
    environ : mapping
        Where `HYDRASCOPE_KEY` is looked up; it goes before the file.
    file : pathlib.Path
        The key's file, made with mode 0600 and announced if it is not there.

    Raises
    ------
    ConfigError
        If the key has fewer than sixteen characters.
    """
    if kind == "public":
        return PUBLIC_KEY
    key = environ.get(KEY_VARIABLE) or _key_in(file)
    if len(key) < 16:
        raise ConfigError(
            f"the key of the pseudonyms ({KEY_VARIABLE} or {file}): found {len(key)} "
            "characters; expected at least 16. Make it longer, or delete the file."
        )
    return key.encode()


def key_fingerprint(key: bytes) -> str:
    """Eight digits that tell two keys apart and give neither away."""
    return hmac.new(key, b"fingerprint", hashlib.sha256).hexdigest()[:8]


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
        The key of `load_key`.

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


def _key_in(file: Path) -> str:
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o600), "w") as stream:
            stream.write(secrets.token_hex(32) + "\n")
        try:
            # A link, unlike a rename, leaves the key of a run that came first.
            os.link(draft, file)
            print(
                f"Made the key of the pseudonyms, {file}: keep it to get the same "
                f"account ids again, or set {KEY_VARIABLE}.",
                file=sys.stderr,
            )
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text(encoding="ascii").strip()
