"""Names, handles and native ids of simulated accounts."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import numpy as np

from hydrascope.yaml_file import load_yaml

__all__ = [
    "Template",
    "distinct_handles",
    "foreign_name",
    "native_ids",
    "nickname",
    "status_ids",
    "website",
]

LISTS = Path(__file__).with_name("names.yaml")
BASE64 = np.array(list("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"))
# The last character of a channel's id carries four bits only.
CHANNEL_ENDS = np.array(list("AQgw"))
# An X id counts milliseconds from here: the platform's own epoch.
SNOWFLAKE_EPOCH = 1_288_834_974_657
SNOWFLAKE_BITS = 22


@cache
def _lists() -> dict:
    return load_yaml(LISTS)


def _one(rng: np.random.Generator, name: str) -> str:
    choices = _lists()[name]
    return choices[int(rng.integers(len(choices)))]


def _letters(rng: np.random.Generator, least: int, most: int) -> str:
    return "".join(_one(rng, "consonants") for _ in range(rng.integers(least, most)))


class Template:
    """How one cell of a coordinated group names its accounts.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance; the kind and the fixed parts are drawn from it.
    flavour : str
        Name of the list that the fixed part comes from.
    """

    KINDS = ("doubled", "numbered", "stem")

    def __init__(self, rng: np.random.Generator, flavour: str):
        self.kind = self.KINDS[int(rng.integers(len(self.KINDS)))]
        self.flavour = flavour
        self.stem = _one(rng, flavour)
        self.letters = _letters(rng, 4, 6)

    def name(self, rng: np.random.Generator, number: int) -> tuple[str, str]:
        """Display name and handle of the cell's account of that number."""
        count = _lists()["numerals"]
        tens = count[number // len(count) % len(count)] if number >= len(count) else ""
        shown = {
            "doubled": f"{_one(rng, self.flavour)}{_one(rng, 'doubled')}",
            "numbered": f"{_one(rng, 'syllables')}{tens}{count[number % len(count)]}",
            "stem": f"{self.stem}{_one(rng, 'doubled')}{count[number % len(count)]}",
        }[self.kind]
        return shown, f"{self.letters}{rng.integers(1_000, 100_000)}"


def nickname(rng: np.random.Generator, language: str) -> tuple[str, str]:
    """Display name and handle as somebody chooses them on their own."""
    adjective, noun = _one(rng, "adjectives"), _one(rng, "nouns")
    digits = str(rng.integers(10_000)) if rng.random() < 0.55 else ""
    handle = f"{adjective}{'_' if rng.random() < 0.31 else ''}{noun}{digits}"
    if rng.random() < 0.08:
        handle = f"{_letters(rng, 4, 7)}{rng.integers(100, 100_000)}"
    if language == "en":
        return f"{adjective} {noun}".title() if rng.random() < 0.7 else handle, handle
    style = rng.random()
    if style < 0.62:
        return f"{_one(rng, 'moods')}的{_one(rng, 'things')}", handle
    if style < 0.82:
        return f"{_one(rng, 'things')}{_one(rng, 'places_zh')}", handle
    if style < 0.90:
        return f"{_one(rng, 'nature')}{_one(rng, 'doubled')}", handle
    if style < 0.94:
        return f"{_one(rng, 'syllables')}{_one(rng, 'numerals')}", handle
    return f"{_one(rng, 'things')}{digits}", handle


def foreign_name(rng: np.random.Generator) -> str:
    """A Page's name before it changed hands: Bengali, Cyrillic, or consonants alone."""
    kind = rng.random()
    if kind < 0.4:
        return f"{_one(rng, 'bengali')} {_one(rng, 'bengali')}"
    return _one(rng, "cyrillic").title() if kind < 0.6 else _letters(rng, 5, 9).title()


def website(rng: np.random.Generator) -> str:
    """Address of a website that nobody has: `.example` belongs to no one."""
    words = _one(rng, "adjectives"), _one(rng, "nouns"), str(rng.integers(100))
    return f"https://{'-'.join(words)}.example"


def distinct_handles(rng: np.random.Generator, handles: Iterable[str]) -> list[str]:
    """Handles with digits behind those that somebody before has already."""
    taken: set[str] = set()
    found = []
    for handle in handles:
        while handle in taken:
            handle = f"{handle}{rng.integers(10)}"
        taken.add(handle)
        found.append(handle)
    return found


def native_ids(
    rng: np.random.Generator, platform: str, unit: str, created: np.ndarray
) -> list[str]:
    """Distinct ids as the platform writes them.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    platform, unit : str
        Of all the accounts.
    created : numpy.ndarray
        Seconds since 1970; an X id tells them.
    """
    if platform == "x":
        return status_ids(rng, created)
    if platform == "youtube":
        body = BASE64[rng.integers(len(BASE64), size=(len(created), 21))]
        ends = CHANNEL_ENDS[rng.integers(len(CHANNEL_ENDS), size=len(created))]
        return [f"UC{''.join(row)}{end}" for row, end in zip(body, ends, strict=True)]
    first = 101_000_000_000_000 if unit == "page" else 100_010_000_000_000
    spread = 16_000_000_000_000 if unit == "page" else 70_000_000_000
    return [str(first + at) for at in _distinct(rng, spread, len(created))]


def status_ids(rng: np.random.Generator, at: np.ndarray) -> list[str]:
    """Distinct X ids made in the given seconds."""
    milliseconds = at * 1_000 + rng.integers(1_000, size=len(at)) - SNOWFLAKE_EPOCH
    low = _distinct(rng, 1 << SNOWFLAKE_BITS, len(at))
    return [
        str((int(ms) << SNOWFLAKE_BITS) + int(bits))
        for ms, bits in zip(milliseconds, low, strict=True)
    ]


def _distinct(rng: np.random.Generator, below: int, count: int) -> np.ndarray:
    """Distinct whole numbers: a random one of each of `count` equal steps, shuffled."""
    step = below // max(count, 1)
    return rng.permutation(np.arange(count) * step + rng.integers(step, size=count))
