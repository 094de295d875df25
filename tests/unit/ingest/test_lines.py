"""Blocks and lines of one stream, in any order of the two, and lines without an end."""

import io
import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hydrascope.ingest import lines
from hydrascope.ingest.lines import LineTooLong, Source

MIB = 2**20


class Drip(io.BytesIO):
    """A stream that gives few bytes at a time, as a packed one may."""

    def read(self, size=-1):
        return super().read(min(size, 3))


def by_hand(content):
    return [line for line in re.split(rb"(?<=\n)|(?<=\r)(?!\n)", content) if line]


def all_of(source):
    """The lines, with a mark in place of those that are too long."""
    found = []
    while True:
        try:
            found.append(next(source))
        except LineTooLong:
            found.append("too long")
        except StopIteration:
            return found


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", []),
        (b"a", [b"a"]),
        (b"a\n", [b"a\n"]),
        (b"a\nb", [b"a\n", b"b"]),
        (b"a\r\nb\rc\n\n\r", [b"a\r\n", b"b\r", b"c\n", b"\n", b"\r"]),
        (b"\r\r\n\n", [b"\r", b"\r\n", b"\n"]),
    ],
)
def test_each_of_three_ends_ends_a_line_and_stays_with_it(content, expected):
    assert all_of(Source(io.BytesIO(content))) == expected
    assert by_hand(content) == expected


STEPS = st.lists(st.tuples(st.sampled_from(["fill", "take", "line", "back"]), st.integers(1, 6)))


@given(st.text("ab\r\n", max_size=30).map(str.encode), STEPS)
# The first half of an end is the last byte held.
@example(b"a\r\nb", [("fill", 2), ("line", 1)])
@example(b"a\rb", [("fill", 2), ("line", 1)])
def test_no_byte_is_lost_or_turned_round_whatever_is_asked_for(content, steps):
    source, rest = Source(Drip(content)), content
    for step, size in steps:
        if step == "fill":
            held = source.fill(size)
            assert rest.startswith(held)
            assert len(held) >= min(size, len(rest))
        elif step == "take":
            taken = min(size, len(source.fill(size)))
            source.take(taken)
            rest = rest[taken:]
        elif step == "line":
            found = next(source, b"")
            assert found == next(iter(by_hand(rest)), b"")
            rest = rest[len(found) :]
        else:
            read = [line for _ in range(size) if (line := next(source, b""))]
            source.give_back(read[1:])
            rest = rest[len(read[0]) :] if read else rest
    assert b"".join(all_of(source)) == rest


def test_the_end_is_known_only_once_the_stream_has_said_so():
    source = Source(Drip(b"abcd"))
    assert source.fill(4) == b"abcd"
    assert not source.ended
    assert source.fill(5) == b"abcd"
    assert source.ended
    source.take(4)
    assert source.fill() == b""


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r", b""])
@pytest.mark.parametrize("more", [-1, 0, 1])
def test_a_line_may_have_the_very_length_and_no_byte_more(monkeypatch, end, more):
    monkeypatch.setattr(lines, "LONGEST_LINE", 10)
    line = b"x" * (10 + more - len(end)) + end
    found = all_of(Source(io.BytesIO(line + b"next\n" if end else line)))
    assert found == ([line] if more <= 0 else ["too long"]) + ([b"next\n"] if end else [])


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("whole", [2 * MIB, 3 * MIB - 1, 4 * MIB - 2])
def test_the_line_behind_one_that_is_too_long_is_whole(monkeypatch, end, whole):
    monkeypatch.setattr(lines, "LONGEST_LINE", MIB)
    # The end may lie on either side of what is read at a time.
    for length in range(whole - 4, whole + 5):
        content = b"x" * length + end + b"next" + end + b"last"
        assert all_of(Source(io.BytesIO(content))) == ["too long", b"next" + end, b"last"]


def test_two_lines_that_are_too_long_cost_one_each(monkeypatch):
    monkeypatch.setattr(lines, "LONGEST_LINE", 10)
    long = b"x" * (2 * MIB) + b"\n"
    found = all_of(Source(io.BytesIO(long + b"a\n" + long + long[:-1])))
    assert found == ["too long", b"a\n", "too long", "too long"]


def test_a_line_that_is_too_long_is_not_held(monkeypatch):
    monkeypatch.setattr(lines, "LONGEST_LINE", MIB)
    sizes, fill = [], Source.fill

    def measured(self, *size):
        sizes.append(len(fill(self, *size)))
        return self._held

    monkeypatch.setattr(Source, "fill", measured)
    assert all_of(Source(io.BytesIO(b"x" * (32 * MIB)))) == ["too long"]
    assert max(sizes) <= 4 * MIB


def test_a_file_whose_lines_end_as_on_an_old_mac_is_gone_through_once():
    # A search of the rest for the end that it lacks, at each line, takes minutes.
    source = Source(io.BytesIO(b"1234567\r" * 500_000))
    source.fill()
    start = time.process_time()
    assert sum(line == b"1234567\r" for line in source) == 500_000
    assert time.process_time() - start < 15
