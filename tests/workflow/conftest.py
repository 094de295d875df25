"""Checkouts of their own, in folders with a space in the name, and finished studies in them."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
KEY = "the same key for every checkout"
REAL, BUNDLED = "thailand-2020", "spamouflage-2021"


@dataclass(frozen=True)
class Checkout:
    """A copy of the repository, one study, and where its raw files lie if not in it."""

    folder: Path
    name: str
    raw: Path | None = None

    def run(self, *command, **variables):
        """Run a command in the checkout; returns what it printed, and its exit code."""
        environment = {
            **os.environ,
            "PYTHONPATH": str(self.folder / "workflow"),
            "HYDRASCOPE_KEY": KEY,
            **({"HYDRASCOPE_RAW": str(self.raw)} if self.raw else {}),
            **variables,
        }
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return done.stdout, done.returncode

    def make(self, target, **variables):
        """Run a target of the Makefile for the study."""
        return self.run("make", target, f"STUDY={self.name}", **variables)

    def snakemake(self, *arguments, **variables):
        """Call snakemake for the study."""
        chosen = ("--config", f"study={self.name}")
        return self.run("snakemake", *arguments, *chosen, **variables)

    def planned(self):
        """The rules that a run would execute now, and how often."""
        text, code = self.snakemake("--dry-run")
        assert code == 0, text
        table = re.search(r"^job +count\n-.*\n((?:\w+ +\d+\n)+)total", text, re.M)
        if table is None:
            assert "Nothing to be done" in text, text
            return {}
        rows = (line.split() for line in table[1].splitlines())
        return {rule: int(count) for rule, count in rows if rule != "all"}

    @property
    def results(self):
        return self.folder / "results" / self.name


def copy_of_the_repository(folder):
    """Copy what git tracks, and what it would track, into a new folder."""
    listing = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=CHECKOUT,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in filter(None, listing.stdout.split("\0")):
        if (CHECKOUT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(CHECKOUT / name, folder / name)
    return folder


@pytest.fixture(scope="session")
def make_checkout(tmp_path_factory, realdata):
    def make():
        place = tmp_path_factory.mktemp("a folder")
        raw = place / "raw files"
        shutil.copytree(realdata / "x-thailand-2020", raw)
        for file in (raw, *raw.iterdir()):
            file.chmod(0o755)
        return Checkout(copy_of_the_repository(place / "our checkout"), REAL, raw)

    return make


@pytest.fixture(scope="session")
def study(make_checkout):
    """A checkout in which `make study` has ended well for the real study."""
    checkout = make_checkout()
    text, code = checkout.make("study")
    assert code == 0, text
    return checkout


@pytest.fixture(scope="session")
def make_bundled(tmp_path_factory):
    def make():
        folder = tmp_path_factory.mktemp("a folder") / "our checkout"
        return Checkout(copy_of_the_repository(folder), BUNDLED)

    return make


@pytest.fixture(scope="session")
def bundled(make_bundled):
    """A checkout in which plain `make study` has ended well, and what it printed."""
    checkout = make_bundled()
    text, code = checkout.run("make", "study")
    assert code == 0, text
    return checkout, text


@pytest.fixture
def edited(study):
    """Change a file of the finished checkout for the length of a test."""
    before = {}

    def edit(name, old, new):
        path = study.folder / name
        text = path.read_text(encoding="utf-8")
        before.setdefault(path, text)
        assert text.count(old) == 1, f"{name} has {old!r} {text.count(old)} times"
        path.write_text(text.replace(old, new), encoding="utf-8")

    yield edit
    for path, text in before.items():
        path.write_text(text, encoding="utf-8")
