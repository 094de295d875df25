"""What accounts hold: episodes of texts and links, batches, templates, renames."""

import json

import duckdb
import pandas as pd
import pyarrow as pa
import pytest

from hydrascope.affiliation.gaps import GAPS
from hydrascope.affiliation.posted import hold
from hydrascope.affiliation.signals import (
    GROUPS,
    SIGNALS,
    STORED,
    TIMING,
    by_signal,
    in_one,
    signal_tables,
)

FORMS = {"form": ["f", "g", "h"], "text": ["春天来了", "see you. ab3d", "see you."]}
TEXTS = pa.list_(pa.string())
POSTS = pa.schema(
    dict.fromkeys(
        (
            *("post_id", "account_id", "form", "platform", "kind", "posted_precision"),
            *("repost_of", "reply_to"),
        ),
        pa.string(),
    )
    | {"posted_at": pa.timestamp("ms", "UTC")}
    | dict.fromkeys(("urls", "hashtags", "media_ids"), TEXTS)
)


def accounts(*rows):
    """Accounts a, b, c, ... with what is given of each and nothing else."""
    plain = {
        "platform": "x",
        "unit": "user",
        "created_at": None,
        "created_precision": "s",
        "description": None,
        "picture_hash": None,
        "handle": None,
        "display_name": None,
        "name_history": None,
        "admin_countries": None,
    }
    table = pd.DataFrame([{**plain, **row} for row in rows])
    table["created_at"] = pd.to_datetime(table["created_at"], utc=True, format="ISO8601")
    return table.assign(account_id=[chr(ord("a") + number) for number in range(len(table))])


def posts(*rows, **columns):
    """Posts by account, form, time and links; further columns by name."""
    table = pd.DataFrame(rows, columns=["account_id", "form", "posted_at", "urls"])
    empty = {"hashtags": [[]], "media_ids": [[]], "repost_of": [None], "reply_to": [None]}
    table = table.assign(
        post_id=[f"p{number}" for number in range(len(table))],
        posted_at=pd.to_datetime(table["posted_at"], utc=True),
        posted_precision="s",
        platform="x",
        kind="post",
        **{name: value * len(table) for name, value in empty.items()},
    )
    return table.assign(**columns)


def signals(
    people, written=None, *, window_hours=24, batch_minutes=30, slot_minutes=10, only=SIGNALS
):
    written = posts() if written is None else written
    with duckdb.connect() as base:
        lists = {name: written[name].astype(object) for name in ("urls", "hashtags", "media_ids")}
        table = pa.Table.from_pandas(written.assign(**lists), POSTS, preserve_index=False)
        base.register("posts", table)
        base.register("forms", pa.table(FORMS))
        base.sql("SELECT post_id, form FROM posts").create_view("members")
        hold(base, people["account_id"])
        return signal_tables(
            people,
            base,
            window_hours=window_hours,
            batch_minutes=batch_minutes,
            slot_minutes=slot_minutes,
            only=only,
        )


def together(pairs):
    """The sets of accounts that hold one thing, largest first."""
    letters = pairs["account"].map(lambda number: chr(ord("a") + number))
    groups = letters.groupby(pairs["thing"]).agg(lambda of: "".join(sorted(of)))
    return sorted(groups, key=lambda group: (-len(group), group))


def test_each_signal_belongs_to_one_group():
    names = [name for group in GROUPS.values() for name in group]
    assert sorted(names) == sorted(signals(accounts({})))
    assert set(TIMING) < set(GROUPS)


def test_copies_that_follow_each_other_are_one_thing_and_later_ones_another():
    written = posts(
        ("a", "f", "2021-05-01 10:00", []),
        ("b", "f", "2021-05-02 09:00", []),
        ("c", "f", "2021-05-03 08:00", []),
        ("d", "f", "2021-06-01 08:00", []),
        ("a", "", "2021-05-01 10:00", []),
        ("d", "g", None, []),
    )
    assert together(signals(accounts({}, {}, {}, {}), written)["texts"]) == ["abc", "d"]


def test_links_meet_whatever_the_scheme_and_the_case():
    written = posts(
        ("a", "f", "2021-05-01", ["https://www.Daily.example/1/"]),
        ("b", "g", "2021-05-01", ["http://daily.example/1", "https://other.example/x"]),
    )
    assert together(signals(accounts({}, {}), written)["links"]) == ["ab", "b"]


