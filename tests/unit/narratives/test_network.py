"""Which texts count as the network's, and what is left out of a large one."""

import hashlib

import duckdb
import pandas as pd

from hydrascope.narratives.network import network_families

FAMILIES = pd.DataFrame({"family": ["f1", "f2", "f3"], "text": ["one", "two", "three"]})
MEMBERS = pd.DataFrame(
    {"post_id": ["p1", "p2", "p3", "p4", "p5", "p6"], "family": ["f3", "f1", "f1", "", "f2", "f2"]}
)
POSTS = pd.DataFrame(
    {
        "post_id": ["p5", "p4", "p3", "p2", "p1", "p6"],
        "account_id": ["out", "in", "in", "out", "in", "maybe"],
        "platform": "x",
        "posted_at": pd.Timestamp("2021-01-01"),
    }
)
VERDICTS = pd.DataFrame(
    {
        "account_id": ["in", "out", "maybe", "silent"],
        "verdict": ["affiliated", "unaffiliated", "undetermined", "affiliated"],
    }
)


def chosen(families=FAMILIES, members=MEMBERS, posts=POSTS, verdicts=VERDICTS, **settings):
    with duckdb.connect() as base:
        tables = {"families": families, "members": members, "posts": posts, "verdicts": verdicts}
        for name, table in tables.items():
            base.register(name, table)
        own, written, sample = network_families(base, **settings)
        return own.df(), written.df(), sample


def test_a_family_counts_when_an_affiliated_account_posted_it():
    families, _, _ = chosen()
    # f1 was also posted by somebody else; f2 only by others
    assert families.values.tolist() == [["f1", "one"], ["f3", "three"]]


def test_every_post_of_an_affiliated_account_is_there_sorted_even_without_words():
    _, posts, sample = chosen()
    assert posts[["post_id", "account_id", "family"]].values.tolist() == [
        ["p1", "in", "f3"],
        ["p3", "in", "f1"],
        ["p4", "in", ""],
    ]
    assert set(posts["platform"]) == {"x"}
    assert sample.values.tolist() == [["families", 2, 2], ["posts", 3, 3]]


def test_without_affiliated_accounts_there_is_nothing():
    families, posts, sample = chosen(verdicts=VERDICTS.assign(verdict="undetermined"))
    assert families.empty and posts.empty
    assert list(families.columns) == list(FAMILIES.columns)
    assert sample["of"].to_list() == [0, 0]


def large(count):
    """A network with so many families of two posts each, and as many posts without words."""
    texts = [f"text {number}" for number in range(count)]
    names = ["f_" + hashlib.sha256(text.encode()).hexdigest()[:20] for text in texts]
    posts = [f"p_{number:05}" for number in range(3 * count)]
    members = pd.DataFrame({"post_id": posts, "family": [*names, *names, *[""] * count]})
    posts = pd.DataFrame({"post_id": posts, "account_id": "in", "platform": "x"})
    families = pd.DataFrame({"family": names, "text": texts})
    return families.sort_values("family"), members, posts.assign(posted_at=pd.NaT)


def test_of_a_large_network_families_are_drawn_and_posts_without_words_in_proportion():
    whole = large(2_000)
    families, posts, sample = chosen(*whole, most=500)
    assert sample.values.tolist() == [["families", 500, 2_000], ["posts", len(posts), 6_000]]
    worded = posts[posts["family"] != ""]
    assert worded["family"].value_counts().to_dict() == dict.fromkeys(families["family"], 2)
    # A quarter, give or take three standard errors.
    assert abs((len(posts) - len(worded)) / 2_000 - 0.25) < 3 * (0.25 * 0.75 / 2_000) ** 0.5


def test_what_is_drawn_does_not_change_when_families_go_that_were_not():
    families, members, posts = large(300)
    drawn, _, _ = chosen(families, members, posts, most=100)
    gone = families["family"].isin(drawn["family"]) | (families.index % 2 == 0)
    fewer = members["family"].isin(families.loc[gone, "family"])
    again, _, _ = chosen(families[gone], members[fewer], posts, most=100)
    assert list(again["family"]) == list(drawn["family"])
