"""Paths into JSON values, as column maps write them.

Steps are separated by dots. Behind a step, `[]` goes through the elements of a
list, `[0]` takes one of them by its place, and `[type=link]` takes those whose
key `type` is `link`. A record that has the whole path as one key means that key.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

__all__ = ["DOT", "Misplaced", "Path", "path_of", "plain_text", "values_at"]

# A dot inside of brackets belongs to what they look for.
DOT = re.compile(r"\.(?![^\[]*\])")
CHOICE = re.compile(r"\[([0-9]*|[^\[\]=]+=[^\[\]]*)\]$")


class Misplaced(ValueError):
    """A value stands where an object with the path in it was due."""

    def __init__(self, value: object):
        super().__init__("a value where nested JSON was due")
        self.value = value


class Step(NamedTuple):
    """A key, and what is chosen of the list under it, choice by choice."""

    key: str
    choices: tuple[str, ...]


class Path(NamedTuple):
    """A path as it is written, and its steps."""

    text: str
    steps: tuple[Step, ...]


@cache
def path_of(text: str) -> Path:
    """Take a path apart; brackets that choose nothing belong to the key."""
    return Path(text, tuple(_step(part) for part in DOT.split(text)))


def _step(text: str) -> Step:
    choices = []
    while match := CHOICE.search(text):
        text, choices = text[: match.start()], [match[1], *choices]
    return Step(text, tuple(choices))


def values_at(record: Mapping, path: Path) -> list | None:
    """The values that stand under a path, None where the path is not there.

    Parameters
    ----------
    record : mapping
        A JSON object.
    path : Path
        Where to look.

    Raises
    ------
    Misplaced
        If a value that is no object stands where the path goes on.
    """
    if path.text in record:
        return [record[path.text]]
    values, chosen = [record], False
    for key, choices in path.steps:
        there, coming = not values, []
        for value in values:
            if isinstance(value, Mapping):
                if key in value:
                    there = True
                    coming.append(value[key])
            elif value is None:
                there = True
            elif not chosen:
                raise Misplaced(value)
        if not there:
            return None
        for choice in choices:
            coming = [element for value in coming for element in _chosen(value, choice)]
        values, chosen = coming, chosen or bool(choices)
    return values


def _chosen(value: object, choice: str) -> Iterator[object]:
    elements = value if isinstance(value, list) else [] if value is None else [value]
    if choice.isdecimal():
        yield from elements[int(choice) :][:1]
        return
    key, has_key, wanted = choice.partition("=")
    for element in elements:
        if not has_key or (isinstance(element, Mapping) and plain_text(element.get(key)) == wanted):
            yield element


def plain_text(value: object) -> str | None:
    """A value as text, '' for null; None for an object or a list."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return None
