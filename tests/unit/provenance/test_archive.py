import json
import os
import subprocess
from pathlib import Path
from types import MappingProxyType
from zipfile import ZipFile

import pytest

from hydrascope.errors import TableError
from hydrascope.provenance.archive import (
    NAMED,
    closing_line,
    code_files,
    kept_back,
    left_out,
    pack,
    shareable,
)
from hydrascope.provenance.crate import CRATE

CANARY = "canary-5d1e0c"


@pytest.fixture
def checkout(tmp_path):
    folder = tmp_path / "checkout"
    for name, text in {
        "Snakefile": "rule all: ...\n",
        "workflow/rules/counts.smk": "",
        "workflow/rules/custom/own.smk": "",
        "workflow/hydrascope/io.py": "",
        "workflow/hydrascope/__pycache__/io.pyc": "",
        "config/schema.yaml": "",
        "config/studies/toy.yaml": "",
        "data/published/claims.tsv": "",
        "data/toy-raw/people.csv": "",
        "results/toy/report.html": "ข้อความ",
        ".hydrascope/key": "secret",
    }.items():
        written(folder, name, text)
    return folder


def git(folder, *arguments):
    named = ("-c", "user.name=n", "-c", "user.email=e@example.org")
    subprocess.run(["git", "-C", str(folder), *named, *arguments], check=True, capture_output=True)


@pytest.fixture
def clone(checkout):
    """The same, as git has it, with what somebody left in it."""
    (checkout / ".gitignore").write_text("/results/\n/.hydrascope/\n__pycache__/\n")
    written(checkout, "tests/expected/toy/counts/claims.tsv", "")
    written(checkout, "tests/expected/other/counts/claims.tsv", CANARY)
    written(checkout, "tests/expected/tolerances.yaml", "")
    written(checkout, "config/studies/other.yaml", CANARY)
    written(checkout, "config/notes.txt", CANARY)
    git(checkout, "init", "-q")
    git(checkout, "add", ".")
    git(checkout, "commit", "-qm", "one")
    for name in ("config/untracked.yaml", "tests/unit/people.csv", "workflow/hydrascope/mine.py"):
        written(checkout, name, CANARY)
    return checkout


def written(folder, name, text):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def packed(folder, *names, changed=MappingProxyType({})):
    """What an archive of all code and of these files holds, by name, and what it left out."""
    chosen = [*code_files(folder, "toy"), *names]
    left = left_out(
        chosen, checkout=folder, results=Path("results/toy"), changed=changed, places={folder}
    )
    target = folder.parent / "packed.zip"
    pack([name for name in chosen if name not in left], folder, {}, target, changed)
    with ZipFile(target) as archive:
        return {name: archive.read(name) for name in archive.namelist()}, left


def test_without_git_code_is_what_has_the_place_and_kind_of_a_file_of_the_project(checkout):
    for name in ("tests/people.csv", "config/notes.txt", "workflow/people.csv", "bench/own.py"):
        written(checkout, name, CANARY)
    assert code_files(checkout, "toy") == [
        "Snakefile",
        "config/schema.yaml",
        "data/published/claims.tsv",
        "workflow/hydrascope/io.py",
        "workflow/rules/counts.smk",
    ]


def test_with_git_code_is_what_it_tracks_and_no_other_study(clone):
    assert code_files(clone, "toy") == [
        "Snakefile",
        "config/schema.yaml",
        "data/published/claims.tsv",
        "tests/expected/tolerances.yaml",
        "tests/expected/toy/counts/claims.tsv",
        "workflow/hydrascope/io.py",
        "workflow/rules/counts.smk",
        "workflow/rules/custom/own.smk",
    ]


def test_a_folder_in_somebody_elses_repository_is_no_clone(clone):
    inner = clone / "inner"
    written(inner, "Snakefile", "")
    written(inner, "config/notes.txt", CANARY)
    assert code_files(inner, "toy") == ["Snakefile"]


def test_a_deleted_file_is_none(clone):
    (clone / "workflow/rules/custom/own.smk").unlink()
    assert "workflow/rules/custom/own.smk" not in code_files(clone, "toy")


def test_no_canary_of_the_folder_is_in_an_archive_and_code_left_out_is_named(clone):
    found, left = packed(clone, "results/toy/report.html")
    assert not [name for name, data in found.items() if CANARY.encode() in data]
    assert "results/toy/report.html" in found
    assert left == dict.fromkeys(
        ["tests/unit/people.csv", "workflow/hydrascope/mine.py"], "git does not track it"
    )


