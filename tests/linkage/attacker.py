"""Somebody who holds every public post and profile, this program, and no key.

What the attacker is given of a study is a mapping from names of files to their bytes.
"""

import hashlib
import io
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import stats

from hydrascope.texts.folding import matching_form

ACCOUNT, POST = (re.compile(rf"{letter}_[0-9a-f]{{20}}") for letter in "ap")
# As many digits as a digest is told by.
DIGITS = 16
DIGESTS = [hashlib.sha256, hashlib.sha1, hashlib.md5, hashlib.blake2b, hashlib.blake2s]
DIGESTS += [lambda data, size=size: hashlib.blake2b(data, digest_size=size) for size in (16, 32)]
CLUES = ["times", "texts", "counts", "dates", "pictures", "degrees"]
# A guess is no luckier than this once in so many thousand tries.
CONFIDENCE = 0.9999


@dataclass
class Attacker:
    """What the attacker has collected, and what the program makes of it without a key.

    Parameters
    ----------
    profiles : pandas.DataFrame
        who, platform, unit, created_at (UTC), followers and picture_hash.
    posts : pandas.DataFrame
        who, posted_at (UTC) and text.
    rerun : dict of str to pandas.DataFrame
        Tables of a run of the program over this, by file, in which names stand for accounts.
    embed : callable, optional
        Texts to vectors, as the program makes them.
    """

    profiles: pd.DataFrame
    posts: pd.DataFrame
    rerun: dict = field(default_factory=dict)
    embed: object = None

    def __post_init__(self):
        self.forms = sorted({form for text in self.posts["text"] if (form := matching_form(text))})
        self.holders = defaultdict(set)
        for who, text in zip(self.posts["who"], self.posts["text"], strict=True):
            for said in {text, matching_form(text)} - {""}:
                for digest in DIGESTS:
                    self.holders[digest(said.encode()).hexdigest()[:DIGITS]].add(who)
        self.posted = _who_by(self.posts["posted_at"], self.posts["who"])
        made, who = self.profiles["created_at"], self.profiles["who"]
        self.made = _who_by(made.dt.floor("D"), who) | _who_by(made, who)
        posted = self.posts.groupby("who")
        self.people = self.profiles.set_index("who").assign(
            posts=posted.size(), days=posted["posted_at"].agg(lambda at: at.dt.floor("D").nunique())
        )

    def named(self, files):
        """Name pseudonyms by each clue that the files hold.

        Returns
        -------
        dict of str to dict of str to str
            By clue, who each pseudonym is held to be.
        """
        tables = read_tables(files)
        author = {
            post: account
            for table in tables.values()
            if (a := _columns(table, ACCOUNT)) and (p := _columns(table, POST))
            for account, post in zip(table[a[0]], table[p[0]], strict=True)
        }
        votes = {clue: defaultdict(Counter) for clue in CLUES}
        for name, table in tables.items():
            accounts, posts = _columns(table, ACCOUNT), _columns(table, POST)
            if len(accounts) > 1:
                self._by_degrees(name, table, accounts, votes["degrees"])
            elif accounts or posts:
                whose = table[accounts[0]] if accounts else table[posts[0]].map(author)
                rest = table.drop(columns=[*accounts, *posts])
                self._by_times(whose, rest, votes)
                self._by_values(whose, rest, votes)
                self._by_counts(name, whose, rest, votes["counts"])
        return {
            clue: {one: found.most_common(1)[0][0] for one, found in told.items() if found}
            for clue, told in votes.items()
        }

    def _by_times(self, whose, rest, votes):
        for column in rest:
            times = _times(rest[column])
            for told, of in ((self.posted, "times"), (self.made, "dates")):
                for who, moment in zip(whose, times, strict=True):
                    _vote(votes[of][who], told.get(moment, ()))

    def _by_values(self, whose, rest, votes):
        pictures = self.people["picture_hash"].dropna()
        shown = pictures.groupby(pictures).groups
        for column in rest:
            for who, value in zip(whose, map(str, rest[column]), strict=True):
                digest = value.rpartition("_")[2][:DIGITS]
                _vote(votes["texts"][who], self.holders.get(digest, ()))
                _vote(votes["pictures"][who], shown.get(value, ()))

    def _by_counts(self, name, whose, rest, votes):
        for known in (self.rerun.get(name), self.people.reset_index()):
            if known is None or whose.duplicated().any():
                continue
            shared = [column for column in rest if column in known and column != "created_at"]
            if any(pd.api.types.is_numeric_dtype(known[column]) for column in shared):
                for one, found in _alike(whose, rest[shared], known["who"], known[shared]):
                    votes[one][found] += 1

    def _by_degrees(self, name, table, ends, votes):
        known = self.rerun.get(name)
        if known is not None:
            theirs, ours = _degrees(table, ends), _degrees(known, ends)
            for one, found in _alike(theirs.index, theirs, ours.index, ours):
                votes[one][found] += 1

    def rows_named(self, files):
        """Name the texts that rows of arrays stand for: by their vectors, else by their order.

        Returns
        -------
        dict of str to list of str
            By file, the text of each row, or ''.
        """
        arrays = {
            name: np.load(io.BytesIO(data), allow_pickle=False)
            for name, data in files.items()
            if name.endswith(".npy")
        }
        told = {}
        for name, array in arrays.items():
            if array.ndim == 2 and array.shape[1] > DIGITS and array.dtype.kind == "f":
                vectors = {row.tobytes(): form for form, row in self._vectors()}
                told[name] = [vectors.get(row.astype("<f4").tobytes(), "") for row in array]
            elif array.shape[-1] == len(self.forms):
                # Families were named, and so sorted, by the digest of their text.
                told[name] = sorted(
                    self.forms, key=lambda form: hashlib.sha256(form.encode()).hexdigest()
                )
        return told

    def _vectors(self):
        return zip(self.forms, self.embed(self.forms).astype("<f4"), strict=True)

    def guessed(self, wanted, rng):
        """Name each of these accounts as somebody of its platform and unit, at random."""
        kinds = self.people.groupby(["platform", "unit"]).groups
        return {
            one: rng.choice(kinds[kind])
            for one, kind in zip(wanted.index, zip(*wanted.T.to_numpy(), strict=True), strict=True)
        }

    def rate(self, wanted):
        """The share of these accounts that a guess within platform and unit names right."""
        sizes = self.people.groupby(["platform", "unit"]).size()
        return float((1 / sizes.loc[list(zip(*wanted.T.to_numpy(), strict=True))]).mean())


