"""Subjects as coded against the narratives that were planted."""

from itertools import combinations

import numpy as np
import pandas as pd

from hydrascope.errors import TableError
from hydrascope.narratives.codebook import UNCODED
from hydrascope.texts.languages import scripts_of

__all__ = ["score_subjects"]

ALL = "all"
KEYS = ["platform", "native_id"]
TRUTH = ["platform", "post", "narrative"]
COLUMNS = ["measure", "language", "script", "subject", "value", "n"]
MEETS = "same subject meets"
SCRIPTS = ["Hans", "Hant", "Latn"]


def score_subjects(
    coded: pd.DataFrame,
    posts: pd.DataFrame,
    families: pd.DataFrame,
    truth: pd.DataFrame,
    subjects: list[str],
) -> pd.DataFrame:
    """Score the coded subjects of the network's posts against the truth.

    Parameters
    ----------
    coded : pandas.DataFrame
        What `subjects.subject_tables` gave.
    posts : pandas.DataFrame
        post_id, platform, native_id and text.
    families : pandas.DataFrame
        family and language.
    truth : pandas.DataFrame
        platform, post (native id) and narrative, all text. A narrative that is
        no subject, an empty one among them, is off topic.
    subjects : list of str
        The codebook's subjects.

    Returns
    -------
    pandas.DataFrame
        measure, language, script, subject, value and n, sorted by language, script,
        subject and measure. For each subject `precision` (n: posts coded so), `recall` (n: posts
        planted so) and `f1` (n: posts that are either). For the subject `all`:
        `macro f1`, the mean over the subjects that were planted there (n: their
        number); `off-topic share coded` (n: off-topic posts); and `share with truth`
        (n: posts of the network); and over all languages `same subject meets`, the chance
        that two posts which were planted on one subject in two of the scripts, and are both
        coded, are coded to one subject (n: such pairs of subject and scripts, each with one
        vote), and the same with uncoded posts as not meeting. The value
        is missing where n is 0. `all` takes all languages or scripts together; a script is
        that of the text as it was posted: Simplified (`Hans`) and Traditional (`Hant`)
        Chinese, and Latin, which is English here.

    Raises
    ------
    TableError
        If a column is missing, a post is in the truth twice, or none of the network's
        posts is there.
    """
    answers = _answers(truth, subjects)
    known = posts.loc[posts["post_id"].isin(coded["post_id"]), ["post_id", *KEYS, "text"]]
    rows = coded.merge(known, on="post_id").merge(answers, on=KEYS, how="left")
    rows["script"] = scripts_of(rows["text"].fillna("").to_list())
    rows["language"] = rows["family"].map(families.set_index("family")["language"]).fillna("und")
    if len(rows) and rows["planted"].isna().all():
        raise TableError(
            "truth of the posts, columns platform and post: found none of the network's "
            f"{len(rows)} posts; expected their native ids. Name the truth of this collection."
        )
    parts = [
        (ALL, ALL, rows),
        *((language, ALL, part) for language, part in rows.groupby("language")),
        *((ALL, script, rows[rows["script"] == script]) for script in SCRIPTS),
    ]
    measured = [
        (measure, language, script, subject, value, n)
        for language, script, part in parts
        for measure, subject, value, n in _measures(part, sorted(subjects))
    ]
    for name, coded_only in ((MEETS, True), (f"{MEETS}, uncoded as missed", False)):
        value = _meeting(rows, sorted(subjects), coded_only=coded_only)
        measured.append((name, ALL, ALL, ALL, *value))
    table = pd.DataFrame(measured, columns=COLUMNS)
    order = ["language", "script", "subject", "measure"]
    return table.sort_values(order, ignore_index=True)


def _meeting(rows: pd.DataFrame, subjects: list[str], *, coded_only: bool) -> tuple[float, int]:
    chances = []
    for subject in subjects:
        own = rows[rows["planted"] == subject]
        own = own[own["subject"] != UNCODED] if coded_only else own
        shares = [
            part["subject"].value_counts(normalize=True).drop(UNCODED, errors="ignore")
            for script, part in own.groupby("script")
            if script in SCRIPTS
        ]
        pairs = combinations(shares, 2)
        chances += [float(one.mul(other, fill_value=0).sum()) for one, other in pairs]
    return _share(sum(chances), len(chances)), len(chances)


def _answers(truth: pd.DataFrame, subjects: list[str]) -> pd.DataFrame:
    missing = [column for column in TRUTH if column not in truth.columns]
    if missing:
        raise TableError(
            f"truth of the posts, column {missing[0]}: found no such column; expected "
            f"{', '.join(TRUTH)}. Name the columns so, separated by tabs."
        )
    answers = truth[TRUTH].set_axis([*KEYS, "planted"], axis=1)
    twice = answers.duplicated(KEYS)
    if twice.any():
        raise TableError(
            f"truth of the posts, row {int(np.flatnonzero(twice)[0]) + 1}, column post: found a "
            "post that stands there already; expected each once. Remove one of the rows."
        )
    return answers.assign(
        planted=answers["planted"].where(answers["planted"].isin(subjects), UNCODED)
    )


def _measures(rows: pd.DataFrame, subjects: list[str]) -> list[tuple[str, str, float, int]]:
    known = rows.dropna(subset="planted")
    measures, scores = [], []
    for subject in subjects:
        coded, planted = known["subject"] == subject, known["planted"] == subject
        both, either = int((coded & planted).sum()), int(coded.sum() + planted.sum())
        f1 = _share(2 * both, either)
        scores += [f1] if planted.any() else []
        measures += [
            ("precision", subject, _share(both, int(coded.sum())), int(coded.sum())),
            ("recall", subject, _share(both, int(planted.sum())), int(planted.sum())),
            ("f1", subject, f1, int((coded | planted).sum())),
        ]
    off = known["planted"] == UNCODED
    wrong = int((off & (known["subject"] != UNCODED)).sum())
    return [
        *measures,
        ("macro f1", ALL, _share(sum(scores), len(scores)), len(scores)),
        ("off-topic share coded", ALL, _share(wrong, int(off.sum())), int(off.sum())),
        ("share with truth", ALL, _share(len(known), len(rows)), len(rows)),
    ]


def _share(part: float, whole: int) -> float:
    return part / whole if whole else np.nan
