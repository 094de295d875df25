"""Times of column maps as expressions: each form that a map states, in UTC, and how exact.

A time without an offset is of the zone that the map states. Without one it is
kept as its day, which is all that holds in any zone but the last hours of it.
"""

import re
from collections.abc import Iterator, Mapping

from hydrascope.ingest.mapping import Oddity
from hydrascope.ingest.times import VAGUE, iso_precision, iso_utc

__all__ = [
    "AGO",
    "EPOCHS",
    "ISO",
    "exact",
    "has_offset",
    "has_year",
    "local_time",
    "never",
    "time_columns",
    "time_oddities",
    "utc",
    "vague",
]

ISO, AGO = "iso", "ago"
# Microseconds in the unit, and the digits of a time before the year 5000.
EPOCHS = {"epoch": (1_000_000, 11), "epoch_ms": (1_000, 14)}
FINE = ("%f", "%g", "%n")
# How far behind the snapshot's day a time may lie: the day ends last in the west.
LATEST = "$snapshot::TIMESTAMP + INTERVAL 36 HOUR"
# The last leap year but one may be eight years ago.
YEARS = 9


def utc(field: str) -> str:
    """What the expression of a time goes by."""
    return f"{field}_utc"


def exact(field: str) -> str:
    """What the precision of a time goes by."""
    return f"{field}_exact"


def never(field: str) -> str:
    """Expression that is true of a time that the clocks of its zone never showed."""
    return f"{field}_clock = 'never'"


def vague(field: str) -> str:
    """Expression that is true of a time that is known to a week or less well."""
    return f"{field}_vague"


def has_offset(form: str) -> bool:
    """Whether each time in this form says how far from UTC it is."""
    return form in EPOCHS or re.search("%[zZ]", _signs(form)) is not None


def has_year(form: str) -> bool:
    """Whether a form of strptime has a year."""
    return re.search("%[YyGcx]", _signs(form)) is not None


def _signs(form: str) -> str:
    return form.replace("%%", "").replace("%-", "%")


def _stated(form: str) -> str:
    """How exact a form is; '' where each time says that for itself."""
    signs = _signs(form)
    if form in (ISO, *EPOCHS) or any(sign in signs for sign in FINE):
        return ""
    precisions = (("%S", "s"), ("%X", "s"), ("%c", "s"), ("%M", "min"))
    return next((name for sign, name in precisions if sign in signs), "day")


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def local_time(text: str, form: str) -> str:
    """Expression for a time as it stands there, an offset taken into account, else NULL.

    Parameters
    ----------
    text : str
        Expression of the text.
    form : str
        `iso`, `ago`, `epoch`, `epoch_ms`, or a form of strptime.
    """
    if form == ISO:
        return iso_utc(text)
    if form == AGO:
        days = f"try_cast(days_ago({text}) AS INTEGER)"
        return f"date_trunc('day', $snapshot::TIMESTAMP) - to_days({days})"
    if form in EPOCHS:
        micros, digits = EPOCHS[form]
        is_number = f"regexp_full_match({text}, '[0-9]{{1,{digits}}}([.][0-9]*)?')"
        # A double holds the microseconds of two centuries exactly.
        number = f"try_cast(CASE WHEN {is_number} THEN {text} END AS DOUBLE)"
        time = f"make_timestamp(round({number} * {micros})::BIGINT)"
    elif has_year(form):
        time = f"try_strptime({text}, {_literal(form)})::TIMESTAMP"
        if "%y" in _signs(form):
            time = f"CASE WHEN {time} >= {LATEST} THEN {time} - INTERVAL 100 YEAR ELSE {time} END"
    else:
        time = _of_the_last_year(text, form)
    # The tables hold milliseconds, and Arrow refuses to drop digits by itself.
    part = "day" if _stated(form) == "day" else "millisecond"
    return f"date_trunc('{part}', {time})"


def _of_the_last_year(text: str, form: str) -> str:
    """A time without a year, in the last year in which it lies before the snapshot."""
    # The year is a leap year, or there were no 29 February.
    time = f"try_strptime('2000 ' || {text}, {_literal('%Y ' + form)})::TIMESTAMP"
    shift = '(year($snapshot::TIMESTAMP) - 2000 - "years back")::INTEGER'
    times = f'list_transform(range({YEARS}), lambda "years back": {time} + to_years({shift}))'
    fits = f'"a time" < {LATEST} AND day("a time") = day({time})'
    return f'list_filter({times}, lambda "a time": {fits})[1]'


