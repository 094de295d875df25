"""Conditions under which a record is set aside, shared by all formats."""

from collections.abc import Iterable

from hydrascope.ingest.mapping import Check, quoted

__all__ = [
    "EARLIEST",
    "PLATFORM_STARTS",
    "SPREADSHEET_DATE",
    "count_checks",
    "id_checks",
    "required_id_checks",
    "time_checks",
]

SCIENTIFIC = "'^\\s*[0-9.,]+[eE][+]?[0-9]+\\s*$'"
# Digits that a spreadsheet keeps of a number; it turns the others into zeros.
KEPT_DIGITS = 15
# Even among ids that are often even, one in ten million ends in ten zeros by chance.
SURE_ZEROS = 10
TOO_MANY_ZEROS = (
    "too many zeros at the end: a spreadsheet such as Excel keeps 15 digits of a number and has "
    "rounded this id; expected the id as released; export it again without opening it in a "
    "spreadsheet"
)
# Days before which nobody can have posted, on any platform and on some.
EARLIEST = "1980-01-01"
PLATFORM_STARTS = {"x": "2006-03-21", "youtube": "2005-02-14", "facebook": "2004-02-04"}
SPREADSHEET_DATE = "'^[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}( .*)?$'"


def id_checks(*columns: str) -> list[Check]:
    """Ids that a spreadsheet has rounded, or that are JSON instead of an id; '' passes."""
    return [check for column in columns for check in _id_checks(column)]


def required_id_checks(column: str, of: str) -> list[Check]:
    """As `id_checks`, and an id that is missing or cannot be one."""
    name = quoted(column)
    unless = f"{name} <> '' AND {_plain(name)}"
    checks = [
        Check(column, f"trim({name}) = ''", f"no id; expected the id of the {of}"),
        *_id_checks(column),
        Check(
            column,
            f"length({name}) > 200 OR regexp_matches({name}, '[\\s\\x00-\\x1f]')",
            f"not an id; expected the id of the {of}, at most 200 characters without spaces",
        ),
    ]
    return [check._replace(unless=unless) for check in checks]


def _plain(name: str) -> str:
    """True of a number that does not end in zeros, as most ids are, and of nothing bad."""
    digits = f"regexp_full_match({name}, '[0-9]{{1,20}}') AND NOT ends_with({name}, '0')"
    return f"({name} = '' OR {digits})"


def _id_checks(column: str) -> list[Check]:
    name = quoted(column)
    long = f"length({name}) > {KEPT_DIGITS} AND NOT regexp_matches({name}, '[^0-9]')"
    zeros = f"length({name}) - length(rtrim({name}, '0'))"
    rounded = f"ends_with({name}, '0') AND {zeros} >= length({name}) - {KEPT_DIGITS} AND {long}"
    faults = [
        (
            f"regexp_matches({name}, {SCIENTIFIC})",
            "scientific notation: a spreadsheet such as Excel has rounded this id; expected "
            "the id as released; export it again without opening it in a spreadsheet",
        ),
        (
            f"ends_with({name}, '{'0' * SURE_ZEROS}') AND {long}",
            TOO_MANY_ZEROS,
        ),
        (
            f"starts_with({name}, '{{') OR starts_with({name}, '[')",
            "nested JSON where an id was due; expected the id alone; export its parts as "
            "columns of their own",
        ),
    ]
    checks = [Check(column, bad, reason, _plain(name)) for bad, reason in faults]
    return [*checks, Check(column, rounded, TOO_MANY_ZEROS, _plain(name), KEPT_DIGITS)]


def count_checks(columns: Iterable[str], thousands: str = "") -> list[Check]:
    """Counts that are no whole numbers; '' passes."""
    checks = []
    for column in columns:
        name = quoted(column)
        whole = f"replace({name}, '{thousands}', '')" if thousands else name
        checks.append(
            Check(
                column,
                f"NOT regexp_full_match({whole}, '[0-9]{{0,18}}')",
                "not a count; expected a whole number or nothing",
            )
        )
    return checks


def time_checks(
    column: str,
    time: str,
    *,
    expected: str,
    start: str = "",
    required: bool = False,
) -> list[Check]:
    """Times that cannot be read, lie before the platform, or after the snapshot.

    Parameters
    ----------
    column : str
        The column.
    time : str
        Expression of type TIMESTAMP in UTC, NULL where the text is no time.
    expected : str
        The form that was expected.
    start : str
        Day on which the platform opened, if known.
    required : bool
        Whether a missing time is a fault.
    """
    name = quoted(column)
    there = "" if required else f"{name} <> '' AND "
    checks = [
        Check(
            column,
            f"{there}{time} IS NULL AND regexp_matches({name}, {SPREADSHEET_DATE})",
            f"a date that may be day-first or month-first; expected {expected}; a spreadsheet "
            "has rewritten it: export it again, or read it by a column map that says which",
        ),
        Check(column, f"{there}{time} IS NULL", f"not a time; expected {expected}"),
    ]
    if start:
        checks.append(
            Check(
                column,
                f"{time} < TIMESTAMP '{start}'",
                f"a time before the platform; expected {start} or later",
            )
        )
    checks.append(
        Check(
            column,
            # A day of the snapshot lasts until midnight in the last of the time zones.
            f"{time} >= $snapshot::TIMESTAMP + INTERVAL 36 HOUR",
            "a time after the snapshot; expected one before it, as collections.tsv says",
        )
    )
    return checks
