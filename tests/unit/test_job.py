"""An adapter's log: one line for a fault to mend, a traceback for any other."""

import errno
import logging
import warnings
from types import SimpleNamespace

import duckdb
import pytest

from hydrascope import running
from hydrascope.errors import ConfigError, RawFileError
from hydrascope.job import job


@pytest.fixture(autouse=True)
def _logging_as_before():
    """`job` sets up the logging of a process of its own; here the process goes on."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)


def rule(log, *output):
    return SimpleNamespace(log=[str(log)], output=list(map(str, output)))


def run(log, fault, *output):
    with job(rule(log, *output)):
        if fault:
            raise fault


def test_a_fault_to_mend_is_one_line_and_a_failed_job(tmp_path):
    fault = RawFileError("f.csv", row=3, column="c", found="x", expected="y", remedy="Do z.")
    with pytest.raises(SystemExit) as end:
        run(tmp_path / "a.log", fault)
    assert end.value.code == 1
    line = "RawFileError: f.csv, row 3, column c: found x; expected y. Do z.\n"
    assert (tmp_path / "a.log").read_text(encoding="utf-8") == line


def test_any_other_fault_keeps_its_traceback(tmp_path):
    with pytest.raises(SystemExit) as end:
        run(tmp_path / "a.log", ZeroDivisionError("滚"))
    assert end.value.code == 1
    text = (tmp_path / "a.log").read_text(encoding="utf-8")
    assert text.startswith("Traceback")
    assert text.endswith("ZeroDivisionError: 滚\n")


def test_a_good_job_empties_the_log_of_the_last_one(tmp_path):
    log = tmp_path / "new" / "a.log"
    with pytest.raises(SystemExit):
        run(log, ConfigError("old"))
    run(log, None)
    assert log.read_text(encoding="utf-8") == ""


def test_warnings_of_libraries_are_in_the_log(tmp_path):
    # pytest records warnings itself, which would keep them from the log
    with warnings.catch_warnings(), job(rule(tmp_path / "a.log")):
        warnings.simplefilter("always")
        logging.captureWarnings(False)
        logging.captureWarnings(True)
        warnings.warn("a library's word", stacklevel=1)
        logging.getLogger("library").warning("and its log")
    text = (tmp_path / "a.log").read_text(encoding="utf-8")
    assert "a library's word" in text
    assert "and its log" in text


@pytest.mark.parametrize(
    ("fault", "remedy"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "The disk is full."),
        (duckdb.IOException("Could not write: No space left on device"), "The disk is full."),
        (MemoryError(), "There was not enough memory."),
        (duckdb.OutOfMemoryException("2 GB"), "There was not enough memory."),
    ],
    ids=["disk", "disk of the data base", "memory", "memory of the data base"],
)
def test_a_full_disk_and_too_little_memory_say_what_to_do(tmp_path, fault, remedy):
    with pytest.raises(SystemExit):
        run(tmp_path / "a.log", fault)
    last = (tmp_path / "a.log").read_text(encoding="utf-8").splitlines()[-1]
    assert last.startswith(remedy)
    assert "type the same command again" in last


def test_a_fault_that_the_log_cannot_take_is_what_the_process_ends_with(monkeypatch):
    with pytest.raises(SystemExit) as end:
        run("/dev/full", ConfigError("told on the screen"))
    assert end.value.code == "ConfigError: told on the screen\n"


def test_only_what_a_good_job_has_made_has_a_digest(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    out = tmp_path / "out.tsv"
    out.write_text("a", encoding="utf-8")
    with pytest.raises(SystemExit):
        run("a.log", ConfigError("x"), "out.tsv")
    assert not running.DIGESTS.exists()
    run("a.log", None, "out.tsv")
    assert (running.DIGESTS / "out.tsv").exists()


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ({}, "f: found a; expected b. Do c."),
        ({"row": 0}, "f, row 0: found a; expected b. Do c."),
        ({"column": "x"}, "f, column x: found a; expected b. Do c."),
        ({"row": 7, "column": "x"}, "f, row 7, column x: found a; expected b. Do c."),
    ],
)
def test_a_raw_file_error_names_the_place_as_far_as_it_is_known(place, message):
    assert str(RawFileError("f", found="a", expected="b", remedy="Do c.", **place)) == message
