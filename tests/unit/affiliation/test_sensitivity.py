import pandas as pd
import pytest

from hydrascope.affiliation.gaps import CONFIGURED, signals_of
from hydrascope.affiliation.sensitivity import changed, counted
from hydrascope.affiliation.signals import GROUPS
from hydrascope.errors import TableError

SETTINGS = {"window_hours": 72, "threshold": 12.5, "rounds": 12}


def test_one_setting_changes_and_keeps_its_type():
    settings, groups = changed(SETTINGS, "rounds", "3")
    assert settings == {**SETTINGS, "rounds": 3}
    assert isinstance(settings["rounds"], int)
    assert groups == list(GROUPS)


def test_one_group_is_left_out():
    settings, groups = changed(SETTINGS, "without", "page_history")
    assert settings == SETTINGS
    assert set(GROUPS) - set(groups) == {"page history"}


@pytest.mark.parametrize(
    ("setting", "value", "found"),
    [
        ("treshold", "3", "found 'treshold'; expected window_hours"),
        ("without", "contents", "found 'contents'; expected content"),
        ("threshold", "high", "found 'high'; expected a number"),
    ],
)
def test_a_row_that_means_nothing_is_an_error(setting, value, found):
    with pytest.raises(TableError, match=found):
        changed(SETTINGS, setting, value)


def test_counts_are_by_platform_and_by_fewest_posts():
    members = pd.DataFrame({"account_id": list("abcd"), "platform": ["x", "x", "youtube", "x"]})
    table = counted(members, pd.Series({"a": 12, "b": 3, "c": 1}))
    counts = table.set_index(["fewest_posts", "platform"])["affiliated"].to_dict()
    assert counts == {
        (0, "all"): 4, (0, "x"): 3, (0, "youtube"): 1,
        (1, "all"): 3, (1, "x"): 2, (1, "youtube"): 1,
        (3, "all"): 2, (3, "x"): 2,
        (10, "all"): 1, (10, "x"): 1,
    }  # fmt: skip


def test_a_cell_with_another_gap_has_signals_of_its_own_besides():
    assert signals_of("window_hours", "24") == [CONFIGURED, "window_hours~24"]
    assert signals_of("threshold", "0") == signals_of("without", "content") == [CONFIGURED]
