import pandas as pd
import pytest

from hydrascope.counts.platforms import measured, platform_counts

# account, platform, unit, verdict, followers, posts (None: no post was collected)
TOY = [
    ("a", "x", "user", "affiliated", 10, 4),
    ("b", "x", "user", "affiliated", 0, None),
    ("c", "x", "user", "affiliated", 5, 1),
    ("d", "x", "user", "undetermined", 100, 7),
    ("e", "x", "user", "undetermined", 100, None),
    ("f", "x", "user", "unaffiliated", 1000, 9),
    ("g", "facebook", "page", "affiliated", 8, 2),
    ("h", "facebook", "profile", "undetermined", None, None),
    ("i", "facebook", "profile", "affiliated", None, None),
    ("j", "facebook", "page", "unaffiliated", 3, None),
]
ROWS = pd.DataFrame(
    TOY, columns=["account_id", "platform", "unit", "verdict", "followers", "posts"]
)
ACCOUNTS = ROWS[["account_id", "platform", "unit", "followers"]]
VERDICTS = ROWS[["account_id", "platform", "unit", "verdict"]]
POSTS = ROWS.dropna(subset="posts").set_index("account_id")["posts"].astype(int)
RATIO = pd.DataFrame([{"value": 1.25, "low": 0.75, "high": 1.75, "status": "estimated"}])
CLAIMS = pd.DataFrame(
    [
        ("accounts", "facebook", "page", "1,632"),
        ("accounts", "x", "user", "2,048"),
        ("accounts", "x", "user", "2,046"),
        ("accounts", "x", "user", "2,048"),
        ("posts", "facebook", "profile", "9"),
    ],
    columns=["measure", "platform", "unit", "published"],
)


def test_accounts_are_counted_by_platform_unit_and_verdict():
    table = platform_counts(VERDICTS, CLAIMS)
    assert list(table.columns) == [
        "platform",
        "unit",
        "collected",
        "affiliated",
        "undetermined",
        "low",
        "high",
        "published",
    ]
    assert table.iloc[:, :7].values.tolist() == [
        ["all", "all", 10, 5, 3, 5, 8],
        ["facebook", "all", 4, 2, 1, 2, 3],
        ["facebook", "page", 2, 1, 0, 1, 1],
        ["facebook", "profile", 2, 1, 1, 1, 2],
        ["x", "user", 6, 3, 2, 3, 5],
    ]


def test_all_published_numbers_stand_beside_the_count_and_none_is_invented():
    published = platform_counts(VERDICTS, CLAIMS).set_index(["platform", "unit"])["published"]
    assert published["facebook", "page"] == "1,632"
    assert pd.isna(published["facebook", "profile"]), "a claim on posts is none on accounts"
    assert published["x", "user"] == "2,048 / 2,046"
    assert published.loc[[("all", "all"), ("facebook", "all")]].isna().all()


def test_accounts_whose_unit_was_not_published_stand_beside_the_sum_or_the_only_unit():
    rows = [
        ("accounts", name, "account", str(n)) for n, name in enumerate(("all", "facebook", "x"))
    ]
    claims = pd.DataFrame(rows, columns=CLAIMS.columns)
    published = platform_counts(VERDICTS, claims).set_index(["platform", "unit"])["published"]
    assert published["all", "all"] == "0"
    assert published["facebook", "all"] == "1"
    assert published["x", "user"] == "2"
    assert published.loc[[("facebook", "page"), ("facebook", "profile")]].isna().all()


def test_one_platform_of_one_unit_has_no_sums():
    table = platform_counts(VERDICTS[VERDICTS["platform"] == "x"], CLAIMS)
    assert table[["platform", "unit"]].values.tolist() == [["x", "user"]]


def test_nothing_published_leaves_the_column_empty():
    table = platform_counts(VERDICTS, CLAIMS[:0])
    assert table["published"].isna().all() and table["affiliated"][0] == 5


def test_the_order_of_the_verdicts_changes_nothing():
    pd.testing.assert_frame_equal(
        platform_counts(VERDICTS[::-1], CLAIMS), platform_counts(VERDICTS, CLAIMS)
    )


@pytest.mark.parametrize(
    ("measure", "platform", "value", "low", "high"),
    [
        ("accounts", "x", 3, 3, 5),
        ("accounts_with_posts", "x", 2, 2, 3),
        ("accounts_without_posts", "x", 1, 1, 2),
        ("posts", "x", 5, 5, 12),
        ("mean_followers", "x", 5, 5, 5),
        ("mean_followers_with_posts", "x", 7.5, 7.5, 7.5),
        ("accounts", "facebook", 2, 2, 3),
        ("accounts", "all", 5, 5, 8),
        ("posts", "all", 7, 7, 14),
        ("accounts_with_posts", "facebook", 1, 1, 1),
        ("accounts_without_posts", "facebook", 1, 1, 2),
        ("posts", "facebook", 2, 2, 2),
        # unknown followers are no zeros
        ("mean_followers", "facebook", 8, 8, 8),
        ("mean_followers_with_posts", "facebook", 8, 8, 8),
    ],
)
def test_each_measure_is_that_counted_by_hand(measure, platform, value, low, high):
    table = measured(ACCOUNTS, POSTS, VERDICTS, RATIO)
    row = table[(table["measure"] == measure) & (table["platform"] == platform)]
    assert row[["value", "low", "high"]].values.tolist() == [[value, low, high]]


def test_the_ratio_of_replacement_keeps_its_interval_or_stays_unknown():
    row = measured(ACCOUNTS, POSTS, VERDICTS, RATIO).iloc[-1]
    assert row.to_list() == ["replacement_ratio", "all", 1.25, 0.75, 1.75, "estimated"]
    told = RATIO.assign(value=float("nan"), status="not identified: 0 waves")
    unknown = measured(ACCOUNTS, POSTS, VERDICTS, told).iloc[-1]
    assert pd.isna(unknown["value"]) and unknown["status"] == "not identified: 0 waves"


def test_each_platform_has_each_measure_once():
    table = measured(ACCOUNTS, POSTS, VERDICTS, RATIO)
    assert len(table) == 19 and not table.duplicated(["measure", "platform"]).any()


def test_a_platform_without_affiliated_accounts_has_none_and_no_mean():
    verdicts = VERDICTS.assign(verdict="undetermined")
    table = measured(ACCOUNTS, POSTS, verdicts, RATIO).set_index(["measure", "platform"])
    assert table.loc[("accounts", "x")].tolist() == [0, 0, 6, ""]
    mean = table.loc[("mean_followers", "x")]
    assert mean[["value", "low", "high"]].isna().all() and "followers" in mean["status"]


def test_posts_of_nobody_in_the_collection_are_not_counted():
    posts = pd.concat([POSTS, pd.Series({"stranger": 50})])
    pd.testing.assert_frame_equal(
        measured(ACCOUNTS, posts, VERDICTS, RATIO), measured(ACCOUNTS, POSTS, VERDICTS, RATIO)
    )