def test_a_batch_is_a_chain_of_registrations_on_one_platform():
    made = ["10:00:00", "10:29:59", "10:59:00", "11:29:01", "10:05:00"]
    people = accounts(*({"created_at": f"2020-03-01 {time}"} for time in made))
    people.loc[4, "platform"] = "youtube"
    assert together(signals(people)["batches"]) == ["abc", "d", "e"]


def test_one_date_without_an_hour_makes_batches_of_days_for_its_unit_and_no_other():
    people = accounts(
        {"created_at": "2020-03-01", "created_precision": "day"},
        {"created_at": "2020-03-01 23:50"},
        {"created_at": "2020-03-02 00:05"},
        {"created_at": "2020-03-01 23:50", "unit": "page"},
        {"created_at": "2020-03-02 00:05", "unit": "page"},
    )
    assert together(signals(people)["batches"]) == ["ab", "de", "c"]


def test_accounts_without_a_date_are_in_no_batch():
    assert signals(accounts({}, {}))["batches"].empty


def test_handles_meet_without_their_number_and_names_without_their_count():
    people = accounts(
        {"handle": "BlueKettle_0041", "display_name": "阿一"},
        {"handle": "bluekettle7", "display_name": "阿十二"},
        {"handle": "4711", "display_name": "阿蓝"},
    )
    found = signals(people)
    assert together(found["handles"]) == ["ab"]
    assert together(found["names"]) == ["ab", "c"]


def test_pictures_meet_where_their_hashes_hardly_differ():
    people = accounts(
        {"picture_hash": "00ff00ff00ff00ff"},
        {"picture_hash": "00FF00FF00FF00FD"},
        {"picture_hash": "00ff00ff00ffff00"},
        {},
    )
    assert together(signals(people)["pictures"]) == ["ab", "c"]


def test_descriptions_meet_across_scripts_and_widths():
    people = accounts({"description": "熱愛生活，ＯＫ"}, {"description": "热爱生活,ok"}, {})
    assert together(signals(people)["descriptions"]) == ["ab"]


def page(name, *former, countries=()):
    names = [{"date": "2020-01-01", "event": "created", "name": old} for old in [*former, name]]
    admins = [{"country": country, "admins": 2} for country in countries]
    return {
        "unit": "page",
        "display_name": name,
        "name_history": json.dumps(names),
        "admin_countries": json.dumps(admins),
    }


def test_a_rename_counts_where_the_script_changes():
    people = accounts(
        page("山青青", "আকাশ নদী"),
        page("小风", "ফুল"),
        page("小风", "Осень"),
        page("茶馆", "白鸽书房"),
        {},
    )
    assert together(signals(people)["renames"]) == ["ab", "c"]


def test_admins_count_where_the_language_would_not_lead_one_to_expect_them():
    people = accounts(
        page("山青青", countries=("BD", "CN")),
        page("小风", countries=("HK", "BD")),
        page("小雨", countries=("TW",)),
        page("Birds", countries=("BD",)),
    )
    assert together(signals(people)["admins"]) == ["ab"]


def test_a_random_ending_does_not_hide_a_copy():
    written = posts(("a", "g", "2021-05-01 10:00", []), ("b", "h", "2021-05-01 11:00", []))
    assert together(signals(accounts({}, {}), written)["texts"]) == ["ab"]


def test_pictures_tags_in_order_and_answered_posts_are_things_too():
    when = "2021-05-01 10:00"
    written = posts(
        *((name, "", when, []) for name in "abc"),
        media_ids=[["m1"], ["m2"], ["m1"]],
        hashtags=[["A", "b", "c"], ["a", "B", "C"], ["c", "b", "a"]],
        reply_to=[None, "p9", "p9"],
    )
    found = signals(accounts({}, {}, {}), written)
    assert together(found["media"]) == ["ac", "b"]
    assert together(found["hashtags"]) == ["ab", "c"]
    assert together(found["targets"]) == ["bc"]


def test_two_tags_are_no_sequence():
    written = posts(("a", "", "2021-05-01 10:00", []), hashtags=[["a", "b"]])
    assert signals(accounts({}), written)["hashtags"].empty


def test_slots_hold_what_nobody_else_posted_and_know_their_hour():
    written = posts(
        ("a", "f", "2021-05-03 10:01", []),
        ("b", "g", "2021-05-03 10:09", []),
        ("c", "f", "2021-05-03 10:05", []),
        ("d", "", "2021-05-08 10:12", []),
    )
    slots = signals(accounts({}, {}, {}, {}), written)["slots"]
    moments = pd.to_datetime(slots["thing"] * 600, unit="s").astype(str).to_list()
    assert moments == ["2021-05-03 10:00:00", "2021-05-08 10:10:00"]
    # Ten o'clock, of a workday and of a weekend.
    assert slots[["account", "stratum"]].values.tolist() == [[1, 10], [3, 24 + 10]]


