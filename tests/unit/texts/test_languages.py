"""Languages by the votes of posts, scripts by their letters."""

import duckdb
import pyarrow as pa
import pytest

from hydrascope.texts.languages import family_languages, script_of, scripts_of, voted_language


def voted(*rows):
    votes = pa.table({"language": [voted_language(*row) for row in rows]})
    with duckdb.connect() as base:
        base.register("votes", votes)
        found = family_languages(base, "SELECT 'f' AS family, language FROM votes").fetchall()
    ((family, *told),) = found
    assert family == "f"
    return tuple(told)


def test_most_posts_name_the_language_and_the_share_says_how_sure_that_is():
    assert voted(("hola", "es"), ("hola", "es"), ("hola", "pt")) == ("es", pytest.approx(2 / 3))


def test_a_known_language_goes_before_an_unknown_one_and_a_tie_by_the_alphabet():
    assert voted(("hello there", None), ("hello there", None), ("hello there", "en"))[0] == "en"
    assert voted(("hola", "pt"), ("hola", "es")) == ("es", 0.5)


def test_nobody_sure_is_und_with_no_share():
    assert voted(("hola", None)) == ("und", 0)
    assert voted(("hola", ""), ("hola", None)) == ("und", 0)


def test_a_script_that_the_declared_language_is_not_written_in_speaks_for_itself():
    assert voted(("สวัสดีครับทุกคน", "en")) == ("th", 1)
    assert voted(("สวัสดีครับทุกคน", None)) == ("th", 1)


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("新疆的棉农说这个问题很简单", "Hans"),
        ("新疆的棉農說這個問題很簡單", "Hant"),
        ("人口中心", "Hani"),
        ("ひらがなと漢字", "Jpan"),
        ("good morning", "Latn"),
        ("доброе утро", "Cyrl"),
        ("สวัสดี", "Thai"),
        ("صباح الخير", "Arab"),
        ("𐎀𐎁𐎂", "Zzzz"),
        ("12345 🌸", "Zyyy"),
        ("", "Zyyy"),
        ("\ud800", "Zyyy"),
    ],
)
def test_the_script_is_that_of_most_letters(text, script):
    assert script_of(text) == script


def test_a_name_in_another_script_does_not_turn_the_text():
    assert script_of("我们在GitHub上看到了这个消息，大家都说好") == "Hans"


def test_many_texts_are_told_as_each_alone():
    texts = ["新疆棉農", "good", "", "新疆棉农", "good"] * 3
    assert scripts_of(texts) == [script_of(text) for text in texts]
    assert scripts_of([]) == []


@pytest.mark.parametrize(
    ("declared", "language"),
    [
        (["en", "zh", "zh"], "zh"),
        (["en", "und", "und", None], "en"),
        (["und", None], "und"),
        (["zh", "en"], "en"),
        # Regions of one language vote together.
        (["en", "en", "en", "zh-cn", "zh-cn", "zh-tw", "zh-tw"], "zh"),
    ],
)
def test_the_language_named_most_often_is_the_family_s(declared, language):
    assert voted(*(("hello", code) for code in declared))[0] == language
