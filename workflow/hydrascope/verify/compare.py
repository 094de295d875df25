"""Two tables compared cell by cell, by stated tolerances."""

import math
from collections.abc import Mapping

import pandas as pd

__all__ = ["differences"]


def differences(
    found: pd.DataFrame,
    expected: pd.DataFrame,
    tolerances: Mapping[str, float],
) -> list[str]:
    """List where a table departs from its reference.

    Parameters
    ----------
    found, expected : pandas.DataFrame
        The tables, every cell as text, their rows counted from 0 by their index.
    tolerances : mapping of str to float
        Relative tolerance by column; the cells of any other column must be the
        same text.

    Returns
    -------
    list of str
        One line a departure, with row and column; empty where there is none.
    """
    if list(found.columns) != list(expected.columns):
        return [f"columns: found {list(found.columns)}, expected {list(expected.columns)}"]
    if len(found) != len(expected):
        return [f"rows: found {len(found)}, expected {len(expected)}"]
    return [
        f"row {row + 1}, column {column}: found {is_!r}, expected {was!r}"
        for column in expected.columns
        for row, is_, was in zip(found.index, found[column], expected[column], strict=True)
        if is_ != was and not _close(is_, was, tolerances.get(column, 0.0))
    ]


def _close(found: str, expected: str, tolerance: float) -> bool:
    try:
        return tolerance > 0 and math.isclose(
            float(found), float(expected), rel_tol=tolerance, abs_tol=1e-9
        )
    except ValueError:
        return False
