"""Names of raw files, paths and other studies do not leave; what is left can still be read."""

import json

import pandas as pd
import pytest
import yaml

from hydrascope.config import raw_numbers
from hydrascope.errors import TableError
from hydrascope.provenance.sharing import (
    numbered_ledger,
    private_page,
    rewritten,
    shared_settings,
)
from hydrascope.yaml_file import load_yaml

FILES = ["mail/jane.doe/2021-01-02/jane-doe.csv", "posts.csv", "x/list.json"]
STUDY = {
    "study": "toy",
    "title": "A toy study",
    "raw": "/srv/jane/raw files",
    "obtain": "ask for jane-doe.csv, posts.csv of /srv/jane/raw files or see https://a.org/b/c",
    "affiliation": {"mode": "detect", "roster": "posts.csv", "seeds": "jane seeds.csv"},
    "truth": "jane-truth.tsv",
    "coded_sheets": ["/srv/jane/one.csv", "two.csv"],
    "texts": {"model": "file:/srv/jane/my vectors.parquet", "shards": 4},
    "column_maps": {"m": {"fields": {"url": {"column": "a", "pattern": "/status/([0-9]+)"}}}},
}
CANARY = "jane"


def written(folder, name, text):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def test_numbers_sort_as_the_files_do():
    assert raw_numbers(2) == ["raw-01", "raw-02"]
    assert raw_numbers(0) == []
    assert raw_numbers(120)[::60] == ["raw-001", "raw-061"]
    assert sorted(raw_numbers(1_000)) == raw_numbers(1_000)


def test_a_ledger_names_files_by_their_place():
    ledger = pd.DataFrame({"file": FILES, "records": [3, 1, 2]})
    assert numbered_ledger(ledger).values.tolist() == [["raw-01", 3], ["raw-02", 1], ["raw-03", 2]]


def test_settings_lose_names_and_paths_and_nothing_else():
    assert shared_settings(STUDY, FILES) == STUDY | {
        "raw": "raw",
        "obtain": "ask for raw-01, raw-02 of raw or see https://a.org/b/c",
        "affiliation": {"mode": "detect", "roster": "raw-02", "seeds": "seeds"},
        "truth": "truth",
        "coded_sheets": ["coded-01", "coded-02"],
        "texts": {"model": "file:(a path)", "shards": 4},
    }


@pytest.mark.parametrize(
    ("said", "shared"),
    [
        ("see /srv/jane/a.csv, then", "see (a path), then"),
        ("see ~/a or ~jane/b", "see (a path) or (a path)"),
        (r"C:\Users\jane\a b.csv", "(a path)"),
        ("file:///srv/jane/a", "(a path)"),
        (
            "either/or, 1/2, https://example.org/a/b?c=d",
            "either/or, 1/2, https://example.org/a/b?c=d",
        ),
        ("myposts.csv posts.csv-2", "myposts.csv posts.csv-2"),
        ("posts.csv.", "raw-02."),
    ],
)
def test_paths_and_files_are_found_in_a_sentence(said, shared):
    assert shared_settings({"obtain": said}, FILES)["obtain"] == shared


def test_limits_are_given_by_number():
    limits = {
        "*": {"strict": True},
        "mail/jane*": {"max_bad_share": 0.5},
        "posts.csv": {"strict": False},
    }
    assert shared_settings({"limits": limits}, FILES)["limits"] == {
        "raw-01": {"strict": True, "max_bad_share": 0.5},
        "raw-02": {"strict": False},
        "raw-03": {"strict": True},
    }
    assert shared_settings({"limits": {}}, FILES) == {"limits": {}}


def test_settings_without_files_stay_as_they_are():
    settings = {"seed": 7, "obtain": "ask", "affiliation": {"seeds": "", "roster": ""}, "truth": ""}
    assert shared_settings(settings, []) == settings


