"""What Facebook's Page Transparency says of Pages, as JSON that a collector wrote down.

The format is ours: `data[]` with page_id, page_name, name_history[] {date, event,
name}, merges[] {date, merged_page_name}, admin_countries[] {country, admins} and
collected_at, which each Page has for itself.

What counts where Pages were merged: an account is a native id. A merge adds a
line to the history of the Page that survived, and no account; the merged Page
counts only if the collection holds a record under its own id. A name is never
taken for an id, even one of digits alone.

An entry of a list that cannot be read is set aside as a record of its own, and
the Page is kept with the others.
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator, Mapping

from hydrascope.ingest.checks import PLATFORM_STARTS, time_checks
from hydrascope.ingest.facebook import data_entries, facebook_id_checks
from hydrascope.ingest.mapping import Check, Format, Item, Oddity, Records, Time
from hydrascope.ingest.times import ISO, iso_precision, iso_utc

__all__ = ["FORMATS"]

START = PLATFORM_STARTS["facebook"]
SHAPES = {
    "name_history": "{date, event, name}, each of them text",
    "merges": "{date, merged_page_name}, both of them text",
    "admin_countries": "{country, admins}, the second a whole number or null",
}
FAULTS = {
    "list": "not a list; expected a list of entries with {shape}",
    "entry": "not an entry of this list; expected one with {shape}",
    "date": "an entry without a date; expected YYYY-MM-DD or an ISO 8601 time in {shape}",
    "start": f"an entry dated before the platform; expected {START} or later",
}


def _items(value: Mapping) -> Iterator[Item]:
    """Each Page, and behind it what cannot be read of its lists."""
    for item in data_entries(value):
        if item.kind:
            yield from _page(item.record)
        else:
            yield item


def _page(entry: Mapping) -> Iterator[Item]:
    names, bad_names = _read(entry, "name_history", _event)
    merges, bad_merges = _read(entry, "merges", _merge)
    countries, bad_countries = _read(entry, "admin_countries", _country)
    said = {name: entry.get(name) for name in ("page_id", "page_name", "collected_at")}
    history = _history(names, merges, entry.get("page_name"))
    countries.sort(key=lambda one: (one["country"], -1 if one["admins"] is None else one["admins"]))
    yield Item("page", {**said, "name_history": history, "admin_countries": _text(countries)})
    for column, fault, shown in (*bad_names, *bad_merges, *bad_countries):
        yield Item("fault", {column: _text(shown)[:400], "fault": fault})


def _read(
    entry: Mapping, column: str, read: Callable[[object], dict | str]
) -> tuple[list[dict], list[tuple[str, str, object]]]:
    """The entries of a list, and the column, fault and value of those that are none."""
    value = entry.get(column)
    if not isinstance(value, list):
        return [], [] if value is None else [(column, "list", value)]
    found = [(read(one), one) for one in value]
    good = [one for one, _ in found if isinstance(one, dict)]
    return good, [(column, one, shown) for one, shown in found if isinstance(one, str)]


def _event(entry: object) -> dict | str:
    """A line of the history, or what is wrong with it."""
    if not _has_texts(entry, "date", "event", "name"):
        return "entry"
    if _moment(entry["date"]) is None:
        return "date"
    if entry["date"][:10] < START:
        return "start"
    return {key: entry[key] for key in ("date", "event", "name")}


def _merge(entry: object) -> dict | str:
    if not _has_texts(entry, "date", "merged_page_name"):
        return "entry"
    return _event({"date": entry["date"], "event": "merged", "name": entry["merged_page_name"]})


def _country(entry: object) -> dict | str:
    if not _has_texts(entry, "country"):
        return "entry"
    # The reader leaves numbers as text.
    admins = entry.get("admins")
    if admins is None:
        return {"admins": None, "country": entry["country"]}
    if isinstance(admins, str) and re.fullmatch("[0-9]{1,18}", admins):
        return {"admins": int(admins), "country": entry["country"]}
    return "entry"


def _has_texts(entry: object, *keys: str) -> bool:
    return isinstance(entry, Mapping) and all(
        isinstance(entry.get(key), str) and entry[key].strip() for key in keys
    )


def _moment(text: str) -> dt.datetime | None:
    """A time in UTC, or None where there is none such."""
    if not re.fullmatch(ISO, text):
        return None
    day, clock = text[:10], text[11:].replace(" ", "")
    try:
        moment = dt.datetime.fromisoformat(f"{day}T{clock}" if clock else day)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _history(names: list[dict], merges: list[dict], page_name: object) -> dict:
    """The history as text, and what follows from it, each as a column of the record."""
    lines = sorted([*names, *merges], key=lambda one: (one["date"], one["event"], one["name"]))
    creations = [one["date"] for one in names if "creat" in one["event"].lower()]
    # Of names that came on one day nobody can say which is the newest.
    last = max((_moment(one["date"]) for one in names), default=None)
    newest = sorted(one["name"] for one in names if _moment(one["date"]) == last)
    return {
        "lines": _text(lines),
        "created": min(creations, key=_moment, default=None),
        "latest": max((one["date"] for one in lines), key=_moment, default=None),
        "newest": page_name if page_name in newest else next(iter(newest), None),
    }


def _text(value: object) -> str:
    """A value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


