"""The last lines of a run: the counts, and what to open."""

from pathlib import Path

from hydrascope import io

__all__ = ["closing_lines"]


def closing_lines(results: Path) -> str:
    """Say what a finished study found and where its report lies."""
    counts = io.read_table(results / "counts/platforms.tsv", text=True)
    lines = [
        f"  {row.platform} {row.unit}s: {row.affiliated} affiliated of {row.collected} "
        f"collected, {row.undetermined} undetermined, published {row.published or '-'}"
        for row in counts.itertuples()
    ]
    return "\n".join([f"{results.name}:", *lines, f"Open {results / 'report.html'}"])
