import random
import re
from pathlib import Path

import pandas as pd
import pytest

from hydrascope import io
from hydrascope.errors import TableError
from hydrascope.provenance.manifest import manifest
from hydrascope.verify.reference import refresh, verify

NAMES = ["counts/platforms.tsv", "timing/daily.tsv"]
REFERENCE = Path(__file__).parents[2] / "expected"
TABLES = sorted(file for file in REFERENCE.rglob("*") if file.suffix in (".tsv", ".csv"))
NO_RAW = pd.DataFrame(columns=["file", "sha256", "bytes"])


class Study:
    """A finished study of two tables and its reference, which agree."""

    def __init__(self, folder):
        self.results, self.expected = folder / "results", folder / "expected"
        self.tolerances = folder / "tolerances.yaml"
        self.manifest = self.results / "manifest.tsv"
        self.tolerances.write_text("timing/daily.tsv: {share: 0.01}\n")
        for root in (self.results, self.expected):
            self.write(root, NAMES[0], "platform\tcollected\nx\t926\nyoutube\t319\n")
            self.write(root, NAMES[1], "day\tshare\n2020-01-01\t0.500000\n")
        self.sign()

    def write(self, root, name, text):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)

    def sign(self):
        files = [self.results / name for name in NAMES]
        io.write_table(manifest(NO_RAW, [], self.results, files), self.manifest)

    def change(self, name, old, new):
        file = self.results / name
        file.write_text(file.read_text().replace(old, new))
        self.sign()

    def verify(self, names=NAMES):
        verify(
            self.results,
            self.expected,
            names=names,
            tolerances=self.tolerances,
            manifest=self.manifest,
        )

    def refresh(self):
        refresh(self.results, self.expected, names=NAMES, tolerances=self.tolerances)


@pytest.fixture
def study(tmp_path):
    return Study(tmp_path)


def test_results_as_expected_pass_with_a_line_each(study, capsys):
    study.verify()
    assert capsys.readouterr().out.splitlines() == [
        *(f"as expected  table   {name}" for name in NAMES),
        "",
        f"{study.results} passes: 2 tables as expected, and no file changed since the run.",
    ]


def test_a_changed_cell_fails_and_is_shown(study, capsys):
    study.change(NAMES[0], "926", "925")
    with pytest.raises(TableError, match="found 1 departures"):
        study.verify()
    out = capsys.readouterr().out
    assert "differs      table   counts/platforms.tsv" in out
    assert "as expected  table   timing/daily.tsv" in out
    assert "row 1, column collected: found '925', expected '926'" in out


def test_each_claim_and_figure_has_its_line(study, capsys):
    claims = "claim\treproduced\tlow\thigh\tverdict\n"
    claims += "accounts\t926\t900\t950\tconsistent\nvideos\t\t\t\tnot testable\n"
    names = ["counts/claims.tsv", "figures/fig01_claims.csv"]
    for root in (study.results, study.expected):
        study.write(root, names[0], claims)
        study.write(root, names[1], "claim,published\naccounts,2009\n")
    study.write(study.results, names[0], claims.replace("950", "951"))
    with pytest.raises(TableError, match="found 1 departures"):
        study.verify(names)
    assert capsys.readouterr().out.splitlines() == [
        "differs      claim   accounts: 926 (900 to 950), consistent",
        "    row 1, column high: found '951', expected '950'",
        "as expected  claim   videos: none, not testable",
        "as expected  figure  figures/fig01_claims.csv",
        "",
        f"{study.results} fails, of 2 claims, 1 figure:",
        "    claim   accounts: 926 (900 to 950), consistent",
    ]


def test_each_failure_is_named_again_at_the_end(study, capsys):
    study.change(NAMES[0], "926", "925")
    with (study.results / NAMES[1]).open("a") as stream:
        stream.write("2020-01-02\t0.1\n")
    with pytest.raises(TableError, match="found 3 departures"):
        study.verify()
    assert capsys.readouterr().out.splitlines()[-4:] == [
        f"{study.results} fails, of 2 tables:",
        f"    table   {NAMES[0]}",
        f"    table   {NAMES[1]}",
        f"    file    {NAMES[1]}",
    ]


