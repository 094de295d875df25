import json
import platform
import re
import subprocess
from datetime import UTC, datetime
from importlib import metadata

import pandas as pd
import pytest

from hydrascope.provenance.run import run_record, version_table

CANARY = "canary-3f9a1c77b0"


@pytest.fixture
def benchmarks(tmp_path):
    folder = tmp_path / "benchmarks"
    (folder / "ingest_file").mkdir(parents=True)
    header = "s\th:m:s\tmax_rss\n"
    (folder / "timing_daily.tsv").write_text(header + "1.26\t0:00:01\t210.5\n")
    # a rule with wildcards has its files below a folder, under the raw file's number
    (folder / "ingest_file/raw-01.tsv").write_text(header + "0.04\t0:00:00\t-\n")
    return folder


@pytest.fixture
def checkout(tmp_path):
    folder = tmp_path / "checkout"
    folder.mkdir()
    git(folder, "init", "-q")
    (folder / "file").write_text("1")
    git(folder, "add", "file")
    git(folder, "-c", "user.name=n", "-c", "user.email=e@example.org", "commit", "-qm", "one")
    return folder


def git(folder, *arguments):
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def test_the_record_names_the_commit_and_whether_it_was_changed(benchmarks, checkout):
    clean = run_record({}, benchmarks, checkout)
    assert clean["commit"] == git(checkout, "rev-parse", "HEAD")
    assert clean["changed"] is False
    (checkout / "file").write_text("2")
    assert run_record({}, benchmarks, checkout)["changed"] is True


def test_outside_a_repository_there_is_no_commit(benchmarks, tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    assert run_record({}, benchmarks, tmp_path)["commit"] == ""


def test_without_git_there_is_no_commit(benchmarks, checkout, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert run_record({}, benchmarks, checkout)["commit"] == ""


def test_seconds_and_memory_are_listed_by_rule(benchmarks, checkout):
    assert run_record({}, benchmarks, checkout)["rules"] == {
        "ingest_file/raw-01": {"seconds": 0.0, "peak_mib": "-"},
        "timing_daily": {"seconds": 1.3, "peak_mib": "210.5"},
    }


def test_versions_are_those_installed(benchmarks, checkout):
    record = run_record({}, benchmarks, checkout)
    assert record["python"] == platform.python_version()
    assert record["packages"]["pandas"] == metadata.version("pandas")
    assert list(record["packages"]) == sorted(record["packages"])


def test_the_time_is_now_and_in_utc(benchmarks, checkout):
    finished = datetime.fromisoformat(run_record({}, benchmarks, checkout)["finished"])
    assert finished.utcoffset().total_seconds() == 0
    assert abs((datetime.now(UTC) - finished).total_seconds()) < 60


def test_the_settings_are_kept_whole_and_the_record_is_json(benchmarks, checkout):
    settings = {"seed": 7, "timing": {"mask_share": 0.1}, "study": "ไทย"}
    record = run_record(settings, benchmarks, checkout)
    assert json.loads(json.dumps(record))["settings"] == settings


def test_the_record_holds_no_key_and_no_name_of_a_person_or_machine(
    benchmarks, checkout, monkeypatch
):
    for name in ("HYDRASCOPE_KEY", "USER", "LOGNAME", "HOSTNAME", "HOME"):
        monkeypatch.setenv(name, f"/{CANARY}")
    monkeypatch.setattr(platform, "node", lambda: CANARY)
    text = json.dumps(run_record({"study": "s"}, benchmarks, checkout))
    assert CANARY not in text
    # nor where the checkout lies
    assert str(checkout) not in text and not re.search(r'"/[^"]', text)


def test_the_versions_are_those_that_are_installed():
    versions = version_table().set_index("name")["version"]
    assert versions["Python"] == platform.python_version()
    assert versions["pandas"] == pd.__version__
    assert {"snakemake", "statsmodels", "bertopic", "matplotlib"} <= set(versions.index)
