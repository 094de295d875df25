"""The published tables are whole: a source for each row, and words quoted that hold the number."""

import re
from datetime import date
from pathlib import Path

import pandas as pd

FOLDER = Path(__file__).parents[3] / "data/published"


def read(name):
    return pd.read_csv(FOLDER / name, sep="\t", dtype=str, keep_default_na=False)


def test_every_claim_has_its_source_and_no_claim_is_there_twice():
    claims = read("claims.tsv")
    assert list(claims.columns) == [
        *("study", "claim", "measure", "platform", "unit", "published", "quoted"),
        *("source", "address"),
    ]
    for column in claims.columns.drop("quoted"):
        assert (claims[column].str.strip() != "").all(), column
    assert claims["address"].str.startswith("https://").all()
    assert not claims.duplicated(["study", "claim"]).any()


def test_words_that_are_quoted_hold_the_number_that_is_published():
    claims = read("claims.tsv")
    spelt = {"2": "two"}
    for row in claims[claims["quoted"] != ""].itertuples():
        found = re.sub(r"(?<=\d),(?=\d{3})", "", row.quoted)
        assert row.published in found or spelt.get(row.published, "-") in found, row.claim


def test_the_quoted_total_and_its_parts_are_those_of_one_source():
    claims = read("claims.tsv")
    rows = claims[(claims["study"] == "spamouflage-2021") & (claims["measure"] == "accounts")]
    assert rows["source"].nunique() == 1
    numbers = rows.set_index("platform")["published"].astype(int)
    assert numbers["all"] == 2009
    assert numbers.drop("all").sum() == 2011


def test_every_disclosure_has_days_a_number_and_a_source():
    takedowns = read("takedowns.tsv")
    for row in takedowns.itertuples():
        assert date.fromisoformat(row.start) <= date.fromisoformat(row.end)
        assert int(row.count) > 0
        assert row.source and row.address.startswith("https://")
    assert not takedowns.duplicated().any()


def test_where_sources_disagree_all_their_numbers_stay():
    takedowns = read("takedowns.tsv")
    rows = takedowns[(takedowns["about"] == "China, CNHU") & (takedowns["unit"] == "account")]
    assert set(rows["count"]) == {"2048", "2046", "2016"}
    assert rows["note"].str.contains("did not call it Spamouflage").all()
