"""An adapter's log: one line for a fault to mend, a traceback for any other."""

import logging
import warnings

import pytest

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


def run(log, fault):
    with job(str(log)):
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
    with warnings.catch_warnings(), job(str(tmp_path / "a.log")):
        warnings.simplefilter("always")
        logging.captureWarnings(False)
        logging.captureWarnings(True)
        warnings.warn("a library's word", stacklevel=1)
        logging.getLogger("library").warning("and its log")
    text = (tmp_path / "a.log").read_text(encoding="utf-8")
    assert "a library's word" in text
    assert "and its log" in text


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
