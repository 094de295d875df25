import numpy as np
import pandas as pd
import pytest

from hydrascope.narratives.topics import OUTLIERS, fit_topics, topic_tables
from hydrascope.narratives.words import words_of

# Three languages, two subjects each: word lists from which short texts are drawn.
SUBJECTS = {
    "zh police": ["警察", "维护", "秩序", "社会", "香港", "暴徒"],
    "zh health": ["疫苗", "医院", "病毒", "口罩", "医生", "健康"],
    "th schools": ["โรงเรียน", "นักเรียน", "ครู", "หนังสือ", "มหาวิทยาลัย"],
    "th weather": ["ฝน", "น้ำท่วม", "พายุ", "อากาศ", "ร้อน"],
    "en trade": ["trade", "tariff", "export", "economy", "market", "factory"],
    "en sports": ["football", "match", "stadium", "player", "goal", "champion"],
}
SIZES = dict(zip(SUBJECTS, [50, 40, 35, 30, 25, 20], strict=True))
FEWEST = 15


@pytest.fixture(scope="module")
def planted():
    """Texts in no order, their subjects, and a layout in which subjects lie apart."""
    random = np.random.default_rng(1)
    subjects = random.permutation(np.repeat(list(SIZES), list(SIZES.values())))
    texts = []
    for subject in subjects:
        glue = "" if subject.startswith("zh") else " "
        texts.append(glue.join(random.choice(SUBJECTS[subject], 5)))
    places = np.eye(len(SUBJECTS))[[list(SUBJECTS).index(subject) for subject in subjects]]
    layout = (places * 10 + random.normal(scale=0.1, size=places.shape)).astype(np.float32)
    return texts, subjects, layout


@pytest.fixture(scope="module")
def fitted(planted):
    texts, _, layout = planted
    return fit_topics(texts, layout, min_topic_families=FEWEST, words=4)


def test_planted_subjects_come_back_whole(planted, fitted):
    _, subjects, _ = planted
    topics, described = fitted
    assert len(set(zip(subjects.tolist(), topics, strict=True))) == len(SUBJECTS)
    assert sorted(described) == sorted(set(topics)) == list(range(6))
    assert all(type(topic) is int for topic in topics)


def test_topics_are_numbered_from_the_largest(planted, fitted):
    _, subjects, _ = planted
    topics, _ = fitted
    assert dict(zip(subjects.tolist(), topics, strict=True)) == dict(
        zip(SUBJECTS, range(6), strict=True)
    )


def test_each_topic_is_described_by_words_of_its_own_subject_in_every_script(planted, fitted):
    # BERTopic's default language strips every letter outside A to Z.
    _, described = fitted
    for number, (subject, words) in enumerate(SUBJECTS.items()):
        known = {part for word in words for part in words_of(word)}
        assert len(described[number]) == 4, subject
        assert set(described[number]) <= known, subject


def test_the_same_input_gives_the_same_topics_and_words(planted, fitted):
    texts, _, layout = planted
    again = fit_topics(list(texts), layout.copy(), min_topic_families=FEWEST, words=4)
    assert again == fitted


def test_what_lies_in_no_dense_group_is_an_outlier(planted):
    texts, _, layout = planted
    alone = np.arange(1, 4)[:, None] * np.full((1, layout.shape[1]), 100.0, np.float32)
    topics, described = fit_topics(
        [*texts, "far away one", "far away two", "far away three"],
        np.vstack([layout, alone]).astype(np.float32),
        min_topic_families=FEWEST,
        words=4,
    )
    assert topics[-3:] == [OUTLIERS] * 3
    assert OUTLIERS not in described and len(described) == 6


@pytest.mark.parametrize("rows", [0, 1, 2 * FEWEST - 1])
def test_too_few_texts_are_all_outliers_and_no_error(rows):
    topics, described = fit_topics(
        ["text"] * rows, np.zeros((rows, 2), np.float32), min_topic_families=FEWEST, words=4
    )
    assert topics == [OUTLIERS] * rows and described == {}


def test_texts_that_lie_evenly_form_no_topic_and_no_error():
    layout = np.random.default_rng(2).uniform(size=(60, 2)).astype(np.float32)
    topics, described = fit_topics(
        [f"word number {chr(97 + row % 26)}x" for row in range(60)],
        layout,
        min_topic_families=25,
        words=4,
    )
    assert len(topics) == 60
    assert set(described) == set(topics) - {OUTLIERS}


def test_a_topic_whose_texts_have_no_words_left_is_described_by_none(planted):
    texts, subjects, layout = planted
    wordless = [
        "我 a ก" if of == "zh police" else text for text, of in zip(texts, subjects, strict=True)
    ]
    topics, described = fit_topics(wordless, layout, min_topic_families=FEWEST, words=4)
    assert len(set(topics)) == len(described) == 6
    assert described[0] == []
    assert all(len(described[topic]) == 4 for topic in range(1, 6))


FAMILIES = pd.DataFrame({"family": ["f1", "f2", "f3", "f4"]})
POSTS = pd.DataFrame(
    [
        ("p1", "a", "f1"),
        ("p2", "a", "f1"),
        ("p3", "b", "f2"),
        ("p4", "b", "f3"),
        ("p5", "c", "f4"),
        ("p6", "c", "f4"),
        ("p7", "d", ""),
        ("p8", "d", "f1"),
    ],
    columns=["post_id", "account_id", "family"],
)
TOPICS, WORDS = [0, 0, 1, -1], {0: ["警察", "香港"], 1: ["ฝน"]}


def test_topics_are_counted_by_family_post_and_account():
    table, _, _ = topic_tables(FAMILIES, POSTS, TOPICS, WORDS)
    assert list(table.columns) == ["topic", "families", "posts", "accounts", "post_share", "words"]
    assert table.values.tolist() == [
        [-1, 1, 2, 1, 2 / 8, ""],
        [0, 2, 4, 3, 4 / 8, "警察 香港"],
        [1, 1, 1, 1, 1 / 8, "ฝน"],
    ]


def test_posts_in_topics_outliers_and_wordless_posts_are_all_posts():
    table, posts, quality = topic_tables(FAMILIES, POSTS, TOPICS, WORDS)
    measures = quality.set_index("measure")["value"]
    assert table["posts"].sum() + measures["posts without words"] == len(POSTS) == 8
    assert posts["topic"].isna().sum() == measures["posts without words"] == 1
    assert table["families"].sum() == measures["families"] == 4
    assert measures.to_dict() == {
        "posts": 8,
        "posts without words": 1,
        "families": 4,
        "topics": 2,
        "outlier share of families": 1 / 4,
        "outlier share of posts": 2 / 8,
    }


def test_each_post_carries_the_topic_of_its_family():
    _, posts, _ = topic_tables(FAMILIES, POSTS, TOPICS, WORDS)
    assert list(posts.columns) == ["post_id", "account_id", "family", "topic"]
    assert list(posts["topic"].drop(6)) == [0, 0, 0, 1, -1, -1, 0]
    assert pd.isna(posts["topic"][6]) and posts["topic"].dtype == "Int64"


def test_a_network_without_texts_has_empty_tables_and_no_division_by_zero():
    table, posts, quality = topic_tables(FAMILIES[:0], POSTS[:0], [], {})
    assert table.empty and posts.empty
    assert set(quality["value"]) == {0}


def test_every_family_needs_a_topic():
    with pytest.raises(ValueError, match="shorter"):
        topic_tables(FAMILIES, POSTS, TOPICS[:3], WORDS)
