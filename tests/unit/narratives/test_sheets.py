"""A draw whose chances are known, and sheets that give nothing away."""

import duckdb
import numpy as np
import pandas as pd
import pytest

from hydrascope import io
from hydrascope.narratives.sheets import (
    allocated,
    coding_guide,
    coding_sheet,
    drawable,
    sampled_units,
    unit_texts,
)

SIZES = {"ships": 400, "cars": 40, "uncoded": 100, "trains": 3}


def collection():
    names = [
        (f"{language}-{subject}-{number:03}", language, subject)
        for language in ("en", "zh", "th")
        for subject, size in {**SIZES, "": 900}.items()
        for number in range(size)
    ]
    table = pd.DataFrame(names, columns=["family", "language", "subject"])
    coded = table[table["subject"] != ""]
    # Every family was posted twice, and one post has no words.
    coded = pd.concat([coded, coded, pd.DataFrame({"family": [None], "subject": ["uncoded"]})])
    return table[["family", "language"]], coded[["family", "subject"]]


FAMILIES, CODED = collection()


def drawn(seed=1, units=200, families=FAMILIES, coded=CODED):
    return sampled_units(families, coded, languages=["en", "zh"], units=units, seed=seed)


def test_each_language_has_its_units_each_stratum_some_and_the_outside_a_fifth():
    key = drawn()
    assert set(key["language"]) == {"en", "zh"}
    sizes = key.groupby(["language", "stratum"]).size()
    for language in ("en", "zh"):
        own = sizes[language]
        assert own.drop("outside").sum() == 200
        assert own["outside"] == 50
        assert own["trains"] == 3
        assert own["ships"] > own["uncoded"] > own["cars"] >= 5


def test_the_chance_of_a_unit_is_that_of_its_stratum():
    key = drawn()
    sizes = key.groupby(["language", "stratum"])["unit"].transform("size")
    assert (key["inclusion"] == sizes / key["families"]).all()
    known = key[key["stratum"] != "outside"]
    assert (known["families"] == known["stratum"].map(SIZES)).all()
    assert (known["posts"] == 2).all()
    assert (key.loc[key["stratum"] == "outside", "posts"] == 0).all()


@pytest.mark.nightly
def test_over_many_draws_families_come_as_often_as_their_chance_says():
    counts, runs = pd.Series(0, index=FAMILIES["family"]), 400
    for seed in range(runs):
        key = drawn(seed, units=60)
        counts[key["family"]] += 1
    chance = key.groupby(["language", "stratum"])["inclusion"].first()
    for stratum in ("ships", "cars"):
        seen = counts[[f"en-{stratum}-{number:03}" for number in range(SIZES[stratum])]] / runs
        assert seen.mean() == pytest.approx(chance["en", stratum])
        # Five standard errors of the rarest and the commonest family.
        wide = 5 * np.sqrt(chance["en", stratum] * (1 - chance["en", stratum]) / runs)
        assert (seen - chance["en", stratum]).abs().max() < wide


def test_fewer_families_than_units_are_all_of_them():
    few = CODED[CODED["family"].isin(["en-ships-001", "en-cars-001"])]
    key = drawn(coded=few, families=FAMILIES[FAMILIES["language"] == "en"])
    assert set(key.loc[key["stratum"] != "outside", "inclusion"]) == {1}
    assert len(key) == 3


def test_nothing_to_draw_from_is_an_empty_key():
    assert list(drawn(families=FAMILIES[:0]).columns) == list(drawn().columns)
    assert drawn(families=FAMILIES[:0]).empty


def test_the_order_of_the_rows_changes_no_draw():
    again = drawn(families=FAMILIES[::-1], coded=CODED[::-1])
    pd.testing.assert_frame_equal(again, drawn())


