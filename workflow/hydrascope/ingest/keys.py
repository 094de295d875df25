"""The key behind the pseudonyms: where it comes from, and what may be said of it."""

import hashlib
import hmac
import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

from hydrascope.errors import ConfigError

__all__ = ["PUBLIC_KEY", "key_fingerprint", "load_key"]

PUBLIC_KEY = b"hydrascope: simulated people need no secret"
KEY_FILE = Path(".hydrascope/key")
KEY_VARIABLE = "HYDRASCOPE_KEY"


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
