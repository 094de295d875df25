"""Languages by code and by name, and those that cannot be told."""

import pytest

from hydrascope.ingest.languages import CODES, NAMES, RARER, language_code


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (("en", "EN", "en-US", "en_GB.UTF-8", "eng", "English", "ENGLISH ", "English (US)"), "en"),
        (("zh", "zh_TW", "zh-Hant-TW", "zho", "chi", "cmn", "yue", "Chinese", "中文"), "zh"),
        (("简体中文", "中文（繁體）", "Traditional Chinese", "Mandarin"), "zh"),
        (("Français", "francais", "fra", "fre", "法语", "法語"), "fr"),
        (("Português", "Brazilian Portuguese", "pt-BR"), "pt"),
        (("ไทย", "ภาษาไทย", "Thai", "tha"), "th"),
        (("हिन्दी", "हिंदी", "Hindi"), "hi"),
        # as X calls them, now or once
        (("in", "id", "Bahasa Indonesia"), "id"),
        (("iw", "he", "Hebrew"), "he"),
        (("tl", "fil", "Filipino", "Tagalog"), "tl"),
        (("msa", "Malay"), "ms"),
        (("und", "qme", "qht", "zxx", "art"), "und"),
        (("ckb",), "ckb"),
        (("", "Klingon", "xx", "unknown", "n/a", "en,fr", "12", "English or French"), ""),
    ],
)
def test_a_language_goes_by_many_names(names, code):
    assert {name: language_code(name) for name in names} == dict.fromkeys(names, code)


def test_no_name_means_two_languages():
    codes = [row.partition("|")[0] for row in NAMES.split("\n") if row]
    assert set(CODES.values()) == set(codes)
    assert all(CODES[code] == code for code in codes)
    assert not set(CODES) & set(RARER.split())