@pytest.fixture
def checkout(tmp_path):
    own = {key: value for key, value in STUDY.items() if key not in ("study", "texts")}
    written(tmp_path, "config/studies/toy.yaml", "# jane's own\n" + yaml.safe_dump(own))
    written(tmp_path, "config/config.yaml", "study: jane\nseed: 7\ntexts: {model: /srv/jane/m}\n")
    rows = ["study\tfile\tformat\tplatform\tencoding\tsnapshot\tsha256\trights"]
    rows += [f"toy\t{file}\tcsv:m\tforum\tutf-8\t\t\tmine" for file in FILES[:2]]
    rows += ["jane-2\tjane.csv\tcsv:jane\tforum\tutf-8\t\t\tjane's"]
    rows += [f"toy\t{FILES[2]}\tjson:m\tforum\tutf-8\t2021-05-06\te3b0\tmine"]
    written(tmp_path, "config/collections.tsv", "\n".join(rows) + "\n")
    claims = "study\tclaim\ntoy\taccounts\njane-2\taccounts of jane\n"
    written(tmp_path, "data/published/claims.tsv", claims)
    ledger = "file\trecords\n" + "".join(f"{file}\t1\n" for file in FILES)
    written(tmp_path, "tests/expected/toy/ingest/ledger.tsv", ledger)
    output = {"output_type": "stream", "name": "stdout", "text": ["jane"]}
    code = {"cell_type": "code", "source": ["1 + 1"], "outputs": [output], "execution_count": 3}
    text = {
        "cell_type": "markdown",
        "source": ["a text"],
        "attachments": {"a": {"image/png": "jane"}},
    }
    tagged = {"tags": ["parameters"], "papermill": {"path": "jane"}}
    notes = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "path": "jane"},
        "papermill": {"input_path": "/srv/jane/a.ipynb"},
        "widgets": {"state": "jane"},
    }
    notebook = {"cells": [code | {"metadata": tagged}, text | {"metadata": {}}], "metadata": notes}
    written(tmp_path, "notebooks/01.ipynb", json.dumps(notebook | {"nbformat": 4}))
    written(tmp_path, "README.md", "as it is")
    return tmp_path


@pytest.fixture
def shared(checkout):
    files = sorted(path for path in checkout.rglob("*") if path.is_file())
    names = [path.relative_to(checkout).as_posix() for path in files]
    return rewritten(names, study=STUDY, files=FILES, checkout=checkout)


def test_no_name_and_no_other_study_is_left(shared):
    assert len(shared) == 6
    assert [name for name, data in shared.items() if CANARY.encode() in data] == []


def test_settings_can_still_be_read(shared, tmp_path):
    for name in ("config/studies/toy.yaml", "config/config.yaml"):
        (tmp_path / "read.yaml").write_bytes(shared[name])
        found = load_yaml(tmp_path / "read.yaml")
        if name == "config/config.yaml":
            assert found == {"study": "toy", "seed": 7, "texts": {"model": "(a path)"}}
        else:
            wanted = shared_settings(STUDY, FILES)
            assert found == {key: wanted[key] for key in found} and len(found) == len(STUDY) - 2


def test_rows_are_the_studys_own_with_numbers_and_days(shared):
    lines = shared["config/collections.tsv"].decode().splitlines()
    assert [line.split("\t") for line in lines[1:]] == [
        ["toy", "raw-01", "csv:m", "forum", "utf-8", "2021-01-02", "", "mine"],
        ["toy", "raw-02", "csv:m", "forum", "utf-8", "", "", "mine"],
        ["toy", "raw-03", "json:m", "forum", "utf-8", "2021-05-06", "e3b0", "mine"],
    ]
    assert shared["data/published/claims.tsv"] == b"study\tclaim\ntoy\taccounts\n"
    ledger = shared["tests/expected/toy/ingest/ledger.tsv"].decode().splitlines()
    assert ledger == ["file\trecords", "raw-01\t1", "raw-02\t1", "raw-03\t1"]


def test_a_notebook_keeps_what_was_typed(shared):
    notebook = json.loads(shared["notebooks/01.ipynb"])
    code, text = notebook["cells"]
    assert code["source"] == ["1 + 1"] and text["source"] == ["a text"]
    assert (code["outputs"], code["execution_count"]) == ([], None)
    assert code["metadata"] == {"tags": ["parameters"]}
    assert notebook["metadata"] == {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    assert notebook["nbformat"] == 4


@pytest.mark.parametrize("text", ["", "[1]", '{"cells": 3}'])
def test_what_is_no_notebook_is_refused_with_its_name(tmp_path, text):
    written(tmp_path, "01.ipynb", text)
    with pytest.raises(TableError, match="01.ipynb: found no notebook"):
        rewritten(["01.ipynb"], study=STUDY, files=FILES, checkout=tmp_path)


@pytest.mark.parametrize(
    ("code", "private"),
    [
        ('results.table("counts/platforms.tsv")', False),
        ("results.table('ingest/ledger.tsv')", False),
        ('results.table("ingest/quarantine.tsv")', True),
        ('pd.read_parquet(results.folder / "ingest" / "posts.parquet")', True),
        ("digested = ingested", False),
    ],
)
def test_a_notebook_that_reads_people_is_known(tmp_path, code, private):
    cells = [{"cell_type": "markdown", "source": ["`ingest/`"]}]
    cells += [{"cell_type": "code", "source": ["a = 1\n", code]}]
    written(tmp_path, "01.ipynb", json.dumps({"cells": cells}))
    assert private_page(tmp_path / "01.ipynb") == private
