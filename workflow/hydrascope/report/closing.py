"""The last lines of a run: the counts, and what to open."""

import csv
from pathlib import Path

__all__ = ["closing_lines"]


def closing_lines(results: Path) -> str:
    """Say what a finished study found and where its report lies."""
    with (results / "counts/platforms.tsv").open(encoding="utf-8", newline="") as stream:
        lines = [
            f"  {row['platform']} {row['unit']}s: {row['affiliated']} affiliated of "
            f"{row['collected']} collected, {row['undetermined']} undetermined, "
            f"published {row['published'] or '-'}"
            for row in csv.DictReader(stream, delimiter="\t")
        ]
    return "\n".join([f"{results.name}:", *lines, f"Open {results / 'report.html'}"])
