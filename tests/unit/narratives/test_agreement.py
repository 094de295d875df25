"""Alpha against a textbook and a count by hand; corrected shares against the whole."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hydrascope.errors import TableError
from hydrascope.narratives.agreement import (
    agreement_table,
    corrected_prevalence,
    krippendorff_alpha,
    read_sheets,
)
from hydrascope.narratives.sheets import sampled_units

# Krippendorff 2011, section C: four observers, twelve units, codes missing.
TEXTBOOK = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]


def counted(units):
    codes = sorted({code for unit in units for code in unit})
    return np.array([[unit.count(code) for code in codes] for unit in units]).reshape(
        len(units), len(codes)
    )


def test_alpha_is_the_textbooks():
    units = [[code for code in unit if code] for unit in zip(*TEXTBOOK, strict=True)]
    assert krippendorff_alpha(counted(units)) == pytest.approx(0.743, abs=5e-4)


def by_hand(units):
    """Disagreement among pairs within units over that among all pairs."""
    units = [unit for unit in units if len(unit) >= 2]
    values = [code for unit in units for code in unit]
    if len(set(values)) < 2:
        return None
    within = sum(
        sum(a != b for a, b in permutations(unit, 2)) / (len(unit) - 1) for unit in units
    ) / len(values)
    pairs = list(permutations(values, 2))
    return 1 - within / (sum(a != b for a, b in pairs) / len(pairs))


@given(st.lists(st.lists(st.sampled_from("abc"), max_size=4), min_size=1, max_size=10))
def test_alpha_is_that_of_a_count_of_pairs(units):
    value, expected = krippendorff_alpha(counted(units)), by_hand(units)
    assert np.isnan(value) if expected is None else value == pytest.approx(expected)


SUBJECTS = ["cars", "ships"]
KEY = pd.DataFrame(
    {
        "unit": ["u1", "u2", "u3", "u4"],
        "family": ["f1", "f2", "f3", "f4"],
        "language": ["en", "en", "en", "zh"],
        "stratum": ["ships", "uncoded", "outside", "ships"],
        "inclusion": [0.5, 0.25, 0.1, 1.0],
        "families": [2, 4, 10, 1],
        "posts": [3, 1, 0, 2],
    }
)


def sheet(folder, name, rows, columns=("unit", "subject", "stance")):
    path = folder / name
    pd.DataFrame(rows, columns=list(columns)).to_csv(path, index=False, encoding="utf-8-sig")
    return path


ONE = [("u1", "ships", "for"), ("u2", "uncoded", ""), ("u3", "", ""), ("u4", "ships", "")]
TWO = [("u4", " ships ", "against"), ("u2", "cars", ""), ("u1", "ships", "for")]


@pytest.fixture
def codes(tmp_path):
    paths = [sheet(tmp_path, "1.csv", ONE), sheet(tmp_path, "2.csv", TWO)]
    return read_sheets(paths, KEY, SUBJECTS)


def test_sheets_are_read_whatever_their_order_and_skipped_units_are_left_out(codes):
    assert codes.to_numpy().tolist() == [
        ["u1", 1, "ships", "for"],
        ["u1", 2, "ships", "for"],
        ["u2", 1, "uncoded", "neither"],
        ["u2", 2, "cars", "neither"],
        ["u4", 1, "ships", "neither"],
        ["u4", 2, "ships", "against"],
    ]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("u9", "ships", "")], "row 1, column unit: found 'u9'"),
        ([("u1", "ships", ""), ("u1", "cars", "")], "row 2, column unit: found 'u1'"),
        ([("u1", "boats", "")], "row 1, column subject: found 'boats'; expected cars, ships, unc"),
        ([("u1", "ships", "pro")], "row 1, column stance: found 'pro'; expected for, against"),
    ],
)
def test_what_the_guide_does_not_have_is_named_with_file_row_and_column(tmp_path, rows, said):
    paths = [sheet(tmp_path, "1.csv", ONE), sheet(tmp_path, "2.csv", rows)]
    with pytest.raises(TableError, match="2.csv") as error:
        read_sheets(paths, KEY, SUBJECTS)
    assert said in str(error.value)


def test_a_missing_column_and_a_single_sheet_are_named(tmp_path):
    whole = sheet(tmp_path, "1.csv", ONE)
    part = sheet(tmp_path, "2.csv", [("u1", "ships")], ["unit", "subject"])
    with pytest.raises(TableError, match="column stance: found no such column"):
        read_sheets([whole, part], KEY, SUBJECTS)
    with pytest.raises(TableError, match="at least two"):
        read_sheets([whole], KEY, SUBJECTS)


def test_agreement_has_alphas_by_language_and_the_machine_beside_the_coders(codes):
    table = agreement_table(codes, KEY, draws=200, seed=1).set_index(["measure", "language"])
    value = table["value"]
    # Codes by unit: ships ships; uncoded cars; ships ships.
    expected = by_hand([["s", "s"], ["u", "c"], ["s", "s"]])
    assert value["alpha of the subject", "all"] == pytest.approx(expected)
    assert table.loc[("alpha of the subject", "all"), "units"] == 3
    # Of ships both coders gave the side twice; of the other they differ.
    assert value["alpha of the stance", "all"] == pytest.approx(by_hand([["f", "f"], ["n", "a"]]))
    assert np.isnan(value["alpha of the subject", "zh"])
    # Weights 2 and 4: right, and half right.
    assert value["machine with coders", "en"] == pytest.approx((2 * 1 + 4 * 0.5) / 6)


def test_coders_who_agree_on_all_of_many_units_have_an_interval_at_one():
    units = [f"u{number:02}" for number in range(40)]
    key = pd.DataFrame({"unit": units, "language": "en", "stratum": "ships", "inclusion": 1.0})
    said = ["ships", "cars"] * 20
    codes = pd.DataFrame({"unit": np.repeat(units, 2), "coder": [1, 2] * 40, "stance": "neither"})
    codes["subject"] = np.repeat(said, 2)
    row = agreement_table(codes, key, draws=100, seed=1).iloc[2]
    assert (row["measure"], row["language"]) == ("alpha of the subject", "all")
    assert (row["value"], row["low"], row["high"]) == (1, 1, 1)


def population(rng, sizes=None):
    """A network whose machine is wrong at known rates, and what coders would say of it."""
    sizes = sizes or {"ships": 600, "cars": 200, "uncoded": 400}
    right = {"ships": 0.9, "cars": 0.7, "uncoded": 0.85}
    machine = np.repeat(list(sizes), list(sizes.values()))
    wrong = rng.choice(list(sizes), len(machine), p=[0.1, 0.8, 0.1])
    chance = np.array([right[name] for name in machine])
    truth = np.where(rng.random(len(machine)) < chance, machine, wrong)
    names = [f"f{number:04}" for number in range(len(machine))]
    table = pd.DataFrame({"family": names, "subject": machine, "truth": truth})
    posts = 1 + rng.poisson(np.where(truth == "cars", 6, 1))
    return table, table.loc[table.index.repeat(posts), ["family", "subject"]]


def estimated(table, coded, seed, skip=0.0):
    families = table.assign(language="en")
    key = sampled_units(families, coded, languages=["en"], units=200, seed=seed)
    truth = key["family"].map(table.set_index("family")["truth"])
    rng = np.random.default_rng(seed)
    both = [
        pd.DataFrame({"unit": key["unit"], "coder": coder, "subject": truth, "stance": "for"})
        for coder in (1, 2)
    ]
    codes = pd.concat(both)
    codes = codes[~codes["unit"].isin(key["unit"][rng.random(len(key)) < skip])]
    languages = families.set_index("family")["language"]
    found = corrected_prevalence(codes, key, coded, languages)
    return found.set_index(["subject", "stance", "of"])


@pytest.mark.nightly
def test_corrected_shares_are_unbiased_and_their_intervals_hold_where_the_machine_is_not():
    rng = np.random.default_rng(12)
    table, coded = population(rng)
    true = table.set_index("family")["truth"]
    shares = {
        "families": true.value_counts(normalize=True)["cars"],
        "posts": coded["family"].map(true).value_counts(normalize=True)["cars"],
    }
    runs = [estimated(table, coded, seed, skip=0.1) for seed in range(300)]
    for of, share in shares.items():
        found = pd.DataFrame([run.loc[("cars", "all", of)] for run in runs])
        error = found["share"].astype(float) - share
        assert abs(error.mean()) < 4 * error.std() / np.sqrt(300)
        held = ((found["low"] <= share) & (share <= found["high"])).mean()
        # 300 draws: a true coverage of 0.95 lies in this range 99 times of 100.
        assert 0.915 <= held <= 0.98
        assert abs(found["machine_share"].iloc[0] - share) > 0.02


def test_a_share_of_a_side_needs_no_machine():
    table, coded = population(np.random.default_rng(3))
    found = estimated(table, coded, 1)
    row, whole = found.loc[("ships", "for", "families")], found.loc[("ships", "all", "families")]
    assert np.isnan(row["machine_share"])
    assert row["share"] == pytest.approx(whole["share"], abs=0.06)
    assert found.loc[("ships", "against", "families"), "share"] == 0


def test_a_sample_of_everything_is_the_truth_without_doubt():
    table, coded = population(np.random.default_rng(4), {"ships": 60, "cars": 20, "uncoded": 40})
    true = table.set_index("family")["truth"]
    row = estimated(table, coded, 1).loc[("cars", "all", "posts")]
    share = (coded["family"].map(true) == "cars").mean()
    assert (row["share"], row["low"], row["high"]) == pytest.approx((share, share, share))


def test_a_stratum_that_nobody_coded_is_not_identified_and_named(codes):
    coded = pd.DataFrame({"family": ["f1", "f5", "f2", "f6", "f7", "f8", "f4"]}).assign(
        subject=["ships", "ships", *["uncoded"] * 4, "ships"]
    )
    languages = pd.Series("en", index=["f1", "f5", "f2", "f6", "f7", "f8"])
    languages["f4"] = "zh"
    table = corrected_prevalence(codes, KEY, coded, languages).set_index("language")
    assert set(table.loc["en", "status"]) == {
        "not identified: fewer than two coded units of ships, uncoded"
    }
    assert table.loc["en", "share"].isna().all()
    # The only Chinese family was coded: that is all of them.
    assert set(table.loc["zh", "status"]) == {"estimated"}
