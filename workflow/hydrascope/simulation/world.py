"""A simulated world: who is in it, what they post, and what is true of them."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from hydrascope.simulation.coordinated import coordinated_accounts, vendor_moments
from hydrascope.simulation.dose import dose_at
from hydrascope.simulation.habits import (
    COORDINATED,
    PEOPLE,
    SNAPSHOTS,
    Habits,
    Kind,
)
from hydrascope.simulation.names import distinct_handles, native_ids
from hydrascope.simulation.people import people_accounts
from hydrascope.simulation.posting import coordinated_drafts, headlines, people_drafts
from hydrascope.simulation.publishing import published

__all__ = ["WORLDS", "World", "draw_seeds", "simulate"]

# The network that is planted in each world.
WORLDS = {"network": "network", "none": "", "other": "other"}
# Fan armies and coupon rings are as loud in every world.
LOUD = 1.6
ACCOUNTS = [
    *("platform", "unit", "native_id", "created_at", "display_name", "handle", "description"),
    *("language", "country", "followers", "following", "name_history", "merges"),
    *("admin_countries", "first_seen", "removed_on", "affiliated", "role"),
]


@dataclass(frozen=True)
class World:
    """Everything that exports and truth tables are made of.

    Attributes
    ----------
    accounts : pandas.DataFrame
        Columns `ACCOUNTS`; affiliated and role are the truth.
    posts : pandas.DataFrame
        What `publishing.published` gave; narrative and stance are the truth.
    """

    accounts: pd.DataFrame
    posts: pd.DataFrame


def simulate(
    *,
    seed: int,
    dose: float = 1.0,
    world: str = "network",
    scale: float = 1.0,
    outside: float = 1.0,
) -> World:
    """Simulate a world.

    Parameters
    ----------
    seed : int
        The seed of everything in it.
    dose : float
        How much the planted network gives itself away, see `dose.dose_at`.
    world : {'network', 'none', 'other'}
        The Spamouflage-like network, no network at all, or one with other habits.
    scale : float
        Factor on the number of all accounts.
    outside : float
        Further factor on the number of people, which sets the network's prevalence.

    Raises
    ------
    ValueError
        If there is no such world.
    """
    if world not in WORLDS:
        raise ValueError(f"world: found {world!r}; expected one of {', '.join(WORLDS)}")
    rng = np.random.default_rng([seed, sorted(WORLDS).index(world)])
    vendors, news = vendor_moments(rng), headlines(rng)
    groups = [name for name in (WORLDS[world], "fans", "coupons") if name]
    accounts, drafts, given = [], [], []
    start = 0
    for name in groups:
        planted = name == WORLDS[world]
        habits = _scaled(COORDINATED[name], scale)
        strength = dose_at(dose if planted else LOUD)
        rows = coordinated_accounts(rng, habits, strength, vendors)
        rows.index += start
        made, orders = coordinated_drafts(rng, habits, strength, rows, news)
        given = orders if planted else given
        accounts.append(rows.assign(affiliated=int(planted)))
        drafts.append(made)
        start += len(rows)
    for kind in PEOPLE:
        kind = _scaled(kind, scale * outside)
        rows = people_accounts(rng, kind)
        rows.index += start
        drafts.append(people_drafts(rng, kind, rows, news, given))
        accounts.append(rows.assign(affiliated=0))
        start += len(rows)
    everybody = _identified(rng, pd.concat(accounts))
    posts = published(rng, everybody, pd.concat(drafts, ignore_index=True))
    everybody = everybody[ACCOUNTS].sort_values(["platform", "native_id"], ignore_index=True)
    return World(everybody, posts)


def draw_seeds(
    world: World, rng: np.random.Generator, *, role: str, share: float, wrong: float = 0.0
) -> pd.DataFrame:
    """Choose the accounts that an analyst would begin with.

    Parameters
    ----------
    world : World
        What `simulate` gave.
    rng : numpy.random.Generator
        Source of chance.
    role : str
        Role that seeds are drawn from.
    share : float
        Share of the role's accounts with at least three posts, by platform; at
        least two a platform where there are as many.
    wrong : float
        Share of the seeds that are drawn from all other accounts instead.

    Returns
    -------
    pandas.DataFrame
        platform and native_id, sorted.
    """
    posts = world.posts["account"].value_counts()
    loud = world.accounts[world.accounts["native_id"].map(posts).fillna(0) >= 3]
    chosen = []
    for _, rows in loud.groupby("platform", sort=True):
        own, others = rows[rows["role"] == role], rows[rows["role"] != role]
        count = min(len(own), max(2, round(share * len(own))))
        swapped = round(wrong * count)
        chosen.append(own.iloc[rng.permutation(len(own))[: count - swapped]])
        chosen.append(others.iloc[rng.permutation(len(others))[:swapped]])
    columns = ["platform", "native_id"]
    return pd.concat(chosen)[columns].sort_values(columns, ignore_index=True)


def _scaled(group: Habits | Kind, scale: float) -> Habits | Kind:
    counts = {key: max(1, round(count * scale)) for key, count in group.accounts.items()}
    return replace(group, accounts=counts)


def _identified(rng: np.random.Generator, accounts: pd.DataFrame) -> pd.DataFrame:
    """Ids and handles that nobody else has, and moments as timestamps."""
    accounts = accounts.assign(native_id="", handle=distinct_handles(rng, accounts["handle"]))
    for (platform, unit), rows in accounts.groupby(["platform", "unit"], sort=True):
        ids = native_ids(rng, platform, unit, rows["created"].to_numpy())
        accounts.loc[rows.index, "native_id"] = ids
    days = pd.to_datetime(list(SNAPSHOTS), utc=True)
    created = pd.to_datetime(accounts["created"], unit="s", utc=True)
    return accounts.assign(
        created_at=created,
        country="",
        first_seen=days[days.searchsorted(created)],
        removed_on=pd.to_datetime(
            accounts["removed"].where(accounts["removed"] > 0), unit="s", utc=True
        ),
    )
