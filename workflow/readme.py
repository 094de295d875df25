"""Draw the rule graph in the README anew, as the workflow has it.

Run by ``make graph``.
"""

import re
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
README = CHECKOUT / "README.md"
BLOCK = re.compile(r"(?<=<!-- rule graph -->\n).*?(?=<!-- end of rule graph -->)", re.DOTALL)


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
    command = [sys.executable, "-m", "snakemake", "--rulegraph", "mermaid-js", "--forceall"]
    drawn = subprocess.run(command, cwd=checkout, check=True, capture_output=True, text=True)
    names = dict(re.findall(r"^\s*(id\d+)\[(\w+)\]", drawn.stdout, re.M))
    arrows = re.findall(r"^\s*(id\d+) --> (id\d+)", drawn.stdout, re.M)
    lines = sorted(
        f"    {names[start]} --> {names[end]}" for start, end in without_shortcuts(arrows)
    )
    return "\n".join(["```mermaid", "flowchart LR", *lines, "```", ""])


if __name__ == "__main__":
    text = README.read_text(encoding="utf-8")
    README.write_text(BLOCK.sub(lambda _: rule_graph(), text), encoding="utf-8")
