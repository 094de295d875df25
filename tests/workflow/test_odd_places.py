"""A few lines of settings, raw files with odd names, in a checkout whose path is odd too."""

import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

CHECKOUT = Path(__file__).parents[2]
NAMES = [".x.csv", "posts[1].csv", "posts1.csv", "-a {}%?*'.csv"]
STUDY = """
title: odd
collection: odd
simulated: false
pseudonyms: keyed
raw: raw [a] {}*
obtain: run the test again
column_maps: {m: {records: accounts, fields: {native_id: id, platform: site}}}
affiliation: {mode: roster, roster: .x.csv}
"""


@pytest.fixture(scope="module")
def checkout(make_bundled):
    made = make_bundled()
    folder = made.folder.rename(made.folder.with_name("it's [1] 100% 微博"))
    raw = folder / "raw [a] {}*"
    raw.mkdir()
    with (folder / "config/collections.tsv").open("a", encoding="utf-8") as rows:
        for number, name in enumerate(NAMES):
            (raw / name).write_text(f"id,site\nid{number},x\n", encoding="utf-8")
            rows.write(f"odd\t{name}\tcsv:m\tx\tutf-8\t2021-01-01\t\tmine\n")
    (folder / "config/studies/odd.yaml").write_text(STUDY, encoding="utf-8")
    return replace(made, folder=folder, name="odd")


def test_each_file_is_read_as_itself(checkout):
    ledger = "results/odd/ingest/ledger.tsv"
    text, code = checkout.run("snakemake", "--config", "study=odd", "--", ledger)
    assert code == 0, text
    accounts = pd.read_parquet(checkout.results / "ingest/accounts.parquet")
    found = dict(zip(accounts["source_file"], accounts["native_id"], strict=True))
    assert found == {name: f"id{number}" for number, name in enumerate(NAMES)}


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("config/config.yaml", "seed:", "seed: 1\nseed:", "found the key seed a second time"),
        ("config/studies/odd.yaml", "title: odd", "title: [odd", "odd.yaml, line "),
        ("config/collections.tsv", "csv:m", "csv:n", "Did you mean 'csv:m'?"),
        ("config/collections.tsv", "-a {}", "-b {}", "-b {}%?*'.csv is not in raw [a] {}*"),
        ("config/narratives.yaml", "subjects:", "subjects: *x", "narratives.yaml, line "),
    ],
    ids=["twice", "no YAML", "no map", "no file", "no reference"],
)
def test_what_is_wrong_is_said_before_anything_runs(checkout, file, old, new, said):
    path = checkout.folder / file
    before = path.read_text(encoding="utf-8")
    assert old in before
    shutil.rmtree(checkout.results, ignore_errors=True)
    path.write_text(before.replace(old, new), encoding="utf-8")
    try:
        text, code = checkout.snakemake("--dry-run")
    finally:
        path.write_text(before, encoding="utf-8")
    assert code != 0 and said in text, text
    assert "Traceback" not in text and "rule ingest_file" not in text


def test_another_checkout_s_code_is_refused(checkout):
    text, code = checkout.snakemake("--dry-run", PYTHONPATH=str(CHECKOUT / "workflow"))
    assert code != 0 and "Traceback" not in text
    assert "The active Python has hydrascope from " in text
    assert f"expected this checkout's, in {checkout.folder}" in text


def test_a_file_that_no_row_names_is_told_by_its_shape(checkout):
    extra = checkout.folder / "raw [a] {}*" / "ann_17.csv"
    extra.touch()
    text, code = checkout.snakemake("--dry-run")
    extra.unlink()
    assert code == 0, text
    assert "found a file that no row of config/collections.tsv names" in text
    assert "(xxx_99.xxx, by shape)" in text and "ann_17" not in text
