"""The figure of takedowns has one bar a number."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from hydrascope.figures.draw import styled
from hydrascope.figures.takedowns import draw_takedowns, takedowns_data

CONTEXT = pd.DataFrame(
    [
        ("x", "account", "2021Q4", "disclosed", 2046, "Twitter, by ASPI", "China, CNHU", ""),
        ("x", "account", "2021Q4", "disclosed", 2048, "Twitter, by SIO", "China, CNHU", ""),
        ("x", "account", None, "published", 60, "Miburo", "accounts on Twitter", ""),
    ],
    columns=["platform", "unit", "quarter", "what", "count", "by", "about", "note"],
)


@pytest.fixture
def draw():
    def drawn(context):
        with styled():
            return draw_takedowns(takedowns_data(context))

    yield drawn
    plt.close("all")


def test_each_number_has_its_bar_and_its_label(draw):
    axis = draw(CONTEXT).axes[0]
    widths = sorted(bar.get_width() for bar in axis.patches)
    assert widths == [60, 2046, 2048]
    labels = {label.get_text() for label in axis.get_yticklabels()}
    assert labels == {"x, accounts: 2021Q4, China, CNHU", "x, accounts: published"}
    assert {"2,046", "2,048", "60"} <= {text.get_text() for text in axis.texts}


def test_the_data_keep_who_said_it():
    assert takedowns_data(CONTEXT)["by"].to_list() == CONTEXT["by"].to_list()


def test_a_study_without_disclosures_shows_what_was_published(draw):
    alone = CONTEXT.iloc[2:].assign(quarter=float("nan"))
    assert [bar.get_width() for bar in draw(alone).axes[0].patches] == [60]


def test_a_study_without_either_is_drawn_empty(draw):
    assert len(draw(CONTEXT.iloc[:0]).axes[0].patches) == 0
