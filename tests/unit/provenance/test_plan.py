"""The plan is read whole, and every departure from it is listed."""

from pathlib import Path

import pytest
import yaml

from hydrascope.config import study_config
from hydrascope.errors import ConfigError
from hydrascope.provenance.plan import load_plan, plan_departures

CHECKOUT = Path(__file__).parents[3]
TEST = {
    "name": "a test",
    "kind": "confirmatory",
    "hypothesis": "none",
    "unit": "day",
    "correction": "Holm",
    "settings": {"timing.mask_share": 0.1, "seed": 7},
}


def written(folder, *tests):
    path = folder / "plan.yaml"
    path.write_text(yaml.safe_dump({"tests": list(tests)}, sort_keys=False), encoding="utf-8")
    return path


def test_a_run_as_planned_departs_in_nothing(tmp_path):
    plan = load_plan(written(tmp_path, TEST))
    assert plan_departures(plan, {"timing": {"mask_share": 0.1}, "seed": 7}).empty


def test_changed_and_missing_settings_are_listed(tmp_path):
    plan = load_plan(written(tmp_path, TEST, TEST | {"name": "again", "kind": "exploratory"}))
    departures = plan_departures(plan, {"timing": {"mask_share": 0.2}})
    assert departures.values.tolist() == [
        [name, kind, key, planned, used]
        for name, kind in (("a test", "confirmatory"), ("again", "exploratory"))
        for key, planned, used in (
            ("timing.mask_share", "0.1", "0.2"),
            ("seed", "7", "(no such setting)"),
        )
    ]


@pytest.mark.parametrize(
    ("test", "said"),
    [
        (
            {key: value for key, value in TEST.items() if key != "hypothesis"},
            "test 1, key 'hypothesis'",
        ),
        (TEST | {"thresholds": {}}, "test 1, key 'thresholds'"),
        (TEST | {"kind": "hoped for"}, "found 'hoped for'; expected one of confirmatory"),
        ("a test", "test 1, key 'correction'"),
    ],
)
def test_a_fault_in_the_plan_is_named(tmp_path, test, said):
    with pytest.raises(ConfigError, match=said):
        load_plan(written(tmp_path, test))


def test_a_plan_without_tests_is_no_plan(tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text("test: none\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="found no list `tests`"):
        load_plan(path)


@pytest.mark.parametrize("study", ["spamouflage-2021", "thailand-2020"])
def test_the_configuration_is_the_planned_one(study):
    methods = yaml.safe_load((CHECKOUT / "config/config.yaml").read_text(encoding="utf-8"))
    settings = study_config({**methods, "study": study}, CHECKOUT / "config")
    assert plan_departures(load_plan(CHECKOUT / "config/analysis_plan.yaml"), settings).empty
