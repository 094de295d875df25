"""What the platforms left out: missing values by platform, unit and field."""

import duckdb
import pandas as pd

__all__ = ["missingness"]


def missingness(
    base: duckdb.DuckDBPyConnection,
    accounts: duckdb.DuckDBPyRelation,
    posts: duckdb.DuckDBPyRelation,
) -> pd.DataFrame:
    """Count missing values of every field.

    Returns
    -------
    pandas.DataFrame
        table, platform, unit (of an account) or kind (of a post), field, rows,
        missing and share, sorted by the first four.
    """
    parts = []
    for name, rows, unit in (("accounts", accounts, "unit"), ("posts", posts, "kind")):
        fields = [field for field in rows.columns if field not in ("platform", unit)]
        empty = ", ".join(f"count(*) - count({field}) AS {field}" for field in fields)
        counted = base.sql(
            f"SELECT platform, {unit} AS unit, count(*) AS rows, {empty} FROM rows GROUP BY ALL"
        ).to_df()
        long = counted.melt(["platform", "unit", "rows"], var_name="field", value_name="missing")
        parts.append(long.assign(table=name))
    result = pd.concat(parts, ignore_index=True)
    result["share"] = result["missing"] / result["rows"]
    order = ["table", "platform", "unit", "field"]
    return result[[*order, "rows", "missing", "share"]].sort_values(order, ignore_index=True)
