"""What the platforms left out: missing values by platform, unit and field."""

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["missingness", "snapshots"]

SNAPSHOTS = ["collection", "platform", "taken_at", "scope", "ids_asked"]


def missingness(accounts: pa.Table, posts: pa.Table) -> pd.DataFrame:
    """Count missing values of every field.

    Returns
    -------
    pandas.DataFrame
        table, platform, unit (of an account) or kind (of a post), field, rows,
        missing and share, sorted by the first four.
    """
    parts = []
    for name, table, unit in (("accounts", accounts, "unit"), ("posts", posts, "kind")):
        fields = [field for field in table.column_names if field not in ("platform", unit)]
        empty = {field: pc.is_null(table[field]).cast(pa.int64()) for field in fields}
        keys = {"platform": table["platform"], "unit": table[unit]}
        groups = pa.table({**keys, **empty}).group_by(["platform", "unit"])
        sums = [(field, "sum") for field in fields]
        counted = groups.aggregate([([], "count_all"), *sums]).to_pandas()
        counted = counted.rename(columns={f"{field}_sum": field for field in fields})
        long = counted.melt(
            ["platform", "unit", "count_all"], var_name="field", value_name="missing"
        )
        parts.append(long.assign(table=name).rename(columns={"count_all": "rows"}))
    result = pd.concat(parts, ignore_index=True)
    result["share"] = result["missing"] / result["rows"]
    order = ["table", "platform", "unit", "field"]
    return result[[*order, "rows", "missing", "share"]].sort_values(order, ignore_index=True)


def snapshots(files: pd.DataFrame, collection: str) -> pd.DataFrame:
    """List when each platform was looked at, and what was asked for.

    Parameters
    ----------
    files : pandas.DataFrame
        The study's rows of collections.tsv.
    collection : str
        Name of the collection.

    Returns
    -------
    pandas.DataFrame
        collection, platform, taken_at (day), scope, ids_asked; sorted. A whole
        release asks for no ids, so nothing that it lacks counts as removed.
    """
    days = files[["platform", "snapshot"]].drop_duplicates()
    table = days.rename(columns={"snapshot": "taken_at"}).assign(
        collection=collection, scope="whole release", ids_asked=""
    )
    return table[SNAPSHOTS].sort_values(["platform", "taken_at"], ignore_index=True)
