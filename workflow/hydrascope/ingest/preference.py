"""Which of several records of one thing is kept."""

import pyarrow as pa

__all__ = ["preference_sql"]

# Where a record stood, and when, says nothing about how full it is.
PLACE = {"collection", "source_file", "source_row", "first_seen", "last_seen"}


def preference_sql(schema: pa.Schema) -> str:
    """DuckDB ordering that puts the record to keep first.

    The fuller record goes first; equally full ones go by what they hold, so
    that the order of the raw rows decides nothing that can be seen.
    """
    names = [name for name in schema.names if name not in PLACE]
    filled = " + ".join(f"({name} IS NOT NULL)::INTEGER" for name in names)
    return ", ".join([f"{filled} DESC", *names])
