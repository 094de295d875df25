"""Figure 1 has a row a claim, and a dot where there is a number."""

import pandas as pd
import pytest

from hydrascope.figures.claims import claims_data, draw_claims

CLAIMS = pd.DataFrame(
    [
        ("accounts in total", "2009", 1150, 1150, 3348, "inconsistent as published"),
        ("accounts on Twitter", "60", 60, None, None, "reproduced"),
        ("mean followers", "1.55", 1.5533, 1.5, 1.6, "reproduced"),
        ("languages, at least", "7", None, None, None, "not testable"),
    ],
    columns=["claim", "published", "reproduced", "low", "high", "verdict"],
)


def test_numbers_are_found_over_published(drawn):
    axis = drawn(draw_claims, claims_data(CLAIMS)).axes[0]
    dots = [line for line in axis.lines if line.get_marker() == "o"]
    assert [dot.get_xdata()[0] for dot in dots] == pytest.approx([1150 / 2009, 1, 1.5533 / 1.55])
    (low, _), (high, _) = axis.collections[0].get_segments()[0]
    assert (low, high) == pytest.approx((1150 / 2009, 3348 / 2009))


def test_every_claim_has_its_numbers_and_its_verdict(drawn, words):
    said = words(drawn(draw_claims, claims_data(CLAIMS)))
    assert "1,150 (1,150 to 3,348) of 2,009 published: inconsistent as published" in said
    assert "60 of 60 published: reproduced" in said
    assert "1.553 (1.5 to 1.6) of 1.55 published" in said
    assert "7 published: not testable" in said


@pytest.mark.parametrize(
    ("verdict", "color"),
    [
        *(("reproduced", "C2"), ("recovered (planted)", "C2")),
        *(("differs", "C1"), ("missed (planted)", "C1"), ("inconsistent as published", "C1")),
        *(("not testable", "0.45"), ("not identified", "0.45")),
    ],
)
def test_a_colour_says_no_more_than_the_verdict(drawn, verdict, color):
    row = claims_data(CLAIMS.iloc[:1].assign(verdict=verdict))
    [dot] = [line for line in drawn(draw_claims, row).axes[0].lines if line.get_marker() == "o"]
    assert dot.get_color() == color


def test_a_study_without_claims_is_drawn_empty(drawn):
    assert drawn(draw_claims, claims_data(CLAIMS.iloc[:0])).axes[0].get_yticks().size == 0
