"""Column maps, held against what they may say before a file is read by one."""

import difflib
import re
from collections.abc import Mapping
from functools import cache
from zoneinfo import available_timezones

import duckdb

from hydrascope.contracts import KINDS, UNITS
from hydrascope.errors import ConfigError
from hydrascope.ingest.languages import language_code
from hydrascope.ingest.map_times import AGO, EPOCHS, ISO, has_year

__all__ = [
    "COUNTS",
    "FIELDS",
    "LISTED",
    "LISTS",
    "NEEDED",
    "PROFILE",
    "TARGETS",
    "TIMES",
    "check_file_name",
    "check_layout",
    "map_fields",
    "skipped_rows",
]

LISTS = ("urls", "hashtags", "mentions", "media_ids")
COUNTS = ("followers", "following", "likes", "replies", "reposts", "views")
PROFILE = (
    *("display_name", "handle", "description", "picture_hash", "country", "unit", "created_at"),
)
# What a post passes on or answers.
TARGETS = ("repost_of", "reply_to")
FIELDS = {
    "posts": (
        *("account_id", "native_id", "platform", "kind", "posted_at", "text", "language"),
        *(*TARGETS, *LISTS, *COUNTS, *PROFILE),
    ),
    "accounts": (
        *("native_id", "platform", "language", "first_seen"),
        *("followers", "following", *PROFILE),
    ),
    "websites": ("native_id", "display_name", "description", "country", "language"),
    "asked": ("native_id",),
}
LISTED = {"unit": UNITS, "kind": KINDS}
# Fields that no record may lack.
NEEDED = ("unit", "kind", "platform")
TIMES = ("posted_at", "created_at", "first_seen")
# One value for all records cannot be meant.
# Fields that hold ids, which some platforms give for each channel, wall or instance.
IDS = ("native_id", "account_id", *TARGETS, "mentions")
OWN = (*TIMES, *LISTS, *COUNTS, "native_id", *TARGETS)
# Keys of a map that say nothing of a file in the other layout.
OF_LAYOUT = {
    "csv": {"delimiter": ",", "header": True, "skip": 0, "escape": ""},
    "json": {"container": ""},
}
SOME_TIME = "TIMESTAMP '2021-11-23 13:14:15'"
# Folders of the time zone database, and files in it, that are no places.
NO_ZONE = re.compile("right/|posix/|Factory$|localtime$|posixrules$")


def map_fields(name: str, column_map: Mapping) -> dict[str, Mapping]:
    """The fields of a column map, each as an object.

    Parameters
    ----------
    name : str
        The map's name, for messages.
    column_map : mapping
        One entry of the study's key `column_maps`, checked against the schema.

    Returns
    -------
    dict of str to mapping
        As in the map, with `columns`, a tuple, in place of `column`; `formats`, a
        tuple, in place of `format`; `group`, the group of `pattern` that counts; and
        `unique_within` as such an object, with `of`, the name of its column.

    Raises
    ------
    ConfigError
        If a field is unknown for such records, a needed one is missing, an
        option has no effect, or a pattern, a format or a zone is none.
    """
    kind, where = column_map["records"], f"column_maps.{name}.fields"
    check_text(column_map, f"column_maps.{name}")
    _check_signs(name, column_map)
    fields = {
        field: dict(spec) if isinstance(spec, Mapping) else {"column": spec}
        for field, spec in column_map["fields"].items()
    }
    unknown = sorted(set(fields) - set(FIELDS[kind]))
    if unknown:
        raise ConfigError(
            f"{where}: unknown field {unknown[0]!r} of {kind}. Known: {', '.join(FIELDS[kind])}."
        )
    if FIELDS[kind][0] not in fields:
        raise ConfigError(f"{where}: found no {FIELDS[kind][0]}; expected it for {kind}.")
    header = column_map.get("header", True)
    fields = {
        field: _field(field, spec, f"{where}.{field}", header=header)
        for field, spec in fields.items()
    }
    # Those of an account are settled before what is unique within one.
    for field, spec in sorted(fields.items(), key=lambda one: one[0] != "account_id"):
        if "unique_within" in spec:
            place = f"{where}.{field}.unique_within"
            if kind == "websites":
                raise ConfigError(f"{place}: found it for websites; expected it for other ids.")
            spec["unique_within"] = _within(field, spec["unique_within"], fields, place, header)
    return fields


