"""The configuration: methods, one study, and the list of raw files."""

import difflib
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path, PurePosixPath

import fastjsonschema

from hydrascope.errors import ConfigError
from hydrascope.settings_table import settings_table
from hydrascope.yaml_file import load_yaml

__all__ = [
    "beside_raw",
    "dated_folder",
    "file_limits",
    "foreign_files",
    "foreign_line",
    "missing_raw",
    "raw_files",
    "raw_folder",
    "raw_numbers",
    "study_config",
    "unused_limits",
]

RAW_VARIABLE = "HYDRASCOPE_RAW"
# Checksums of a simulated collection's files, which whoever simulated it wrote beside them.
SUMS = "SHA256SUMS"
# The file that each mode of affiliation begins with.
NEEDED = {"roster": "roster", "detect": "seeds"}
# What a folder of results may be called.
STUDY_NAME = re.compile(r"\w([\w. -]*\w)?")
COLUMNS = ("study", "file", "format", "platform", "encoding", "snapshot", "sha256", "rights")
# Days between which a file can have been taken; one without years is a mistyped one.
FIRST_DAY, LAST_DAY = "1980-01-01", "2199-12-31"


def study_config(methods: Mapping, folder: str | Path) -> dict:
    """Join the methods' settings with those of the study that they name.

    Parameters
    ----------
    methods : mapping
        What `config/config.yaml` holds, with Snakemake's `--config` applied.
    folder : path
        The folder `config/`, with `studies/` and `schema.yaml`.

    Returns
    -------
    dict
        All settings, checked against the schema, defaults filled in.

    Raises
    ------
    ConfigError
        If there is no such study, or a key is unknown, missing or out of range.
    """
    folder = Path(folder)
    name = methods.get("study")
    # On the command line `study=2021` is a number.
    name = str(name) if type(name) is int else name
    if isinstance(name, str) and not STUDY_NAME.fullmatch(name):
        raise ConfigError(
            f"study: found the name {name!r:.80}; expected letters, digits, dots, dashes and "
            "underscores, since folders bear it. Rename its file in config/studies/."
        )
    file = folder / "studies" / f"{name}.yaml"
    if not file.is_file():
        known = sorted(path.stem for path in folder.glob("studies/*.yaml"))
        raise ConfigError(
            f"config/config.yaml, study: found {name!r}; expected one of "
            f"{', '.join(known)}. Write config/studies/{name}.yaml, or choose one."
        )
    schema = load_yaml(folder / "schema.yaml")
    study = load_yaml(file)
    twice = sorted(set(study) & set(schema["$defs"]["methods"]["properties"]))
    if twice:
        raise ConfigError(
            f"config/studies/{name}.yaml, {twice[0]}: found a method's key; expected "
            "it in config/config.yaml only. Move it there."
        )
    settings = {**methods, "study": name, **study}
    _check(settings, _merged(schema), f"config/config.yaml with studies/{name}.yaml")
    for platform, day in settings["platform_starts"].items():
        try:
            date.fromisoformat(day)
        except ValueError:
            raise ConfigError(
                f"config/studies/{name}.yaml, platform_starts.{platform}: found {day!r}; expected "
                "a day that there was, as YYYY-MM-DD. Correct it."
            ) from None
    mode = settings["affiliation"]["mode"]
    if not settings["affiliation"][NEEDED[mode]]:
        raise ConfigError(
            f"config/studies/{name}.yaml, affiliation: found the mode {mode} without "
            f"{NEEDED[mode]!r}; expected a file. config/schema.yaml describes it."
        )
    left = [key for other, key in NEEDED.items() if other != mode and settings["affiliation"][key]]
    if left:
        raise ConfigError(
            f"config/studies/{name}.yaml, affiliation.{left[0]}: found it beside the mode {mode}, "
            f"which reads {NEEDED[mode]} alone; expected one of the two. Remove it, or change "
            "the mode."
        )
    if settings["pseudonyms"] == "public" and not settings["simulated"]:
        raise ConfigError(
            f"config/studies/{name}.yaml, pseudonyms: found public with simulated: false; "
            "expected keyed, since everybody has the public key. Write pseudonyms: keyed."
        )
    return settings


