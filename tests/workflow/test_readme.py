"""The README says what is so."""

import importlib.util
import re
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
# Years, versions and standards are names.
NAMES = {"2020", "2021", "3.11", "3.12", "3.13", "8601", "1970", "7693", "64"}
MAKEFILE = (CHECKOUT / "Makefile").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def readme():
    spec = importlib.util.spec_from_file_location("readme", CHECKOUT / "workflow/readme.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_arrow_that_follows_from_others_is_left_out(readme):
    longest = [("a", "b"), ("b", "c"), ("c", "d")]
    assert readme.without_shortcuts([("a", "c"), *longest, ("a", "d"), ("b", "d")]) == longest
    fork = [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")]
    assert readme.without_shortcuts([*fork, ("a", "d")]) == fork


@pytest.mark.parametrize("name", ["counts", "figures", "rule graph"])
def test_what_is_written_of_the_workflow_is_what_it_has(readme, monkeypatch, name):
    monkeypatch.delenv("HYDRASCOPE_RAW", raising=False)
    assert readme.part(name).search(README)[0] == readme.PARTS[name](CHECKOUT), "run `make readme`"


def test_every_number_of_the_prose_stands_in_a_file_that_its_paragraph_names(readme):
    prose = README
    for name in readme.PARTS:
        prose = readme.part(name).sub("", prose)
    prose = re.sub(r"```.*?```", "", prose, flags=re.S)
    loose = []
    for paragraph in prose.split("\n"):
        named = [CHECKOUT / name for name in re.findall(r"`([\w./-]+)`", paragraph)]
        sources = " ".join(file.read_text(encoding="utf-8") for file in named if file.is_file())
        said = re.sub(r"`[^`]*`|\]\(.*?\)|^\d\.", "", paragraph)
        for number in re.findall(r"(?<![\w.])\d(?:[\d,.]*\d)?", said):
            if number not in NAMES and not re.search(rf"(?<![\d.,]){number}(?![\d])", sources):
                loose.append((number, paragraph[:60]))
    assert loose == []


def test_every_target_of_the_makefile_is_listed():
    targets = set(re.findall(r"^(\w+): ##", MAKEFILE, re.M)) - {"help"}
    listed = set(re.findall(r"^\| `make (\w+)", README, re.M))
    assert listed == targets


def test_every_named_file_exists():
    for name in re.findall(r"`([\w./-]+\.(?:md|cff|yml|yaml|lock|toml|py))`", README):
        assert (CHECKOUT / name).exists() or name.startswith(("ingest/", "provenance/")), name


def test_the_glossary_has_the_words_of_the_project():
    words = " ".join(re.findall(r"^\| ([a-z, ]+) \|", README, re.M))
    wanted = ["collection", "account", "unit", "affiliated", "signal", "family", "narrative"]
    wanted += ["topic", "burst", "batch", "claim"]
    assert [word for word in wanted if word not in words] == []
