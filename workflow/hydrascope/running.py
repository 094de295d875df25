"""One run of a study at a time, and nothing that a killed run left is taken for finished.

Snakemake knows which jobs had not ended when a run was killed and makes their files again.
What it cannot see is kept here: that a job which outlived its run still writes, that a file
is no longer what its job wrote, and that another run of the same study goes on.
"""

import atexit
import fcntl
import hashlib
import json
import os
import shutil
import socket
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO

import psutil

from hydrascope import io
from hydrascope.errors import HydrascopeError

__all__ = ["RunError", "claim", "keep_digests", "looks_only", "mend", "orphans"]

STATE = Path(".snakemake/hydrascope")
# Not among Snakemake's notes, which people delete to start anew.
DIGESTS = Path(".hydrascope/digests")
METADATA = Path(".snakemake/metadata")
# Results may name people, so that what is moved aside lies where git and archives never look.
ASIDE = Path(".hydrascope/changed")
# With it Snakemake dates a folder that a job has made.
DATE = ".snakemake_timestamp"
# Where Snakemake puts what a rule's `script:` runs, below the folder it was started in.
SCRIPTS = ".snakemake/scripts/"
PAUSE = 0.5
# Looks at a file that names nobody before it counts as left over.
LOOKS = 4
# Calls of Snakemake that make nothing.
LOOKING = {
    *("-n", "--dry-run", "--dryrun", "--unlock", "-S", "--summary", "-D", "--detailed-summary"),
    *("--lint", "--list-changes", "--dag", "--d3dag", "--rulegraph", "--filegraph"),
    *("-l", "--list", "--list-rules", "--list-target-rules", "--lt", "--print-compilation"),
}


class RunError(HydrascopeError):
    """A run cannot begin beside what goes on already."""


def looks_only(arguments: Iterable[str]) -> bool:
    """Whether a command line of Snakemake only looks: it neither waits nor changes anything."""
    return not LOOKING.isdisjoint(arguments)


def claim(study: str, tell: Callable[[str], None]) -> IO[str]:
    """Hold a study for as long as this process lives, once nothing else writes its results.

    Parameters
    ----------
    study : str
        The study's name.
    tell : callable
        Takes one line for the user, where there is something to wait for.

    Returns
    -------
    file object
        The lock. It is let go when it is closed or the process ends, however it ends. On
        a disk without locks a file beside it names the process that holds the study.

    Raises
    ------
    RunError
        If another run holds the study.
    """
    STATE.mkdir(parents=True, exist_ok=True)
    held = (STATE / f"{study}.run").open("a+", encoding="utf-8")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        held.seek(0)
        raise _other_run(study, f"process {held.read().strip() or 'unknown'}") from None
    except OSError as error:
        holder = STATE / f"{study}.holder"
        tell(f"This disk has no locks ({error.strerror}): {holder} names the run of {study}.")
        _name(study, holder)
    held.truncate(0)
    held.write(f"{os.getpid()}\n")
    held.flush()
    if left := orphans(Path.cwd()):
        numbers = ", ".join(map(str, left))
        tell(f"A job of a run that was killed still writes (process {numbers}): waiting for it.")
        while orphans(Path.cwd()):
            time.sleep(PAUSE)
    return held


def _other_run(study: str, who: str, remedy: str = "Wait until it has ended") -> RunError:
    return RunError(
        f"{study}: found another run of this study in this folder ({who}); expected none. "
        f"{remedy}, or run another study beside it."
    )


def _name(study: str, holder: Path) -> None:
    """Write who runs a study into a file, until this process ends well.

    What a killed run left is known by its process, which is gone. Of another machine
    nobody can tell.
    """
    own = f"{os.getpid()} {psutil.Process().create_time()} {socket.gethostname()}"
    while True:
        try:
            with holder.open("x", encoding="utf-8") as stream:
                stream.write(own)
            break
        except FileExistsError:
            number, begun, host = _named_in(holder)
        if host and host != socket.gethostname():
            raise _other_run(
                study, f"{host}, process {number}", f"If it has ended, delete {holder}"
            )
        if _runs(number, begun):
            raise _other_run(study, f"process {number}")
        holder.unlink(missing_ok=True)
    atexit.register(holder.unlink, missing_ok=True)


