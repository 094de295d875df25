"""Times that X ids carry, read only where the stated time agrees.

Ids given since November 2010 hold their making in milliseconds above the
twenty-second bit. Older ids are a running number, on which the same formula
answers with nonsense, so an id counts only above 10^17 and only where the
time in it falls into the very minute or day that the platform states.
"""

__all__ = ["EPOCH_MS", "SMALLEST_ID", "id_moment_sql", "snowflake_sql"]

EPOCH_MS = 1_288_834_974_657
SMALLEST_ID = 10**17


def id_moment_sql(number: str) -> str:
    """DuckDB expression for the time in an id, NULL in one that is too small to hold any.

    Parameters
    ----------
    number : str
        Expression of type VARCHAR that holds the id.
    """
    id_number = f"try_cast({number} AS UBIGINT)"
    time = f"make_timestamp(((({id_number}) >> 22)::BIGINT + {EPOCH_MS}) * 1000)"
    return f"CASE WHEN {id_number} > {SMALLEST_ID} THEN {time} END"


def snowflake_sql(number: str, stated: str, unit: str) -> str:
    """DuckDB expression for the time in an id, NULL where it must not be read.

    Parameters
    ----------
    number : str
        Expression of type VARCHAR that holds the id.
    stated : str
        Expression of type TIMESTAMP, the time as the platform states it.
    unit : {'second', 'minute', 'day'}
        How exact the stated time is.

    Returns
    -------
    str
        Expression of type TIMESTAMP with milliseconds, in UTC.
    """
    time = id_moment_sql(number)
    return f"CASE WHEN date_trunc('{unit}', {time}) = {stated} THEN {time} END"
