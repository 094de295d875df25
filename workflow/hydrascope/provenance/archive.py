"""What a repository such as Zenodo wants of a study: one file with results, code and settings."""

import json
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from hydrascope import io
from hydrascope.provenance.crate import CRATE

__all__ = ["code_files", "pack", "shareable"]

CODE = (
    *("Snakefile", "Makefile", "environment.yml", "pyproject.toml", "requirements.lock"),
    *("README.md", "CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "ETHICS.md", "THREATS.md"),
    *("LICENSE", "LICENCES.tsv", "workflow", "config", "notebooks", "profiles", "calibration"),
    *("data/published", "tests", "bench"),
)
# Made by Python beside the code.
LEFT_OUT = {"__pycache__", ".ipynb_checkpoints"}
# The only folder with names, native ids and readable posts, and with rows a post or a text.
PEOPLE = "ingest"
# What people can read. An array or a model stands for single texts, and nobody sees that it does.
READABLE = {".tsv", ".csv", ".json", ".html", ".tex", ".txt", ".svg", ".png", ".pdf"}
# An account, a post, a form or a family by its name, wherever it stands in a file.
NAMED = re.compile(rb"(?<![0-9A-Za-z_])[apf]_[0-9a-f]{20}(?![0-9A-Za-z])")
# A date of its own would make two archives of the same files differ.
DATE = (1980, 1, 1, 0, 0, 0)


def code_files(checkout: Path) -> list[str]:
    """Name the files that a study is run with, relative to the checkout, sorted."""
    found = []
    for name in CODE:
        whole = checkout / name
        files = [whole] if whole.is_file() else filter(Path.is_file, whole.rglob("*"))
        found += [file.relative_to(checkout) for file in files]
    return sorted(path.as_posix() for path in found if LEFT_OUT.isdisjoint(path.parts))


def shareable(names: Iterable[str], results: Path) -> list[str]:
    """Leave out what holds people's names, ids and words, or has a row for one of them.

    Parameters
    ----------
    names : iterable of str
        Files of a study, relative to its results.
    results : pathlib.Path
        Where they lie.

    Returns
    -------
    list of str
        Those outside `ingest/` that people can read and that name no account, post or text
        by its pseudonym, in their order. Where one drawing of a figure names somebody, none
        of its files is left. The numbers beside a pseudonym would give away who it is to
        anybody who holds the public posts.
    """
    outside = [name for name in names if PurePosixPath(name).parts[0] != PEOPLE]
    readable = [name for name in outside if PurePosixPath(name).suffix in READABLE]
    named = {_stem(name) for name in readable if NAMED.search((results / name).read_bytes())}
    return [name for name in readable if _stem(name) not in named]


def _stem(name: str) -> PurePosixPath:
    return PurePosixPath(name).with_suffix("")


def pack(files: Iterable[str], checkout: Path, described: Mapping, target: str | Path) -> None:
    """Write files and their description into one ZIP, the same bytes for the same files.

    Parameters
    ----------
    files : iterable of str
        Paths relative to the checkout, which they keep.
    checkout : pathlib.Path
        Where they lie.
    described : mapping
        The crate's metadata.
    target : path
        The ZIP.
    """
    with io.atomic(target) as draft, ZipFile(draft, "w", ZIP_DEFLATED) as archive:
        archive.writestr(_member(CRATE), json.dumps(described, indent=1, ensure_ascii=False))
        for name in sorted(files):
            with (checkout / name).open("rb") as source, archive.open(_member(name), "w") as copy:
                shutil.copyfileobj(source, copy)


def _member(name: str) -> ZipInfo:
    member = ZipInfo(name, DATE)
    member.compress_type = ZIP_DEFLATED
    member.external_attr = 0o644 << 16
    return member
