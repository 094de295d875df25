"""What is put on a copy to make it look like another text comes off, and words stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hydrascope.texts.folding import matching_form
from hydrascope.texts.keys import copy_key, ordinary_words

TEXT = "新疆的棉花今年又丰收了"


def key(text):
    return copy_key(matching_form(text))


@pytest.mark.parametrize(
    "copy",
    [
        "新疆的棉花今年又丰收了",
        "新疆的棉花今年又豐收了",
        "新疆的棉花　今年又丰收了",
        "新\u200b疆的棉\ufeff花今年又丰收了",
        "新疆的棉花今年又丰收了🌸🌸🌞",
        "🌊 新疆的棉花今年又丰收了 🍀",
        "新疆的棉花今年又丰收了 x7kq",
        "新疆的棉花今年又丰收了 qzvt",
        "新疆的棉花今年又丰收了 [h4x9]",
        "新疆的棉花今年又丰收了 x7kq 9b2fd",
    ],
)
def test_a_copy_with_another_script_width_space_emoji_or_ending_has_the_same_key(copy):
    assert key(copy) == key(TEXT)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("這個軟體很好用", "这个软件很好用"),
        ("滑鼠與硬碟", "鼠标与硬盘"),
        ("Ｇｕｏ Ｗｅｎｇｕｉ lies", "guo wengui LIES"),
        ("what a day!!!", "what a day!"),
        ("look at this @someone", "look at this @another"),
        ("look at this https://a.example/x", "look at this http://b.example/y"),
    ],
)
def test_taiwans_words_width_marks_mentions_and_links_do_not_tell_copies_apart(one, other):
    assert key(one) == key(other)


@pytest.mark.parametrize(
    "text",
    [
        "they shot down mh17",
        "the truth about covid19",
        "we walked 100km",
        "remember 2020s",
        "this is what they said about rhythm",
        "back in 1989",
        "听说过 covid19",
        "see you in xinjiang",
        "what a strange world",
    ],
)
def test_words_numbers_and_names_at_the_end_stay(text):
    assert key(text) == copy_key(matching_form(text + " "))
    last = matching_form(text).split()[-1]
    assert key(text).endswith(last)


def test_a_token_that_others_use_as_a_word_stays():
    forms = [matching_form(text) for text in ("the new x7kq phone", "i bought the x7kq")]
    assert copy_key(forms[1], ordinary_words(forms)).endswith("x7kq")
    assert not copy_key(forms[1], ordinary_words(forms[1:])).endswith("x7kq")


@pytest.mark.parametrize("form", ["x7kq", "🌸", "1234", "?!"])
def test_what_would_leave_nothing_with_a_letter_keeps_its_form(form):
    assert copy_key(form) == form


@given(st.text(max_size=60))
def test_a_key_of_a_key_is_itself(text):
    once = key(text)
    assert copy_key(once) == once


@given(
    st.lists(st.sampled_from(["🌸", "\u200b", "⭐⭐", " ", "🎈 "]), max_size=4),
    st.lists(st.sampled_from(["🌸", "\u200b", "⭐⭐", " ", "🎈 "]), max_size=4),
)
def test_decorations_in_any_order_change_no_key(before, after):
    assert key("".join(before) + TEXT + "".join(after)) == key(TEXT)


def test_a_very_long_text_takes_no_time_worth_noticing():
    assert len(copy_key("一" * 100_000 + " x7kq")) == 100_000
    assert len(copy_key("a" * 100_000)) == 100_000
