"""Families: equal matching forms, whatever the order of rows and the names of people."""

import hashlib

import pandas as pd
import pytest
from hydrascope.texts.families import families_of
from hypothesis import given, settings
from hypothesis import strategies as st


def posts_of(*rows):
    return pd.DataFrame(rows, columns=["post_id", "account_id", "text", "language"])


TOY = posts_of(
    ("p_1", "a_1", "郭文貴是騙子 https://t.co/x", "zh-tw"),
    ("p_2", "a_2", "RT @milesguo: 郭文贵是骗子", "zh-cn"),
    ("p_3", "a_1", "郭文贵是骗子", None),
    ("p_4", "a_3", "Hello", "und"),
    ("p_5", "a_3", "https://t.co/only", "en"),
    ("p_6", "a_3", None, None),
)


def digest(form):
    return "f_" + hashlib.sha256(form.encode()).hexdigest()[:20]


def test_the_toy_by_hand():
    families, members = families_of(TOY)
    by_form = families.set_index("text")
    assert by_form.drop(columns="vector_row").to_dict("index") == {
        "郭文贵是骗子": {
            "family": digest("郭文贵是骗子"),
            "language": "zh",
            "posts": 3,
            "accounts": 2,
        },
        "hello": {"family": digest("hello"), "language": "und", "posts": 1, "accounts": 1},
    }
    assert families["family"].tolist() == sorted(by_form["family"])
    assert families["vector_row"].tolist() == [0, 1]
    zh, en = digest("郭文贵是骗子"), digest("hello")
    assert members.to_dict("list") == {
        "post_id": ["p_1", "p_2", "p_3", "p_4", "p_5", "p_6"],
        "family": [zh, zh, zh, en, "", ""],
    }


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["a_1", "a_2", "a_3"]),
        st.sampled_from(["一", "二", "Ａ", "a", "@x", "", "RT @y: 一"]),
        st.sampled_from(["zh", "zh-cn", "en", "und", None]),
    ),
    max_size=8,
)


@settings(max_examples=60)
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_moves_nothing(rows, random):
    posts = [(f"p_{n}", *row) for n, row in enumerate(rows)]
    before = families_of(posts_of(*posts))
    random.shuffle(posts)
    after = families_of(posts_of(*posts))
    pd.testing.assert_frame_equal(before[0], after[0])
    pd.testing.assert_frame_equal(before[1], after[1])


@settings(max_examples=60)
@given(ROWS)
def test_every_post_is_in_one_family_or_has_no_word(rows):
    posts = [(f"p_{n}", *row) for n, row in enumerate(rows)]
    families, members = families_of(posts_of(*posts))
    assert members["post_id"].tolist() == [post[0] for post in posts]
    counted = members[members["family"] != ""].groupby("family").size()
    assert counted.to_dict() == families.set_index("family")["posts"].to_dict()
    wordless = [text in ("@x", "") for _, text, _ in rows]
    assert (members["family"] == "").tolist() == wordless


def test_pseudonyms_move_no_family():
    # the key of the pseudonyms differs from one laboratory to the next
    other = TOY.assign(
        post_id=TOY["post_id"].map({f"p_{n}": f"p_{9 - n}" for n in range(1, 7)}),
        account_id=TOY["account_id"].map({"a_1": "a_9", "a_2": "a_1", "a_3": "a_0"}),
    )
    pd.testing.assert_frame_equal(families_of(TOY)[0], families_of(other)[0])


def test_no_identity_is_in_the_families_or_their_members():
    posts = posts_of(("p_1", "a_1", "@canary_1 mail canary2@x.org https://canary3.org hi", "en"))
    families, members = families_of(posts)
    assert "canary" not in families.to_csv() + members.to_csv()


@pytest.mark.parametrize(
    ("declared", "language"),
    [
        (["en", "zh", "zh"], "zh"),
        (["en", "und", "und", None], "en"),
        (["und", None], "und"),
        # a tie goes to the first in the alphabet
        (["zh", "en"], "en"),
        # regions of one language vote together
        (["en", "en", "en", "zh-cn", "zh-cn", "zh-tw", "zh-tw"], "zh"),
    ],
)
def test_the_language_named_most_often_is_the_family_s(declared, language):
    posts = posts_of(*((f"p_{n}", "a_1", "hello", code) for n, code in enumerate(declared)))
    assert families_of(posts)[0]["language"].tolist() == [language]


def test_no_posts_make_no_families():
    families, members = families_of(TOY.head(0))
    assert families.columns.tolist() == [
        "family",
        "text",
        "language",
        "posts",
        "accounts",
        "vector_row",
    ]
    assert members.columns.tolist() == ["post_id", "family"]
    assert len(families) == len(members) == 0
