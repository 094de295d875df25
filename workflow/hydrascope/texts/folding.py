"""The matching form of a text: what is compared, never what is shown.

Width, case, Traditional characters, zero-width characters and spacing are
folded away, and everything that names a person or a place on the web is
masked, so that copies meet and nobody is named from here on.
"""

import html
import re
import unicodedata
from functools import cache

from opencc import OpenCC

__all__ = ["language_of", "matching_form"]

# A handle, or its hash in an archive release. Only the characters that one may
# have: in unspaced Chinese or Thai the sentence goes on right behind it.
HANDLE = r"(?:[A-Za-z0-9+/]{27,64}={0,2}|[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,28}[A-Za-z0-9_])?)"
REPOST = re.compile(rf"^rt @{HANDLE}:?\s*", re.ASCII | re.IGNORECASE)
MENTION = re.compile(rf"@{HANDLE}")
# Addresses, and what a text in lower case holds if it holds one.
ADDRESSES = (
    (
        re.compile(r"(?:https?://|www\.)(?:[!-~]+|[^\s/]+(?:/[!-~]*)?)", re.IGNORECASE),
        ("://", "www."),
    ),
    (
        re.compile(r"(?<![\w@.-])(?:[a-z0-9-]+\.)+[a-z]{2,}/[!-~]+", re.ASCII | re.IGNORECASE),
        ("/",),
    ),
    # A repost's text is cut, often in the middle of a link.
    (re.compile(r"https?:?/{0,2}(?=\s*(?:…|$))", re.IGNORECASE), ("http",)),
)
# Each run of letters is looked at once, whatever follows it: a search for the whole address
# would begin anew at every letter of a long run without an @.
MAIL = re.compile(r"([0-9A-Za-z\u00c0-\u024f.+_'-]++)(@[A-Za-z0-9-]++(?:\.[A-Za-z0-9-]++)++)?")
NUMBER = re.compile(r"\+?\d[\d\s().\u2010-\u2015-]{7,}\d")
# Python refuses to read a number of thousands of digits; so many name no character.
ZEROS = re.compile(r"(&#[xX]?)0{8,}+")
NO_CHARACTER = re.compile(r"&#(?:0*+[1-9][0-9]{7,}+|[xX]0*+[1-9a-fA-F][0-9a-fA-F]{6,}+);?")
# Marks that one letter may carry; normalisation sorts them in quadratic time. Unicode's
# Stream-Safe Text Format (UAX 15, section 13) has the same number.
MOST_MARKS = 30
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
# Full-width forms only. NFKC would also take Thai and Arabic letters apart.
WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
SHOWN = WIDTH | dict.fromkeys(
    [0xAD, 0x34F, 0x61C, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F)]
    + [*range(0x2060, 0x2065), *range(0x2066, 0x206A), *range(0xFE00, 0xFE10)]
)
SCRIPTS = {
    "th": re.compile(r"[\u0e00-\u0e7f]"),
    "ja": re.compile(r"[\u3040-\u30ff]"),
    "ko": re.compile(r"[\uac00-\ud7af]"),
    "zh": HAN,
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "ar": re.compile(r"[\u0600-\u06ff]"),
}
SCRIPT_SHARE = 0.2
MOST_PASSES = 8
# Codes of X that ISO 639-1 has renamed.
RENAMED = {"in": "id", "iw": "he", "ji": "yi"}


def matching_form(text: str) -> str:
    """Fold a text to the form that copies of it share.

    Parameters
    ----------
    text : str
        The text as the platform gave it; lone surrogates are dropped.

    Returns
    -------
    str
        The folded text; empty where no letter of any script is left.

    Notes
    -----
    A leading `RT @handle:` goes, so that a repost meets its original. Mentions,
    web and mail addresses and long numbers go, since they name people.
    """
    text = text.encode("utf-8", "ignore").decode("utf-8")
    # What one pass lays bare, such as a second "RT @handle:", the next one folds.
    for _ in range(MOST_PASSES):
        folded = _fold(text)
        if folded == text:
            break
        text = folded
    return text if any(map(str.isalpha, text)) else ""


def _fold(text: str) -> str:
    if "&" in text:
        text = html.unescape(NO_CHARACTER.sub("\ufffd", ZEROS.sub(r"\g<1>0", text)))
    if not text.isascii():
        text = unicodedata.normalize("NFC", _surplus_marks().sub(r"\1", text)).translate(SHOWN)
    text = REPOST.sub("", text)
    lower = text.lower()
    for pattern, signs in ADDRESSES:
        if any(sign in lower for sign in signs):
            text = pattern.sub(" ", text)
    if "@" in text:
        text = MAIL.sub(lambda found: " " if found[2] else found[1], text)
        text = MENTION.sub(" ", text)
    text = " ".join(NUMBER.sub(" ", text).split()).lower()
    return _simplifier().convert(text) if HAN.search(text) else text


def language_of(text: str, declared: str | None) -> str:
    """Name a text's language as an ISO 639-1 code, or `und`.

    The platform's own word counts, cut to the language itself; where it names
    none (`und`, X's `qme` and the like) the script decides, as far as a script
    tells languages apart.
    """
    declared = (declared or "und").lower().replace("_", "-").split("-")[0]
    if len(declared) == 2:
        return RENAMED.get(declared, declared)
    letters = sum(map(str.isalpha, text)) or 1
    for language, pattern in SCRIPTS.items():
        if len(pattern.findall(text)) >= SCRIPT_SHARE * letters:
            return language
    return "und"


@cache
def _surplus_marks() -> re.Pattern:
    """Marks of a letter that are one too many, behind those that stay."""
    marks = "".join(map(re.escape, filter(unicodedata.combining, map(chr, range(0x20000)))))
    return re.compile(f"([{marks}]{{{MOST_MARKS}}})[{marks}]++")


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")
