"""Forms: equal texts once folded, whatever the order of rows and the names of people."""

import hashlib

import duckdb
import pandas as pd
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from hydrascope.texts.forms import forms_of, joined_forms


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


def folded(posts, shards=1):
    """forms and members, sorted, out of so many shards."""
    schema = pa.schema(dict.fromkeys(posts.columns, pa.string()))
    table = pa.Table.from_pandas(posts, schema, preserve_index=False)
    members, parts = [], []
    for shard in range(shards):
        with duckdb.connect() as base:
            base.register("posts", table)
            forms_of(base, shard=shard, shards=shards)
            members.append(base.sql("FROM members").df())
            parts.append(base.sql("FROM forms").to_arrow_table())
    with duckdb.connect() as base:
        base.register("parts", pa.concat_tables(parts))
        joined_forms(base)
        forms = base.sql("FROM forms ORDER BY form").df()
    return forms, pd.concat(members).sort_values("post_id", ignore_index=True)


def test_the_toy_by_hand():
    forms, members = folded(TOY)
    assert forms.set_index("text").to_dict("index") == {
        "郭文贵是骗子": {"form": digest("郭文贵是骗子"), "posts": 3},
        "hello": {"form": digest("hello"), "posts": 1},
    }
    zh, en = digest("郭文贵是骗子"), digest("hello")
    assert members.to_dict("list") == {
        "post_id": ["p_1", "p_2", "p_3", "p_4", "p_5", "p_6"],
        "account_id": ["a_1", "a_2", "a_1", "a_3", "a_3", "a_3"],
        "form": [zh, zh, zh, en, "", ""],
        "language": ["zh", "zh", "zh", "und", "en", "und"],
    }


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["a_1", "a_2", "a_3"]),
        st.sampled_from(["一", "二", "Ａ", "a", "@x", "", "RT @y: 一"]),
        st.sampled_from(["zh", "zh-cn", "en", "und", None]),
    ),
    max_size=8,
)


@settings(max_examples=30)
@given(ROWS, st.randoms(use_true_random=False))
def test_neither_the_order_of_rows_nor_the_number_of_shards_moves_anything(rows, random):
    posts = [(f"p_{n}", *row) for n, row in enumerate(rows)]
    before = folded(posts_of(*posts))
    random.shuffle(posts)
    after = folded(posts_of(*posts), shards=3)
    pd.testing.assert_frame_equal(before[0], after[0], check_dtype=False)
    pd.testing.assert_frame_equal(before[1], after[1], check_dtype=False)


@settings(max_examples=30)
@given(ROWS)
def test_every_post_has_one_form_or_no_word(rows):
    posts = [(f"p_{n}", *row) for n, row in enumerate(rows)]
    forms, members = folded(posts_of(*posts))
    assert members["post_id"].tolist() == [post[0] for post in posts]
    counted = members[members["form"] != ""].groupby("form").size()
    assert counted.to_dict() == forms.set_index("form")["posts"].to_dict()
    wordless = [text in ("@x", "") for _, text, _ in rows]
    assert (members["form"] == "").tolist() == wordless


def test_pseudonyms_move_no_form():
    # the key of the pseudonyms differs from one laboratory to the next
    other = TOY.assign(
        post_id=TOY["post_id"].map({f"p_{n}": f"p_{9 - n}" for n in range(1, 7)}),
        account_id=TOY["account_id"].map({"a_1": "a_9", "a_2": "a_1", "a_3": "a_0"}),
    )
    pd.testing.assert_frame_equal(folded(TOY)[0], folded(other)[0])


def test_no_identity_is_in_the_forms_or_their_members():
    posts = posts_of(("p_1", "a_1", "@canary_1 mail canary2@x.org https://canary3.org hi", "en"))
    forms, members = folded(posts)
    assert "canary" not in forms.to_csv() + members.to_csv()


def test_no_posts_make_no_forms():
    forms, members = folded(TOY.head(0), shards=2)
    assert forms.columns.tolist() == ["form", "text", "posts"]
    assert members.columns.tolist() == ["post_id", "account_id", "form", "language"]
    assert len(forms) == len(members) == 0
