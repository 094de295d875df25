import pandas as pd
import pytest

from hydrascope.errors import ConfigError
from hydrascope.notebooks.results import Results


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "study/counts").mkdir(parents=True)
    (tmp_path / "study/counts/platforms.tsv").write_text(
        "platform\taffiliated\tpublished\tcountry\nx\t926\t\tNA\nyoutube\t319\t319\tnull\n"
    )
    pd.DataFrame({"topic": [0, 1]}).to_parquet(tmp_path / "study/counts/posts.parquet")
    return tmp_path


def test_a_table_is_read_by_its_stage_and_name(folder):
    table = Results("study", folder).table("counts/platforms.tsv")
    assert table["affiliated"].tolist() == [926, 319]
    assert table["published"].isna().tolist() == [True, False]
    # what only looks like a missing value is none
    assert table["country"].tolist() == ["NA", "null"]


def test_a_table_for_programs_is_read_as_well(folder):
    assert Results("study", folder).table("counts/posts.parquet")["topic"].tolist() == [0, 1]


def test_a_figure_is_shown_by_its_name(folder):
    (folder / "study/figures").mkdir()
    (folder / "study/figures/fig01_claims.png").write_bytes(b"\x89PNG")
    assert Results("study", folder).figure("fig01_claims").data == b"\x89PNG"


def test_a_study_that_was_not_run_says_what_to_run(folder):
    with pytest.raises(FileNotFoundError) as error:
        Results("other", folder)
    assert str(folder / "other") in str(error.value)
    assert "make study STUDY=other" in str(error.value)


def test_a_table_that_is_not_there_is_named(folder):
    with pytest.raises(FileNotFoundError, match="counts/nothing.tsv"):
        Results("study", folder).table("counts/nothing.tsv")


def test_another_checkout_s_notebook_is_refused(folder, tmp_path, monkeypatch):
    own = tmp_path / "other/workflow/hydrascope/notebooks/results.py"
    own.parent.mkdir(parents=True)
    own.touch()
    (tmp_path / "other/notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "other/notebooks")
    with pytest.raises(ConfigError, match="hydrascope from .*; expected this checkout's, in .*oth"):
        Results("study", folder)


def test_a_long_sentence_and_a_long_table_are_shown_whole(folder):
    with pd.option_context("display.max_colwidth", 50, "display.max_rows", 60):
        Results("study", folder)
        sentence = "what would make it wrong is told to its end, " * 3 + "whole"
        page = pd.DataFrame({"wrong_if": [sentence] * 200})._repr_html_()
        assert page.count(sentence) == 200 and "..." not in page
