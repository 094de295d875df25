import pytest

from hydrascope.narratives.words import words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        (" \n\t ", []),
        # Chinese, simplified and traditional, cut though nothing stands between words
        ("支持香港警察", ["支持", "香港", "警察"]),
        ("支持 香港,警察。", ["支持", "香港", "警察"]),
        ("警察支持警察", ["警察", "支持", "警察"]),
        # Thai
        ("รัฐบาลไทย", ["รัฐบาล", "ไทย"]),
        ("ตำรวจ โรงเรียน", ["ตำรวจ", "โรงเรียน"]),
        # letters with spaces, whatever the alphabet
        ("police in hong kong", ["police", "hong", "kong"]),
        ("café naïve", ["café", "naïve"]),
        ("русский язык", ["русский", "язык"]),
        ("اللغة العربية", ["اللغة", "العربية"]),
        # scripts that meet without a space
        ("香港police支持ตำรวจ", ["香港", "police", "支持", "ตำรวจ"]),
        ("covidโควิด肺炎", ["covid", "โควิด", "肺炎"]),
        # a digit belongs to a word that it does not open
        ("covid19 2019 19abc", ["covid19", "abc"]),
        ("under_score", ["under", "score"]),
        ("well-known people's", ["well", "known", "people"]),
        ("😀 … ！？ #@ 1 2 3", []),
        # single characters say too little
        ("a b 我 ก", []),
    ],
)
def test_a_text_is_cut_the_way_its_script_asks_for(text, words):
    assert words_of(text) == words


@pytest.mark.parametrize("word", ["한국어", "경찰", "홍콩"])
def test_korean_is_cut_at_spaces_and_keeps_its_words(word):
    assert words_of(f"{word} police {word}") == [word, "police", word]


@pytest.mark.parametrize("digits", ["2563", "๒๕๖๓", "２０２０", "٢٠٢٠"])
def test_digits_of_any_script_are_no_word(digits):
    assert words_of(digits) == []


@pytest.mark.parametrize("text", ["the and via rt", "我们没有这个", "และที่ซึ่ง", "ของ"])
def test_words_of_grammar_alone_are_left_out(text):
    assert words_of(text) == []


def test_a_word_that_only_begins_like_a_stop_word_stays():
    assert words_of("theatre android") == ["theatre", "android"]


@pytest.mark.parametrize("text", ["支持香港警察", "รัฐบาลไทย", "police in hong kong"])
def test_the_same_text_always_has_the_same_words(text):
    assert words_of(text) == words_of(text)
