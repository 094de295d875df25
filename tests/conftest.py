"""What all tests share: the real data, a browser, how hypothesis runs, what stays together."""

import os
import shutil
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

import pytest
from chromium import CHROMIUM, Tab
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling

# As a rule's job has it: threads of several processes that wait for each other spin.
for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

CHECKOUT = Path(__file__).resolve().parents[1]
# What looks at one study, that of a fixture, is in files whose names begin alike.
STUDIES = tuple(f"tests/workflow/test_{study}_" for study in ("real", "bundled", "small"))

# Every run tries the same examples, so that a failure is a change in the code.
settings.register_profile("hydrascope", deadline=None, derandomize=True, max_examples=100)
settings.register_profile("nightly", deadline=None, max_examples=2_000)
settings.load_profile("hydrascope")


class ByStudy(LoadFileScheduling):
    """Keeps the tests of a file in one process, and all that look at one study in one."""

    def _split_scope(self, nodeid):
        file = super()._split_scope(nodeid)
        return next(filter(file.startswith, STUDIES), file)


def pytest_configure(config):
    found = find_spec("hydrascope").origin
    if Path(found).resolve() != CHECKOUT / "workflow/hydrascope/__init__.py":
        pytest.exit(f"the tests would try {found}, not {CHECKOUT}: type `make test`", 1)


def pytest_xdist_make_scheduler(config, log):
    return ByStudy(config, log)


@pytest.fixture(scope="session")
def realdata():
    """The folder of real data, which the repository never holds."""
    folder = Path(
        os.environ.get("HYDRASCOPE_REALDATA") or CHECKOUT.parent / "shared" / "realdata"
    ).resolve()
    if not folder.is_dir():
        absent(f"{folder} is not there; HYDRASCOPE_REALDATA names the folder of real data")
    return folder


def absent(what):
    """Skip a test by hand, never where a green run would be taken for a checked one."""
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(what)


@pytest.fixture(scope="session")
def pdflatex():
    """The program that sets pages in LaTeX."""
    program = shutil.which("pdflatex")
    if program is None:
        absent("pdflatex is not on PATH; install Debian's package texlive-latex-recommended")
    return program


@pytest.fixture(scope="session")
def chromium(tmp_path_factory):
    """The folder of a running Chromium, which says there where it listens."""
    program = next(filter(None, map(shutil.which, ["chromium", "google-chrome"])), None)
    if program is None:
        absent("chromium is not on PATH; install Debian's package chromium")
    folder = tmp_path_factory.mktemp("chromium")
    with subprocess.Popen(
        [program, *CHROMIUM, f"--user-data-dir={folder}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        end = time.monotonic() + 60
        while not (folder / "DevToolsActivePort").exists():
            assert process.poll() is None and time.monotonic() < end, "Chromium did not start"
            time.sleep(0.05)
        yield folder
        process.kill()


@pytest.fixture
def tab(chromium):
    """An empty page; a test ends well only if no script ran and nothing was asked for."""
    with Tab(chromium) as page:
        yield page
        assert page.complaints() == []
