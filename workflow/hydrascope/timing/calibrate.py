"""How often the timing methods are wrong, over simulated series in which the truth is known."""

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd

from hydrascope.affiliation.rates import clustered_rate, mean_number
from hydrascope.digest import code_digest

__all__ = ["summed_up", "still_holding", "timing_digest"]

MODULES = ("scan", "bursts", "comparators", "circle", "zones", "replacement")
SHARES, MEANS = "share", "mean"
COLUMNS = ["part", "cell", "measure", "value", "low", "high", "series"]


def timing_digest() -> str:
    """Tell one version of the calibrated methods from another: their code and libraries.

    Returns
    -------
    str
        Sixteen hexadecimal digits.
    """
    here = Path(__file__).parent
    parts = [code_digest(module, scripts=here) for module in MODULES]
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:16]


def summed_up(series: pd.DataFrame) -> pd.DataFrame:
    """Average outcomes over simulated series.

    Parameters
    ----------
    series : pandas.DataFrame
        part, cell, measure, kind (`share`: value is 0 or 1, `mean`: a number) and value, a row
        an outcome of one series.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`: the mean with its 95 % interval (Clopper and Pearson's for shares,
        Student's t for numbers), and over how many series, and a row a part and measure over
        all of its cells, whose cell is `all`.
    """
    everything = series.assign(cell="all")
    rows = []
    for keys, own in pd.concat([series, everything]).groupby(["part", "cell", "measure"]):
        values = own["value"].dropna().to_numpy(float)
        if not len(values):
            continue
        if (own["kind"] == SHARES).all():
            sums = np.array([values.sum()]), np.array([float(len(values))])
            found = clustered_rate(*sums)
        else:
            found = mean_number(values)
        rows.append((*keys, *found, len(values)))
    return pd.DataFrame(rows, columns=COLUMNS)


def still_holding(rates: pd.DataFrame) -> pd.DataFrame:
    """Say of each measured rate whether it was measured on the methods in use.

    Parameters
    ----------
    rates : pandas.DataFrame
        calibration/timing.tsv.

    Returns
    -------
    pandas.DataFrame
        The rates with `holds`, yes or no, instead of the methods' digest.
    """
    same = rates["methods"] == timing_digest()
    return rates.drop(columns="methods").assign(holds=np.where(same, "yes", "no"))
