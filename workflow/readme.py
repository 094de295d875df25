"""What the README says of the workflow and its counts, written anew as it is.

Run by ``make readme``. The picture is copied from the finished study's results.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from hydrascope.report.closing import closing_lines

CHECKOUT = Path(__file__).resolve().parents[1]
README = CHECKOUT / "README.md"
STUDY = "spamouflage-2021"
EXPECTED = "tests/expected"
PICTURE = "figures/fig02_accounts.png"


def without_shortcuts(arrows):
    """Leave out each arrow whose end is reached by way of others too.

    Parameters
    ----------
    arrows : list of tuple of str
        Start and end; no way may lead back to its start.

    Returns
    -------
    list of tuple of str
    """
    after = {start: {end for other, end in arrows if other == start} for start, _ in arrows}

    def reached(start):
        ends = after.get(start, set())
        return ends.union(*map(reached, ends))

    return [
        (start, end)
        for start, end in arrows
        if not any(end in reached(other) for other in after[start])
    ]


def rule_graph(checkout=CHECKOUT):
    """Ask Snakemake for the rule graph, less shortcuts and the colours it draws by chance.

    Parameters
    ----------
    checkout : path-like
        Repository whose default study is drawn; its raw files must be there.

    Returns
    -------
    str
        A Markdown block in Mermaid's language.
    """
    drawn = _snakemake(checkout, "--rulegraph", "mermaid-js", "--forceall")
    names = dict(re.findall(r"^\s*(id\d+)\[(\w+)\]", drawn, re.M))
    arrows = re.findall(r"^\s*(id\d+) --> (id\d+)", drawn, re.M)
    lines = sorted(
        f"    {names[start]} --> {names[end]}" for start, end in without_shortcuts(arrows)
    )
    return "\n".join(["```mermaid", "flowchart LR", *lines, "```", ""])


def figure_map(checkout=CHECKOUT):
    """Say of each figure what it shows, what it reads and which program draws it.

    Parameters
    ----------
    checkout : path-like
        Repository whose default study is listed; its raw files must be there.

    Returns
    -------
    str
        A Markdown table, a row a figure.
    """
    listed = _snakemake(checkout, "--list-rules")
    shows = dict(re.findall(r"^(\w+) \(Figure \d+: (.*)\.\)$", listed, re.M))
    planned = _snakemake(checkout, "--dry-run", "--forceall")
    jobs = re.findall(r"^rule (figure_\w+):\n +input: (.*)\n +output: (\S+),", planned, re.M)
    lines = ["| figure | shows | reads, of `results/<study>/` | drawn by |", "|---|---|---|---|"]
    for rule, read, drawn in sorted(jobs, key=lambda job: job[2]):
        names = [f"`{name.removeprefix(f'results/{STUDY}/')}`" for name in read.split(", ")]
        module = f"workflow/hydrascope/figures/{rule.removeprefix('figure_')}.py"
        lines.append(f"| `{Path(drawn).stem}` | {shows[rule]} | {', '.join(names)} | `{module}` |")
    return "\n".join([*lines, ""])


def counts(checkout=CHECKOUT):
    """Accounts per platform and verdicts on claims, as a run of the default study prints them.

    Parameters
    ----------
    checkout : path-like
        Repository whose reference tables are shown.

    Returns
    -------
    str
        A Markdown block.
    """
    expected = Path(checkout) / EXPECTED / STUDY
    said = closing_lines(expected, Path(checkout) / "logs/none", simulated=True, detects=True)
    return "\n".join(["```", said.replace(f"{expected.parent}/", "results/"), "```", ""])


def _snakemake(checkout, *arguments):
    """What Snakemake prints; the study that it is asked about is the default one."""
    command = [sys.executable, "-m", "snakemake", *arguments]
    return subprocess.run(command, cwd=checkout, check=True, capture_output=True, text=True).stdout


PARTS = {"counts": counts, "figures": figure_map, "rule graph": rule_graph}


def part(name):
    """Pattern of what stands between the marks of a part of the README.

    Parameters
    ----------
    name : str
        One of `PARTS`.

    Returns
    -------
    re.Pattern
    """
    return re.compile(rf"(?<=<!-- {name} -->\n).*?(?=<!-- end of {name} -->)", re.DOTALL)


if __name__ == "__main__":
    text = README.read_text(encoding="utf-8")
    for name, write in PARTS.items():
        written = write()
        text = part(name).sub(lambda _, written=written: written, text)
    README.write_text(text, encoding="utf-8")
    shutil.copyfile(CHECKOUT / "results" / STUDY / PICTURE, CHECKOUT / EXPECTED / STUDY / PICTURE)
