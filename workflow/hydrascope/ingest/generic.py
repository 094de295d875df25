"""Any other platform: delimited files and JSON read by a column map of the study's file.

A map says what a record is (a post, an account, a website, an id asked for)
and where each field stands. Nothing is guessed: a time that is not ISO 8601
needs its format, and a value that the map does not list is set aside.
"""

import re
from collections.abc import Iterator, Mapping

from hydrascope.ingest.checks import (
    EARLIEST,
    PLATFORM_STARTS,
    count_checks,
    id_checks,
    required_id_checks,
    time_checks,
)
from hydrascope.ingest.column_map import (
    COUNTS,
    EPOCHS,
    LISTED,
    LISTS,
    NEEDED,
    PROFILE,
    TIMES,
    map_fields,
    utc,
)
from hydrascope.ingest.domains import host_sql
from hydrascope.ingest.mapping import Check, Format, Item, Records, Time, quoted
from hydrascope.ingest.same_posts import MADE_ID
from hydrascope.ingest.times import iso_precision, iso_utc

__all__ = ["mapped_format"]

# What the ledger calls each time.
TOLD = {"posted_at": "posting", "created_at": "creation", "first_seen": "the first sighting"}
FINE = ("%f", "%g", "%n")


def mapped_format(
    layout: str, name: str, column_map: Mapping, starts: Mapping[str, str] | None = None
) -> Format:
    """The format that a column map describes.

    Parameters
    ----------
    layout : {'csv', 'json'}
        How the file is laid out.
    name : str
        The map's name, for messages.
    column_map : mapping
        One entry of the study's key `column_maps`, checked against the schema:
        `records`, `fields`, and `delimiter` or `container`.
    starts : mapping, optional
        Days on which platforms opened, beside those that are known.

    Raises
    ------
    ConfigError
        As `column_map.map_fields`.
    """
    kind, fields = column_map["records"], map_fields(name, column_map)
    opened = _opened(fields, PLATFORM_STARTS | dict(starts or {}))
    records = _RECORDS[kind](fields, _common(fields, kind, layout, opened))
    if layout == "csv":
        return Format({"": records}, delimiter=column_map.get("delimiter", ","))
    container = column_map.get("container", "")
    return Format({"record": records}, delimiter="", unnest=_whole, container=container)


def _whole(value: Mapping) -> Iterator[Item]:
    yield Item("record", value)


def _common(fields: Mapping[str, Mapping], kind: str, layout: str, opened: str) -> dict:
    """What all kinds of records share: the columns, and what is wrong with their values."""
    times = {name: fields[name] for name in TIMES if name in fields}
    single = {spec.get("column") for name, spec in fields.items() if name not in LISTS}
    return {
        "required": tuple(dict.fromkeys(s["column"] for s in fields.values() if "column" in s)),
        "lists": tuple(
            fields[field]["column"]
            for field in LISTS
            if layout == "json"
            and field in fields
            and "separator" not in fields[field]
            # An address may be the post's id as well as its link.
            and fields[field]["column"] not in single
        ),
        "named": {utc(field): _time(spec) for field, spec in times.items()},
        "times": {
            utc(field): Time(spec["column"], TOLD[field], opened if field == "created_at" else "")
            for field, spec in times.items()
        },
        "checks": tuple(_checks(fields, kind, opened)),
    }


def _checks(fields: Mapping[str, Mapping], kind: str, opened: str) -> Iterator[Check]:
    for field, spec in fields.items():
        column = spec.get("column")
        if column is None:
            continue
        name, text = quoted(column), f"coalesce({_text(field, spec)}, '')"
        if field == "account_id" or (field == "native_id" and kind != "websites"):
            of = "post" if field == "native_id" and kind == "posts" else "account"
            yield from required_id_checks(column, of)
        elif field == "native_id":
            yield Check(
                column,
                f"{host_sql(text)} = ''",
                "not a website; expected a domain or a web address",
            )
        elif field in ("repost_of", "reply_to"):
            yield from id_checks(column)
        elif field == "picture_hash":
            yield Check(
                column,
                f"NOT regexp_full_match({text}, '([0-9a-fA-F]{{8,128}})?')",
                "not the hash of a picture; expected 8 to 128 hexadecimal digits or nothing",
            )
        elif field in COUNTS:
            # Of the part that the map takes out of the cell.
            for check in count_checks([column]):
                yield check._replace(bad=check.bad.replace(name, text))
        elif field in TIMES:
            yield from _time_checks(field, spec, opened, required=field == "posted_at")
        if field in LISTS:
            continue
        listed = spec.get("values") or LISTED.get(field)
        expected = f"one of {', '.join(map(str, listed))}" if listed else spec.get("pattern")
        if expected:
            # What is not there says nothing, and most fields may be missing.
            there = "" if field in NEEDED else f"{name} <> '' AND "
            yield Check(
                column,
                f"{there}{text} = ''",
                f"a value that the column map does not know; expected {expected}",
            )
        elif field in NEEDED:
            yield Check(column, f"{text} = ''", "no platform; expected a name such as x")


