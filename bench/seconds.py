"""Where the seconds of the default study go, and went before: bench/SECONDS.md.

Run by `make bench`. ``--before REV`` names the commit to compare with; each of the two is checked
out with an environment of its own.
"""

import argparse
import shutil
import statistics
import subprocess
import time
from pathlib import Path

import pandas as pd
from runs import machine
from scaling import CORES, jobs_of, number

from hydrascope.report.closing import stage_of

STUDY = "spamouflage-2021"
# The last commit before signals, texts and vectors were made for ten million posts.
BEFORE = "5641cab"
FOLDER = Path("cache/bench/seconds")
RESULTS = Path("bench/SECONDS.md")
RUNS, LARGEST, SHOWN = 3, 3, 20
TEXT = """# Where the seconds of the default study go

Written by `python bench/seconds.py`, which `make bench` runs. {machine}. `snakemake --cores
{cores}` on the bundled collection, without any result or vector of a run before; both states in
turn, median of {runs} run(s) of each. Before is commit {before}, after is {after}.

| | before | after |
|---|---|---|
| whole run, minutes | {before_minutes:.1f} | {after_minutes:.1f} |
| all jobs, processor seconds | {before_work:,.0f} | {after_work:,.0f} |
| largest job, MB | {before_memory:,.0f} | {after_memory:,.0f} |
| results, MB | {before_disk:,.0f} | {after_disk:,.0f} |

The {largest} kinds of job that took most before: {made}.

| jobs of | stage | before: jobs | processor seconds | after: jobs | processor seconds | share |
|---|---|---|---|---|---|---|
{rows}

The {shown} that take most, of {all_rules}; a rule that is on one side only was divided or joined.
"""


def main() -> None:
    """Measure both states, and write the page."""
    arguments = argparse.ArgumentParser(prog="python bench/seconds.py")
    arguments.add_argument("--before", default=BEFORE)
    arguments.add_argument("--runs", type=int, default=RUNS)
    given = arguments.parse_args()
    before = given.before
    states = {before: FOLDER / before, "HEAD": FOLDER / "after"}
    for revision, folder in states.items():
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run(["git", "worktree", "prune"], check=True)
        subprocess.run(["git", "worktree", "add", "--detach", folder, revision], check=True)
        subprocess.run(["sh", "workflow/env.sh", "true"], cwd=folder, check=True)
    runs = {revision: [] for revision in states}
    for _ in range(given.runs):
        for revision, folder in states.items():
            runs[revision].append(_run(folder))
    names = [
        subprocess.run(
            ["git", "rev-parse", "--short", revision], check=True, capture_output=True, text=True
        ).stdout.strip()
        for revision in states
    ]
    RESULTS.write_text(page(*names, *runs.values()), encoding="utf-8")
    for folder in states.values():
        subprocess.run(["git", "worktree", "remove", "--force", folder], check=True)


def _run(folder: Path) -> dict:
    """One run: minutes, MB of results, and the jobs of each rule."""
    for name in ("results", "logs", "cache", ".snakemake"):
        shutil.rmtree(folder / name, ignore_errors=True)
    began = time.perf_counter()
    command = ["sh", "workflow/env.sh", "snakemake", "--cores", str(CORES), "--quiet"]
    subprocess.run(command, cwd=folder, check=True)
    minutes = (time.perf_counter() - began) / 60
    rows = [
        {"rule": rule, "seconds": number(job["cpu_time"]), "mb": number(job["max_rss"])}
        for rule, jobs in jobs_of(folder / f"logs/{STUDY}/benchmarks").items()
        for job in jobs
    ]
    results = [path for path in (folder / "results").rglob("*") if path.is_file()]
    return {
        "minutes": minutes,
        "disk": sum(path.stat().st_size for path in results) / 1e6,
        "jobs": pd.DataFrame(rows),
    }


def page(before: str, after: str, were: list[dict], are: list[dict]) -> str:
    """The page from the runs of both states."""
    told = {}
    for name, runs in (("before", were), ("after", are)):
        told[f"{name}_minutes"] = statistics.median(run["minutes"] for run in runs)
        told[f"{name}_work"] = statistics.median(run["jobs"]["seconds"].sum() for run in runs)
        told[f"{name}_memory"] = max(run["jobs"]["mb"].max() for run in runs)
        told[f"{name}_disk"] = runs[-1]["disk"]
    table = pd.concat({"before": _by_rule(were), "after": _by_rule(are)}, axis=1).fillna(0)
    largest = table["before", "seconds"].nlargest(LARGEST)
    made = "; ".join(
        f"`{rule}`, {seconds:.0f} s before and {table.loc[rule, ('after', 'seconds')]:.0f} after"
        for rule, seconds in largest.items()
    )
    seconds = table.xs("seconds", axis=1, level=1).max(axis=1)
    shown = table.loc[seconds.nlargest(SHOWN).index]
    return TEXT.format(
        machine=machine(),
        cores=CORES,
        runs=len(were),
        before=before,
        after=after,
        largest=LARGEST,
        made=made,
        rows="\n".join(_row(rule, row, told["after_work"]) for rule, row in shown.iterrows()),
        shown=SHOWN,
        all_rules=len(table),
        **told,
    )


def _by_rule(runs: list[dict]) -> pd.DataFrame:
    """Jobs of each rule, and the median of the seconds that they took together."""
    sums = [run["jobs"].groupby("rule")["seconds"].agg(["size", "sum"]) for run in runs]
    together = pd.concat(sums).groupby("rule").median()
    return together.rename(columns={"size": "jobs", "sum": "seconds"})


def _row(rule: str, row: pd.Series, whole: float) -> str:
    cells = [f"`{rule}`", stage_of(rule)]
    for state in ("before", "after"):
        cells += [f"{row[state, 'jobs']:.0f}", f"{row[state, 'seconds']:,.1f}"]
    return f"| {' | '.join(cells)} | {row['after', 'seconds'] / whole:.0%} |"


if __name__ == "__main__":
    main()