@pytest.mark.parametrize(
    "link", ["workflow/hydrascope/io.py", "workflow/rules", "results/toy/report.html", "results"]
)
def test_no_link_is_followed(clone, link):
    outside = clone.parent / "outside"
    below = Path("results/toy/report.html").relative_to(link) if link == "results" else "counts.smk"
    written(outside, str(below), CANARY)
    (clone / link).rename(clone.parent / "gone")
    (clone / link).symlink_to(outside if (clone.parent / "gone").is_dir() else outside / below)
    found, left = packed(clone, "results/toy/report.html")
    assert not [name for name, data in found.items() if CANARY.encode() in data]
    assert "a link, which is never followed" in left.values()


def test_what_names_a_folder_of_this_machine_is_left_out(clone):
    written(clone, "workflow/hydrascope/io.py", f"RAW = '{clone}/data'\n")
    written(clone, "workflow/rules/counts.smk", f"# {clone}er, another word\n")
    found, left = packed(clone)
    assert left["workflow/hydrascope/io.py"] == "it names a folder of this machine"
    assert "workflow/rules/counts.smk" in found


def test_a_place_of_one_part_is_one_only_with_what_lies_below(clone):
    for text, reasons in (("</top><b>/topical", 0), ("= '/top/a'", 1)):
        written(clone, "workflow/hydrascope/io.py", text)
        given = {"checkout": clone, "results": Path("results/toy"), "changed": {}}
        name = "workflow/hydrascope/io.py"
        assert (name in left_out([name], places={Path("/top")}, **given)) == reasons


def test_a_workflow_that_cannot_be_shared_is_refused(clone):
    written(clone, "Snakefile", f"workdir: '{clone}'\n")
    with pytest.raises(TableError, match="Snakefile: found it names a folder of this machine"):
        packed(clone)


def test_a_page_of_a_notebook_that_reads_people_is_left_out(clone):
    pages = {"01": "ingest/ledger.tsv", "02": "ingest/accounts.parquet"}
    for name, table in pages.items():
        code = {"cell_type": "code", "source": [f'results.table("{table}")'], "metadata": {}}
        written(clone, f"notebooks/{name}.ipynb", json.dumps({"cells": [code]}))
        written(clone, f"results/toy/notebooks/{name}.html", "")
    written(clone, "results/toy/notebooks/gone.html", "")
    git(clone, "add", "notebooks")
    names = [f"results/toy/notebooks/{name}.html" for name in ("01", "02", "gone")]
    found, left = packed(clone, *names)
    assert names[0] in found
    assert {name for name in left if name.startswith("results")} == {*names[1:]}


def test_a_reference_that_names_accounts_is_left_out(clone):
    name = "tests/expected/toy/counts/claims.tsv"
    written(clone, name, f"account_id\na_{'0' * 20}\n")
    found, left = packed(clone)
    assert name not in found and left[name] == "it names an account, a post or a text"


def test_what_lies_beside_notebooks_is_none_of_them(clone):
    for name in ("notebooks/01.html", "notebooks/data/people.csv", "notebooks/own.ipynb"):
        written(clone, name, '{"cells": []}')
    git(clone, "add", "notebooks")
    assert [name for name in code_files(clone, "toy") if "notebooks" in name] == [
        "notebooks/own.ipynb"
    ]


def test_a_name_in_another_encoding_is_left_out(clone):
    name = os.fsdecode(b"workflow/caf\xe9.py")
    (clone / name).write_text("")
    git(clone, "add", "workflow")
    found, left = packed(clone)
    assert left[name] == "its name is no UTF-8"
    assert "Snakefile" in found


def test_without_git_it_is_said_what_stays_out(checkout):
    _, left = packed(checkout)
    assert [name for name in left if "bench/" in name]


def test_an_archive_holds_the_shared_form_of_a_file(clone):
    found, _ = packed(clone, changed={"Snakefile": b"another"})
    assert found["Snakefile"] == b"another"


def test_the_last_line_names_the_archive_and_its_size(tmp_path):
    target = tmp_path / "toy.zip"
    for size, said in ((2_345, "2,345 bytes"), (12_340_000, "12.3 MB")):
        target.write_bytes(b"0" * size)
        line = closing_line(target)
        assert line == f"{target.as_posix()}, {said}: it holds nothing of ingest/ and no raw file."


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


def test_each_file_that_stays_is_named_with_its_reason(tmp_path):
    files = {"own/people.tsv": f"a_{'7' * 20}", "own.npy": "x", "ingest/a.tsv": "x", "b.tsv": "x"}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert kept_back(files, tmp_path) == {
        "own/people.tsv": "it names an account, a post or a text",
        "own.npy": "no page, table or picture: it may stand for single texts",
    }


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
