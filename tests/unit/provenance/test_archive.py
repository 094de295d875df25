import json
from zipfile import ZipFile

import pytest

from hydrascope.provenance.archive import NAMED, code_files, pack, shareable
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


@pytest.fixture
def shared(tmp_path):
    """Of files with these contents, those that may be shared."""

    def of(files):
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        return shareable(files, tmp_path)

    return of


def test_all_of_the_ingest_stays(shared):
    names = ["ingest/posts.parquet", "ingest/sheets/a.tsv", "ingested.tsv", "report.html"]
    names += ["narratives/ingest/a.tsv"]
    assert shared(dict.fromkeys(names, "a table")) == names[2:]


@pytest.mark.parametrize(
    "cell", [f"{letter}_{'0123456789abcdef' * 2:.20}" for letter in "apf"], ids="{:.1}".format
)
@pytest.mark.parametrize("line", ["{}\t1\n", "<td>{}</td>", '["{}"]', "x,{}", "({}), of"])
def test_what_names_an_account_a_post_or_a_text_stays(shared, cell, line):
    files = {"affiliation/own.tsv": "id\n" + line.format(cell), "counts/platforms.tsv": "x\t1\n"}
    assert shared(files) == ["counts/platforms.tsv"]


def test_what_is_only_like_a_pseudonym_goes():
    digest = "0123456789abcdef" * 4
    for text in (digest, f"a_{digest}", "a_0123", "data_0123456789abcdef0123", "p_low"):
        assert not NAMED.search(text.encode())


def test_no_drawing_of_a_figure_with_a_pseudonym_goes(shared):
    kinds = ["svg", "png", "pdf", "csv"]
    files = {f"figures/fig14_own.{kind}": "drawn" for kind in kinds}
    files |= {f"figures/fig01_claims.{kind}": "drawn" for kind in kinds}
    files["figures/fig14_own.svg"] = f"<text>a_{'7' * 20}</text>"
    assert shared(files) == [f"figures/fig01_claims.{kind}" for kind in kinds]


@pytest.mark.parametrize("name", ["own.npy", "own.parquet", "model/own.safetensors", "own.bin"])
def test_what_nobody_can_read_stays(shared, name):
    assert shared({name: "x", "own.tsv": "x"}) == ["own.tsv"]


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