def _time_checks(field: str, spec: Mapping, opened: str, *, required: bool) -> Iterator[Check]:
    time, pattern = utc(field), spec.get("format", "ISO 8601")
    swapped = pattern.translate(str.maketrans({"d": "m", "m": "d"}))
    if swapped != pattern and pattern not in EPOCHS:
        yield Check(
            spec["column"],
            f"{time} IS NULL AND {_local(spec | {'format': swapped})} IS NOT NULL",
            f"no time in the form {pattern}, but one in {swapped}: day-first and month-first "
            "are mixed up; correct the map's format, or the file",
        )
    checks = time_checks(spec["column"], time, expected=pattern, required=required)
    # The first says that the order of day and month is not known, which a format settles.
    yield from checks[1:] if "format" in spec else checks
    yield Check(
        spec["column"],
        f"{time} < {opened}",
        "a time before the platform opened; expected a later one",
    )


def _opened(fields: Mapping[str, Mapping], starts: Mapping[str, str]) -> str:
    """Expression for the day on which the record's platform opened."""
    platform = _text("platform", fields["platform"]) if "platform" in fields else "$platform"
    cases = (f"WHEN {_literal(name.lower())} THEN DATE '{day}'" for name, day in starts.items())
    return f"CASE lower({platform}) {' '.join(cases)} ELSE DATE '{EARLIEST}' END"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _text(field: str, spec: Mapping) -> str:
    """A field's expression as text, NULL where it is empty or not listed."""
    if "constant" in spec:
        return _literal(str(spec["constant"]))
    text = _part(quoted(spec["column"]), spec)
    values = spec.get("values") or {value: value for value in LISTED.get(field, ())}
    if not values:
        return f"nullif({text}, '')"
    cases = (f"WHEN {_literal(str(a))} THEN {_literal(str(b))}" for a, b in values.items())
    return f"CASE {text} {' '.join(cases)} END"


def _part(text: str, spec: Mapping) -> str:
    """What the pattern takes out of a text; '' where it does not fit."""
    if "pattern" not in spec:
        return text
    group = 1 if re.compile(spec["pattern"]).groups else 0
    return f"regexp_extract({text}, {_literal(spec['pattern'])}, {group})"


def _list(spec: Mapping, lists: tuple[str, ...]) -> str:
    column = quoted(spec["column"])
    if spec["column"] in lists:
        items = column
    elif "separator" in spec:
        items = f"string_split({column}, {_literal(spec['separator'])})"
    else:
        items = f"[{column}]"
    part = _part("trim(i)", spec)
    return f"list_filter(list_transform({items}, lambda i: {part}), lambda i: i <> '')"


def _local(spec: Mapping) -> str:
    """A time as it stands there, an offset taken into account; NULL where it is none."""
    text = _part(quoted(spec["column"]), spec)
    pattern = spec.get("format")
    if pattern is None:
        return iso_utc(text)
    if pattern in EPOCHS:
        micros, digits = EPOCHS[pattern]
        is_number = f"regexp_full_match({text}, '[0-9]{{1,{digits}}}([.][0-9]*)?')"
        # A double holds the microseconds of two centuries exactly.
        number = f"try_cast(CASE WHEN {is_number} THEN {text} END AS DOUBLE)"
        time = f"make_timestamp(round({number} * {micros})::BIGINT)"
    else:
        time = f"try_strptime({text}, {_literal(pattern)})::TIMESTAMP"
    # The tables hold milliseconds, and Arrow refuses to drop digits by itself.
    exact = "day" if _stated(pattern) == "day" else "millisecond"
    return f"date_trunc('{exact}', {time})"


