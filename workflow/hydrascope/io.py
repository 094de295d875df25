"""Reading and writing of the workflow's own tables.

Every writer sorts nothing and decides nothing: it fixes the bytes (column
order as given, UTF-8, one float format, no time stamp) and makes the file
appear whole or not at all.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import dataset

from hydrascope.errors import TableError

if TYPE_CHECKING:
    import pandas as pd
    from bertopic import BERTopic

__all__ = [
    "atomic",
    "cell",
    "database",
    "days_posted",
    "parquet_writer",
    "posts_by_account",
    "posts_of",
    "read_table",
    "visible",
    "write_array",
    "write_batches",
    "write_json",
    "write_model",
    "write_rows",
    "write_parquet",
    "write_relation",
    "write_text",
    "write_table",
]

SEPARATORS = {".tsv": "\t", ".csv": ","}
MEMORY = "2GB"
BATCH_ROWS = 100_000
REPEATED = {
    *("account_id", "platform", "unit", "kind", "created_precision", "created_source"),
    *("posted_precision", "country", "language", "collection", "source_file", "hashtags"),
}
FLOAT_FORMAT = "%.6f"
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
FORMULA_OPENINGS = ("=", "+", "-", "@")
# C0 and C1 controls, line and paragraph separators, and the marks that turn
# the reading direction: none of them may act where a table is shown.
UNPRINTABLE = {
    code: f"\\u{code:04x}"
    for code in (*range(32), *range(127, 160), 0x200E, 0x200F, 0x061C)
    + (*range(0x2028, 0x202F), *range(0x2066, 0x206A))
}

# Line ends and tabs.
OWN = {9, 10}


@contextmanager
def atomic(path: str | Path) -> Iterator[Path]:
    """Give a temporary name beside `path` that takes its place on success.

    The process id in the name keeps an orphaned job of a killed run from
    writing into the file of the run that replaced it.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield draft
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def cell(value: object) -> object:
    """Make one text safe to show in a tab-separated table.

    Controls and direction marks become visible escapes, and a text that a
    spreadsheet would run as a formula gets a leading apostrophe.
    """
    if not isinstance(value, str):
        return value
    value = value.translate(UNPRINTABLE)
    harmful = value.startswith(FORMULA_OPENINGS) and not NUMBER.fullmatch(value)
    return f"'{value}" if harmful else value


def visible(text: str, *, lines: bool = False) -> str:
    """Make a text safe to print on a terminal: what would act there is a visible escape.

    Parameters
    ----------
    text : str
        A message, or what somebody else wrote: control characters, escape codes and marks
        of direction in it are shown as in `cell`, halves of characters likewise.
    lines : bool
        Whether its line ends and tabs are the program's own, and stay.
    """
    signs = {code: said for code, said in UNPRINTABLE.items() if not lines or code not in OWN}
    return text.translate(signs).encode("utf-8", "backslashreplace").decode()


def write_table(table: pd.DataFrame, path: str | Path, *, encoding: str = "utf-8") -> None:
    """Write a table for people, as `.tsv` or `.csv`, floats with six digits.

    A table to be opened in a spreadsheet wants `utf-8-sig`.
    """
    text = table.select_dtypes(exclude=["number", "bool"]).columns
    table = table.assign(**{name: table[name].map(cell) for name in text})
    table = table.rename(columns=cell)
    with atomic(path) as draft:
        table.to_csv(
            draft,
            sep=SEPARATORS[Path(path).suffix],
            index=False,
            float_format=FLOAT_FORMAT,
            lineterminator="\n",
            encoding=encoding,
        )


def write_rows(
    rows: Iterable[Mapping[str, object]], columns: Sequence[str], path: str | Path
) -> None:
    """Write rows of text and whole numbers as a table for people, `.tsv` or `.csv`."""
    with atomic(path) as draft, draft.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=SEPARATORS[Path(path).suffix], lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([cell(row[column]) for column in columns] for row in rows)


