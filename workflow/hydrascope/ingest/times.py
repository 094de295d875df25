"""Times as the platforms write them, in UTC, and how exact they are."""

import datetime as dt
import math
import re
from collections.abc import Mapping
from types import MappingProxyType
from zoneinfo import ZoneInfo

__all__ = [
    "PLACES",
    "UNNAMED",
    "VAGUE",
    "ZONES",
    "days_ago",
    "iso_precision",
    "iso_utc",
    "zoned_utc",
]

HOUR = dt.timedelta(hours=1)
# What is told by the week or a longer time is on no day.
VAGUE = "vague"
HOURS_OF = {"s": 1 / 3600, "min": 1 / 60, "h": 1, "day": 24}
UNITS_OF = {
    "s": "second|sec|秒|秒钟|秒鐘",
    "min": "minute|min|分|分钟|分鐘",
    "h": "hour|hr|小时|小時|个小时|個小時|个钟头",
    "day": "day|天|日",
    VAGUE: "week|wk|month|mo|year|yr|周|週|星期|个星期|個星期|月|个月|個月|年",
}
UNIT = {word: unit for unit, words in UNITS_OF.items() for word in words.split("|")}
AGO = re.compile(rf"([0-9]{{1,4}}|an?|one)\s*({'|'.join(UNIT)})(?:s? ago|[之以]?前)")
NAMED_DAY = re.compile(
    r"(just now|now|刚刚|剛剛|刚才|剛才|today|今天|今日|yesterday|昨天|昨日|前天)"
    r"(?:,? ?(?:at )?[0-9]{1,2}:[0-5][0-9](?::[0-5][0-9])?(?: ?[ap]m)?)?"
)
DAYS_OF = {"yesterday": 1, "昨天": 1, "昨日": 1, "前天": 2}

_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?"
_OFFSET = "(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)"
ISO = f"{_DAY}([T ]{_CLOCK}( ?{_OFFSET})?)?"