@pytest.mark.parametrize("table", TABLES, ids=lambda file: str(file.relative_to(REFERENCE)))
def test_one_number_changed_anywhere_is_caught_in_every_table(table, study, capsys):
    """Even where the manifest was made to agree with the change."""
    chance = random.Random(str(table.relative_to(REFERENCE)))
    name = "/".join(table.relative_to(REFERENCE).parts[1:])
    lines = table.read_text(encoding="utf-8").split("\n")
    numbers = [
        (row, *found.span(1))
        for row, line in enumerate(lines[1:], start=1)
        for found in re.finditer(r"(?:^|(?<=[\t,]))-?([0-9]+(?:\.[0-9]+)?)(?=[\t,]|$)", line)
    ]
    if numbers:
        row, start, end = chance.choice(numbers)
        digits = lines[row][start:end]
        # As far as a slip of one key goes: the first digit is another one.
        other = str((int(digits[0]) + chance.randint(1, 9)) % 10)
        lines[row] = lines[row][:start] + other + digits[1:] + lines[row][end:]
    else:
        lines.insert(1, lines[0])
    study.write(study.expected, name, table.read_text(encoding="utf-8"))
    study.write(study.results, name, "\n".join(lines))
    study.tolerances.write_text((REFERENCE / "tolerances.yaml").read_text())
    study.sign()
    with pytest.raises(TableError, match="found 1 departures"):
        study.verify([name])
    assert capsys.readouterr().out.count("differs ") == 1


@pytest.mark.parametrize(("share", "fails"), [("0.504000", False), ("0.506000", True)])
def test_the_stated_tolerance_is_used_and_no_other(study, share, fails):
    study.change(NAMES[1], "0.500000", share)
    if fails:
        with pytest.raises(TableError):
            study.verify()
    else:
        study.verify()


def test_a_tolerance_of_one_table_does_not_excuse_another(study):
    study.tolerances.write_text("timing/daily.tsv: {collected: 0.5}\n")
    study.change(NAMES[0], "926", "925")
    with pytest.raises(TableError):
        study.verify()


def test_a_table_without_a_reference_fails(study, capsys):
    (study.expected / NAMES[0]).unlink()
    with pytest.raises(TableError):
        study.verify()
    assert "there is no" in capsys.readouterr().out


def test_a_result_edited_after_the_run_fails_even_within_its_tolerance(study, capsys):
    file = study.results / NAMES[1]
    file.write_text(file.read_text().replace("0.500000", "0.500001"))
    with pytest.raises(TableError):
        study.verify()
    out = capsys.readouterr().out
    assert "changed since the run  timing/daily.tsv" in out
    assert "differs" not in out


def test_long_lists_of_departures_are_cut_but_counted(study, capsys):
    rows = range(20)
    for root, shift in ((study.results, 1), (study.expected, 0)):
        lines = [f"p{row}\t{row + shift}\n" for row in rows]
        study.write(root, NAMES[0], "platform\tcollected\n" + "".join(lines))
    study.sign()
    with pytest.raises(TableError, match="found 20 departures"):
        study.verify()
    out = capsys.readouterr().out
    assert "row 5," in out and "row 6," not in out and "and 15 more" in out


def test_refresh_shows_the_differences_and_then_replaces(study, capsys):
    study.change(NAMES[0], "926", "925")
    before = (study.results / NAMES[0]).read_bytes()
    study.refresh()
    out = capsys.readouterr().out
    assert "1 differences  table   counts/platforms.tsv" in out
    assert "found '925', expected '926'" in out
    assert "0 differences  table   timing/daily.tsv" in out
    assert (study.expected / NAMES[0]).read_bytes() == before
    assert (study.results / NAMES[0]).read_bytes() == before
    study.verify()


def test_refresh_makes_a_reference_where_there_was_none(study, capsys):
    (study.expected / NAMES[1]).unlink()
    (study.expected / "timing").rmdir()
    study.refresh()
    assert "there is no" in capsys.readouterr().out
    assert (study.expected / NAMES[1]).read_bytes() == (study.results / NAMES[1]).read_bytes()


def test_a_result_that_is_gone_is_named_and_not_a_crash(study):
    (study.results / NAMES[0]).unlink()
    with pytest.raises(TableError, match="departures"):
        study.verify()