def test_shares_of_strata_follow_the_roots_of_their_sizes():
    found = allocated(pd.Series({"a": 10_000, "b": 2_500, "c": 2}), 152)
    assert found["c"] == 2
    assert found["a"] == pytest.approx(100, abs=1) and found["b"] == pytest.approx(50, abs=1)
    assert allocated(pd.Series({"a": 9, "b": 9}), 3).sum() == 3


def test_a_unit_shows_the_text_that_was_posted_most():
    key = pd.DataFrame({"family": ["f", "g"]})
    members = pd.DataFrame({"post_id": list("abcde"), "family": ["f", "f", "f", "g", "h"]})
    posts = pd.DataFrame({"post_id": list("abcde"), "text": ["x!", "X?", "X?", "y", "z"]})
    with duckdb.connect() as base:
        base.register("members", members)
        base.register("posts", posts)
        assert unit_texts(base, key).to_dict() == {"f": "X?", "g": "y"}


def test_units_come_from_what_was_looked_at_and_from_what_the_network_does_not_share():
    tables = {
        "families": pd.DataFrame({"family": list("fghi"), "language": ["en", "en", "zh", "th"]}),
        "own": pd.DataFrame({"family": ["f"], "language": ["en"]}),
        "members": pd.DataFrame({"post_id": list("abcde"), "family": list("ffghi")}),
        "posts": pd.DataFrame(
            {"post_id": list("abcde"), "account_id": ["in", "out", "in", "out", "maybe"]}
        ),
        "verdicts": pd.DataFrame(
            {
                "account_id": ["in", "out", "maybe"],
                "verdict": ["affiliated", "unaffiliated", "undetermined"],
            }
        ),
    }
    with duckdb.connect() as base:
        for name, table in tables.items():
            base.register(name, table)
        # The network posted g, which was not among the families that were drawn.
        assert drawable(base).values.tolist() == [["f", "en"], ["h", "zh"], ["i", "th"]]


def test_sheets_come_in_orders_of_their_own_and_say_nothing_of_what_was_computed():
    key = drawn()
    texts = pd.Series("a text", index=key["family"])
    one, other = (coding_sheet(key, texts, seed=seed) for seed in (1, 2))
    assert list(one.columns) == ["unit", "language", "text", "subject", "stance", "note"]
    assert sorted(one["unit"]) == sorted(other["unit"]) == list(key["unit"])
    assert list(one["unit"]) != list(other["unit"])
    assert (one[["subject", "stance", "note"]] == "").all(axis=None)
    # Numbers of units do not follow the strata.
    places = key.groupby("stratum")["unit"].agg(lambda units: units.str[1:].astype(int).mean())
    assert places["ships"] == pytest.approx(places["outside"], abs=60)


@pytest.mark.parametrize(
    "text", ["=1+1", "+1-cmd", "@SUM(A1)", "-2+3", "\t=1", "\r=1", "a\u202eb", "\x00a", 'x",="y']
)
def test_a_text_in_a_sheet_is_no_formula_and_no_control(tmp_path, text):
    key = pd.DataFrame({"unit": ["u1"], "family": ["f"], "language": ["en"]})
    sheet = coding_sheet(key, pd.Series({"f": text}), seed=1)
    io.write_table(sheet, tmp_path / "coder.csv", encoding="utf-8-sig")
    raw = (tmp_path / "coder.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfunit,language")
    assert not set(raw.decode("utf-8-sig")) & set("\x00\t\r\u202e")
    shown = pd.read_csv(tmp_path / "coder.csv", encoding="utf-8-sig")["text"][0]
    assert not shown.startswith(("=", "+", "-", "@"))


def test_the_guide_has_every_word_that_may_be_written():
    subjects = pd.DataFrame(
        {"subject": ["ships"], "title": ["Ships"], "definition": ["What floats."]}
    )
    guide = coding_guide(subjects)
    words = guide.groupby("column")["write"].agg(list)
    assert words["subject"] == ["ships", "uncoded"]
    assert words["stance"] == ["for", "against", ""]
