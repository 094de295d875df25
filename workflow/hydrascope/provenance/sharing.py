"""What an archive, a manifest or a report may say of settings, raw files and notebooks.

The names of raw files may be people's, paths say whose machine it was, and another study is
nobody's business. Each file that is shared in another form than the one on disk is made here,
so that its checksum is the same wherever it stands.
"""

import csv
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath

import pandas as pd
import yaml

from hydrascope.config import dated_folder, file_limits, raw_numbers
from hydrascope.errors import TableError
from hydrascope.yaml_file import load_yaml

__all__ = ["LEDGER", "numbered_ledger", "private_page", "rewritten", "shared_settings"]

COLLECTIONS, METHODS = "config/collections.tsv", "config/config.yaml"
STUDIES, EXPECTED = "config/studies", "tests/expected"
LEDGER = "ingest/ledger.tsv"
# Keys of a study that name a file beside the raw ones.
BESIDE = ("truth", "truth_posts")
# What stands for a path of this machine.
PATH = "(a path)"
START = r"(?:file://|(?:~[\w.-]*)?/(?!/)|[A-Za-z]:\\)"
# No address of the web and no `and/or`.
WITHIN = re.compile(rf"(?<![\w./\\]){START}[^\s\"'`<>|,;()]*")
# A model is named by its kind and its path; a path may hold spaces.
WHOLE = re.compile(rf"(?P<kind>[\w-]+:)?{START}.*", re.DOTALL)
# Patterns of a map look like paths, and its columns may be called like files.
KEPT = "column_maps"
# Of a notebook's own notes those that running it needs.
KERNEL = {"kernelspec": ("display_name", "language", "name"), "language_info": ("name",)}
ASKED_LEDGER = re.compile(r"""results\.table\(\s*["']ingest/ledger\.tsv["']\s*\)""")
PEOPLE = re.compile(r"\bingest\b")


def numbered_ledger(ledger: pd.DataFrame) -> pd.DataFrame:
    """Name the files of a ledger by their numbers, `raw-01` and on, in the order of its rows."""
    return ledger.assign(file=raw_numbers(len(ledger)))


def shared_settings(settings: Mapping, files: Sequence[str]) -> dict:
    """Settings without the names of raw files and without paths.

    Parameters
    ----------
    settings : mapping
        All of a study's settings, or those of one file.
    files : sequence of str
        The study's raw files, in the order of `config/collections.tsv`.

    Returns
    -------
    dict
        The same keys. A raw file has its number, the seeds, the truth and coded sheets are
        called what they are, the folder of raw files is `raw`. Limits are given by file.
    """
    affiliation = settings.get("affiliation") or {}
    named = {affiliation.get("seeds"): "seeds"}
    named |= {settings.get(key): key for key in BESIDE}
    sheets = settings.get("coded_sheets") or []
    named |= {sheet: f"coded-{place:02}" for place, sheet in enumerate(sheets, start=1)}
    named |= dict(zip(files, raw_numbers(len(files)), strict=True))
    named = {name: said for name, said in named.items() if name}
    # In running text a file may stand without its folder.
    words = {PurePosixPath(name).name: said for name, said in reversed(named.items())} | named
    folder = settings.get("raw") or ""
    words |= {folder: "raw"} if "/" in folder else {}
    shared = {
        key: value if key == KEPT else _shared(value, named, words)
        for key, value in settings.items()
    }
    if limits := settings.get("limits"):
        found = {name: file_limits({"ingest": {}, "limits": limits}, name) for name in files}
        shared["limits"] = {named[name]: limit for name, limit in found.items() if limit}
    return shared | ({"raw": "raw"} if folder else {})


def _shared(value: object, named: Mapping[str, str], words: Mapping[str, str]) -> object:
    if isinstance(value, Mapping):
        return {key: _shared(item, named, words) for key, item in value.items()}
    if isinstance(value, list):
        return [_shared(item, named, words) for item in value]
    if not isinstance(value, str):
        return value
    if value in named:
        return named[value]
    for word in sorted(words, key=len, reverse=True):
        value = re.sub(rf"(?<![\w.-]){re.escape(word)}(?![\w-])", words[word], value)
    if found := WHOLE.fullmatch(value):
        return f"{found['kind'] or ''}{PATH}"
    return WITHIN.sub(PATH, value)


