"""What two people need to code texts by hand, blind to what was computed."""

import duckdb
import numpy as np
import pandas as pd

from hydrascope.narratives.codebook import SIDES, UNCODED

__all__ = ["OUTSIDE", "coding_guide", "coding_sheet", "drawable", "sampled_units", "unit_texts"]

# The stratum of families that the network does not share.
OUTSIDE = "outside"
# Units of the network that one family from outside comes with.
EACH_OUTSIDE = 4
# Fewest units of a stratum, so that its spread can be told.
FEWEST = 5
KEY = ["unit", "family", "language", "stratum", "inclusion", "families", "posts"]
SHEET = ["unit", "language", "text", "subject", "stance", "note"]
DRAWABLE = """
    SELECT family, language FROM families ANTI JOIN (
        SELECT DISTINCT family
        FROM (SELECT post_id, account_id FROM posts)
        JOIN (SELECT account_id FROM verdicts WHERE verdict = 'affiliated') USING (account_id)
        JOIN members USING (post_id)
    ) USING (family)
    UNION ALL SELECT family, language FROM own ORDER BY family
"""
SAID = """
    SELECT family, text FROM members
    SEMI JOIN units USING (family) JOIN (SELECT post_id, text FROM posts) USING (post_id)
    GROUP BY family, text
    QUALIFY row_number() OVER (PARTITION BY family ORDER BY count(*) DESC, text) = 1
"""


def drawable(base: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The families that units are drawn from.

    Parameters
    ----------
    base : duckdb.DuckDBPyConnection
        Where `families`, `members`, `posts` and `verdicts` of the collection are, and `own`,
        the network's families that were looked at.

    Returns
    -------
    pandas.DataFrame
        family and language of those, and of all families that the network does not share;
        sorted by family.
    """
    return base.sql(DRAWABLE).df()


def sampled_units(
    families: pd.DataFrame, coded: pd.DataFrame, *, languages: list[str], units: int, seed: int
) -> pd.DataFrame:
    """Draw families to be coded by hand, with known chances.

    Parameters
    ----------
    families : pandas.DataFrame
        What `drawable` gave.
    coded : pandas.DataFrame
        family and subject of the network's posts, as `subjects.subject_tables` gave them.
    languages : list of str
        Languages that are drawn from, each by itself.
    units : int
        Families of the network drawn in each language, or all where there are fewer.
    seed : int
        Seed of the draw.

    Returns
    -------
    pandas.DataFrame
        unit (a number that says nothing), family, language, stratum (the machine's subject,
        or `outside`), inclusion (chance of having been drawn), families (of the stratum in
        that language) and posts (of the family by the network), sorted by unit.

    Notes
    -----
    Stratified simple random sampling without replacement, by language and the machine's
    subject, with sizes as the root of the stratum's, so that rare subjects have enough units
    for their errors to be seen (Bankier 1988, The American Statistician 42, 174-177). For
    each four families of the network one comes from outside, so that nobody can tell from
    being on a sheet which side a text is from; they are no part of any estimate.
    """
    posts = coded.groupby("family")["family"].size()
    subject = coded.drop_duplicates("family").set_index("family")["subject"]
    table = families[["family", "language"]].sort_values("family")
    table = table[table["language"].isin(languages)]
    table["stratum"] = table["family"].map(subject).fillna(OUTSIDE)
    table["posts"] = table["family"].map(posts).fillna(0).astype(int)
    rng = np.random.default_rng(seed)
    drawn = []
    for _, own in table.groupby("language"):
        sizes = own.groupby("stratum").size()
        wanted = allocated(sizes.drop(OUTSIDE, errors="ignore"), units)
        around = -(-int(wanted.sum()) // EACH_OUTSIDE)
        wanted[OUTSIDE] = min(around, sizes.get(OUTSIDE, 0))
        for stratum, size in wanted[wanted > 0].items():
            inside = own[own["stratum"] == stratum]
            chosen = inside.iloc[np.sort(rng.choice(len(inside), size, replace=False))]
            drawn.append(chosen.assign(inclusion=size / len(inside), families=len(inside)))
    if not drawn:
        return pd.DataFrame(columns=KEY)
    key = pd.concat(drawn)
    key = key.iloc[rng.permutation(len(key))]
    key["unit"] = [f"u{number:05}" for number in range(1, len(key) + 1)]
    return key[KEY].reset_index(drop=True)


def allocated(sizes: pd.Series, units: int) -> pd.Series:
    """Share units among strata as the roots of their sizes.

    Parameters
    ----------
    sizes : pandas.Series of int
        Size of each stratum, by its name.
    units : int
        Units of all strata together, or as many as there are.

    Returns
    -------
    pandas.Series of int
        At most the stratum's size, and at least five or all where units are enough.
    """
    size = sizes.to_numpy()
    units = min(units, int(size.sum()))
    wanted = np.minimum(size, FEWEST)
    if wanted.sum() > units:
        wanted = np.zeros_like(size)
    for _ in range(units - int(wanted.sum())):
        # The next unit goes to the stratum that lags furthest behind the root of its size.
        lag = np.where(wanted < size, (wanted + 1) / np.sqrt(size), np.inf)
        wanted[lag.argmin()] += 1
    return pd.Series(wanted, index=sizes.index)


def unit_texts(base: duckdb.DuckDBPyConnection, key: pd.DataFrame) -> pd.Series:
    """Choose the text of each unit, as it was posted.

    Parameters
    ----------
    base : duckdb.DuckDBPyConnection
        Where `members` (post_id and family) and `posts` (post_id and text) are.
    key : pandas.DataFrame
        What `sampled_units` gave.

    Returns
    -------
    pandas.Series
        By family, the text that was posted most, the first in the alphabet of equals.
    """
    base.register("units", key[["family"]])
    return base.sql(SAID).df().set_index("family")["text"]


def coding_sheet(key: pd.DataFrame, texts: pd.Series, *, seed: int) -> pd.DataFrame:
    """Lay out a sheet for one coder, in an order of its own.

    Parameters
    ----------
    key : pandas.DataFrame
        What `sampled_units` gave.
    texts : pandas.Series
        What `unit_texts` gave.
    seed : int
        Seed of the order; another one for each coder.

    Returns
    -------
    pandas.DataFrame
        unit, language, text, and subject, stance and note to be filled in.
    """
    order = np.random.default_rng(seed).permutation(len(key))
    sheet = key.iloc[order][["unit", "language"]].reset_index(drop=True)
    sheet["text"] = key["family"].iloc[order].map(texts).to_numpy()
    return sheet.assign(subject="", stance="", note="")[SHEET]


def coding_guide(subjects: pd.DataFrame) -> pd.DataFrame:
    """Say what a coder may write.

    Parameters
    ----------
    subjects : pandas.DataFrame
        What `codebook.load_codebook` gave.

    Returns
    -------
    pandas.DataFrame
        column, write, title and definition.
    """
    rows = [
        ("subject", row.subject, row.title, f"What most of the text is about: {row.definition}")
        for row in subjects.itertuples()
    ]
    rows += [
        ("subject", UNCODED, "None of these", "Every other text."),
        ("stance", SIDES[0], "For", "Takes the line that the network is known to push."),
        ("stance", SIDES[1], "Against", "Takes the other side."),
        ("stance", "", "Neither", "Reports, or takes no side: leave it empty."),
        ("note", "", "Anything", "Doubts and remarks; they are not counted."),
    ]
    return pd.DataFrame(rows, columns=["column", "write", "title", "definition"])
