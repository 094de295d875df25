"""What a run says on the screen: a line a finished stage, and on a terminal a bar.

Snakemake finds this package by its name, and profiles/default asks for it. The
whole of what Snakemake has to say stays in .snakemake/log/.
"""

import shutil
import sys
import threading
import time
from collections import Counter
from logging import WARNING, LogRecord

from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent

from hydrascope.io import visible
from hydrascope.report.closing import stage_of

__all__ = ["LogHandler"]

# What Snakemake tells of its own doings while jobs run.
CHATTER = (
    "Assuming unrestricted",
    "Building DAG",
    "Complete log",
    "Conda environments",
    "Elapsed time",
    "Execute ",
    "Group jobs",
    "Provided ",
    "Removing temporary",
    "Rules claiming",
    "Select jobs",
    "Singularity containers",
    "Using shell",
)
SHOWN = (LogEvent.JOB_ERROR, LogEvent.GROUP_ERROR, LogEvent.ERROR)
BAR = 24
TICK = 1.0


class LogHandler(LogHandlerBase):
    """Prints finished stages, errors, and whatever is no progress of Snakemake's own."""

    writes_to_stream = True
    writes_to_file = False
    has_filter = False
    has_formatter = False
    needs_rulegraph = False

    def __post_init__(self) -> None:
        # A dry run is a listing, and goes where listings go.
        self.stream = sys.stdout if self.common_settings.stdout else sys.stderr
        self.live = self.stream.isatty() and not self.common_settings.dryrun
        self.began = time.monotonic()
        self.waiting: Counter = Counter()
        self.jobs: Counter = Counter()
        self.seconds: Counter = Counter()
        self.running: dict[int, tuple[str, float]] = {}
        self.total = self.done = 0
        self.closed = threading.Event()
        if self.live:
            threading.Thread(target=self._tick, daemon=True).start()

    def emit(self, record: LogRecord) -> None:
        """Take note of a record, and print it if it is for people."""
        event = getattr(record, "event", None)
        if self.common_settings.dryrun:
            self._print(self.format(record))
        elif event == LogEvent.RUN_INFO:
            planned = {rule: count for rule, count in record.stats.items() if rule != "total"}
            for rule, count in planned.items():
                self.waiting[stage_of(rule)] += count
            self.total = sum(planned.values())
        elif event == LogEvent.JOB_INFO:
            self.running[record.jobid] = (record.rule_name, time.monotonic())
        elif event == LogEvent.JOB_FINISHED:
            self._finish(record.job_id)
        elif self._is_for_people(record, event):
            self._print(self.format(record))
        self._draw()

    def close(self) -> None:
        """Take the bar away."""
        self.closed.set()
        with self.lock:
            self._erase()
        super().close()

    @staticmethod
    def _is_for_people(record: LogRecord, event: LogEvent | None) -> bool:
        if event in SHOWN or record.levelno >= WARNING:
            return True
        return event is None and not str(record.msg or "").startswith(CHATTER)

    def _finish(self, job: int) -> None:
        if job not in self.running:
            return
        rule, since = self.running.pop(job)
        stage = stage_of(rule)
        self.done += 1
        self.jobs[stage] += 1
        self.seconds[stage] += time.monotonic() - since
        self.waiting[stage] -= 1
        # The last rule only says that the others are done.
        if self.waiting[stage] == 0 and stage != "all":
            jobs = f"{self.jobs[stage]:,} job{'s' if self.jobs[stage] > 1 else ''}"
            self._print(f"{stage:<12} {jobs:>9} {self.seconds[stage]:>6.0f} s")

    def _print(self, text: str) -> None:
        if text:
            self._erase()
            print(visible(text, lines=True), file=self.stream, flush=True)

    def _erase(self) -> None:
        if self.live:
            print("\r\033[K", end="", file=self.stream, flush=True)

    def _draw(self) -> None:
        if not self.live or not self.running or self.closed.is_set():
            return
        filled = BAR * self.done // max(self.total, 1)
        minutes, seconds = divmod(int(time.monotonic() - self.began), 60)
        rules = ", ".join(sorted({rule for rule, _ in self.running.values()}))
        line = (
            f"[{'#' * filled}{'.' * (BAR - filled)}] {self.done} of {self.total} jobs, "
            f"{minutes}:{seconds:02d}, {rules}"
        )
        width = shutil.get_terminal_size().columns - 1
        print(f"\r\033[K{line[:width]}", end="", file=self.stream, flush=True)

    def _tick(self) -> None:
        while not self.closed.wait(TICK):
            with self.lock:
                self._draw()
