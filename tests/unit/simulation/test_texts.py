"""Simulated texts: three languages of one message, many messages, subjects that differ."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from hydrascope.simulation import texts
from hydrascope.simulation.texts import (
    draw_message,
    hashtags,
    headline,
    profile_line,
    reworded,
    say,
    with_suffix,
)
from hydrascope.texts.folding import matching_form
from hydrascope.texts.vectors import embed

POLITICS = ["xinjiang", "guo_wengui", "covid_origin", "vaccines", "taiwan", "hong_kong"]
POLITICS += ["united_states", "achievements"]
EVERYDAY = ["food", "travel", "football", "music", "shopping", "weather", "pets", "study"]
EVERYDAY += ["landscapes", "local_news"]
LANGUAGES = ("zh-Hans", "zh-Hant", "en")
WORDS = yaml.safe_load(Path(texts.__file__).with_name("words.yaml").read_text(encoding="utf-8"))


def messages(subject, count, stance="plain", seed=1):
    rng = np.random.default_rng(seed)
    return [draw_message(rng, subject, stance) for _ in range(count)]


@pytest.mark.parametrize("subject", [*POLITICS, *EVERYDAY])
def test_a_subject_has_many_texts_of_the_length_of_a_post(subject):
    drawn = messages(subject, 2_000)
    assert len(set(drawn)) > 1_990
    for language, least, most in (("zh-Hans", 12, 70), ("zh-Hant", 12, 70), ("en", 40, 220)):
        texts = {say(message, language) for message in drawn}
        assert len(texts) > 1_900
        assert all(least <= len(text) <= most for text in texts)


def test_a_text_and_its_translation_say_the_same_words_and_a_pattern_only_orders_them():
    lists = ("things", "places", "doings", "details", "things", "doings")
    for subject in (*POLITICS, *EVERYDAY):
        message = messages(subject, 1)[0]
        pairs = [
            list(WORDS[subject][name].items())[at]
            for name, at in zip(lists, message.picks, strict=False)
        ]
        for language, side in (("zh-Hans", 0), ("en", 1)):
            orders = {
                say(replace(message, picks=(*message.picks[:-2], pattern, 0)), language)
                for pattern in range(7)
            }
            assert len(orders) == 7
            for text in orders:
                assert all(pair[side].lower() in text.lower() for pair in pairs)
                assert text[0] == text[0].upper()


def test_the_two_chinese_forms_are_one_text_and_english_has_no_chinese():
    for subject in (*POLITICS, *EVERYDAY):
        for message in messages(subject, 50, "for"):
            hans, hant, en = (say(message, language) for language in LANGUAGES)
            assert matching_form(hans) == matching_form(hant)
            assert not re.search(r"[\u3400-\u9fff]", en)
            assert not re.search(r"[A-Za-z{}]", hans)
    taiwan = [(say(one, "zh-Hans"), say(one, "zh-Hant")) for one in messages("taiwan", 200)]
    assert any("台湾" in hans for hans, _ in taiwan)
    assert all(("台湾" in hans) == ("臺灣" in hant) for hans, hant in taiwan)


def test_a_stance_adds_a_phrase_and_everyday_subjects_have_none():
    for subject in POLITICS:
        plain, for_, against = (
            messages(subject, 1, stance)[0] for stance in ("plain", "for", "against")
        )
        assert len({say(one, "zh-Hans") for one in (plain, for_, against)}) == 3
        assert say(for_, "en").startswith(say(plain, "en"))
    assert say(messages("food", 1, "for")[0], "en") == say(messages("food", 1)[0], "en")


def test_a_reworded_copy_differs_in_little_and_a_suffix_stands_at_the_end():
    rng = np.random.default_rng(2)
    changes, spaced = [], []
    for message in messages("taiwan", 100):
        other = reworded(rng, message)
        changed = sum(one != two for one, two in zip(message.picks, other.picks, strict=True))
        assert changed <= 2
        changes.append(changed)
        text = say(message, "en")
        longer = with_suffix(rng, text, "en")
        assert longer.startswith(text) and 0 < len(longer) - len(text) <= 5
        spaced.append(" " in longer[len(text) :])
    # A word may be drawn for itself, which leaves few messages as they were.
    assert changes.count(0) < 15 and {1, 2} <= set(changes)
    assert {True, False} == set(spaced)


def test_titles_tags_and_profile_lines_are_short_and_in_the_language():
    rng = np.random.default_rng(3)
    for message in messages("hong_kong", 50):
        assert len(headline(message, "zh-Hans")) < 25
        place = list(WORDS["hong_kong"]["places"].items())[message.picks[1]]
        assert headline(message, "zh-Hans").startswith(place[0])
        assert headline(message, "en").endswith(place[1])
        assert hashtags(message, "zh-Hans")[0] == place[0]
        assert all(" " not in tag for tag in hashtags(message, "en"))
    counts = {len(hashtags(message, "en")) for message in messages("hong_kong", 50)}
    assert counts == {1, 2}
    # One pattern alone would give 196.
    assert len({profile_line(rng, "pets", "en") for _ in range(2_000)}) > 400


def test_subjects_lie_apart_and_languages_of_one_subject_together():
    rows = [
        (subject, matching_form(say(message, language)))
        for subject in POLITICS
        for language in ("zh-Hans", "en")
        for message in messages(subject, 30, "for", seed=7)
    ]
    subjects = np.array([subject for subject, _ in rows])
    vectors = embed([text for _, text in rows], decimals=4)
    half = np.arange(len(rows)) % 2 == 0
    centres = np.array([vectors[half & (subjects == name)].mean(axis=0) for name in POLITICS])
    nearest = np.array(POLITICS)[(vectors[~half] @ centres.T).argmax(axis=1)]
    assert (nearest == subjects[~half]).mean() > 0.95
