import pandas as pd
import pytest

from hydrascope.errors import TableError
from hydrascope.narratives.score import score_subjects

SUBJECTS = ["trains", "ships"]
FAMILIES = pd.DataFrame({"family": ["f0", "f1"], "language": ["zh", "en"]})
# coded subject, language's family, planted narrative (None: the truth does not know the post)
ROWS = [
    ("ships", "f0", "ships"),
    ("ships", "f0", "ships"),
    ("ships", "f0", "trains"),
    ("uncoded", "f0", "ships"),
    ("uncoded", "f0", "trains"),
    ("ships", "f1", "weather"),
    ("uncoded", "f1", "weather"),
    ("uncoded", "f1", ""),
    ("uncoded", "f1", "weather"),
    ("trains", "f1", "trains"),
    ("trains", "", None),
]
IDS = [str(10**18 + row) for row in range(len(ROWS))]
CODED = pd.DataFrame(
    {
        "post_id": [f"p{row:02}" for row in range(len(ROWS))],
        "family": [family for _, family, _ in ROWS],
        "subject": [subject for subject, _, _ in ROWS],
    }
)
# Simplified, Traditional and English in turn.
TEXTS = (["火车来了", "火車來了", "a train"] * 4)[: len(ROWS)]
POSTS = CODED[["post_id"]].assign(platform="x", native_id=IDS, text=TEXTS)
TRUTH = pd.DataFrame(
    [("x", post, narrative) for post, (_, _, narrative) in zip(IDS, ROWS, strict=True)]
    # the same number on another platform is another post; one nobody coded is not looked at
    + [("youtube", IDS[0], "trains"), ("x", "7", "ships")],
    columns=["platform", "post", "narrative"],
).dropna()


def scored(coded=CODED, truth=TRUTH):
    return score_subjects(coded, POSTS, FAMILIES, truth, SUBJECTS)


def measure(table, language, subject, script="all"):
    rows = table[(table["language"] == language) & (table["subject"] == subject)]
    rows = rows[rows["script"] == script]
    return {
        row.measure: (pytest.approx(row.value, nan_ok=True), row.n) for row in rows.itertuples()
    }


def test_precision_recall_and_f1_of_a_subject_say_of_how_many_posts():
    nan = float("nan")
    table = scored()
    assert list(table.columns) == ["measure", "language", "script", "subject", "value", "n"]
    assert measure(table, "all", "ships") == {
        "precision": (2 / 4, 4),
        "recall": (2 / 3, 3),
        "f1": (4 / 7, 5),
    }
    assert measure(table, "zh", "trains") == {"precision": (nan, 0), "recall": (0, 2), "f1": (0, 2)}
    assert measure(table, "en", "trains") == {"precision": (1, 1), "recall": (1, 1), "f1": (1, 1)}


def test_a_planted_word_that_is_no_subject_is_off_topic_and_wrongly_coded_posts_are_a_share_of_it():
    assert measure(scored(), "all", "all")["off-topic share coded"] == (1 / 4, 4)
    assert measure(scored(), "zh", "all")["off-topic share coded"] == (float("nan"), 0)


def test_the_macro_mean_is_over_the_subjects_that_were_planted_there():
    table = scored()
    assert measure(table, "all", "all")["macro f1"] == ((4 / 7 + 1 / 2) / 2, 2)
    # in English ships were coded but never planted
    assert measure(table, "en", "all")["macro f1"] == (1, 1)


def test_posts_that_the_truth_does_not_know_are_named_and_not_scored():
    assert measure(scored(), "all", "all")["share with truth"] == (10 / 11, 11)
    assert measure(scored(), "und", "trains")["precision"] == (
        pytest.approx(float("nan"), nan_ok=True),
        0,
    )


def test_a_script_is_that_of_the_text_as_it_was_posted():
    table = scored()
    # posts 0, 3, 6, 9; then 1, 4, 7, 10; then 2, 5, 8
    assert measure(table, "all", "ships", "Hans")["recall"] == (1 / 2, 2)
    assert measure(table, "all", "trains", "Hant")["recall"] == (0, 1)
    assert measure(table, "all", "all", "Latn")["off-topic share coded"] == (1 / 2, 2)


def test_one_subject_in_two_scripts_meets_as_often_as_two_of_its_posts_are_coded_alike():
    found = measure(scored(), "all", "all")
    # ships: Hans {ships}, Hant {ships}; trains: Hans {trains}, Latn {ships}, Hant uncoded
    assert found["same subject meets"] == (1 / 2, 2)
    # ships: half of Hans is uncoded; trains: three pairs, none of which meets
    assert found["same subject meets, uncoded as missed"] == (0.5 / 4, 4)


def test_a_network_without_posts_is_scored_on_none():
    table = scored(coded=CODED[:0])
    assert set(table["n"]) == {0} and table["value"].isna().all()


@pytest.mark.parametrize(
    ("truth", "says"),
    [
        (TRUTH.drop(columns="post"), "column post: found no such column"),
        (pd.concat([TRUTH, TRUTH[3:4]]), "row 13, column post: found a post that stands there"),
        (
            TRUTH.assign(post="5" + TRUTH["post"]),
            "none of the network's 11 posts",
        ),
    ],
)
def test_a_truth_that_does_not_fit_is_refused(truth, says):
    with pytest.raises(TableError, match=says):
        scored(truth=truth)
