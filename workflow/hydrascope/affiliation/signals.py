"""Signals: what accounts have in common, each account beside each thing that it holds.

A signal is a table of `account`, `thing` and `stratum`, all whole numbers. Two accounts
that hold the same thing are joined by it; whether that means anything is for `links` to
say. Each signal belongs to one of five groups, and groups rest on different facts.
"""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from itertools import pairwise

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from hydrascope.affiliation.pictures import same_pictures
from hydrascope.affiliation.posted import GRAIN, posted_signals
from hydrascope.texts.folding import language_of, matching_form

__all__ = [
    "GROUPS",
    "RHYTHMS",
    "SIGNALS",
    "STORED",
    "TIMING",
    "by_signal",
    "in_one",
    "signal_tables",
]

COLUMNS = ["account", "thing", "stratum"]
STORED = pa.schema(
    {"signal": pa.int8(), "account": pa.int64(), "thing": pa.int64(), "stratum": pa.int64()}
)
GROUPS = {
    "content": ("texts", "links", "media", "hashtags", "targets", "reposted"),
    "registration": ("batches",),
    "profile": ("descriptions", "pictures", "handles", "names"),
    "page history": ("renames", "admins"),
    "synchrony": ("slots", "hours"),
}
SIGNALS = [name for names in GROUPS.values() for name in names]
# Groups that rest on when something happened.
TIMING = ("registration", "synchrony")
# Signals whose things are moments that everybody lives through: what counts is their
# stratum, and that two accounts hold the same one joins nobody.
RHYTHMS = ("hours",)
COUNTER = re.compile(r"[\d_.-]+$")
# Chinese counts in names as often by words as by digits.
COUNTERS = re.compile(r"[\d〇零一二三四五六七八九十百]+")
SCRIPT = re.compile(r"^\w+")
# Where somebody who writes Chinese would run a Page from.
HOME = {"zh": {"CN", "HK", "MO", "MY", "SG", "TW"}}


def signal_tables(
    accounts: pd.DataFrame,
    base: duckdb.DuckDBPyConnection,
    *,
    window_hours: float,
    batch_minutes: float,
    slot_minutes: float,
    only: Collection[str] = SIGNALS,
) -> dict[str, pd.DataFrame]:
    """Collect what accounts hold, signal by signal.

    Parameters
    ----------
    accounts : pandas.DataFrame
        Contract `accounts`.
    base : duckdb.DuckDBPyConnection
        What `posted.hold` has prepared for the same accounts.
    window_hours : float
        Copies of a text or link that are further apart than this from the next
        one are another thing.
    batch_minutes : float
        Longest gap between two registrations of one batch.
    slot_minutes : float
        Accounts that post within the same slot of so many minutes act together.
    only : collection of str
        Signals that are wanted.

    Returns
    -------
    dict of str to pandas.DataFrame
        account, thing and stratum, each pair once and sorted, by signal. The account is
        its row among those sorted by account_id. Things that one account alone holds are
        there too: they join nobody, but the account was looked at. The stratum is that of
        slots and hours, the hour of the week in UTC, workdays and weekends apart;
        that of what is reposted or answered, its platform; and 0 elsewhere.
    """
    makers = {
        "batches": partial(_batches, minutes=batch_minutes),
        "descriptions": partial(_profile, column="description", form=matching_form),
        "pictures": _pictures,
        "handles": partial(_profile, column="handle", form=_unnumbered),
        "names": partial(_profile, column="display_name", form=_uncounted),
        "renames": _renames,
        "admins": _admins,
    }
    names = pd.Index(accounts["account_id"]).sort_values()
    tables = {
        signal: _numbered(make(accounts), names)
        for signal, make in makers.items()
        if signal in only
    }
    tables |= posted_signals(base, window_hours=window_hours, slot_minutes=slot_minutes, only=only)
    return {
        signal: rows[COLUMNS].sort_values(COLUMNS, ignore_index=True)
        for signal, rows in tables.items()
    }


def in_one(signals: Mapping[str, pd.DataFrame]) -> Iterator[pa.Table]:
    """Signals one after the other as parts of one table, which names them in `signal`."""
    for number, name in enumerate(SIGNALS):
        if name in signals:
            rows = signals[name].assign(signal=number)[STORED.names]
            yield pa.Table.from_pandas(rows, schema=STORED, preserve_index=False)


def by_signal(table: pa.Table, names: Collection[str] = SIGNALS) -> dict[str, pd.DataFrame]:
    """Some signals of one table, as `signal_tables` gave them."""
    numbers = table["signal"].to_numpy()
    bounds = np.searchsorted(numbers, range(len(SIGNALS) + 1))
    rows = table.select(COLUMNS)
    return {
        name: rows.slice(start, stop - start).to_pandas()
        for name, start, stop in zip(SIGNALS, bounds, bounds[1:], strict=False)
        if name in names
    }


def _numbered(rows: pd.DataFrame, names: pd.Index) -> pd.DataFrame:
    """Accounts and things of one signal as numbers."""
    things, _ = pd.factorize(rows["thing"], sort=True)
    numbers = {"account": names.get_indexer(rows["account_id"]), "thing": things, "stratum": 0}
    return pd.DataFrame(numbers, dtype="int64").drop_duplicates()


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


def _profile(accounts: pd.DataFrame, column: str, form: Callable[[str], str]) -> pd.DataFrame:
    rows = accounts[["account_id", column]].dropna()
    rows = rows.assign(thing=rows[column].map(form))
    return rows[rows["thing"] != ""]


def _pictures(accounts: pd.DataFrame) -> pd.DataFrame:
    rows = accounts[["account_id", "picture_hash"]].dropna()
    return rows.assign(thing=same_pictures(rows["picture_hash"]))


def _unnumbered(handle: str) -> str:
    """A handle without the number at its end."""
    return COUNTER.sub("", handle.lower())


def _uncounted(name: str) -> str:
    """A display name with its numbers, in digits or in words, made alike."""
    return COUNTERS.sub("#", matching_form(name))


def _renames(accounts: pd.DataFrame) -> pd.DataFrame:
    """Pages whose name changed its script or that took in others, with those scripts."""
    rows = accounts.dropna(subset="name_history")[["account_id", "name_history"]]
    things = []
    for row in rows.itertuples():
        names = [entry["name"] for entry in json.loads(row.name_history)]
        scripts = [script for script in map(_script, names) if script]
        changes = [f"{old}>{new}" for old, new in pairwise(scripts) if old != new]
        if changes:
            things.append((row.account_id, " ".join(changes)))
    return pd.DataFrame(things, columns=["account_id", "thing"])


def _admins(accounts: pd.DataFrame) -> pd.DataFrame:
    """Pages with admins where their language would not lead one to expect them."""
    rows = accounts.dropna(subset=["admin_countries", "display_name"])
    things = []
    for row in rows.itertuples():
        language = language_of(row.display_name, None)
        countries = {entry["country"] for entry in json.loads(row.admin_countries)}
        strange = sorted(countries - HOME.get(language, countries))
        if strange:
            things.append((row.account_id, " ".join([language, *strange])))
    return pd.DataFrame(things, columns=["account_id", "thing"])


def _script(text: str) -> str:
    """The script of most letters of a text, by the first word of their Unicode names."""
    words = [SCRIPT.match(unicodedata.name(letter, "")) for letter in text if letter.isalpha()]
    counted = Counter(word[0] for word in words if word)
    return min(counted, key=lambda word: (-counted[word], word), default="")
