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
import yaml
from grow import OBJECTS, write_grown
from runs import machine

from hydrascope.report.closing import stage_of

HERE = Path(__file__).parent
CHECKOUT = HERE.parent
FOLDER = CHECKOUT / "cache/bench/scaling"
MEASURED = HERE / "scaling.tsv"
PAGE = HERE / "SCALING.md"
PROFILE = CHECKOUT / "profiles/slurm/config.yaml"
CORES = 2
COPIES = {"own": (1, 10, 100, 1000), "common": (1, 10, 100)}
WHOLE, DISK = "whole run", "disk"
# Seconds that a run had taken when it was stopped.
SPENT = "spent"
BILLION = 10**9
# Jobs of a rule ask for so many times what was measured, and for as much at least.
MEMORY_MARGIN, TIME_MARGIN = 1.5, 4
LEAST_MEMORY, LEAST_MINUTES = 1_000, 10
# Seconds below which what a rule takes is start-up and says nothing of its slope.
TELLING = 5.0
STEEPEST = 1.15
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
        for path in (MEASURED, *FOLDER.glob(f"*/{SPENT}")):
            path.unlink(missing_ok=True)
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
    # What was stopped goes on, and the time that it had taken counts.
    spent = folder / SPENT
    check_out(checkout, afresh=not spent.exists())
    before = float(spent.read_text(encoding="utf-8")) if spent.exists() else 0.0
    shutil.copy(folder / "collections.tsv", checkout / "config/collections.tsv")
    study = checkout / "config/studies/grown.yaml"
    study.write_text(STUDY.format(raw=raw.as_posix()), encoding="utf-8")
    began = time.perf_counter()
    try:
        subprocess.run(
            [
                *("snakemake", "--cores", str(CORES), "--benchmark-extended"),
                *("--config", "study=grown"),
            ],
            cwd=checkout,
            env=os.environ | {"PYTHONPATH": str(checkout / "workflow")},
            check=True,
        )
    finally:
        took = before + time.perf_counter() - began
        spent.write_text(str(took), encoding="utf-8")
    rows = _by_rule(checkout / "logs/grown/benchmarks")
    memory = max(row["memory_mb"] for row in rows)
    work = sum(row["cpu_seconds"] for row in rows)
    size = sum(path.stat().st_size for path in checkout.rglob("*") if path.is_file()) / 1e6
    given = sum(path.stat().st_size for path in raw.rglob("*") if path.is_file()) / 1e6
    whole = {"jobs": sum(row["jobs"] for row in rows), "seconds": took, "cpu_seconds": work}
    rows.append({"rule": WHOLE, **whole, "longest": took, "memory_mb": memory, "input_mb": given})
    rows.append({"rule": DISK, "jobs": 0, "input_mb": given, "memory_mb": size})
    shutil.rmtree(checkout)
    spent.unlink()
    return [{"objects": objects, "copies": copies, "posts": posts, **row} for row in rows]


