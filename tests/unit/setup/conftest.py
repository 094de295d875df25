"""What the set-up's tests share."""

import importlib.util
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[3]


def load(name):
    """Import a script of ``workflow/``, which is no package."""
    spec = importlib.util.spec_from_file_location(name, CHECKOUT / "workflow" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def checkout():
    return CHECKOUT


@pytest.fixture
def install():
    return load("install")


@pytest.fixture(scope="session")
def lock_script():
    return load("lock")


@pytest.fixture(scope="session")
def load_script():
    return load


@pytest.fixture(scope="session")
def lock_text():
    return (CHECKOUT / "requirements.lock").read_text(encoding="utf-8")
