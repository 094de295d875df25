"""Which side a text takes, and that nothing is shown which has not been shown to work."""

import numpy as np
import pandas as pd
import pytest

from hydrascope.narratives.stance import (
    least_accuracy,
    stance_accuracy,
    stance_table,
    tell_stances,
)

SIDES = pd.DataFrame(
    [("taiwan", side, "en", side, side) for side in ("for", "for", "against", "against")],
    columns=["subject", "stance", "language", "phrase", "form"],
)
AXES = np.eye(4, dtype=np.float32)
PHRASES = AXES[[0, 1, 2, 3]]


def told(vectors, subjects=None, lead=0.1):
    vectors = np.asarray(vectors, dtype=float)
    subjects = pd.Series(subjects or ["taiwan"] * len(vectors), dtype=object)
    return list(tell_stances(subjects, vectors, SIDES, PHRASES, min_lead=lead))


def test_a_text_takes_the_side_whose_phrases_lie_nearer():
    assert told([[1, 1, 0, 0], [0, 0, 1, 0], [1, 0, 1, 0]]) == ["for", "against", "not told"]


def test_the_lead_is_the_difference_of_the_mean_cosines():
    # Cosines .6 and 0 to one side, .8 and 0 to the other: means .3 and .4.
    text = [[0.6, 0, 0.8, 0]]
    assert told(text, lead=0.1) == ["against"]
    assert told(text, lead=0.1001) == ["not told"]


def test_the_length_of_a_vector_says_nothing():
    assert told([[9, 9, 0, 0]]) == told([[1, 1, 0, 0]])


def test_a_subject_without_sides_and_a_text_without_direction_are_not_told():
    assert told([[1, 0, 0, 0], [0, 0, 0, 0]], ["vaccines", "taiwan"]) == ["not told"] * 2


def test_a_codebook_without_sides_tells_nothing():
    subjects = pd.Series(["taiwan"])
    none = tell_stances(subjects, AXES[:1], SIDES[:0], np.empty((0, 4)), min_lead=0.1)
    assert list(none) == ["not told"]


def test_accuracy_is_the_mean_over_the_sides_of_what_is_told():
    told = np.array(["for", "for", "against", "not told", "against", "for"])
    planted = pd.Series(["for", "against", "against", "against", "plain", "plain"])
    table = stance_accuracy(told, planted, pd.Series(["en"] * 6)).set_index("measure")["value"]
    # Of `for` one of one, of `against` one of the two that were told.
    assert table["stance, balanced accuracy"] == pytest.approx((1 + 0.5) / 2)
    assert table["stance, share told"] == pytest.approx(3 / 4)
    assert table["stance, share told of texts without one"] == 1


def test_a_coin_reaches_a_half_however_rare_a_side_is():
    rng = np.random.default_rng(5)
    planted = pd.Series(np.where(rng.random(20_000) < 0.95, "for", "against"))
    told = np.where(rng.random(20_000) < 0.95, "for", "against")
    value = stance_accuracy(told, planted, pd.Series(["en"] * 20_000))["value"][0]
    assert value == pytest.approx(0.5, abs=0.02)


CODED = pd.DataFrame(
    {
        "post_id": list("abcdef"),
        "account_id": ["u", "u", "v", "w", "w", "w"],
        "family": ["1", "1", "2", "3", "4", None],
        "subject": ["taiwan", "taiwan", "taiwan", "vaccines", "uncoded", "taiwan"],
    }
)
LANGUAGES = pd.Series({"1": "en", "2": "zh", "3": "en", "4": "en"})
STANCES = pd.Series({"1": "for", "2": "against", "3": "not told", "4": "for"})


def counted(accuracy):
    accuracy = pd.Series(accuracy, dtype=float)
    return stance_table(CODED, LANGUAGES, STANCES, accuracy, min_accuracy=0.8)


def test_stances_are_shown_in_the_languages_in_which_they_were_right_often_enough():
    table = counted({"en": 0.8, "zh": 0.79})
    assert table.to_dict("records") == [
        {"subject": "taiwan", "language": "en", "stance": "for", "families": 1, "posts": 2}
        | {"accounts": 1, "status": "estimated"},
        {"subject": "taiwan", "language": "zh", "stance": "not told", "families": 1, "posts": 1}
        | {
            "accounts": 1,
            "status": "not identified: lower 95 % limit of the balanced accuracy on simulated "
            "texts 0.79, 0.8 asked",
        },
        {"subject": "vaccines", "language": "en", "stance": "not told", "families": 1, "posts": 1}
        | {"accounts": 1, "status": "estimated"},
    ]


def test_what_was_never_measured_is_not_identified():
    table = counted({})
    assert set(table["stance"]) == {"not told"}
    assert set(table["status"]) == {"not identified: not measured in this language"}


def test_no_post_at_all_is_an_empty_table():
    accuracy = pd.Series({"en": 0.9})
    table = stance_table(CODED[:0], LANGUAGES, STANCES, accuracy, min_accuracy=0.8)
    assert table.empty and "status" in table


def test_the_lower_end_of_the_interval_is_what_counts():
    rates = pd.DataFrame(
        [("stance, balanced accuracy", "en", 0.9, 0.7), ("macro f1", "all", 0.9, 0.8)],
        columns=["measure", "part", "value", "low"],
    )
    assert least_accuracy(rates).to_dict() == {"en": 0.7}