def time_columns(field: str, text: str, spec: Mapping) -> dict[str, str]:
    """Expressions by name for a time of a map; each may use those before it.

    Parameters
    ----------
    field : str
        The field; names begin with it.
    text : str
        Expression of the text.
    spec : mapping
        What the map says of the field: `formats`, and `zone` where it states one.
    """
    forms = {f"{field}_{n}": form for n, form in enumerate(spec["formats"])}
    local, basis, stated, clock = (
        f"{field}_{name}" for name in ("local", "basis", "stated", "clock")
    )
    named = {name: local_time(text, form) for name, form in forms.items()}
    named[local] = f"coalesce({', '.join([*forms, 'NULL'])})"
    for name, made in ((basis, _basis), (stated, _precision)):
        cases = (
            f"WHEN {one} IS NOT NULL THEN {made(form, text, one)}" for one, form in forms.items()
        )
        named[name] = f"CASE {' '.join(cases)} END"
    if AGO in spec["formats"]:
        named[vague(field)] = f"days_ago({text}) = '{VAGUE}'"
    day = f"date_trunc('day', {local})"
    if "zone" not in spec:
        named[utc(field)] = f"IF({basis} = 'utc', {local}, {day})"
        named[exact(field)] = (
            f"CASE WHEN {utc(field)} IS NULL THEN 'none' WHEN {basis} = 'local' THEN 'day' "
            f"ELSE {stated} END"
        )
        return named
    before, after = f"{field}_before", f"{field}_after"
    for name, sign in ((before, "-"), (after, "+")):
        near = f"({local} {sign} INTERVAL 1 DAY)"
        named[name] = f"{local} - ({_shown(near, spec['zone'])} - {near})"
    fits, fits_too = (f"{_shown(name, spec['zone'])} = {local}" for name in (before, after))
    named[clock] = (
        f"CASE WHEN {basis} <> 'local' THEN {basis} "
        f"WHEN {fits} THEN IF({fits_too} AND {before} <> {after}, 'twice', 'before') "
        f"WHEN {fits_too} THEN 'after' WHEN {local} IS NOT NULL THEN 'never' END"
    )
    named[utc(field)] = (
        f"CASE {clock} WHEN 'utc' THEN {local} WHEN 'before' THEN {before} "
        f"WHEN 'after' THEN {after} WHEN 'never' THEN NULL ELSE {day} END"
    )
    named[exact(field)] = (
        f"CASE WHEN {utc(field)} IS NULL THEN 'none' WHEN {clock} = 'twice' THEN 'day' "
        f"ELSE {stated} END"
    )
    return named


def _shown(time: str, zone: str) -> str:
    """What the clocks of a zone show at a time in UTC."""
    return f"timezone({_literal(zone)}, timezone('UTC', {time}))"


def _basis(form: str, text: str, time: str) -> str:
    """Whether a time is in UTC, a mere day, or of a zone that it does not name."""
    if form == ISO:
        offset = "':.*(Z|[+-][0-9:]+)$'"
        return (
            f"CASE WHEN length({text}) = 10 THEN 'day' "
            f"WHEN regexp_matches({text}, {offset}) THEN 'utc' ELSE 'local' END"
        )
    return "'utc'" if has_offset(form) else "'day'" if _stated(form) == "day" else "'local'"


def _precision(form: str, text: str, time: str) -> str:
    if form == ISO:
        return iso_precision(text)
    if stated := _stated(form):
        return _literal(stated)
    return f"CASE WHEN {time} = date_trunc('second', {time}) THEN 's' ELSE 'ms' END"


def time_oddities(field: str, spec: Mapping) -> Iterator[Oddity]:
    """What the ledger says of times that are less exact than they look."""
    if "zone" not in spec:
        yield Oddity(
            f"{field}_basis = 'local'",
            f"{field}: a time without a zone, kept as its day; state the zone in the column map",
        )
    else:
        yield Oddity(
            f"{field}_clock = 'twice'",
            f"{field}: an hour that the clocks of {spec['zone']} showed twice, kept as its day",
        )
    for n, form in enumerate(spec["formats"]):
        met = " AND ".join(
            [*(f"{field}_{one} IS NULL" for one in range(n)), f"{field}_{n} IS NOT NULL"]
        )
        if form == AGO:
            yield Oddity(f"{met}", f"{field}: a time told from the snapshot's day, kept as a day")
            yield Oddity(
                f"{field}_local IS NULL AND {vague(field)}",
                f"{field}: known to a week or less well, left out",
            )
        elif form in (ISO, *EPOCHS):
            continue
        elif "%y" in _signs(form):
            yield Oddity(
                met, f"{field}: a year of two digits, taken as the last before the snapshot"
            )
        elif not has_year(form):
            yield Oddity(
                met, f"{field}: a day without a year, taken as the last before the snapshot"
            )
