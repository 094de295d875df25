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

# A handle, or its hash in an archive release.
HANDLE = r"(?:[A-Za-z0-9+/]{27,64}={0,2}|[A-Za-z0-9_]{1,30})"
REPOST = re.compile(rf"^rt [@＠]{HANDLE}:?\s*", re.ASCII | re.IGNORECASE)
# Only the characters that a handle may have: in unspaced Chinese or Thai the
# sentence goes on right behind it.
MENTION = re.compile(rf"[@＠]{HANDLE}")
# A repost's text is cut, often in the middle of a link.
ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]+|https?:?/{0,2}(?=\s*(?:…|$))", re.IGNORECASE)
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+", re.ASCII)
NUMBER = re.compile(r"\+?\d[\d\s().-]{7,}\d")
SPACES = re.compile(r"\s+")
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
WORDLESS = re.compile(r"[\W_\d]+")
# Full-width forms only. NFKC would also take Thai and Arabic letters apart.
WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
INVISIBLE = dict.fromkeys(
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
    text = unicodedata.normalize("NFC", html.unescape(text))
    text = text.translate(INVISIBLE).translate(WIDTH)
    text = REPOST.sub("", text)
    for pattern in (ADDRESS, MAIL, MENTION, NUMBER):
        text = pattern.sub(" ", text)
    text = SPACES.sub(" ", text).strip().lower()
    if HAN.search(text):
        text = _simplifier().convert(text)
    return text if WORDLESS.sub("", text) else ""


def language_of(text: str, declared: str | None) -> str:
    """Name a text's language as an ISO 639-1 code, or `und`.

    The platform's own word counts, cut to the language itself; where it says
    nothing the script decides, as far as a script tells languages apart.
    """
    if declared and declared != "und":
        return declared.replace("_", "-").split("-")[0]
    letters = len(WORDLESS.sub("", text)) or 1
    for language, pattern in SCRIPTS.items():
        if len(pattern.findall(text)) >= SCRIPT_SHARE * letters:
            return language
    return "und"


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")
