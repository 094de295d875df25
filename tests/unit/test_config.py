"""The configuration: closed, described, and errors that name the key."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from hydrascope.config import (
    beside_raw,
    file_limits,
    foreign_files,
    foreign_line,
    missing_raw,
    raw_files,
    raw_folder,
    study_config,
    unused_limits,
)
from hydrascope.errors import ConfigError

CONFIG = Path(__file__).resolve().parents[2] / "config"
SCHEMA = yaml.safe_load((CONFIG / "schema.yaml").read_text(encoding="utf-8"))
STUDY = {
    "title": "Toy",
    "collection": "toy-1",
    "simulated": True,
    "pseudonyms": "public",
    "raw": "data/toy",
    "obtain": "ask for it",
    "affiliation": {"mode": "roster", "roster": "users.csv"},
}
METHODS = yaml.safe_load((CONFIG / "config.yaml").read_text(encoding="utf-8")) | {"study": "toy"}


@pytest.fixture
def settings(tmp_path):
    """Join methods with the toy study, both given as they stand in their files."""
    (tmp_path / "studies").mkdir()
    shutil.copy(CONFIG / "schema.yaml", tmp_path)

    def join(methods=METHODS, study=STUDY):
        (tmp_path / "studies" / "toy.yaml").write_text(yaml.safe_dump(study), encoding="utf-8")
        return study_config(methods, tmp_path)

    return join


def without(mapping, key):
    return {name: value for name, value in mapping.items() if name != key}


def objects(schema, path=()):
    """Every object of the schema below `path`, with its path."""
    yield path, schema
    for name, value in schema.get("properties", {}).items():
        yield from objects(value, (*path, name))


KEYS = [
    (path, schema)
    for part in ("methods", "study")
    for path, schema in objects(SCHEMA["$defs"][part], (part,))
    if len(path) > 1
]


def test_methods_and_study_are_joined(settings):
    # Keys that most studies do without; the schema says what they then are.
    unsaid = {
        "scopes": {},
        "limits": {},
        "platform_starts": {},
        "crowdtangle_zone": {},
        "column_maps": {},
        "truth": "",
        "truth_posts": "",
    }
    unsaid["coded_sheets"] = []
    assert settings() == {
        **METHODS,
        **STUDY,
        **unsaid,
        "affiliation": {**STUDY["affiliation"], "seeds": ""},
    }


@pytest.mark.parametrize(("path", "schema"), KEYS, ids=lambda part: ".".join(map(str, part)))
def test_every_key_is_described(path, schema):
    assert re.fullmatch(r"(?s)\S.{9,}\.", schema["description"].strip()), path


@pytest.mark.parametrize(("path", "schema"), KEYS, ids=lambda part: ".".join(map(str, part)))
def test_every_group_of_keys_is_closed_and_all_its_keys_are_required(path, schema):
    # no default hides in the code: what a file does not say is not set
    if "properties" in schema:
        assert schema["additionalProperties"] is False, path
        keys = schema["properties"]
        without_default = [name for name, entry in keys.items() if "default" not in entry]
        assert sorted(schema["required"]) == sorted(without_default), path
    else:
        assert schema.keys() & {"type", "enum"}, path


@pytest.mark.parametrize("part", ["methods", "study"])
def test_every_key_of_both_sets_is_required(part):
    keys = SCHEMA["$defs"][part]["properties"]
    without_default = [name for name, entry in keys.items() if "default" not in entry]
    assert sorted(SCHEMA["$defs"][part]["required"]) == sorted(without_default)


@pytest.mark.parametrize("study", sorted(path.stem for path in CONFIG.glob("studies/*.yaml")))
def test_every_study_of_the_repository_is_complete(study):
    settings = study_config({**METHODS, "study": study}, CONFIG)
    files = raw_files(CONFIG / "collections.tsv", study)
    assert settings["study"] == study
    assert settings["affiliation"]["roster"] in files or settings["affiliation"]["seeds"]
    assert all(re.fullmatch("[0-9a-f]{64}", row["sha256"]) for row in files.values())


def test_limits_of_a_file_are_those_of_the_last_entry_that_means_it(settings):
    limits = {
        "*": {"max_bad_share": 0.1},
        "youtube/*.json": {"max_bad_share": 0.3, "strict": False},
        "a[1].csv": {"strict": True},
    }
    study = settings(study={**STUDY, "limits": limits})
    assert file_limits(study, "users.csv") == {**METHODS["ingest"], "max_bad_share": 0.1}
    assert file_limits(study, "youtube/2021-04-22/a.json")["max_bad_share"] == 0.3
    # A name with brackets is that name.
    assert file_limits(study, "a[1].csv")["strict"] is True
    assert file_limits(study, "a1.csv")["strict"] is METHODS["ingest"]["strict"]
    assert file_limits(settings(), "users.csv") == METHODS["ingest"]


@pytest.mark.parametrize("day", ["2021-02-30", "1200-01-01", "2013", 2013])
def test_the_day_on_which_a_platform_opened_is_a_day(settings, day):
    study = settings(study={**STUDY, "platform_starts": {"telegram": "2013-08-14"}})
    assert study["platform_starts"] == {"telegram": "2013-08-14"}
    with pytest.raises(ConfigError, match="platform_starts"):
        settings(study={**STUDY, "platform_starts": {"telegram": day}})


def test_limits_that_mean_no_file_are_named(settings):
    study = settings(
        study={**STUDY, "limits": {"*": {"strict": True}, "user.csv": {"strict": True}}}
    )
    assert "limits: found 'user.csv'" in unused_limits(study, ["users.csv"])
    assert unused_limits(settings(), ["users.csv"]) == ""


@pytest.mark.parametrize("entry", [{}, {"strickt": True}, {"max_bad_share": 2}, 0.3])
def test_limits_of_a_file_are_checked(settings, entry):
    with pytest.raises(ConfigError, match="limits"):
        settings(study={**STUDY, "limits": {"users.csv": entry}})


def test_an_unknown_key_of_the_methods_is_named_with_the_likely_one(settings):
    with pytest.raises(ConfigError, match=r"unknown key 'sed'\. Did you mean 'seed'\?"):
        settings(methods={**METHODS, "sed": 1})


def test_an_unknown_key_of_a_study_is_named_with_the_likely_one(settings):
    with pytest.raises(
        ConfigError, match=r"studies/toy\.yaml: unknown key 'colection'\. Did you mean 'collection'"
    ):
        settings(study={**STUDY, "colection": "c"})


def test_an_unknown_key_within_a_group_is_named_with_its_group(settings):
    methods = {**METHODS, "ingest": {**METHODS["ingest"], "strickt": True}}
    with pytest.raises(
        ConfigError, match=r"unknown key 'ingest\.strickt'\. Did you mean 'strict'\?"
    ):
        settings(methods=methods)


def test_an_unknown_key_like_no_other_comes_with_the_known_ones(settings):
    affiliation = {**STUDY["affiliation"], "zzz": 1}
    with pytest.raises(
        ConfigError, match=r"unknown key 'affiliation\.zzz'\. Known: mode, roster, seeds\."
    ):
        settings(study={**STUDY, "affiliation": affiliation})


@pytest.mark.parametrize("key", without(METHODS, "study"))
def test_a_missing_key_of_the_methods_is_named_and_no_other(settings, key):
    with pytest.raises(ConfigError, match=f"found no key '{key}'") as error:
        settings(methods=without(METHODS, key))
    # a message that recites every setting hides the one that is missing
    assert len(str(error.value)) < 200


@pytest.mark.parametrize("key", STUDY)
def test_a_missing_key_of_a_study_is_named_and_no_other(settings, key):
    with pytest.raises(ConfigError, match=f"found no key '{key}'") as error:
        settings(study=without(STUDY, key))
    assert len(str(error.value)) < 200


def test_a_missing_key_within_a_group_is_named_with_its_group(settings):
    methods = {**METHODS, "texts": without(METHODS["texts"], "shards")}
    with pytest.raises(ConfigError, match=r"found no key 'texts\.shards'"):
        settings(methods=methods)


def test_without_a_study_the_known_ones_are_named(settings):
    settings()
    with pytest.raises(ConfigError, match=r"study: found None; expected one of toy\."):
        settings(methods=without(METHODS, "study"))


@pytest.mark.parametrize(
    ("group", "key", "value"),
    [
        ("ingest", "max_bad_share", 1.01),
        ("ingest", "max_bad_share", -0.01),
        ("ingest", "max_unpacked_gib", 0),
        ("ingest", "strict", "no"),
        ("texts", "shards", 0),
        ("texts", "shards", 1001),
        ("texts", "decimals", 1),
        ("texts", "decimals", 8),
        ("texts", "model", "bert"),
    ],
)
def test_a_value_out_of_range_is_named_with_its_key(settings, group, key, value):
    methods = {**METHODS, group: {**METHODS[group], key: value}}
    with pytest.raises(ConfigError, match=rf", {group}\.{key}: found {value!r}; it must "):
        settings(methods=methods)


@pytest.mark.parametrize(
    ("group", "key", "value"),
    [
        ("ingest", "max_bad_share", 0),
        ("ingest", "max_bad_share", 1),
        ("texts", "shards", 1000),
        ("texts", "decimals", 2),
        ("texts", "decimals", 7),
    ],
)
def test_the_ends_of_a_range_belong_to_it(settings, group, key, value):
    methods = {**METHODS, group: {**METHODS[group], key: value}}
    assert settings(methods=methods)[group][key] == value


@pytest.mark.parametrize("name", ["Toy", "-toy", "to y", ""])
def test_a_collection_has_a_plain_name(settings, name):
    with pytest.raises(ConfigError, match=r"studies/toy\.yaml, collection: found .* it must match"):
        settings(study={**STUDY, "collection": name})


def test_a_study_cannot_change_a_method(settings):
    with pytest.raises(
        ConfigError, match=r"studies/toy\.yaml, seed: found a method's key; .* config/config\.yaml"
    ):
        settings(study={**STUDY, "seed": 1})


def test_an_unknown_study_comes_with_the_known_ones(settings):
    settings()
    with pytest.raises(ConfigError, match=r"study: found 'tyo'; expected one of toy\. Write"):
        settings(methods={**METHODS, "study": "tyo"})


def test_an_empty_study_file_is_an_error_a_user_can_read(settings):
    with pytest.raises(ConfigError, match=r"studies/toy\.yaml"):
        settings(study=None)


HEADER = "study\tfile\tformat\tplatform\tencoding\tsnapshot\tsha256\trights\n"


def test_raw_files_are_those_of_the_study_in_the_order_of_the_table(tmp_path):
    table = tmp_path / "collections.tsv"
    table.write_text(
        HEADER
        + "a\tz.csv\tf\tx\tutf-8\t2020-01-01\t\tr\n"
        + "b\tm.csv\tf\tx\tutf-8\t2020-01-01\t\tr\n"
        + "a\ty.csv\tg\tNA\tgbk\t2020-01-02\t0012\tq\n",
        encoding="utf-8",
    )
    rows = raw_files(table, "a")
    assert list(rows) == ["z.csv", "y.csv"]
    assert rows["y.csv"] == {
        "file": "y.csv",
        "format": "g",
        "platform": "NA",
        "encoding": "gbk",
        "snapshot": "2020-01-02",
        "sha256": "0012",
        "rights": "q",
    }
    assert rows["z.csv"]["sha256"] == ""


def test_a_study_without_raw_files_is_named(tmp_path):
    table = tmp_path / "collections.tsv"
    table.write_text(HEADER, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"collections\.tsv: found no row for the study 'a'"):
        raw_files(table, "a")


def test_a_raw_file_listed_twice_is_named(tmp_path):
    table = tmp_path / "collections.tsv"
    row = "\tz.csv\tf\tx\tutf-8\t2020-01-01\t\tr\n"
    table.write_text(HEADER + f"a{row}b{row}a{row}", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"found 'z\.csv' twice for the study 'a'"):
        raw_files(table, "a")
    assert list(raw_files(table, "b")) == ["z.csv"]


@pytest.mark.parametrize("end", ["", "\tr\tmore"])
def test_a_row_with_another_number_of_cells_is_named(tmp_path, end):
    table = tmp_path / "collections.tsv"
    row = f"a\tz.csv\tf\tx\tutf-8\t2020-01-01\t{end}\n"
    table.write_text(HEADER + row, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"z\.csv"):
        raw_files(table, "a")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_table_may_come_from_any_system(tmp_path, end):
    table = tmp_path / "collections.tsv"
    text = HEADER + "a\tz.csv\tf\tx\tutf-8\t2020-01-01\t\tr\n"
    table.write_bytes(text.replace("\n", end).encode())
    assert raw_files(table, "a")["z.csv"]["rights"] == "r"


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({}, "data/toy"),
        ({"HYDRASCOPE_RAW": ""}, "data/toy"),
        ({"HYDRASCOPE_RAW": "/else/where"}, "/else/where"),
        ({"HYDRASCOPE_RAW": "/else/where/"}, "/else/where"),
    ],
)
def test_the_environment_goes_before_the_study_s_folder(environ, folder):
    assert raw_folder(STUDY, environ) == folder


def test_the_first_missing_raw_file_is_named_with_how_to_get_it(tmp_path):
    (tmp_path / "a.csv").touch()
    study = {**STUDY, "study": "toy"}
    line = missing_raw(study, str(tmp_path), ["a.csv", "b.csv", "c.csv"])
    assert line == f"study toy: b.csv is not in {tmp_path}. To get it, ask for it."


def test_nothing_is_said_where_every_raw_file_is_there(tmp_path):
    (tmp_path / "a.csv").touch()
    assert missing_raw({**STUDY, "study": "toy"}, str(tmp_path), ["a.csv"]) == ""


def listed(tmp_path, file, snapshot):
    table = tmp_path / "collections.tsv"
    table.write_text(f"{HEADER}a\t{file}\tf\tx\tutf-8\t{snapshot}\t\tr\n", encoding="utf-8")
    return raw_files(table, "a")[file]["snapshot"]


def test_a_file_in_a_folder_named_by_a_day_was_taken_on_that_day(tmp_path):
    assert listed(tmp_path, "youtube/2021-04-22/channels.json", "") == "2021-04-22"
    assert listed(tmp_path, "2020-01-01/2021-04-22/a.json", "2021-04-22") == "2021-04-22"
    assert listed(tmp_path, "youtube/2021-04-22.json", "2021-04-23") == "2021-04-23"


@pytest.mark.parametrize(
    ("file", "snapshot", "said"),
    [
        ("2021-04-22/a.json", "2021-04-23", "found '2021-04-23'; expected 2021-04-22, the day"),
        ("a.json", "", "found ''; expected the day on which a.json was taken, as YYYY-MM-DD"),
        ("a.json", "22/04/2021", "found '22/04/2021'; expected the day"),
        ("2021-02-30/a.json", "", "found '2021-02-30'; expected the day"),
        ("0001-01-01/a.json", "", "found '0001-01-01'; expected the day"),
        ("a.json", "9999-12-31", "found '9999-12-31'; expected the day"),
        ("../a.json", "2021-04-22", "column file: found '../a.json'; expected a path below"),
        ("/tmp/a.json", "2021-04-22", "column file: found '/tmp/a.json'; expected a path below"),
    ],
)
def test_a_wrong_snapshot_or_place_is_named_with_row_and_column(tmp_path, file, snapshot, said):
    with pytest.raises(ConfigError) as error:
        listed(tmp_path, file, snapshot)
    assert "collections.tsv, row 1, column " in str(error.value)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("column_map", "said"),
    [
        ({"records": "posts"}, "fields"),
        ({"records": "tweets", "fields": {"account_id": "a"}}, "records"),
        ({"records": "posts", "fields": {}}, "fields"),
        ({"records": "posts", "fields": {"text": {"colum": "a"}}}, "text"),
        ({"records": "posts", "fields": {"text": {"column": "a", "constant": "b"}}}, "text"),
        ({"records": "posts", "delimiter": ";;", "fields": {"account_id": "a"}}, "delimiter"),
    ],
)
def test_a_wrong_column_map_is_named(settings, column_map, said):
    with pytest.raises(ConfigError, match=said):
        settings(study={**STUDY, "column_maps": {"forum": column_map}})


def test_a_scope_is_one_of_two(settings):
    study = {**STUDY, "scopes": {"youtube_api": "whole release"}}
    assert settings(study=study)["scopes"] == {"youtube_api": "whole release"}
    with pytest.raises(ConfigError, match="youtube_api"):
        settings(study={**STUDY, "scopes": {"youtube_api": "all"}})


@pytest.mark.parametrize(("mode", "needed"), [("roster", "roster"), ("detect", "seeds")])
def test_a_mode_of_affiliation_without_its_file_is_named(settings, mode, needed):
    with pytest.raises(ConfigError, match=f"found the mode {mode} without '{needed}'"):
        settings(study={**STUDY, "affiliation": {"mode": mode}})


def test_files_beside_the_raw_ones_are_the_seeds_and_the_truth(settings):
    assert beside_raw(settings()) == []
    simulated = {**STUDY, "affiliation": {"mode": "detect", "seeds": "s.csv"}, "truth": "t.tsv"}
    assert beside_raw(settings(study=simulated)) == ["s.csv", "t.tsv"]


@pytest.mark.parametrize(("mode", "left"), [("roster", "seeds"), ("detect", "roster")])
def test_a_file_left_over_from_the_other_mode_is_named(settings, mode, left):
    affiliation = {"mode": mode, "roster": "r.csv", "seeds": "s.csv"}
    with pytest.raises(ConfigError, match=rf"affiliation\.{left}: found it beside the mode {mode}"):
        settings(study={**STUDY, "affiliation": affiliation})


@pytest.mark.parametrize(
    "name", ["a/b", "../toy", "{study}", ".toy", "a*", "", "a\nb", "-n", " toy"]
)
def test_a_study_that_no_folder_should_be_called_is_refused(settings, name):
    with pytest.raises(ConfigError, match="^study: found the name"):
        settings(methods=METHODS | {"study": name})


@pytest.mark.parametrize("name", ["toy-2", "toy 2", "toy.2_b", "微博", "2021"])
def test_a_study_may_have_any_plain_name(tmp_path, settings, name):
    settings()
    shutil.copy(tmp_path / "studies/toy.yaml", tmp_path / f"studies/{name}.yaml")
    given = int(name) if name.isdecimal() else name
    assert study_config(METHODS | {"study": given}, tmp_path)["study"] == name


@pytest.mark.parametrize("file", ["./a.csv", "a//b.csv", "a/./b.csv", "a/", ".", "a/../b.csv", ""])
def test_a_file_has_one_way_to_be_written(tmp_path, file):
    with pytest.raises(ConfigError, match="column file: found "):
        listed(tmp_path, file, "2021-04-22")


NAMES = [".x.csv", "posts[1].csv", "a{}b.csv", "{study}.csv", "100%.csv", "what?.csv", "*.csv"]
NAMES += [
    "it's.csv",
    '"q".csv',
    "-rf.csv",
    "caf\u00e9.csv",
    "cafe\u0301.csv",
    "a b.csv",
    "$HOME.csv",
]


@pytest.mark.parametrize("file", NAMES)
def test_a_file_may_be_called_anything(tmp_path, file):
    assert listed(tmp_path, file, "2021-04-22") == "2021-04-22"


def test_the_public_key_is_for_nobody_who_is_real(settings):
    with pytest.raises(ConfigError, match="pseudonyms: found public with simulated: false; expect"):
        settings(study=STUDY | {"simulated": False})
    for kind, simulated in (("keyed", False), ("keyed", True), ("public", True)):
        settings(study=STUDY | {"simulated": simulated, "pseudonyms": kind})


ROWS = [{"file": "a b/one.csv", "sha256": "1" * 64}, {"file": "two.csv", "sha256": "2" * 64}]


@pytest.mark.parametrize(
    ("sums", "foreign"),
    [
        (f"{'1' * 64}  a b/one.csv\n{'2' * 64} *two.csv\n", []),
        (f"{'1' * 64}  a b/one.csv\n{'3' * 64}  two.csv\n", ["two.csv"]),
        (f"{'2' * 64}  a b/one.csv\n{'1' * 64}  two.csv\n", ["a b/one.csv", "two.csv"]),
        ("\xff\n\n", ["a b/one.csv", "two.csv"]),
        (None, ["a b/one.csv", "two.csv"]),
    ],
)
def test_files_that_a_simulated_study_did_not_come_with_are_known(tmp_path, sums, foreign):
    if sums is not None:
        (tmp_path / "SHA256SUMS").write_text(sums, encoding="latin-1")
    study = STUDY | {"raw": str(tmp_path), "study": "toy"}
    assert foreign_files(study, ROWS) == foreign
    assert foreign_files(study | {"simulated": False}, ROWS) == []


def test_a_file_without_a_checksum_is_not_vouched_for(tmp_path):
    (tmp_path / "SHA256SUMS").write_text("  two.csv\n", encoding="utf-8")
    study = STUDY | {"raw": str(tmp_path), "study": "toy"}
    assert foreign_files(study, [{"file": "two.csv", "sha256": ""}]) == ["two.csv"]


def test_files_that_are_not_vouched_for_are_named_loudly():
    study = STUDY | {"study": "toy"}
    assert foreign_line(study, []) == ""
    line = foreign_line(study, ["two.csv", "three.csv"])
    assert "2 of its raw files" in line and "the first is two.csv" in line
    assert "Everybody has the key" in line and "simulated: false" in line
    assert "Everybody" not in foreign_line(study | {"pseudonyms": "keyed"}, ["two.csv"])


def test_every_bundled_raw_file_came_with_its_collection():
    study = yaml.safe_load((CONFIG / "studies/spamouflage-2021.yaml").read_text(encoding="utf-8"))
    study["raw"] = str(CONFIG.parent / study["raw"])
    rows = raw_files(CONFIG / "collections.tsv", "spamouflage-2021").values()
    assert rows and foreign_files(study, rows) == []
