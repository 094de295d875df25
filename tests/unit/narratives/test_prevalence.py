import pandas as pd
import pytest

from hydrascope.narratives.prevalence import prevalence

FAMILIES = pd.DataFrame({"family": ["f0", "f1", "f2"], "language": ["zh", "zh", "en"]})
CODED = pd.DataFrame(
    [
        ("p0", "a", "f0", 0, "ships"),
        ("p1", "a", "f0", 0, "ships"),
        ("p2", "b", "f0", 0, "ships"),
        ("p3", "b", "f1", -1, "uncoded"),
        ("p4", "a", "f2", 1, "uncoded"),
        ("p5", "c", "", pd.NA, "uncoded"),
    ],
    columns=["post_id", "account_id", "family", "topic", "subject"],
).astype({"topic": "Int64"})
POSTS = pd.DataFrame(
    {
        "post_id": [f"p{n}" for n in range(7)],
        "platform": ["x", "x", "youtube", "youtube", "x", "x", "x"],
        "posted_at": pd.to_datetime(
            [
                "2021-03-31T23:59Z",
                "2021-04-01",
                "2021-03-01",
                "2021-03-02",
                "2021-04-05",
                None,
                None,
            ],
            format="ISO8601",
            utc=True,
        ),
    }
)
CELL = ["platform", "language", "month"]


@pytest.fixture(scope="module")
def table():
    return prevalence(CODED, POSTS, FAMILIES, ["ships", "trains"])


def row(table, *key):
    found = table.set_index([*CELL, "subject"]).loc[key]
    return found.drop("post_share").astype(int).to_list()


def test_each_count_stands_beside_what_it_is_of(table):
    assert list(table.columns) == [
        *[*CELL, "subject", "posts", "of_posts", "families", "of_families"],
        *["accounts", "of_accounts", "post_share"],
    ]
    assert row(table, "youtube", "zh", "2021-03", "ships") == [1, 2, 1, 2, 1, 1]
    assert row(table, "x", "zh", "2021-04", "ships") == [1, 1, 1, 1, 1, 1]


def test_everything_the_network_posted_is_the_denominator_and_others_posts_are_not(table):
    assert row(table, "all", "all", "all", "ships") == [3, 6, 1, 3, 2, 3]
    # the outlier, the topic without a subject, and the post without words
    assert row(table, "all", "all", "all", "uncoded") == [3, 6, 2, 3, 3, 3]
    share = table.set_index([*CELL, "subject"])["post_share"]
    assert share["all", "all", "all", "ships"] == 0.5


def test_families_and_accounts_in_several_cells_are_counted_once_in_all(table):
    # account a and family f0 stand in March and in April
    assert row(table, "x", "zh", "all", "ships") == [2, 2, 1, 1, 1, 1]


def test_a_post_without_words_or_time_is_counted_under_names_that_say_so(table):
    assert row(table, "x", "und", "unknown", "uncoded") == [1, 1, 0, 0, 1, 1]


def test_every_cell_has_every_subject_and_its_posts_add_up(table):
    cells = table.groupby(CELL)
    assert set(cells["subject"].agg(tuple)) == {("ships", "trains", "uncoded")}
    assert (cells["posts"].sum() == cells["of_posts"].first()).all()
    assert row(table, "all", "en", "all", "trains") == [0, 1, 0, 1, 0, 1]


def test_rows_are_sorted_and_unique_whatever_the_order_of_the_posts(table):
    keys = [*CELL, "subject"]
    assert table[keys].apply(tuple, axis=1).is_monotonic_increasing
    assert not table.duplicated(keys).any()
    again = prevalence(CODED[::-1], POSTS[::-1], FAMILIES[::-1], ["trains", "ships"])
    pd.testing.assert_frame_equal(again, table)


def test_a_network_without_posts_has_no_cells():
    assert prevalence(CODED[:0], POSTS, FAMILIES, ["ships"]).empty
