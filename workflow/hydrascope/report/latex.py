"""Tables and numbers for a manuscript in LaTeX."""

import re
from collections.abc import Iterable, Sequence

import pandas as pd

__all__ = ["latex_number_lines", "latex_table"]

SPECIAL = {
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    '"': r"\textquotedbl{}",
}
DIGITS = dict(
    zip(
        "0123456789",
        ["Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"],
        strict=True,
    )
)
SIMULATED = "% Simulated collection: nobody in it is real, and this is evidence about nobody.\n"
# Letters of a cell that has one line, and how wide a column of longer ones is.
LONGEST, BROKEN = 30, r"p{0.25\linewidth}"
COUNTED = ("collected", "affiliated", "undetermined", "low", "high", "published")


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
        The manuscript needs the packages booktabs and fontenc (T1). Letters beyond Latin need
        XeLaTeX or LuaLaTeX and a font that has them.
    """
    aligned = "".join(_alignment(table[column]) for column in columns)
    said = f"{caption} (simulated collection)" if simulated else caption
    rows = [[column.replace("_", " ") for column in columns], *table[list(columns)].values]
    head, *body = (" & ".join(map(_escaped, row)) + r" \\" for row in rows)
    return "\n".join(
        [
            *([SIMULATED.rstrip()] if simulated else []),
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
        `\\FacebookPageAffiliated{}`. Digits of a name are spelt out; a missing number
        is a question mark, as LaTeX shows what it does not know.
    """
    if simulated:
        yield SIMULATED.rstrip()
    for row in platforms.to_dict("records"):
        for column in COUNTED:
            yield _command([row["platform"], row["unit"], column], row[column])
    for verdict, count in sorted(claims["verdict"].value_counts().items()):
        yield _command(["claims", verdict], str(count))


def _command(words: Sequence[str], value: str) -> str:
    name = "".join(part.capitalize() for word in words for part in re.findall(r"\w+", word))
    name = "".join(DIGITS.get(sign, sign) for sign in name if sign.isascii())
    shown = f"{int(value):,}" if value.isdigit() else _escaped(value) or "??"
    return rf"\newcommand{{\{name.replace('_', '')}}}{{{shown}}}"


def _alignment(cells: pd.Series) -> str:
    if pd.to_numeric(cells[cells != ""], errors="coerce").notna().all():
        return "r"
    return BROKEN if cells.str.len().max() > LONGEST else "l"


def _escaped(text: str) -> str:
    return "".join(SPECIAL.get(sign, sign) for sign in text)
