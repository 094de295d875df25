import pandas as pd
import pytest

from hydrascope.provenance.crate import workflow_run_crate

STUDY = {
    "study": "toy",
    "title": "A toy study",
    "simulated": True,
    "obtain": "ask the people who collected it",
    "seed": 7,
}
RUN = {
    "finished": "2026-01-02T03:04:05+00:00",
    "commit": "c" * 40,
    "changed": False,
    "python": "3.11.7",
    "machine": "Linux x86_64",
    "packages": {"snakemake": "9.18.1"},
}
RAW = pd.DataFrame({"path": ["raw-01"], "sha256": ["e" * 64], "bytes": [10]})
PACKED = pd.DataFrame(
    [
        ("Snakefile", "a" * 64, 1, "code"),
        ("config/config.yaml", "b" * 64, 2, "setting"),
        ("results/toy/counts/platforms.tsv", "c" * 64, 3, "result"),
        ("results/toy/timing/daily.parquet", "d" * 64, 4, "result"),
    ],
    columns=["path", "sha256", "bytes", "kind"],
)


@pytest.fixture
def entities():
    crate = workflow_run_crate(STUDY, RUN, raw=RAW, packed=PACKED)
    named = {entity["@id"]: entity for entity in crate["@graph"]}
    assert len(named) == len(crate["@graph"])
    return named


def references(value):
    if isinstance(value, list):
        return [name for one in value for name in references(one)]
    if isinstance(value, dict):
        return [value["@id"]] if set(value) == {"@id"} else references(list(value.values()))
    return []


def test_every_reference_leads_to_an_entity_or_out_of_the_crate(entities):
    for name in references(list(entities.values())):
        assert name in entities or name.startswith(("http://", "https://")), name


def test_each_packed_file_is_part_of_it_with_checksum_and_size(entities):
    assert references(entities["./"]["hasPart"]) == list(PACKED["path"])
    for row in PACKED.itertuples():
        entity = entities[row.path]
        assert (entity["sha256"], entity["contentSize"]) == (row.sha256, str(row.bytes))
        assert "File" in entity["@type"]
    assert entities["results/toy/counts/platforms.tsv"]["encodingFormat"].endswith("values")


def test_the_run_says_what_went_in_and_what_came_out(entities):
    run = entities["#run"]
    assert references(run["object"]) == ["#raw/raw-01", "config/config.yaml"]
    assert references(run["result"]) == list(PACKED["path"][2:])
    assert run["instrument"] == entities["./"]["mainEntity"] == {"@id": "Snakefile"}
    assert run["endTime"] == RUN["finished"]
    assert RUN["commit"] in run["description"] and "changed" not in run["description"]


def test_raw_files_are_named_and_not_packed(entities):
    raw = entities["#raw/raw-01"]
    assert raw["sha256"] == "e" * 64
    assert "File" not in raw["@type"]
    assert STUDY["obtain"] in entities["./"]["description"]


@pytest.mark.parametrize("simulated", [True, False])
def test_a_simulated_collection_is_called_so(simulated):
    crate = workflow_run_crate(STUDY | {"simulated": simulated}, RUN, raw=RAW, packed=PACKED)
    [root] = [entity for entity in crate["@graph"] if entity["@id"] == "./"]
    assert root["description"].startswith("Simulated collection") == simulated


def test_a_checkout_without_git_or_with_changes_says_so():
    run = RUN | {"commit": "", "changed": True}
    crate = workflow_run_crate(STUDY, run, raw=RAW, packed=PACKED)
    [told] = [entity["description"] for entity in crate["@graph"] if entity["@id"] == "#run"]
    assert told.startswith("Commit unknown, changed; Python 3.11.7")
