"""Figure 7: what the network posts about on each platform and in each language."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from hydrascope.figures.draw import empty, intervals, label_rows, readable, side_by_side

__all__ = ["draw_subjects", "subjects_data"]

ALL = "all"
COLUMNS = ["platform", "language", "subject", "posts", "of_posts", "post_share", "low", "high"]
# Languages that are told apart; a colour each.
MOST_LANGUAGES = 4


def subjects_data(prevalence: pd.DataFrame) -> pd.DataFrame:
    """Choose what the figure draws: the share of posts on each subject.

    Parameters
    ----------
    prevalence : pandas.DataFrame
        What `narratives.prevalence.prevalence` gave.

    Returns
    -------
    pandas.DataFrame
        platform, language, subject, posts, of_posts, and post_share with its interval low and
        high, over all months: each platform in its languages with the most posts, and in all
        of them together.
    """
    rows = prevalence[(prevalence["month"] == ALL) & (prevalence["platform"] != ALL)]
    sizes = rows[rows["language"] != ALL].groupby("language")["posts"].sum()
    largest = sizes.sort_index().sort_values(ascending=False, kind="stable").index
    kept = rows[rows["language"].isin([ALL, *largest[:MOST_LANGUAGES]])]
    return kept[COLUMNS].sort_values(COLUMNS[:3], ignore_index=True)


def draw_subjects(data: pd.DataFrame) -> Figure:
    """Draw a panel a platform with a row a subject, the languages beside each other.

    Parameters
    ----------
    data : pandas.DataFrame
        What `subjects_data` gave.

    Returns
    -------
    matplotlib.figure.Figure
        Shares of the network's posts with 95 % intervals where there are some; the subjects
        with the most posts on top.
    """
    platforms = sorted(data["platform"].unique())
    whole = data[data["language"] == ALL].groupby("subject")["posts"].sum()
    subjects = list(whole.sort_index().sort_values(ascending=False, kind="stable").index)
    languages = [ALL, *sorted(set(data["language"]) - {ALL})]
    figure, axes = side_by_side(len(platforms), height=1.3 + 0.32 * max(len(subjects), 1))
    heights = {subject: place for place, subject in enumerate(subjects)}
    step = 0.7 / len(languages)
    for axis, platform in zip(axes, platforms, strict=False):
        own = data[data["platform"] == platform]
        for number, language in enumerate(languages):
            rows = own[own["language"] == language]
            aside = step * (number - (len(languages) - 1) / 2)
            at = [heights[subject] + aside for subject in rows["subject"]]
            color = "0.3" if language == ALL else f"C{number - 1}"
            named = rows.rename(columns={"post_share": "value"})
            intervals(axis, named, at, color=color, label=language)
        posts = own.loc[own["language"] == ALL, "of_posts"].max()
        axis.set_title(f"{platform}\nn = {posts:,.0f} posts")
        axis.set_xlim(left=0)
        axis.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        axis.set_xlabel("share of posts")
    for axis in axes:
        label_rows(axis, [readable(subject) for subject in subjects])
    if data.empty:
        empty(axes[0], "not identified: the network has no post")
    figure.legend(
        *axes[0].get_legend_handles_labels(), loc="outside upper left", ncols=len(languages)
    )
    return figure