PAGE = Records(
    required=("page_id", "page_name"),
    optional=(
        "collected_at",
        "name_history.lines",
        "name_history.created",
        "name_history.latest",
        "name_history.newest",
        "admin_countries",
    ),
    named={
        "collected": iso_utc("collected_at"),
        "in_time": "collected < $snapshot::TIMESTAMP + INTERVAL 36 HOUR "
        f"AND collected >= TIMESTAMP '{START}'",
        # The snapshot's day may have gone on elsewhere; the account was not seen after it.
        "seen": "CASE WHEN in_time THEN least(date_trunc('day', collected), $snapshot::TIMESTAMP) "
        "ELSE $snapshot::TIMESTAMP END",
        "created": iso_utc('"name_history.created"'),
        "latest": iso_utc('"name_history.latest"'),
    },
    times={"created": Time("name_history.created", "creation", f"TIMESTAMP '{START}'")},
    checks=(
        *facebook_id_checks("page_id", "Page"),
        *time_checks("name_history.created", "created", expected="a date of the history"),
        *time_checks("name_history.latest", "latest", expected="a date of the history"),
    ),
    oddities=(
        Oddity(
            """page_name <> '' AND "name_history.newest" NOT IN ('', page_name)""",
            "a Page that bears another name than the newest in its history",
        ),
        Oddity(
            "collected_at <> '' AND in_time IS NOT true",
            "a collected_at that is no time up to the snapshot, which stands in its place",
        ),
    ),
    account={
        "unit": "'page'",
        "native_id": "page_id",
        "display_name": "nullif(page_name, '')",
        "created_at": "created",
        "created_precision": "CASE WHEN created IS NULL THEN 'none' ELSE "
        + iso_precision('"name_history.created"')
        + " END",
        "created_source": "CASE WHEN created IS NULL THEN 'none' ELSE 'page_created' END",
        "name_history": """nullif("name_history.lines", '[]')""",
        "admin_countries": "nullif(admin_countries, '[]')",
        "first_seen": "seen",
        "last_seen": "seen",
    },
)
FAULT = Records(
    required=(*SHAPES, "fault"),
    checks=tuple(
        Check(column, f"fault = '{fault}' AND {column} <> ''", reason.format(shape=shape))
        for column, shape in SHAPES.items()
        for fault, reason in FAULTS.items()
    ),
)

FORMATS = {
    "page_transparency": Format(
        {"page": PAGE, "fault": FAULT}, delimiter="", unnest=_items, container="data"
    ),
}
