import re
import subprocess
import unicodedata
from pathlib import Path

import pandas as pd
import pytest

from hydrascope.report.latex import LATIN, latex_number_lines, latex_table

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


SPELT = {"textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^"}
SPELT |= {"textless": "<", "textgreater": ">", "textquotedbl": '"'}
SPELT |= {"textquotesingle": "'", "textasciigrave": "`"}
PRINTED = re.compile(
    r"\\beyondlatin\{(?P<code>[0-9A-F]+)\}\{[^{}]*\}|\\mbox\{(?P<alone>[-,])\}"
    r"|\{(?P<held>[][*])\}|\\(?P<spelt>text[a-z]+)\{\}|\\(?P<sign>[&%$#_{}])|\\allowbreak\s"
)


def unescaped(text):
    """What LaTeX would print of a cell, by its own rules read backwards."""

    def printed(found):
        code, alone, held, spelt, sign = found.groups()
        return chr(int(code, 16)) if code else alone or held or sign or SPELT.get(spelt, "")

    return PRINTED.sub(printed, text).replace("\n", " ")


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
    assert commands == {*SPELT} - {"textquotedbl", "textquotesingle", "textasciigrave"}


def test_an_ampersand_begins_no_column():
    [row] = rows(written(pd.DataFrame({"subject": ["a&b"], "n": ["1"]})))
    assert row == [r"a\&b", "1"]


@pytest.mark.parametrize("simulated", [True, False])
def test_only_a_simulated_collection_is_called_so(simulated):
    table = written(pd.DataFrame({"n": ["1"]}), simulated=simulated)
    lines = list(latex_number_lines(PLATFORMS, CLAIMS, simulated=simulated))
    assert ("simulated collection" in table) == simulated
    assert lines[0].startswith("% Simulated") == simulated


def commands(lines):
    """The commands that lines define, by name, and that each is defined once."""
    told = [re.fullmatch(r"\\newcommand\{\\([A-Za-z]+)\}\{(.+)\}", line) for line in lines]
    numbers = {found[1]: found[2] for found in told}
    assert len(numbers) == len(lines)
    return numbers


def named(*platforms, unit="user"):
    table = pd.concat([PLATFORMS[1:]] * len(platforms)).assign(platform=platforms, unit=unit)
    return commands(list(latex_number_lines(table, CLAIMS, simulated=False)))


def test_each_number_has_a_name_of_letters_and_no_name_is_given_twice():
    numbers = commands(list(latex_number_lines(PLATFORMS, CLAIMS, simulated=False)))
    assert len(numbers) == 2 * 6 + 2
    assert numbers["FacebookPageCollected"] == "3,131"
    assert numbers["VkTwoUserAffiliated"] == "4"
    assert numbers["ClaimsNotTestable"] == "2"


def test_a_number_that_is_missing_is_a_word():
    table = PLATFORMS.assign(high="")
    numbers = commands(list(latex_number_lines(table, CLAIMS, simulated=False)))
    assert numbers["FacebookPagePublished"] == "not published"
    assert numbers["FacebookPageHigh"] == "not identified"
    assert not any("?" in value for value in numbers.values())


def test_several_published_numbers_stand_as_they_are():
    table = PLATFORMS.assign(published="1632 / 1640")
    numbers = commands(list(latex_number_lines(table, CLAIMS, simulated=False)))
    assert numbers["FacebookPagePublished"] == "1632 / 1640"


COLLIDING = [
    ("微博", "抖音"),
    ("x", "X", "x ", " x"),
    ("vk", "вк", "VK", "v k", "v-k", "v_k"),
    ("vk2", "vktwo"),
    ("🙂", "🙃", "...", "--", ""),
    ("café", "cafe", "caf"),
    ("ไทย", "ไทยๆ"),
    ("ab", "a b", "aB"),
    ("x１", "x1", "x²"),
    ("all", "claims", "end", "def", "input", "par"),
]


@pytest.mark.parametrize("platforms", COLLIDING)
def test_no_two_platforms_share_a_command(platforms):
    assert len(named(*platforms)) == 6 * len(platforms) + 2


def test_units_do_not_run_into_platforms():
    assert len(named("x", "x user", unit=["user page", "page"])) == 2 * 6 + 2


@pytest.mark.parametrize("others", [(), ("X", "x "), ("微博",), ("Х",)])
def test_a_plain_name_keeps_its_commands_whatever_stands_beside_it(others):
    assert {"XUserAffiliated", "XUserPublished"} <= set(named("x", *others))


def test_a_name_that_needs_letters_of_its_own_keeps_them():
    [alone] = {name for name in named("微博") if "Affiliated" in name}
    assert alone in named("抖音", "x", "微博")


