"""Commands timed in turn, each in a process of its own; peers in environments of their own.

What was measured against a peer goes to bench/results.tsv, from which bench/results.py writes
bench/RESULTS.md.
"""

import os
import platform
import statistics
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

__all__ = [
    "RECORDED",
    "Measured",
    "machine",
    "peer_python",
    "record",
    "script",
    "time_in_turn",
]

ENVIRONMENTS = Path("cache/bench")
RECORDED = Path("bench/results.tsv")
KEY = ["task", "peer", "size"]
# A process that is started by a large one is counted as if it had been as large itself, so that
# a small one starts and watches it: seconds and peak are the last line of what is said.
WATCH = """
import os, subprocess, sys, time
began = time.perf_counter()
process = subprocess.Popen(sys.argv[1:])
_, status, usage = os.wait4(process.pid, 0)
print(f"\\n{time.perf_counter() - began} {usage.ru_maxrss}", flush=True)
sys.exit(os.waitstatus_to_exitcode(status))
"""


@dataclass(frozen=True)
class Measured:
    """Runs of one command.

    Attributes
    ----------
    seconds : list of float
        Wall time of each run, from the process' start to its end.
    megabytes : float
        The largest peak of its memory.
    said : str
        What the last run printed.
    """

    seconds: list[float]
    megabytes: float
    said: str

    @property
    def median(self) -> float:
        """Median of the wall times."""
        return statistics.median(self.seconds)


def peer_python(packages: str) -> str:
    """The interpreter of an environment that holds some packages, made on first use.

    Parameters
    ----------
    packages : str
        Names and versions as pip takes them, such as `pandas==2.3.3`, apart by spaces.
    """
    folder = ENVIRONMENTS / packages.replace("==", "-").replace(" ", "+")
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        venv.create(folder, with_pip=True, clear=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--prefer-binary"]
        subprocess.run([*pip, *packages.split()], check=True)
        (folder / "ready").touch()
    return str(python)


def script(folder: Path, name: str, python: str, code: str, *arguments: object) -> list[str]:
    """Write a program that is no file of ours into a folder; returns the command that runs it."""
    path = folder / f"{name}.py"
    path.write_text(code, encoding="utf-8")
    return [python, str(path), *map(str, arguments)]


def time_in_turn(
    commands: dict[str, list[str]], runs: int, *, warm: bool = True
) -> dict[str, Measured]:
    """Run each command once unmeasured, then all of them in turn.

    Parameters
    ----------
    commands : dict of str to list of str
        Program and arguments by name.
    runs : int
        Measured runs of each.
    warm : bool
        Whether there is an unmeasured run.

    Raises
    ------
    RuntimeError
        If a command fails; the message has what it printed.
    """
    # Who sets no limit of threads gets none, whatever the shell has that calls this.
    free = {key: value for key, value in os.environ.items() if not key.endswith("_NUM_THREADS")}
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    peaks, said = dict.fromkeys(commands, 0.0), {}
    for run in range(0 if warm else 1, runs + 1):
        for name, command in commands.items():
            done = subprocess.run(
                [sys.executable, "-I", "-S", "-c", WATCH, *command],
                env=free,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            said[name], _, watched = done.stdout.rstrip("\n").rpartition("\n")
            if done.returncode:
                raise RuntimeError(f"{name} failed:\n{said[name]}")
            if run:
                took, peak = map(float, watched.split())
                seconds[name].append(took)
                # Linux counts in KiB, macOS in bytes.
                unit = 2**20 if sys.platform == "darwin" else 2**10
                peaks[name] = max(peaks[name], peak / unit)
    return {name: Measured(seconds[name], peaks[name], said[name]) for name in commands}


def record(
    task: str, peer: str, size: str, *, equal: str, theirs: Measured, ours: Measured
) -> None:
    """Keep what was measured against a peer, in place of what was kept of the same before.

    Parameters
    ----------
    task, peer, size : str
        What was done, by which package and version, and on how much.
    equal : str
        What of the two outputs was compared, and what came out, before any time was looked at.
    theirs, ours : Measured
        Both, of the same input and run.
    """
    row = dict(zip(KEY, (task, peer, size), strict=True)) | {"equal": equal}
    for whose, found in (("theirs", theirs), ("ours", ours)):
        row |= {
            f"{whose}_s": found.median,
            f"{whose}_fastest": min(found.seconds),
            f"{whose}_slowest": max(found.seconds),
            f"{whose}_mb": found.megabytes,
        }
    table = pd.DataFrame([row | {"runs": len(ours.seconds), "machine": machine()}])
    if RECORDED.exists():
        before = pd.read_csv(RECORDED, sep="\t")
        same = before[KEY].eq(table.loc[0, KEY]).all(axis=1)
        table = pd.concat([before[~same], table])
    table.to_csv(RECORDED, sep="\t", index=False, float_format="%.2f", lineterminator="\n")


def machine() -> str:
    """One line on the machine that measures."""
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}"
    )
