"""What is wrong with the list of raw files is said before one of them is read."""

import pytest

from hydrascope.errors import ConfigError
from hydrascope.ingest.listing import check_listing, unlisted

ROW = {"format": "csv:forum", "platform": "forum", "encoding": "utf-8", "sha256": ""}
MAPS = {"forum": {"records": "accounts", "fields": {"native_id": "id", "platform": "site"}}}


def study(**changed):
    affiliation = {"mode": "roster", "roster": "a.csv", "seeds": ""}
    return {
        "study": "toy",
        "truth": "",
        "truth_posts": "",
        "coded_sheets": [],
        "column_maps": MAPS,
        "scopes": {},
        "crowdtangle_zone": {},
        "affiliation": affiliation,
        **changed,
    }


def test_a_zone_that_is_none_is_said_before_a_file_is_read():
    zones = {"CST": "America/Chicago", "IST": "Asia/Calcuta"}
    said = refused(study(crowdtangle_zone=zones), rows())
    assert said.startswith("crowdtangle_zone.IST: found 'Asia/Calcuta', which is no time zone")


def rows(*names, **changed):
    return {name: {"file": name, **ROW, **changed} for name in names or ["a.csv"]}


def refused(study, rows, folder="nowhere"):
    with pytest.raises(ConfigError) as error:
        check_listing(study, rows, str(folder))
    return str(error.value)


@pytest.mark.parametrize("form", ["csv:forum", "json:forum", "crowdtangle", "x_api_v2"])
@pytest.mark.parametrize("encoding", ["utf-8", "UTF8", "utf-8-sig", "utf-16", "gb18030", "latin 1"])
def test_what_can_be_read_is_accepted(form, encoding):
    check_listing(study(), rows(format=form, encoding=encoding, sha256="0aF" * 21 + "1"), "none")


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("format", "crowdtangel", "Did you mean 'crowdtangle'?"),
        ("format", "csv:fourm", "Did you mean 'csv:forum'?"),
        ("format", "xml:forum", "column format: found 'xml:forum'"),
        ("format", "csv:", "column format: found 'csv:'"),
        ("format", "CrowdTangle", "column format: found 'CrowdTangle'"),
        ("format", "", "column format: found ''"),
        ("encoding", "utf8mb", "Did you mean 'utf8"),
        ("encoding", "gb18300", "Did you mean 'gb18030"),
        ("encoding", "", "column encoding: found ''"),
        ("encoding", "hex", "which is no encoding of text"),
        ("encoding", "punycode", "which is no encoding of text"),
        ("encoding", "utf-8\0", "which is no encoding of text"),
        ("sha256", "abc", "column sha256: found 'abc'; expected 64 hexadecimal digits"),
        ("sha256", "g" * 64, "column sha256"),
    ],
)
def test_a_wrong_cell_is_named_with_file_column_and_the_likely_one(column, value, said):
    message = refused(study(), rows(**{column: value}))
    assert message.startswith(f"config/collections.tsv, file a.csv, column {column}: ")
    assert said in message


@pytest.mark.parametrize("name", ["{study}.csv", "a{x}.csv", "{a,b*}/c.csv", "{ file }"])
def test_a_name_that_snakemake_would_fill_in_is_refused(name):
    for told in (
        (study(), rows("a.csv", name)),
        (study(), rows(), name),
        (study(truth=name), rows()),
        (study(coded_sheets=[name]), rows()),
    ):
        assert refused(*told).startswith(f"{name!r}: found a word in braces")


@pytest.mark.parametrize("name", ["a{}.csv", "{.csv", "}a{.csv", ".x.csv", "posts[1].csv", "*.csv"])
def test_any_other_name_will_do(name):
    check_listing(study(truth=name), rows("a.csv", name), name)


@pytest.mark.parametrize("name", ["seeds", "seeds.txt", "seeds.xlsx", "seeds.csv.gz"])
def test_seeds_and_sheets_are_tables(name):
    affiliation = {"mode": "detect", "roster": "", "seeds": name}
    assert "expected a file whose name ends in .tsv or .csv" in refused(
        study(affiliation=affiliation), rows()
    )
    assert refused(study(coded_sheets=[name]), rows()).startswith(f"{name!r}: found seeds or a")


def test_a_map_is_checked_though_no_file_is_read_by_it():
    field = {"column": "t", "zone": "Asia/Shangai"}
    wrong = {"records": "accounts", "fields": {"native_id": "id", "created_at": field}}
    message = refused(study(column_maps={**MAPS, "spare": wrong}), rows())
    assert "column_maps.spare.fields.created_at: found the zone 'Asia/Shangai'" in message
    assert "Did you mean 'Asia/Shanghai'?" in message