def _within(
    field: str, given: object, fields: Mapping[str, Mapping], where: str, header: bool
) -> Mapping:
    """What the ids of a field are unique within, as an object that says of what it is."""
    if given == "account":
        if "account_id" not in fields or field == "account_id":
            raise ConfigError(
                f"{where}: found 'account'; expected it for what a post is or points at. Name a "
                "column or a constant, such as the instance."
            )
        return {**fields["account_id"], "of": "account_id"}
    spec = dict(given) if isinstance(given, Mapping) else {"column": given}
    spec = _with_columns(spec, where, header=header)
    _check_pattern(spec, where)
    return spec | {"of": f"scope of {field}"}


def skipped_rows(name: str, column_map: Mapping) -> list[Mapping]:
    """The conditions of a column map under which a record is left out, checked as fields are."""
    rows = []
    for n, spec in enumerate(column_map.get("skip_rows", ()), start=1):
        where = f"column_maps.{name}.skip_rows, entry {n}"
        rows.append(_with_columns(dict(spec), where, header=column_map.get("header", True)))
        _check_pattern(rows[-1], where)
        given = spec.get("is", [])
        rows[-1]["is"] = [given] if isinstance(given, str) else list(given)
    return rows


def check_layout(name: str, column_map: Mapping, layout: str) -> None:
    """Refuse what a map says of files in another layout than the one it is used for."""
    for other, keys in OF_LAYOUT.items():
        for key, usual in keys.items():
            if other != layout and column_map.get(key, usual) != usual:
                raise ConfigError(
                    f"column_maps.{name}.{key}: found it in a map of {layout.upper()} files; "
                    f"expected it for {other.upper()} alone. Take it out, or list the file as "
                    f"{other}:{name}."
                )


def _check_signs(name: str, column_map: Mapping) -> None:
    """Refuse signs that would part or quote cells in two ways at once."""
    delimiter = column_map.get("delimiter", ",")
    for key, taken in (("delimiter", '"\n\r'), ("escape", '"\n\r' + delimiter)):
        if (sign := column_map.get(key, "")) and sign in taken:
            raise ConfigError(
                f"column_maps.{name}.{key}: found {sign!r}, which means something else already; "
                "expected another sign."
            )


def check_file_name(name: str, column_map: Mapping, file: str) -> None:
    """Refuse a file whose name does not hold what the map takes out of it."""
    for field, spec in map_fields(name, column_map).items():
        if "file" in spec:
            found = duckdb.execute(
                f"SELECT regexp_extract($file, $pattern, {spec['group']})",
                {"file": file, "pattern": spec["file"]},
            ).fetchone()[0]
            if not found or ("values" in spec and found not in spec["values"]):
                raise ConfigError(
                    f"column_maps.{name}.fields.{field}: found no {field} in the name of the file "
                    f"{file}; expected {spec['file']!r} in it. Correct the pattern, or rename the "
                    "file."
                )


def check_text(value: object, where: str) -> None:
    """Refuse what no file can hold, and keys that YAML took for something else than text."""
    if isinstance(value, str):
        if "\0" in value or re.search("[\ud800-\udfff]", value):
            raise ConfigError(
                f"{where}: found a sign that no file holds (NUL or half of a character); "
                "expected text. Take it out."
            )
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise ConfigError(
                    f"{where}: found {key!r} as a key; expected text. YAML takes numbers, true, "
                    "false, yes, no, on, off and null for something else: put it into quotes."
                )
            check_text(key, where)
            check_text(inner, f"{where}.{key}")
    elif isinstance(value, list | tuple):
        for inner in value:
            check_text(inner, where)


def _field(field: str, spec: dict, where: str, *, header: bool) -> Mapping:
    _check_options(field, spec, where)
    spec = _with_columns(spec, where, header=header)
    _check_pattern(spec, where)
    if field in TIMES:
        given = spec.pop("format", ISO)
        spec["formats"] = (given,) if isinstance(given, str) else tuple(given)
        for form in spec["formats"]:
            _check_format(form, where)
        if "zone" in spec:
            _check_zone(spec["zone"], where)
    return spec


def _with_columns(spec: dict, where: str, *, header: bool) -> dict:
    if "column" not in spec:
        return spec
    given = spec.pop("column")
    columns = tuple(given) if isinstance(given, list | tuple) else (given,)
    for column in columns:
        is_number = not isinstance(column, str) or column.isdecimal()
        if (not header and not is_number) or (header and not isinstance(column, str)):
            raise ConfigError(
                f"{where}: found the column {column!r}; expected "
                + ("its name." if header else "its number, from 1, since header is false.")
                + (" Numbers stand for columns of a file with header: false." if header else "")
            )
    return spec | {"columns": tuple(map(str, columns))}


