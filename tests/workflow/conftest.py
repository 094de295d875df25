"""A checkout of its own, in a folder with a space in its name, and a finished study in it."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
KEY = "the same key for every checkout"


@dataclass(frozen=True)
class Checkout:
    """A copy of the repository and the raw files that its study reads."""

    folder: Path
    raw: Path

    def run(self, *command, **variables):
        """Run a command in the checkout; returns what it printed, and its exit code."""
        environment = {
            **os.environ,
            "PYTHONPATH": str(self.folder / "workflow"),
            "HYDRASCOPE_RAW": str(self.raw),
            "HYDRASCOPE_KEY": KEY,
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

    def planned(self):
        """The rules that a run would execute now, and how often."""
        text, code = self.run("snakemake", "--dry-run")
        assert code == 0, text
        table = re.search(r"^job +count\n-.*\n((?:\w+ +\d+\n)+)total", text, re.M)
        if table is None:
            assert "Nothing to be done" in text, text
            return {}
        rows = (line.split() for line in table[1].splitlines())
        return {rule: int(count) for rule, count in rows if rule != "all"}

    @property
    def results(self):
        return self.folder / "results" / "thailand-2020"


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
        return Checkout(copy_of_the_repository(place / "our checkout"), raw)

    return make


@pytest.fixture(scope="session")
def study(make_checkout):
    """A checkout in which `make study` has ended well."""
    checkout = make_checkout()
    text, code = checkout.run("make", "study", "STUDY=thailand-2020")
    assert code == 0, text
    return checkout


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
