"""Which language and which script texts are in, and how sure that is."""

from collections.abc import Sequence
from functools import cache

import duckdb
import numpy as np
from opencc import OpenCC

from hydrascope.texts.folding import language_of

__all__ = ["family_languages", "script_of", "scripts_of", "voted_language"]

# Languages that are written in a script which names one by itself.
WRITTEN = {
    "th": {"th"},
    "ja": {"ja"},
    "ko": {"ko"},
    "zh": {"zh", "ja", "ko"},
    "ru": {
        *(
            "ab",
            "ba",
            "be",
            "bg",
            "ce",
            "cv",
            "kk",
            "kv",
            "ky",
            "mk",
            "mn",
            "os",
            "ru",
            "sr",
            "tg",
            "tt",
        ),
        "uk",
        "uz",
    },
    "ar": {"ar", "az", "ckb", "fa", "ks", "ku", "ps", "sd", "ug", "ur", "uz"},
}
UNKNOWN = "und"
FAMILY = """
    WITH named AS (
        SELECT family, language, count(*) AS votes FROM ({rows}) GROUP BY ALL
    )
    SELECT family, language,
        IF(language = '{unknown}', 0.0, votes / sum(votes) OVER (PARTITION BY family))
            AS language_share
    FROM named
    QUALIFY row_number() OVER (
        PARTITION BY family ORDER BY language = '{unknown}', votes DESC, language
    ) = 1
"""
# Letters of scripts by ISO 15924; Han is told apart below.
LETTERS = {
    "Latn": [(0x41, 0x5A), (0x61, 0x7A), (0xAA, 0xAA), (0xBA, 0xBA), (0xC0, 0x24F)]
    + [(0x1E00, 0x1EFF), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A)],
    "Grek": [(0x370, 0x3FF), (0x1F00, 0x1FFF)],
    "Cyrl": [(0x400, 0x52F), (0x1C80, 0x1C8F), (0x2DE0, 0x2DFF), (0xA640, 0xA69F)],
    "Armn": [(0x531, 0x58F)],
    "Hebr": [(0x5D0, 0x5F2)],
    "Arab": [(0x620, 0x6FF), (0x750, 0x77F), (0x8A0, 0x8FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC)],
    "Deva": [(0x904, 0x963), (0x971, 0x97F)],
    "Beng": [(0x980, 0x9FF)],
    "Taml": [(0xB80, 0xBFF)],
    "Thai": [(0xE01, 0xE3A), (0xE40, 0xE4E)],
    "Laoo": [(0xE80, 0xEFF)],
    "Tibt": [(0xF00, 0xFFF)],
    "Mymr": [(0x1000, 0x109F)],
    "Geor": [(0x10A0, 0x10FF)],
    "Ethi": [(0x1200, 0x139F)],
    "Khmr": [(0x1780, 0x17FF)],
    "Mong": [(0x1820, 0x18AA)],
    "Kore": [(0x1100, 0x11FF), (0x3130, 0x318F), (0xAC00, 0xD7AF)],
    "Jpan": [(0x3041, 0x30FF), (0x31F0, 0x31FF), (0xFF66, 0xFF9F)],
    "Hani": [(0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF)],
}
NAMES = ["Zyyy", "Zzzz", *LETTERS, "Hans", "Hant"]
AT = {name: place for place, name in enumerate(NAMES)}
LAST_CODE = 0x10FFFF
CHUNK = 20_000
# Japanese is a mix of kana and Han, in which some kana are enough.
KANA_SHARE = 0.1


def voted_language(text: str, declared: str | None) -> str:
    """The language for which one post votes.

    Parameters
    ----------
    text : str
        Its matching form.
    declared : str or None
        What the platform says.

    Returns
    -------
    str
        ISO 639-1, or `und`: what is declared, unless the text is in a script that
        the declared language is not written in and that names one by itself.
    """
    named, seen = language_of(text, declared), language_of(text, None)
    return seen if named not in WRITTEN.get(seen, {named}) else named