def outcome(named, truth, wanted, attacker, rng):
    """How many of some accounts are named right, if whoever no clue names is guessed.

    Parameters
    ----------
    named : dict of str to str
        Who each pseudonym is held to be.
    truth : dict of str to str
        Who it is.
    wanted : pandas.DataFrame
        platform and unit of the accounts, by pseudonym.

    Returns
    -------
    tuple
        Accounts named right, all of them, the exact interval of that share, and the share
        that guessing names.
    """
    held = attacker.guessed(wanted, rng) | {
        one: named[one] for one in wanted.index.intersection(named)
    }
    right = sum(truth[one] == who for one, who in held.items())
    share = stats.binomtest(right, len(wanted)).proportion_ci(CONFIDENCE, method="exact")
    return right, len(wanted), (share.low, share.high), attacker.rate(wanted)


def read_tables(files):
    """The tables among files, every cell as it is written."""
    read = {".tsv": lambda data: pd.read_csv(data, sep="\t"), ".csv": pd.read_csv}
    read[".parquet"] = pd.read_parquet
    return {
        name: read[suffix](io.BytesIO(data))
        for name, data in files.items()
        if (suffix := "." + name.rpartition(".")[2]) in read and data.strip()
    }


def _who_by(moments, who):
    found = defaultdict(set)
    for moment, one in zip(moments, who, strict=True):
        found[moment].add(one)
    found.pop(pd.NaT, None)
    return found


def _columns(table, pattern):
    texts = table.select_dtypes(exclude=["number", "bool", "datetimetz"])
    return [name for name in texts if texts[name].astype(str).str.fullmatch(pattern).any()]


def _times(values):
    if pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return pd.Series(pd.NaT, values.index)
    return pd.to_datetime(values, utc=True, errors="coerce", format="ISO8601")


def _vote(count, found):
    for who in found:
        count[who] += 1 / len(found)


def _degrees(table, ends):
    """For each end, how often it is there with each word and each number's sum."""
    sides = [table.rename(columns={end: "end"}).drop(columns={*ends} - {end}) for end in ends]
    both = pd.concat(sides)
    numbers = both.select_dtypes("number").columns
    words = both.columns.difference([*numbers, "end"])
    parts = [both.groupby("end").size(), both.groupby("end")[list(numbers)].sum().round(4)]
    parts += [pd.crosstab(both["end"], both[word]) for word in words]
    found = pd.concat(parts, axis=1).fillna(0)
    return found.set_axis(map(str, range(found.shape[1])), axis=1)


def _alike(ours, rows, theirs, known):
    """Pairs of names whose rows are equal, and equal to no other row on either side."""
    places = []
    for names, table in ((ours, rows), (theirs, known)):
        keys = [tuple(_plain(value) for value in row) for row in table.to_numpy(dtype=object)]
        times = Counter(keys)
        places.append({key: name for key, name in zip(keys, names, strict=True) if times[key] == 1})
    return [(name, places[1][key]) for key, name in places[0].items() if key in places[1]]


def _plain(value):
    if isinstance(value, float | int | np.number) and not isinstance(value, bool):
        return "" if np.isnan(value) else f"{float(value):.6g}"
    return "" if value is None or value is pd.NaT else str(value)
