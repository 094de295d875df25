"""What accounts hold: episodes of texts and links, batches, templates, renames."""

import json

import pandas as pd

from hydrascope.affiliation.signals import GROUPS, TIMING, signal_tables

EMPTY_POSTS = pd.DataFrame(
    {
        "post_id": pd.Series(dtype=str),
        "account_id": pd.Series(dtype=str),
        "posted_at": pd.Series(dtype="datetime64[ms, UTC]"),
        "urls": pd.Series(dtype=object),
    }
)
NO_MEMBERS = pd.DataFrame({"post_id": pd.Series(dtype=str), "family": pd.Series(dtype=str)})


def accounts(*rows):
    """Accounts a, b, c, ... with what is given of each and nothing else."""
    plain = {
        "platform": "x",
        "unit": "user",
        "created_at": None,
        "created_precision": "s",
        "description": None,
        "handle": None,
        "display_name": None,
        "name_history": None,
        "admin_countries": None,
    }
    table = pd.DataFrame([{**plain, **row} for row in rows])
    table["created_at"] = pd.to_datetime(table["created_at"], utc=True, format="ISO8601")
    return table.assign(account_id=[chr(ord("a") + number) for number in range(len(table))])


def posts(*rows):
    table = pd.DataFrame(rows, columns=["account_id", "family", "posted_at", "urls"])
    table["post_id"] = [f"p{number}" for number in range(len(table))]
    table["posted_at"] = pd.to_datetime(table["posted_at"], utc=True)
    return table


def signals(people, written=None, *, window_hours=24, batch_minutes=30):
    here = (
        EMPTY_POSTS if written is None else written[["post_id", "account_id", "posted_at", "urls"]]
    )
    members = NO_MEMBERS if written is None else written[["post_id", "family"]]
    return signal_tables(
        people, here, members, window_hours=window_hours, batch_minutes=batch_minutes
    )


def together(pairs):
    """The sets of accounts that hold one thing, largest first."""
    groups = pairs.groupby("thing")["account_id"].agg(lambda of: "".join(sorted(of)))
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


def test_descriptions_meet_across_scripts_and_widths():
    people = accounts({"description": "熱愛生活，ＯＫ"}, {"description": "热爱生活,ok"}, {})
    assert together(signals(people)["descriptions"]) == ["ab"]


def test_a_rename_counts_where_the_script_changes():
    def page(old, new, *countries):
        names = [{"date": "2020-01-01", "event": "created", "name": old}]
        names += [{"date": "2021-01-01", "event": "renamed", "name": new}]
        admins = [{"country": country, "admins": 2} for country in countries]
        return {"name_history": json.dumps(names), "admin_countries": json.dumps(admins)}

    people = accounts(
        page("আকাশ নদী", "山青青", "CN", "BD"),
        page("ফুল", "小风", "BD", "CN"),
        page("ফুল", "小风", "HK"),
        page("白鸽书房", "茶馆", "BD", "CN"),
        {},
    )
    assert together(signals(people)["renames"]) == ["ab", "c"]


def test_the_order_of_rows_decides_nothing():
    people = accounts(*({"created_at": "2020-03-01 10:00", "handle": f"ab{n}"} for n in range(5)))
    written = posts(*((name, "f", "2021-05-01", ["https://a.example/1"]) for name in "abcde"))
    once, again = signals(people, written), signals(people[::-1], written[::-1])
    for name, pairs in once.items():
        pd.testing.assert_frame_equal(pairs, again[name])
