"""One run of a study at a time, and what a killed one left is found out."""

import errno
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hydrascope import running
from hydrascope.running import DATE, RunError, claim, keep_digests, looks_only, mend, orphans

TABLE, MODEL = Path("results/s/a/table.tsv"), Path("results/s/a/model")
ASIDE = Path(".hydrascope/changed")
HOLD = """
import sys, time
from hydrascope.running import claim
held = claim(sys.argv[1], print)
print("held", flush=True)
time.sleep(60)
"""
HELD = "claim(sys.argv[1], str)"
JOB = "import time; print('writes', flush=True); time.sleep({seconds})"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def started():
    """Start programs that are gone after the test; returns one once it has said a line."""
    running = []

    def start(*command):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        running.append(process)
        assert process.stdout.readline()
        return process

    yield start
    for process in running:
        process.kill()
        process.wait()
        process.stdout.close()


def script(seconds):
    path = Path(".snakemake/scripts/tmp1.job.py")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(JOB.format(seconds=seconds), encoding="utf-8")
    return str(path.absolute())


def written(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def mended():
    said = []
    mend("s", said.append)
    return said


def test_a_second_run_of_a_study_is_told_which_process_holds_it(started):
    holder = started(sys.executable, "-c", HOLD, "s")
    with pytest.raises(RunError, match=rf"^s: found another run .* \(process {holder.pid}\);"):
        claim("s", pytest.fail)


def test_another_study_runs_beside_it(started):
    started(sys.executable, "-c", HOLD, "s")
    claim("other", pytest.fail).close()


def test_a_killed_run_holds_nothing(started):
    holder = started(sys.executable, "-c", HOLD, "s")
    holder.kill()
    holder.wait()
    with claim("s", pytest.fail) as held:
        held.seek(0)
        assert held.read() == f"{os.getpid()}\n"


HOLDER = Path(".snakemake/hydrascope/s.holder")


@pytest.fixture
def without_locks(monkeypatch):
    def refuse(file, operation):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(running.fcntl, "flock", refuse)
    monkeypatch.setattr(running, "PAUSE", 0.01)
    ends = []
    monkeypatch.setattr(running.atexit, "register", lambda *call, **how: ends.append((call, how)))
    return ends


def test_a_disk_without_locks_is_said_and_the_run_goes_on(without_locks):
    said = []
    claim("s", said.append).close()
    assert said == [f"This disk has no locks (No locks available): {HOLDER} names the run of s."]
    assert HOLDER.read_text(encoding="utf-8").split()[0] == str(os.getpid())
    [((end,), how)] = without_locks
    end(**how)
    assert not HOLDER.exists()


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.ENOTSUP, errno.EINVAL, errno.ENOLCK])
def test_without_locks_a_second_run_is_refused_and_another_study_is_not(
    monkeypatch, started, number
):
    program = (
        f"import fcntl\ndef refuse(file, operation): raise OSError({number}, 'no')\n"
        f"fcntl.flock = refuse\n{HOLD}"
    )
    holder = started(sys.executable, "-c", program.replace("claim(sys.argv[1], print)", HELD), "s")

    def refuse(file, operation):
        raise OSError(number, "no")

    monkeypatch.setattr(running.fcntl, "flock", refuse)
    with pytest.raises(RunError, match=rf"^s: found another run .* \(process {holder.pid}\);"):
        claim("s", str)
    claim("other", str).close()
    holder.kill()
    holder.wait()
    claim("s", str).close()
    assert HOLDER.read_text(encoding="utf-8").startswith(f"{os.getpid()} ")


@pytest.mark.parametrize(
    "left", ["", "x", "x y z", "{pid} 1.5 {host}", "99999999999999999999 1 {host}"]
)
def test_without_locks_what_a_killed_run_left_holds_nothing(without_locks, left):
    text = left.format(pid=os.getpid(), host=running.socket.gethostname())
    written(HOLDER, text)
    if text == "x y z":
        with pytest.raises(
            RunError, match=rf"\(z, process x\); .* If it has ended, delete {HOLDER}"
        ):
            claim("s", str)
    else:
        claim("s", str).close()
        assert HOLDER.read_text(encoding="utf-8") != text


