"""The figure of takedowns has one dot a number."""

import pandas as pd

from hydrascope.figures.takedowns import draw_takedowns, takedowns_data

CONTEXT = pd.DataFrame(
    [
        ("x", "account", "2021Q4", "disclosed", 2046, "Twitter, by ASPI", "China, CNHU", ""),
        ("x", "account", "2021Q4", "disclosed", 2048, "Twitter, by SIO", "China, CNHU", ""),
        ("x", "account", None, "published", 60, "Miburo", "accounts on Twitter", ""),
    ],
    columns=["platform", "unit", "quarter", "what", "count", "by", "about", "note"],
)


def places(axis):
    return sorted(place for line in axis.lines for place in line.get_xdata())


def test_each_number_has_its_dot_and_its_label(drawn):
    axis = drawn(draw_takedowns, takedowns_data(CONTEXT)).axes[0]
    assert places(axis) == [60, 2046, 2048]
    labels = {label.get_text() for label in axis.get_yticklabels()}
    # Two sources of one takedown are told apart.
    assert labels == {
        "x, accounts: 2021Q4, China, CNHU, by ASPI",
        "x, accounts: 2021Q4, China, CNHU, by SIO",
        "x, accounts: published",
    }
    assert {"2,046", "2,048", "60"} <= {text.get_text() for text in axis.texts}


def test_the_data_keep_who_said_it():
    assert takedowns_data(CONTEXT)["by"].to_list() == CONTEXT["by"].to_list()


def test_a_study_without_disclosures_shows_what_was_published(drawn):
    alone = CONTEXT.iloc[2:].assign(quarter=float("nan"))
    assert places(drawn(draw_takedowns, takedowns_data(alone)).axes[0]) == [60]


def test_a_study_without_either_is_drawn_empty(drawn):
    assert places(drawn(draw_takedowns, takedowns_data(CONTEXT.iloc[:0])).axes[0]) == []