def test_posts_whose_minute_is_not_known_are_in_no_slot():
    written = posts(("a", "f", "2021-05-03", []), posted_precision="day")
    assert signals(accounts({}), written)["slots"].empty


def test_a_repost_that_does_not_say_of_what_is_no_copy_and_nothing_of_ones_own():
    link, image = ["https://a.example/1"], [["i1"]] * 4
    written = posts(
        *((name, "f", "2021-05-03 10:00", link) for name in "abcd"),
        kind=["post", "post", "repost", "repost"],
        repost_of=[None, None, None, "p0"],
        media_ids=image,
        hashtags=[["one", "two", "three"]] * 4,
    )
    found = signals(accounts({}, {}, {}, {}), written)
    for name in ("texts", "links", "media", "hashtags"):
        assert together(found[name]) == ["abd"], name
    assert found["slots"].empty


def test_the_order_of_rows_decides_nothing():
    people = accounts(*({"created_at": "2020-03-01 10:00", "handle": f"ab{n}"} for n in range(5)))
    written = posts(*((name, "f", "2021-05-01", ["https://a.example/1"]) for name in "abcde"))
    once, again = signals(people, written), signals(people[::-1], written[::-1])
    for name, pairs in once.items():
        pd.testing.assert_frame_equal(pairs, again[name])


def test_whom_accounts_repost_is_a_thing_that_the_reposted_hold_too():
    written = posts(
        ("a", "f", "2021-05-01 10:00", []),
        ("b", "g", "2021-05-02 10:00", []),
        ("c", "g", "2021-05-09 10:00", []),
        ("a", "h", "2021-05-10 10:00", []),
        ("d", "h", "2021-05-11 10:00", []),
        repost_of=[None, "p0", "p0", "p0", "not here"],
    )
    pairs = signals(accounts({}, {}, {}, {}), written)["reposted"]
    # Reposting oneself, or what is not in the collection, joins nobody.
    assert together(pairs) == ["abc"]
    assert pairs["stratum"].nunique() == 1


def test_hours_know_their_place_in_the_week_and_need_the_hour():
    written = posts(
        ("a", "f", "2021-05-03 09:10", []),
        ("a", "g", "2021-05-03 09:50", []),
        ("b", "h", "2021-05-08 09:10", []),
        ("c", "h", "2021-05-04 00:00", []),
        posted_precision=["s", "s", "min", "day"],
    )
    pairs = signals(accounts({}, {}, {}), written)["hours"]
    assert pairs[["account", "stratum"]].values.tolist() == [[0, 9], [1, 24 + 9]]


def test_signals_come_back_from_the_one_table_that_holds_them():
    written = posts(("a", "f", "2021-05-03 09:10", []), ("b", "f", "2021-05-03 09:50", []))
    found = signals(accounts({"handle": "one"}, {}), written)
    table = pa.concat_tables(in_one(found))
    assert table.schema.equals(STORED)
    again = by_signal(table)
    assert set(again) == set(found)
    for name, pairs in found.items():
        pd.testing.assert_frame_equal(pairs, again[name], check_dtype=False)


@pytest.mark.parametrize(
    ("gap", "other"), [("window_hours", 1), ("batch_minutes", 1), ("slot_minutes", 60)]
)
def test_another_gap_moves_the_signals_that_are_made_anew_for_it_and_no_other(gap, other):
    moments = ["2021-05-03 09:10", "2021-05-03 09:50", "2021-05-03 12:30"]
    links = [["https://a.example/1"], [], ["https://a.example/1"]]
    written = posts(*zip("abc", "fgf", moments, links, strict=True))
    born = [{"created_at": f"2021-05-01 09:{minute}:00"} for minute in (10, 20, 59)]
    people = accounts(*born)
    before, after = signals(people, written), signals(people, written, **{gap: other})
    moved = {name for name in SIGNALS if not before[name].equals(after[name])}
    assert moved
    assert moved <= set(GAPS[gap])
    alone = signals(people, written, **{gap: other}, only=GAPS[gap])
    assert set(alone) == set(GAPS[gap])
    assert all(alone[name].equals(after[name]) for name in GAPS[gap])
