"""A simulated world as a folder of dated raw files."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from hydrascope.simulation.exports import facebook, x, youtube
from hydrascope.simulation.exports.dirt import EPOCH
from hydrascope.simulation.exports.files import RawFile, packed
from hydrascope.simulation.exports.take import Take, posts_between, presence
from hydrascope.simulation.habits import CONTENT_DAYS, SNAPSHOTS

__all__ = ["export", "raw_files"]

OVERLAP_DAYS = 4
# Broken records for each good one of a file, at most, of each kind of record.
DIRT = 0.0025
# Chance that a collector misses an account that is there.
MISSED = 0.002
LISTED = ("file", "format", "platform", "encoding", "snapshot")
PLATFORMS = {"facebook": facebook.raw_files, "youtube": youtube.raw_files, "x": x.raw_files}


def export(
    accounts: pd.DataFrame,
    posts: pd.DataFrame,
    *,
    rng: np.random.Generator,
    folder: Path,
    snapshots: Sequence[str] = SNAPSHOTS,
    content_days: Sequence[str] = CONTENT_DAYS,
    dirt: float = DIRT,
) -> list[dict]:
    """Write the raw files of a world.

    Parameters
    ----------
    accounts, posts : pandas.DataFrame
        As `world.simulate` gives them; what only the truth tells is not read.
    rng : numpy.random.Generator
        Chooses what is broken and who is missed.
    folder : pathlib.Path
        Where the files go.
    snapshots : sequence of str
        Days on which accounts were looked for, in order.
    content_days : sequence of str
        Days among them on which posts were exported too: those since the export
        before and from some days before it.
    dirt : float
        Broken records for each good one of a file, at most.

    Returns
    -------
    list of dict
        A row of `config/collections.tsv` a file (file, format, platform, encoding,
        snapshot), in their order, and what the ledger must say of it: records,
        kept, duplicate, quarantined.
    """
    rows, seen = [], set()
    for raw in raw_files(
        accounts, posts, rng=rng, snapshots=snapshots, content_days=content_days, dirt=dirt
    ):
        path = folder / raw.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(packed(raw))
        rows.append(_row(raw, seen))
    return rows


def raw_files(
    accounts: pd.DataFrame,
    posts: pd.DataFrame,
    *,
    rng: np.random.Generator,
    snapshots: Sequence[str],
    content_days: Sequence[str],
    dirt: float,
) -> Iterable[RawFile]:
    """The raw files of a world, platform by platform and day by day; parameters as for `export`."""
    accounts = accounts.sort_values(["platform", "native_id"], ignore_index=True)
    missable = set(snapshots) - set(content_days)
    there = presence(accounts, snapshots, rng, missable=missable, missed=MISSED)
    new = there & (there.cumsum(axis=1) == 1)
    authors = accounts.reset_index(names="author")[["platform", "native_id", "author"]]
    authors = authors.rename(columns={"native_id": "account"})
    posts = posts.merge(authors, on=["platform", "account"], validate="many_to_one")
    for platform, write in PLATFORMS.items():
        own = accounts[accounts["platform"] == platform]
        written = posts[posts["platform"] == platform]
        for day in snapshots:
            known = own[there.loc[own.index, :day].any(axis=1)]
            # Everything is asked of an account when it is new, and at the end.
            full = new.loc[known.index, day] | (day == snapshots[-1])
            asked = known.assign(found=there.loc[known.index, day], full=full)
            covered = posts_between(written, content_days, day, OVERLAP_DAYS)
            covered = covered[there.loc[covered["author"], day].to_numpy()]
            number = sum(one < day for one in content_days)
            take = Take(day, asked, covered, own, number, rng, dirt)
            yield from (raw for raw in write(take) if raw.keys)


def _row(raw: RawFile, seen: set[tuple]) -> dict:
    """A file's row of collections.tsv, and its line of the ledger; `seen` are the keys so far."""
    keys = {(raw.platform, *key) for key in raw.keys}
    kept = len(keys - seen)
    seen |= keys
    # A copy whose time is a placeholder is read, and is its original once more.
    undated = raw.text.count(EPOCH)
    return {
        **{name: getattr(raw, name) for name in LISTED},
        "records": len(raw.keys) + raw.quarantined,
        "kept": kept,
        "duplicate": len(raw.keys) - kept + undated,
        "quarantined": raw.quarantined - undated,
    }