def raw_folder(study: Mapping, environ: Mapping[str, str] = os.environ) -> str:
    """Say where a study's raw files lie.

    The study's key `raw` names the folder, relative to the checkout; the
    environment variable `HYDRASCOPE_RAW` takes its place where it is set.
    """
    return Path(environ.get(RAW_VARIABLE) or study["raw"]).as_posix()


def missing_raw(study: Mapping, folder: str, files: Iterable[str]) -> str:
    """One line on how to get the raw files, if one is not there; else nothing."""
    missing = [file for file in files if not Path(folder, file).is_file()]
    if not missing:
        return ""
    return f"study {study['study']}: {missing[0]} is not in {folder}. To get it, {study['obtain']}."


def beside_raw(study: Mapping) -> list[str]:
    """Files that lie among the raw ones and are none: seeds, and the truth of a simulation."""
    named = (study["affiliation"]["seeds"], study["truth"], study["truth_posts"])
    return [file for file in named if file]


def foreign_files(study: Mapping, rows: Iterable[Mapping[str, str]]) -> list[str]:
    """Name the raw files that a simulated study did not come with.

    Parameters
    ----------
    study : mapping
        The study's settings.
    rows : iterable of mapping
        Its rows of `collections.tsv`, of which file and sha256 are read. Reading a file
        holds it against the latter.

    Returns
    -------
    list of str
        Files whose sha256 is not the one that `SHA256SUMS` in the study's folder of raw
        files has for them. None where the study is not simulated.
    """
    if not study["simulated"]:
        return []
    sums = Path(study["raw"], SUMS)
    text = sums.read_text(encoding="utf-8", errors="replace") if sums.is_file() else ""
    # With the star that some programs write before a name.
    known = {tuple(re.split(r"\s+\*?", line, maxsplit=1)) for line in text.splitlines()}
    return [
        row["file"]
        for row in rows
        if not row["sha256"] or (row["sha256"], row["file"]) not in known
    ]


def foreign_line(study: Mapping, foreign: Sequence[str]) -> str:
    """Say loudly that people in these files may be real, or nothing where there are none."""
    if not foreign:
        return ""
    key = " Everybody has the key behind its pseudonyms." if study["pseudonyms"] == "public" else ""
    return (
        f"WARNING: {study['study']} is a simulated study, but {len(foreign)} of its raw files did "
        f"not come with it, the first is {foreign[0]}: {SUMS} in {study['raw']} has not its "
        f"sha256.{key} If anybody in them is real, give them a study of their own, with "
        "simulated: false and pseudonyms: keyed."
    )


def raw_files(path: str | Path, study: str) -> dict[str, dict[str, str]]:
    """Read the rows of `collections.tsv` that belong to one study.

    Returns
    -------
    dict of str to dict of str to str
        One row a raw file in the table's own order, by file, with the columns
        file, format, platform, encoding, snapshot, sha256 and rights. A file
        in a folder named by a day was taken on that day.

    Raises
    ------
    ConfigError
        If the table is none, no row names the study, a file stands there twice or lies
        outside the folder of raw files, or its snapshot is no day.
    """
    rows = []
    for number, row in enumerate(settings_table(path, COLUMNS), start=1):
        if row.pop("study") == study:
            row["snapshot"] = _snapshot(row, f"{path}, row {number}")
            rows.append(row)
    if not rows:
        raise ConfigError(
            f"{path}: found no row for the study {study!r}; expected one row a raw "
            "file. Add its files there."
        )
    names = [row["file"] for row in rows]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise ConfigError(
            f"{path}: found {doubled[0]!r} twice for the study {study!r}; "
            "expected each file once. Remove one of the rows."
        )
    return dict(zip(names, rows, strict=True))


def raw_numbers(count: int) -> list[str]:
    """Name raw files by their place in `collections.tsv`, since their own names may name people."""
    digits = max(2, len(str(count)))
    return [f"raw-{place:0{digits}}" for place in range(1, count + 1)]


