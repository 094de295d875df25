"""Any other platform: delimited files and JSON read by a column map of the study's file.

A map says what a record is (a post, an account, a website, an id asked for)
and where each field stands. Nothing is guessed: a time that is not ISO 8601
needs its format, and a value that the map does not list is set aside.
"""

from collections.abc import Iterator, Mapping, Sequence

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
    LISTED,
    LISTS,
    NEEDED,
    PROFILE,
    TARGETS,
    TIMES,
    check_layout,
    map_fields,
    skipped_rows,
)
from hydrascope.ingest.domains import host_sql
from hydrascope.ingest.languages import NO_LANGUAGE
from hydrascope.ingest.map_times import (
    AGO,
    EPOCHS,
    ISO,
    exact,
    local_time,
    never,
    time_columns,
    time_oddities,
    utc,
    vague,
)
from hydrascope.ingest.mapping import Cell, Check, Format, Item, Oddity, Records, Skip, Time, quoted
from hydrascope.ingest.same_posts import MADE_ID

__all__ = ["mapped_format"]

# Fields that are read by people, and may come in parts.
READ = ("text", "display_name", "description")
# What the ledger calls each time.
TOLD = {"posted_at": "posting", "created_at": "creation", "first_seen": "the first sighting"}
# Columns of the table that are no field's.
ABSENT, LINKED = "what is absent", "the links in the text"
# What exports write in place of an id where there is none.
NOTHING = "'0', '-1', 'nan', 'none', 'null', 'n/a', 'na', 'false', '[]', '{}'"


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
        `records`, `fields`, and what holds for one layout alone.
    starts : mapping, optional
        Days on which platforms opened, beside those that are known.

    Raises
    ------
    ConfigError
        As `column_map.map_fields`.
    """
    kind, fields = column_map["records"], map_fields(name, column_map)
    check_layout(name, column_map, layout)
    skipped = skipped_rows(name, column_map)
    opened = _opened(fields, PLATFORM_STARTS | dict(starts or {}))
    records = _RECORDS[kind](fields, _common(fields, skipped, kind, layout, opened))
    if layout == "csv":
        return Format(
            {"": records},
            delimiter=column_map.get("delimiter", ","),
            header=column_map.get("header", True),
            skip=column_map.get("skip", 0),
            escape=column_map.get("escape", ""),
        )
    within = column_map.get("container", "")
    return Format({"record": records}, delimiter="", unnest=_whole, within=within)


def _whole(value: Mapping) -> Iterator[Item]:
    yield Item("record", value)


def _name(field: str) -> str:
    """What the table calls a field's column: no name that an expression could mean otherwise."""
    return f"the {field}"


def _common(
    fields: Mapping[str, Mapping],
    skipped: Sequence[Mapping],
    kind: str,
    layout: str,
    opened: str,
) -> dict:
    """What all kinds of records share: the columns, and what is wrong with their values."""
    times = [name for name in TIMES if name in fields]
    cells = {
        _name(field): Cell(spec["columns"], _shape(field, spec, layout))
        for field, spec in fields.items()
        if "columns" in spec
    }
    absent = ABSENT if layout == "json" else ""
    if absent and _name("text") in cells:
        cells[LINKED] = Cell(cells[_name("text")].columns, "links")
    oddities = tuple(_oddities(fields, kind, cells if absent else {}))
    cells |= {_skipped(n): Cell(row["columns"], "any") for n, row in enumerate(skipped)}
    cells |= {
        _name(spec["unique_within"]["of"]): Cell(spec["unique_within"]["columns"])
        for spec in fields.values()
        if "columns" in spec.get("unique_within", {})
    }
    skips = tuple(
        Skip(_skipped(n), tuple(row["is"]), row.get("pattern", ""), row["reason"])
        for n, row in enumerate(skipped)
    )
    named = {}
    for field in times:
        named |= time_columns(field, _part(field, fields[field]), fields[field])
    return {
        "required": (*cells, *filter(None, [absent])),
        "cells": cells,
        "absent": absent,
        "lists": (
            *(name for name, cell in cells.items() if cell.shape in ("list", "links")),
            *filter(None, [absent]),
        ),
        "named": named,
        "times": {
            utc(field): Time(_name(field), TOLD[field], opened if field == "created_at" else "")
            for field in times
        },
        "skips": skips,
        "checks": (*_absences(skips), *_checks(fields, kind, opened)),
        "oddities": oddities,
    }


def _shape(field: str, spec: Mapping, layout: str) -> str:
    if layout == "json" and field in LISTS and "separator" not in spec:
        return "list"
    return "parts" if layout == "json" and field in READ else "value"


def _skipped(n: int) -> str:
    return f"to skip {n}"


def _absences(skips: Sequence[Skip]) -> Iterator[Check]:
    """Records that the map leaves out, and why."""
    for cell, values, pattern, reason in skips:
        tests = [f"{quoted(cell)} = {_literal(value)}" for value in values]
        if pattern:
            tests.append(f"regexp_matches({quoted(cell)}, {_literal(pattern)})")
        yield Check(cell, f"({' OR '.join(tests)})", reason, absence=True)


