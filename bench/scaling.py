"""How a study grows with its posts: whole runs from raw files to the report, at four sizes.

``python bench/scaling.py`` measures what bench/scaling.tsv does not hold yet and writes
bench/SCALING.md and the resources in profiles/slurm/config.yaml; ``--largest`` ends a
series at fewer posts, and ``--again`` forgets what was measured.
"""

import argparse
import csv
import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import numpy as np
import pandas as pd
from grow import OBJECTS, write_grown
from runs import machine

HERE = Path(__file__).parent
CHECKOUT = HERE.parent
FOLDER = CHECKOUT / "cache/bench/scaling"
MEASURED = HERE / "scaling.tsv"
PAGE = HERE / "SCALING.md"
PROFILE = CHECKOUT / "profiles/slurm/config.yaml"
CORES = 2
COPIES = {"own": (1, 10, 100, 1000), "common": (1, 10, 100)}
STAGES = ["ingest", "texts", "affiliation", "narratives", "timing", "counts"]
STAGES += ["figures", "notebooks", "report", "provenance"]
STAGE_OF = {"figure": "figures", "notebook": "notebooks", "score": "counts"}
COLUMNS = ["objects", "posts", "rule", "jobs", "seconds", "cpu_seconds", "longest", "memory_mb"]
COLUMNS += ["input_mb"]
WHOLE, DISK = "whole run", "disk"
STUDY = """title: grown from the bundled collection
collection: grown-synthetic
simulated: true
pseudonyms: public
raw: {raw}
obtain: run python bench/scaling.py
scopes:
  crowdtangle: whole release
affiliation:
  mode: detect
  seeds: seeds.csv
"""


def main() -> None:
    """Measure what is missing, and write the page and the profile."""
    arguments = argparse.ArgumentParser(prog="python bench/scaling.py")
    arguments.add_argument("--largest", type=int, default=1000, help="copies at most")
    arguments.add_argument("--again", action="store_true", help="measure everything anew")
    given = arguments.parse_args()
    if given.again:
        MEASURED.unlink(missing_ok=True)
    for objects in OBJECTS:
        for copies in COPIES[objects]:
            if copies <= given.largest and not _known(objects, copies):
                _add(measured(objects, copies))
    table = pd.read_csv(MEASURED, sep="\t")
    PAGE.write_text(page(table), encoding="utf-8")
    PROFILE.write_text(profile(table), encoding="utf-8")


def _known(objects: str, copies: int) -> bool:
    if not MEASURED.exists():
        return False
    table = pd.read_csv(MEASURED, sep="\t")
    return ((table["objects"] == objects) & (table["copies"] == copies)).any()


def _add(rows: list[dict]) -> None:
    new = pd.DataFrame(rows)
    if MEASURED.exists():
        new = pd.concat([pd.read_csv(MEASURED, sep="\t"), new])
    new = new.sort_values(["objects", "posts", "rule"], ascending=[False, True, True])
    new.to_csv(MEASURED, sep="\t", index=False, float_format="%.2f", lineterminator="\n")


def measured(objects: str, copies: int) -> list[dict]:
    """Run a study on a grown collection, and say what each rule took.

    Parameters
    ----------
    objects : {'own', 'common'}
        As for `grow.write_grown`.
    copies : int
        The same.

    Returns
    -------
    list of dict
        objects, copies, posts, rule, jobs, seconds and cpu_seconds (of all its jobs), longest
        (job, in seconds), memory_mb (of the largest job) and input_mb (of that job); and the
        same of the whole run, whose seconds are those of the wall clock, and of the disk.
    """
    folder = FOLDER / f"{objects}-{copies}"
    raw, checkout = folder / "raw", folder / "checkout"
    if not (folder / "posts").exists():
        shutil.rmtree(raw, ignore_errors=True)
        table, posts = write_grown(raw, copies, objects=objects, study="grown")
        (folder / "collections.tsv").write_text(table, encoding="utf-8")
        (folder / "posts").write_text(str(posts), encoding="utf-8")
    posts = int((folder / "posts").read_text(encoding="utf-8"))
    _check_out(checkout)
    shutil.copy(folder / "collections.tsv", checkout / "config/collections.tsv")
    study = checkout / "config/studies/grown.yaml"
    study.write_text(STUDY.format(raw=raw.as_posix()), encoding="utf-8")
    began = time.perf_counter()
    subprocess.run(
        ["snakemake", "--cores", str(CORES), "--benchmark-extended", "--config", "study=grown"],
        cwd=checkout,
        env=os.environ | {"PYTHONPATH": str(checkout / "workflow")},
        check=True,
    )
    took = time.perf_counter() - began
    rows = _by_rule(checkout / "logs/grown/benchmarks")
    memory = max(row["memory_mb"] for row in rows)
    work = sum(row["cpu_seconds"] for row in rows)
    size = sum(path.stat().st_size for path in checkout.rglob("*") if path.is_file()) / 1e6
    given = sum(path.stat().st_size for path in raw.rglob("*") if path.is_file()) / 1e6
    whole = {"jobs": sum(row["jobs"] for row in rows), "seconds": took, "cpu_seconds": work}
    rows.append({"rule": WHOLE, **whole, "longest": took, "memory_mb": memory, "input_mb": given})
    rows.append({"rule": DISK, "jobs": 0, "input_mb": given, "memory_mb": size})
    shutil.rmtree(checkout)
    return [{"objects": objects, "copies": copies, "posts": posts, **row} for row in rows]


