"""Figure 4 shows what each group adds, and no account by itself."""

import pandas as pd
import pytest

from hydrascope.figures.evidence import draw_evidence, evidence_data

FEWEST = 3


def verdicts(count, verdict="affiliated", seed=False, profile=1):
    return pd.DataFrame(
        {
            "account_id": [f"x:{verdict}{number:05}" for number in range(count)],
            "verdict": verdict,
            "seed": seed,
            "score": [float(number) for number in range(count)],
            "content_things": 1,
            "content_weight": [2.0 + number for number in range(count)],
            "profile_things": profile,
            "profile_weight": -1.0,
        }
    )


def shown(*parts):
    return evidence_data(pd.concat(parts), fewest=FEWEST)


def test_accounts_alike_are_one_row_of_means_and_seeds_are_left_out():
    [row] = shown(verdicts(4), verdicts(5, seed=True)).to_dict("records")
    assert row == {
        **{"verdict": "affiliated", "accounts": 4, "score": 1.5},
        **{"content": 3.5, "profile": -1.0, "of": 4},
    }


def test_what_could_not_be_compared_is_apart_and_missing():
    data = shown(verdicts(4), verdicts(6, profile=0))
    assert data["accounts"].to_list() == [6, 4]
    assert data["profile"].isna().to_list() == [True, False]
    assert data["of"].to_list() == [10, 10]


def test_for_and_against_are_apart():
    against = verdicts(4).assign(content_weight=-1.0, score=-9.0)
    assert shown(verdicts(4), against)["content"].to_list() == [3.5, -1.0]


def test_no_row_is_of_fewer_accounts_and_they_stay_in_the_total():
    data = shown(verdicts(5), verdicts(FEWEST - 1, profile=0), verdicts(2, "undetermined"))
    assert data["accounts"].to_list() == [5]
    assert data["of"].to_list() == [5 + FEWEST - 1]


def test_means_have_one_decimal():
    odd = verdicts(3).assign(score=[1.23456, 2.34567, 3.45678], content_weight=[1.11111, 2, 3])
    [row] = shown(odd).to_dict("records")
    assert (row["score"], row["content"]) == (2.3, 2.0)


def test_panels_say_how_many_of_how_many(drawn, words):
    figure = drawn(draw_evidence, shown(verdicts(5), verdicts(2, profile=0)))
    assert "affiliated 5 of 7" in words(figure)
    assert "unaffiliated none shown" in words(figure)


def test_a_list_taken_as_given_has_no_evidence(drawn, words):
    roster = verdicts(5)[["account_id", "verdict", "seed", "score"]]
    assert "a list was taken as given" in words(drawn(draw_evidence, shown(roster)))


@pytest.mark.parametrize("count", [0, 2])
def test_too_few_accounts_are_said(drawn, words, count):
    assert "no accounts that are alike" in words(drawn(draw_evidence, shown(verdicts(count))))