def _time(spec: Mapping) -> str:
    """A time in UTC; a day stays the day that it is, whatever the zone."""
    pattern, local = spec.get("format"), _local(spec)
    has_offset = pattern in EPOCHS or (pattern and re.search("%[zZ]", pattern))
    if "zone" not in spec or has_offset or _stated(pattern) == "day":
        return local
    utc = f"timezone('UTC', timezone({_literal(spec['zone'])}, {local}))"
    if pattern:
        return utc
    text = _part(quoted(spec["column"]), spec)
    is_utc = f"length({text}) = 10 OR regexp_matches({text}, ':.*(Z|[+-][0-9:]+)$')"
    return f"CASE WHEN {is_utc} THEN {local} ELSE {utc} END"


def _stated(pattern: str | None) -> str:
    """How exact a format is; '' where each time says that for itself."""
    signs = (pattern or "").replace("%%", "").replace("%-", "%")
    if pattern is None or pattern in EPOCHS or any(sign in signs for sign in FINE):
        return ""
    exact = (("%S", "s"), ("%X", "s"), ("%c", "s"), ("%M", "min"))
    return next((name for sign, name in exact if sign in signs), "day")


def _precision(field: str, spec: Mapping) -> str:
    time, pattern = utc(field), spec.get("format")
    if pattern is None:
        known = iso_precision(_part(quoted(spec["column"]), spec))
    elif stated := _stated(pattern):
        known = _literal(stated)
    else:
        known = f"CASE WHEN {time} = date_trunc('second', {time}) THEN 's' ELSE 'ms' END"
    return f"CASE WHEN {time} IS NULL THEN 'none' ELSE {known} END"


def _field(field: str, spec: Mapping, lists: tuple[str, ...]) -> str:
    if field in LISTS:
        return _list(spec, lists)
    if field in COUNTS:
        return f"try_cast({_text(field, spec)} AS BIGINT)"
    return _text(field, spec)


def _profile(fields: Mapping[str, Mapping], names: tuple[str, ...]) -> dict[str, str]:
    """The fields of an account, its creation among them."""
    named = (*names, "followers", "following", *PROFILE, "platform")
    account = {name: _field(name, fields[name], ()) for name in named if name in fields}
    if "created_at" in fields:
        dated = "created_at_utc IS NULL"
        account["created_at"] = "created_at_utc"
        account["created_precision"] = _precision("created_at", fields["created_at"])
        account["created_source"] = f"CASE WHEN {dated} THEN 'none' ELSE 'api' END"
    return {"unit": "'user'", "created_precision": "'none'", "created_source": "'none'"} | account


def _posts(fields: Mapping[str, Mapping], common: dict) -> Records:
    author = {*PROFILE, "followers", "following", "account_id", "posted_at"}
    post = {
        name: _field(name, spec, common["lists"])
        for name, spec in fields.items()
        if name not in author
    }
    post["account_id"] = _text("account_id", fields["account_id"])
    post.setdefault("kind", "'post'")
    post["posted_precision"] = "'none'"
    if "posted_at" in fields:
        post["posted_at"] = "posted_at_utc"
        post["posted_precision"] = _precision("posted_at", fields["posted_at"])
    if "native_id" not in fields:
        # What is counted changes from one look to the next, and the post is the same.
        held = ", ".join(f"'{name}': {post[name]}" for name in sorted(set(post) - set(COUNTS)))
        post["native_id"] = f"'{MADE_ID}' || md5(to_json({{{held}}})::VARCHAR)"
    account = {**_profile(fields, ()), "native_id": post["account_id"]}
    return Records(**common, account=account, post=post)


def _accounts(fields: Mapping[str, Mapping], common: dict) -> Records:
    account = _profile(fields, ("native_id", "language"))
    if "first_seen" in fields:
        # The snapshot's day may have gone on elsewhere; nobody was last seen before.
        account["first_seen"] = "least(date_trunc('day', first_seen_utc), $snapshot::TIMESTAMP)"
    return Records(**common, account=account)


def _websites(fields: Mapping[str, Mapping], common: dict) -> Records:
    site = host_sql(_text("native_id", fields["native_id"]))
    account = _profile(fields, ("language",))
    return Records(
        **common, account={**account, "platform": "'web'", "unit": "'website'", "native_id": site}
    )


def _asked(fields: Mapping[str, Mapping], common: dict) -> Records:
    return Records(**common, asked=_text("native_id", fields["native_id"]))


_RECORDS = {"posts": _posts, "accounts": _accounts, "websites": _websites, "asked": _asked}
