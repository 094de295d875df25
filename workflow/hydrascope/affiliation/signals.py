"""Signals: what accounts have in common, each account beside each thing that it holds.

A signal is a table of `account_id` and `thing`. Two accounts that hold the same
thing are joined by it; whether that means anything is for `links` to say. Each
signal belongs to one of five groups, and groups rest on different facts.
"""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import pandas as pd

from hydrascope.affiliation.pictures import same_pictures
from hydrascope.texts.folding import language_of, matching_form

__all__ = ["GROUPS", "POST_COLUMNS", "RHYTHMS", "TIMING", "signal_tables"]

GROUPS = {
    "content": ("texts", "links", "media", "hashtags", "targets", "reposted"),
    "registration": ("batches",),
    "profile": ("descriptions", "pictures", "handles", "names"),
    "page history": ("renames", "admins"),
    "synchrony": ("slots", "hours"),
}
# Groups that rest on when something happened.
TIMING = ("registration", "synchrony")
# Signals whose things are moments that everybody lives through: what counts is their
# stratum, and that two accounts hold the same one joins nobody.
RHYTHMS = ("hours",)
POST_COLUMNS = (
    *("post_id", "account_id", "platform", "posted_at", "posted_precision", "urls", "hashtags"),
    *("media_ids", "repost_of", "reply_to"),
)
# Seconds to which a time is known, by its precision.
GRAIN = {"ms": 0.001, "s": 1, "min": 60, "day": 86_400}
COUNTER = re.compile(r"[\d_.-]+$")
# Chinese counts in names as often by words as by digits.
COUNTERS = re.compile(r"[\d〇零一二三四五六七八九十百]+")
SCRIPT = re.compile(r"^\w+")
# What is put behind a copy to make it look like another text: signs that no sentence
# ends with, or letters and digits behind the end of the last sentence.
SUFFIX = re.compile(
    r"(?:\s*[^\w\s。，、；：！？.,;:!?'\"”’）)」』】]+|(?<=[。！？.!?])\s*[a-z0-9]{1,8}|\s[a-z]*\d[a-z0-9]*)$",
    re.ASCII,
)
# A sequence of fewer tags is too likely to be chosen twice.
LEAST_TAGS = 3
# Where somebody who writes Chinese would run a Page from.
HOME = {"zh": {"CN", "HK", "MO", "MY", "SG", "TW"}}


def signal_tables(
    accounts: pd.DataFrame,
    posts: pd.DataFrame,
    families: pd.DataFrame,
    members: pd.DataFrame,
    *,
    window_hours: float,
    batch_minutes: float,
    slot_minutes: float,
) -> dict[str, pd.DataFrame]:
    """Collect what accounts hold, signal by signal.

    Parameters
    ----------
    accounts : pandas.DataFrame
        Contract `accounts`.
    posts : pandas.DataFrame
        `POST_COLUMNS` of contract `posts`; reposts may be among them.
    families : pandas.DataFrame
        family and text, its matching form.
    members : pandas.DataFrame
        post_id and family, empty for a post without words.
    window_hours : float
        Copies of a text or link that are further apart than this from the next
        one are another thing.
    batch_minutes : float
        Longest gap between two registrations of one batch.
    slot_minutes : float
        Accounts that post within the same slot of so many minutes act together.

    Returns
    -------
    dict of str to pandas.DataFrame
        account_id, thing and stratum, each pair once, by signal. Things that one
        account alone holds are there too: they join nobody, but the account was
        looked at. The stratum is that of slots and hours, the hour of the week in UTC,
        workdays and weekends apart; that of what is reposted or answered, its
        platform; and empty elsewhere.
    """
    copied = dict(zip(families["family"], families["text"].map(_unsuffixed), strict=True))
    worded = posts.merge(members[members["family"] != ""], on="post_id")
    worded = worded.assign(what=worded["family"].map(copied))
    objects = {
        "texts": worded,
        "links": _listed(posts, "urls", _address),
        "media": _listed(posts, "media_ids", str),
        "hashtags": _sequences(posts),
        "targets": posts.assign(
            what=posts["repost_of"].fillna(posts["reply_to"]), stratum=posts["platform"]
        ),
    }
    found = {name: _episodes(rows, window_hours) for name, rows in objects.items()}
    found |= {
        "reposted": _reposted(posts),
        "batches": _batches(accounts, batch_minutes),
        "descriptions": _profile(accounts, "description", matching_form),
        "pictures": _pictures(accounts),
        "handles": _profile(accounts, "handle", lambda handle: COUNTER.sub("", handle.lower())),
        "names": _profile(accounts, "display_name", _uncounted),
        "renames": _renames(accounts),
        "admins": _admins(accounts),
        "hours": _hours(posts),
        "slots": _slots(posts, list(objects.values()), slot_minutes),
    }
    return {signal: _distinct(pairs) for signal, pairs in found.items()}