def _named_in(holder: Path) -> tuple[str, str, str]:
    """Process, its beginning and its machine, as a file names them; empty where it does not."""
    for _ in range(LOOKS):
        with suppress(OSError, ValueError):
            number, begun, host = holder.read_text(encoding="utf-8").split(" ", 2)
            return number, begun, host
        # Whoever has just made it is still to write it.
        time.sleep(PAUSE)
    return "", "", ""


def _runs(number: str, begun: str) -> bool:
    """Whether that process still runs here, and not another that was given its number."""
    try:
        return str(psutil.Process(int(number)).create_time()) == begun
    except (psutil.Error, OverflowError, ValueError):
        return False


def orphans(folder: Path) -> list[int]:
    """Find jobs that run in a folder and that no living snakemake has started.

    Returns
    -------
    list of int
        Their process numbers, in ascending order.
    """
    found = []
    for process in psutil.process_iter(["cmdline", "cwd"]):
        told = process.info
        if told["cwd"] == str(folder) and any(SCRIPTS in word for word in told["cmdline"] or []):
            # What has ended by now is none.
            with suppress(psutil.NoSuchProcess):
                if not any(map(_is_a_run, process.parents())):
                    found.append(process.pid)
    return sorted(found)


def _is_a_run(process: psutil.Process) -> bool:
    try:
        # The interpreter's name, its options or the program's path, and the module's name.
        return any(Path(word).name == "snakemake" for word in process.cmdline()[:4])
    except psutil.Error:
        return False


def keep_digests(made: Iterable[str | Path]) -> None:
    """Keep the digest of each file or folder that a job has made, on disk before the job ends.

    Parameters
    ----------
    made : iterable of path
        Outputs, relative to the folder that Snakemake runs in.
    """
    for path in map(Path, made):
        with io.atomic(DIGESTS / path) as draft, draft.open("w", encoding="ascii") as stream:
            stream.write(_digest(path))
            stream.flush()
            os.fsync(stream.fileno())


def mend(study: str, tell: Callable[[str], None]) -> None:
    """Put a study's results into a state from which Snakemake makes all of them right.

    Drafts of killed jobs are deleted. A result that is not what its job wrote is moved to
    `.hydrascope/changed/`, so that it is made again and nothing edited by hand is lost. Notes
    of Snakemake that cannot be read are deleted, as it then looks at the files themselves.

    Parameters
    ----------
    study : str
        The study's name; it is held by this process.
    tell : callable
        Takes one line for the user, for each result that was moved.
    """
    results = Path("results", study)
    for draft in list(results.rglob(".*")):
        if draft.is_dir():
            shutil.rmtree(draft)
        elif draft.name != DATE:
            draft.unlink(missing_ok=True)
    for record in filter(Path.is_file, METADATA.rglob("*")):
        if not _is_a_note(record):
            record.unlink()
    for kept in sorted(filter(Path.is_file, (DIGESTS / results).rglob("*"))):
        path = kept.relative_to(DIGESTS)
        if path.exists() and _digest(path) == kept.read_text(encoding="ascii", errors="replace"):
            continue
        if path.exists():
            aside = ASIDE / path
            shutil.rmtree(aside, ignore_errors=True)
            aside.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, aside)
            tell(f"{path} is not what its job wrote: moved to {aside}, and made again.")
        kept.unlink()


def _is_a_note(path: Path) -> bool:
    try:
        return isinstance(json.loads(path.read_bytes()), dict)
    except ValueError:
        return False


def _digest(path: Path) -> str:
    """SHA-256 of a file, or of the names and contents of all files in a folder."""
    if path.is_file():
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    whole = hashlib.sha256()
    for file in sorted(filter(Path.is_file, path.rglob("[!.]*"))):
        whole.update(f"{file.relative_to(path).as_posix()}\0{_digest(file)}\n".encode())
    return whole.hexdigest()
