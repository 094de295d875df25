from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hydrascope.narratives.codebook import load_codebook
from hydrascope.narratives.subjects import join_subjects, subject_tables
from hydrascope.texts.folding import matching_form
from hydrascope.texts.vectors import embed

SHIPPED = Path(__file__).parents[3] / "config/narratives.yaml"
SETTINGS = {"min_similarity": 0.5, "min_margin": 0.1}
# Two subjects with phrases on two axes of four; a third axis is nobody's.
PHRASES = pd.DataFrame(
    {"subject": ["ships"] * 4 + ["trains"] * 3, "language": ["en", "zh"] * 3 + ["en"]}
)
PHRASE_VECTORS = np.eye(4, dtype=np.float32)[[0, 0, 0, 3, 1, 1, 1]]


def join(*vectors, **changed):
    return join_subjects(
        np.array(vectors, dtype=float), PHRASES, PHRASE_VECTORS, **(SETTINGS | changed)
    )


def test_a_vector_joins_the_subject_whose_three_nearest_phrases_are_near():
    table = join([3, 0, 0, 0], [0.6, 0.8, 0, 0], [0, 0, 0, 1])
    assert table.values.tolist() == [
        ["ships", "ships", 1.0, "trains", 1.0],
        ["trains", "trains", 0.8, "ships", 0.2],
        # one phrase alone does not make a subject
        ["uncoded", "ships", 0.333333, "trains", 0.333333],
    ]


@pytest.mark.parametrize(
    ("changed", "subject"),
    [
        ({"min_similarity": 0.8}, "trains"),
        ({"min_similarity": 0.81}, "uncoded"),
        ({"min_margin": 0.2}, "trains"),
        ({"min_margin": 0.21}, "uncoded"),
    ],
)
def test_similarity_and_margin_must_both_suffice(changed, subject):
    assert join([0.6, 0.8, 0, 0], **changed)["subject"].to_list() == [subject]


def test_a_codebook_of_one_subject_needs_no_margin():
    table = join_subjects(np.eye(4)[:1], PHRASES[:4], PHRASE_VECTORS[:4], **SETTINGS)
    assert table["subject"].to_list() == ["ships"]
    assert table[["runner_up", "margin"]].isna().to_numpy().all()


def test_a_vector_of_zeros_is_near_to_nothing():
    assert join([0, 0, 0, 0])[["subject", "similarity"]].values.tolist() == [["uncoded", 0.0]]


# Topic 0 is on ships with one family astray, topic 1 on nothing, topic 2 on trains but
# in Thai; four outliers.
FAMILIES = pd.DataFrame(
    [
        *[("f0", "en", [1, 0, 0, 0]), ("f1", "zh", [1, 0, 0.1, 0]), ("f2", "en", [0, 1, 0, 0])],
        *[("f3", "en", [0, 0, 1, 0]), ("f4", "zh", [0, 0, 1, 0])],
        *[("f5", "th", [0, 1, 0, 0]), ("f6", "th", [0, 1, 0, 0]), ("f7", "en", [0, 1, 0, 0])],
        *[("f8", "und", [0, 1, 0, 0]), ("f9", "en", [0, 0, 1, 0])],
        *[("g0", "th", [1, 0, 0, 0]), ("g1", "zh", [1, 0, 0, 0])],
    ],
    columns=["family", "language", "vector"],
)
TOPICS = [0, 0, 0, 1, 1, 2, 2, 2, -1, -1, -1, -1]
POSTS = pd.DataFrame(
    [
        *[(f"p{n:02}", "a", FAMILIES["family"][n], topic) for n, topic in enumerate(TOPICS)],
        *[("p12", "b", "f0", 0), ("p13", "b", "f8", -1), ("p14", "b", "", pd.NA)],
    ],
    columns=["post_id", "account_id", "family", "topic"],
).astype({"topic": "Int64"})


def tables(families=FAMILIES, posts=POSTS):
    vectors = np.array(families["vector"].to_list(), dtype=np.float32).reshape(-1, 4)
    return subject_tables(families, vectors, posts, PHRASES, PHRASE_VECTORS, **SETTINGS)


def test_every_post_follows_its_topic_and_an_outlier_its_own_vector():
    _, coded = tables()
    assert list(coded.columns) == [*POSTS.columns, "subject"]
    assert coded.set_index("post_id")["subject"].to_dict() == {
        **dict.fromkeys(["p00", "p01", "p02", "p12"], "ships"),
        **dict.fromkeys(["p03", "p04"], "uncoded"),
        # most of topic 2 is in a language without phrases
        **dict.fromkeys(["p05", "p06", "p07"], "uncoded"),
        **{"p08": "trains", "p13": "trains", "p09": "uncoded"},
        **{"p10": "uncoded", "p11": "ships", "p14": "uncoded"},
    }


def test_the_table_has_a_row_a_topic_and_outliers_by_subject_and_adds_up():
    table, coded = tables()
    assert table[["topic", "subject", "families", "posts"]].values.tolist() == [
        [-1, "ships", 1, 1],
        [-1, "trains", 1, 2],
        [-1, "uncoded", 2, 2],
        [0, "ships", 3, 4],
        [1, "uncoded", 2, 2],
        [2, "uncoded", 3, 3],
    ]
    assert table["posts"].sum() == coded["topic"].notna().sum()
    assert table["families"].sum() == len(FAMILIES)
    shown = table.set_index("topic")
    assert shown.loc[2, ["nearest", "similarity", "margin"]].to_list() == ["trains", 1.0, 1.0]
    assert shown.loc[-1, ["nearest", "similarity"]].isna().to_numpy().all()


def test_a_network_without_texts_or_with_outliers_alone_is_no_error():
    table, coded = tables(FAMILIES[:0], POSTS[:0])
    assert table.empty and list(coded.columns) == [*POSTS.columns, "subject"]
    table, _ = tables(FAMILIES[8:], POSTS[8:12])
    assert table["subject"].to_list() == ["ships", "trains", "uncoded"]


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
        phrases,
        embed(phrases["form"], decimals=4),
        min_similarity=0.3,
        min_margin=0.02,
    )
    assert joined["subject"].to_list() == np.repeat(list(texts), 3).tolist()
