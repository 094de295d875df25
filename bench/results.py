"""Everything that was measured against a peer, on one page: bench/RESULTS.md.

Run by `make bench` after the scripts that measure and keep their figures in bench/results.tsv.
"""

from pathlib import Path

import pandas as pd
from runs import RECORDED

RESULTS = Path("bench/RESULTS.md")
TEXT = """# Measured against what people use now

Written by `make bench`; {machine}. Times are those of whole processes, from start to end: the
median of the runs of both commands in turn, with the fastest and the slowest. Memory is the peak
of the largest process. Each peer has an environment of its own, with the versions named here. What
both found was compared before any time was looked at; how, is said in each row and on the pages
beside this one: [INGEST](INGEST.md), [COORDINATION](COORDINATION.md), [PAIRS](PAIRS.md),
[NARRATIVES](NARRATIVES.md) and [CHAIN](CHAIN.md).

| task | peer | size | runs | theirs, s | ours, s | times faster | theirs, MB | ours, MB |
|---|---|---|---|---|---|---|---|---|
{rows}

## What was compared

| task | peer | size | outcome |
|---|---|---|---|
{equal}

## Where we lose

{losses}
"""
LOSS = "- {task} ({peer}, {size}): {what}."


def main() -> None:
    """Write the page."""
    table = pd.read_csv(RECORDED, sep="\t")
    losses = [loss for row in table.itertuples() for loss in _losses(row)]
    RESULTS.write_text(
        TEXT.format(
            machine=" and ".join(table["machine"].unique()),
            rows="\n".join(map(_row, table.itertuples())),
            equal="\n".join(
                f"| {row.task} | {row.peer} | {row.size} | {row.equal} |"
                for row in table.itertuples()
            ),
            losses="\n".join(losses) or "Nowhere in this table.",
        ),
        encoding="utf-8",
    )


def spread(row: tuple) -> list[str]:
    """Median, fastest and slowest of the peer's runs and of ours, as cells of a table."""
    return [
        f"{getattr(row, f'{whose}_s'):.2f} ({getattr(row, f'{whose}_fastest'):.2f} to "
        f"{getattr(row, f'{whose}_slowest'):.2f})"
        for whose in ("theirs", "ours")
    ]


def _row(row: tuple) -> str:
    cells = [row.task, row.peer, row.size, f"{row.runs}", *spread(row)]
    cells += [f"{row.theirs_s / row.ours_s:.2f}", f"{row.theirs_mb:,.0f}", f"{row.ours_mb:,.0f}"]
    return f"| {' | '.join(cells)} |"


def _losses(row: tuple) -> list[str]:
    """What the peer does with less time or memory."""
    lost = []
    for what, unit in (("s", "times the time"), ("mb", "times the memory")):
        times = getattr(row, f"ours_{what}") / getattr(row, f"theirs_{what}")
        if times > 1:
            lost.append(f"{times:.2f} {unit}")
    told = {"task": row.task, "peer": row.peer, "size": row.size}
    return [LOSS.format(what=" and ".join(lost), **told)] if lost else []


if __name__ == "__main__":
    main()
