"""Figure 4 shows what each group adds, an account a row."""

import pandas as pd

from hydrascope.figures.evidence import ROWS, draw_evidence, evidence_data


def verdicts(count, verdict="affiliated", seed=False):
    return pd.DataFrame(
        {
            "account_id": [f"x:{verdict}{number:05}" for number in range(count)],
            "platform": "x",
            "verdict": verdict,
            "seed": seed,
            "score": range(count),
            "content_things": 1,
            "content_weight": 2.0,
            "profile_things": [number % 2 for number in range(count)],
            "profile_weight": -1.0,
        }
    )


def test_what_could_not_be_compared_is_missing_and_seeds_are_left_out():
    data = evidence_data(pd.concat([verdicts(4), verdicts(2, seed=True)]))
    assert data["score"].to_list() == [3, 2, 1, 0]
    assert data["profile"].isna().to_list() == [False, True, False, True]
    assert data["of"].unique().tolist() == [4]


def test_of_many_accounts_those_at_even_ranks_are_drawn():
    data = evidence_data(pd.concat([verdicts(3 * ROWS), verdicts(5, "undetermined")]))
    own = data[data["verdict"] == "affiliated"]
    assert len(own) == ROWS
    assert (own["score"].iloc[0], own["score"].iloc[-1]) == (3 * ROWS - 1, 0)
    assert own["of"].unique().tolist() == [3 * ROWS]


def test_panels_say_how_many_of_how_many(drawn, words):
    data = evidence_data(pd.concat([verdicts(3 * ROWS), verdicts(5, "undetermined")]))
    figure = drawn(draw_evidence, data)
    assert f"affiliated {ROWS} of {3 * ROWS:,}" in words(figure)
    assert "unaffiliated 0 of 0" in words(figure)
    assert figure.axes[0].images[0].get_array().shape == (ROWS, 2)


def test_a_list_taken_as_given_has_no_evidence(drawn, words):
    roster = verdicts(3)[["account_id", "platform", "verdict"]]
    assert "a list was taken as given" in words(drawn(draw_evidence, evidence_data(roster)))
