"""Signals: what accounts have in common, each account beside each thing that it holds.

A signal is a table of `account_id` and `thing`. Two accounts that hold the same
thing are joined by it; whether that means anything is for `links` to say. Each
signal belongs to one of four groups, and groups rest on different facts.
"""

import json
import re
import unicodedata
from itertools import pairwise

import pandas as pd

from hydrascope.texts.folding import matching_form

__all__ = ["GROUPS", "TIMING", "signal_tables"]

GROUPS = {
    "content": ("texts", "links"),
    "registration": ("batches",),
    "profile": ("descriptions", "handles", "names"),
    "page history": ("renames",),
}
# Groups that rest on when something happened to the account itself.
TIMING = ("registration",)
# Seconds to which a time is known, by its precision.
GRAIN = {"ms": 0.001, "s": 1, "min": 60, "day": 86_400}
COUNTER = re.compile(r"[\d_.-]+$")
# Chinese counts in names as often by words as by digits.
COUNTERS = re.compile(r"[\d〇零一二三四五六七八九十百]+")
SCRIPT = re.compile(r"^\w+")


def signal_tables(
    accounts: pd.DataFrame,
    posts: pd.DataFrame,
    members: pd.DataFrame,
    *,
    window_hours: float,
    batch_minutes: float,
) -> dict[str, pd.DataFrame]:
    """Collect what accounts hold, signal by signal.

    Parameters
    ----------
    accounts : pandas.DataFrame
        Contract `accounts`.
    posts : pandas.DataFrame
        post_id, account_id, posted_at and urls; reposts may be among them.
    members : pandas.DataFrame
        post_id and family, empty for a post without words.
    window_hours : float
        Copies of a text or link that are further apart than this from the next
        one are another thing.
    batch_minutes : float
        Longest gap between two registrations of one batch.

    Returns
    -------
    dict of str to pandas.DataFrame
        account_id and thing, each pair once, by signal. Things that one account
        alone holds are there too: they join nobody, but the account was looked at.
    """
    worded = posts.merge(members[members["family"] != ""], on="post_id")
    linked = posts.explode("urls").dropna(subset="urls")
    found = {
        "texts": _episodes(worded.rename(columns={"family": "what"}), window_hours),
        "links": _episodes(linked.assign(what=linked["urls"].map(_address)), window_hours),
        "batches": _batches(accounts, batch_minutes),
        "descriptions": _profile(accounts, "description", matching_form),
        "handles": _profile(accounts, "handle", lambda handle: COUNTER.sub("", handle.lower())),
        "names": _profile(accounts, "display_name", _uncounted),
        "renames": _renames(accounts),
    }
    return {signal: _distinct(pairs) for signal, pairs in found.items()}


def _distinct(pairs: pd.DataFrame) -> pd.DataFrame:
    pairs = pairs[["account_id", "thing"]].drop_duplicates()
    return pairs.sort_values(["account_id", "thing"], ignore_index=True)


def _episodes(rows: pd.DataFrame, window_hours: float) -> pd.DataFrame:
    """Number the episodes of each text or link: stretches without a gap above the window."""
    rows = rows.dropna(subset="posted_at").sort_values(["what", "posted_at"])
    apart = rows.groupby("what")["posted_at"].diff() > pd.Timedelta(hours=window_hours)
    episode = apart.groupby(rows["what"]).cumsum().astype(str)
    return rows.assign(thing=rows["what"] + " " + episode)


def _address(url: str) -> str:
    return re.sub(r"^https?://(www\.|m\.)?", "", url.strip().lower()).rstrip("/")


def _batches(accounts: pd.DataFrame, minutes: float) -> pd.DataFrame:
    """Accounts of a platform and unit that registered one shortly after the other.

    Where one date of the unit is coarser than the gap, all accounts of a day are
    one batch: else those with a finer date would not meet their neighbours.
    """
    dated = accounts.dropna(subset="created_at").sort_values(["created_at", "account_id"])
    gap = pd.Timedelta(minutes=minutes)
    grain = dated["created_precision"].map(GRAIN)
    kinds = ["platform", "unit"]
    coarse = grain.groupby([dated[name] for name in kinds]).transform("max") > gap.total_seconds()
    days = dated["created_at"].dt.strftime("%Y-%m-%d")
    far = dated.groupby(kinds)["created_at"].diff() > gap
    runs = far.groupby([dated[name] for name in kinds]).cumsum().astype(str)
    batch = dated["platform"] + " " + dated["unit"] + " " + days.where(coarse, runs)
    return dated.assign(thing=batch)


def _profile(accounts: pd.DataFrame, column: str, form: object) -> pd.DataFrame:
    rows = accounts[["account_id", column]].dropna()
    rows = rows.assign(thing=rows[column].map(form))
    return rows[rows["thing"] != ""]


def _uncounted(name: str) -> str:
    """A display name with its numbers, in digits or in words, made alike."""
    return COUNTERS.sub("#", matching_form(name))


def _renames(accounts: pd.DataFrame) -> pd.DataFrame:
    """Pages whose name changed its script, with the scripts and the admins' countries."""
    rows = accounts.dropna(subset="name_history")[["account_id", "name_history", "admin_countries"]]
    things = []
    for row in rows.itertuples():
        names = [entry["name"] for entry in json.loads(row.name_history)]
        scripts = [script for script in map(_script, names) if script]
        changes = [f"{old}>{new}" for old, new in pairwise(scripts) if old != new]
        if changes:
            listed = json.loads(row.admin_countries) if isinstance(row.admin_countries, str) else []
            where = sorted({entry["country"] for entry in listed})
            things.append((row.account_id, " ".join([*changes, *where])))
    return pd.DataFrame(things, columns=["account_id", "thing"])


def _script(text: str) -> str:
    """The script of most letters of a text, by the first word of their Unicode names."""
    words = [SCRIPT.match(unicodedata.name(letter, "")) for letter in text if letter.isalpha()]
    counted = pd.Series([word[0] for word in words if word]).value_counts()
    return "" if counted.empty else sorted(counted.index[counted == counted.max()])[0]