def test_a_run_waits_for_a_job_whose_own_run_is_gone_and_says_so_once(started):
    job = started(sys.executable, script(seconds=1))
    began, said = time.monotonic(), []
    claim("s", said.append).close()
    assert time.monotonic() - began > 0.5
    assert len(said) == 1
    assert f"(process {job.pid})" in said[0]


def test_a_job_of_a_living_run_or_of_another_folder_is_no_orphan(started, tmp_path):
    run = written(
        tmp_path / "snakemake",
        f"import subprocess, sys; subprocess.run([sys.executable, {script(seconds=60)!r}])",
    )
    started(sys.executable, str(run))
    assert orphans(tmp_path) == []
    started(sys.executable, script(seconds=60))
    assert len(orphans(tmp_path)) == 1
    assert orphans(tmp_path / "elsewhere") == []


def test_a_dry_run_only_looks_and_a_run_for_a_target_does_not():
    assert looks_only(["snakemake", "--config", "study=s", "-n"])
    assert not looks_only(["snakemake", "--config", "study=s", "--", "results/s/report.html"])


def test_what_is_as_its_job_wrote_it_stays():
    written(TABLE, "a")
    written(MODEL / "inner/part.json", "b")
    keep_digests([TABLE, MODEL])
    written(MODEL / DATE, "")
    assert mended() == []
    assert TABLE.exists() and (MODEL / "inner/part.json").exists() and (MODEL / DATE).exists()


@pytest.mark.parametrize(
    ("output", "file"), [(TABLE, TABLE), (MODEL, MODEL / "part.json")], ids=["file", "folder"]
)
@pytest.mark.parametrize("damaged", ["", "ax", "a\0"])
def test_what_was_changed_is_moved_aside_and_named(output, file, damaged):
    written(file, "a")
    keep_digests([str(output)])
    for _ in range(2):
        written(file, damaged)
        said = mended()
        assert len(said) == 1
        assert said[0].startswith(f"{output} is not what its job wrote: moved to {ASIDE / output}")
        assert not output.exists()
        assert (ASIDE / file).read_text(encoding="utf-8") == damaged
        written(file, "a")
        keep_digests([output])
    assert mended() == []


def test_a_change_is_found_after_snakemake_s_notes_were_deleted():
    written(TABLE, "a")
    keep_digests([TABLE])
    claim("s", pytest.fail).close()
    shutil.rmtree(".snakemake")
    written(TABLE, "edited")
    assert len(mended()) == 1
    assert not TABLE.exists() and (ASIDE / TABLE).read_text(encoding="utf-8") == "edited"


def test_a_file_more_in_a_folder_counts_as_a_change():
    written(MODEL / "part.json", "b")
    keep_digests([MODEL])
    written(MODEL / "other.json", "")
    assert len(mended()) == 1


def test_a_result_whose_digest_is_damaged_is_made_again():
    written(TABLE, "a")
    keep_digests([TABLE])
    (running.DIGESTS / TABLE).write_bytes(b"\xff")
    assert len(mended()) == 1
    assert not TABLE.exists()


def test_the_digest_of_what_was_deleted_goes_and_other_studies_are_left_alone():
    other = Path("results/other/table.tsv")
    for path in (TABLE, other):
        written(path, "a")
    keep_digests([TABLE, other])
    TABLE.unlink()
    written(other, "changed")
    assert mended() == []
    written(TABLE, "another")
    assert mended() == []
    assert other.read_text(encoding="utf-8") == "changed"


def test_drafts_of_killed_jobs_go():
    drafts = [
        written(TABLE.with_name(".table.tsv.123"), "half"),
        written(TABLE.with_name(".spill-x") / "a", "half"),
    ]
    written(TABLE, "a")
    mended()
    assert [path for path in drafts if path.exists()] == []
    assert TABLE.exists()


def test_notes_of_snakemake_that_cannot_be_read_go():
    notes = Path(".snakemake/metadata")
    good = written(notes / "good", json.dumps({"rule": "a"}))
    bad = [written(notes / "half", '{"rule": "a'), written(notes / "list", "[]")]
    bad.append(written(notes / "deep/empty", ""))
    mended()
    assert good.exists()
    assert [path for path in bad if path.exists()] == []
