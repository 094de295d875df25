"""Raw files as text: rows, lines, bytes, and what a reader must make of them."""

import csv
import io
import json
import lzma
from collections.abc import Iterable, Sequence
from typing import NamedTuple

__all__ = ["RawFile", "csv_text", "json_text", "lines_text", "packed", "paged"]

# UTF-16 in one byte order, whatever the machine's is.
CODECS = {"utf-16": "utf-16-le"}


class RawFile(NamedTuple):
    """A raw file before it is written.

    Attributes
    ----------
    file, format, platform, encoding, snapshot : str
        Its row of collections.tsv.
    text : str
        What stands in it.
    keys : list of (str, str)
        What each good record is of (account, post or asked) and its native id.
    quarantined : int
        Its broken records.
    mark : bool
        Whether it opens with a byte-order mark.
    """

    file: str
    format: str
    platform: str
    encoding: str
    snapshot: str
    text: str
    keys: list[tuple[str, str]]
    quarantined: int
    mark: bool = False


def packed(raw: RawFile) -> bytes:
    """The bytes of a raw file, by xz, which keeps neither a name nor a time."""
    text = "\ufeff" + raw.text if raw.mark else raw.text
    return lzma.compress(text.encode(CODECS.get(raw.encoding, raw.encoding)))


def csv_text(columns: Sequence[str], rows: Iterable[dict]) -> str:
    """Rows as CSV, each with the cells that it has; one without any is a blank line."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(list(row.values()) for row in rows)
    return stream.getvalue()


def json_text(value: object) -> str:
    """A value as JSON, without white space."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def lines_text(lines: Iterable[str]) -> str:
    """Lines as one text; '' is a blank line."""
    return "".join(f"{line}\n" for line in lines)


def paged(items: Sequence, size: int) -> list[Sequence]:
    """Items cut into pages of at most `size`."""
    return [items[at : at + size] for at in range(0, len(items), size)]
