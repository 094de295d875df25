"""What a run prints: finished stages and faults, and a bar on terminals alone."""

import logging
import types

import pytest
from snakemake_interface_logger_plugins.common import LogEvent

from snakemake_logger_plugin_hydrascope import LogHandler


class Screen:
    def __init__(self, terminal):
        self.terminal, self.text = terminal, ""

    def isatty(self):
        return self.terminal

    def write(self, text):
        self.text += text

    def flush(self):
        pass


def record(message="", event=None, level=logging.INFO, **more):
    made = logging.LogRecord("snakemake", level, "", 0, message, (), None)
    made.__dict__.update({"event": event} if event else {}, **more)
    return made


PLANNED = {"ingest_file": 2, "texts_families": 1, "all": 1, "total": 4}
RUN = [
    record("Building DAG of jobs..."),
    record("Job stats:", LogEvent.RUN_INFO, stats=PLANNED),
    record("Select jobs to execute..."),
    record(event=LogEvent.JOB_INFO, jobid=1, rule_name="ingest_file"),
    record(event=LogEvent.JOB_INFO, jobid=2, rule_name="ingest_file"),
    record("Finished", LogEvent.JOB_FINISHED, job_id=1),
    record("Finished", LogEvent.JOB_FINISHED, job_id=2),
    record("1 of 4", LogEvent.PROGRESS, done=2, total=4),
    record(event=LogEvent.JOB_INFO, jobid=3, rule_name="texts_families"),
    record("Finished", LogEvent.JOB_FINISHED, job_id=3),
    record(event=LogEvent.JOB_INFO, jobid=0, rule_name="all"),
    record("Finished", LogEvent.JOB_FINISHED, job_id=0),
    record("the study is done"),
]


@pytest.fixture
def printed(monkeypatch):
    def run(records, *, terminal=False, dryrun=False):
        screen = Screen(terminal)
        monkeypatch.setattr("sys.stderr", screen)
        monkeypatch.setattr("sys.stdout", screen)
        handler = LogHandler(types.SimpleNamespace(stdout=dryrun, dryrun=dryrun), None)
        handler.setFormatter(logging.Formatter("%(message)s"))
        for one in records:
            handler.emit(one)
        handler.close()
        return screen.text

    return run


def test_a_log_gets_a_line_a_finished_stage_and_no_control_character(printed):
    assert printed(RUN).splitlines() == [
        "ingest          2 jobs      0 s",
        "texts            1 job      0 s",
        "the study is done",
    ]


def test_a_terminal_gets_the_same_lines_and_a_bar_that_is_taken_away(printed):
    text = printed(RUN, terminal=True)
    assert "[............] " not in printed(RUN)
    assert "0 of 4 jobs, 0:00, ingest_file" in text
    assert "[############............] 2 of 4 jobs" in text
    assert "ingest          2 jobs      0 s\n" in text
    assert text.endswith("\r\033[K")


def test_a_fault_and_a_warning_are_printed(printed):
    text = printed(
        [
            record("the log of the rule", LogEvent.JOB_ERROR, level=logging.ERROR),
            record("careful", level=logging.WARNING),
            record("Nothing to be done (all requested files are present and up to date)."),
        ]
    )
    assert text.splitlines()[:2] == ["the log of the rule", "careful"]
    assert "Nothing to be done" in text


def test_no_escape_code_of_a_message_reaches_a_terminal(printed):
    hostile = record("found '\033]0;a\007\u202e' in\n\tposts.csv", level=logging.ERROR)
    assert printed([hostile]) == "found '\\u001b]0;a\\u0007\\u202e' in\n\tposts.csv\n"


def test_a_dry_run_lists_everything(printed):
    text = printed(RUN, terminal=True, dryrun=True)
    assert "Job stats:" in text and "Building DAG" in text
    assert "\033" not in text and "\r" not in text


def test_a_stage_that_is_not_finished_has_no_line(printed):
    assert printed(RUN[:6]) == ""
