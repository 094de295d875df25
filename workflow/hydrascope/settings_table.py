"""Tables of settings that people write: tab-separated, a header, a row a line."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from hydrascope.errors import ConfigError

__all__ = ["check_published", "sensitivity_cells", "settings_table"]

CLAIMS = ("study", "claim", "measure", "platform", "unit", "published", "quoted", "source")
CLAIMS = (*CLAIMS, "address")
TAKEDOWNS = ("study", "start", "end", "discloser", "platform", "unit", "count", "about", "quoted")
TAKEDOWNS = (*TAKEDOWNS, "source", "address", "note")
WHOLE, NUMBER = re.compile("[0-9]{1,15}"), re.compile("[0-9]{1,15}([.][0-9]+)?")
DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
NAME = re.compile("[A-Za-z0-9_.+-]+")


def settings_table(path: str | Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Read a table of settings as it stands, every cell a text.

    Parameters
    ----------
    path : path
        The file; UTF-8, with or without a byte-order mark. Quotes mean themselves.
    columns : sequence of str
        The columns that its header must have, in any order, and no others.

    Returns
    -------
    list of dict of str to str
        Its rows in its own order, less empty lines.

    Raises
    ------
    ConfigError
        If the file cannot be read or is not UTF-8, a column is missing, unknown or there
        twice, a row has another number of cells, or a cell holds a NUL. The message names
        the line.
    """
    header, *lines = _lines(path)
    found = header.split("\t")
    for name in (*columns, *found):
        if found.count(name) != 1 or name not in columns:
            raise ConfigError(
                f"{path}, line 1: found {found.count(name)} columns {name!r}; expected the "
                f"columns {', '.join(columns)}, once each. Correct the header."
            )
    rows = []
    for number, line in enumerate(lines, start=1):
        cells = line.split("\t")
        where = f"{path}, row {number} ({cells[min(1, len(cells) - 1)]!r:.80})"
        if "\0" in line:
            raise ConfigError(f"{where}: found a NUL; expected text. Remove it.")
        if line and len(cells) != len(found):
            raise ConfigError(
                f"{where}: found {len(cells)} cells; expected {len(found)}, as in the header. "
                "Separate them by tabs."
            )
        if line:
            rows.append(dict(zip(found, cells, strict=True)))
    return rows


def _lines(path: str | Path) -> list[str]:
    """The file's lines, whatever system ended them."""
    try:
        raw = Path(path).read_bytes()
        return raw.decode("utf-8-sig").replace("\r\n", "\n").split("\n")
    except OSError as error:
        raise ConfigError(
            f"{path}: found no readable file ({error.strerror}); expected a table. Put it back."
        ) from error
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(
            f"{path}, line {line}: found the byte {raw[error.start]:02x}, which is not UTF-8; "
            "expected text in UTF-8. Save the file as UTF-8."
        ) from error


def check_published(claims: str | Path, takedowns: str | Path) -> None:
    """Check the tables of published numbers.

    Parameters
    ----------
    claims, takedowns : path
        `data/published/claims.tsv` and `data/published/takedowns.tsv`.

    Raises
    ------
    ConfigError
        As `settings_table`; or if a number or a day is none.
    """
    for number, row in enumerate(settings_table(claims, CLAIMS), start=1):
        # Nobody counts half an account.
        form = WHOLE if row["measure"] == "accounts" else NUMBER
        _check_cells(row, {"published": form}, f"{claims}, row {number}")
    for number, row in enumerate(settings_table(takedowns, TAKEDOWNS), start=1):
        _check_cells(row, {"count": WHOLE, "start": DAY, "end": DAY}, f"{takedowns}, row {number}")


def _check_cells(row: dict[str, str], forms: dict[str, re.Pattern], where: str) -> None:
    for column, cell in row.items():
        if column in forms and not _is(cell, forms[column]):
            said = "a day as YYYY-MM-DD" if forms[column] is DAY else "a number, such as 1632"
        elif cell.startswith('"') and not (len(cell) > 1 and cell.endswith('"')):
            said = "no quotation mark at its beginning alone"
        else:
            continue
        raise ConfigError(
            f"{where}, column {column}: found {cell!r:.40}; expected {said}. Correct the cell."
        )


def _is(cell: str, form: re.Pattern) -> bool:
    try:
        return bool(form.fullmatch(cell)) and (form is not DAY or bool(date.fromisoformat(cell)))
    except ValueError:
        return False


def sensitivity_cells(path: str | Path) -> list[dict[str, str]]:
    """Read the settings of detection that are changed, a row a cell.

    Parameters
    ----------
    path : path
        `config/sensitivity.tsv`.

    Returns
    -------
    list of dict of str to str
        setting and value.

    Raises
    ------
    ConfigError
        As `settings_table`; or if there is no row, a row is there twice, or one holds what
        no setting is called.
    """
    rows = settings_table(path, ["setting", "value"])
    if not rows:
        raise ConfigError(
            f"{path}: found no row; expected one at least. Add a setting and a value."
        )
    for number, row in enumerate(rows, start=1):
        said = "twice" if row in rows[: number - 1] else ""
        # They become the names of files.
        said = said if all(map(NAME.fullmatch, row.values())) else "with a sign that none has"
        if said:
            raise ConfigError(
                f"{path}, row {number}: found {' '.join(row.values())!r:.80} {said}; expected a "
                "setting of detection and a value, once. Correct the row or remove it."
            )
    return rows
