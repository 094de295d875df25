import numpy as np
import pandas as pd
import pytest

from hydrascope import io
from hydrascope.narratives.points import points_of
from hydrascope.narratives.topics import OUTLIERS, described_topics, found_topics, topic_tables
from hydrascope.narratives.words import name_pattern, words_of

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


NAMES = name_pattern(["香港警察", "football match"])


@pytest.fixture(scope="module")
def planted():
    """Texts in no order, their subjects, and vectors in which subjects lie apart."""
    random = np.random.default_rng(1)
    subjects = random.permutation(np.repeat(list(SIZES), list(SIZES.values())))
    texts = []
    for subject in subjects:
        glue = "" if subject.startswith("zh") else " "
        texts.append(glue.join(random.choice(SUBJECTS[subject], 5)))
    places = np.eye(len(SUBJECTS))[[list(SUBJECTS).index(subject) for subject in subjects]]
    vectors = (places + random.normal(scale=0.02, size=places.shape)).astype(np.float32)
    return texts, subjects, vectors


@pytest.fixture(scope="module")
def fitted(planted):
    texts, _, vectors = planted
    groups = found_topics(
        points_of(vectors, dimensions=5), len(SUBJECTS), least=FEWEST, border=0.0, seed=1
    )[0]
    described, model = described_topics(texts, vectors, groups, names=NAMES, words=4)
    return groups, described, model


def test_planted_subjects_come_back_whole_and_numbered_from_the_largest(planted, fitted):
    _, subjects, _ = planted
    groups, described, _ = fitted
    assert dict(zip(subjects.tolist(), groups.tolist(), strict=True)) == dict(
        zip(SUBJECTS, range(6), strict=True)
    )
    assert len(set(zip(subjects.tolist(), groups.tolist(), strict=True))) == 6
    assert sorted(described) == list(range(6))


def test_each_topic_is_described_by_words_of_its_own_subject_in_every_script(fitted):
    # BERTopic's default language strips every letter outside A to Z.
    for number, (subject, words) in enumerate(SUBJECTS.items()):
        known = {part for word in words for part in words_of(word)}
        known |= {"香港警察", "football match"}
        assert len(fitted[1][number]) == 4, subject
        assert set(fitted[1][number]) <= known, subject


def test_the_model_is_a_bertopic_that_saves_without_pickle(fitted, tmp_path):
    for name in ("one", "other"):
        io.write_model(fitted[2], tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert "topic_embeddings.safetensors" in files and "ctfidf.safetensors" in files
    assert not [name for name in files if name.endswith((".pkl", ".pickle", ".bin"))]
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()


def test_what_lies_between_topics_is_in_none_but_nearest_to_one(planted):
    points = points_of(planted[2], dimensions=5)
    groups, nearest = found_topics(points, 6, least=FEWEST, border=0.1, seed=1)
    assert (groups == OUTLIERS).sum() == 20 and (nearest >= 0).all()
    assert np.array_equal(groups[groups >= 0], nearest[groups >= 0])


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_too_few_texts_are_all_outliers_and_no_error(rows):
    groups = found_topics(np.zeros((rows, 2), np.float32), 2, least=2, border=0, seed=1)
    assert groups.tolist() == [[OUTLIERS] * rows] * 2
    none = described_topics(["text"] * rows, np.zeros((rows, 2)), groups[0], names=NAMES, words=4)
    assert none == ({}, None)


def test_a_topic_whose_texts_have_no_words_left_is_described_by_none(planted, fitted):
    texts, subjects, vectors = planted
    wordless = [
        "我 a ก" if of == "zh police" else text for text, of in zip(texts, subjects, strict=True)
    ]
    described, _ = described_topics(wordless, vectors, fitted[0], names=NAMES, words=4)
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
TOPICS, WORDS = np.array([0, 0, 1, -1]), {0: ["警察", "香港"], 1: ["ฝน"]}


def test_topics_are_counted_by_family_post_and_account():
    table, _ = topic_tables(FAMILIES, POSTS, TOPICS, WORDS)
    assert list(table.columns) == ["topic", "families", "posts", "accounts", "post_share", "words"]
    assert table.values.tolist() == [
        [-1, 1, 2, 1, 2 / 8, ""],
        [0, 2, 4, 3, 4 / 8, "警察 香港"],
        [1, 1, 1, 1, 1 / 8, "ฝน"],
    ]


def test_posts_in_topics_outliers_and_wordless_posts_are_all_posts():
    table, posts = topic_tables(FAMILIES, POSTS, TOPICS, WORDS)
    assert table["posts"].sum() + posts["topic"].isna().sum() == len(POSTS) == 8
    assert table["families"].sum() == 4


def test_each_post_carries_the_topic_of_its_family():
    _, posts = topic_tables(FAMILIES, POSTS, TOPICS, WORDS)
    assert list(posts.columns) == ["post_id", "account_id", "family", "topic"]
    assert list(posts["topic"].drop(6)) == [0, 0, 0, 1, -1, -1, 0]
    assert pd.isna(posts["topic"][6]) and posts["topic"].dtype == "Int64"


def test_a_network_without_texts_has_empty_tables_and_no_division_by_zero():
    table, posts = topic_tables(FAMILIES[:0], POSTS[:0], TOPICS[:0], {})
    assert table.empty and posts.empty


def test_every_family_needs_a_topic():
    with pytest.raises(ValueError, match="shorter"):
        topic_tables(FAMILIES, POSTS, TOPICS[:3], WORDS)
