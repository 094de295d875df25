"""The one way to read YAML, for settings, codebooks, plans, tolerances and word lists.

A file that people write says what is read, and no more: `no` is a text, as are `2021-01-01`
and `1_000`, where YAML's older rules make a truth, a day and a number of them.
"""

import re
from pathlib import Path

import yaml

from hydrascope.errors import ConfigError

__all__ = ["load_yaml"]

# Signs of a file once every reference in it is written out, and levels within each other:
# some hundred times what the largest file of the project has.
MOST_SIGNS = 10_000_000
MOST_LEVELS = 50
# What a plain word may be, if not a text.
PLAIN = {
    "bool": re.compile("true|True|TRUE|false|False|FALSE"),
    "int": re.compile("[-+]?(0|[1-9][0-9]{0,18})"),
    "float": re.compile(r"[-+]?(?=.*[.eE])([0-9]{1,40}[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]{1,2})?"),
    "null": re.compile("(~|null|Null|NULL)?"),
    "merge": re.compile("<<"),
}
TAG = "tag:yaml.org,2002:"
# YAML has escapes for signs that no text file holds.
NEVER = re.compile("[\0\ud800-\udfff]")


class _Fault(yaml.MarkedYAMLError):
    """Something that YAML allows and settings do not."""


def load_yaml(path: str | Path) -> dict:
    """Read a YAML file of keys and values.

    Parameters
    ----------
    path : path
        The file; UTF-8, with or without a byte-order mark.

    Returns
    -------
    dict
        Its keys, as texts, and their values; nothing where the file is empty.

    Raises
    ------
    ConfigError
        If the file cannot be read, is not UTF-8 or no YAML, holds a key twice, is
        something else than keys and values, or is too large or too deep. The message
        names the line.
    """
    text = _text(path)
    try:
        content = yaml.load(text, _Loader)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        sign = f"the sign U+{ord(text[error.position]):04X}"
        raise _refused(path, line, sign, "printable text", "Remove it") from error
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark or error.context_mark).line + 1
        if "found character '\\t'" in str(error.problem):
            raise _refused(path, line, "a tab", "spaces", "Indent with spaces") from error
        said = error.problem if isinstance(error, _Fault) else f"no YAML ({error.problem})"
        remedy = "Correct this line or those above it"
        raise _refused(path, line, said, "YAML, each key once", remedy) from error
    if not isinstance(content, dict | None):
        raise ConfigError(
            f"{path}: found {content!r:.40}; expected keys and values, such as `title: text`. "
            "Compare it with another file of its kind."
        )
    return content or {}


def _text(path: str | Path) -> str:
    try:
        raw = Path(path).read_bytes()
    except OSError as error:
        raise ConfigError(
            f"{path}: found no readable file ({error.strerror}); expected YAML. Put it back."
        ) from error
    if len(raw) > MOST_SIGNS:
        raise ConfigError(
            f"{path}: found {len(raw):,} bytes; expected {MOST_SIGNS:,} at most. "
            "Take out what does not belong there."
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        found = f"the byte {raw[error.start]:02x}, which is not UTF-8"
        raise _refused(path, line, found, "text in UTF-8", "Save the file as UTF-8") from error


def _refused(path: str | Path, line: int, found: str, expected: str, remedy: str) -> ConfigError:
    return ConfigError(f"{path}, line {line}: found {found}; expected {expected}. {remedy}.")


class _Loader(yaml.SafeLoader):
    """YAML's own keeps the last of two equal keys, and writes out references without end."""

    level = 0

    def resolve(self, kind: type, value: str, implicit: tuple[bool, bool]) -> str:
        """Say what a value without a tag is."""
        if kind is not yaml.ScalarNode or not implicit[0]:
            return super().resolve(kind, value, implicit)
        names = (name for name, pattern in PLAIN.items() if pattern.fullmatch(value))
        return TAG + next(names, "str")

    def compose_node(self, parent: yaml.Node | None, index: object) -> yaml.Node:
        """Take the next value, and what is within it, if that has an end."""
        event = self.peek_event()
        if getattr(event, "tag", None):
            raise _Fault(problem=f"the tag {event.tag}", problem_mark=event.start_mark)
        self.level += 1
        node = super().compose_node(parent, index) if self.level <= MOST_LEVELS else None
        self.level -= 1
        if not isinstance(event, yaml.AliasEvent) and node is not None:
            self._measure(node)
        # What a reference stands in has no measure yet.
        if node is None or getattr(node, "levels", MOST_LEVELS + 1) > MOST_LEVELS:
            raise _Fault(
                problem=f"more than {MOST_LEVELS} levels within each other",
                problem_mark=event.start_mark,
            )
        if node.signs > MOST_SIGNS:
            raise _Fault(
                problem=f"references that come to more than {MOST_SIGNS:,} signs",
                problem_mark=event.start_mark,
            )
        return node

    def _measure(self, node: yaml.Node) -> None:
        """Note how large and how deep a value is with all references in it written out."""
        if isinstance(node, yaml.ScalarNode):
            if found := NEVER.search(node.value):
                sign = f"an escape for the sign U+{ord(found[0]):04X}"
                raise _Fault(problem=sign, problem_mark=node.start_mark)
            node.signs, node.levels = 1 + len(node.value), 1
            return
        within = node.value
        if isinstance(node, yaml.MappingNode):
            node.value = self._with_keys(node.value)
            within = [one for pair in node.value for one in pair]
        node.signs = 1 + sum(one.signs for one in within)
        node.levels = 1 + max((one.levels for one in within), default=0)

    @staticmethod
    def _with_keys(pairs: list[tuple[yaml.Node, yaml.Node]]) -> list[tuple[yaml.Node, yaml.Node]]:
        """The same, where each key is a text and stands there once."""
        named, lines = [], {}
        for key, value in pairs:
            line, mark = key.start_mark.line + 1, key.start_mark
            if not isinstance(key, yaml.ScalarNode):
                raise _Fault(problem="a key that is no text", problem_mark=mark)
            if key.tag != f"{TAG}merge":
                if key.value in lines:
                    before = f"the key {key.value} a second time, first in line {lines[key.value]}"
                    raise _Fault(problem=before, problem_mark=mark)
                lines[key.value] = line
                signs, levels = key.signs, key.levels
                key = yaml.ScalarNode(f"{TAG}str", key.value, mark, key.end_mark)
                key.signs, key.levels = signs, levels
            named.append((key, value))
        return named
