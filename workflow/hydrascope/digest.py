"""Digests of the code behind a rule, so that an edit reruns what it must.

Snakemake sees an edit in a script but not in the package that the script
imports. Every rule therefore carries, as a parameter, the digest of its script
and of the modules that the script really reaches. Comments, docstrings and
layout do not count; neither does a module that the script never imports.

A rule's digest counts what runs the code as well, and the data that it reads by
name: Python, files of the package, and packages of fonts, zones and the like. A
calibration is of the code alone, and holds under each Python.
"""

import ast
import hashlib
import platform
import re
import zoneinfo
from functools import cache
from importlib import metadata
from pathlib import Path

__all__ = ["code_digest", "reached_modules", "rule_digest"]

PACKAGE = Path(__file__).parent
SCRIPTS = PACKAGE.parent / "scripts"
# What a file or a package may be called.
NAME = re.compile(r"[A-Za-z0-9_./-]{1,100}")
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def code_digest(script: str, *, scripts: Path = SCRIPTS, package: Path = PACKAGE) -> str:
    """Digest a script, what it reaches in the package, and its libraries.

    Parameters
    ----------
    script : str
        The script's name without its ending.
    scripts, package : pathlib.Path
        The folder of scripts and the package's own folder.

    Returns
    -------
    str
        Sixteen hexadecimal digits over the syntax trees, without docstrings,
        of the script and of each module reached, and over the installed
        version of each library that they import themselves.
    """
    files = reached_modules(scripts / f"{script}.py", package)
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode())
        digest.update(_code_of(file).encode())
    libraries = {name for file in files for name in _imports(file, package)[1]}
    for name in sorted(libraries):
        digest.update(f"{name}={_versions(name)}".encode())
    return digest.hexdigest()[:16]


def rule_digest(script: str, *, scripts: Path = SCRIPTS, package: Path = PACKAGE) -> str:
    """Digest all that decides, beside inputs and settings, what a rule makes.

    Parameters
    ----------
    script, scripts, package
        As for `code_digest`.

    Returns
    -------
    str
        Sixteen hexadecimal digits over `code_digest`, the version of Python, the files of
        the package and the packages that the modules name, and the time zones of this
        machine where a module asks for some.
    """
    files = reached_modules(scripts / f"{script}.py", package)
    parts = [code_digest(script, scripts=scripts, package=package), platform.python_version()]
    for place in sorted({place for file in files for place in _data(file, package)}):
        parts += [place.name, hashlib.sha256(place.read_bytes()).hexdigest()]
    known = {text for file in files for text in _texts(file)} & set(_distributions())
    parts += [f"{name}={_versions(name)}" for name in sorted(known)]
    if any("zoneinfo" in _imports(file, package)[1] for file in files):
        parts.append(_zones())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def reached_modules(file: Path, package: Path = PACKAGE) -> list[Path]:
    """List a file and every module of the package that it imports, in turn.

    Returns
    -------
    list of pathlib.Path
        Sorted; the file itself is among them.
    """
    seen: set[Path] = set()
    waiting = [file]
    while waiting:
        current = waiting.pop()
        if current not in seen:
            seen.add(current)
            waiting.extend(_imports(current, package)[0])
    return sorted(seen)


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


@cache
def _code_of(file: Path) -> str:
    return repr(_shape(_tree(file)))


def _shape(node: object) -> object:
    """What a syntax tree says, in a form that all versions of Python share.

    Empty fields are left out, since newer versions have more of them.
    """
    if isinstance(node, ast.Constant):
        return type(node.value).__name__, repr(node.value)
    if isinstance(node, list):
        return [_shape(item) for item in node]
    if not isinstance(node, ast.AST):
        return node
    fields = dict(ast.iter_fields(node))
    if isinstance(node, DOCUMENTED) and _is_docstring(fields["body"][:1]):
        fields["body"] = fields["body"][1:]
    kept = {name: _shape(value) for name, value in fields.items() if value not in (None, [])}
    return type(node).__name__, sorted(kept.items())


def _is_docstring(opening: list[ast.stmt]) -> bool:
    return (
        bool(opening)
        and isinstance(opening[0], ast.Expr)
        and isinstance(opening[0].value, ast.Constant)
        and isinstance(opening[0].value.value, str)
    )


@cache
def _imports(file: Path, package: Path) -> tuple[frozenset[Path], frozenset[str]]:
    """Split a file's imports into the package's modules and other libraries."""
    inside: set[Path] = set()
    outside: set[str] = set()
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = _absolute(node, file, package)
            names = [f"{start}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            if name.split(".")[0] == package.name:
                inside |= _module_files(name, package)
            else:
                outside.add(name.split(".")[0])
    return frozenset(inside), frozenset(outside)


def _absolute(node: ast.ImportFrom, file: Path, package: Path) -> str:
    if not node.level:
        return node.module
    inside = file.relative_to(package.parent).with_suffix("").parts
    return ".".join([*inside[: -node.level], *filter(None, [node.module])])


def _module_files(name: str, package: Path) -> set[Path]:
    """The files that importing a dotted name runs: each package on the way too."""
    files = set()
    parts = name.split(".")
    for depth in range(1, len(parts) + 1):
        place = package.parent.joinpath(*parts[:depth])
        for candidate in (place / "__init__.py", place.with_suffix(".py")):
            if candidate.is_file():
                files.add(candidate)
    return files


@cache
def _texts(file: Path) -> frozenset[str]:
    """The short texts that a module holds, among which are names."""
    nodes = (node for node in ast.walk(_tree(file)) if isinstance(node, ast.Constant))
    return frozenset(
        node.value for node in nodes if isinstance(node.value, str) and NAME.fullmatch(node.value)
    )


def _data(file: Path, package: Path) -> set[Path]:
    """Files beside a module, or below the package, that it names and that are no code."""
    places = {folder / text for folder in (file.parent, package) for text in _texts(file)}
    return {
        place
        for place in places
        if package in place.parents and place.suffix not in ("", ".py") and place.is_file()
    }


@cache
def _zones() -> str:
    """The edition of the time zones: this machine's, and the package's in its stead."""
    told = [_versions("tzdata")]
    for folder in map(Path, zoneinfo.TZPATH):
        for note in (folder / "tzdata.zi", folder / "+VERSION"):
            if note.is_file():
                with note.open(encoding="utf-8", errors="replace") as stream:
                    told.append(stream.readline().strip())
    return ",".join(told)


@cache
def _distributions() -> dict[str, list[str]]:
    return metadata.packages_distributions()


@cache
def _versions(module: str) -> str:
    names = sorted(set(_distributions().get(module, [])))
    return ",".join(f"{name}-{metadata.version(name)}" for name in names)
