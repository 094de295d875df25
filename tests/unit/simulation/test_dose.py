"""Dose 1 behaves as the real release does, measured in the same way on both."""

import duckdb
import numpy as np
import pandas as pd
import pytest

from hydrascope.simulation.dose import RELEASE, dose_at
from hydrascope.simulation.world import simulate
from hydrascope.texts.forms import forms_of

FOLDER = "x-thailand-2020"


def measures(posts, accounts):
    """What a dose is defined by: posts with account_id, text, at; accounts with their day."""
    rows = posts.assign(language="und")[["post_id", "account_id", "text", "language"]]
    with duckdb.connect() as base:
        base.register("posts", rows)
        forms_of(base)
        members = base.sql("SELECT post_id, form AS family FROM members").df()
    rows = posts.merge(members, on="post_id")
    rows = rows[rows["family"] != ""]
    accounts_of = rows.groupby("family")["account_id"].nunique()
    shared = accounts_of[accounts_of > 1]
    copies = rows[rows["family"].isin(shared.index)].sort_values(["family", "at"])
    delays = copies.groupby("family")["at"].diff().dt.total_seconds() / 60
    days = accounts.dropna(subset="day").groupby(["platform", "day"]).size()
    return {
        "copied": len(copies) / len(rows),
        "family": shared.mean(),
        "silent": 1 - posts["account_id"].nunique() / len(accounts),
        "delay_minutes": delays.median(),
        "batched": days[days >= 5].sum() / days.sum(),
        "batch_size": days[days >= 5].mean(),
    }


@pytest.fixture(scope="module")
def release(realdata):
    read = {"dtype": str, "keep_default_na": False}
    folder = realdata / FOLDER
    users = pd.read_csv(folder / "thailand_092020_users_csv_hashed.csv", **read)
    tweets = pd.read_csv(folder / "thailand_092020_tweets_csv_hashed.zip", **read)
    posts = pd.DataFrame(
        {
            "post_id": tweets["tweetid"],
            "account_id": tweets["userid"],
            "text": tweets["tweet_text"],
            "at": pd.to_datetime(tweets["tweet_time"]),
        }
    )
    return measures(posts, users.assign(platform="x", day=users["account_creation_date"]))


@pytest.fixture(scope="module")
def simulated():
    world = simulate(seed=20211222)
    network = world.accounts[world.accounts["affiliated"] == 1]
    posts = world.posts[world.posts["account"].isin(network["native_id"])]
    posts = posts.rename(columns={"native_id": "post_id", "account": "account_id"})
    days = network["created_at"].dt.strftime("%Y-%m-%d").where(network["unit"] != "profile")
    return measures(posts.assign(at=posts["posted_at"]), network.assign(day=days))


@pytest.mark.parametrize("name", ["copied", "silent", "delay_minutes", "batched", "batch_size"])
def test_the_release_measures_what_the_dose_says(release, name):
    assert release[name] == pytest.approx(getattr(RELEASE, name), rel=0.01)


@pytest.mark.parametrize(
    ("name", "within"),
    [
        ("copied", 0.15),
        ("family", 0.15),
        ("silent", 0.1),
        ("delay_minutes", 0.35),
        ("batched", 0.1),
        ("batch_size", 0.35),
    ],
)
def test_dose_1_measures_what_the_release_does(release, simulated, name, within):
    assert simulated[name] == pytest.approx(release[name], rel=within)


def test_every_part_of_the_dose_grows_with_its_level():
    doses = [dose_at(level) for level in (0.25, 0.5, 1.0, 2.0)]
    for name in ("copied", "template", "batched", "batch_size", "sessions"):
        values = [getattr(dose, name) for dose in doses]
        assert values == sorted(values) and len(set(values)) > 2
    for name in ("silent", "delay_minutes"):
        assert np.all(np.diff([getattr(dose, name) for dose in doses]) < 0)
