"""The key behind the pseudonyms: where it comes from, and what may be said of it."""

import hashlib
import hmac
import math
import os
import re
import secrets
import sys
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import TextIO

from hydrascope.errors import ConfigError

__all__ = ["FINGERPRINT_VARIABLE", "PUBLIC_KEY", "key_fingerprint", "key_weakness", "load_key"]

PUBLIC_KEY = b"hydrascope: simulated people need no secret"
KEY_FILE = Path(".hydrascope/key")
KEY_VARIABLE = "HYDRASCOPE_KEY"
# Set by the process that runs a study, so that its jobs find what it has stretched.
FINGERPRINT_VARIABLE = "HYDRASCOPE_KEY_FINGERPRINT"
# In a folder beside the key's file, by fingerprint.
STRETCHED = "stretched"
# The salt is the same everywhere: two checkouts with one key must give the same pseudonyms.
# A guess costs half a second and 128 MB.
SALT = b"hydrascope pseudonyms, version 1"
SCRYPT = {"n": 2**17, "r": 8, "p": 1, "maxmem": 2**28, "dklen": 32}

# What a key must have, and what its parts are worth in bits.
LEAST_CHARACTERS, LEAST_DIFFERENT, LEAST_BITS = 16, 8, 50
WORD_BITS, LETTER_BITS, DIGIT_BITS, SIGN_BITS = 11, 5, math.log2(10), 1
WORD_LETTERS = 8
PARTS = re.compile(r"[^\W\d_]+|\d+|[\W_]")
REMEDY = "Take another, such as `python -c 'import secrets; print(secrets.token_hex(32))'` makes."


def load_key(
    kind: str,
    *,
    fingerprint: str = "",
    environ: Mapping[str, str] = os.environ,
    file: Path = KEY_FILE,
) -> bytes:
    """Find the key of a study's pseudonyms, or make one.

    The key that people keep is stretched by scrypt (RFC 7914) once in a run, so that
    guessing it is slow. The outcome is kept beside the key's file for the jobs of the run.

    Parameters
    ----------
    kind : {'keyed', 'public'}
        The study's key `pseudonyms`.
    fingerprint : str
        Of the stretched key, where it is known; then it is read and not made again.
    environ : mapping
        Where `HYDRASCOPE_KEY` is looked up; it goes before the file.
    file : pathlib.Path
        The key's file, made with mode 0600 and announced if it is not there.

    Raises
    ------
    ConfigError
        If the key is weak, or its file cannot be read or made.
    """
    if kind == "public":
        return PUBLIC_KEY
    fingerprint = fingerprint or environ.get(FINGERPRINT_VARIABLE, "")
    if fingerprint and (known := _kept(file.with_name(STRETCHED) / fingerprint)):
        return known
    try:
        return _stretched(environ.get(KEY_VARIABLE, "").strip() or _key_in(file), file)
    except OSError as error:
        raise ConfigError(
            f"the key of the pseudonyms, {file}: found a file or folder that cannot be used "
            f"({error.strerror}); expected a file of one line that its owner can read. "
            "Correct it, or move it away to have a new key made."
        ) from error
    except UnicodeError as error:
        raise ConfigError(
            f"the key of the pseudonyms ({KEY_VARIABLE} or {file}): found bytes that are no "
            "UTF-8; expected text. Write it anew, as plain text."
        ) from error


def key_fingerprint(key: bytes) -> str:
    """Eight digits that tell two keys apart and give neither away."""
    return hmac.new(key, b"fingerprint", hashlib.sha256).hexdigest()[:8]


def key_weakness(key: str) -> str:
    """Say what makes a key easy to guess, or nothing.

    A key has sixteen characters or more, eight of them different, and repeats no shorter
    one. Its parts are worth fifty bits: a word eleven, once, and glued ones eleven for each
    begun eight letters; any other letter five, a digit 3.3, a sign one, and digits that
    count up or down or stay as much as one.
    """
    if len(key) < LEAST_CHARACTERS:
        return f"{len(key)} characters; expected at least {LEAST_CHARACTERS}"
    if len(set(key)) < LEAST_DIFFERENT:
        return f"{len(set(key))} different characters; expected at least {LEAST_DIFFERENT}"
    if _period(key) <= min(len(key) // 2, LEAST_CHARACTERS - 1):
        return f"a pattern that repeats; expected {LEAST_CHARACTERS} characters that do not"
    bits = sum(map(_bits, dict.fromkeys(part for part in PARTS.findall(key) if _is_word(part))))
    bits += sum(_bits(part) for part in PARTS.findall(key) if not _is_word(part))
    if bits < LEAST_BITS:
        return f"words or digits that are soon guessed ({bits:.0f} bits); expected {LEAST_BITS}"
    return ""


def _period(key: str) -> int:
    """Length of the shortest part that, said again and again, begins with the whole key."""
    return next(step for step in range(1, len(key) + 1) if key.startswith(key[step:]))


def _is_word(part: str) -> bool:
    # Letters without case, such as ideographs, are words already; mixed case is chance.
    cased = part.lower() != part.upper()
    return len(part) > 2 and cased and (part.islower() or part.isupper() or part.istitle())


def _bits(part: str) -> float:
    if _is_word(part):
        return WORD_BITS * math.ceil(len(part) / WORD_LETTERS)
    if part.isdecimal():
        steps = {ord(after) - ord(before) for before, after in pairwise(part)}
        return DIGIT_BITS * (1 if len(steps) == 1 and steps <= {-1, 0, 1} else len(part))
    return LETTER_BITS * len(part) if part.isalpha() else SIGN_BITS


def _stretched(key: str, file: Path) -> bytes:
    if weakness := key_weakness(key):
        raise ConfigError(
            f"the key of the pseudonyms ({KEY_VARIABLE} or {file}): found {weakness}. {REMEDY}"
        )
    stretched = hashlib.scrypt(key.encode(), salt=SALT, **SCRYPT)
    folder = file.with_name(STRETCHED)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f".{os.getpid()}"
    with _private(draft, os.O_TRUNC) as stream:
        stream.write(stretched.hex() + "\n")
    os.replace(draft, folder / key_fingerprint(stretched))
    return stretched


def _kept(file: Path) -> bytes:
    """A stretched key as an earlier process kept it, or nothing where it is not that."""
    try:
        key = bytes.fromhex(file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return b""
    return key if key_fingerprint(key) == file.name else b""


def _private(file: Path, flag: int) -> TextIO:
    """Open a file for writing that its owner alone can read."""
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | flag, 0o600), "w", encoding="utf-8")


def _key_in(file: Path) -> str:
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        line = secrets.token_hex(32) + "\n"
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        with _private(draft, os.O_TRUNC) as stream:
            stream.write(line)
        try:
            _publish(draft, file, line)
            print(
                f"Made the key of the pseudonyms, {file}: keep it to get the same "
                f"account ids again, or set {KEY_VARIABLE}.",
                file=sys.stderr,
            )
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text(encoding="utf-8-sig").strip()


def _publish(draft: Path, file: Path, line: str) -> None:
    """Put the key where it belongs, unless that of a run that came first is there."""
    try:
        # A link, unlike a rename, leaves what is there, and what it makes is whole.
        os.link(draft, file)
    except FileExistsError:
        raise
    except OSError:
        # Some disks have no links: exFAT, SMB.
        with _private(file, os.O_EXCL) as stream:
            stream.write(line)