def check_out(folder: Path, *, afresh: bool = True) -> None:
    """Copy what git tracks, as it stands now, into a new folder or over an older copy."""
    if afresh:
        shutil.rmtree(folder, ignore_errors=True)
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=CHECKOUT, check=True, capture_output=True, text=True
    )
    for name in filter(None, listing.stdout.split("\0")):
        if (CHECKOUT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(CHECKOUT / name, folder / name)


def jobs_of(folder: Path) -> dict[str, list[dict[str, str]]]:
    """Snakemake's benchmark files in a folder, one a job, by rule."""
    found: dict[str, list[dict[str, str]]] = {}
    for path in sorted(folder.rglob("*.tsv")):
        rule = path.relative_to(folder).parts[0].removesuffix(".tsv")
        with path.open(encoding="utf-8", newline="") as stream:
            found.setdefault(rule, []).append(next(csv.DictReader(stream, delimiter="\t")))
    return found


def number(cell: str) -> float:
    """A cell of a benchmark file; of a job that ended before it was looked at it is empty."""
    return 0.0 if cell in ("NA", "-") else float(cell)


def _by_rule(folder: Path) -> list[dict]:
    rows = []
    for rule, jobs in jobs_of(folder).items():
        largest = max(jobs, key=lambda job: number(job["max_rss"]))
        seconds = [number(job["s"]) for job in jobs]
        sizes = json.loads(largest["input_size_mb"].replace("'", '"'))
        rows.append(
            {
                "rule": rule,
                "jobs": len(jobs),
                "seconds": sum(seconds),
                "cpu_seconds": sum(number(job["cpu_time"]) for job in jobs),
                "longest": max(seconds),
                "memory_mb": number(largest["max_rss"]),
                "input_mb": sum(map(float, sizes.values())),
            }
        )
    return rows


def page(table: pd.DataFrame) -> str:
    """The report on what was measured, and what follows from it for a billion posts."""
    rules = table[~table["rule"].isin([WHOLE, DISK])]
    own = rules[rules["objects"] == "own"]
    whole = table[table["rule"] == WHOLE]
    sizes = table[table["rule"] == DISK].set_index(["objects", "posts"])["memory_mb"]
    largest = int(own["posts"].max())
    return TEXT.format(
        machine=machine(),
        cores=CORES,
        telling=TELLING,
        steepest=STEEPEST,
        whole="\n".join(_whole_row(row, sizes) for row in whole.itertuples()),
        stages="\n".join(_stage_rows(rules)),
        steep=", ".join(_steep(own)) or "none",
        largest=f"{largest:,}",
        factor=f"{BILLION / largest:,.0f}",
        projection="\n".join(_projected(own)),
        total=_totals(own, whole, sizes),
        first=_first_to_break(own),
    )


def _whole_row(row: tuple, sizes: pd.Series) -> str:
    disk = sizes[row.objects, row.posts]
    return (
        f"| {row.objects} | {row.posts:,} | {row.input_mb:,.0f} | {row.jobs} "
        f"| {row.seconds / 60:.1f} | {row.cpu_seconds / 60:.1f} "
        f"| {row.memory_mb / 1000:.2f} | {disk:,.0f} |"
    )


def slope(posts: pd.Series, seconds: pd.Series) -> float:
    """Steepness on a log-log scale from the last size but one to the last.

    1 where twice the posts take twice as long. The sizes before them are left out: a job's
    start, which does not grow, would make the slope look flatter than it becomes.
    """
    order = np.argsort(posts.to_numpy())[-2:]
    x, y = np.log(posts.to_numpy()[order]), np.log(seconds.to_numpy()[order])
    return float((y[1] - y[0]) / (x[1] - x[0]))


def _stage_rows(rules: pd.DataFrame) -> list[str]:
    rules = rules.assign(stage=rules["rule"].map(stage_of))
    rows = []
    for (objects, stage), own in rules.groupby(["objects", "stage"], sort=False):
        sums = own.groupby("posts", as_index=False).agg(
            seconds=("cpu_seconds", "sum"), peak=("memory_mb", "max")
        )
        steep = slope(sums["posts"], sums["seconds"])
        for row in sums.itertuples():
            last = f"{steep:.2f}" if row.posts == sums["posts"].max() else ""
            rows.append(
                f"| {objects} | {stage} | {row.posts:,} | {row.seconds:,.1f} "
                f"| {row.peak:,.0f} | {row.seconds / row.posts * 1e6:,.1f} | {last} |"
            )
    return rows


def _steep(own: pd.DataFrame) -> list[str]:
    """Rules that take ever longer a post, and how much."""
    found = []
    for rule, rows in own.groupby("rule"):
        steep = slope(rows["posts"], rows["cpu_seconds"])
        if rows["cpu_seconds"].max() >= TELLING and steep > STEEPEST:
            found.append(f"`{rule}` ({steep:.2f})")
    return found


def _line(rows: pd.DataFrame, of: str) -> tuple[float, float]:
    """What a rule takes with no posts, and more with each, through the two largest sizes."""
    last = rows.sort_values("posts").iloc[-2:]
    growth = max(np.diff(last[of])[0] / np.diff(last["posts"])[0], 0.0)
    return max(last[of].iloc[1] - growth * last["posts"].iloc[1], 0.0), growth


def _projected(own: pd.DataFrame) -> list[str]:
    rows = []
    for rule, here in own.groupby("rule"):
        seconds, memory = (_at(here, of, BILLION) for of in ("cpu_seconds", "memory_mb"))
        longest = _at(here, "longest", BILLION)
        rows.append((seconds, rule, int(here["jobs"].iloc[-1]), longest, memory))
    return [
        f"| `{rule}` | {jobs} | {seconds / 3600:,.1f} | {longest / 3600:,.1f} "
        f"| {memory / 1000:,.1f} |"
        for seconds, rule, jobs, longest, memory in sorted(rows, reverse=True)[:14]
    ]


def _at(rows: pd.DataFrame, of: str, posts: int) -> float:
    start, growth = _line(rows, of)
    return start + growth * posts


def _totals(own: pd.DataFrame, whole: pd.DataFrame, sizes: pd.Series) -> str:
    hours = sum(_at(rows, "cpu_seconds", BILLION) for _, rows in own.groupby("rule")) / 3600
    here = whole[whole["objects"] == "own"].sort_values("posts")
    factor = BILLION / here["posts"].iloc[-1]
    raw = here["input_mb"].iloc[-1] * factor / 1e6
    made = sizes["own"].sort_index().iloc[-1] * factor / 1e6
    jobs = int(here["jobs"].iloc[-1])
    return (
        f"{jobs} jobs, {hours:,.0f} core-hours, {raw:,.1f} TB of raw files and {made:,.1f} TB of "
        "results."
    )


def _first_to_break(own: pd.DataFrame) -> str:
    memory = {rule: _at(rows, "memory_mb", BILLION) for rule, rows in own.groupby("rule")}
    longest = {rule: _at(rows, "longest", BILLION) for rule, rows in own.groupby("rule")}
    wide, slow = max(memory, key=memory.get), max(longest, key=longest.get)
    return (
        f"`{wide}`, which would want {memory[wide] / 1000:,.0f} GB in one process, and "
        f"`{slow}`, one job of {longest[slow] / 3600:,.0f} hours."
    )


def profile(table: pd.DataFrame) -> str:
    """The profile with the memory and time that each rule asks for, by the size of its input."""
    own = table[(table["objects"] == "own") & ~table["rule"].isin([WHOLE, DISK])]
    head = yaml.safe_load(PROFILE.read_text(encoding="utf-8"))
    head["set-resources"] = {rule: _resources(rows) for rule, rows in own.groupby("rule")}
    return PROFILE_HEAD + yaml.safe_dump(head, sort_keys=False, width=98)


def _resources(rows: pd.DataFrame) -> dict[str, str]:
    last = rows.sort_values("posts").iloc[-2:]
    size = np.diff(last["input_mb"])[0] or 1.0
    asked = {}
    for name, of, margin, least in (
        ("mem_mb", "memory_mb", MEMORY_MARGIN, LEAST_MEMORY),
        ("runtime", "longest", TIME_MARGIN / 60, LEAST_MINUTES),
    ):
        growth = max(np.diff(last[of])[0] / size, 0.0)
        start = max(last[of].iloc[1] - growth * last["input_mb"].iloc[1], 0.0)
        fixed = max(round(start * margin), least)
        asked[name] = f"int({fixed} + {growth * margin:.3f} * input.size_mb) * attempt"
    return asked


PROFILE_HEAD = """\
# snakemake --profile profiles/slurm: the same jobs on a cluster, beside profiles/default.
# An account or a partition is set as the cluster wants it, for instance by
#   --default-resources slurm_account=mine slurm_partition=short
# Written by bench/scaling.py: what each rule asks for follows from bench/scaling.tsv, and a job
# that fails for want of it is sent again with more.
"""
TEXT = """# How a study grows with its posts

Generated by `python bench/scaling.py`, which `make bench` runs. {machine};
`snakemake --cores {cores}`, whole runs from raw files to the report. The collections are simulated:
copies of one of ten thousand posts, which has the statistics of the bundled one. With *own*
objects each copy has texts, links, tags and names of its own, so that a thing has as many holders
whatever the size; with *common* ones every thing is held by more accounts as the collection grows.
Moments are common in both. A run that was stopped goes on where it was, and its minutes are those
of all parts.

## Whole runs: measured

| objects | posts | raw MB | jobs | minutes | processor minutes | largest job, GB | results, MB |
|---|---|---|---|---|---|---|---|
{whole}

## Stages: measured

Processor seconds of all jobs of a stage, the largest peak of one job's memory, and the slope on a
log-log scale from the last size but one to the last: 1 where twice the posts take twice as long.

| objects | stage | posts | seconds | peak MB | seconds a million | slope |
|---|---|---|---|---|---|---|
{stages}

Rules with a slope above {steepest} that take {telling:.0f} seconds or more, own objects: {steep}.

## A billion posts: extrapolated

Nothing here was run. Each rule's processor time, longest job and memory are continued on a
straight line through the two largest sizes; {largest} posts were measured, and this is {factor}
times as many.

| rule | jobs | core-hours | longest job, hours | memory, GB |
|---|---|---|---|---|
{projection}

In all {total} What breaks first: {first}
"""

if __name__ == "__main__":
    main()
