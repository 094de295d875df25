"""What an edit reruns: the rules whose code it reaches, what depends on them, no others."""

import re
from pathlib import Path

import pandas as pd
import pytest

LATER = {"report", "provenance_manifest", "provenance_run"}


@pytest.mark.parametrize(
    ("module", "old", "new", "rules"),
    [
        (
            "timing/daily.py",
            '"accounts": counts.to_numpy(),',
            '"accounts": counts.to_numpy() + 0,',
            {"timing_daily", "timing_bursts", "timing_batches", "figure_creations"}
            | {"notebook", "report_latex", *LATER},
        ),
        (
            "figures/creations.py",
            "TAIL_SHARE = 0.05",
            "TAIL_SHARE = 0.06",
            {"figure_creations", "notebook", *LATER},
        ),
        (
            "counts/claims.py",
            'WIDEST = Decimal("0.1")',
            'WIDEST = Decimal("0.2")',
            {"counts_platforms", "figure_accounts", "figure_claims", "figure_sensitivity"}
            | {"notebook", "report_latex", *LATER},
        ),
        (
            "narratives/firsts.py",
            "LEAST_EVENTS = 10",
            "LEAST_EVENTS = 11",
            {"narratives_first_posts", *LATER},
        ),
        (
            "texts/folding.py",
            "SCRIPT_SHARE = 0.2",
            "SCRIPT_SHARE = 0.3",
            {"texts_forms_shard", "texts_families", "narratives_vectors_shard"}
            | {
                "narratives_controls",
                "narratives_vectors",
                "narratives_families",
                "narratives_granularity",
                "narratives_topics",
            }
            | {"narratives_stability", "narratives_subjects", "narratives_prevalence"}
            | {"narratives_contrast", "narratives_first_posts", "narratives_sheets"}
            | {"narratives_calibration", "narratives_stances", "figure_prevalence"}
            | {"figure_subjects", "figure_narratives", "notebook", "report_latex"}
            | {"affiliation_coshares", "timing_batches", "timing_calibration", *LATER},
        ),
    ],
)
def test_an_edited_function_reruns_its_rules_and_their_dependants(
    study, edited, module, old, new, rules
):
    edited(f"workflow/hydrascope/{module}", old, new)
    assert set(study.planned()) == rules


def test_an_edited_adapter_reruns_its_rule(study, edited):
    edited("workflow/scripts/report.py", "with job(", "None\nwith job(")
    assert set(study.planned()) == LATER


def test_edited_comments_docstrings_and_layout_rerun_nothing(study, edited):
    edited("workflow/hydrascope/timing/daily.py", "DAILY = [", "# a comment\nDAILY = [")
    edited("workflow/hydrascope/io.py", "The process id in the name", "The number in the name")
    edited("workflow/hydrascope/ingest/merge.py", "LEDGER = [\n", "\n\nLEDGER = [\n")
    edited("workflow/scripts/report.py", "with job(", "# a comment\nwith job(")
    assert study.planned() == {}


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        ("largest_days: 5", "largest_days: 6", {"timing_daily", *LATER}),
        ("turns: 4999", "turns: 999", {"timing_hours", "figure_hours", *LATER}),
        ("words: 10", "words: 9", {"narratives_topics", *LATER}),
    ],
)
def test_a_changed_setting_reruns_the_rules_that_read_it(study, edited, old, new, rules):
    edited("config/config.yaml", old, new)
    planned = set(study.planned())
    assert rules <= planned
    assert not planned & {"ingest_file", "texts_families", "narratives_vectors_shard"}
    assert "narratives_families" not in planned


def test_a_deleted_file_is_made_again(study):
    file = study.results / "ingest/narratives/points.npy"
    aside = file.rename(study.folder / "aside")
    planned = study.planned()
    aside.rename(file)
    assert "narratives_vectors" in planned


def test_every_file_of_a_study_is_in_its_manifest_and_a_target(study):
    listed = pd.read_csv(study.results / "manifest.tsv", sep="\t")
    named = set(listed.loc[listed["kind"] == "result", "path"])
    made = set(study.bytes()) - {"manifest.tsv"}
    assert len(made) > 30
    assert named == made
    text, code = study.snakemake("--forceall", "--dry-run")
    assert code == 0, text
    targets = set(re.search(r"^rule all:\n +input: (.*)$", text, re.M)[1].split(", "))
    assert [
        file
        for file in (Path("results", study.name, name) for name in made)
        if not {file.as_posix(), *(folder.as_posix() for folder in file.parents)} & targets
    ] == []


def test_a_misspelt_key_stops_the_run_and_is_named(study, edited):
    edited("config/config.yaml", "max_bad_share", "max_bad_shore")
    text, code = study.snakemake("--dry-run")
    assert code != 0
    assert "unknown key 'ingest.max_bad_shore'. Did you mean 'max_bad_share'?" in text


def test_an_unknown_study_is_named_with_the_known_ones(study):
    text, code = study.run("make", "study", "STUDY=thailand")
    assert code != 0
    assert "found 'thailand'; expected one of spamouflage-2021, thailand-2020" in text


def test_a_rule_of_the_users_own_is_picked_up(study):
    custom = study.folder / "workflow/rules/custom/mine.smk"
    custom.write_text(
        'TARGETS.append(f"{RESULTS}/mine.txt")\n\n\n'
        'rule mine:\n    output:\n        f"{RESULTS}/mine.txt",\n    shell:\n'
        '        "echo mine > {output}"\n'
    )
    planned = study.planned()
    custom.unlink()
    assert planned == {"mine": 1}
