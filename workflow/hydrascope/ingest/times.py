"""Times as the platforms write them, in UTC, and how exact they are."""

__all__ = ["iso_precision", "iso_utc", "zoned_utc"]

_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?"
_OFFSET = "(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)"
ISO = f"{_DAY}([T ]{_CLOCK}( ?{_OFFSET})?)?"

# Hours from UTC of the abbreviations that name one zone only. CST (Chicago, Shanghai,
# Havana), IST (India, Ireland, Israel), BST (Britain, Bangladesh) and AST name several.
ZONES = {
    "UTC": 0,
    "GMT": 0,
    "EST": -5,
    "EDT": -4,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
    "HST": -10,
    "CET": 1,
    "CEST": 2,
    "EET": 2,
    "EEST": 3,
    "MSK": 3,
    "JST": 9,
    "KST": 9,
    "HKT": 8,
}


def iso_utc(text: str) -> str:
    """DuckDB expression of type TIMESTAMP in UTC for an ISO 8601 time, else NULL.

    Takes a day, or a day and a clock time with `T` or a space between them,
    minutes to nanoseconds, `Z` or an offset behind it; without one it is UTC.

    Parameters
    ----------
    text : str
        Expression of type VARCHAR.
    """
    # DuckDB's cast to TIMESTAMP reads an offset and leaves it out of account.
    local = f"try_cast(regexp_replace({text}, ' ?{_OFFSET}$', '') AS TIMESTAMP)"
    hours = f"try_cast(regexp_extract({text}, ':.*[+-]([0-9]{{2}}):?[0-9]{{0,2}}$', 1) AS BIGINT)"
    rest = f"try_cast(regexp_extract({text}, ':.*[+-][0-9]{{2}}:?([0-9]{{2}})$', 1) AS BIGINT)"
    minutes = f"(60 * coalesce({hours}, 0) + coalesce({rest}, 0))"
    shift = f"to_minutes(CASE WHEN contains({text}[17:], '+') THEN -{minutes} ELSE {minutes} END)"
    # The tables hold milliseconds, and Arrow refuses to drop digits by itself.
    return (
        f"date_trunc('millisecond', CASE WHEN regexp_full_match({text}, '{ISO}') THEN "
        f"CASE WHEN length({text}) < 17 OR ends_with({text}, 'Z') "
        f"THEN try_cast({text} AS TIMESTAMP) "
        f"ELSE {local} + {shift} END END)"
    )


def iso_precision(text: str) -> str:
    """DuckDB expression for the precision of a time that `iso_utc` reads.

    Milliseconds that are all zero say no more than seconds.
    """
    return (
        f"CASE WHEN length({text}) = 10 THEN 'day' "
        f"WHEN NOT regexp_matches({text}, '[0-9]:[0-9]{{2}}:[0-9]') THEN 'min' "
        f"WHEN regexp_matches({text}, '[.][0-9]{{0,2}}[1-9]') THEN 'ms' ELSE 's' END"
    )


def zoned_utc(text: str) -> str:
    """DuckDB expression in UTC for `YYYY-MM-DD HH:MM:SS ZONE`, else NULL.

    The zone is an abbreviation of `ZONES` or an offset. A time without a zone,
    or with an abbreviation that names several, is not read.
    """
    zone = f"regexp_extract({text}, ' ([A-Z]{{3,4}})$', 1)"
    hours = " ".join(f"WHEN '{name}' THEN {hour}" for name, hour in ZONES.items())
    local = f"try_strptime({text}[:19], '%Y-%m-%d %H:%M:%S')"
    abbreviated = f"{local} - to_hours(CASE {zone} {hours} END)"
    return (
        f"CASE WHEN regexp_full_match({text}, '{_DAY} [0-9:]{{8}} [A-Z]{{3,4}}') "
        f"THEN {abbreviated} "
        f"WHEN regexp_full_match({text}, '{_DAY}[T ]{_CLOCK} ?{_OFFSET}') THEN {iso_utc(text)} END"
    )
