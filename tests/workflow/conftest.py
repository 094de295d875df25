"""Checkouts of their own, in folders with a space in the name, and finished studies in them."""

import os
import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import yaml
from hostile import BACKWARDS, HOSTILE, OWNER

from hydrascope.simulation.exports.write import export
from hydrascope.simulation.habits import CONTENT_DAYS, SNAPSHOTS
from hydrascope.simulation.world import World, draw_seeds, simulate

CHECKOUT = Path(__file__).parents[2]
# Not in one piece, as the archive of a study holds this file.
KEY = " ".join(["the same key", "for every checkout"])
REAL, BUNDLED, SMALL = "thailand-2020", "spamouflage-2021", "small"
SEED = 7
# Two looks at a fiftieth of the accounts: every rule has a job, and few have many.
SCALE, DAYS, CELLS = 0.02, 2, 3
SMALL_STUDY = {
    "title": "small, a simulated collection",
    "collection": "small-synthetic",
    "simulated": True,
    "pseudonyms": "keyed",
    "obtain": f"run the test again, which makes {OWNER}.jsonl.xz",
    "raw": "raw",
    "affiliation": {"mode": "detect", "seeds": f"{OWNER}-seeds.csv"},
}
# What says when and on which machine a study ran, and nothing of its subject.
DATED = "provenance/run.json"


class Undisturbed(NamedTuple):
    """A run that nothing happened to: where, what it printed, its seconds, and its results."""

    checkout: "Checkout"
    said: str
    seconds: float
    bytes: dict[str, bytes]


@dataclass(frozen=True)
class Checkout:
    """A copy of the repository, one study, and where its raw files lie if not in it."""

    folder: Path
    name: str
    raw: Path | None = None

    @property
    def environment(self):
        """What a command finds in its environment."""
        return {
            **os.environ,
            "PYTHONPATH": str(self.folder / "workflow"),
            "HYDRASCOPE_KEY": KEY,
            **({"HYDRASCOPE_RAW": str(self.raw)} if self.raw else {}),
        }

    def run(self, *command, **variables):
        """Run a command in the checkout; returns what it printed, and its exit code."""
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment | variables,
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

    def bytes(self):
        """What lies in the results, by name."""
        files = filter(Path.is_file, self.results.rglob("[!.]*"))
        found = {path.relative_to(self.results).as_posix(): path.read_bytes() for path in files}
        assert found.pop(DATED)
        return found

    def differing(self, expected):
        """Names of results that are not those bytes, or that one side alone has."""
        found = self.bytes()
        return {name for name in found | expected if found.get(name) != expected.get(name)}


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


def marked(world):
    """The same world with a canary in every field of an account and of each fifth post.

    What stands beside it would act, were it not shown as what it is.
    """
    accounts, posts = world.accounts.copy(), world.posts.copy()
    of_account = [f"canary{row}z" for row in range(len(accounts))]
    for name in ("display_name", "description"):
        accounts[name] = [
            f"{value} {hostile} {canary}"
            for value, hostile, canary in zip(
                accounts[name], cycle([*HOSTILE, BACKWARDS]), of_account, strict=False
            )
        ]
    accounts["handle"] += of_account
    accounts["name_history"] = [
        [(day, event, f"{name} {canary}") for day, event, name in history]
        for history, canary in zip(accounts["name_history"], of_account, strict=True)
    ]
    hostile = cycle([*HOSTILE, BACKWARDS])
    for row in range(0, len(posts), 5):
        canary = f"canary{len(accounts) + row}z"
        for name in ("title", "text"):
            posts.loc[row, name] = f"{posts.loc[row, name]} {next(hostile)} {canary} @{canary}"
        for name, prefix in (("urls", "https://example.org/"), ("hashtags", "")):
            posts.at[row, name] = [*posts.loc[row, name], f"{prefix}{canary}"]
    return World(accounts, posts)


@pytest.fixture(scope="session")
def make_small(make_bundled):
    """Checkouts with a small simulated study that has canaries in every field."""

    def make(*, scale=SCALE, days=DAYS):
        checkout = make_bundled()
        raw = checkout.folder / SMALL_STUDY["raw"]
        raw.mkdir()
        world = marked(simulate(seed=SEED, scale=scale))
        rng = np.random.default_rng(SEED)
        draw_seeds(world, rng, role="network", share=0.15).to_csv(
            raw / SMALL_STUDY["affiliation"]["seeds"], index=False
        )
        last = {"snapshots": SNAPSHOTS[-days:], "content_days": CONTENT_DAYS[-days:]}
        rows = export(world.accounts, world.posts, rng=rng, folder=raw, **last)
        [owned, *_] = [row for row in rows if row["file"].startswith("x/")]
        named = Path(owned["file"]).with_name(f"{OWNER}.jsonl.xz")
        (raw / owned["file"]).rename(raw / named)
        owned["file"] = named.as_posix()
        table = checkout.folder / "config/collections.tsv"
        columns = table.read_text(encoding="utf-8").split("\n", 1)[0].split("\t")
        with table.open("a", encoding="utf-8") as stream:
            for row in rows:
                full = {"study": SMALL, "rights": "MIT, simulated", "sha256": "", **row}
                stream.write("\t".join(str(full[column]) for column in columns) + "\n")
        cells = checkout.folder / "config/sensitivity.tsv"
        kept = cells.read_text(encoding="utf-8").splitlines(keepends=True)[: 1 + CELLS]
        cells.write_text("".join(kept), encoding="utf-8")
        config = checkout.folder / f"config/studies/{SMALL}.yaml"
        config.write_text(yaml.safe_dump(SMALL_STUDY), encoding="utf-8")
        return Checkout(checkout.folder, SMALL)

    return make


@pytest.fixture(scope="session")
def undisturbed(make_small):
    """A small study that ended well at once."""
    checkout = make_small()
    began = time.monotonic()
    text, code = checkout.make("study")
    assert code == 0, text
    return Undisturbed(checkout, text, time.monotonic() - began, checkout.bytes())


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