def read_table(path: str | Path, *, text: bool = False) -> pd.DataFrame:
    """Read a `.tsv` or `.csv` table; with `text`, every cell as a string.

    Empty cells are missing values, and no other text is: a country written
    `NA` or a topic word `null` stays what it is. The columns of a table without
    rows are numbers, so that what is computed from them is empty, not a fault.

    Raises
    ------
    TableError
        If the file is no such table, as one may be that people wrote.
    """
    # Half a second that a job which reads one raw file need not wait.
    import pandas as pd

    try:
        table = pd.read_csv(
            path,
            sep=SEPARATORS[Path(path).suffix],
            dtype=str if text else None,
            keep_default_na=False,
            na_values=[] if text else [""],
            # What a spreadsheet saved may begin with a byte-order mark.
            encoding="utf-8-sig",
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        # The rest of such a message may quote a cell.
        said = f"byte {error.start}" if isinstance(error, UnicodeDecodeError) else "its rows"
        raise TableError(
            f"{Path(path).name}: found no table in UTF-8 ({said}); expected a header and rows with "
            "as many cells. Save it anew as CSV in UTF-8."
        ) from error
    return table.astype(float) if table.empty and not text else table


def write_parquet(table: pa.Table, path: str | Path) -> None:
    """Write a table for programs: zstd Parquet, row groups of fixed size."""
    with atomic(path) as draft:
        pq.write_table(table, draft, compression="zstd", row_group_size=100_000)


@contextmanager
def parquet_writer(path: str | Path, schema: pa.Schema) -> Iterator[pq.ParquetWriter]:
    """Open a Parquet file that is written batch by batch and appears when it is whole."""
    with (
        atomic(path) as draft,
        pq.ParquetWriter(
            draft,
            schema,
            compression="zstd",
            # Of ids and texts no two are the same, and a dictionary of them costs time.
            use_dictionary=[name for name in schema.names if name in REPEATED],
        ) as writer,
    ):
        yield writer


def write_batches(batches: Iterable[pa.Table], schema: pa.Schema, path: str | Path) -> None:
    """Write tables of one schema as one Parquet file, a row group each."""
    with parquet_writer(path, schema) as writer:
        for batch in batches:
            writer.write_table(batch)


def write_relation(relation: duckdb.DuckDBPyRelation, path: str | Path) -> None:
    """Write what a query gives, in its order, as a Parquet file; it is never held as a whole."""
    reader = relation.to_arrow_reader(BATCH_ROWS)
    write_batches(map(pa.Table.from_batches, ([batch] for batch in reader)), reader.schema, path)


@contextmanager
def database(beside: str | Path, *, memory: str = MEMORY) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database in memory that spills what is too much into a folder beside a file.

    Parameters
    ----------
    beside : path
        A file whose disk has room; the folder is gone afterwards.
    memory : str
        What is too much, as DuckDB has it.
    """
    Path(beside).parent.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(dir=Path(beside).parent, prefix=".spill-") as spill,
        duckdb.connect(
            config={"memory_limit": memory, "temp_directory": spill, "threads": 2}
        ) as base,
    ):
        base.execute("SET TimeZone = 'UTC'")
        yield base


def posts_by_account(posts: str | Path) -> pd.Series:
    """Count the posts of each account that has some, by account_id and sorted by it."""
    query = "SELECT account_id, count(*) AS posts FROM posts GROUP BY ALL ORDER BY ALL"
    return _asked(posts, query).set_index("account_id")["posts"]


def days_posted(posts: str | Path) -> pd.Series:
    """The days (UTC) on which something was posted, each once and sorted."""
    query = "SELECT DISTINCT date_trunc('day', posted_at) AS day FROM posts ORDER BY day"
    return _asked(posts, query)["day"].dropna()


def _asked(posts: str | Path, query: str) -> pd.DataFrame:
    with database(posts) as base:
        base.read_parquet(str(posts)).create_view("posts")
        return base.sql(query).df()


def posts_of(posts: str | Path, accounts: Collection[str], columns: Sequence[str]) -> pd.DataFrame:
    """Read columns of the posts of some accounts, in the file's order; the others stay in it."""
    own = dataset.field("account_id").isin(pa.array(accounts, pa.string()))
    return dataset.dataset(posts).to_table(columns=list(columns), filter=own).to_pandas()


def write_array(array: np.ndarray, path: str | Path) -> None:
    """Write a numeric array as `.npy`, without pickled objects."""
    with atomic(path) as draft, draft.open("wb") as stream:
        np.save(stream, array, allow_pickle=False)


def write_model(model: BERTopic | None, path: str | Path) -> None:
    """Write a topic model as a folder of safetensors and JSON, nothing pickled.

    `BERTopic.load` reads it. Where there is no model the folder is empty.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as draft:
        folder = Path(draft) / path.name
        folder.mkdir()
        if model is not None:
            model.save(folder, serialization="safetensors", save_ctfidf=True)
        shutil.rmtree(path, ignore_errors=True)
        folder.replace(path)


def write_text(text: str, path: str | Path) -> None:
    """Write UTF-8 text with Unix line ends."""
    with atomic(path) as draft:
        draft.write_text(text, encoding="utf-8", newline="\n")


def write_json(value: object, path: str | Path) -> None:
    """Write JSON with sorted keys, readable by people."""
    write_text(json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n", path)
