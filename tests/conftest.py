"""What all tests share: where the real data lie, how hypothesis runs, what stays together."""

import os
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling

# As a rule's job has it: threads of several processes that wait for each other spin.
for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

CHECKOUT = Path(__file__).resolve().parents[1]
# What looks at one study, that of a fixture, is in files whose names begin alike.
STUDIES = ("tests/workflow/test_real_", "tests/workflow/test_small_")

# Every run tries the same examples, so that a failure is a change in the code.
settings.register_profile("hydrascope", deadline=None, derandomize=True, max_examples=100)
settings.register_profile("nightly", deadline=None, max_examples=2_000)
settings.load_profile("hydrascope")


class ByStudy(LoadFileScheduling):
    """Keeps the tests of a file in one process, and all that look at one study in one."""

    def _split_scope(self, nodeid):
        file = super()._split_scope(nodeid)
        return next(filter(file.startswith, STUDIES), file)


def pytest_xdist_make_scheduler(config, log):
    return ByStudy(config, log)


@pytest.fixture(scope="session")
def realdata():
    """The folder of real data, which the repository never holds."""
    folder = Path(
        os.environ.get("HYDRASCOPE_REALDATA") or CHECKOUT.parent / "shared" / "realdata"
    ).resolve()
    if not folder.is_dir():
        # Skipped by hand, never where a green run would be taken for a checked one.
        absent = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        absent(f"{folder} is not there; HYDRASCOPE_REALDATA names the folder of real data")
    return folder
