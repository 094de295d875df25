"""What all tests share: where the real data lie, and how hypothesis runs."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# As a rule's job has it: threads of several processes that wait for each other spin.
for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

CHECKOUT = Path(__file__).resolve().parents[1]

# Every run tries the same examples, so that a failure is a change in the code.
settings.register_profile("hydrascope", deadline=None, derandomize=True, max_examples=300)
settings.load_profile("hydrascope")


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
