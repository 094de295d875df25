"""The archive of the bundled study, held against its profile by a validator of others."""

import os
import subprocess
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.nightly
VALIDATE = Path(__file__).parents[1] / "crate/validate.py"
CRATE = "ro-crate-metadata.json"
TOOL = ("uv", "tool", "run", "--quiet", "--with", "rocrate==0.16.0")
VALIDATOR = (*TOOL, "--from", "roc-validator==0.13.0", "python", VALIDATE)


@pytest.fixture(scope="module")
def crate(bundled, tmp_path_factory):
    checkout, _ = bundled
    text, code = checkout.make("archive")
    assert code == 0, text
    folder = tmp_path_factory.mktemp("crate")
    with zipfile.ZipFile(checkout.folder / f"archives/{checkout.name}.zip") as archive:
        archive.extractall(folder)
    return folder


def validated(folder):
    # The validator has packages of its own.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run([*VALIDATOR, folder], env=environment, capture_output=True, text=True)
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout, done.returncode


def test_it_passes(crate):
    assert validated(crate) == ("", 0)


@pytest.mark.parametrize(
    ("old", "new"), [('"ComputationalWorkflow"', '"Thing"'), ('"instrument"', '"tool"')]
)
def test_a_crate_that_lacks_something_does_not(crate, old, new):
    file = crate / CRATE
    whole = file.read_text(encoding="utf-8")
    assert old in whole
    try:
        file.write_text(whole.replace(old, new), encoding="utf-8")
        said, code = validated(crate)
    finally:
        file.write_text(whole, encoding="utf-8")
    assert code == 1 and "REQUIRED" in said
