from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hydrascope.narratives.codebook import load_codebook
from hydrascope.narratives.points import unit
from hydrascope.narratives.subjects import join_subjects, names_said, subject_tables, surrounded
from hydrascope.texts.folding import matching_form
from hydrascope.texts.vectors import embed

SHIPPED = Path(__file__).parents[3] / "config/narratives.yaml"
SETTINGS = {"min_score": 0.5, "min_margin": 0.1}
# Two subjects with phrases on two axes of four; a third axis is nobody's.
PHRASES = pd.DataFrame(
    {
        "subject": ["ships"] * 4 + ["trains"] * 3,
        "language": ["en", "zh"] * 3 + ["en"],
        "form": ["ship", "船", "cargo ship", "码头", "train", "火车", "night train"],
    }
)
PHRASE_VECTORS = np.eye(4, dtype=np.float32)[[0, 0, 0, 3, 1, 1, 1]]


def join(*vectors, named=(0, 0), **changed):
    return join_subjects(
        np.array(vectors, dtype=float),
        np.array([named] * len(vectors), dtype=float),
        PHRASES,
        PHRASE_VECTORS,
        **(SETTINGS | changed),
    )


def test_a_vector_joins_the_subject_whose_three_nearest_phrases_are_near():
    table = join([3, 0, 0, 0], [0.6, 0.8, 0, 0], [0, 0, 0, 1])
    columns = ["subject", "nearest", "similarity", "score", "runner_up", "margin"]
    assert table[columns].values.tolist() == [
        ["ships", "ships", 1.0, 1.0, "trains", 1.0],
        ["trains", "trains", 0.8, 0.8, "ships", 0.2],
        # one phrase alone does not make a subject
        ["uncoded", "ships", 0.333333, 0.333333, "trains", 0.333333],
    ]


def test_names_that_are_said_and_what_else_is_known_add_to_the_score():
    assert join([0, 0, 1, 0], named=(0, 1))["score"].to_list() == [0.5]
    named = join([0.6, 0.8, 0, 0], named=(1, 0))
    assert named[["subject", "similarity", "named", "score"]].values.tolist() == [
        ["ships", 0.6, 1.0, 1.1]
    ]
    lifted = join([0.6, 0.8, 0, 0], lift=np.array([[0.4, 0]]))
    assert lifted[["subject", "score", "margin"]].values.tolist() == [["ships", 1.0, 0.2]]


def test_a_name_is_said_where_a_text_holds_it_as_a_word():
    texts = pd.Series(["a ship", "shipping", "货船到了码头", "night train and ship", ""])
    assert names_said(texts, PHRASES).tolist() == [[1, 0], [0, 0], [1, 0], [1, 1], [0, 0]]


def test_a_row_is_the_mean_of_its_neighbourhood():
    points = unit(np.array([[1, 0], [1, 0.1], [0, 1], [0.1, 1]]))
    rows = np.array([[0.0], [2], [4], [6]])
    assert surrounded(rows, points, neighbours=2).tolist() == [[1], [1], [5], [5]]
    assert surrounded(rows, points, neighbours=9).tolist() == [[3]] * 4
    assert surrounded(rows[:0], points[:0], neighbours=2).shape == (0, 1)


@pytest.mark.parametrize(
    ("changed", "subject"),
    [
        ({"min_score": 0.8}, "trains"),
        ({"min_score": 0.81}, "uncoded"),
        ({"min_margin": 0.2}, "trains"),
        ({"min_margin": 0.21}, "uncoded"),
    ],
)
def test_score_and_margin_must_both_suffice(changed, subject):
    assert join([0.6, 0.8, 0, 0], **changed)["subject"].to_list() == [subject]


def test_a_codebook_of_one_subject_needs_no_margin():
    table = join_subjects(
        np.eye(4)[:1], np.zeros((1, 1)), PHRASES[:4], PHRASE_VECTORS[:4], **SETTINGS
    )
    assert table["subject"].to_list() == ["ships"]
    assert table[["runner_up", "margin"]].isna().to_numpy().all()


def test_a_vector_of_zeros_is_near_to_nothing():
    assert join([0, 0, 0, 0])[["subject", "similarity"]].values.tolist() == [["uncoded", 0.0]]


