"""What a repository such as Zenodo wants of a study: one file with results, code and settings."""

import json
import re
import shutil
import subprocess
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from hydrascope import io
from hydrascope.errors import TableError
from hydrascope.provenance.crate import CRATE, WORKFLOW
from hydrascope.provenance.sharing import private_page

__all__ = ["closing_line", "code_files", "kept_back", "left_out", "pack", "shareable"]

CODE = (
    *("Snakefile", "Makefile", "environment.yml", "pyproject.toml", "requirements.lock"),
    *("README.md", "CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "ETHICS.md", "THREATS.md"),
    *("LICENSE", "LICENCES.tsv", "workflow", "notebooks", "profiles", "calibration"),
    *("config/schema.yaml", "data/published", "tests", "bench"),
)
# Where git does not say which files are the project's, their place and kind do. Tests,
# benchmarks and rules of somebody's own stay out.
WITHOUT_GIT = (
    *(name for name in CODE if "." in name or name in ("Makefile", "LICENSE", "Snakefile")),
    *("workflow/*.sh", "workflow/*.smk", "workflow/rules/*.smk", "workflow/report/*.j2"),
    *("workflow/**/*.py", "workflow/hydrascope/simulation/*.yaml"),
    *("workflow/hydrascope/figures/*.mplstyle", "notebooks/*.ipynb", "calibration/*.tsv"),
    *("profiles/*/config.yaml", "data/published/claims.tsv", "data/published/takedowns.tsv"),
)
OWN = "tests/, bench/, workflow/rules/custom/"
# The reference of each study is in a folder of its name.
EXPECTED = "tests/expected"
# The only folder with names, native ids and readable posts, and with rows a post or a text.
PEOPLE = "ingest"
# What people can read. An array or a model stands for single texts, and nobody sees that it does.
READABLE = {".tsv", ".csv", ".json", ".html", ".tex", ".txt", ".svg", ".png", ".pdf"}
# An account, a post, a form or a family by its name, wherever it stands in a file.
NAMED = re.compile(rb"(?<![0-9A-Za-z_])[apf]_[0-9a-f]{20}(?![0-9A-Za-z])")
# A date of its own would make two archives of the same files differ.
DATE = (1980, 1, 1, 0, 0, 0)


def code_files(checkout: Path, study: str) -> list[str]:
    """Name the files that a study is run with.

    Parameters
    ----------
    checkout : pathlib.Path
        The repository.
    study : str
        The study's name; the reference of no other is among them.

    Returns
    -------
    list of str
        Paths relative to the checkout, sorted: what git tracks, or where there is no git
        what has the place and kind of a file of the project.
    """
    found = _listed(checkout)
    # A folder within somebody else's repository is no clone.
    if WORKFLOW not in found:
        files = [file for place in WITHOUT_GIT for file in checkout.glob(place)]
        found = [file.relative_to(checkout).as_posix() for file in files]
    others = PurePosixPath(EXPECTED)
    return [
        path.as_posix()
        for path in map(PurePosixPath, sorted(set(found)))
        if _is_code(path)
        and (others not in path.parent.parents or path.is_relative_to(others / study))
        and (checkout / path).is_file()
    ]


def _is_code(path: PurePosixPath) -> bool:
    # What else lies beside notebooks may be what came out of them.
    kept = path.parts[0] != "notebooks" or path.suffix == ".ipynb"
    return kept and any(path.is_relative_to(place) for place in CODE)


def _listed(checkout: Path, *options: str) -> list[str]:
    """What git lists of the checkout: what it tracks, if no options say otherwise."""
    command = ["git", "-C", str(checkout), "ls-files", "-z", *options]
    try:
        answer = subprocess.run(command, capture_output=True, check=True)
    except (FileNotFoundError, subprocess.CalledProcessError):
        return []
    return answer.stdout.decode("utf-8", "surrogateescape").split("\0")[:-1]


def left_out(
    names: Iterable[str],
    *,
    checkout: Path,
    results: Path,
    changed: Mapping[str, bytes],
    places: Collection[Path],
) -> dict[str, str]:
    """Say which files an archive cannot hold, and why.

    Parameters
    ----------
    names : iterable of str
        Files, relative to the checkout.
    checkout, results : pathlib.Path
        The repository, and the study's results in it, relative to it.
    changed : mapping of str to bytes
        What `sharing.rewritten` gave.
    places : collection of pathlib.Path
        Folders of this machine that nothing shared may name.

    Returns
    -------
    dict of str to str
        The reason by file: a link, what may name people, what names this machine, and
        code that git does not track, which is not among the names.

    Raises
    ------
    TableError
        If the Snakefile is among them, without which there is no workflow to share.
    """
    # What a place of one part is called may be any word; with a slash behind it is a path.
    ends = {place: r"(?![\w-])" if len(place.parts) > 2 else "/" for place in places if place.name}
    spelled = (re.escape(str(place)) + end for place, end in ends.items())
    machine = re.compile(rf"(?<![\w.<])(?:{'|'.join(spelled)})")
    names = list(names)
    reasons = {}
    if WORKFLOW not in _listed(checkout):
        reasons[OWN] = "there is no git that says which of it is the project's"
    unknown = _listed(checkout, "--others", "--exclude-standard")
    unknown = sorted(filter(_is_code, map(PurePosixPath, unknown)))
    reasons |= {
        path.as_posix(): "git does not track it"
        for path in unknown
        if path.as_posix() not in names and not path.is_relative_to(EXPECTED)
    }
    for name in names:
        if _linked(checkout, name):
            reasons[name] = "a link, which is never followed"
        elif not _is_text(name):
            reasons[name] = "its name is no UTF-8"
        elif name.startswith(f"{(results / 'notebooks').as_posix()}/"):
            notebook = checkout / "notebooks" / f"{PurePosixPath(name).stem}.ipynb"
            if not notebook.is_file() or private_page(notebook):
                reasons[name] = "the page of a notebook that reads ingest/, or that is gone"
        if name not in reasons:
            content = changed[name] if name in changed else (checkout / name).read_bytes()
            if machine.search(content.decode("utf-8", "replace")):
                reasons[name] = "it names a folder of this machine"
            elif name.startswith(f"{EXPECTED}/") and NAMED.search(content):
                reasons[name] = "it names an account, a post or a text"
    if WORKFLOW in reasons:
        raise TableError(
            f"{WORKFLOW}: found {reasons[WORKFLOW]}; expected a file that can be shared. "
            "Put the file of the repository back."
        )
    return reasons


def _is_text(name: str) -> bool:
    """Whether a name is one that an archive can have, and no bytes of another encoding."""
    return name.encode("utf-8", "replace").decode() == name


def _linked(checkout: Path, name: str) -> bool:
    """Whether a file, or a folder on the way to it, is a link."""
    path = PurePosixPath(name)
    return any((checkout / part).is_symlink() for part in (path, *path.parents))


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
    names = list(names)
    back = kept_back(names, results)
    return [name for name in names if name not in back and not _of_people(name)]


def kept_back(names: Iterable[str], results: Path) -> dict[str, str]:
    """Say which files outside `ingest/` cannot be shared, as `shareable` has it, and why."""
    outside = [name for name in names if not _of_people(name)]
    readable = [name for name in outside if PurePosixPath(name).suffix in READABLE]
    named = {_stem(name) for name in readable if NAMED.search((results / name).read_bytes())}
    reasons = dict.fromkeys(outside, "no page, table or picture: it may stand for single texts")
    reasons |= {
        name: "it names an account, a post or a text" if _stem(name) in named else ""
        for name in readable
    }
    return {name: why for name, why in reasons.items() if why}


def _of_people(name: str) -> bool:
    return PurePosixPath(name).parts[0] == PEOPLE


def _stem(name: str) -> PurePosixPath:
    return PurePosixPath(name).with_suffix("")


def pack(
    files: Iterable[str],
    checkout: Path,
    described: Mapping,
    target: str | Path,
    changed: Mapping[str, bytes] = MappingProxyType({}),
) -> None:
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
    changed : mapping of str to bytes
        What a file holds in it, where that is not what lies on disk.
    """
    with io.atomic(target) as draft, ZipFile(draft, "w", ZIP_DEFLATED) as archive:
        archive.writestr(_member(CRATE), json.dumps(described, indent=1, ensure_ascii=False))
        for name in sorted(files):
            if name in changed:
                archive.writestr(_member(name), changed[name])
                continue
            with (checkout / name).open("rb") as source, archive.open(_member(name), "w") as copy:
                shutil.copyfileobj(source, copy)


def _member(name: str) -> ZipInfo:
    member = ZipInfo(name, DATE)
    member.compress_type = ZIP_DEFLATED
    member.external_attr = 0o644 << 16
    return member


def closing_line(target: Path) -> str:
    """Say what was packed, how large it is, and what is not in it."""
    size = target.stat().st_size
    said = f"{size / 1e6:,.1f} MB" if size >= 1e5 else f"{size:,} bytes"
    return f"{target.as_posix()}, {said}: it holds nothing of ingest/ and no raw file."
