import re
from pathlib import Path

import pytest

from hydrascope.errors import ConfigError
from hydrascope.narratives.codebook import load_codebook, load_stances
from hydrascope.texts.folding import matching_form

SHIPPED = Path(__file__).parents[3] / "config/narratives.yaml"
SIX_LINES = """
  harbour:
    title: The harbour
    definition: Ships and quays.
    sources: [a book]
    en: [cargo ships, The Quay]
    zh: [货船]
"""


@pytest.fixture
def written(tmp_path):
    def write(subjects, opening="subjects:"):
        path = tmp_path / "codebook.yaml"
        path.write_text(opening + subjects, encoding="utf-8")
        return path

    return write


def test_a_subject_is_six_lines(written):
    assert len(SIX_LINES.strip().splitlines()) == 6
    subjects, phrases = load_codebook(written(SIX_LINES))
    assert subjects.to_dict("records") == [
        {
            "subject": "harbour",
            "title": "The harbour",
            "definition": "Ships and quays.",
            "sources": "a book",
        }
    ]
    assert phrases.values.tolist() == [
        ["harbour", "en", "cargo ships", "cargo ships"],
        ["harbour", "en", "The Quay", "the quay"],
        ["harbour", "zh", "货船", "货船"],
    ]


def test_the_shipped_codebook_names_eight_subjects_in_two_languages():
    subjects, phrases = load_codebook(SHIPPED)
    assert set(subjects["subject"]) == {
        *("xinjiang", "guo_wengui", "covid_origin", "vaccines"),
        *("taiwan", "hong_kong", "united_states", "achievements"),
    }
    counts = phrases.groupby(["subject", "language"]).size().unstack()
    assert list(counts.columns) == ["en", "zh"]
    assert counts.to_numpy().min() >= 8 and counts.to_numpy().max() <= 15


def test_the_shipped_chinese_phrases_are_in_simplified_characters():
    _, phrases = load_codebook(SHIPPED)
    chinese = phrases[phrases["language"] == "zh"]
    assert list(chinese["phrase"]) == list(chinese["form"])
    assert matching_form("臺灣") == "台湾" in set(chinese["form"])


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (
            "    en: [cargo ships, The Quay]\n    zh: [货船]\n",
            "",
            "subject harbour: found no phrases",
        ),
        ("[货船]", "[]", "subjects.harbour.zh: found []"),
        ("[货船]", "[12]", "subjects.harbour.zh.0: found 12"),
        ("[货船]", '["12"]', "harbour, zh: found '12'; expected a phrase with a letter"),
        (
            "[货船]",
            "['@someone']",
            "harbour, zh: found '@someone'; expected a phrase with a letter",
        ),
        ("    title: The harbour\n", "", "title"),
        ("zh:", "chinese:", "chinese"),
        ("zh:", "en:", "line 7: found the key en a second time"),
        ("harbour:", "Harbour Side:", "Harbour Side"),
        ("harbour:", "uncoded:", "subject uncoded: found the word for topics without a subject"),
        ("harbour:", "all:", "subject all: found the word for all subjects together"),
        ("[货船]", "[货船", "line 8"),
    ],
)
def test_a_codebook_that_is_wrong_is_refused_and_the_place_is_named(written, before, after, says):
    assert SIX_LINES.count(before) == 1
    path = written(SIX_LINES.replace(before, after))
    with pytest.raises(ConfigError, match=re.escape(says)) as refused:
        load_codebook(path)
    assert str(path) in str(refused.value)


def test_norwegian_is_a_language_like_any_other(written):
    _, phrases = load_codebook(written(SIX_LINES.replace("zh: [货船]", "no: [lasteskip]")))
    assert list(phrases["language"]) == ["en", "en", "no"]


@pytest.mark.parametrize("repeated", ["cargo ships", "Cargo  SHIPS", "貨船"])
def test_a_phrase_under_two_subjects_is_refused_in_any_case_and_script(written, repeated):
    second = SIX_LINES.replace("harbour", "trade").replace("[货船]", "[商人]")
    second = second.replace("cargo ships, The Quay", repeated)
    with pytest.raises(ConfigError, match="subject trade, en: found .* under the subject harbour"):
        load_codebook(written(SIX_LINES + second))


@pytest.mark.parametrize("opening", ["", "- a list\n", "subjects: {}", "themes:\n  a: b"])
def test_a_file_without_subjects_is_refused(written, opening):
    with pytest.raises(ConfigError, match="codebook.yaml"):
        load_codebook(written("", opening=opening))


SIDED = (
    SIX_LINES
    + """    for:
      en: [ships bring work]
    against:
      en: [ships bring noise, ships bring dirt]
"""
)


def test_sides_are_read_apart_from_the_phrases_that_name_the_subject(written):
    path = written(SIDED)
    assert len(load_codebook(path)[1]) == 3
    assert load_stances(path).to_numpy().tolist() == [
        ["harbour", "for", "en", "ships bring work", "ships bring work"],
        ["harbour", "against", "en", "ships bring noise", "ships bring noise"],
        ["harbour", "against", "en", "ships bring dirt", "ships bring dirt"],
    ]


def test_a_codebook_without_sides_has_none(written):
    assert load_stances(written(SIX_LINES)).empty


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("    for:\n      en: [ships bring work]\n", "", "found no language under for and en"),
        ("en: [ships bring work]", "zh: [好]", "found zh under for and en under against"),
        ("ships bring dirt", "Ships bring WORK", "which stands under for too"),
        ("ships bring dirt", "'!!'", "expected a phrase with a letter"),
        ("en: [ships bring work]", "en: []", "harbour.for.en"),
    ],
)
def test_sides_that_are_wrong_are_refused_and_the_place_is_named(written, before, after, says):
    assert SIDED.count(before) == 1
    with pytest.raises(ConfigError, match=re.escape(says)):
        load_stances(written(SIDED.replace(before, after)))


def test_the_shipped_subjects_have_both_sides_in_the_languages_of_their_phrases():
    phrases, sides = load_codebook(SHIPPED)[1], load_stances(SHIPPED)
    counts = sides.groupby(["subject", "language", "stance"]).size()
    assert len(counts) == 8 * 2 * 2 and counts.min() >= 5
    assert set(sides["language"]) == set(phrases["language"])
