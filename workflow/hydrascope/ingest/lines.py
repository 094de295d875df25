"""The bytes of a raw file, taken as blocks or as lines, in any order of the two."""

from collections.abc import Iterator
from typing import BinaryIO

from hydrascope.ingest.records import LONGEST_LINE

__all__ = ["LineTooLong", "Source"]

BLOCK_BYTES = 2**24


class LineTooLong(Exception):
    """A line ran past the limit and was skipped."""


class Source:
    """The unread bytes of a stream.

    Parameters
    ----------
    stream : binary file
        What to read, UTF-8 or nearly.
    """

    def __init__(self, stream: BinaryIO):
        self._stream = stream
        self._held = b""
        self._at = 0
        self._feed = -1
        self._ended = False

    def fill(self, size: int = BLOCK_BYTES) -> bytes:
        """Read until `size` bytes are held or the stream ends; give all that are held."""
        parts, held = [self._held[self._at :]], len(self._held) - self._at
        while held < size and not self._ended:
            part = self._stream.read(min(size - held, 2**20) or 1)
            self._ended = not part
            parts.append(part)
            held += len(part)
        self._held, self._at, self._feed = b"".join(parts), 0, -1
        return self._held

    @property
    def ended(self) -> bool:
        """True once all bytes are held or taken."""
        return self._ended

    def take(self, size: int) -> None:
        """Count the first `size` held bytes as read."""
        self._at += size

    def give_back(self, lines: list[bytes]) -> None:
        """Put lines that were read back in front, the first of them first."""
        self._held, self._at, self._feed = b"".join([*lines, self._held[self._at :]]), 0, -1

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        r"""The next line with its end, `\n`, `\r\n` or `\r`.

        Raises
        ------
        LineTooLong
            If the line has more than 16 MiB; the next call gives the line after it.
        """
        size = 2**20
        while (end := self._line_end()) < 0:
            if self._ended:
                if self._at == len(self._held):
                    raise StopIteration
                end = len(self._held)
                break
            if len(self._held) - self._at > LONGEST_LINE:
                self._skip_line()
                raise LineTooLong
            size = max(size, 2 * (len(self._held) - self._at))
            self.fill(size)
        line = self._held[self._at : end]
        self._at = end
        if len(line) > LONGEST_LINE:
            raise LineTooLong
        return line

    def _line_end(self) -> int:
        """Where the first held line ends; -1 if that cannot be told yet."""
        if self._feed < self._at:
            # Kept, since a file that has none is not to be searched anew for each line.
            feed = self._held.find(b"\n", self._at)
            self._feed = feed if feed >= 0 else len(self._held)
        turn = self._held.find(b"\r", self._at, self._feed)
        if turn < 0:
            return self._feed + 1 if self._feed < len(self._held) else -1
        if turn + 1 == len(self._held) and not self._ended:
            return -1
        return turn + 1 + (self._held[turn + 1 : turn + 2] == b"\n")

    def _skip_line(self) -> None:
        while True:
            # The last byte may be the first half of a line's end.
            self._at = max(self._at, len(self._held) - 1)
            self.fill(2**20)
            if (end := self._line_end()) >= 0:
                self._at = end
                return
            if self._ended:
                self._at = len(self._held)
                return