def _oddities(
    fields: Mapping[str, Mapping], kind: str, cells: Mapping[str, Cell]
) -> Iterator[Oddity]:
    """What the ledger says of records that are kept."""
    for label in dict.fromkeys(cell.label for cell in cells.values()):
        yield Oddity(
            f"list_contains({quoted(ABSENT)}, {_literal(label)})", f"no {label} in the record"
        )
    for field in TIMES:
        if field in fields:
            yield from time_oddities(field, fields[field])
    if "platform" in fields:
        raw, folded = _raw("platform", fields["platform"]), _text("platform", fields["platform"])
        yield Oddity(
            f"{raw} <> {folded}", "platform: written in another way, taken as one in small letters"
        )
    if "language" in fields:
        raw, code = _raw("language", fields["language"]), _text("language", fields["language"])
        yield Oddity(
            f"{raw} IS NOT NULL AND {code} IS NULL",
            "language: a name or code that cannot be told, taken as none; list it under values",
        )
        yield Oddity(
            f"length({code}) = 3 AND {code} <> '{NO_LANGUAGE}'",
            "language: a code of three letters, which counts as no known language",
        )
    for field in TARGETS:
        if field in fields:
            raw = _raw(field, fields[field])
            if "columns" in fields[field].get("unique_within", {}):
                yield Oddity(
                    f"{raw} IS NOT NULL AND {_scope(fields[field])} IS NULL",
                    f"{field}: an id without what it is unique within, taken as none",
                )
            yield Oddity(
                f"lower({raw}) IN ({NOTHING})", f"{field}: a word for nothing, taken as none"
            )
    if kind == "posts":
        yield from _contradictions(fields)


def _contradictions(fields: Mapping[str, Mapping]) -> Iterator[Oddity]:
    """Kinds that do not agree with what a post passes on or answers."""
    kind = _kind(fields)
    original, above = (
        f"({_text(field, fields[field])} IS NOT NULL)" if field in fields else "FALSE"
        for field in TARGETS
    )
    if "kind" in fields:
        yield Oddity(
            f"{kind} <> 'repost' AND {original}", "kind: no repost, but repost_of says of what"
        )
        yield Oddity(f"{kind} = 'post' AND {above}", "kind: a post, but reply_to says to what")
        yield Oddity(
            f"{kind} = 'repost' AND NOT {original}",
            "kind: a repost without the id of its original, which is no copy of anything",
        )


def _kind(fields: Mapping[str, Mapping]) -> str:
    """What a post is: as the map states, or as it passes on or answers something."""
    if "kind" in fields:
        return _text("kind", fields["kind"])
    cases = [
        f"WHEN {_text(field, fields[field])} IS NOT NULL THEN '{kind}'"
        for field, kind in zip(TARGETS, ("repost", "reply"), strict=True)
        if field in fields
    ]
    return f"CASE {' '.join(cases)} ELSE 'post' END" if cases else "'post'"


