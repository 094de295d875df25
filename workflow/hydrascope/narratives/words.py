"""Words of a text, cut the way its script asks for."""

import re
from collections.abc import Iterable
from functools import cache

import rjieba
from pythainlp.tokenize import Tokenizer

__all__ = ["name_pattern", "words_of"]

HAN = r"\u3400-\u9fff\uf900-\ufaff"
THAI = r"\u0e00-\u0e7f"
IDEOGRAPH = re.compile(rf"[{HAN}]")
# Signs that sit on letters and belong to the word, which Python's \w leaves out.
SIGNS = r"\u0300-\u036f\u0591-\u05bd\u064b-\u065f\u0900-\u0dff"
RUNS = re.compile(rf"[{HAN}]+|[{THAI}]+|[^\W\d_{HAN}{THAI}](?:[^\W_{HAN}{THAI}]|[{SIGNS}])*")
# Words that carry grammar and no subject, the commonest of each language.
STOP = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "but",
        "by",
        "for",
        "from",
        "has",
        "have",
        "he",
        "in",
        "is",
        "it",
        "its",
        "my",
        "not",
        "of",
        "on",
        "or",
        "our",
        "she",
        "so",
        "than",
        "that",
        "the",
        "their",
        "them",
        "they",
        "this",
        "to",
        "was",
        "we",
        "were",
        "will",
        "with",
        "you",
        "your",
        "rt",
        "amp",
        "via",
        "我们",
        "你们",
        "他们",
        "没有",
        "这个",
        "那个",
        "一个",
        "什么",
        "因为",
        "所以",
        "但是",
        "ที่",
        "และ",
        "ใน",
        "ของ",
        "ได้",
        "ให้",
        "ไม่",
        "มี",
        "เป็น",
        "จะ",
        "ก็",
        "ว่า",
        "กับ",
        "มา",
        "ไป",
        "แล้ว",
        "นี้",
        "นั้น",
        "อยู่",
        "จาก",
        "โดย",
        "แต่",
        "ถึง",
        "ต้อง",
        "หรือ",
        "เพื่อ",
        "คือ",
        "ด้วย",
        "กัน",
        "ครับ",
        "ค่ะ",
        "คะ",
        "นะ",
        "เรา",
        "เขา",
        "ผม",
        "ฉัน",
        "คุณ",
        "ซึ่ง",
        "อะไร",
        "เลย",
        "อีก",
        "ทำ",
        "ยัง",
        "เมื่อ",
    ]
)


def name_pattern(names: Iterable[str]) -> re.Pattern:
    """Make the pattern that finds names in matching forms, the longest first.

    A name in letters that are parted by spaces must stand by itself: `han` is not in
    `hand`. Chinese and Thai names may stand anywhere, since nothing parts them.
    """
    parts = []
    for name in sorted(set(names), key=lambda name: (-len(name), name)):
        start = r"(?<!\w)" if _parted(name[0]) else ""
        end = r"(?!\w)" if _parted(name[-1]) else ""
        parts.append(f"{start}{re.escape(name)}{end}")
    return re.compile("|".join(parts) or r"(?!)")


def _parted(letter: str) -> bool:
    return letter.isalnum() and not re.match(f"[{HAN}{THAI}]", letter)


def words_of(text: str, names: re.Pattern | None = None) -> list[str]:
    """Cut a text into words: Chinese and Thai by dictionary, others at spaces.

    Parameters
    ----------
    text : str
        A matching form.
    names : re.Pattern, optional
        What `name_pattern` gave: each name found is one word, whatever the dictionary
        says and however many words it has.

    Returns
    -------
    list of str
        Words in their order; single characters, digits, marks and words that
        carry grammar alone are left out.
    """
    if names is None:
        return _cut(text)
    words, end = [], 0
    for found in names.finditer(text):
        words += [*_cut(text[end : found.start()]), found.group()]
        end = found.end()
    return words + _cut(text[end:])


def _cut(text: str) -> list[str]:
    words: list[str] = []
    for run in RUNS.findall(text):
        if "\u0e00" <= run[0] <= "\u0e7f":
            words.extend(_thai().word_tokenize(run))
        elif IDEOGRAPH.match(run):
            words.extend(rjieba.cut(run))
        else:
            words.append(run)
    return [word for word in words if len(word) > 1 and word not in STOP and not word.isnumeric()]


@cache
def _thai() -> Tokenizer:
    return Tokenizer(engine="newmm", keep_whitespace=False)
