"""Published counts beside takedowns of the same quarters, every number kept."""

from pathlib import Path

import pandas as pd

from hydrascope.timing.context import context_table

FOLDER = Path(__file__).parents[3] / "data/published"


def read(name):
    table = pd.read_csv(FOLDER / name, sep="\t", dtype=str, keep_default_na=False)
    return table[table["study"] == "spamouflage-2021"]


def table_of(first, last):
    posted = pd.Series(pd.to_datetime([first, last], utc=True))
    return context_table(read("claims.tsv"), read("takedowns.tsv"), posted)


def test_only_quarters_that_were_looked_at_are_shown():
    table = table_of("2021-08-01", "2021-12-01")
    disclosed = table[table["what"] == "disclosed"]
    assert set(disclosed["quarter"]) == {"2021Q3", "2021Q4"}
    youtube = disclosed[disclosed["platform"] == "youtube"].set_index("quarter")["count"]
    assert youtube.to_dict() == {"2021Q3": 3263, "2021Q4": 24139}
    assert table_of("2016-01-01", "2016-02-01")["what"].unique().tolist() == ["published"]


def test_numbers_that_disagree_all_stay():
    rows = table_of("2021-10-01", "2021-12-01")
    assert {2048, 2046, 2016} <= set(rows.loc[rows["about"] == "China, CNHU", "count"])


def test_published_counts_are_those_of_platforms():
    rows = table_of("2021-10-01", "2021-12-01")
    published = rows[rows["what"] == "published"].set_index("platform")["count"]
    assert published.to_dict() == {"facebook": 1632, "youtube": 319, "x": 60}


def test_posts_without_times_leave_the_published_counts():
    posted = pd.Series([pd.NaT], dtype="datetime64[ms, UTC]")
    table = context_table(read("claims.tsv"), read("takedowns.tsv"), posted)
    assert set(table["what"]) == {"published"}
