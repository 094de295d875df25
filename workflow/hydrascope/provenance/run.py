"""The circumstances of a run: the only place for dates, times and versions."""

import platform
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import pandas as pd

from hydrascope import io

__all__ = ["run_record", "version_table"]


# What the numbers of a study come out of.
LIBRARIES = (
    *("bertopic", "duckdb", "matplotlib", "numpy", "pandas", "pyarrow", "scikit-learn"),
    *("scikit-network", "scipy", "snakemake", "statsmodels"),
)


def version_table() -> pd.DataFrame:
    """Versions of Python and of the libraries that numbers come out of: name and version."""
    rows = [("Python", platform.python_version())]
    rows += [(name, metadata.version(name)) for name in LIBRARIES]
    return pd.DataFrame(rows, columns=["name", "version"])


def run_record(settings: Mapping, benchmarks: Path, checkout: Path) -> dict:
    """Describe a finished run.

    Parameters
    ----------
    settings : mapping
        The study's whole configuration; it holds no key and no name.
    benchmarks : pathlib.Path
        Snakemake's benchmark files, one a rule.
    checkout : pathlib.Path
        The repository.

    Returns
    -------
    dict
        finished, commit, changed (whether the checkout differs from it), python,
        machine, packages, settings, and seconds and peak memory by rule.
    """
    return {
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _git(checkout, "rev-parse", "HEAD"),
        "changed": bool(_git(checkout, "status", "--porcelain")),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "packages": {
            found.name: found.version
            for found in sorted(metadata.distributions(), key=lambda found: found.name)
        },
        "settings": dict(settings),
        "rules": {
            file.relative_to(benchmarks).with_suffix("").as_posix(): {
                "seconds": round(float(row["s"]), 1),
                "peak_mib": row["max_rss"],
            }
            for file in sorted(benchmarks.rglob("*.tsv"))
            for row in io.read_table(file, text=True).to_dict("records")
        },
    }


def _git(checkout: Path, *arguments: str) -> str:
    """What git answers, or nothing where there is no repository or no git."""
    try:
        answer = subprocess.run(
            ["git", "-C", str(checkout), *arguments], capture_output=True, text=True
        )
    except FileNotFoundError:
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""