def _check_options(field: str, spec: Mapping, where: str) -> None:
    """Refuse what would have no effect."""
    known = {"column", "pattern"}
    if "constant" in spec and field not in OWN:
        known = {"constant"}
    elif "file" in spec and field not in OWN:
        known = {"file", "values"}
    elif field in TIMES:
        known |= {"format", "zone"}
    else:
        known.add("separator" if field in LISTS else "values")
    if field in IDS and "column" in spec:
        known.add("unique_within")
    unknown = sorted(set(spec) - known)
    if unknown:
        raise ConfigError(
            f"{where}: found {unknown[0]!r}, which says nothing here; expected "
            f"{', '.join(sorted(known))}."
        )
    meant = [spec["constant"]] if "constant" in spec else spec.get("values", {}).values()
    wrong = [value for value in meant if value not in LISTED.get(field, (value,))]
    if wrong:
        raise ConfigError(
            f"{where}: found {wrong[0]!r}; expected one of {', '.join(LISTED[field])}."
        )
    untold = [value for value in meant if field == "language" and not language_code(value)]
    if untold:
        raise ConfigError(
            f"{where}: found {untold[0]!r:.80}, which is no language that can be told; expected a "
            "code such as zh, or und for none."
        )


def _check_pattern(spec: dict, where: str) -> None:
    """Refuse a pattern that is none to the database; say which of its groups counts."""
    for key in ("pattern", "file"):
        if key not in spec:
            continue
        try:
            duckdb.execute("SELECT regexp_matches('', $one)", {"one": spec[key]})
        except duckdb.Error as error:
            raise ConfigError(
                f"{where}: found {_first_line(error)}; expected a regular expression (RE2) as "
                f"{key}. RE2 knows no look-ahead, look-behind or back references."
            ) from error
        spec["group"] = int(_has_group(spec[key]))


def _has_group(pattern: str) -> bool:
    try:
        duckdb.execute("SELECT regexp_extract('', ?, ['one'])", [pattern])
    except duckdb.Error:
        return False
    return True


def _check_format(form: str, where: str) -> None:
    """Refuse a form of times that does not tell a day, or not for sure."""
    if form in (ISO, AGO, *EPOCHS):
        return
    signs = form.replace("%%", "").replace("%-", "%")
    halves = {"%I", "%p"} & set(re.findall("%[Ip]", signs))
    if len(halves) == 1 or ("%p" in halves and "%H" in signs):
        raise ConfigError(
            f"{where}: found the format {form!r}; expected %I and %p together: an hour of twelve "
            "says nothing without its half of the day, which %H has no need of."
        )
    dated = has_year(form)
    whole = form if dated else f"%Y {form}"
    try:
        tells = duckdb.execute(
            f"SELECT try_strptime(strftime(t, $whole), $whole)::DATE = t::DATE "
            f"FROM (SELECT {SOME_TIME} - to_years($back) AS t)",
            {"whole": whole, "back": 0 if dated else 21},
        ).fetchone()[0]
    except duckdb.Error as error:
        raise ConfigError(
            f"{where}: found {_first_line(error)}; expected {ISO}, {AGO}, "
            f"{', '.join(EPOCHS)}, or a format of strptime such as %d.%m.%Y %H:%M."
        ) from error
    # The day of a year, and weeks, move with the year.
    if not tells or not (dated or re.search("%[mbB]", signs)):
        raise ConfigError(
            f"{where}: found the format {form!r} without a day; expected a format of strptime "
            "that has one, such as %d.%m.%Y %H:%M."
        )


@cache
def _zones() -> dict[str, str]:
    """The time zones by their names in small letters."""
    return {name.lower(): name for name in sorted(available_timezones()) if not NO_ZONE.match(name)}


def _check_zone(zone: str, where: str) -> None:
    small = _zones()
    try:
        if zone not in small.values():
            raise ValueError
        duckdb.execute(f"SELECT timezone($zone, {SOME_TIME})::VARCHAR", {"zone": zone})
    except (ValueError, duckdb.Error):
        ends = {name.split("/")[-1]: name for name in small}
        near = difflib.get_close_matches(zone.lower().split("/")[-1].replace(" ", "_"), ends, n=1)
        meant = zone.lower() if zone.lower() in small else ends[near[0]] if near else ""
        raise ConfigError(
            f"{where}: found the zone {zone!r:.80}; expected one such as Asia/Shanghai"
            + (f". Did you mean {small[meant]!r}?" if meant else ", or Etc/GMT-8 for UTC+8.")
        ) from None


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].removeprefix("Invalid Input Error: ")[:200]
