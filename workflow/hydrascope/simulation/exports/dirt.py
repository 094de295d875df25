"""Dirt on purpose: broken copies of good records, so that nothing true is lost.

A broken record is always an extra one. Each kind of fault is met at most once a
file, and only where the file has enough good records beside it.
"""

import copy
from collections.abc import Callable, Sequence

import numpy as np

__all__ = ["EPOCH", "FAULTS", "broken_copies", "broken_lines", "mixed"]

Fault = Callable[[dict], object]
# A placeholder: no time, and no fault of the record either.
EPOCH = "1970-01-01T00:00:00Z"
# Digits that are left of an id which was shown as 1.01421E+14.
SHOWN_DIGITS = 6


def broken_copies(
    records: Sequence[dict], faults: Sequence[Fault], rng: np.random.Generator, share: float
) -> list:
    """Copies of some records, each with another fault.

    Parameters
    ----------
    records : sequence of dict
        Good records of one kind in one file; left as they are.
    faults : sequence of callable
        Each takes a copy of a record and gives it back broken.
    rng : numpy.random.Generator
        Chooses the records.
    share : float
        Broken records for each good one, at most.
    """
    count = min(len(faults), int(share * len(records)))
    chosen = rng.choice(len(records), count, replace=False)
    return [fault(copy.deepcopy(records[at])) for fault, at in zip(faults, chosen, strict=False)]


def broken_lines(
    lines: Sequence[str], error: str, rng: np.random.Generator, allowed: int
) -> list[str]:
    """A line that breaks off, and one with an error of the API in place of an answer.

    Parameters
    ----------
    lines : sequence of str
        Good lines of one file.
    error : str
        The error as the API gives it.
    rng : numpy.random.Generator
        Chooses the line that is broken off.
    allowed : int
        Broken lines, at most.
    """
    line = lines[int(rng.integers(len(lines)))] if lines else ""
    return [line[: len(line) // 2], error][:allowed] if lines else []


def mixed(rng: np.random.Generator, good: Sequence, others: Sequence) -> list:
    """Good records with others between them; the first one stays, if there is one."""
    records = list(good)
    for other in others:
        records.insert(int(rng.integers(min(1, len(records)), len(records) + 1)), other)
    return records


def _cut_short(row: dict) -> dict:
    return dict(list(row.items())[: len(row) // 2])


def _without(path: str) -> Fault:
    *steps, last = path.split(".")

    def fault(record: dict) -> dict:
        _inside(record, steps).pop(last)
        return record

    return fault


def _changed(path: str, change: Callable[[str], str]) -> Fault:
    *steps, last = path.split(".")

    def fault(record: dict) -> dict:
        part = _inside(record, steps)
        part[last] = change(part[last])
        return record

    return fault


def _inside(record: dict, steps: Sequence[str]) -> dict:
    for step in steps:
        record = record[step]
    return record


def _scientific(number: str) -> str:
    """As a spreadsheet shows a long number."""
    return f"{float(number):.{SHOWN_DIGITS - 1}E}"


def _zeroed(number: str) -> str:
    """As a spreadsheet writes a number that it read in the form above."""
    return number[:SHOWN_DIGITS] + "0" * (len(number) - SHOWN_DIGITS)


def _day_first(time: str) -> str:
    """As a spreadsheet rewrites a date; nobody can tell the day from the month."""
    return f"{time[8:10]}/{time[5:7]}/{time[:4]}"


# By what the record is of.
FAULTS: dict[str, tuple[Fault, ...]] = {
    "post": (
        _cut_short,
        _changed("Facebook Id", _scientific),
        _changed("Post Created", _day_first),
        # CST is Chicago's, Shanghai's and Havana's.
        _changed("Post Created", lambda time: f"{time[:10]} {time[11:19]} CST"),
        _changed("Post Created", lambda _: ""),
        _changed("Post Created", lambda _: EPOCH),
    ),
    "profile": (
        _cut_short,
        _changed("id", _scientific),
        _changed("first_seen", _day_first),
        _changed("first_seen", lambda _: EPOCH),
    ),
    "page": (
        lambda page: page["page_id"],
        _changed("page_id", _scientific),
        _changed("page_id", lambda _: ""),
    ),
    "channel": (
        _changed("snippet.publishedAt", _day_first),
        _changed("snippet.publishedAt", lambda _: EPOCH),
        _without("id"),
    ),
    "video": (
        _changed("snippet.publishedAt", lambda _: "2 months ago"),
        _without("snippet.channelId"),
    ),
    "commentThread": (
        _without("snippet.topLevelComment.snippet.authorChannelId"),
        _changed("snippet.topLevelComment.snippet.publishedAt", lambda _: "3 weeks ago"),
        _without("snippet.topLevelComment"),
    ),
    "user": (
        _changed("id", _scientific),
        _changed("id", _zeroed),
        _changed("created_at", _day_first),
        _changed("created_at", lambda _: EPOCH),
    ),
    "tweet": (
        _changed("id", _scientific),
        _changed("author_id", _zeroed),
        _changed("created_at", _day_first),
        _without("created_at"),
        _changed("created_at", lambda _: EPOCH),
    ),
}