def rewritten(
    names: Iterable[str], *, study: Mapping, files: Sequence[str], checkout: Path = Path()
) -> dict[str, bytes]:
    """Give the content of each file that is shared in another form than the one on disk.

    Parameters
    ----------
    names : iterable of str
        Files of code and settings, relative to the checkout.
    study : mapping
        All of the study's settings.
    files : sequence of str
        Its raw files, in the order of `config/collections.tsv`.
    checkout : pathlib.Path
        Where the files lie.

    Returns
    -------
    dict of str to bytes
        By name: this study's settings without paths and names of raw files; tables with
        this study's rows alone; notebooks without what came out of them.
    """
    changed = {}
    for name in names:
        path, folder = checkout / name, PurePosixPath(name).parent.as_posix()
        if name == METHODS or folder == STUDIES:
            chosen = load_yaml(path) | ({"study": study["study"]} if name == METHODS else {})
            changed[name] = _yaml(shared_settings(chosen, files))
        elif name == COLLECTIONS or folder == "data/published":
            changed[name] = _own_rows(path, study["study"])
        elif name == f"{EXPECTED}/{study['study']}/{LEDGER}":
            changed[name] = _numbered(path)
        elif PurePosixPath(name).suffix == ".ipynb" and not path.is_symlink():
            changed[name] = _notebook(path)
    return changed


def _yaml(settings: Mapping) -> bytes:
    return yaml.safe_dump(settings, allow_unicode=True, sort_keys=False, width=100).encode()


def _rows(path: Path) -> tuple[list[str], list[dict]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        table = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        return list(table.fieldnames or []), list(table)


def _table(columns: Sequence[str], rows: Iterable[Mapping]) -> bytes:
    lines = ["\t".join(columns), *("\t".join(row[name] or "" for name in columns) for row in rows)]
    return "".join(f"{line}\n" for line in lines).encode()


def _own_rows(path: Path, study: str) -> bytes:
    """A table's rows of one study; raw files by their numbers, and their day, where it has some."""
    columns, rows = _rows(path)
    if "study" not in columns:
        return path.read_bytes()
    rows = [row for row in rows if row["study"] == study]
    if path.name == PurePosixPath(COLLECTIONS).name:
        for row, number in zip(rows, raw_numbers(len(rows)), strict=True):
            row["snapshot"] = row["snapshot"] or dated_folder(row["file"])
            row["file"] = number
    return _table(columns, rows)


def _numbered(path: Path) -> bytes:
    columns, rows = _rows(path)
    numbers = raw_numbers(len(rows))
    return _table(columns, [row | {"file": one} for row, one in zip(rows, numbers, strict=True)])


def _notebook(path: Path) -> bytes:
    """A notebook as its author typed it: no outputs, pictures pasted in, counts or paths."""
    notebook = _read_notebook(path)
    for cell in notebook["cells"]:
        cell.pop("attachments", None)
        cell["metadata"] = {
            name: value for name, value in cell.get("metadata", {}).items() if name == "tags"
        }
        if cell["cell_type"] == "code":
            cell |= {"execution_count": None, "outputs": []}
    notes = notebook.get("metadata", {})
    notebook["metadata"] = {
        part: {name: notes[part][name] for name in names if name in notes[part]}
        for part, names in KERNEL.items()
        if part in notes
    }
    return (json.dumps(notebook, ensure_ascii=False, indent=1) + "\n").encode()


def _read_notebook(path: Path) -> dict:
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(notebook["cells"], list):
            return notebook
    except (ValueError, LookupError, TypeError):
        pass
    raise TableError(f"{path}: found no notebook; expected JSON with cells. Mend or delete it.")


def private_page(notebook: Path) -> bool:
    """Whether a notebook reads what names people, so that its page may show it.

    The ledger may be read: `Results` names its files by number.
    """
    cells = _read_notebook(notebook)["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    return any(PEOPLE.search(ASKED_LEDGER.sub("", text)) for text in code)