def family_languages(base: duckdb.DuckDBPyConnection, rows: str) -> duckdb.DuckDBPyRelation:
    """The language of each family, by the votes of its posts.

    Parameters
    ----------
    base : duckdb.DuckDBPyConnection
        Where the posts are.
    rows : str
        Query for family and language, as `voted_language` gave it; a row a post.

    Returns
    -------
    duckdb.DuckDBPyRelation
        family, language and language_share. A language that is known goes before
        `und`, more votes before fewer, and a tie to the first in the alphabet. The
        share is that of the family's posts which vote so, 0 to 1; it is 0 where the
        language is `und`, since nobody names one.
    """
    return base.sql(FAMILY.format(rows=rows, unknown=UNKNOWN))


def script_of(text: str) -> str:
    """The script of a text as it is shown, by ISO 15924; see `scripts_of`."""
    return scripts_of([text])[0]


def scripts_of(texts: Sequence[str]) -> list[str]:
    """The script that most letters of each text are in.

    Parameters
    ----------
    texts : sequence of str
        Texts as they are shown, since the matching form has one script for Chinese.

    Returns
    -------
    list of str
        ISO 15924, a tie going to the first of `LETTERS`: `Hant` for Chinese with more
        characters that OpenCC would simplify than such as it would turn Traditional,
        `Hans` the other way round, and `Hani` where they are as many, or none; `Jpan`
        for Han with some kana; `Zzzz` for letters of other scripts; and `Zyyy` for
        texts without letters.
    """
    # Posts repeat each other, and what is said twice is read once.
    known = {text: "" for text in texts}
    distinct = list(known)
    for start in range(0, len(distinct), CHUNK):
        part = distinct[start : start + CHUNK]
        known.update(zip(part, _scripts(part), strict=True))
    return [known[text] for text in texts]


def _scripts(texts: Sequence[str]) -> list[str]:
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    row = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    cells = row * len(NAMES) + _letter_scripts()[codes]
    counts = np.bincount(cells, minlength=len(texts) * len(NAMES)).reshape(-1, len(NAMES))
    counts[:, AT["Zyyy"]] = 0
    simplified, traditional = counts[:, AT["Hans"]].copy(), counts[:, AT["Hant"]].copy()
    counts[:, AT["Hani"]] += simplified + traditional
    counts[:, [AT["Hans"], AT["Hant"]]] = 0
    kana = counts[:, AT["Jpan"]]
    japanese = kana >= KANA_SHARE * (kana + counts[:, AT["Hani"]])
    japanese &= kana > 0
    counts[japanese, AT["Jpan"]] += counts[japanese, AT["Hani"]]
    counts[japanese, AT["Hani"]] = 0
    most = np.where(counts.any(axis=1), counts.argmax(axis=1), AT["Zyyy"])
    chinese = most == AT["Hani"]
    most[chinese & (simplified > traditional)] = AT["Hans"]
    most[chinese & (traditional > simplified)] = AT["Hant"]
    return [NAMES[place] for place in most]


@cache
def _letter_scripts() -> np.ndarray:
    """Place in `NAMES` of every character, by its code."""
    letter = np.fromiter(
        (chr(code).isalpha() for code in range(LAST_CODE + 1)), dtype=bool, count=LAST_CODE + 1
    )
    scripts = np.where(letter, AT["Zzzz"], AT["Zyyy"]).astype(np.uint8)
    for name, spans in LETTERS.items():
        for low, high in spans:
            place = np.arange(low, high + 1)
            scripts[place[letter[low : high + 1]]] = AT[name]
    han = np.flatnonzero(scripts == AT["Hani"])
    # A line each, so that no two characters are taken for a word.
    lines = "\n".join(map(chr, han))
    for name, direction in (("Hans", "s2t"), ("Hant", "t2s")):
        changed = OpenCC(direction).convert(lines).split("\n")
        other = [new != chr(old) for new, old in zip(changed, han, strict=True)]
        scripts[han[other]] = AT[name]
    return scripts
