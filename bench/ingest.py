"""Ingest against pandas.read_csv, on the same file in the same run; run by `make bench`."""

import sys
import tempfile
from pathlib import Path

import pyarrow.parquet as pq
from made import write_messages
from runs import Measured, machine, peer_python, record, time_in_turn

RUNS = 5
THREADS = 2
SMALL, LARGE = 1_000_000, 5_000_000
PEERS = ("pandas==2.3.3", "pandas==3.1.1")
READ = "import sys, pandas; print(len(pandas.read_csv(sys.argv[1])))"
RESULTS = Path("bench/INGEST.md")
STEPS = ("ingest_file", "ingest_merge")
TEXT = """# Ingest against pandas

Written by `make bench`; {machine}. Times are those of whole processes, from start to end: the
median of {runs} runs of each command in turn, with the fastest and the slowest. Memory is the peak.

A made-up CSV of {small:,} posts ({bytes:.0f} MB, half Chinese, half English, eight columns).
`pandas.read_csv` reads it into memory with its default settings and takes ids for numbers.
`ingest_file` and `ingest_merge` are the workflow's own adapters. The first cuts the same file,
checks every value, hashes the file and each id, keeps a ledger and writes Parquet; the second
collapses duplicates, sorts the collection and checks it against its contract. All found the same
{small:,} posts.

| command | seconds | fastest, slowest | peak MB | faster than {first} | than {second} |
|---|---|---|---|---|---|
{rows}

A ratio above 1 says that ours is faster, below 1 that it is slower.

## Memory

| posts | `ingest_file`, peak MB | `ingest_merge`, peak MB |
|---|---|---|
{memory}
"""


def main() -> None:
    """Measure, check that all found the same posts, and write the results."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small, large = folder / "small.csv", folder / "large.csv"
        write_messages(small, SMALL)
        write_messages(large, LARGE)
        peers = {peer: [peer_python(peer), "-c", READ, str(small)] for peer in PEERS}
        measured = time_in_turn(peers | _ours(small, folder), RUNS)
        for peer in PEERS:
            assert measured[peer].said.split() == [str(SMALL)], measured[peer].said
        assert pq.read_metadata(folder / "posts.parquet").num_rows == SMALL
        for peer in PEERS:
            record(
                "reading a CSV into memory; ours checks, hashes and writes it besides",
                peer,
                f"{SMALL:,} posts",
                equal=f"posts found: all {SMALL:,} by both",
                theirs=measured[peer],
                ours=measured[STEPS[0]],
            )
        peaks = time_in_turn(_ours(large, folder), 1)
        assert pq.read_metadata(folder / "posts.parquet").num_rows == LARGE
        text = TEXT.format(
            machine=machine(),
            runs=RUNS,
            small=SMALL,
            bytes=small.stat().st_size / 1e6,
            first=PEERS[0],
            second=PEERS[1],
            rows="\n".join(_row(one, measured) for one in measured),
            memory="\n".join(
                f"| {posts:,} | {found[STEPS[0]].megabytes:.0f} | {found[STEPS[1]].megabytes:.0f} |"
                for posts, found in ((SMALL, measured), (LARGE, peaks))
            ),
        )
    RESULTS.write_text(text, encoding="utf-8")
    print(text)


def _ours(raw: Path, folder: Path) -> dict[str, list[str]]:
    rest = [str(raw), str(folder), str(THREADS)]
    return {step: [sys.executable, "bench/ingest_job.py", step, *rest] for step in STEPS}


def _row(name: str, measured: dict[str, Measured]) -> str:
    one = measured[name]
    ratios = ["", ""]
    if name in STEPS:
        ratios = [f"{measured[peer].median / one.median:.2f}" for peer in PEERS]
    shown = f"`{name}`" if name in STEPS else f"`read_csv`, {name}"
    return (
        f"| {shown} | {one.median:.2f} | {min(one.seconds):.2f}, {max(one.seconds):.2f} "
        f"| {one.megabytes:.0f} | {' | '.join(ratios)} |"
    )


if __name__ == "__main__":
    main()
