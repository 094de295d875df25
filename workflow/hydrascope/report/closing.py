"""The last lines of a run: the counts, the verdicts, the time, and what to open."""

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

__all__ = ["STAGES", "closing_lines", "stage_of"]

STAGES = (
    *("ingest", "texts", "affiliation", "narratives", "timing", "counts", "figures", "notebooks"),
    *("report", "provenance", "verify"),
)
SIMULATED = "simulated collection: this is recovery of what was planted, not evidence"
COLUMNS = ("collected", "affiliated", "undetermined", "published")
PLAIN = ("reproduced", "recovered (planted)")
OPENED = ("report.html", "counts/platforms.tsv", "counts/claims.tsv", "ingest/ledger.tsv")
ALL = "all"
# What `affiliation.cohesion.NETWORK` says, without what that module loads in every job.
NETWORK = "a network"


def stage_of(rule: str) -> str:
    """Name the stage that a rule belongs to; a rule of the user's own is one for itself."""
    first = rule.removeprefix("score_").split("_")[0]
    return next((stage for stage in STAGES if stage in (first, f"{first}s")), rule)


def closing_lines(results: Path, benchmarks: Path, *, simulated: bool, detects: bool) -> str:
    """Say what a finished study found and where to look.

    Parameters
    ----------
    results : pathlib.Path
        The study's folder of results.
    benchmarks : pathlib.Path
        Its folder of Snakemake's benchmark files, one a job; it may be missing.
    simulated : bool
        Whether nobody in the collection is real.
    detects : bool
        Whether its network was found from seeds.

    Returns
    -------
    str
        Accounts per platform, seeds that are not shown to be a network, claims by verdict
        with each that is not plainly reproduced or recovered, seconds of work by stage
        (jobs that ran at the same time are added up), and the paths to open.
    """
    lines = [f"{results.name}{f', a {SIMULATED}' if simulated else ''}", ""]
    lines += [*_accounts(_rows(results / "counts/platforms.tsv")), ""]
    if detects:
        lines += _seeds(_rows(results / "affiliation/seeds.tsv")[0])
    lines += [*_claims(_rows(results / "counts/claims.tsv")), ""]
    seconds = _seconds(benchmarks)
    spent = [f"{stage} {seconds[stage]:.0f}" for stage in STAGES if stage in seconds]
    lines += [f"seconds of work   {', '.join(spent)}"] if spent else []
    lines += [f"open              {results / OPENED[0]}"]
    lines += [f"                  {results / name}" for name in OPENED[1:]]
    return "\n".join(lines)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


def _accounts(rows: Sequence[dict[str, str]]) -> list[str]:
    """One line a platform, the sum of its units, and one for all of them at the end."""
    several = Counter(row["platform"] for row in rows)
    chosen = [row for row in rows if several[row["platform"]] == 1 or row["unit"] == ALL]
    chosen.sort(key=lambda row: row["platform"] == ALL)
    head = f"{'accounts':<17}" + "".join(f"{column:>14}" for column in COLUMNS)
    return [head] + [
        f"{row['platform']:<17}" + "".join(f"{_grouped(row[column]):>14}" for column in COLUMNS)
        for row in chosen
    ]


def _grouped(text: str) -> str:
    return f"{int(text):,}" if text.isdigit() else text or "-"


def _seeds(row: dict[str, str]) -> list[str]:
    """Nothing where they are a network, which detection takes for granted."""
    if row["outcome"] == NETWORK:
        return []
    return [f"seeds             {row['outcome']} ({row['linked']} of {row['testable']} linked)", ""]


def _claims(rows: Sequence[dict[str, str]]) -> list[str]:
    verdicts = Counter(row["verdict"] for row in rows)
    said = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
    return [f"published claims  {said or 'none'}"] + [
        f"  {row['claim']}: {_grouped(row['published'])} published, "
        f"{_grouped(row['reproduced'])} here: {row['verdict']}"
        for row in rows
        if row["verdict"] not in PLAIN
    ]


def _seconds(benchmarks: Path) -> Counter:
    total: Counter = Counter()
    for file in sorted(benchmarks.rglob("*.tsv")):
        rule = file.relative_to(benchmarks).parts[0].removesuffix(".tsv")
        total[stage_of(rule)] += sum(float(row["s"]) for row in _rows(file))
    return total
