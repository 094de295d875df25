"""Figure 5 has a row a changed setting and a panel a platform."""

import pandas as pd

from hydrascope.figures.sensitivity import draw_sensitivity, sensitivity_data

TABLE = pd.DataFrame(
    [
        ("as configured", None, "all", 0, 100),
        ("as configured", None, "x", 0, 40),
        ("as configured", None, "x", 3, 30),
        ("link_p", "0.2", "all", 0, 120),
        ("link_p", "0.2", "x", 0, 44),
        ("without", "page_history", "x", 0, 10),
    ],
    columns=["setting", "value", "platform", "fewest_posts", "affiliated"],
)
PLATFORMS = pd.DataFrame([("all", 1000), ("x", 300), ("x", 20)], columns=["platform", "collected"])


def test_rows_are_beside_the_number_as_configured():
    data = sensitivity_data(TABLE, PLATFORMS)
    assert data.query("platform == 'x'")[["cell", "affiliated", "configured"]].values.tolist() == [
        ["as configured", 40, 40],
        ["link p 0.2", 44, 40],
        ["without page history", 10, 40],
    ]


def test_dots_and_lines_are_those_of_the_table(drawn):
    whole, x = drawn(draw_sensitivity, sensitivity_data(TABLE, PLATFORMS)).axes
    assert whole.get_title(loc="left") == "all\n100 of 1,000"
    assert x.get_title(loc="left") == "x\n40 of 300"
    assert x.lines[-1].get_xdata().tolist() == [40, 44, 10]
    assert x.lines[0].get_xdata() == [40, 40]


def test_one_platform_has_one_panel_and_none_belonging_is_zero(drawn, words):
    rows = TABLE.drop(index=[1, 4])
    alone = sensitivity_data(rows, PLATFORMS.iloc[1:])
    assert alone[["platform", "configured", "collected"]].values.tolist() == [["x", 0, 300]]
    assert "nan" not in words(drawn(draw_sensitivity, alone))


def test_a_list_taken_as_given_has_no_settings(drawn, words):
    said = words(drawn(draw_sensitivity, sensitivity_data(None, PLATFORMS)))
    assert "a list of accounts was taken as given" in said
