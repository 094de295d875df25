"""One raw file, read from end to end with flat memory."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import pandas as pd
import pyarrow as pa

from hydrascope.errors import RawFileError
from hydrascope.ingest import x_archive
from hydrascope.ingest.raw import csv_batches, file_digest, open_text

__all__ = ["LEDGER", "QUARANTINE", "Sink", "read_raw_file"]

LEDGER = ["file", "format", "platform", "sha256", "bytes", "records", "quarantined"]
QUARANTINE = ["file", "row", "column", "value", "reason"]
SHOWN_CHARACTERS = 80


class Sink(Protocol):
    """Where the rows of a kind go, batch by batch."""

    def write_table(self, table: pa.Table) -> None:
        """Append a table."""


def read_raw_file(
    path: Path,
    *,
    row: Mapping[str, str],
    collection: str,
    pads: Mapping[str, bytes],
    limits: Mapping,
    accounts: Sink,
    posts: Sink,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read a raw file into rows of the contracts, and account for each record.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    row : mapping
        Its row of collections.tsv: file, format, platform, encoding, snapshot
        and sha256, which may be empty for a file not yet fixed.
    collection : str
        Name of the collection.
    pads : mapping
        The padded keys of `pseudonyms.pads`.
    limits : mapping
        The key `ingest` of the configuration.
    accounts, posts : Sink
        Where the rows go.

    Returns
    -------
    ledger : pandas.DataFrame
        One row with the columns `LEDGER`; `records` are counted while the
        text is cut, apart from what becomes of them.
    quarantine : pandas.DataFrame
        The records set aside, with the columns `QUARANTINE`.

    Raises
    ------
    RawFileError
        If the file is not the one listed, cannot be read as its format, or
        has more bad rows than the limits allow (with `strict`, any).
    """
    name = row["file"]
    digest = file_digest(path)
    if row["sha256"].lower() not in ("", digest):
        raise RawFileError(
            name,
            found=f"sha256 {digest}",
            expected=f"{row['sha256']}, as collections.tsv says",
            remedy="Get the listed file again, or correct its row if the new file is meant.",
        )
    origin = x_archive.Origin(row["platform"], collection, name, row["snapshot"])
    records = 0
    aside = [x_archive.NOTHING_ASIDE]
    with open_text(
        path,
        name=name,
        encoding=row["encoding"],
        max_unpacked_gib=limits["max_unpacked_gib"],
    ) as stream:
        columns = x_archive.FORMATS[row["format"]]
        for batch in csv_batches(stream, name=name, required=columns):
            parsed = x_archive.parse_batch(batch, row["format"], origin, dict(pads))
            accounts.write_table(parsed.accounts)
            posts.write_table(parsed.posts)
            aside.append(parsed.quarantined)
            records += batch.records
            if limits["strict"] and parsed.quarantined.num_rows:
                raise _first_fault(name, parsed.quarantined, records, "strict")
    quarantined = pa.concat_tables(aside)
    # Rounded, since 0.29 of 100 is a little less than 29 to a computer.
    if quarantined.num_rows > round(limits["max_bad_share"] * records, 6):
        raise _first_fault(name, quarantined, records, "max_bad_share")
    ledger = [
        name,
        row["format"],
        row["platform"],
        digest,
        path.stat().st_size,
        records,
        quarantined.num_rows,
    ]
    return pd.DataFrame([ledger], columns=LEDGER), _shown(quarantined, name)


def _first_fault(name: str, aside: pa.Table, records: int, key: str) -> RawFileError:
    first = aside.slice(0, 1).to_pylist()[0]
    return RawFileError(
        name,
        row=first["source_row"],
        column=first["column"] or "(all)",
        found=repr((first["value"] or "")[:SHOWN_CHARACTERS]),
        expected=f"a good row ({first['reason']})",
        remedy=f"{aside.num_rows} of {records} rows are bad, more than the key "
        f"ingest.{key} allows: mend the file, or change the key to set them aside.",
    )


def _shown(aside: pa.Table, name: str) -> pd.DataFrame:
    table = aside.to_pandas().rename(columns={"source_row": "row"})
    table["value"] = table["value"].fillna("").str.slice(0, SHOWN_CHARACTERS)
    table.insert(0, "file", name)
    return table[QUARANTINE]