# Topic 0 is on ships with one family astray, topic 1 on nothing, topic 2 on trains but
# in Thai; the last four lie between topics, nearest to the one in NEAREST.
FAMILIES = pd.DataFrame(
    [
        *[("f0", "en", [1, 0, 0, 0]), ("f1", "zh", [1, 0, 0.1, 0]), ("f2", "en", [0, 1, 0, 0])],
        *[("f3", "en", [0, 0, 1, 0]), ("f4", "zh", [0, 0, 1, 0])],
        *[("f5", "th", [0, 1, 0, 0]), ("f6", "th", [0, 1, 0, 0]), ("f7", "en", [0, 1, 0, 0])],
        *[("f8", "und", [0, 1, 0, 0]), ("f9", "en", [0, 0, 1, 0])],
        *[("g0", "th", [1, 0, 0, 0]), ("g1", "zh", [0.45, 0, 1, 0])],
    ],
    columns=["family", "language", "vector"],
).assign(text="")
TOPICS = [0, 0, 0, 1, 1, 2, 2, 2, -1, -1, -1, -1]
NEAREST = [0, 0, 0, 1, 1, 2, 2, 2, 2, 1, 0, 0]
POSTS = pd.DataFrame(
    [
        *[(f"p{n:02}", "a", FAMILIES["family"][n], topic) for n, topic in enumerate(TOPICS)],
        *[("p12", "b", "f0", 0), ("p13", "b", "f8", -1), ("p14", "b", "", pd.NA)],
    ],
    columns=["post_id", "account_id", "family", "topic"],
).astype({"topic": "Int64"})


def tables(families=FAMILIES, posts=POSTS, **changed):
    vectors = np.array(families["vector"].to_list(), dtype=np.float32).reshape(-1, 4)
    topics = np.array([TOPICS, NEAREST])[:, families.index]
    how = {"neighbours": 1, "topic_lift": 0.2, **SETTINGS, **changed}
    found = (families, vectors, unit(vectors), topics, posts, PHRASES, PHRASE_VECTORS)
    return subject_tables(*found, **how)


def test_a_post_is_on_what_its_family_says_with_its_topic_in_mind():
    _, coded = tables()
    assert list(coded.columns) == [*POSTS.columns, "subject"]
    assert coded.set_index("post_id")["subject"].to_dict() == {
        **dict.fromkeys(["p00", "p01", "p12"], "ships"),
        # astray in a topic on ships
        "p02": "trains",
        **dict.fromkeys(["p03", "p04", "p09", "p14"], "uncoded"),
        # in a language without phrases
        **dict.fromkeys(["p05", "p06", "p10"], "uncoded"),
        **dict.fromkeys(["p07", "p08", "p13"], "trains"),
        # too far by itself, but nearest to a topic on ships
        "p11": "ships",
    }
    assert tables(topic_lift=0)[1].set_index("post_id").loc["p11", "subject"] == "uncoded"


def test_the_table_has_a_row_a_topic():
    table, _ = tables()
    assert table[["topic", "subject", "families", "posts"]].values.tolist() == [
        [0, "ships", 3, 4],
        [1, "uncoded", 2, 2],
        # most of it is in a language without phrases
        [2, "uncoded", 3, 3],
    ]
    shown = table.set_index("topic")
    assert shown.loc[2, ["nearest", "similarity", "margin"]].to_list() == ["trains", 1.0, 1.0]


def test_a_network_without_texts_or_topics_is_no_error():
    table, coded = tables(FAMILIES[:0], POSTS[:0])
    assert table.empty and list(coded.columns) == [*POSTS.columns, "subject"]
    table, coded = tables(FAMILIES[8:], POSTS[8:12])
    assert table.empty and coded["subject"].to_list() == ["trains", "uncoded", "uncoded", "uncoded"]


def test_the_same_words_in_three_scripts_meet_in_one_subject_and_small_talk_in_none():
    _, phrases = load_codebook(SHIPPED)
    texts = {
        "xinjiang": [
            "新疆的棉花收获了",
            "新疆的棉花收穫了",
            "The cotton harvest in Xinjiang has begun",
        ],
        "vaccines": ["昨天我打了疫苗", "昨天我打了疫苗", "I got my vaccine yesterday"],
        "taiwan": ["台湾的选举结果", "臺灣的選舉結果", "The result of the election in Taiwan"],
        "uncoded": ["我家的猫打翻了花盆", "我家的貓打翻了花盆", "My cat knocked over the pot"],
    }
    forms = [matching_form(text) for three in texts.values() for text in three]
    joined = join_subjects(
        embed(forms, decimals=4),
        names_said(pd.Series(forms), phrases),
        phrases,
        embed(phrases["form"].to_list(), decimals=4),
        min_score=0.3,
        min_margin=0.02,
    )
    assert joined["subject"].to_list() == np.repeat(list(texts), 3).tolist()
