"""Figure 13 shows the rates of the tables in calibration/."""

from pathlib import Path

import pandas as pd
import pytest

from hydrascope.figures.calibration import calibration_data, draw_calibration

FOLDER = Path(__file__).parents[3] / "calibration"


@pytest.fixture(scope="module")
def tables():
    return [pd.read_csv(FOLDER / f"{name}.tsv", sep="\t") for name in ("affiliation", "timing")]


def test_every_kind_of_world_and_series_is_there_once(tables):
    data = calibration_data(*tables)
    assert not data.duplicated(["panel", "cell", "measure"]).any()
    assert data["panel"].value_counts().index.sort_values().tolist() == [
        *("affiliation", "alarms", "power")
    ]
    assert "all" not in set(data["cell"])
    alarms = tables[1].query("part == 'alarms' and cell != 'all'")
    assert (data["panel"] == "alarms").sum() == len(alarms) > 50


def test_dots_are_the_rates_and_totals_are_said(tables, drawn, words):
    data = calibration_data(*tables)
    figure = drawn(draw_calibration, data)
    worlds, alarms, power = figure.axes
    precision = data.query("measure == 'precision'")["value"].to_list()
    assert {line.get_label(): line.get_xdata().tolist() for line in worlds.lines}[
        "precision"
    ] == precision
    total = data.query("panel == 'power'")["n"].sum()
    assert f"bursts found: {total:,} series with one" in words(figure)
    assert len(alarms.get_yticks()) < 12 < len(power.get_yticks())
