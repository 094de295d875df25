"""Runs that are killed, starved, damaged or doubled end, next time, with the same bytes."""

import os
import random
import resource
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from hydrascope.running import DATE, orphans

pytestmark = pytest.mark.nightly
KILLS = 50
# Of each five kills one waits for a draft of a result, and one for a draft of the ingest.
WAITS = {3: "*/.*", 4: "ingest/**/.*"}
POLL = 0.002
LONGEST = 600
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


def kill(process, kind):
    """Kill the whole group, or Snakemake alone; its jobs then go on without it."""
    if kind == "group":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        for child in psutil.Process(process.pid).children(recursive=True):
            if any(word.endswith("/snakemake") for word in child.cmdline()[:3]):
                child.kill()
                break
    process.wait()


def wait_until(what, process):
    """Wait for something to be so, as long as a run goes on."""
    end = time.monotonic() + LONGEST
    while not what() and process.poll() is None:
        assert time.monotonic() < end
        time.sleep(POLL)


def disturb(checkout, start, kind, chance, longest, draft=None):
    """Begin a run and kill it at a moment drawn at random, or at the first draft behind it."""
    process = start(checkout)
    moment = time.monotonic() + chance.uniform(0, longest)
    wait_until(lambda: time.monotonic() > moment, process)
    if draft:
        wait_until(lambda: any(checkout.results.glob(draft)), process)
    if process.poll() is None:
        kill(process, kind)


def end_well(checkout, expected):
    """The next plain run ends with the bytes of an undisturbed one."""
    left = orphans(checkout.folder)
    text, code = checkout.make("study")
    assert code == 0, text
    assert "waiting for it" in text or not left
    found = checkout.bytes()
    different = {name for name in found.keys() | expected.keys()} - {
        name for name in found.keys() & expected.keys() if found[name] == expected[name]
    }
    assert different == set()
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
    wait_until(lambda: any(checkout.results.glob("texts/*")), process)
    kill(process, "alone")
    disturb(checkout, started, "group", chance, undisturbed.seconds / 2)
    end_well(checkout, undisturbed.bytes)
    changed = damage(checkout, chance)
    end_well(checkout, undisturbed.bytes)
    assert (checkout.folder / ".hydrascope/changed/results" / checkout.name / changed).exists()


@pytest.mark.parametrize("number", range(KILLS))
@pytest.mark.parametrize("kind", ["group", "alone"])
def test_a_killed_run(make_small, undisturbed, started, kind, number):
    checkout, chance = make_small(), random.Random(f"{kind} {number}")
    disturb(checkout, started, kind, chance, undisturbed.seconds, WAITS.get(number % 5))
    end_well(checkout, undisturbed.bytes)
    shutil.rmtree(checkout.folder)


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
    end_well(checkout, undisturbed.bytes)
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
