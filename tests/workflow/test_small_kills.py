"""Runs that are killed, starved, damaged or doubled end, next time, with the same bytes."""

import os
import random
import resource
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from hydrascope.running import DATE, SCRIPTS

pytestmark = pytest.mark.nightly
# Kills of each kind: chains of ten, in which every run goes on where the last was killed.
CHAINS, KILLS = 5, 10
# The seconds that a run of a chain goes on after its first job began are below it.
GAP = 12
# The second kill of a chain waits for a draft of the ingest, and each odd one for any draft.
WAITS = {1: "ingest/**/.*"} | dict.fromkeys(range(3, KILLS, 2), "*/.*")
POLL = 0.002
LONGEST = 600
SNAKEMAKE = "/snakemake"
# Snakemake itself starts within it, and a job that embeds texts does not.
LITTLE = 2**30


@pytest.fixture
def started():
    """Start `make study` in a checkout, in a group of its own, which is gone after the test."""
    running = []

    def start(checkout, **options):
        process = subprocess.Popen(
            ["make", "study", f"STUDY={checkout.name}"],
            cwd=checkout.folder,
            env=checkout.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            text=True,
            **options,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()


def descendant(process, word):
    """The first process below another whose command has a word, or none."""
    for found in psutil.Process(process.pid).children(recursive=True):
        with suppress(psutil.Error):
            if any(word in part for part in found.cmdline()[:3]):
                return found
    return None


def kill(process, kind):
    """Kill the whole group, or Snakemake alone; its jobs then go on without it."""
    if kind == "group":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        descendant(process, SNAKEMAKE).kill()
        os.killpg(process.pid, signal.SIGCONT)
    process.wait()


def wait_until(what, process):
    """Wait for something to be so, as long as a run goes on."""
    end = time.monotonic() + LONGEST
    while not what() and process.poll() is None:
        assert time.monotonic() < end
        time.sleep(POLL)


def killed_at_random(started, chance, checkout, kind, number):
    """Begin a run, kill it, and return a copy of the checkout as it was at that moment.

    Returns none for a run that ended before its moment came.
    """
    process = started(checkout)
    wait_until(lambda: descendant(process, SCRIPTS if number else SNAKEMAKE), process)
    moment = time.monotonic() + chance.uniform(0, GAP)
    wait_until(lambda: time.monotonic() > moment, process)
    if number in WAITS:
        wait_until(lambda: any(checkout.results.glob(WAITS[number])), process)
    if process.poll() is not None:
        return None
    os.killpg(process.pid, signal.SIGSTOP)
    copy = checkout.folder.with_name(f"{checkout.folder.name}, {number}")
    shutil.copytree(checkout.folder, copy, symlinks=True)
    kill(process, kind)
    return replace(checkout, folder=copy)


def end_well(checkout, expected, but=frozenset()):
    """The next plain run ends with the bytes of an undisturbed one, but for some files."""
    text, code = checkout.make("study")
    assert code == 0, text
    assert checkout.differing(expected) == but
    assert {path.name for path in checkout.results.rglob(".*")} <= {DATE}


def damage(checkout, chance):
    """Change one result at random: cut it short, empty it, or turn one bit."""
    path = chance.choice(sorted(filter(Path.is_file, checkout.results.rglob("[!.]*"))))
    data, how = bytearray(path.read_bytes()), chance.choice(["cut", "emptied", "a bit turned"])
    if how == "a bit turned" and data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    else:
        del data[len(data) // 2 if how == "cut" else 0 :]
    path.write_bytes(data)
    return path.relative_to(checkout.results).as_posix()


def test_killed_in_both_ways_and_damaged_and_doubled(make_small, undisturbed, started):
    checkout, chance = make_small(), random.Random(1)
    process = started(checkout)
    wait_until(lambda: any(checkout.results.rglob("*")), process)
    text, code = checkout.make("study")
    assert code != 0
    assert "found another run of this study in this folder (process " in text
    wait_until(lambda: descendant(process, SCRIPTS), process)
    os.killpg(process.pid, signal.SIGSTOP)
    descendant(process, SNAKEMAKE).kill()
    following = started(checkout)
    lines = iter(following.stdout.readline, "")
    assert any("still writes" in line and "waiting for it" in line for line in lines)
    os.killpg(process.pid, signal.SIGCONT)
    wait_until(lambda: descendant(following, SCRIPTS), following)
    kill(following, "group")
    end_well(checkout, undisturbed.bytes)
    changed = damage(checkout, chance)
    end_well(checkout, undisturbed.bytes)
    assert (checkout.folder / ".hydrascope/changed/results" / checkout.name / changed).exists()


@pytest.mark.parametrize("chain", range(CHAINS))
@pytest.mark.parametrize("kind", ["group", "alone"])
def test_ten_killed_runs(make_small, undisturbed, started, kind, chain):
    checkout, chance, survived = make_small(), random.Random(f"{kind} {chain}"), 0
    while survived < KILLS:
        copy = killed_at_random(started, chance, checkout, kind, survived)
        if copy:
            end_well(checkout, undisturbed.bytes)
            survived += 1
        shutil.rmtree(checkout.folder)
        checkout = copy or make_small()


def test_ten_damaged_results(make_small, undisturbed):
    checkout, chance = make_small(), random.Random(10)
    end_well(checkout, undisturbed.bytes)
    for _ in range(10):
        damage(checkout, chance)
        end_well(checkout, undisturbed.bytes)


def test_damaged_notes_of_snakemake(make_small, undisturbed):
    checkout, chance = make_small(), random.Random(2)
    end_well(checkout, undisturbed.bytes)
    notes = [
        path for path in (checkout.folder / ".snakemake/metadata").rglob("*") if path.is_file()
    ]
    for path in chance.sample(sorted(notes), 20):
        path.write_bytes(path.read_bytes()[: chance.randrange(20)])
    end_well(checkout, undisturbed.bytes)


def test_two_studies_at_once_in_one_checkout(make_small, undisturbed, started):
    checkout = make_small()
    twin = type(checkout)(checkout.folder, "twin")
    studies = checkout.folder / "config/studies"
    shutil.copy(studies / f"{checkout.name}.yaml", studies / "twin.yaml")
    listing = checkout.folder / "config/collections.tsv"
    rows = listing.read_text(encoding="utf-8").splitlines(keepends=True)
    rows += [
        row.replace(checkout.name, "twin", 1)
        for row in rows
        if row.startswith(f"{checkout.name}\t")
    ]
    listing.write_text("".join(rows), encoding="utf-8")
    process = started(twin)
    # These two have the checksum of the list of files, in which the twin's are now.
    end_well(checkout, undisturbed.bytes, but={"manifest.tsv", "report.html"})
    text, _ = process.communicate()
    assert process.returncode == 0, text
    same = {"affiliation/accounts.tsv", "timing/bursts.tsv", "counts/platforms.tsv"}
    assert {name: twin.bytes()[name] for name in same} == {
        name: undisturbed.bytes[name] for name in same
    }


def test_too_little_memory(make_small, undisturbed, started):
    checkout = make_small()
    process = started(
        checkout, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (LITTLE, LITTLE))
    )
    text, _ = process.communicate()
    assert process.returncode != 0, text
    end_well(checkout, undisturbed.bytes)


def test_a_full_disk(make_small, undisturbed):
    checkout = make_small()
    results = checkout.folder / "results"
    results.mkdir()
    half = sum(map(len, undisturbed.bytes.values())) // 2
    mount = ["mount", "-t", "tmpfs", "-o", f"size={half}", "tmpfs", str(results)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("may not mount a file system")
    try:
        text, code = checkout.make("study")
        assert code != 0
        assert "The disk is full. Make room." in text
        subprocess.run(["mount", "-o", "remount,size=1g", str(results)], check=True)
        end_well(checkout, undisturbed.bytes)
    finally:
        subprocess.run(["umount", str(results)], check=True)
