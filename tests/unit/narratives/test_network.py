import pandas as pd

from hydrascope.narratives.network import network_families

FAMILIES = pd.DataFrame(
    {"family": ["f1", "f2", "f3"], "text": ["one", "two", "three"], "vector_row": [0, 1, 2]}
)
MEMBERS = pd.DataFrame(
    {"post_id": ["p1", "p2", "p3", "p4", "p5", "p6"], "family": ["f3", "f1", "f1", "", "f2", "f2"]}
)
POSTS = pd.DataFrame(
    {
        "post_id": ["p5", "p4", "p3", "p2", "p1", "p6"],
        "account_id": ["out", "in", "in", "out", "in", "maybe"],
    }
)
VERDICTS = pd.DataFrame(
    {
        "account_id": ["in", "out", "maybe", "silent"],
        "verdict": ["affiliated", "unaffiliated", "undetermined", "affiliated"],
    }
)


def test_a_family_counts_when_an_affiliated_account_posted_it():
    families, _ = network_families(FAMILIES, MEMBERS, POSTS, VERDICTS)
    # f1 was also posted by somebody else; f2 only by others
    assert families.values.tolist() == [["f1", "one", 0], ["f3", "three", 2]]
    assert list(families.index) == [0, 1]


def test_every_post_of_an_affiliated_account_is_there_sorted_even_without_words():
    _, posts = network_families(FAMILIES, MEMBERS, POSTS, VERDICTS)
    assert posts.to_dict("records") == [
        {"post_id": "p1", "account_id": "in", "family": "f3"},
        {"post_id": "p3", "account_id": "in", "family": "f1"},
        {"post_id": "p4", "account_id": "in", "family": ""},
    ]


def test_without_affiliated_accounts_there_is_nothing():
    families, posts = network_families(
        FAMILIES, MEMBERS, POSTS, VERDICTS.assign(verdict="undetermined")
    )
    assert families.empty and posts.empty
    assert list(families.columns) == list(FAMILIES.columns)