def _checks(fields: Mapping[str, Mapping], kind: str, opened: str) -> Iterator[Check]:
    for field, whole in fields.items():
        spec = {key: value for key, value in whole.items() if key != "unique_within"}
        text = f"coalesce({_text(field, spec)}, '')"
        if "file" in spec:
            yield Check(
                "", f"{text} = ''", f"a file's name without {field}; expected {spec['file']}"
            )
        if "columns" not in spec:
            continue
        column = _name(field)
        name = quoted(column)
        if field == "account_id" or (field == "native_id" and kind != "websites"):
            of = "post" if field == "native_id" and kind == "posts" else "account"
            yield from required_id_checks(column, of)
            if "columns" in whole.get("unique_within", {}):
                yield Check(
                    _name(whole["unique_within"]["of"]),
                    f"{_scope(whole)} IS NULL",
                    f"nothing; expected what the id of the {of} is unique within",
                )
        elif field == "native_id":
            yield Check(
                column,
                f"{host_sql(text)} = ''",
                "not a website; expected a domain or a web address",
            )
        elif field in TARGETS:
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
    time, column = utc(field), _name(field)
    if "zone" in spec:
        yield Check(
            column,
            never(field),
            f"an hour that the clocks of {spec['zone']} never showed, as they went forward over "
            "it; expected a time of that zone, or another zone in the column map",
        )
    for form in spec["formats"]:
        swapped = form.translate(str.maketrans({"d": "m", "m": "d"}))
        if form not in (ISO, AGO, *EPOCHS) and swapped != form:
            yield Check(
                column,
                f"{time} IS NULL AND {local_time(_part(field, spec), swapped)} IS NOT NULL",
                f"no time in the form {form}, but one in {swapped}: day-first and month-first "
                "are mixed up; correct the map's format, or the file",
            )
    expected = " or ".join("ISO 8601" if form == ISO else form for form in spec["formats"])
    missing = time if AGO not in spec["formats"] else f"IF({vague(field)}, $snapshot::DATE, {time})"
    checks = time_checks(column, missing, expected=expected, required=required)
    # The first says that the order of day and month is not known, which a format settles.
    yield from checks if spec["formats"] == (ISO,) else checks[1:]
    yield Check(
        column,
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


def _raw(field: str, spec: Mapping) -> str:
    """A field's expression as file and map have it, NULL where it is empty or not listed."""
    if "constant" in spec:
        return _literal(str(spec["constant"]))
    text = _part(field, spec)
    values = spec.get("values") or {value: value for value in LISTED.get(field, ())}
    if not values:
        return f"nullif({text}, '')"
    cases = (f"WHEN {_literal(str(a))} THEN {_literal(str(b))}" for a, b in values.items())
    return f"CASE {text} {' '.join(cases)} END"


def _text(field: str, spec: Mapping) -> str:
    """A field's expression as text, NULL where it says nothing."""
    raw = _raw(field, spec)
    if field == "platform":
        return f"nullif(platform_name({raw}), '')"
    if field == "language":
        return f"nullif(language_code({raw}), '')"
    if field in TARGETS:
        raw = f"CASE WHEN lower({raw}) NOT IN ({NOTHING}) THEN {raw} END"
    return f"({_scope(spec)} || ' ' || {raw})" if "unique_within" in spec else raw


def _scope(spec: Mapping) -> str:
    """Expression for what a field's ids are unique within, NULL where nothing says it."""
    within = spec["unique_within"]
    # No id has a space, so that the last one parts the two.
    return f"nullif(trim({_text(within['of'], within)}), '')"


def _part(field: str, spec: Mapping) -> str:
    """What the pattern takes out of a cell, or of the file's name; '' where it does not fit."""
    if "file" in spec:
        return f"regexp_extract($file::VARCHAR, {_literal(spec['file'])}, {spec['group']})"
    return _taken(quoted(_name(field)), spec)


def _taken(text: str, spec: Mapping) -> str:
    if "pattern" not in spec:
        return text
    return f"regexp_extract({text}, {_literal(spec['pattern'])}, {spec['group']})"


def _list(field: str, spec: Mapping, lists: tuple[str, ...]) -> str:
    column = quoted(_name(field))
    if _name(field) in lists:
        items = column
    elif "separator" in spec:
        items = f"string_split({column}, {_literal(spec['separator'])})"
    else:
        items = f"[{column}]"
    item = '"an item"'
    taken = f"list_transform({items}, lambda {item}: {_taken(f'trim({item})', spec)})"
    items = f"list_filter({taken}, lambda {item}: {item} <> '')"
    if "unique_within" not in spec:
        return items
    scoped = f"list_transform({items}, lambda {item}: {_scope(spec)} || ' ' || {item})"
    return f"IF({_scope(spec)} IS NULL, []::VARCHAR[], {scoped})"


def _field(field: str, spec: Mapping, lists: tuple[str, ...]) -> str:
    if field in LISTS:
        return _list(field, spec, lists)
    if field in COUNTS:
        return f"try_cast({_text(field, spec)} AS BIGINT)"
    return _text(field, spec)


def _profile(fields: Mapping[str, Mapping], names: tuple[str, ...]) -> dict[str, str]:
    """The fields of an account, its creation among them."""
    named = (*names, "followers", "following", *PROFILE, "platform")
    account = {name: _field(name, fields[name], ()) for name in named if name in fields}
    if "created_at" in fields:
        account["created_at"] = utc("created_at")
        account["created_precision"] = exact("created_at")
        account["created_source"] = f"IF({utc('created_at')} IS NULL, 'none', 'api')"
    return {"unit": "'user'", "created_precision": "'none'", "created_source": "'none'"} | account


def _posts(fields: Mapping[str, Mapping], common: dict) -> Records:
    author = {*PROFILE, "followers", "following", "account_id", "posted_at"}
    post = {
        name: _field(name, spec, common["lists"])
        for name, spec in fields.items()
        if name not in author
    }
    post["account_id"] = _text("account_id", fields["account_id"])
    post["kind"] = _kind(fields)
    post["posted_precision"] = "'none'"
    if "posted_at" in fields:
        post["posted_at"] = utc("posted_at")
        post["posted_precision"] = exact("posted_at")
    if LINKED in common["cells"]:
        # Links that stand in the parts of a text are the post's, beside those that the map names.
        linked = quoted(LINKED)
        own = post.get("urls", "[]::VARCHAR[]")
        more = f'list_filter({linked}, lambda "a link": NOT list_contains({own}, "a link"))'
        post["urls"] = f"list_concat({own}, {more})"
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
        account["first_seen"] = (
            f"least(date_trunc('day', {utc('first_seen')}), $snapshot::TIMESTAMP)"
        )
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
