import hashlib
from pathlib import Path

import pandas as pd
import pytest

from hydrascope.provenance.manifest import changed_files, file_table, manifest

RAW = pd.DataFrame({"file": ["z.csv", "a.zip"], "sha256": ["f" * 64, "0" * 64], "bytes": [12, 345]})


@pytest.fixture
def results(tmp_path):
    (tmp_path / "results/timing").mkdir(parents=True)
    (tmp_path / "results/timing/daily.tsv").write_bytes(b"day\taccounts\n")
    (tmp_path / "results/report.html").write_bytes("ข้อความ".encode())
    (tmp_path / "results/empty.tsv").write_bytes(b"")
    return tmp_path / "results"


def outputs(results):
    return sorted(file for file in results.rglob("*") if file.is_file())


def test_digests_and_sizes_are_those_of_the_bytes(results):
    listed = manifest(RAW, [], results, outputs(results)).query("kind == 'result'")
    assert list(listed["path"]) == ["empty.tsv", "report.html", "timing/daily.tsv"]
    for row in listed.itertuples():
        data = (results / row.path).read_bytes()
        assert row.sha256 == hashlib.sha256(data).hexdigest()
        assert row.bytes == len(data)


def test_a_large_file_is_hashed_whole(tmp_path):
    data = b"x" * 3_000_000 + b"y"
    (tmp_path / "large").write_bytes(data)
    [row] = manifest(RAW[:0], [], tmp_path, [tmp_path / "large"]).itertuples()
    assert row.sha256 == hashlib.sha256(data).hexdigest()


def test_inputs_settings_and_results_are_listed_once_each_and_sorted(
    results, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config").mkdir()
    setting = tmp_path / "config/config.yaml"
    setting.write_text("seed: 1\n")
    files = outputs(results)[::-1]
    listed = manifest(RAW, [setting.relative_to(tmp_path)], results, files)
    assert list(listed.columns) == ["kind", "path", "sha256", "bytes"]
    assert listed[["kind", "path"]].values.tolist() == [
        ["raw", "raw-01"],
        ["raw", "raw-02"],
        ["result", "empty.tsv"],
        ["result", "report.html"],
        ["result", "timing/daily.tsv"],
        ["setting", "config/config.yaml"],
    ]
    assert listed.loc[1, ["sha256", "bytes"]].tolist() == ["0" * 64, 345]
    assert listed.loc[5, "sha256"] == hashlib.sha256(b"seed: 1\n").hexdigest()


def test_a_setting_is_listed_in_the_form_that_is_shared(results, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.yaml").write_text("raw: a person's name\n")
    changed = {"own.yaml": b"raw: raw\n"}
    [row] = manifest(RAW[:0], [Path("own.yaml")], results, [], changed).itertuples()
    assert (row.sha256, row.bytes) == (hashlib.sha256(changed["own.yaml"]).hexdigest(), 9)


def test_each_file_of_a_folder_is_listed_and_no_date_of_snakemakes(results):
    (results / "timing/.snakemake_timestamp").write_bytes(b"")
    listed = manifest(RAW[:0], [], results, [results / "timing", results / "empty.tsv"])
    assert list(listed["path"]) == ["empty.tsv", "timing/daily.tsv"]


def test_nothing_is_changed_right_after_the_run(results):
    assert changed_files(manifest(RAW, [], results, outputs(results)), results) == []


@pytest.mark.parametrize("name", ["timing/daily.tsv", "report.html"])
@pytest.mark.parametrize("place", [0, -1])
def test_one_changed_byte_is_noticed(results, name, place):
    listed = manifest(RAW, [], results, outputs(results))
    data = bytearray((results / name).read_bytes())
    data[place] ^= 1
    (results / name).write_bytes(data)
    assert changed_files(listed, results) == [name]


def test_a_missing_file_and_an_added_byte_are_noticed(results):
    listed = manifest(RAW, [], results, outputs(results))
    (results / "report.html").unlink()
    (results / "empty.tsv").write_bytes(b"\n")
    assert changed_files(listed, results) == ["empty.tsv", "report.html"]


def test_a_file_replaced_by_a_folder_is_noticed(results):
    listed = manifest(RAW, [], results, outputs(results))
    (results / "empty.tsv").unlink()
    (results / "empty.tsv").mkdir()
    assert changed_files(listed, results) == ["empty.tsv"]


def test_raw_files_are_not_looked_for_among_the_results(tmp_path):
    assert changed_files(manifest(RAW, [], tmp_path, []), tmp_path) == []


def test_files_are_listed_with_their_checksums_in_their_order(tmp_path):
    for name in ("b", "a"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    table = file_table([tmp_path / "b", tmp_path / "a"])
    assert table["path"].to_list() == [f"{tmp_path}/b", f"{tmp_path}/a"]
    assert table["bytes"].to_list() == [1, 1]
    assert table["sha256"].to_list() == [hashlib.sha256(name).hexdigest() for name in (b"b", b"a")]
