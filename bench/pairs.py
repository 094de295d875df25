"""Pairs of accounts against coordinationz: which share anything, and whose p is small.

Run by `make bench`; writes bench/PAIRS.md.
"""

import json
import sys
import tempfile
from pathlib import Path

import numpy as np
from runs import machine, peer_python, record, script, time_in_turn

RUNS = 3
PEER = "coordinationz==0.2.2"
RESULTS = Path("bench/PAIRS.md")
SEED = 20211222
# Accounts and things of each collection; a thing has two to eight holders drawn at random.
SIZES = ((400, 800), (2_000, 4_000))
# A network that holds the same things again and again, in half of the collections.
NETWORK, COMMON = 12, 8
REALIZATIONS = 10_000
P, Q = 0.01, 0.05
MOST_HOLDERS = 200
# Each reads account and thing of every holding, and writes pairs and what it says of each.
PEER_RUN = f"""
import json, pathlib, sys, warnings
warnings.simplefilter("ignore")
from coordinationz import nullmodel
if __name__ == "__main__":
    held = json.loads(pathlib.Path(sys.argv[1]).read_text())
    found = nullmodel.bipartiteNullModelSimilarity(
        [tuple(pair) for pair in held], scoreType=["pvalue"], realizations={REALIZATIONS},
        idf="smoothlog", workers=2, minSimilarity=0.0, showProgress=False,
    )
    names = found["labels"]
    pairs = [sorted([names[a], names[b]]) for a, b in found["indexedEdges"]]
    pathlib.Path(sys.argv[2]).write_text(json.dumps([pairs, list(map(float, found["pvalues"]))]))
"""
OUR_RUN = f"""
import json, pathlib, sys
import pandas as pd
from hydrascope.affiliation.edges import edge_table, shared_things
from hydrascope.affiliation.signals import SIGNALS
held = pd.DataFrame(json.loads(pathlib.Path(sys.argv[1]).read_text()), columns=["who", "thing"])
account, names = pd.factorize(held["who"], sort=True)
rows = held.assign(account=account, stratum=0)[["account", "thing", "stratum"]]
found = shared_things(rows, most_holders={MOST_HOLDERS})
signals = {{name: rows[:0] for name in SIGNALS}} | {{"texts": rows}}
edges = edge_table(signals, names, most_holders={MOST_HOLDERS}, most_q={Q})
pairs = [[names[a], names[b]] for a, b in zip(found["account_a"], found["account_b"])]
kept = edges[["account_a", "account_b"]].values.tolist()
pathlib.Path(sys.argv[2]).write_text(json.dumps([pairs, found["p"].to_list(), kept]))
"""
HEAD = ["their small p", "of them planted", "our small p", "our small q", "of them planted"]
HEAD += ["planted", "their seconds", "ours", "times faster"]
TEXT = """# Pairs of accounts against coordinationz

Written by `make bench`; {machine}. Whole processes from holdings on disk to pairs and what is said
of them, median of {runs} runs of each in turn. {peer} draws {realizations:,} random graphs for the
p of each pair and corrects for nothing; ours takes p from a Poisson number and q over all pairs
(`affiliation/edges.py`). A p is small at {p}, a q at {q}. Accounts hold things of two to eight
holders, drawn at random; with a network, {network} of them hold {common} things more, all of them.
Which pairs share anything was compared first: the same in every collection.

| accounts | network | pairs | {head} |
|---|---|---|---|---|---|---|---|---|---|---|---|
{rows}
"""


def main() -> None:
    """Compare the pairs, count what each would report, and write the page."""
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        held_by = folder / "held.json"
        commands = {
            whose: script(folder, whose, python, code, held_by, folder / f"{whose}.json")
            for whose, python, code in (
                ("theirs", peer_python(PEER), PEER_RUN),
                ("ours", sys.executable, OUR_RUN),
            )
        }
        for accounts, things in SIZES:
            for planted in (False, True):
                held = holdings(accounts, things, planted=planted)
                held_by.write_text(json.dumps(held), encoding="utf-8")
                measured = time_in_turn(commands, RUNS)
                theirs, mine = (
                    json.loads((folder / f"{whose}.json").read_text(encoding="utf-8"))
                    for whose in ("theirs", "ours")
                )
                assert sorted(map(tuple, theirs[0])) == sorted(map(tuple, mine[0]))
                rows.append(_row(accounts, planted, theirs, mine, measured))
                if planted:
                    record(
                        "pairs that share anything, and a p of each; ours has a q besides",
                        PEER,
                        f"{accounts:,} accounts, {len(held):,} holdings",
                        equal=f"pairs: all {len(mine[0]):,} the same; p is another: PAIRS.md",
                        theirs=measured["theirs"],
                        ours=measured["ours"],
                    )
    text = TEXT.format(
        machine=machine(),
        runs=RUNS,
        peer=PEER,
        realizations=REALIZATIONS,
        network=NETWORK,
        common=COMMON,
        p=P,
        q=Q,
        head=" | ".join(HEAD),
        rows="\n".join(rows),
    )
    RESULTS.write_text(text, encoding="utf-8")
    print(text)


def holdings(accounts: int, things: int, *, planted: bool) -> list[tuple[str, str]]:
    """Who holds what; the first accounts are the network."""
    rng = np.random.default_rng([SEED, accounts])
    held = [
        (f"a{who:05}", f"t{thing:05}")
        for thing in range(things)
        for who in rng.choice(accounts, rng.integers(2, 9), replace=False)
    ]
    if planted:
        held += [(f"a{who:05}", f"n{thing}") for thing in range(COMMON) for who in range(NETWORK)]
    return held


def _row(accounts: int, planted: bool, theirs: list, mine: list, measured: dict) -> str:
    members = {f"a{who:05}" for who in range(NETWORK)} if planted else set()
    small = [pair for pair, p in zip(*theirs, strict=True) if p <= P]
    inside = [sum(set(pair) <= members for pair in pairs) for pairs in (small, mine[2])]
    ours_small = sum(p <= P for p in mine[1])
    slow, fast = (measured[whose].median for whose in ("theirs", "ours"))
    cells = [f"{accounts:,}", "yes" if planted else "no", f"{len(mine[0]):,}", f"{len(small):,}"]
    cells += [f"{inside[0]:,}", f"{ours_small:,}", f"{len(mine[2]):,}", f"{inside[1]:,}"]
    cells += [f"{len(members) * (len(members) - 1) // 2:,}"]
    return f"| {' | '.join([*cells, f'{slow:.1f}', f'{fast:.1f}', f'{slow / fast:.1f}'])} |"


if __name__ == "__main__":
    main()