# Hours from UTC of the abbreviations that named one offset from 2011 to 2024, in the IANA data
# base or, where that has numbers alone since 2017, in its release 2016j and in Java. Places
# without inhabitants, Manila's PST and Havana's CDT are left out: a setting may say otherwise.
# CST (Chicago, Shanghai, Havana), IST (India, Ireland, Israel), BST (Britain, Bangladesh), AST
# (Halifax, Riyadh), AMT (Manaus, Yerevan), ACT (Acre, Australia), WST (Samoa, Australia) and
# SST (Samoa, Solomon Islands) name several.
ZONES = {
    **{"EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7},
    **{"UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3},
    **{"HST": -10, "HDT": -9, "HADT": -9, "AKST": -9, "AKDT": -8, "ADT": -3, "NST": -3.5},
    **{"NDT": -2.5, "BRT": -3, "BRST": -2, "ART": -3, "CLT": -4, "CLST": -3, "COT": -5, "PET": -5},
    **{"ECT": -5, "GALT": -6, "BOT": -4, "PYT": -4, "PYST": -3, "UYT": -3, "UYST": -2, "GYT": -4},
    **{"SRT": -3, "GFT": -3, "FNT": -2, "AZOT": -1, "CVT": -1, "WAT": 1, "WAST": 2},
    **{"CAT": 2, "SAST": 2, "EAT": 3, "IDT": 3, "TRT": 3, "MUT": 4, "SCT": 4, "RET": 4, "GST": 4},
    **{"GET": 4, "AZT": 4, "IRST": 3.5, "IRDT": 4.5, "AFT": 4.5, "PKT": 5, "UZT": 5, "TMT": 5},
    **{"TJT": 5, "MVT": 5, "NPT": 5.75, "BDT": 6, "BTT": 6, "KGT": 6, "MMT": 6.5, "ICT": 7},
    **{"WIB": 7, "WITA": 8, "WIT": 9, "SGT": 8, "MYT": 8, "PHT": 8, "HKT": 8, "BNT": 8, "AWST": 8},
    **{"JST": 9, "KST": 9, "TLT": 9, "ACST": 9.5, "ACDT": 10.5, "AEST": 10, "AEDT": 11, "PGT": 10},
    **{"ChST": 10, "NCT": 11, "SBT": 11, "VUT": 11, "FJT": 12, "FJST": 13, "NZST": 12, "NZDT": 13},
}
# One place each, but not the same offset in all years.
PLACES = {
    **{"MSK": "Europe/Moscow", "SAMT": "Europe/Samara", "YEKT": "Asia/Yekaterinburg"},
    **{"OMST": "Asia/Omsk", "NOVT": "Asia/Novosibirsk", "KRAT": "Asia/Krasnoyarsk"},
    **{"IRKT": "Asia/Irkutsk", "YAKT": "Asia/Yakutsk", "VLAT": "Asia/Vladivostok"},
    **{"MAGT": "Asia/Magadan", "PETT": "Asia/Kamchatka", "SAKT": "Asia/Sakhalin"},
    **{"VET": "America/Caracas", "ALMT": "Asia/Almaty"},
}
# Where a setting says of which zone times are that name none.
UNNAMED = "none"
LOOKED_AT = [
    dt.datetime(year, month, 1, 12, tzinfo=dt.UTC)
    for year in range(2004, 2025)
    for month in range(1, 13)
]


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


def zoned_utc(text: str, stated: Mapping[str, str] = MappingProxyType({})) -> str:
    """DuckDB expression in UTC for `YYYY-MM-DD HH:MM:SS ZONE`, else NULL.

    The zone is an offset or an abbreviation of `ZONES`, `PLACES` or `stated`. A
    time with any other is not read.

    Parameters
    ----------
    text : str
        Expression of type VARCHAR.
    stated : mapping of str to str
        Time zones, such as America/Chicago, by the abbreviations that mean
        them; `none` for the zone of times that name none.
    """
    offsets = {**ZONES, **PLACES, **{name: _offset(name, zone) for name, zone in stated.items()}}
    hours = {name: offset for name, offset in offsets.items() if not isinstance(offset, str)}
    places = {name: offset for name, offset in offsets.items() if isinstance(offset, str)}
    zone = f"regexp_extract({text}, ' ([A-Za-z]{{2,5}})$', 1)"
    local = f"try_strptime({text}[:19], '%Y-%m-%d %H:%M:%S')"
    minutes = " ".join(f"WHEN '{name}' THEN {int(60 * hour)}" for name, hour in hours.items())
    # Last, since few times need a zone's whole history.
    there = " ".join(
        f"WHEN '{name}' THEN {_in_zone(local, place)}" for name, place in places.items()
    )
    unnamed = stated.get(UNNAMED)
    bare = f"regexp_full_match({text}, '{_DAY} [0-9:]{{8}}')"
    offset = f"regexp_full_match({text}, '{_DAY}[T ]{_CLOCK} ?{_OFFSET}')"
    return (
        f"CASE WHEN regexp_full_match({text}, '{_DAY} [0-9:]{{8}} [A-Za-z]{{2,5}}') "
        f"THEN coalesce({local} - to_minutes(CASE {zone} {minutes} END), CASE {zone} {there} END) "
        + (f"WHEN {bare} THEN {_in_zone(local, unnamed)} " if unnamed else "")
        + f"WHEN {offset} THEN {iso_utc(text)} END"
    )


def _in_zone(local: str, zone: str) -> str:
    return f"timezone('UTC', timezone('{zone}', {local}))"


def _offset(name: str, zone: str) -> float | str:
    """Hours from UTC under an abbreviation in a zone; the zone where that does not settle them."""
    there = [moment.astimezone(ZoneInfo(zone)) for moment in LOOKED_AT]
    hours = {moment.utcoffset() / HOUR for moment in there if moment.tzname() == name}
    return hours.pop() if len(hours) == 1 else zone


def days_ago(text: str) -> str:
    """How many days before the one on which somebody looked a time lies.

    Parameters
    ----------
    text : str
        A time told from when somebody looked, such as `20 hours ago`, `5分钟前` or
        `昨天 12:30`.

    Returns
    -------
    str
        A number of days; `VAGUE` for weeks and more; '' for what is no such time. Hours are
        counted from noon, since nobody knows at which hour somebody looked.
    """
    text = text.strip().casefold()
    if named := NAMED_DAY.fullmatch(text):
        return str(DAYS_OF.get(named[1], 0))
    if not (told := AGO.fullmatch(text)):
        return ""
    unit = UNIT[told[2]]
    if unit == VAGUE:
        return VAGUE
    hours = (int(told[1]) if told[1].isdigit() else 1) * HOURS_OF[unit]
    return str(max(0, math.ceil((hours - 12) / 24)))
