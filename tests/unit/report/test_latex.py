import re

import pandas as pd
import pytest

from hydrascope.report.latex import latex_number_lines, latex_table

HOSTILE = r"\input{/etc/passwd} & 50% of $x_1$ ~ ^ # {<b>}"
PLATFORMS = pd.DataFrame(
    {
        "platform": ["facebook", "vk2"],
        "unit": ["page", "user"],
        "collected": ["3131", "10"],
        "affiliated": ["623", "4"],
        "undetermined": ["540", "0"],
        "low": ["623", "4"],
        "high": ["1163", "4"],
        "published": ["", "60"],
    }
)
CLAIMS = pd.DataFrame({"verdict": ["not testable", "reproduced", "not testable"]})


def unescaped(text):
    """What LaTeX would print of a cell, by its own rules read backwards."""
    spelt = {"textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^"}
    spelt |= {"textless": "<", "textgreater": ">", "textquotedbl": '"'}
    text = re.sub(r"\\(text[a-z]+)\{\}", lambda found: f"\0{spelt[found[1]]}", text)
    return re.sub(r"(?<!\0)\\([&%$#_{}])", r"\1", text).replace("\0", "")


def rows(text):
    body = text.split("\\midrule\n")[1].split("    \\bottomrule")[0]
    return [line.strip().removesuffix(r" \\").split(" & ") for line in body.splitlines()]


def written(table, *, simulated=False):
    return latex_table(
        table, list(table.columns), caption="Of 5 %", label="one", simulated=simulated
    )


def test_every_cell_stands_where_it_stood():
    table = pd.DataFrame({"subject": ["a", "b"], "posts": ["1", ""]})
    text = written(table)
    assert rows(text) == [["a", "1"], ["b", ""]]
    assert r"\begin{tabular}{lr}" in text
    assert r"\caption{Of 5 \%}\label{tab:one}" in text


def test_a_column_of_long_texts_is_broken_into_lines():
    text = written(pd.DataFrame({"note": ["short", "so many words " * 5], "n": ["1", "2"]}))
    assert r"\begin{tabular}{p{0.25\linewidth}r}" in text


def test_what_a_cell_holds_is_printed_and_never_a_command():
    text = written(pd.DataFrame({"subject": [HOSTILE.replace(" & ", " and ")], "n": ["1"]}))
    [[cell, _]] = rows(text)
    assert unescaped(cell) == HOSTILE.replace(" & ", " and ")
    commands = set(re.findall(r"\\([a-z]+)", cell))
    assert commands == {"textbackslash", "textasciitilde", "textasciicircum"} | {
        "textless",
        "textgreater",
    }


def test_an_ampersand_begins_no_column():
    [row] = rows(written(pd.DataFrame({"subject": ["a&b"], "n": ["1"]})))
    assert row == [r"a\&b", "1"]


@pytest.mark.parametrize("simulated", [True, False])
def test_only_a_simulated_collection_is_called_so(simulated):
    table = written(pd.DataFrame({"n": ["1"]}), simulated=simulated)
    lines = list(latex_number_lines(PLATFORMS, CLAIMS, simulated=simulated))
    assert ("simulated collection" in table) == simulated
    assert lines[0].startswith("% Simulated") == simulated


def test_each_number_has_a_name_of_letters_and_no_name_is_given_twice():
    lines = list(latex_number_lines(PLATFORMS, CLAIMS, simulated=False))
    told = [re.fullmatch(r"\\newcommand\{\\([A-Za-z]+)\}\{(.*)\}", line) for line in lines]
    numbers = {found[1]: found[2] for found in told}
    assert len(numbers) == len(lines) == 2 * 6 + 2
    assert numbers["FacebookPageCollected"] == "3,131"
    assert numbers["FacebookPagePublished"] == "??"
    assert numbers["VkTwoUserAffiliated"] == "4"
    assert numbers["ClaimsNotTestable"] == "2"