def file_limits(study: Mapping, file: str) -> dict:
    """The limits within which a raw file is read.

    Parameters
    ----------
    study : mapping
        What `study_config` gave. Its key `limits` says by file what differs
        from the key `ingest`; of several entries that mean the file, the last
        one that sets a limit decides.
    file : str
        The raw file, as collections.tsv names it.
    """
    limits = dict(study["ingest"])
    for name, differing in study["limits"].items():
        if _means(name, file):
            limits |= differing
    return limits


def unused_limits(study: Mapping, files: Iterable[str]) -> str:
    """Say which entry of the study's key `limits` means none of its files, or nothing."""
    files = list(files)
    for name in study["limits"]:
        if not any(_means(name, file) for file in files):
            return (
                f"config/studies/{study['study']}.yaml, limits: found {name!r}, which is none of "
                "the study's files; expected a file as collections.tsv names it, or a name with "
                "* in it."
            )
    return ""


def _means(name: str, file: str) -> bool:
    """Whether a name with * for any letters is that of a file."""
    # A file's name may hold brackets, which would mean something to fnmatch.
    return name == file or re.fullmatch(re.escape(name).replace(r"\*", ".*"), file) is not None


def dated_folder(file: str) -> str:
    """The day that names the nearest folder of a raw file, or ''."""
    days = re.findall(r"(?:^|/)(\d{4}-\d{2}-\d{2})(?=/)", file)
    return days[-1] if days else ""


def _snapshot(row: Mapping[str, str], where: str) -> str:
    file, stated, folder = row["file"], row["snapshot"], dated_folder(row["file"])
    place = PurePosixPath(file)
    if place.is_absolute() or ".." in place.parts or str(place) != file or file == ".":
        raise ConfigError(
            f"{where}, column file: found {file!r}; expected a path below the folder of raw "
            "files. Write it relative to that folder."
        )
    if stated and folder and stated != folder:
        raise ConfigError(
            f"{where}, column snapshot: found {stated!r}; expected {folder}, the day that names "
            f"the folder of {file}. Correct one of them, or leave the column empty."
        )
    try:
        day = date.fromisoformat(stated or folder).isoformat()
    except ValueError:
        day = ""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ConfigError(
            f"{where}, column snapshot: found {stated or folder!r}; expected the day on which "
            f"{file} was taken, as YYYY-MM-DD. Fill it in, or put the file into a folder named by "
            "the day."
        )
    return day


def _merged(schema: Mapping) -> dict:
    """One closed schema out of the methods' and the study's."""
    methods, study = schema["$defs"]["methods"], schema["$defs"]["study"]
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {**methods["properties"], **study["properties"]},
        "required": [*methods["required"], *study["required"]],
    }


def _check(settings: dict, schema: Mapping, where: str) -> None:
    # A misspelt key is also a missing one; what stands there says more.
    _refuse_unknown(settings, schema, where)
    # jsonschema takes seconds to import wherever jupyterlab has brought its extras.
    check = fastjsonschema.compile(schema)
    try:
        check(settings)
    except fastjsonschema.JsonSchemaValueException as error:
        path = error.path[1:]
        if error.rule == "required":
            missing = sorted(set(error.rule_definition) - set(error.value))
            raise ConfigError(
                f"{where}: found no key {'.'.join([*path, missing[0]])!r}; expected it. "
                "config/schema.yaml describes it."
            ) from error
        said = error.message.removeprefix(error.name).strip()
        raise ConfigError(
            f"{where}, {'.'.join(path)}: found {error.value!r}; it {said}."
        ) from error


def _refuse_unknown(settings: dict, schema: Mapping, where: str, path: str = "") -> None:
    known = schema["properties"]
    for key, value in settings.items():
        if key not in known:
            near = difflib.get_close_matches(str(key), known, n=1)
            hint = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(known)}."
            raise ConfigError(f"{where}: unknown key '{path}{key}'. {hint}")
        if isinstance(value, dict) and "properties" in known[key]:
            _refuse_unknown(value, known[key], where, f"{path}{key}.")
