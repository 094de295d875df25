"""The README says what is so."""

import importlib.util
import re
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
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


def test_the_rule_graph_is_the_one_that_the_workflow_has(readme, monkeypatch):
    monkeypatch.delenv("HYDRASCOPE_RAW", raising=False)
    assert readme.BLOCK.search(README)[0] == readme.rule_graph(CHECKOUT), "run `make graph`"


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