def _distinct(pairs: pd.DataFrame) -> pd.DataFrame:
    pairs = pairs.assign(stratum=pairs.get("stratum", ""))
    pairs = pairs[["account_id", "thing", "stratum"]].drop_duplicates()
    return pairs.sort_values(["account_id", "thing"], ignore_index=True)


def _unsuffixed(text: str) -> str:
    """A text without what was put behind it, or the whole where nothing would be left."""
    return SUFFIX.sub("", text) or text


def _listed(posts: pd.DataFrame, column: str, form: Callable[[str], str]) -> pd.DataFrame:
    rows = posts.explode(column).dropna(subset=column)
    return rows.assign(what=rows[column].map(form))


def _sequences(posts: pd.DataFrame) -> pd.DataFrame:
    """Posts with their tags in the order in which they stand."""
    rows = posts[posts["hashtags"].map(len) >= LEAST_TAGS]
    return rows.assign(what=rows["hashtags"].map(lambda tags: " ".join(tags).lower()))


def _episodes(rows: pd.DataFrame, window_hours: float) -> pd.DataFrame:
    """Number the episodes of each text or link: stretches without a gap above the window."""
    rows = rows.dropna(subset=["posted_at", "what"]).sort_values(["what", "posted_at"])
    apart = rows.groupby("what")["posted_at"].diff() > pd.Timedelta(hours=window_hours)
    episode = apart.groupby(rows["what"]).cumsum().astype(str)
    return rows.assign(thing=rows["what"].astype(str) + " " + episode)


def _slots(posts: pd.DataFrame, objects: list[pd.DataFrame], minutes: float) -> pd.DataFrame:
    """Slots of time in which accounts posted something that nobody else posted.

    Copies are left out: they say what content says already.
    """
    known = posts["posted_precision"].map(GRAIN) <= minutes * 60 / 2
    rows = posts[known].dropna(subset="posted_at")
    for held in objects:
        holders = held.groupby("what")["account_id"].transform("nunique")
        rows = rows[~rows["post_id"].isin(held.loc[holders > 1, "post_id"])]
    slot = rows["posted_at"].dt.floor(pd.Timedelta(minutes=minutes))
    return rows.assign(thing=slot.dt.strftime("%Y-%m-%d %H:%M"), stratum=_hour_of_week(slot))


def _address(url: str) -> str:
    return re.sub(r"^https?://(www\.|m\.)?", "", url.strip().lower()).rstrip("/")


def _reposted(posts: pd.DataFrame) -> pd.DataFrame:
    """Whose posts accounts pass on; an account holds itself where others do."""
    author = posts["repost_of"].map(posts.set_index("post_id")["account_id"])
    rows = posts.assign(thing=author, stratum=posts["platform"]).dropna(subset="thing")
    rows = rows.loc[rows["account_id"] != rows["thing"], ["account_id", "thing", "stratum"]]
    return pd.concat([rows, rows.assign(account_id=rows["thing"])])


def _hours(posts: pd.DataFrame) -> pd.DataFrame:
    """Hours in which accounts posted; the stratum is the hour of the week they are."""
    known = posts["posted_precision"].map(GRAIN) <= 3_600
    rows = posts[known].dropna(subset="posted_at")
    return rows.assign(
        thing=rows["posted_at"].dt.strftime("%Y-%m-%d %H"), stratum=_hour_of_week(rows["posted_at"])
    )


def _hour_of_week(at: pd.Series) -> pd.Series:
    return at.dt.strftime("%H").where(at.dt.day_of_week < 5, at.dt.strftime("weekend %H"))


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
