"""Who may read what a study leaves, and that all of it can be deleted, and nothing else."""

import os
import shutil
import stat
import subprocess
import sys
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest

from hydrascope.keeping import clear, keep_private
from hydrascope.running import claim

CHECKOUT = Path(__file__).resolve().parents[2]
NOTES = Path(".snakemake/metadata")
OWN = [
    "results/s/report.html",
    "results/s/ingest/posts.parquet",
    "results/s/ingest/.spill-a/part",
    "logs/s/report.log",
    "archives/s.zip",
    "archives/.s.zip.77",
    ".hydrascope/changed/results/s/report.html",
    ".hydrascope/digests/results/s/report.html",
    ".hydrascope/digests/archives/s.zip",
    ".snakemake/hydrascope/s.run",
    ".snakemake/log/1.snakemake.log",
    ".snakemake/slurm_logs/rule/1.log",
    "cache/vectors/m/a.keys.npy",
]
OTHERS = [
    "results/s2/report.html",
    "logs/s2/report.log",
    "archives/s2.zip",
    ".hydrascope/changed/results/s2/report.html",
    ".hydrascope/digests/results/s2/report.html",
    ".snakemake/hydrascope/s2.run",
    ".snakemake/log/2.snakemake.log",
    ".hydrascope/stretched/01234567",
]
STAY = [
    ".hydrascope/key",
    ".snakemake/conda/env",
    "cache/calibration/a.tsv",
    "config/studies/s.yaml",
    "data/s/posts.csv",
    "tests/expected/s/counts/claims.tsv",
]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    (tmp_path / "checkout").mkdir()
    monkeypatch.chdir(tmp_path / "checkout")
    for name in [*OWN, *OTHERS, *STAY]:
        written(name, f"results/{'s2' if name in OTHERS else 's'}/report.html")
    for subject in (
        "results/s/report.html",
        f"results/s/{'long/' * 60}table.tsv",
        "archives/s.zip",
    ):
        written(note_on(subject), "{}")
    written(note_on("results/s2/report.html"), "{}")
    return tmp_path


def written(name, text):
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def note_on(subject):
    """Where Snakemake keeps its note on a file: a long name lies in several parts."""
    name = urlsafe_b64encode(subject.encode()).decode()
    parts = [name[start : start + 254] for start in range(0, len(name), 254)]
    return NOTES.joinpath(*(f"@{part}" for part in parts[:-1]), parts[-1])


def left():
    return {path.as_posix() for path in Path().rglob("*") if path.is_file() or path.is_symlink()}


def test_all_of_a_study_goes_and_nothing_of_another():
    said = []
    assert clear("s", said.append)
    assert left() == {*OTHERS, *STAY, note_on("results/s2/report.html").as_posix()}
    assert {"deleted: results/s", "deleted: archives/s.zip", "deleted: cache/vectors"} <= {*said}
    assert clear("s", pytest.fail)


def test_all_of_all_studies_goes():
    assert clear("", lambda _: None)
    assert left() == {*STAY}


@pytest.mark.parametrize("study", ["s", ""])
@pytest.mark.parametrize(
    "link",
    ["results", "results/s", "logs/s", "archives/s.zip", ".hydrascope", "cache/vectors", "cache"],
)
def test_what_a_link_leads_to_stays(folder, link, study):
    elsewhere = folder / "elsewhere"
    Path(link).rename(elsewhere)
    before = {path for path in elsewhere.rglob("*")} | {elsewhere}
    Path(link).symlink_to(elsewhere)
    said = []
    gone = clear(study, said.append)
    assert {path for path in elsewhere.rglob("*")} | {elsewhere} == before
    # within a folder that goes whole, a link goes alone
    if study or link in ("results", ".hydrascope", "cache/vectors", "cache"):
        assert not gone
        assert any(f"{link} is a link to {elsewhere}" in line for line in said)


def test_a_link_within_the_results_goes_alone(folder):
    (folder / "raw.csv").write_text("a")
    Path("results/s/linked").symlink_to(folder / "raw.csv")
    Path("results/s/folder").symlink_to(folder)
    assert clear("s", lambda _: None)
    assert (folder / "raw.csv").read_text() == "a"


def test_what_cannot_be_deleted_is_named(monkeypatch):
    def refused(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.unlink", refused)
    monkeypatch.setattr("pathlib.Path.unlink", refused)
    said = []
    assert not clear("s", said.append)
    assert any(line == "not deleted: archives/s.zip: Permission denied" for line in said)
    assert any("report.html: Permission denied" in line for line in said)


def test_people_are_for_their_owner_and_results_as_they_were(folder):
    outside = written(folder / "outside", "a")
    outside.chmod(0o644)
    Path("results/s/ingest/linked").symlink_to(outside)
    for path in Path().rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)
    assert keep_private("s") == []
    mode = {path.as_posix(): stat.S_IMODE(path.lstat().st_mode) for path in Path().rglob("*")}
    for name in ("results/s/ingest", "logs/s", ".hydrascope", "cache/vectors"):
        inside = [path for path in Path(name).rglob("*") if not path.is_symlink()]
        assert mode[name] == 0o700
        assert {mode[path.as_posix()] for path in inside if path.is_dir()} <= {0o700}
        assert {mode[path.as_posix()] for path in inside if path.is_file()} == {0o600}
    assert mode[".snakemake"] == 0o700
    assert mode["results/s/report.html"] == 0o644 and mode["results/s"] == 0o755
    assert stat.S_IMODE(outside.stat().st_mode) == 0o644


def test_folders_are_closed_before_anything_lies_in_them():
    before = os.umask(0o022)
    try:
        keep_private("new")
    finally:
        os.umask(before)
    assert stat.S_IMODE(Path("results/new/ingest").stat().st_mode) == 0o700


def test_a_disk_without_rights_is_told(monkeypatch):
    def refused(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("pathlib.Path.chmod", refused)
    assert (
        "results/s/ingest cannot be closed to others: Operation not permitted"
        in keep_private("s")[0]
    )


@pytest.fixture
def clean(folder):
    """Call `workflow/clean.py` of a checkout; returns its exit code and what it printed."""
    shutil.copytree(CHECKOUT / "workflow", "workflow", ignore=shutil.ignore_patterns("__pycache__"))
    environment = {**os.environ, "PYTHONPATH": "workflow"}

    def call(*study):
        done = subprocess.run(
            [sys.executable, "workflow/clean.py", *study],
            env=environment,
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stdout + done.stderr

    return call


def test_make_clean_says_what_it_deleted_and_what_stays(clean):
    code, said = clean("s")
    assert code == 0
    assert "deleted: results/s\n" in said and "the key of the pseudonyms" in said
    assert not Path("results/s").exists() and Path("results/s2").exists()
    assert clean("")[0] == 0
    assert not Path("results").exists()


@pytest.mark.parametrize("study", ["../data", "results/s", "..", ".", "/", "s/", "a\nb"])
def test_make_clean_takes_a_name_alone(clean, study):
    before = left()
    code, said = clean(study)
    assert code == 1 and "not a path" in said
    assert {name for name in left() if not name.startswith("workflow/")} == {
        name for name in before if not name.startswith("workflow/")
    }


def test_make_clean_waits_for_no_run_that_goes_on(clean):
    with claim("s", pytest.fail):
        code, said = clean("s")
    assert code == 1 and "found another run of this study" in said
    assert Path("results/s/report.html").exists()
