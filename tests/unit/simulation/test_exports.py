"""Exports of a simulated world read back as what they were made of."""

import json
import lzma
from typing import NamedTuple

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from hydrascope.contracts import POSTS
from hydrascope.ingest import merge, snapshots
from hydrascope.ingest.mapping import ASKED, DERIVED_ACCOUNTS
from hydrascope.ingest.reader import Sinks, read_raw_file
from hydrascope.ingest.same_posts import posts_told_apart
from hydrascope.simulation.exports import write
from hydrascope.simulation.exports.take import name_on, presence

DAYS = ["2021-01-10", "2021-03-20", "2021-05-10", "2021-07-10"]
CONTENT = ["2021-03-20", "2021-07-10"]
LEDGER = ["records", "kept", "duplicate", "quarantined"]
RENAMED = [("2019-07-02", "created", "Дорога"), ("2021-04-02", "renamed", "河边的早晨")]


def at(text):
    return pd.Timestamp(text, tz="UTC")


def snowflake(when):
    return str(((int(when.timestamp()) * 1_000 + 123 - 1_288_834_974_657) << 22) + 77)


def account(platform, unit, native_id, created, **more):
    name = more.get("display_name", f"名字 {native_id[-3:]}")
    history = [(f"{created:%Y-%m-%d}", "created", name)] if unit == "page" else []
    made = {
        "platform": platform,
        "unit": unit,
        "native_id": native_id,
        "created_at": created,
        "display_name": name,
        "handle": f"handle_{native_id.lower()}",
        "description": '说说天气, "quoted"',
        "country": "",
        "followers": 1_234,
        "following": 12,
        "name_history": history,
        "merges": [],
        "admin_countries": [("HK", 3), ("US", 1)] if unit == "page" else [],
        "removed_on": pd.NaT,
    } | more
    first = next(day for day in DAYS if at(day) >= created)
    return made | {"first_seen": at(first)}


def world():
    early, summer = at("2019-01-15 20:30:11"), at("2019-07-02 20:30:11")
    late = at("2021-04-01 08:00:02")
    rows = [
        account(
            *("facebook", "page", "101004008266511", summer),
            display_name="河边的早晨",
            name_history=RENAMED,
            merges=[("2020-02-01", "Old Page")],
        ),
        account("facebook", "page", "101004008266512", early, removed_on=at("2021-04-20")),
        # Known to one snapshot alone, and that one between the first and the last.
        account("facebook", "page", "101004008266513", late, removed_on=at("2021-06-01 09:00")),
        account("facebook", "profile", "100010000000101", early),
        account("facebook", "profile", "100010000000102", early, removed_on=at("2021-01-10")),
        account("facebook", "profile", "100010000000103", late),
    ]
    for number, (made, gone) in enumerate(
        [(early, pd.NaT), (summer, at("2021-04-20")), (late, pd.NaT)], start=1
    ):
        rows.append(account("youtube", "channel", f"UC{number:021d}A", made, removed_on=gone))
        rows.append(account("x", "user", snowflake(made), made, removed_on=gone))
    return pd.DataFrame(rows)


def post(platform, author, native_id, when, **more):
    kinds = {"facebook": "post", "x": "post", "youtube": "comment"}
    empty = dict.fromkeys(("title", "repost_of", "reply_to", "video"), "")
    counts = {"likes": 1_500, "replies": 0, "reposts": 2, "views": 30}
    made = {
        "platform": platform,
        "account": author,
        "native_id": native_id,
        "kind": kinds[platform],
        "posted_at": when,
        "text": f'天气，"转晴"\n第二行 {native_id[-3:]}',
        "language": "zh-Hans",
        "urls": [],
        "hashtags": [],
    }
    return made | empty | counts | more


