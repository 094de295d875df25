"""The analysis plan, and where a run departed from it."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from hydrascope.errors import ConfigError
from hydrascope.yaml_file import load_yaml

__all__ = ["load_plan", "plan_departures"]

PARTS = ("name", "kind", "hypothesis", "unit", "correction", "settings")
KINDS = ("confirmatory", "exploratory")
DEPARTURES = ["test", "kind", "key", "planned", "used"]
MISSING = "(no such setting)"


def load_plan(path: Path) -> list[dict]:
    """Read the plan.

    Parameters
    ----------
    path : pathlib.Path
        `config/analysis_plan.yaml`.

    Returns
    -------
    list of dict
        name, kind, hypothesis (the null), unit, correction and settings of each test or estimate.

    Raises
    ------
    ConfigError
        If an entry lacks one of these, has another, or its kind is neither
        confirmatory nor exploratory.
    """
    tests = load_yaml(path).get("tests")
    if not isinstance(tests, list):
        raise ConfigError(f"{path}: found no list `tests`; expected one. Write it anew.")
    for number, test in enumerate(tests, start=1):
        where = f"{path}, test {number}"
        parts = set(test) if isinstance(test, dict) else set()
        if wrong := sorted(parts.symmetric_difference(PARTS)):
            raise ConfigError(
                f"{where}, key {wrong[0]!r}: expected the keys {', '.join(PARTS)}. "
                "Add or remove it."
            )
        if test["kind"] not in KINDS:
            raise ConfigError(
                f"{where}, key kind: found {test['kind']!r}; expected one of {', '.join(KINDS)}."
            )
        if not isinstance(test["settings"], dict):
            raise ConfigError(
                f"{where}, key settings: found {test['settings']!r:.40}; expected keys with dots "
                "and their planned values, or {}."
            )
    return tests


def plan_departures(plan: list[dict], settings: Mapping) -> pd.DataFrame:
    """List the settings that a run used otherwise than planned.

    Parameters
    ----------
    plan : list of dict
        What `load_plan` gave.
    settings : mapping
        The study's whole configuration.

    Returns
    -------
    pandas.DataFrame
        test, kind, key (with dots), planned and used, all as text, in the order of
        the plan; a setting that the configuration lacks is there too.
    """
    rows = [
        [test["name"], test["kind"], key, str(planned), str(_setting(settings, key))]
        for test in plan
        for key, planned in test["settings"].items()
        if _setting(settings, key) != planned
    ]
    return pd.DataFrame(rows, columns=DEPARTURES)


def _setting(settings: Mapping, key: str) -> object:
    for part in key.split("."):
        if not isinstance(settings, Mapping) or part not in settings:
            return MISSING
        settings = settings[part]
    return settings
