"""The copy key of a text: what is left once the marks that tell copies apart are gone.

The matching form is what two posts share to the letter. The key goes further, and
only ever decides which texts are copies: it is neither shown nor embedded.
"""

import re
from collections.abc import Iterable
from functools import cache

from opencc import OpenCC

__all__ = ["copy_key", "ordinary_words"]

SPACES = re.compile(r"\s+")
# Pictures, not letters in circles, which may be numbers of a list.
EMOJI = re.compile(
    "[\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\u3030\u303d\u20e3"
    "\U0001f000-\U0001faff\U000e0020-\U000e007f]+"
)
REPEATED = re.compile(r"([^\w\s])\1+")
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
# Thai, Lao, Khmer, kana and Han put no space between words, so that one says nothing.
UNSPACED = "\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
IDLE_SPACE = re.compile(rf"(?<=[{UNSPACED}]) | (?=[{UNSPACED}])")
# A last token that stands alone; a tag, a name or a part of a longer word does not.
TAIL = 64
LAST = re.compile(
    r"[\s\[({<|~*_-]*(?<![0-9a-z\u00c0-\u024f#@&/:'’])([0-9a-z]{4,8})[\s\])}>|~*_-]*$"
)
TOKEN = re.compile(r"(?<![0-9a-z])[0-9a-z]{4,8}(?![0-9a-z])")
END_MARKS = tuple(".!?。！？…")
# Letters and digits that people write: mh17, covid19, 2020s, 100km.
NAMED = re.compile(r"[a-z]{2,}\d{1,4}|\d+(?:[sdkmbx]|st|nd|rd|th|bn|km|kg|mm|gb|mb|am|pm|hrs?|min)")
# What opens a word of English or of Chinese in Latin letters, if more than one consonant does.
ONSETS = re.compile(
    "b[lr]|c(?:hr?|[lr])|d[rw]|f[lr]|g[hlnr]|hm|k[hlnrw]|ll|m[cn]|ng|p(?:hr?|[lnrst])|qu|rh"
    "|s(?:ch[mw]?|c[lr]?|hr?|kr?|p[hlr]?|qu?|tr?|[lmnvw])|t(?:h[rw]?|[rsw])|v[lr]|w[hr]|xh|z[hlw]"
)
ONSET = re.compile(r"[^aeiouy]{2,}")
# Pairs that no word holds.
ODD = re.compile(
    r"q[^aiou]|[bdfghjkmptvwxz]q|j[bcdfghjklmnpqrstvwxz]|[cfghkmpqvwxz]j|v[bcdfghjkmnpqtwxz]"
    r"|[bcdfhjkmpqstvwz]x|z[bcdfgjkmnpqrstvx]|[bcfhjkmpqvwx]z|[bcfjmpqvxz]w|[bfjpqvxz]k"
    r"|w[cgjqvxz]|k[cjpqvxz]|h[cgjkqvxz]|f[cdgjkmpqvxz]|p[jqvxz]|b[fgkpqwxz]|c[bfgjpvwxz]"
)
UNVOICED = re.compile(r"[^aeiouy]+")


def copy_key(form: str, ordinary: frozenset[str] = frozenset()) -> str:
    """Take off what is put on a copy to make it look like another text.

    Parameters
    ----------
    form : str
        A matching form.
    ordinary : frozenset of str
        Tokens that the collection uses as words; they stay.

    Returns
    -------
    str
        The key; the form itself where nothing with a letter would be left.

    Notes
    -----
    Emoji go wherever they stand, a mark said several times is said once, and spaces
    go where the script has none. At the end a token of four to eight letters and
    digits goes if it looks random: letters mixed with digits, unless as in `mh17` or
    `100km`; or letters that no word of English, nor of Chinese in Latin letters, has
    in this order. Behind the end of a sentence of a script without spaces any such
    token goes, behind that of another one that holds a digit. In the end words of
    Taiwan's usage are put into the mainland's (OpenCC's `tw2sp`), so that 软体 and
    软件 meet.
    """
    key = SPACES.sub(" ", EMOJI.sub(" ", form))
    key = REPEATED.sub(r"\1", IDLE_SPACE.sub("", key)).strip()
    letter = next((place for place, sign in enumerate(key) if sign.isalpha()), None)
    if letter is None:
        return form
    while (shorter := _unended(key, letter, ordinary)) != key:
        key = shorter
    return _mainland(key)


def ordinary_words(forms: Iterable[str]) -> frozenset[str]:
    """The tokens that the texts of a collection use as words.

    A token is a word where another one follows it in some text, or two texts have it
    last. What is random stands once, or at the end of copies of one text.
    """
    ordinary, last = set(), set()
    for form in forms:
        *before, end = TOKEN.findall(form) or [""]
        ordinary.update(before)
        (ordinary if end in last else last).add(end)
    return frozenset(ordinary)


def _last(key: str, letter: int) -> tuple[str, str] | None:
    """What comes before a last token that stands alone, with the first letter, and the token."""
    tail = key[-TAIL:]
    found = LAST.search(tail)
    if found is None:
        return None
    stem = key[: len(key) - len(tail) + found.start()]
    return (stem, found[1]) if len(stem) > letter else None


def _unended(key: str, letter: int, ordinary: frozenset[str]) -> str:
    end = _last(key, letter)
    if end is None or end[1] in ordinary or end[1].isdigit():
        return key
    stem, token = end
    closed = stem.endswith(END_MARKS)
    if not token.isalpha():
        random = closed or not NAMED.fullmatch(token)
    else:
        random = _odd(token) or (closed and HAN.search(stem[-TAIL:]) is not None)
    return stem if random else key


def _odd(token: str) -> bool:
    onset = ONSET.match(token)
    return bool(
        UNVOICED.fullmatch(token) or (onset and not ONSETS.fullmatch(onset[0])) or ODD.search(token)
    )


def _mainland(key: str) -> str:
    if not HAN.search(key):
        return key
    # The phrases of tw2sp are Traditional, and the key is not any more.
    traditional, mainland = _converters()
    return mainland.convert(traditional.convert(key))


@cache
def _converters() -> tuple[OpenCC, OpenCC]:
    return OpenCC("s2t"), OpenCC("tw2sp")
