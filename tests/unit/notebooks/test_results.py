import pandas as pd
import pytest

from hydrascope import io
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
    table = Results("study", folder).table("counts/platforms")
    assert table["affiliated"].tolist() == [926, 319]
    assert table["published"].isna().tolist() == [True, False]
    # what only looks like a missing value is none
    assert table["country"].tolist() == ["NA", "null"]


def test_a_table_for_programs_is_read_as_well(folder):
    assert Results("study", folder).table("counts/posts")["topic"].tolist() == [0, 1]


def test_a_table_for_people_is_the_one_read_where_both_are_there(folder):
    io.write_table(pd.DataFrame({"topic": [7]}), folder / "study/counts/posts.tsv")
    assert Results("study", folder).table("counts/posts")["topic"].tolist() == [7]


def test_a_study_that_was_not_run_says_what_to_run(folder):
    with pytest.raises(FileNotFoundError) as error:
        Results("other", folder)
    assert str(folder / "other") in str(error.value)
    assert "make study STUDY=other" in str(error.value)


def test_a_table_that_is_not_there_is_named(folder):
    with pytest.raises(FileNotFoundError, match="counts/nothing"):
        Results("study", folder).table("counts/nothing")
