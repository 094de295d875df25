"""What a study leaves in a checkout: who may read it, and how all of it is deleted."""

import os
import shutil
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from hydrascope.running import ASIDE, DIGESTS, METADATA, STATE

__all__ = ["clear", "keep_private"]

RESULTS, LOGS, ARCHIVES = Path("results"), Path("logs"), Path("archives")
VECTORS = Path("cache/vectors")
KEYS, NOTES = Path(".hydrascope"), Path(".snakemake")
STRETCHED = KEYS / "stretched"
# Lines of Snakemake's own, and jobs that a cluster wrote of.
LISTED = (NOTES / "log", NOTES / "slurm_logs", NOTES / "scripts", NOTES / "auxiliary")
INCOMPLETE = NOTES / "incomplete"


def keep_private(study: str) -> list[str]:
    """Let nobody but their owner read the files that name people.

    These are `ingest/` and the logs of the study, the folder of the key with results that
    were moved aside, cached vectors of texts, and Snakemake's notes, which name raw files.

    Parameters
    ----------
    study : str
        The study's name.

    Returns
    -------
    list of str
        A line for each folder whose rights the disk or its owner does not let change.
    """
    said = []
    for folder in (RESULTS / study / "ingest", LOGS / study, KEYS, VECTORS, NOTES):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            folder.chmod(0o700)
            # Behind a closed door lie Snakemake's notes, of which there are many.
            if folder != NOTES:
                _close(folder)
        except OSError as error:
            said.append(f"{folder} cannot be closed to others: {error.strerror}. Do so by hand.")
    return said


def _close(folder: Path) -> None:
    for place, folders, files in os.walk(folder):
        for name, mode in [*((one, 0o700) for one in folders), *((one, 0o600) for one in files)]:
            path = Path(place, name)
            # What a job beside this one has moved away meanwhile needs no closing.
            with suppress(FileNotFoundError):
                if not path.is_symlink():
                    path.chmod(mode)


def clear(study: str, tell: Callable[[str], None]) -> bool:
    """Delete what a study left in the checkout, or all studies; no link is followed.

    Cached vectors are deleted whole, as a text may be of several studies; other studies
    make theirs again. The key stays, and so does what lies elsewhere.

    Parameters
    ----------
    study : str
        The study's name, or nothing for all.
    tell : callable
        Takes one line for each thing that was deleted or cannot be.

    Returns
    -------
    bool
        Whether all of it is gone.
    """
    if study:
        places = [RESULTS / study, LOGS / study, ARCHIVES / f"{study}.zip"]
        places += [ASIDE / RESULTS / study, DIGESTS / RESULTS / study]
        places += [DIGESTS / ARCHIVES / f"{study}.zip", VECTORS, *_notes_on(study)]
        places += [*ARCHIVES.glob(f".{study}.zip.*"), STATE / f"{study}.run"]
    else:
        places = [RESULTS, LOGS, ARCHIVES, ASIDE, DIGESTS, STRETCHED, VECTORS]
        places += [METADATA, INCOMPLETE, *LISTED, STATE]
    return all([_deleted(place, tell) for place in places])


def _notes_on(study: str) -> Iterable[Path]:
    """Snakemake's notes on results of a study, and what it listed in runs of it."""
    own = tuple(f"{place / study}/" for place in (RESULTS, LOGS)) + (f"{ARCHIVES / study}.zip",)
    for folder in (METADATA, INCOMPLETE):
        for note in _files(folder):
            if _subject(note.relative_to(folder)).startswith(own):
                yield note
    for folder in LISTED:
        for file in _files(folder):
            with suppress(OSError):
                text = file.read_bytes()
                if any(place.encode() in text for place in own):
                    yield file


def _files(folder: Path) -> list[Path]:
    if _linked(folder):
        return []
    found = (Path(place, name) for place, _, names in os.walk(folder) for name in names)
    return sorted(path for path in found if not path.is_symlink())


def _subject(note: Path) -> str:
    """The file that a note of Snakemake is on: its name is in the note's, long ones in parts."""
    try:
        return urlsafe_b64decode("".join(part.lstrip("@") for part in note.parts)).decode()
    except ValueError:
        return ""


def _linked(path: Path) -> Path | None:
    """The first part of a path that is a link."""
    return next((part for part in reversed([path, *path.parents]) if part.is_symlink()), None)


def _deleted(path: Path, tell: Callable[[str], None]) -> bool:
    if link := _linked(path):
        tell(f"not deleted: {path}: {link} is a link to {os.readlink(link)}, which stays as it is")
        return False
    if not path.exists():
        return True
    faults = []
    if path.is_dir():
        shutil.rmtree(path, onerror=lambda _, where, fault: faults.append((where, fault[1])))
    else:
        try:
            path.unlink()
        except OSError as error:
            faults.append((path, error))
    for where, fault in faults:
        tell(f"not deleted: {where}: {fault.strerror}")
    if not faults and not path.is_relative_to(NOTES):
        tell(f"deleted: {path}")
    return not faults
