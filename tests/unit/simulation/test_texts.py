"""Simulated texts: three languages of one message, many messages, subjects that differ."""

import re

import numpy as np
import pytest

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


def test_the_two_chinese_forms_are_one_text_and_english_has_no_chinese():
    for subject in (*POLITICS, *EVERYDAY):
        for message in messages(subject, 50, "for"):
            hans, hant, en = (say(message, language) for language in LANGUAGES)
            assert matching_form(hans) == matching_form(hant)
            assert not re.search(r"[\u3400-\u9fff]", en)
            assert not re.search(r"[A-Za-z{}]", hans)


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
    for message in messages("taiwan", 100):
        other = reworded(rng, message)
        changed = sum(one != two for one, two in zip(message.picks, other.picks, strict=True))
        assert changed <= 2
        text = say(message, "en")
        longer = with_suffix(rng, text, "en")
        assert longer.startswith(text) and 0 < len(longer) - len(text) <= 5


def test_titles_tags_and_profile_lines_are_short_and_in_the_language():
    rng = np.random.default_rng(3)
    for message in messages("hong_kong", 50):
        assert len(headline(message, "zh-Hans")) < 25
        assert 1 <= len(hashtags(message, "en")) <= 2
        assert all(" " not in tag for tag in hashtags(message, "en"))
    lines = {profile_line(rng, "pets", "en") for _ in range(200)}
    assert len(lines) > 120


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