CELLS = [
    "[2pt]",
    "[x] y",
    "*",
    "*[3]",
    " [x]",
    "(1-2)",
    "",
    " ",
    "]",
    "a -- b --- c ---- d",
    ",, '' `` ?` !` << >> \"' 'q'",
    HOSTILE.replace("\\", r"\\ \x") + r"\end{tabular}\\[1cm] \verb|x| ^^5c ^^M %",
    "!\"#$%&'()*+,-./0123456789:;<=>?@[\\]^_`{|}~",
    "".join(sorted(LATIN)),
    "香港與新疆 微博",
    "ข้อความ ไทย",
    "نص عربي",
    "🙂👩‍👩‍👧",
    "e\u0301 n\u0303 x\u0301 Việt",
    "\x00\x01\x07\x08\x0b\x0c\x1b[31m\x7f\x85\u200b\u202e\ufeff\u2028\u2029",
    "one\ntwo\r\n\r\nthree\tfour",
    "€ ≤ × ÷ ½ µ “x” …",
    "w" * 500,
    "word " * 100,
    "微" * 500,
    "--" * 250,
]
CELL = pytest.mark.parametrize("cell", CELLS, ids=range(len(CELLS)))


@CELL
def test_a_cell_says_what_it_said(cell):
    text = written(pd.DataFrame({"claim": [cell], "n": ["1"]}))
    [line] = text.split("\\midrule\n")[1].split("    \\bottomrule")[0].splitlines()
    said = unescaped(line.removesuffix(r" & 1 \\"))
    assert said.split() == unicodedata.normalize("NFC", cell).split()
    assert not re.search(r"[\0-\x09\x0b-\x1f\x7f-\x9f]", text)


@pytest.mark.parametrize("sign", ["w", "微", "\\", "w "])
def test_of_a_very_long_cell_the_beginning_is_shown_and_how_much_more_there_is(sign):
    table = pd.DataFrame({"claim": [sign * 1_000_000], "n": ["1"]})
    [[cell, _]] = rows(written(table))
    shown, _, more = unescaped(cell).rpartition(" (")
    assert shown == (sign * 500)[:500].strip()
    assert more == f"{1_000_000 * len(sign) - 500:,} letters more)"


@pytest.fixture(scope="module")
def compiled(pdflatex, tmp_path_factory):
    """Set a page that reads some files of LaTeX, without a stop."""

    def compile_page(body, **files):
        folder = tmp_path_factory.mktemp("page")
        for name, text in files.items():
            (folder / f"{name}.tex").write_text(text, encoding="utf-8")
        (folder / "page.tex").write_text(
            "\\documentclass{article}\n\\usepackage[T1]{fontenc}\n\\usepackage{booktabs}\n"
            f"\\begin{{document}}\n{body}\n\\end{{document}}\n",
            encoding="utf-8",
        )
        done = subprocess.run(
            [pdflatex, "-interaction=nonstopmode", "-halt-on-error", "page.tex"],
            cwd=folder,
            capture_output=True,
            errors="replace",
        )
        assert done.returncode == 0, done.stdout[-2_000:]
        assert Path(folder, "page.pdf").stat().st_size > 0
        return done.stdout

    return compile_page


def test_a_page_with_every_cell_compiles(compiled):
    said = []
    cells = [*CELLS, "word " * 100_000, "微" * 100_000]
    for number, columns in enumerate((["claim", "n"], ["n", "claim"], ["claim", "again"])):
        table = pd.DataFrame({"claim": cells, "n": "1", "again": cells})
        text = latex_table(table, columns, caption="Of 5 %", label=str(number), simulated=True)
        said.append(text)
    files = dict(zip("abc", said, strict=True))
    compiled("".join(rf"\input{{{name}}}\clearpage" for name in files), **files)


def test_a_page_with_short_cells_in_columns_of_one_line_compiles(compiled):
    short = [cell for cell in CELLS if len(cell) <= 30]
    compiled(r"\input{t}", t=written(pd.DataFrame({"unit": short, "n": "1"})))


def test_a_table_without_rows_compiles(compiled):
    compiled(r"\input{t}", t=written(pd.DataFrame({"unit": [], "n": []}, dtype=str)))


def test_a_page_that_uses_every_number_compiles(compiled):
    platforms = sorted({name for names in COLLIDING for name in names})
    table = pd.concat([PLATFORMS[:1]] * len(platforms)).assign(platform=platforms)
    lines = list(latex_number_lines(table, CLAIMS, simulated=True))
    uses = "\n".join(rf"\{name}{{}}" for name in commands(lines[1:]))
    compiled(rf"\input{{numbers}}{uses}", numbers="\n".join(lines))