def written(accounts):
    ids = {
        (platform, unit): rows["native_id"].tolist()
        for (platform, unit), rows in accounts.groupby(["platform", "unit"])
    }
    pages, profiles = ids["facebook", "page"], ids["facebook", "profile"]
    channels, users = ids["youtube", "channel"], ids["x", "user"]
    rows = []
    for number, day in enumerate(["2021-01-05", "2021-03-18", "2021-03-25", "2021-07-01"]):
        when = at(f"{day} 03:04:0{number}")
        for author in (pages[0], profiles[0]):
            address = f"https://www.facebook.com/{author}/posts/90000{number}"
            rows.append(post("facebook", author, address, when, urls=["https://news.example/1"]))
        tweet = snowflake(when)
        rows.append(post("x", users[0], tweet, when, urls=["https://a.example"], hashtags=["天气"]))
        video = f"video00000{number}"
        rows += [
            post("youtube", channels[0], video, when, kind="video", title="天气", hashtags=["雨"]),
            post("youtube", channels[0], f"Ugcomment{number}", when, video=video),
        ]
    first, handle = rows[2], accounts.set_index("native_id").at[users[0], "handle"]
    for kind, column, text in (("repost", "repost_of", "RT "), ("reply", "reply_to", "")):
        when = at("2021-02-03 04:05:06") + pd.Timedelta(minutes=len(rows))
        target = {"kind": kind, column: first["native_id"], "text": f"{text}@{handle} 说得好"}
        rows.append(post("x", users[1], snowflake(when), when, **target))
    # Too late for the export of March, and by July its author is gone.
    lost = f"https://www.facebook.com/{pages[1]}/posts/800001"
    rows.append(post("facebook", pages[1], lost, at("2021-04-03")))
    return pd.DataFrame(rows)


class Collected(NamedTuple):
    rows: pd.DataFrame
    ledger: pd.DataFrame
    accounts: pd.DataFrame
    posts: pd.DataFrame


class Sink(list):
    write_table = list.append


def exported(folder, dirt=0.0):
    accounts = world()
    return write.export(
        *(accounts, written(accounts)),
        rng=np.random.default_rng(1),
        folder=folder,
        snapshots=DAYS,
        content_days=CONTENT,
        dirt=dirt,
    )


def collected(folder, dirt=0.0):
    """Export, read each file, merge: what the rules of ingest do."""
    rows = exported(folder, dirt)
    sinks = Sinks(*(Sink([table.empty_table()]) for table in (DERIVED_ACCOUNTS, POSTS, ASKED)))
    limits = {"strict": False, "max_bad_share": 1, "max_unpacked_gib": 1}
    ledgers = [
        read_raw_file(
            folder / row["file"],
            row=row | {"sha256": ""},
            collection="toy",
            key=b"a key of these tests",
            limits=limits,
            sinks=sinks,
        )[0]
        for row in rows
    ]
    listed = pd.DataFrame(rows)
    tables = dict(zip("apq", map(pa.concat_tables, sinks), strict=True))
    with duckdb.connect() as base:
        base.execute("SET TimeZone = 'UTC'")
        for name, table in tables.items():
            base.register(name, table)
        found, posts, asked = (base.sql(f"FROM {name}") for name in tables)
        posts, conflicts = posts_told_apart(base, posts)
        assert not len(conflicts)
        records = (found.filter("NOT derived"), posts, asked)
        charged = pd.concat(merge.charges(base, one, listed["file"]) for one in records)
        seen = snapshots.sightings(base, snapshots.scopes(listed, {}), found, asked)
        merged = merge.merge_accounts(base, found, listed["file"])
        merged = snapshots.removals(base, merged, seen).to_pandas()
        kept = merge.merge_posts(base, posts, listed["file"]).df()
    ledger = merge.settle_ledger(pd.DataFrame(ledgers), charged)
    return Collected(
        listed, ledger, merged.set_index("native_id"), kept.set_index("native_id").sort_index()
    )


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    return collected(tmp_path_factory.mktemp("clean"))