def _check_out(folder: Path) -> None:
    """A copy of what git tracks, as it stands now."""
    shutil.rmtree(folder, ignore_errors=True)
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=CHECKOUT, check=True, capture_output=True, text=True
    )
    for name in filter(None, listing.stdout.split("\0")):
        if (CHECKOUT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(CHECKOUT / name, folder / name)


def _by_rule(folder: Path) -> list[dict]:
    found: dict[str, list[dict]] = {}
    for path in sorted(folder.rglob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as stream:
            row = next(csv.DictReader(stream, delimiter="\t"))
        found.setdefault(row["rule_name"], []).append(row)
    rows = []
    for rule, jobs in found.items():
        largest = max(jobs, key=lambda job: float(job["max_rss"]))
        seconds = [float(job["s"]) for job in jobs]
        sizes = json.loads(largest["input_size_mb"].replace("'", '"'))
        rows.append(
            {
                "rule": rule,
                "jobs": len(jobs),
                "seconds": sum(seconds),
                "cpu_seconds": sum(float(job["cpu_time"]) for job in jobs),
                "longest": max(seconds),
                "memory_mb": float(largest["max_rss"]),
                "input_mb": sum(map(float, sizes.values())),
            }
        )
    return rows


def page(table: pd.DataFrame) -> str:
    """The report on what was measured, and what follows from it for a billion posts."""
    rules = table[~table["rule"].isin([WHOLE, DISK])]
    own = rules[rules["objects"] == "own"]
    whole = table[table["rule"] == WHOLE]
    disk = table[table["rule"] == DISK]
    largest = own["posts"].max()
    return TEXT.format(
        machine=machine(),
        cores=CORES,
        whole="\n".join(map(_whole_row, _beside(whole, disk))),
        stages="\n".join(_stage_rows(rules)),
        rules="\n".join(_rule_rows(own)),
        flat=", ".join(_steep(own)) or "none",
        largest=f"{largest:,}",
        factor=f"{BILLION / largest:,.0f}",
        projection="\n".join(_projected(own, disk, whole)),
    )


def _beside(whole: pd.DataFrame, disk: pd.DataFrame) -> list[tuple]:
    both = whole.merge(disk[["objects", "posts", "memory_mb"]], on=["objects", "posts"])
    return list(both.itertuples())


def _whole_row(row: tuple) -> str:
    return (
        f"| {row.objects} | {row.posts:,} | {row.input_mb:,.0f} | {row.jobs} "
        f"| {row.seconds / 60:.1f} | {row.cpu_seconds / 60:.1f} "
        f"| {row.memory_mb_x / 1000:.2f} | {row.memory_mb_y:,.0f} |"
    )


def _stage(rule: str) -> str:
    first = rule.split("_")[0]
    return STAGE_OF.get(first, first)


def slope(posts: np.ndarray, seconds: np.ndarray) -> float:
    """Steepness of the last step on a log-log scale: 1 where twice the posts take twice as long."""
    order = np.argsort(posts)
    (x0, x1), (y0, y1) = np.log(posts[order][-2:]), np.log(seconds[order][-2:])
    return float((y1 - y0) / (x1 - x0))


def _stage_rows(rules: pd.DataFrame) -> list[str]:
    rules = rules.assign(stage=rules["rule"].map(_stage))
    rows = []
    for objects, here in rules.groupby("objects", sort=False):
        for stage in STAGES:
            own = here[here["stage"] == stage]
            sums = own.groupby("posts").agg(
                seconds=("cpu_seconds", "sum"), peak=("memory_mb", "max")
            )
            steep = slope(sums.index.to_numpy(), sums["seconds"].to_numpy())
            for posts, row in sums.iterrows():
                last = f"{steep:.2f}" if posts == sums.index.max() else ""
                rows.append(
                    f"| {objects} | {stage} | {posts:,} | {row['seconds']:,.1f} "
                    f"| {row['peak']:,.0f} | {row['seconds'] / posts * 1e6:,.1f} | {last} |"
                )
    return rows
