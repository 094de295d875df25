import pandas as pd
import pytest

from hydrascope.affiliation.explain import explained
from hydrascope.affiliation.signals import GROUPS
from hydrascope.errors import TableError


@pytest.fixture
def verdicts():
    row = {
        "platform": "x",
        "unit": "user",
        "verdict": "affiliated",
        "verdict_without_timing": "undetermined",
        "seed": False,
        "community": 0,
        "score": 14.2,
        "links": 2,
        "measurable": 3,
    }
    for group in GROUPS:
        name = group.replace(" ", "_")
        row |= {f"{name}_things": 0, f"{name}_met": 0, f"{name}_p": None, f"{name}_q": None}
        row[f"{name}_weight"] = 0.0
    row |= {"content_things": 9, "content_met": 6, "content_p": 1e-9, "content_q": 1e-8}
    row |= {"content_weight": 4.25, "profile_weight": -0.5, "synchrony_weight": -2.0}
    row |= {"profile_things": 2, "profile_met": 1, "profile_p": 0.3, "profile_q": 0.8}
    row |= {"synchrony_things": 4, "synchrony_p": 1.0, "synchrony_q": 1.0}
    alone = {"verdict": "unaffiliated", "community": -1, "score": 1.0}
    return pd.DataFrame([{"account_id": "a"} | row, {"account_id": "b"} | row | alone])


EDGES = pd.DataFrame({"account_a": ["a", "a"], "account_b": ["b", "c"], "group": "content"})


def test_the_case_for_and_against_takes_ten_lines(verdicts):
    lines = explained(verdicts, EDGES, "a", threshold=12)
    assert len(lines) == 10
    text = "\n".join(lines)
    assert "a, x user: affiliated (undetermined without registration and synchrony)" in text
    assert "for      log odds 14.2, of 12" in text
    assert "for      content (+4.2): members are at 6 of its 9 things, p below 0.000001" in text
    assert "silent   registration" in text
    assert "against  profile (-0.5)" in text
    assert "against  synchrony (-2.0): no member holds any of its 4 things" in text
    assert "against  edges: 2 accounts by themselves stand out, 0 affiliated" in text
    assert "community 0: of the accounts closest to it 1 are affiliated, 0 of them seeds" in text


def test_the_case_against_says_so(verdicts):
    lines = explained(verdicts, EDGES[:0], "b", threshold=12)
    assert lines[2].startswith("against  log odds 1.0")
    assert lines[8].startswith("silent   edges")
    assert lines[9].startswith("against  community")


def test_an_account_that_is_not_there_is_an_error(verdicts):
    with pytest.raises(TableError, match="found no 'me'; expected the pseudonym"):
        explained(verdicts, EDGES, "me", threshold=12)
