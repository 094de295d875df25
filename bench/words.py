"""Segmentation against jieba, and near-duplicates against datasketch; run by `make bench`."""

import json
import sys
import tempfile
from pathlib import Path

import numpy as np
from made import said_texts
from runs import Measured, peer_python, record, script, time_in_turn

RUNS = 5
CUT, NEAR = 100_000, 20_000
# Share of the texts that copy an earlier one, and signs of it that stay the same.
COPIES, KEPT = 0.5, 0.95
SEED = 20211222
MIN_JACCARD = 0.6
# Share of the texts with the same representative, below which the two did different things.
LEAST_EQUAL = 0.98
JIEBA, DATASKETCH = "jieba==0.42.1", "datasketch==2.0.0"
# Both read texts from the first file and write what they found to the second.
READ = """
import json, pathlib, sys
texts = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
"""
WRITE = """
pathlib.Path(sys.argv[2]).write_text(json.dumps(found), encoding="utf-8")
"""
JIEBA_CUTS = """
import logging, jieba
jieba.setLogLevel(logging.ERROR)
found = [jieba.lcut(text) for text in texts]
"""
OURS_CUTS = """
import rjieba
found = [rjieba.cut(text) for text in texts]
"""
# A text that an index of the representatives so far does not know becomes one; what the index
# offers is decided by the exact index of Jaccard, as ours does.
DATASKETCH_GROUPS = f"""
from datasketch import MinHash, MinHashLSH
index, shingles, found = MinHashLSH(threshold={MIN_JACCARD} - 0.1, num_perm=128), [], []
for row, text in enumerate(texts):
    own = {{text[at : at + 3] for at in range(max(len(text) - 2, 1))}}
    sketch = MinHash(num_perm=128, seed=1)
    sketch.update_batch([shingle.encode() for shingle in own])
    alike = [(-len(own & shingles[at]) / len(own | shingles[at]), at) for at in index.query(sketch)]
    distance, head = min(alike, default=(0.0, row))
    if -distance < {MIN_JACCARD}:
        head = row
        index.insert(row, sketch)
    shingles.append(own)
    found.append(head)
"""
OURS_GROUPS = f"""
import tempfile
from hydrascope.texts.copies import representatives
with tempfile.TemporaryDirectory() as folder:
    found = representatives(texts, min_jaccard={MIN_JACCARD}, seed=1, beside=folder).tolist()
"""


def main() -> None:
    """Compare what both found, then keep how long they took."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        texts = list(said_texts(CUT))
        (folder / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
        theirs, ours = run_both(folder, JIEBA, JIEBA_CUTS, OURS_CUTS)
        assert said(folder, "theirs") == said(folder, "ours")
        record(
            "segmentation; ours is rjieba, a library",
            JIEBA,
            f"{CUT:,} texts",
            equal=f"words: those of all {CUT:,} texts the same",
            theirs=theirs,
            ours=ours,
        )
        # Of one script, so that a shingle has three signs for both.
        chinese = [text for text in texts if not text.isascii()][: round(NEAR * (1 - COPIES))]
        (folder / "texts.json").write_text(json.dumps(with_copies(chinese)), encoding="utf-8")
        theirs, ours = run_both(folder, DATASKETCH, DATASKETCH_GROUPS, OURS_GROUPS)
        heads = [np.array(said(folder, whose)) for whose in ("theirs", "ours")]
        equal = float(np.mean(heads[0] == heads[1]))
        assert equal >= LEAST_EQUAL, equal
        record(
            "near-duplicates, each given to a representative",
            DATASKETCH,
            f"{len(heads[0]):,} texts",
            equal=f"representatives: {equal:.2%} of the texts have the same; both draw at random",
            theirs=theirs,
            ours=ours,
        )


def with_copies(texts: list[str]) -> list[str]:
    """Put behind the texts copies in which some signs are others."""
    rng = np.random.default_rng(SEED)
    signs = sorted(set("".join(texts)))
    found = dict.fromkeys(texts)
    while len(found) * (1 - COPIES) < len(texts):
        text = np.array(list(texts[rng.integers(len(texts))]))
        other = rng.random(len(text)) > KEPT
        text[other] = rng.choice(signs, other.sum())
        found["".join(text)] = None
    return list(found)


def run_both(folder: Path, peer: str, theirs: str, ours: str) -> tuple[Measured, Measured]:
    """Time the peer and ours on the texts of a folder."""
    texts = folder / "texts.json"
    commands = {
        whose: script(folder, whose, python, READ + code + WRITE, texts, folder / f"{whose}.json")
        for whose, python, code in (
            ("theirs", peer_python(peer), theirs),
            ("ours", sys.executable, ours),
        )
    }
    measured = time_in_turn(commands, RUNS)
    return measured["theirs"], measured["ours"]


def said(folder: Path, whose: str) -> list:
    """What one of the two found."""
    return json.loads((folder / f"{whose}.json").read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
