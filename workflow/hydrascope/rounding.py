"""Numbers that single accounts have, as coarse as a table of many may show them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

__all__ = ["coarsened"]


def coarsened(
    table: pd.DataFrame, columns: Sequence[str], rows: pd.Series | bool = True
) -> pd.DataFrame:
    """Round to whole numbers, and above ten to two digits of which the second is 0 or 5.

    A median is the value of one account or two: to the second it would say whose it is to
    anybody who has the times of all.

    Parameters
    ----------
    table : pandas.DataFrame
        Any.
    columns : sequence of str
        What is rounded: numbers that are not below zero; missing and infinite ones stay.
    rows : pandas.Series of bool
        Where, if not everywhere.

    Returns
    -------
    pandas.DataFrame
        The table with these cells rounded.
    """
    values = table[list(columns)].astype(float)
    above = values.where(np.isfinite(values) & (values > 10))
    step = (5 * 10 ** (np.floor(np.log10(above)) - 1)).fillna(1)
    rounded = (values / step).round() * step
    chosen = pd.Series(rows, table.index)
    return table.assign(**{name: rounded[name].where(chosen, table[name]) for name in columns})
