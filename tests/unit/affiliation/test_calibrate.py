"""A simulated world beside its truth, and the detector that its rates are of."""

import pandas as pd

from hydrascope.affiliation.calibrate import detector_digest, edges_judged, judged, still_holding
from hydrascope.affiliation.rates import edge_rates
from hydrascope.affiliation.signals import GROUPS

NAMES = [group.replace(" ", "_") for group in GROUPS]


def test_nobody_is_to_be_found_where_the_seeds_are_of_no_network():
    verdicts = pd.DataFrame({"account_id": ["a", "b"], "platform": "x", "unit": "user"})
    verdicts = verdicts.assign(seed=False, verdict="affiliated", verdict_without_timing="x")
    verdicts = verdicts.assign(**{f"{name}_{part}": 0.5 for name in NAMES for part in "pq"})
    roles = pd.Series({"a": "honest", "b": "army"})
    posts = pd.Series({"a": 3})
    table = judged(verdicts, roles, posts, networks={"army"}, wanted="honest")
    assert not table["planted"].any()
    assert table["control"].to_list() == [True, False]
    assert table["posts"].to_list() == [3, 0]
    assert judged(verdicts, roles, posts, networks={"army"}, wanted="army")["planted"].sum() == 1


def test_edges_count_as_wrong_where_they_join_no_common_network():
    edges = pd.DataFrame(
        [("a", "b", "texts"), ("a", "c", "texts"), ("c", "d", "links")],
        columns=["account_a", "account_b", "signal"],
    )
    roles = pd.Series({"a": "army", "b": "army", "c": "honest", "d": "honest"})
    counted = edges_judged(edges, roles, networks={"army"}).assign(cell="here", world=1)
    assert counted.set_index("signal")["inside"].to_dict() == {"links": 0, "texts": 1}
    found = edge_rates(counted).set_index("measure")["value"]
    assert found.to_dict() == {"links: outside networks": 1, "texts: outside networks": 0.5}


def test_rates_of_another_detector_are_told_apart():
    table = pd.DataFrame({"cell": ["a", "b"], "detector": [detector_digest({"a": 1}), "0"]})
    assert still_holding(table, {"a": 1})["holds"].to_list() == ["yes", "no"]
    assert still_holding(table, {"a": 2})["holds"].to_list() == ["no", "no"]