@pytest.fixture(scope="module")
def dirty(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dirty")
    return folder, collected(folder, dirt=1.0)


def test_accounts_read_back_as_they_were(clean):
    given = world().set_index("native_id").loc[clean.accounts.index]
    for column in ("platform", "unit", "display_name"):
        assert clean.accounts[column].tolist() == given[column].tolist()
    profiles = given["unit"] == "profile"
    assert clean.accounts.loc[profiles, "created_at"].isna().all()
    seconds = clean.accounts["created_at"].dt.floor("s")[~profiles]
    assert seconds.tolist() == given["created_at"][~profiles].tolist()
    assert set(clean.accounts.loc[given["platform"] == "x", "created_precision"]) == {"ms"}
    users = given["platform"].isin(["x", "youtube"])
    for column in ("handle", "description", "followers"):
        assert clean.accounts.loc[users, column].tolist() == given.loc[users, column].tolist()


def test_a_page_keeps_its_names_merges_and_admins(clean):
    page = clean.accounts.loc["101004008266511"]
    events = {
        (one["date"][:10], one["event"], one["name"]) for one in json.loads(page.name_history)
    }
    assert events >= {*RENAMED, ("2020-02-01", "merged", "Old Page")}
    countries = [tuple(sorted(one.items())) for one in json.loads(page.admin_countries)]
    assert len(countries) == 2


def test_posts_read_back_as_they_were_but_those_that_went_with_their_author(clean):
    given = written(world()).set_index("native_id").sort_index()
    lost = given.index.difference(clean.posts.index)
    assert lost.str.endswith("/posts/800001").tolist() == [True]
    given = given.loc[clean.posts.index]
    for column in ("kind", "likes", "platform"):
        assert clean.posts[column].tolist() == given[column].tolist()
    assert clean.posts["posted_at"].dt.floor("s").tolist() == given["posted_at"].tolist()
    # A retweet of the API has the links and tags of its original.
    passed_on = given["repost_of"].where(given["platform"] == "x", "")
    for column in ("urls", "hashtags"):
        given[column] = [
            given.at[original, column] if original else own
            for original, own in zip(passed_on, given[column], strict=True)
        ]
    assert clean.posts["urls"].map(list).tolist() == given["urls"].tolist()
    videos = given["kind"] == "video"
    titled = given["title"].where(~videos, given["title"] + "\n") + given["text"]
    assert clean.posts["text"].tolist() == titled.tolist()
    tagged = given["platform"].isin(["x", "youtube"])
    assert clean.posts.loc[tagged, "hashtags"].map(list).tolist() == [
        *given.loc[tagged, "hashtags"]
    ]


def test_references_lead_to_the_posts_that_they_name(clean):
    given = written(world()).set_index("native_id")
    by_id = clean.posts["post_id"]
    for column, held in (
        ("repost_of", "repost_of"),
        ("reply_to", "reply_to"),
        ("video", "reply_to"),
    ):
        rows = given[given[column] != ""]
        found = clean.posts.loc[rows.index, held]
        assert found.tolist() == by_id[rows[column]].tolist()
    repost = given[given["repost_of"] != ""].iloc[0]
    author = given.at[repost["repost_of"], "account"]
    mentioned = clean.posts.at[repost.name, "mentions"]
    assert list(mentioned) == [clean.accounts.at[author, "account_id"]]


def test_the_ledger_is_the_one_foretold_with_dirt_and_without(clean, dirty):
    for made in (clean, dirty[1]):
        expected = made.rows.set_index("file")[LEDGER]
        pd.testing.assert_frame_equal(made.ledger.set_index("file")[LEDGER], expected)
    assert clean.rows["quarantined"].sum() == 0
    assert (dirty[1].rows["quarantined"] > 0).all()


def test_dirt_loses_and_adds_nothing(clean, dirty):
    place = ["source_file", "source_row", "first_seen", "last_seen"]
    for name in ("accounts", "posts"):
        pair = [getattr(one, name) for one in (clean, dirty[1])]
        pair = [table.drop(columns=place, errors="ignore").map(str) for table in pair]
        pd.testing.assert_frame_equal(*pair)


def test_overlapping_exports_repeat_the_posts_of_some_days(clean):
    july = clean.rows[clean.rows["file"].str.contains("facebook/2021-07-10/posts")]
    # Two posts of the 18th of March, two days before the first export, come twice.
    assert july["duplicate"].sum() == 2
    assert july["kept"].sum() == 4


def test_removals_lie_between_the_right_snapshots(clean):
    removed = clean.accounts[["removed_after", "removed_before"]].dropna()
    days = removed.apply(lambda column: column.dt.strftime("%Y-%m-%d"))
    pairs = dict(zip(days.index, map(tuple, days.to_numpy()), strict=True))
    given = world().set_index("native_id")
    april = [*given.index[given["removed_on"] == at("2021-04-20")]]
    assert len(april) == 3
    assert pairs == {
        **dict.fromkeys(april, ("2021-03-20", "2021-05-10")),
        "101004008266513": ("2021-05-10", "2021-07-10"),
        "100010000000102": ("2021-01-10", "2021-03-20"),
    }


def test_who_was_missed_once_and_found_again_was_not_removed(clean, tmp_path, monkeypatch):
    monkeypatch.setattr(write, "MISSED", 1.0)
    missed = collected(tmp_path)
    may = missed.rows["snapshot"] == "2021-05-10"
    fewer = missed.rows.loc[may, "records"].sum(), clean.rows["snapshot"] == "2021-05-10"
    assert fewer[0] < clean.rows.loc[fewer[1], "records"].sum()
    both = ["removed_after", "removed_before"]
    stayed = world().set_index("native_id")["removed_on"].isna()
    assert missed.accounts.loc[stayed[stayed].index, both].isna().all(axis=None)


def test_nobody_is_missed_on_the_first_day_the_last_or_a_day_of_posts():
    rng = np.random.default_rng(1)
    there = presence(world(), DAYS, rng, missable={"2021-05-10"}, missed=1.0)
    whole = presence(world(), DAYS, rng, missable={"2021-05-10"}, missed=0.0)
    assert there.drop(columns="2021-05-10").equals(whole.drop(columns="2021-05-10"))
    assert not there["2021-05-10"].equals(whole["2021-05-10"])


def test_nothing_is_told_before_it_happened(dirty):
    folder, made = dirty
    path = folder / "facebook/2021-01-10/pages.json.xz"
    pages = json.loads(lzma.decompress(path.read_bytes()))["data"]
    names = {page["page_name"] for page in pages if isinstance(page, dict)}
    assert "Дорога" in names
    assert "河边的早晨" not in names
    assert name_on("2021-04-02", RENAMED, "") == "河边的早晨"
    assert name_on("2018-01-01", RENAMED, "other") == "other"


def test_parts_of_an_export_differ_in_encoding_and_in_their_times(dirty):
    folder, made = dirty
    parts = made.rows[made.rows["format"] == "crowdtangle"]
    assert set(parts["encoding"]) == {"utf-8", "utf-16", "gb18030"}
    pages, profiles, *_ = [
        lzma.decompress((folder / row.file).read_bytes()).decode(row.encoding)
        for row in parts.itertuples()
    ]
    assert pages.startswith("\ufeff")
    # A Page made in summer and its posts of winter, by the clock of New York.
    assert "2019-07-02 16:30:11 EDT" in pages
    assert "2021-01-04 22:04:00 EST" in pages
    assert '"1,500"' in pages
    assert "名字 101,,100010000000101,,,,,,2021-01-05 11:04:00 +0800" in profiles


def test_the_same_seed_gives_the_same_bytes(dirty, tmp_path):
    folder, made = dirty
    again = exported(tmp_path, dirt=1.0)
    assert again == made.rows.to_dict("records")
    for file in made.rows["file"]:
        data = (folder / file).read_bytes()
        assert data == (tmp_path / file).read_bytes()
