"""Which side a text on a subject takes, where that can be told."""

import numpy as np
import pandas as pd

from hydrascope.narratives.codebook import SIDES, UNCODED
from hydrascope.narratives.points import unit
from hydrascope.narratives.subjects import BEST_PHRASES, DIGITS

__all__ = ["NOT_TOLD", "least_accuracy", "stance_accuracy", "stance_table", "tell_stances"]

NOT_TOLD, ESTIMATED = "not told", "estimated"
ACCURACY, TOLD = "stance, balanced accuracy", "stance, share told"
COLUMNS = ["subject", "language", "stance", "families", "posts", "accounts", "status"]


def tell_stances(
    subjects: pd.Series,
    vectors: np.ndarray,
    phrases: pd.DataFrame,
    phrase_vectors: np.ndarray,
    *,
    min_lead: float,
) -> np.ndarray:
    """Compare each text with what either side says about its subject.

    Parameters
    ----------
    subjects : pandas.Series of str
        What each text is about.
    vectors : numpy.ndarray
        One row a text.
    phrases : pandas.DataFrame
        What `codebook.load_stances` gave.
    phrase_vectors : numpy.ndarray
        One row of unit length a phrase.
    min_lead : float
        Smallest lead of one side's similarity over the other's at which a side is told.

    Returns
    -------
    numpy.ndarray of str
        `for`, `against` or `not told`; the last for every text whose subject has no sides
        in the codebook.

    Notes
    -----
    A similarity is the mean cosine to the three nearest phrases of the side, as in
    `subjects.join_subjects`. A sentence vector holds what a text is about before it
    holds what the text thinks of it, and denial lies close to what is denied: how often
    this is right is measured (`stance_accuracy`), and `stance_table` asks for that figure.
    """
    cosines = unit(np.asarray(vectors, dtype=float)) @ phrase_vectors.T.astype(float)
    lead = np.zeros(len(subjects))
    for subject in phrases["subject"].unique():
        at = np.flatnonzero(subjects == subject)
        near = [
            np.sort(cosines[np.ix_(at, own)], axis=1)[:, -BEST_PHRASES:].mean(axis=1)
            for own in (
                np.flatnonzero((phrases["subject"] == subject) & (phrases["stance"] == side))
                for side in SIDES
            )
        ]
        lead[at] = (near[0] - near[1]).round(DIGITS)
    return np.select([lead >= min_lead, lead <= -min_lead], SIDES, NOT_TOLD)


def stance_accuracy(told: np.ndarray, planted: pd.Series, languages: pd.Series) -> pd.DataFrame:
    """Score the stances that were told against those that were planted.

    Parameters
    ----------
    told : numpy.ndarray of str
        What `tell_stances` gave.
    planted : pandas.Series of str
        `for`, `against`, or anything else for a text that takes no side.
    languages : pandas.Series of str
        Language of each text.

    Returns
    -------
    pandas.DataFrame
        measure, part (the language) and value. `stance, balanced accuracy`: the mean over
        both sides of how often a text of that side, where one is told, is told to be of
        it; a coin reaches 0.5. `stance, share told`: of texts that take a side; and `stance,
        share told of texts without one`: of the others. NaN where there is none.
    """
    rows = []
    table = pd.DataFrame({"told": told, "planted": np.asarray(planted)})
    for language, own in table.groupby(np.asarray(languages)):
        decided = own["told"] != NOT_TOLD
        right = [(own["told"] == side)[decided & (own["planted"] == side)].mean() for side in SIDES]
        sided = own["planted"].isin(SIDES)
        rows += [
            (ACCURACY, language, float(np.mean(right))),
            (TOLD, language, float(decided[sided].mean())),
            (f"{TOLD} of texts without one", language, float(decided[~sided].mean())),
        ]
    return pd.DataFrame(rows, columns=["measure", "part", "value"])


def least_accuracy(calibration: pd.DataFrame) -> pd.Series:
    """Lower end of the balanced accuracy, by language.

    Parameters
    ----------
    calibration : pandas.DataFrame
        measure, part and low, as `calibrate.averaged` gave them.
    """
    own = calibration[calibration["measure"] == ACCURACY]
    return own.set_index("part")["low"].astype(float)


def stance_table(
    coded: pd.DataFrame,
    languages: pd.Series,
    stances: pd.Series,
    accuracy: pd.Series,
    *,
    min_accuracy: float,
) -> pd.DataFrame:
    """Count the network's posts by subject, language and stance, where stance can be told.

    Parameters
    ----------
    coded : pandas.DataFrame
        post_id, account_id, family and subject, as `subjects.subject_tables` gave them.
    languages, stances : pandas.Series
        Language and stance of each family, by its name.
    accuracy : pandas.Series
        What `least_accuracy` gave.
    min_accuracy : float
        Least balanced accuracy at which the stances of a language are shown.

    Returns
    -------
    pandas.DataFrame
        subject, language, stance, families, posts, accounts and status: `estimated`, or
        `not identified` with the reason, where all texts count as `not told`. Sorted by
        the first three. Posts that are uncoded or without words are left out: nobody has
        said what they would take a side on.
    """
    rows = coded.loc[coded["subject"] != UNCODED].dropna(subset="family")
    rows = rows.assign(
        language=rows["family"].map(languages).astype(str), stance=rows["family"].map(stances)
    )
    status = {
        language: _status(accuracy.get(language, np.nan), min_accuracy)
        for language in rows["language"].unique()
    }
    rows["status"] = rows["language"].map(status)
    rows["stance"] = rows["stance"].where(rows["status"] == ESTIMATED, NOT_TOLD)
    keys = ["subject", "language", "stance", "status"]
    table = rows.groupby(keys, as_index=False).agg(
        families=("family", "nunique"),
        posts=("post_id", "size"),
        accounts=("account_id", "nunique"),
    )
    return table[COLUMNS].sort_values(keys[:3], ignore_index=True)


def _status(accuracy: float, min_accuracy: float) -> str:
    if np.isnan(accuracy):
        return "not identified: not measured in this language"
    if accuracy < min_accuracy:
        return (
            f"not identified: lower 95 % limit of the balanced accuracy on simulated texts "
            f"{accuracy:.2f}, {min_accuracy:g} asked"
        )
    return ESTIMATED
