"""Commands timed in turn, each in a process of its own; peers in environments of their own."""

import os
import platform
import statistics
import subprocess
import sys
import time
import venv
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Measured", "machine", "peer_python", "time_in_turn"]

ENVIRONMENTS = Path("cache/bench")


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
        command = [
            python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--only-binary",
            ":all:",
            *packages.split(),
        ]
        subprocess.run(command, check=True)
        (folder / "ready").touch()
    return str(python)


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
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    peaks, said = dict.fromkeys(commands, 0.0), {}
    for run in range(0 if warm else 1, runs + 1):
        for name, command in commands.items():
            began = time.perf_counter()
            process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            )
            said[name] = process.stdout.read()
            _, status, usage = os.wait4(process.pid, 0)
            took = time.perf_counter() - began
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                raise RuntimeError(f"{name} failed:\n{said[name]}")
            if run:
                seconds[name].append(took)
                # Linux counts in KiB, macOS in bytes.
                unit = 2**20 if sys.platform == "darwin" else 2**10
                peaks[name] = max(peaks[name], usage.ru_maxrss / unit)
    return {name: Measured(seconds[name], peaks[name], said[name]) for name in commands}


def machine() -> str:
    """One line on the machine that measures."""
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}"
    )
