"""Figure 6: the topics of the network, those that speak of like things beside each other."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from hydrascope.figures.draw import empty, readable

__all__ = ["draw_narratives", "narratives_data"]

UNCODED = "uncoded"
# As many subjects as the style has colours have a shape, then the next ones another.
COLORS, MARKERS = 6, "osDv"
# How near two numbers may be, as a share of the width or height that the topics take.
APART, ROUNDS = 0.05, 100
COLUMNS = ["topic", "subject", "words", "x", "y", "families", "posts", "of_posts"]


def narratives_data(
    points: np.ndarray, topic: Sequence[int], topics: pd.DataFrame, subjects: pd.DataFrame
) -> pd.DataFrame:
    """Place the topics on a plane, by the two directions in which their means differ most.

    Parameters
    ----------
    points : numpy.ndarray
        Shape (families, dimensions), the families as they were grouped.
    topic : sequence of int
        Topic of each family; a negative one is between topics.
    topics : pandas.DataFrame
        topic and words.
    subjects : pandas.DataFrame
        topic, subject, families and posts.

    Returns
    -------
    pandas.DataFrame
        topic, subject, words, place x and y, families, posts, and of how many posts in topics;
        sorted by topic.
    """
    of = np.asarray(topic)
    names = np.unique(of[of >= 0])
    if not len(names):
        return pd.DataFrame(columns=COLUMNS)
    means = np.stack([points[of == name].mean(axis=0) for name in names])
    middle = means - means.mean(axis=0)
    _, _, directions = np.linalg.svd(middle, full_matrices=False)
    # The sign of a direction is nobody's choice; the largest part is made positive.
    places = np.zeros((len(names), 2))
    for axis, direction in enumerate(directions[:2]):
        side = np.sign(direction[np.abs(direction).argmax()]) or 1.0
        places[:, axis] = (middle @ direction) * side
    table = pd.DataFrame({"topic": names, "x": places[:, 0], "y": places[:, 1]}).round(4)
    table = table.merge(subjects, on="topic", how="left")
    table = table.merge(topics[["topic", "words"]], on="topic", how="left")
    table["subject"] = table["subject"].fillna(UNCODED)
    return table.assign(of_posts=table["posts"].sum())[COLUMNS]


def draw_narratives(data: pd.DataFrame) -> Figure:
    """Draw a circle a topic, its area the topic's posts, its colour the subject.

    Parameters
    ----------
    data : pandas.DataFrame
        What `narratives_data` gave.

    Returns
    -------
    matplotlib.figure.Figure
        Topics near each other speak of like things. Each has its number, by which
        narratives/topics.tsv has its words.
    """
    figure, axis = plt.subplots(figsize=(6.3, 4.2))
    largest = max(data["posts"].max(), 1) if len(data) else 1
    subjects = sorted(set(data["subject"]) - {UNCODED})
    for number, subject in enumerate([*subjects, UNCODED]):
        own = data[data["subject"] == subject]
        if len(own):
            color = "0.75" if subject == UNCODED else f"C{number % COLORS}"
            look = {"color": color, "marker": MARKERS[number // COLORS % len(MARKERS)]}
            area = 40 + 900 * own["posts"] / largest
            axis.scatter(own["x"], own["y"], s=area, alpha=0.7, linewidths=0, **look)
            axis.scatter([], [], s=40, label=readable(subject), **look)
    for topic, (x, y) in zip(data["topic"], _apart(data[["x", "y"]].to_numpy(float)), strict=True):
        axis.text(x, y, f"{topic}", ha="center", va="center", fontsize=7)
    axis.set_xlabel("first direction (no unit)")
    axis.set_ylabel("second direction (no unit)")
    axis.margins(0.15)
    posts = data["posts"].sum()
    if data.empty:
        empty(axis, "not identified: too few families of copies for a topic")
    else:
        axis.set_title(f"{len(data):,} topics of {posts:,.0f} posts")
        figure.legend(loc="outside right upper", fontsize=7)
    return figure


def _apart(places: np.ndarray) -> np.ndarray:
    """Move places that are too near for two numbers away from each other, all at once."""
    if len(places) < 2:
        return places
    span = np.maximum(np.ptp(places, axis=0), 1e-9)
    # Two at one place go side by side.
    moved = places / span + np.outer(np.arange(len(places)), [1e-6, 0])
    for _ in range(ROUNDS):
        between = moved[:, None] - moved
        far = np.hypot(between[..., 0], between[..., 1]) + np.eye(len(places))
        push = np.maximum(APART - far, 0) / 2
        if push.max() < 1e-3:
            break
        moved += (between / far[..., None] * push[..., None]).sum(axis=1)
    return moved * span
