"""Column maps, held against what they may say before a file is read by one."""

import difflib
import re
import zoneinfo
from collections.abc import Mapping

import duckdb

from hydrascope.contracts import KINDS, UNITS
from hydrascope.errors import ConfigError

__all__ = [
    "COUNTS",
    "EPOCHS",
    "FIELDS",
    "LISTED",
    "LISTS",
    "NEEDED",
    "PROFILE",
    "TIMES",
    "map_fields",
    "utc",
]

LISTS = ("urls", "hashtags", "mentions", "media_ids")
COUNTS = ("followers", "following", "likes", "replies", "reposts", "views")
PROFILE = (
    *("display_name", "handle", "description", "picture_hash", "country", "unit", "created_at"),
)
FIELDS = {
    "posts": (
        *("account_id", "native_id", "platform", "kind", "posted_at", "text", "language"),
        *("repost_of", "reply_to", *LISTS, *COUNTS, *PROFILE),
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
OWN = (*TIMES, *LISTS, *COUNTS, "native_id", "repost_of", "reply_to")
# Microseconds in the unit, and the digits of a time before the year 5000.
EPOCHS = {"epoch": (1_000_000, 11), "epoch_ms": (1_000, 14)}
SOME_TIME = "TIMESTAMP '2021-11-23 13:14:15'"


def map_fields(name: str, column_map: Mapping) -> dict[str, Mapping]:
    """The fields of a column map, each as an object.

    Parameters
    ----------
    name : str
        The map's name, for messages.
    column_map : mapping
        One entry of the study's key `column_maps`, checked against the schema.

    Raises
    ------
    ConfigError
        If a field is unknown for such records, a needed one is missing, an
        option has no effect, or a pattern, a format or a zone is none.
    """
    kind, where = column_map["records"], f"column_maps.{name}.fields"
    fields = {
        field: {"column": spec} if isinstance(spec, str) else dict(spec)
        for field, spec in column_map["fields"].items()
    }
    unknown = sorted(set(fields) - set(FIELDS[kind]))
    if unknown:
        raise ConfigError(
            f"{where}: unknown field {unknown[0]!r} of {kind}. Known: {', '.join(FIELDS[kind])}."
        )
    if FIELDS[kind][0] not in fields:
        raise ConfigError(f"{where}: found no {FIELDS[kind][0]}; expected it for {kind}.")
    for field, spec in fields.items():
        _check_options(field, spec, f"{where}.{field}")
        _check_values(spec, f"{where}.{field}")
    _check_columns([spec["column"] for spec in fields.values() if "column" in spec], where)
    return fields


def _check_columns(columns: list[str], where: str) -> None:
    """Refuse names that the database would take for others."""
    own = ("source_row", *map(utc, TIMES))
    seen: dict[str, str] = {}
    for column in columns:
        if column.lower() in own:
            raise ConfigError(
                f"{where}: found the column {column!r}, a name that the reader uses itself; "
                "expected another. Rename it in the file."
            )
        other = seen.setdefault(column.lower(), column)
        if other != column:
            raise ConfigError(
                f"{where}: found the columns {other!r} and {column!r}, which differ in case "
                "alone; expected names that differ otherwise. Rename one of them in the file."
            )


def _check_options(field: str, spec: Mapping, where: str) -> None:
    """Refuse what would have no effect."""
    known = {"column", "pattern"}
    if "constant" in spec and field not in OWN:
        known = {"constant"}
    elif field in TIMES:
        known |= {"format", "zone"}
    else:
        known.add("separator" if field in LISTS else "values")
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


def _check_values(spec: Mapping, where: str) -> None:
    """Refuse a pattern, a format or a zone that is none to the database."""
    pattern, form = spec.get("pattern", ""), spec.get("format", "epoch")
    _check_zone(spec.get("zone", "UTC"), where)
    try:
        re.compile(pattern)
        duckdb.execute("SELECT regexp_matches('', $pattern)", {"pattern": pattern})
        if form not in EPOCHS:
            gives_day = duckdb.execute(
                f"SELECT coalesce(try_strptime(strftime({SOME_TIME}, $form), $form)::DATE "
                f"= {SOME_TIME}::DATE, true)",
                {"form": form},
            ).fetchone()[0]
            if not gives_day:
                raise ValueError(f"the format {form!r} without a day")
    except (re.error, ValueError, duckdb.Error) as error:
        said = str(error).partition("\n")[0]
        raise ConfigError(
            f"{where}: found {said}; expected a regular expression (RE2) as pattern, and a "
            "format of strptime that has a day."
        ) from error


def _check_zone(zone: str, where: str) -> None:
    """Refuse a zone that is none, or that only this machine has."""
    known = zoneinfo.available_timezones() - {"localtime", "Factory"}
    if zone not in known:
        ends = {name.rpartition("/")[2].lower(): name for name in sorted(known)}
        end = difflib.get_close_matches(zone.rpartition("/")[2].lower().replace(" ", "_"), ends, 1)
        near = [ends[end[0]]] if end else difflib.get_close_matches(zone, sorted(known), n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ConfigError(
            f"{where}: found the zone {zone!r:.80}; expected one such as Asia/Shanghai.{hint}"
        )


def utc(field: str) -> str:
    """What the expression of a time goes by."""
    return f"{field}_utc"
