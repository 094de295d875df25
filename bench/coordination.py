"""Raw co-sharing against the coordination network toolkit, same file, same run; by `make bench`."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import pandas as pd
from made import COLUMNS, write_copies
from runs import machine, peer_python, record, script, time_in_turn

RUNS = 3
POSTS, ACCOUNTS, TEXTS, DAYS = 1_000_000, 20_000, 500, 5
ONE_OBJECT, ONE_OBJECT_DAYS = 500_000, 30
PEER = "coordination-network-toolkit==1.5.2"
RESULTS = Path("bench/COORDINATION.md")
# What the peer's documentation says to run. Links that are no links are taken out before, or
# all posts without one would be joined.
PEER_RUN = """
import sqlite3, sys
from coordination_network_toolkit import compute_networks, preprocess
if __name__ == "__main__":
    base = sys.argv[2] + "/peer.db"
    preprocess.preprocess_csv_files(base, [sys.argv[1]])
    if sys.argv[3] == "corrected":
        with sqlite3.connect(base) as db:
            db.execute("DELETE FROM message_url WHERE url = ''")
    options = {"preprocessor": str} if sys.argv[3] == "own words" else {}
    compute_networks.compute_co_tweet_network(base, 60, n_threads=2, **options)
    compute_networks.compute_co_link_network(base, 60, n_threads=2)
"""
NETWORKS = {"texts": "co_tweet_network", "links": "co_link_network"}
INSULTS = ("@milesguo是骗子，爆料革命都是谎言", "@bannon滚出去")
TEXT = """# Raw co-sharing against the coordination network toolkit

Written by `make bench`; {machine}. Whole processes from a CSV to edges on disk, median of {runs}
runs of each in turn, with the fastest and the slowest; memory is the peak of the parent process
for the peer, which has two more. Both are given two threads or processes and a window of 60 s.

A made-up CSV of {posts:,} posts of {accounts:,} accounts, which copy {texts} texts in {days} days,
every second post with a link. Ours is read by DuckDB as it is; ingest, which checks and hashes
each value, is measured in INGEST.md and is not part of this. Edges between different accounts and
their weights were compared one by one: all {edges:,} are equal.

| command | seconds | fastest, slowest | peak MB |
|---|---|---|---|
{rows}

Ours is {ratio:.1f} times faster.

One object in {one:,} posts, by {accounts:,} accounts in {one_days} days: {one_seconds:.1f} s and
{one_memory:.0f} MB for {one_edges:,} edges.

## Where the two differ

Checked in the same run, on a few posts each.

| posts | {peer} | ours |
|---|---|---|
{faults}
"""


def main() -> None:
    """Measure, compare every edge, show where the peer errs, and write the page."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        posts, one = folder / "posts.csv", folder / "one.csv"
        write_copies(posts, POSTS, accounts=ACCOUNTS, texts=TEXTS, days=DAYS)
        write_copies(one, ONE_OBJECT, accounts=ACCOUNTS, texts=1, days=ONE_OBJECT_DAYS)
        commands = {PEER: _peer(posts, folder), "ours": _ours(posts, folder)}
        measured = time_in_turn(commands, RUNS)
        edges = 0
        for network in NETWORKS:
            theirs, mine = _peer_edges(folder, network), _our_edges(folder, network)
            pd.testing.assert_frame_equal(theirs, mine)
            edges += len(mine)
        record(
            "raw co-sharing of texts and links within 60 s",
            PEER,
            f"{POSTS:,} posts",
            equal=f"edges and weights: all {edges:,} equal",
            theirs=measured[PEER],
            ours=measured["ours"],
        )
        alone = time_in_turn({"one": _ours(one, folder)}, 1)["one"]
        text = TEXT.format(
            machine=machine(),
            runs=RUNS,
            posts=POSTS,
            accounts=ACCOUNTS,
            texts=TEXTS,
            days=DAYS,
            edges=edges,
            rows="\n".join(
                f"| {command} | {found.median:.2f} | {min(found.seconds):.2f}, "
                f"{max(found.seconds):.2f} | {found.megabytes:.0f} |"
                for command, found in measured.items()
            ),
            ratio=measured[PEER].median / measured["ours"].median,
            one=ONE_OBJECT,
            one_days=ONE_OBJECT_DAYS,
            one_seconds=alone.median,
            one_memory=alone.megabytes,
            one_edges=sum(map(int, alone.said.split())),
            peer=PEER,
            faults="\n".join(_faults(folder)),
        )
    RESULTS.write_text(text, encoding="utf-8")
    print(text)


def _peer(posts: Path, folder: Path, how: str = "corrected") -> list[str]:
    # A database of the run before would be added to.
    clear = (
        "import os, sys; base = sys.argv[2] + '/peer.db'; os.path.exists(base) and os.remove(base)"
    )
    return script(folder, "peer", peer_python(PEER), clear + PEER_RUN, posts, folder, how)


def _ours(posts: Path, folder: Path) -> list[str]:
    return [sys.executable, "bench/coordination_job.py", str(posts), str(folder)]


def _peer_edges(folder: Path, network: str, *, loops: bool = False) -> pd.DataFrame:
    """Edges as the peer keeps them, read with its own interpreter's SQLite."""
    query = f"SELECT user_1, user_2, weight FROM {NETWORKS[network]}"
    read = (
        "import json, sqlite3, sys; "
        "print(json.dumps(list(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]))))"
    )
    command = [peer_python(PEER), "-c", read, str(folder / "peer.db"), query]
    found = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    edges = pd.DataFrame(json.loads(found), columns=["account_a", "account_b", "weight"])
    return _sorted(edges if loops else edges[edges["account_a"] != edges["account_b"]])


def _our_edges(folder: Path, network: str) -> pd.DataFrame:
    return _sorted(duckdb.sql(f"FROM '{folder / network}.parquet'").df())


def _sorted(edges: pd.DataFrame) -> pd.DataFrame:
    edges = edges.astype({"account_a": str, "account_b": str, "weight": "int64"})
    return edges.sort_values(["account_a", "account_b"], ignore_index=True)


def _faults(folder: Path) -> list[str]:
    """Rows of the table of differences; each is asserted before it is written."""
    path = folder / "few.csv"
    posts = [
        (number, author, author, "", "", text, 1_600_000_000 + number, "")
        for number, (author, text) in enumerate(zip("ab", INSULTS, strict=True))
    ]
    pd.DataFrame(posts, columns=COLUMNS).to_csv(path, index=False)
    rows = []
    for how, network, loops, what in (
        ("as released", "texts", False, "different Chinese texts behind a mention, two accounts"),
        ("own words", "texts", False, "the same, with a preprocessor of one's own"),
        ("as released", "links", False, "no links at all, two accounts"),
        (
            "as released",
            "texts",
            True,
            "the same, the table read directly, with each account's own",
        ),
    ):
        subprocess.run(_peer(path, folder, how), check=True, capture_output=True)
        subprocess.run(_ours(path, folder), check=True, capture_output=True)
        theirs = len(_peer_edges(folder, network, loops=loops))
        mine = len(_our_edges(folder, network))
        assert (theirs, mine) == (4 if loops else 2, 0), (what, theirs, mine)
        rows.append(f"| {what} | {theirs} edges | {mine} edges |")
    return rows


if __name__ == "__main__":
    main()
