"""How the counts move with the settings of detection, one changed at a time."""

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from hydrascope.affiliation.detect import Rule, grown
from hydrascope.affiliation.gaps import GAPS
from hydrascope.affiliation.signals import GROUPS
from hydrascope.errors import TableError

__all__ = ["FEWEST_POSTS", "cell_counts", "changed", "counted"]

FEWEST_POSTS = (0, 1, 3, 10)
WITHOUT = "without"


def changed(
    settings: Mapping[str, float], setting: str, value: str
) -> tuple[dict[str, float], list[str]]:
    """Change one setting of detection.

    Parameters
    ----------
    settings : mapping of str to float
        `detection` of config/config.yaml.
    setting : str
        A key of it, or `without`.
    value : str
        What it becomes; for `without` the group that is left out, its spaces as
        underscores.

    Returns
    -------
    settings : dict of str to float
        The settings anew.
    groups : list of str
        Groups that count.

    Raises
    ------
    TableError
        If there is no such setting or group, or the value is no number.
    """
    groups = {group.replace(" ", "_"): group for group in GROUPS}
    known = groups if setting == WITHOUT else settings
    wanted = value if setting == WITHOUT else setting
    if wanted not in known:
        raise TableError(
            f"config/sensitivity.tsv, row {setting} {value}: found {wanted!r}; expected "
            f"{', '.join(known)}{'' if setting == WITHOUT else f' or {WITHOUT}'}. Correct the row."
        )
    if setting == WITHOUT:
        return dict(settings), [group for name, group in groups.items() if name != value]
    try:
        number = type(settings[setting])(float(value))
        if not math.isfinite(number):
            raise ValueError(value)
    except (OverflowError, ValueError):
        raise TableError(
            f"config/sensitivity.tsv, row {setting} {value}: found {value!r}; expected a "
            "number. Correct the row."
        ) from None
    return {**settings, setting: number}, list(GROUPS)


def counted(members: pd.DataFrame, posts: pd.Series) -> pd.DataFrame:
    """Count affiliated accounts by platform and by the fewest posts of those counted.

    Parameters
    ----------
    members : pandas.DataFrame
        account_id and platform of the affiliated accounts.
    posts : pandas.Series
        Posts by account_id; an account without posts need not be there.

    Returns
    -------
    pandas.DataFrame
        platform (or all), fewest_posts and affiliated.
    """
    written = members["account_id"].map(posts).fillna(0)
    rows = []
    for fewest in FEWEST_POSTS:
        here = members.loc[written >= fewest, "platform"].value_counts()
        counts = {"all": int(here.sum()), **here.sort_index().to_dict()}
        rows += [(platform, fewest, count) for platform, count in counts.items()]
    return pd.DataFrame(rows, columns=["platform", "fewest_posts", "affiliated"])


def cell_counts(
    accounts: pd.DataFrame,
    signals: Mapping[str, pd.DataFrame],
    seeds: Sequence[str],
    posts: pd.Series,
    *,
    settings: Mapping[str, float],
    groups: Sequence[str],
    seed: int,
) -> pd.DataFrame:
    """Detect under one cell's settings, and count.

    Parameters
    ----------
    accounts : pandas.DataFrame
        account_id, platform and unit.
    signals : mapping of str to pandas.DataFrame
        What `signals.signal_tables` gave with the settings that are among `gaps.GAPS`.
    seeds : sequence of str
        account_ids that are known to belong.
    posts : pandas.Series
        Posts by account_id.
    settings : mapping of str to float
        What `changed` gave.
    groups : sequence of str
        The same.
    seed : int
        Seed of the communities.

    Returns
    -------
    pandas.DataFrame
        What `counted` gives.
    """
    rule = Rule(**{name: settings[name] for name in settings if name not in GAPS}, seed=seed)
    base = accounts[["account_id", "platform", "unit"]].sort_values("account_id", ignore_index=True)
    known = base["account_id"].isin(seeds).to_numpy()
    found = grown(base, signals, known, groups=groups, rule=rule)
    return counted(base[found.member], posts)
