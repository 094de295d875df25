"""The lock: complete, hashed, free of torch, and the one source of every version."""

import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

#: No study uses them; the first two are cut off in pyproject.toml, the rest came with them.
UNWANTED = re.compile(
    r"(sentence-transformers|hdbscan|torch|torchvision|triton|nvidia-.*|cuda-.*)$"
)


@pytest.fixture(scope="module")
def entries(lock_text):
    """The lock's entries, each as one text with its hashes."""
    return re.findall(r"^[^\s#](?:.*\\\n)*.*$", lock_text, re.M)


@pytest.fixture(scope="module")
def names(entries):
    return [re.match(r"[^=\s]+", entry)[0] for entry in entries]


@pytest.fixture(scope="module")
def ranges(checkout):
    """The direct dependencies, as pyproject.toml states them."""
    project = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))
    listed = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    return [Requirement(line) for line in listed]


@pytest.fixture(scope="module")
def environment(checkout):
    """environment.yml as (conda's packages, pip's packages), each name to version."""
    listed = yaml.safe_load((checkout / "environment.yml").read_text(encoding="utf-8"))
    listed = listed["dependencies"]
    conda = [entry for entry in listed if isinstance(entry, str)]
    pip = next(entry["pip"] for entry in listed if isinstance(entry, dict))
    assert pip[-1] == "-e ."
    pinned = [entry.split("=") for entry in conda if not re.match(r"python\b(?!-)|pip$", entry)]
    return dict(pinned), dict(entry.split("==") for entry in pip[:-1])


def test_every_entry_is_exact_and_hashed(entries):
    exact = re.compile(
        r"[a-z0-9._-]+==[^\s;*]+( ; [^\\]+)? \\\n( +--hash=sha256:[0-9a-f]{64}( \\\n|$))+"
    )
    assert len(entries) > 150
    assert [entry for entry in entries if not exact.fullmatch(entry)] == []


def test_says_how_it_is_made(lock_text):
    assert "make lock" in lock_text.splitlines()[1]


def test_names_no_index(lock_text):
    assert "://" not in lock_text and "--index" not in lock_text and "--find-links" not in lock_text


def test_holds_nothing_unwanted(names):
    assert [name for name in names if UNWANTED.match(name)] == []


def test_one_version_a_package(names):
    assert sorted(set(names)) == sorted(names)


def test_direct_dependencies_are_in_range(lock_script, lock_text, ranges):
    pins = lock_script.versions(lock_text)
    outside = [
        str(requirement)
        for requirement in ranges
        if canonicalize_name(requirement.name) not in pins
        or not requirement.specifier.contains(pins[canonicalize_name(requirement.name)])
    ]
    assert outside == []


def test_environment_agrees_with_the_lock(lock_script, lock_text, environment):
    pins = lock_script.versions(lock_text)
    conda, pip = environment
    stated = {lock_script.CONDA_NAMES.get(name, name): version for name, version in conda.items()}
    stated.update(pip)
    assert stated == {name: pins[name] for name in stated}


def test_environment_names_every_direct_dependency(lock_script, ranges, environment):
    conda, pip = environment
    stated = {lock_script.CONDA_NAMES.get(name, name) for name in conda} | set(pip)
    assert stated == {canonicalize_name(requirement.name) for requirement in ranges}


def test_environment_states_the_python_range(checkout, environment):
    project = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = (checkout / "environment.yml").read_text(encoding="utf-8")
    assert f"- python{project['requires-python']}\n" in text


def test_repin_changes_versions_alone(lock_script):
    before = (
        "  - python>=3.11,<3.14\n"
        "  - python-duckdb=1.0 # why\n"
        "  - pip:\n"
        "      - opencc==1\n"
        "      - -e .\n"
    )
    after = lock_script.repin(before, {"duckdb": "2.5", "opencc": "3.0.1"})
    assert after == before.replace("=1.0", "=2.5").replace("==1\n", "==3.0.1\n")


def test_repin_refuses_a_package_that_is_not_locked(lock_script):
    with pytest.raises(KeyError, match="stranger"):
        lock_script.repin("  - stranger=1\n", {})


def test_sdist_only_packages_are_as_counted(install, names):
    assert install.SDIST_ONLY == ("connection-pool",), "a new one needs a look at what builds it"
    assert set(install.SDIST_ONLY) | {install.BUILD_BACKEND, "hatchling"} <= set(names)
