import json
from zipfile import ZipFile

import pytest

from hydrascope.provenance.archive import code_files, pack, shareable
from hydrascope.provenance.crate import CRATE


@pytest.fixture
def checkout(tmp_path):
    for name, text in {
        "Snakefile": "rule all: ...\n",
        "workflow/rules/counts.smk": "",
        "workflow/rules/custom/own.smk": "",
        "workflow/hydrascope/io.py": "",
        "workflow/hydrascope/__pycache__/io.pyc": "",
        "config/studies/toy.yaml": "",
        "data/published/claims.tsv": "",
        "data/toy-raw/people.csv": "",
        "results/toy/report.html": "ข้อความ",
        ".hydrascope/key": "secret",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_code_is_what_a_study_is_run_with_and_no_raw_file_key_or_cache(checkout):
    assert code_files(checkout) == [
        "Snakefile",
        "config/studies/toy.yaml",
        "data/published/claims.tsv",
        "workflow/hydrascope/io.py",
        "workflow/rules/counts.smk",
        "workflow/rules/custom/own.smk",
    ]


def test_all_of_the_ingest_stays_and_only_that():
    names = ["ingest/posts.parquet", "ingest/sheets/a.tsv", "ingested.tsv", "report.html"]
    assert shareable([*names, "narratives/ingest/a.tsv"]) == [
        "ingested.tsv",
        "report.html",
        "narratives/ingest/a.tsv",
    ]


def test_an_archive_has_each_file_and_the_description_and_the_same_bytes_again(checkout):
    names = ["results/toy/report.html", "Snakefile"]
    described = {"@graph": ["ก"]}
    for target in ("one.zip", "archives/two.zip"):
        pack(names, checkout, described, checkout / target)
    with ZipFile(checkout / "one.zip") as archive:
        assert archive.namelist() == [CRATE, "Snakefile", "results/toy/report.html"]
        assert json.loads(archive.read(CRATE)) == described
        for name in names:
            assert archive.read(name) == (checkout / name).read_bytes()
    (checkout / "Snakefile").touch()
    pack(names[::-1], checkout, described, checkout / "one.zip")
    assert (checkout / "one.zip").read_bytes() == (checkout / "archives/two.zip").read_bytes()
