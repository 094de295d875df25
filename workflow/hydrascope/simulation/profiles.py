"""What an account shows of itself: names, descriptions, followers, the history of a Page."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from hydrascope.simulation.clock import DAY
from hydrascope.simulation.names import Template, foreign_name, nickname
from hydrascope.simulation.texts import profile_line

__all__ = ["described", "drawn", "paged", "utc_day"]

CELL_LINES = 3


def drawn(rng: np.random.Generator, weights: Mapping[str, float], count: int) -> np.ndarray:
    """Draw names by their weights.

    Returns
    -------
    numpy.ndarray
        Shape (count,), of str.
    """
    chances = np.array(list(weights.values()), dtype=float)
    return rng.choice(np.array(list(weights)), count, p=chances / chances.sum())


def utc_day(seconds: int) -> str:
    """The day of a moment, as YYYY-MM-DD."""
    return str(np.datetime64(int(seconds), "s").astype("datetime64[D]"))


def described(
    rng: np.random.Generator,
    accounts: pd.DataFrame,
    templates: Sequence[Template],
    subjects: Sequence[str],
) -> pd.DataFrame:
    """Give accounts names, handles, descriptions and followers.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    accounts : pandas.DataFrame
        language, cell and templated (whether the cell's template is followed).
    templates : sequence of Template
        One a cell; empty where nobody follows one.
    subjects : sequence of str
        What descriptions speak of.

    Returns
    -------
    pandas.DataFrame
        `accounts` with display_name, handle, description, followers, following.
    """

    def line(language: str) -> str:
        return profile_line(rng, subjects[int(rng.integers(len(subjects)))], language)

    lines = [
        {language: [line(language) for _ in range(CELL_LINES)] for language in sorted(set(rows))}
        for rows in [accounts["language"]] * len(templates)
    ]
    names, handles, texts = [], [], []
    for number, row in enumerate(accounts.itertuples()):
        if row.templated:
            name, handle = templates[row.cell].name(rng, number)
            text = lines[row.cell][row.language][int(rng.integers(CELL_LINES))]
        else:
            name, handle = nickname(rng, row.language)
            text = line(row.language)
        names.append(name)
        handles.append(handle)
        texts.append(text if rng.random() < 0.6 else "")
    popularity = np.where(accounts["templated"], 1.3, 3.4)
    return accounts.assign(
        display_name=names,
        handle=handles,
        description=texts,
        followers=rng.lognormal(popularity, 1.5).astype(int),
        following=rng.lognormal(3.0, 1.2, len(accounts)).astype(int),
    )


def paged(
    rng: np.random.Generator,
    accounts: pd.DataFrame,
    *,
    renamed: float,
    countries: Sequence[str],
) -> pd.DataFrame:
    """Give Pages a history of names, merges, and the countries of their admins.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    accounts : pandas.DataFrame
        unit, created, start (seconds since 1970) and display_name.
    renamed : float
        Share of Pages that began under a name in another script.
    countries : sequence of str
        Codes of the countries that admins are in.

    Returns
    -------
    pandas.DataFrame
        `accounts` with name_history, merges and admin_countries, empty lists for
        accounts that are no Pages.
    """
    histories, merges, admins = [], [], []
    for row in accounts.itertuples():
        if row.unit != "page":
            histories.append([])
            merges.append([])
            admins.append([])
            continue
        first, history = row.display_name, []
        joined = []
        if rng.random() < renamed:
            first = foreign_name(rng)
            turn = row.created + int(rng.random() * max(row.start - row.created, 31 * DAY))
            history = [(utc_day(turn), "renamed", row.display_name)]
            if rng.random() < 0.18:
                joined = [(utc_day(turn + 12 * DAY), foreign_name(rng))]
        histories.append([(utc_day(row.created), "created", first), *history])
        merges.append(joined)
        chosen = rng.choice(np.array(countries), min(len(countries), 1 + rng.integers(2)), False)
        admins.append([(str(country), int(rng.integers(1, 8))) for country in sorted(chosen)])
    return accounts.assign(name_history=histories, merges=merges, admin_countries=admins)
