"""Values that stand where a time is due and are none: the zeros of clocks and programs.

A program that knows no time writes the day on which its clock begins (1970-01-01, in .NET
0001-01-01, in Excel 1899-12-30), a second beside it, or the last day that it can hold.
"""

__all__ = ["no_time_sql"]

# Days on which clocks begin: .NET and Go, Windows, SQL Server, VMS, Excel on Windows and on
# the Mac, SAS and Stata, Unix, FAT.
BEGINNINGS = (
    *("1601-01-01", "1753-01-01", "1858-11-17", "1899-12-30", "1899-12-31", "1900-01-01"),
    *("1904-01-01", "1960-01-01", "1970-01-01", "1980-01-01"),
)
# Days that mean never: the end of 32 bits, and round ones. None counts before it has come.
ENDS = ("2038-01-19", "2099-12-31", "2999-12-31", "3000-01-01")
# No day before or after these can be written in four digits.
FIRST, LAST = "0001-01-01", "9999-12-31"
# Of what is no time in the form that was expected: zeros, and such days in other forms.
TEXTS = (
    "[+-]?[01]([.]0*)?",
    "0{4}([-/.])00[-/.]00([T ].*)?",
    "00[-/.]00[-/.]0{4}( .*)?",
    "0?1[-/.]0?1[-/.](0001|1601|1753|1900|1904|1970|1980)( .*)?",
    "(12[-/.]31|31[-/.]12|12[-/.]30|30[-/.]12)[-/.](1899|1969|9999)( .*)?",
    "-(62135596800|11644473600|6847804800|2209161600|2209075200|2208988800|2082844800)(0{3})?",
    "253402214400(0{3})?|253402300799(0{3}|9{3})?",
)


def no_time_sql(time: str, text: str) -> str:
    """DuckDB expression that is true of a placeholder, at any hour and in any zone.

    Parameters
    ----------
    time : str
        Expression of type TIMESTAMP in UTC, NULL where the text is no time.
    text : str
        Expression of the text.
    """
    early = " OR ".join([f"{time} < {_after(FIRST)}", *(_around(time, day) for day in BEGINNINGS)])
    late = " OR ".join([f"{time} >= {_before(LAST)}", *(_around(time, day) for day in ENDS)])
    texts = "|".join(f"({one})" for one in TEXTS)
    # Nearly every time lies between the two, and is looked at no further.
    return (
        f"CASE WHEN {time} IS NULL THEN regexp_full_match({text}, '{texts}') "
        f"WHEN {time} < {_after(BEGINNINGS[-1])} THEN {early} "
        f"WHEN {time} >= $snapshot::TIMESTAMP THEN {late} ELSE false END"
    )


def _before(day: str) -> str:
    """The moment at which a day begins in the first of the zones."""
    return f"TIMESTAMP '{day}' - INTERVAL 14 HOUR"


def _after(day: str) -> str:
    """The moment at which a day has ended in the last of the zones."""
    return f"TIMESTAMP '{day}' + INTERVAL 38 HOUR"


def _around(time: str, day: str) -> str:
    return f"({time} >= {_before(day)} AND {time} < {_after(day)})"
