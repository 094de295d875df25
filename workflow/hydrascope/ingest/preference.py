"""Which of several records of one thing is kept."""

import pyarrow as pa

__all__ = ["content_sql", "fullness_sql"]

# Where a record stood, and when, says nothing about how full it is.
PLACE = {"collection", "source_file", "source_row", "first_seen", "last_seen"}


def fullness_sql(schema: pa.Schema) -> str:
    """DuckDB ordering that puts the fullest record first."""
    filled = " + ".join(f"({name} IS NOT NULL)::INTEGER" for name in _told(schema))
    return f"{filled} DESC"


def content_sql(schema: pa.Schema) -> str:
    """DuckDB ordering of equally full records by what they hold.

    So the order of the raw rows decides nothing that can be seen. Counts go
    down: those of another day were mostly lower.
    """
    return ", ".join(
        f"{name} DESC" if pa.types.is_integer(schema.field(name).type) else name
        for name in _told(schema)
    )


def _told(schema: pa.Schema) -> list[str]:
    return [name for name in schema.names if name not in PLACE]
