"""Tables and numbers for a manuscript in LaTeX."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

import pandas as pd

__all__ = ["latex_number_lines", "latex_table"]

# In braces: after the end of a row and after a rule a bracket or a star is an argument.
SPECIAL = {
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    **{sign: f"{{{sign}}}" for sign in "[]*"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    '"': r"\textquotedbl{}",
    "'": r"\textquotesingle{}",
    "`": r"\textasciigrave{}",
}
# What the encoding T1 has beyond ASCII. Any other letter stops pdfLaTeX, so that it is
# written as its code there; XeLaTeX and LuaLaTeX, which know a macro that begins with U, show it.
LATIN = {chr(code) for code in range(0xC0, 0x17F)} - set("×÷ĦħĸĿŀŉŦŧ") | set("¡£§«»¿–—‘’“”„‚‹›")
BEYOND = (
    r"\providecommand{\beyondlatin}[2]{\ifdefined\Umathcode#2\else U+#1\allowbreak\fi}"
    "% letters that pdfLaTeX lacks"
)
DIGITS = dict(
    zip(
        "0123456789",
        ["Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"],
        strict=True,
    )
)
SIMULATED = "% Simulated collection: nobody in it is real, and this is evidence about nobody."
# Letters of a cell that has one line, and how wide a column of longer ones is.
LONGEST, BROKEN = 30, r"p{0.25\linewidth}"
# Letters that are shown of a cell: TeX takes no line and no page of any length.
SHOWN = 500
COUNTED = ("collected", "affiliated", "undetermined", "low", "high", "published")
# What stands for a number that is missing.
WORDS = {"published": "not published"}
NAMED = re.compile("[a-z0-9]+( [a-z0-9]+)*")


def latex_table(
    table: pd.DataFrame, columns: Sequence[str], *, caption: str, label: str, simulated: bool
) -> str:
    """Write a table as a float with the lines of the package booktabs.

    Parameters
    ----------
    table : pandas.DataFrame
        Cells as text.
    columns : sequence of str
        Which to show, in this order. Those of which every cell is a number or empty
        are set to the right, and long texts are broken into lines.
    caption, label : str
        Of the float.
    simulated : bool
        Whether the caption must say that nobody in the collection is real.

    Returns
    -------
    str
        LaTeX to be read by `\\input`; what a cell holds is never taken for a command.
        Of a cell longer than `SHOWN` letters the beginning is shown, and how many more it has.
        The manuscript needs the packages booktabs and fontenc (T1). XeLaTeX and LuaLaTeX
        show letters beyond Latin, with a font that has them; pdfLaTeX shows their codes.
    """
    aligned = "".join(_alignment(table[column]) for column in columns)
    said = f"{caption} (simulated collection)" if simulated else caption
    rows = [[column.replace("_", " ") for column in columns], *table[list(columns)].values]
    head, *body = (" & ".join(map(_escaped, row)) + r" \\" for row in rows)
    return "\n".join(
        [
            *([SIMULATED] if simulated else []),
            *([BEYOND] if any("beyondlatin" in row for row in body) else []),
            r"\begin{table}",
            r"  \centering\footnotesize",
            rf"  \caption{{{_escaped(said)}}}\label{{tab:{label}}}",
            rf"  \begin{{tabular}}{{{aligned}}}",
            r"    \toprule",
            f"    {head}",
            r"    \midrule",
            *(f"    {row}" for row in body),
            r"    \bottomrule",
            r"  \end{tabular}",
            r"\end{table}",
            "",
        ]
    )


def latex_number_lines(
    platforms: pd.DataFrame, claims: pd.DataFrame, *, simulated: bool
) -> Iterable[str]:
    """Name the numbers of a study, so that a manuscript need not type them.

    Parameters
    ----------
    platforms, claims : pandas.DataFrame
        Counts and verdicts, cells as text.
    simulated : bool
        Whether nobody in the collection is real.

    Yields
    ------
    str
        One line a number: `\\newcommand{\\FacebookPageAffiliated}{623}` is used as
        `\\FacebookPageAffiliated{}`. Digits of a name are spelt out. Where a platform's name
        has other letters than those of ASCII, or differs from another's in what a command
        cannot hold, ten letters that follow from it keep the commands apart. A number that
        is missing is a word.
    """
    if simulated:
        yield SIMULATED
    numbers = {
        (row["platform"], row["unit"], column): _number(row[column], column)
        for row in platforms.to_dict("records")
        for column in COUNTED
    }
    for verdict, count in sorted(claims["verdict"].value_counts().items()):
        numbers["claims", verdict] = _number(str(count), "claims")
    if any("beyondlatin" in value for value in numbers.values()):
        yield BEYOND
    names = {words: _name(words) for words in numbers}
    plain = Counter(names.values())
    # Of those that share a command, one that is written as the command is read keeps it.
    written = Counter(name for words, name in names.items() if all(map(NAMED.fullmatch, words)))
    for words, value in numbers.items():
        name = names[words]
        kept = written[name] == 1 and all(map(NAMED.fullmatch, words))
        lost = any(sign.isalnum() and not sign.isascii() for word in words for sign in word)
        if lost or not _name(words[:1]) or (plain[name] > 1 and not kept):
            name += _letters(words)
        yield rf"\newcommand{{\{name}}}{{{value}}}"


def _name(words: Sequence[str]) -> str:
    name = "".join(part.capitalize() for word in words for part in re.findall("[A-Za-z0-9]+", word))
    return "".join(DIGITS.get(sign, sign) for sign in name)


def _letters(words: Sequence[str]) -> str:
    digest = hashlib.blake2s("\0".join(words).encode(), digest_size=5).hexdigest()
    return "".join(chr(ord("a") + int(digit, 16)) for digit in digest).capitalize()


def _number(value: str, column: str) -> str:
    if re.fullmatch("[0-9]+", value):
        return f"{int(value):,}"
    return _escaped(value) or WORDS.get(column, "not identified")


def _alignment(cells: pd.Series) -> str:
    if pd.to_numeric(cells[cells != ""], errors="coerce").notna().all():
        return "r"
    return BROKEN if cells.str.len().max() > LONGEST else "l"


def _escaped(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    if len(text) > SHOWN:
        text = f"{text[:SHOWN]} ({len(text) - SHOWN:,} letters more)"
    return " ".join(map(_word, text.split()))


def _word(word: str) -> str:
    """A word that may be broken where it is longer than a column is wide.

    Two signs alike are kept apart, since hyphens, commas and quotes would become another sign.
    """
    signs = [
        rf"\mbox{{{_sign(sign)}}}" if sign == before and sign in "-," else _sign(sign)
        for before, sign in zip(" " + word, word, strict=False)
    ]
    parts = ("".join(signs[at : at + LONGEST]) for at in range(0, len(signs), LONGEST))
    return r"\allowbreak ".join(parts)


def _sign(sign: str) -> str:
    if sign.isascii() and sign.isprintable():
        return SPECIAL.get(sign, sign)
    if sign in LATIN:
        return sign
    code = f"{ord(sign):04X}"
    # What controls a page or a line is never written as it is.
    shown = f"U+{code}" if unicodedata.category(sign).startswith("C") else sign
    return rf"\beyondlatin{{{code}}}{{{shown}}}"
