"""Stretches of records on their way from a raw file to tables."""

from dataclasses import dataclass, field
from typing import NamedTuple

import pyarrow as pa

__all__ = ["BATCH_RECORDS", "LONGEST_CELL", "LONGEST_LINE", "Batch", "Broken", "text_table"]

BATCH_RECORDS = 50_000
# No platform takes a longer text, and a quote that never closes must end somewhere.
LONGEST_CELL = 2**20
# One record a line: whatever is longer than this is no record of a platform's.
LONGEST_LINE = 2**24


class Broken(NamedTuple):
    """A record that is set aside, and why.

    `absence` is true of a gap that is normal, such as an account that is gone:
    the ledger names it, and no limit counts it as a bad row.
    """

    row: int
    column: str
    value: str
    reason: str
    absence: bool = False


@dataclass(frozen=True)
class Batch:
    """A stretch of records of one kind, cut into columns.

    Attributes
    ----------
    kind : str
        Which kind of record of the format; '' where the format has one.
    table : pyarrow.Table
        Text columns (lists of text where the format says so) and `source_row`,
        the record's number in the file, the first being 1.
    broken : list of Broken
        Records that could not be cut.
    notes : dict of str to int
        What the ledger says of the records, and how often it holds.
    """

    kind: str
    table: pa.Table
    broken: list[Broken]
    notes: dict[str, int] = field(default_factory=dict)

    @property
    def records(self) -> int:
        """Records read, cut or not."""
        return self.table.num_rows + len(self.broken)


def text_table(columns: dict[str, list], rows: list[int]) -> pa.Table:
    """Text columns and the records' numbers as one table."""
    cells = {name: pa.array(values, pa.string()) for name, values in columns.items()}
    return pa.table({**cells, "source_row": pa.array(rows, pa.int64())})