@pytest.mark.parametrize(
    ("zone", "likely"),
    [
        ("Shanghai", "Asia/Shanghai"),
        ("Asia/Bejing", ""),
        ("Europe/berlin", "Europe/Berlin"),
        ("America/New York", "America/New_York"),
        ("localtime", ""),
        ("", ""),
        ("/etc/passwd", ""),
        ("Asia", ""),
        ("UTC+8", ""),
    ],
)
def test_a_zone_that_is_none_comes_with_the_likely_one(zone, likely):
    fields = {"native_id": "id", "created_at": {"column": "t", "zone": zone}}
    message = refused(study(column_maps={"m": {"records": "accounts", "fields": fields}}), rows())
    assert f"found the zone {zone!r}" in message
    assert f"Did you mean '{likely}'" in message or not likely


def test_a_scope_of_no_format_is_named():
    message = refused(study(scopes={"crowdtangel": "cumulative"}), rows())
    assert message.startswith("config/studies/toy.yaml, scopes: found 'crowdtangel'")


def test_a_roster_that_no_row_names_is_named_with_the_likely_one():
    message = refused(study(), rows("A.csv", "b.json"))
    assert "affiliation.roster: found 'a.csv', which no row" in message
    assert "Did you mean 'A.csv'?" in message


def test_two_rows_that_lead_to_one_file_are_refused(tmp_path):
    (tmp_path / "a.csv").write_text("x")
    # as a disk has it that does not tell A from a
    (tmp_path / "A.csv").hardlink_to(tmp_path / "a.csv")
    message = refused(study(), rows("a.csv", "A.csv"), tmp_path)
    assert "found 'a.csv' and 'A.csv', which are one file on this disk" in message
    (tmp_path / "A.csv").unlink()
    (tmp_path / "A.csv").write_text("x")
    check_listing(study(), rows("a.csv", "A.csv"), str(tmp_path))


BESIDE = [
    *("README", "README.md", "readme.txt", "Read_me.rst", "LICENSE", "licence.txt", "LICENSE-MIT"),
    *("COPYING", "SHA256SUMS", "sha512sums.txt", "MD5SUMS", "checksums.txt", "CHECKSUM.sha256"),
    *("a.csv.sha256", "a.csv.md5", "a.csv.asc", "notes.md", "NOTICE", "CITATION.cff"),
    *(".hidden.csv", ".DS_Store", ".git/config", "__MACOSX/x.csv", "Thumbs.db", "desktop.ini"),
]


def test_every_file_is_named_or_such_as_lies_beside_exports(tmp_path):
    for name in (*BESIDE, "a.csv", "2021-01-01/b.json", ".x.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert unlisted(["a.csv", "2021-01-01/b.json", ".x.csv"], str(tmp_path)) == ""


def test_a_file_that_no_row_names_is_counted_and_shown_by_its_shape(tmp_path):
    for name in ("posts_17.csv", "licensed_posts.csv", "readmes.csv", "d/ann.csv", "e/王.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    line = unlisted(["readmes.csv"], str(tmp_path))
    assert line == (
        f"{tmp_path}: found 4 files that no row of config/collections.tsv names for this study "
        "(x/xxx.xxx, x/x.xxx, xxxxxxxx_xxxxx.xxx, ..., by shape); not read. List them there, "
        "or move them away."
    )
    assert "\n" not in line


def test_a_folder_that_is_not_there_holds_nothing(tmp_path):
    assert unlisted([], str(tmp_path / "none")) == ""


@pytest.mark.parametrize("name", ["X", "x ", "Ｘ", ""])
def test_a_platform_has_one_name(name):
    assert "column platform: found" in refused(study(), rows(platform=name))


def test_a_map_is_held_against_the_layout_and_the_names_of_its_files():
    maps = {
        "m": {
            "records": "posts",
            "skip": 2,
            "fields": {"account_id": {"file": "u([0-9]+)"}, "text": "t"},
        }
    }
    given = study(column_maps=maps, affiliation={"roster": "", "seeds": ""})
    check_listing(given, rows("u7.csv", format="csv:m"), "nowhere")
    assert "the name of the file" in refused(given, rows("a.csv", format="csv:m"))
    assert "in a map of JSON files" in refused(given, rows("u7.csv", format="json:m"))
