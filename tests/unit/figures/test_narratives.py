"""Figure 6 places topics by their means, and sizes them by their posts."""

import numpy as np
import pandas as pd
import pytest

from hydrascope.figures.narratives import draw_narratives, narratives_data

TOPICS = pd.DataFrame({"topic": [0, 1, 2], "words": ["a b", "c", "d"]})
SUBJECTS = pd.DataFrame(
    {
        "topic": [0, 1, 2],
        "subject": ["xinjiang", "guo_wengui", None],
        "families": [2, 2, 2],
        "posts": [30, 20, 10],
    }
)
MEANS = np.array([[0.0, 0, 0, 0], [10, 0, 0, 0], [10, 4, 0, 0]])
FAMILIES = [0, 1, 2, 0, 1, 2, -1]
POINTS = np.concatenate([MEANS, MEANS, [[99.0, 99, 99, 99]]])


@pytest.fixture
def data():
    return narratives_data(POINTS, FAMILIES, TOPICS, SUBJECTS)


def test_distances_in_the_plane_of_the_means_stay_and_outliers_count_for_nothing(data):
    places = data[["x", "y"]].to_numpy()
    for one, other in ((0, 1), (1, 2), (0, 2)):
        far = np.linalg.norm(MEANS[one] - MEANS[other])
        assert np.linalg.norm(places[one] - places[other]) == pytest.approx(far, abs=1e-3)


def test_a_direction_has_the_same_sign_whatever_the_order_of_families(data):
    order = np.random.default_rng(1).permutation(len(POINTS))
    again = narratives_data(POINTS[order], np.array(FAMILIES)[order], TOPICS, SUBJECTS)
    pd.testing.assert_frame_equal(data, again)


def test_every_topic_has_a_circle_its_number_and_its_subject(data, drawn, words):
    figure = drawn(draw_narratives, data)
    said = words(figure)
    assert "3 topics of 60 posts" in said
    assert all(name in said for name in ("xinjiang", "guo wengui", "uncoded"))
    sizes = {
        float(one.get_sizes()[0]) for one in figure.axes[0].collections if len(one.get_offsets())
    }
    assert max(sizes) == 940


@pytest.mark.parametrize("topics", [[-1] * 7, []], ids=["outliers", "no families"])
def test_a_study_without_topics_is_drawn_empty(drawn, words, topics):
    empty = narratives_data(POINTS[: len(topics)], topics, TOPICS.iloc[:0], SUBJECTS.iloc[:0])
    assert "not identified: too few families of copies for a topic" in words(
        drawn(draw_narratives, empty)
    )


def test_numbers_of_topics_at_one_place_stand_side_by_side_and_others_stay(drawn):
    places = [(0.0, 0.0), (0.0, 0.0), (0.01, 0.02), (1.0, 1.0), (-1.0, 0.5)]
    table = pd.DataFrame(places, columns=["x", "y"]).assign(
        topic=range(5), subject="uncoded", words="", families=1, posts=9, of_posts=50
    )
    axis = drawn(draw_narratives, table).axes[0]
    found = np.array([text.get_position() for text in axis.texts]) / [2, 1]
    apart = np.hypot(*(found[:, None] - found).T)
    assert apart[~np.eye(5, dtype=bool)].min() > 0.045
    np.testing.assert_allclose(found[3:], np.array(places[3:]) / [2, 1], atol=1e-4)
