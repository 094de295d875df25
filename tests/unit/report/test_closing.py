"""The last lines of a run are those of the tables."""

import re
from pathlib import Path

import pandas as pd
import pytest

from hydrascope import io
from hydrascope.affiliation.cohesion import seed_table
from hydrascope.report.closing import STAGES, closing_lines, stage_of

RULES = Path(__file__).parents[3] / "workflow/rules"
COUNTS = [
    ("all", "all", 12345, 1680, 17, "2009"),
    ("facebook", "all", 12285, 1632, 5, "1632"),
    ("facebook", "page", 10000, 1600, 5, None),
    ("facebook", "profile", 2285, 32, 0, None),
    ("x", "user", 60, 48, 12, None),
]
CLAIMS = [
    ("accounts on x", "60", "48", "missed (planted)"),
    ("accounts on facebook", "1632", "1632", "recovered (planted)"),
    ("ratio", "2", None, "not testable"),
]


@pytest.fixture
def study(tmp_path):
    results, benchmarks = tmp_path / "the-study", tmp_path / "benchmarks"
    columns = ["platform", "unit", "collected", "affiliated", "undetermined", "published"]
    io.write_table(pd.DataFrame(COUNTS, columns=columns), results / "counts/platforms.tsv")
    claims = pd.DataFrame(CLAIMS, columns=["claim", "published", "reproduced", "verdict"])
    io.write_table(claims, results / "counts/claims.tsv")
    for name, seconds in (
        ("ingest_merge", 2),
        ("ingest_file/x/a.json", 3.4),
        ("ingest_file/x/b.json", 1),
        ("figure_accounts", 7),
        ("mine", 5),
    ):
        rows = pd.DataFrame({"s": [seconds], "h:m:s": ["0:00:01"]})
        io.write_table(rows, benchmarks / f"{name}.tsv")
    return results, benchmarks


def test_the_closing_lines_are_those_of_the_tables(study):
    results, benchmarks = study
    assert closing_lines(results, benchmarks, simulated=False, detects=False).splitlines() == [
        "the-study",
        "",
        "accounts              collected    affiliated  undetermined     published",
        "facebook                 12,285         1,632             5         1,632",
        "x                            60            48            12             -",
        "all                      12,345         1,680            17         2,009",
        "",
        "published claims  1 missed (planted), 1 not testable, 1 recovered (planted)",
        "  accounts on x: 60 published, 48 here: missed (planted)",
        "  ratio: 2 published, - here: not testable",
        "",
        "seconds of work   ingest 6, figures 7",
        f"open              {results / 'report.html'}",
        *(
            f"                  {results / name}"
            for name in ("counts/platforms.tsv", "counts/claims.tsv", "ingest/ledger.tsv")
        ),
    ]


def test_a_simulated_study_says_so_in_its_first_line(study):
    first = closing_lines(*study, simulated=True, detects=False).splitlines()[0]
    assert first.startswith("the-study, a simulated collection")


@pytest.mark.parametrize(
    ("linked", "line"),
    [
        ([False] * 10, ["seeds             no network: nobody is taken in (0 of 10 linked)", ""]),
        ([False], ["seeds             not testable: taken at their word (0 of 1 linked)", ""]),
        ([True] * 10, []),
    ],
)
def test_seeds_that_are_not_shown_to_be_a_network_are_told(study, linked, line):
    verdicts = pd.DataFrame({"seed": True, "measurable": 2, "linked_by_seeds": linked})
    io.write_table(seed_table(verdicts, min_groups=2), study[0] / "affiliation/seeds.tsv")
    said = closing_lines(*study, simulated=False, detects=True).splitlines()
    between = said[said.index("") + 5 :]
    assert between[1 : 1 + len(line)] == line
    assert between[1 + len(line)].startswith("published claims")


def test_a_study_without_benchmarks_tells_no_seconds(study, tmp_path):
    assert "seconds" not in closing_lines(
        study[0], tmp_path / "none", simulated=False, detects=False
    )


def test_every_rule_belongs_to_the_stage_whose_file_it_stands_in():
    for file in RULES.glob("*.smk"):
        for rule in re.findall(r"^ *rule (\w+):", file.read_text(encoding="utf-8"), re.M):
            if rule not in ("all", "expected"):
                assert stage_of(rule) == file.stem in STAGES


def test_a_rule_of_the_users_own_is_a_stage_for_itself():
    assert stage_of("mine") == "mine"
    assert stage_of("all") == "all"
