"""Facebook's formats: each field by hand, each wrong value with its reason, hostile JSON."""

import csv
import datetime as dt
import io
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hydrascope.errors import ConfigError, RawFileError

PAGE_ID, PROFILE_ID = "100200300400501", "61550000000007"
SNAPSHOT = dt.datetime(2022, 3, 1, tzinfo=dt.UTC)
LISTED = {"platform": "facebook", "snapshot": "2022-03-01"}
FUZZED = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

CROWDTANGLE = {
    "Page Name": "Fake Flower News",
    "User Name": "fakeflowernews",
    "Facebook Id": PAGE_ID,
    "Page Category": "NEWS_SITE",
    "Page Admin Top Country": "BD",
    "Page Description": "invented",
    "Page Created": "2019-05-03 23:30:07 EDT",
    "Likes at Posting": "1,200",
    "Followers at Posting": "1,234",
    "Post Created": "2021-04-22 09:00:05 EST",
    "Type": "Photo",
    "Likes": "1,001",
    "Comments": "2",
    "Shares": "3",
    "Post Views": "4",
    "Total Views": "50",
    "URL": f"https://www.facebook.com/{PAGE_ID}/posts/11",
    "Message": "a flower, 花",
    "Link": "https://short.invalid/1",
    "Final Link": "https://long.invalid/1",
    "Overperforming Score": "-1.2",
}
LIBRARY = {
    "id": "900800700600501",
    "creation_time": "2021-04-22T09:00:05+0000",
    "modified_time": "2021-04-22T09:00:05+0000",
    "text": "a flower, 花",
    "lang": "ZH",
    "content_type": "photos",
    "mcl_url": "https://library.invalid/1",
    "post_owner.id": PAGE_ID,
    "post_owner.name": "Fake Flower News",
    "post_owner.username": "fakeflowernews",
    "post_owner.type": "facebook_page",
    "statistics.like_count": "1001",
    "statistics.comment_count": "2",
    "statistics.share_count": "3",
    "statistics.views": "4",
    "link_attachment.link": "https://long.invalid/1",
    "shared_post_id": "",
    "hashtags": "#Flower, 花",
}
PROFILE = {
    "id": PROFILE_ID,
    "name": "Nobody Invented",
    "url": "https://www.facebook.com/nobody.invented/",
    "first_seen": "2021-04-22",
}
PAGE = {
    "page_id": PAGE_ID,
    "page_name": "Fake Flower News",
    "name_history": [
        {"date": "2020-02-01", "event": "Changed name to", "name": "Fake Flower News"},
        {"date": "2019-05-03", "event": "Page created", "name": "Invented Shoes 鞋"},
    ],
    "merges": [{"date": "2019-12-24", "merged_page_name": "Fake Hats"}],
    "admin_countries": [{"country": "MM", "admins": None}, {"country": "BD", "admins": 3}],
    "collected_at": "2022-02-20T10:00:00Z",
}


def as_csv(rows, columns=None):
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns or list(rows[0]), extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def nested(row):
    """A flat record with its names as paths; an empty cell is left out."""
    record = {}
    for name, value in row.items():
        *steps, last = name.split(".")
        place = record
        for step in steps:
            place = place.setdefault(step, {})
        if value != "":
            place[last] = value
    return record


def as_page(entries, **more):
    return json.dumps({"data": entries, **more}, indent=1).encode()


def as_lines(entries):
    return b"".join(json.dumps(entry).encode() + b"\n" for entry in entries)


def utc(*parts):
    return dt.datetime(*parts, tzinfo=dt.UTC)


def notes(found):
    return found.ledger.loc[0, "notes"]


def one(table):
    (row,) = table.to_pylist()
    return row


def is_accounted_for(found):
    """Every record is an account or a post of its own, or set aside."""
    own = sum(not derived for derived in found.accounts["derived"].to_pylist())
    kept = own + len(found.posts) + len(found.asked)
    ledger = found.ledger.iloc[0]
    return ledger["records"] == kept + ledger["quarantined"] == kept + len(found.quarantine)


@pytest.fixture(scope="module")
def read_as(read):
    """Read records of a format, as a CSV of them or as bytes that are given."""

    def read_one(kind, content, **listed):
        content = content if isinstance(content, bytes) else as_csv(content)
        found = read(content, kind, **(LISTED | listed))
        assert is_accounted_for(found)
        return found

    return read_one


@pytest.fixture(scope="module")
def read_pages(read_as):
    def read_one(*entries, **listed):
        return read_as("page_transparency", as_page(list(entries)), **listed)

    return read_one


def quarantined(found):
    return found.quarantine[["row", "column", "value"]].to_numpy().tolist()


# CrowdTangle


def test_a_crowdtangle_post_field_by_field(read_as):
    found = read_as("crowdtangle", [CROWDTANGLE])
    post = one(found.posts)
    pseudonyms = {name: post.pop(name) for name in ("post_id", "account_id")}
    assert pseudonyms["account_id"] == one(found.accounts)["account_id"]
    assert post == {
        "platform": "facebook",
        "native_id": f"https://www.facebook.com/{PAGE_ID}/posts/11",
        "kind": "post",
        "posted_at": utc(2021, 4, 22, 14, 0, 5),
        "posted_precision": "s",
        "text": "a flower, 花",
        "language": None,
        "urls": ["https://long.invalid/1"],
        "hashtags": [],
        "mentions": [],
        "media_ids": [],
        "repost_of": None,
        "reply_to": None,
        "likes": 1001,
        "replies": 2,
        "reposts": 3,
        "views": 4,
        "collection": "toy",
        "source_file": "f.csv",
        "source_row": 1,
    }
    assert notes(found) == ""


def test_a_crowdtangle_page_field_by_field(read_as):
    account = one(read_as("crowdtangle", [CROWDTANGLE]).accounts)
    assert account.pop("account_id").startswith("a_")
    assert account == {
        "platform": "facebook",
        "unit": "page",
        "native_id": PAGE_ID,
        "display_name": "Fake Flower News",
        "handle": "fakeflowernews",
        "description": "invented",
        "picture_hash": None,
        "created_at": utc(2019, 5, 4, 3, 30, 7),
        "created_precision": "s",
        "created_source": "page_created",
        "country": None,
        "language": None,
        "followers": 1234,
        "following": None,
        "name_history": None,
        "admin_countries": '[{"admins":null,"country":"BD"}]',
        "first_seen": SNAPSHOT,
        "last_seen": SNAPSHOT,
        "removed_after": None,
        "removed_before": None,
        "collection": "toy",
        "source_file": "f.csv",
        "source_row": 1,
        "derived": True,
    }


PAGES_ONLY = ("Page Created", "Page Category", "Page Admin Top Country")


def test_a_row_that_says_nothing_of_a_page_is_a_profiles(read_as):
    account = one(read_as("crowdtangle", [CROWDTANGLE | dict.fromkeys(PAGES_ONLY, "")]).accounts)
    assert account["unit"] == "profile"
    assert account["created_at"] is None
    assert (account["created_precision"], account["created_source"]) == ("none", "none")
    assert account["admin_countries"] is None


@pytest.mark.parametrize("said", PAGES_ONLY)
def test_a_row_that_says_one_thing_of_a_page_is_a_pages(read_as, said):
    row = CROWDTANGLE | dict.fromkeys(set(PAGES_ONLY) - {said}, "")
    assert one(read_as("crowdtangle", [row]).accounts)["unit"] == "page"


@pytest.mark.parametrize(
    ("cells", "table", "field", "stored"),
    [
        ({"Final Link": ""}, "posts", "urls", ["https://short.invalid/1"]),
        ({"Final Link": "", "Link": ""}, "posts", "urls", []),
        ({"Post Views": ""}, "posts", "views", 50),
        ({"Post Views": "0"}, "posts", "views", 0),
        ({"Post Views": "", "Total Views": ""}, "posts", "views", None),
        ({"Likes": "1,234,567"}, "posts", "likes", 1234567),
        ({"Message": ""}, "posts", "text", None),
        ({"Message": "=1+1"}, "posts", "text", "=1+1"),
        ({"Post Created": "2021-07-01 23:30:00 EDT"}, "posts", "posted_at", utc(2021, 7, 2, 3, 30)),
        ({"Post Created": "2021-07-01 01:00:00 CEST"}, "posts", "posted_at", utc(2021, 6, 30, 23)),
        ({"Post Created": "2021-07-01 01:00:00 UTC"}, "posts", "posted_at", utc(2021, 7, 1, 1)),
        (
            {"Post Created": "2021-07-01 01:00:00 -05:30"},
            "posts",
            "posted_at",
            utc(2021, 7, 1, 6, 30),
        ),
        ({"Followers at Posting": ""}, "accounts", "followers", 1200),
        ({"Followers at Posting": "0"}, "accounts", "followers", 0),
        ({"User Name": ""}, "accounts", "handle", None),
        (
            {"Page Admin Top Country": 'Ü"\\'},
            "accounts",
            "admin_countries",
            '[{"admins":null,"country":"Ü\\"\\\\"}]',
        ),
    ],
)
def test_a_crowdtangle_cell_becomes(read_as, cells, table, field, stored):
    found = read_as("crowdtangle", [CROWDTANGLE | cells])
    assert one(getattr(found, table))[field] == stored


def test_a_crowdtangle_file_needs_no_optional_column(read_as):
    needed = "Page Name,User Name,Facebook Id,Page Created,Page Category,Page Admin Top Country"
    columns = [*needed.split(","), "Post Created", "Type", "URL", "Message"]
    found = read_as("crowdtangle", as_csv([CROWDTANGLE], columns))
    post = one(found.posts)
    assert (post["likes"], post["views"], post["urls"]) == (None, None, [])
    assert one(found.accounts)["followers"] is None


NO_ZONE = "a time without its zone; expected one, or an offset such as -05:00; say which zone"
SHARED = "an abbreviation that does not name one time zone, as CST is Chicago's, Shanghai's and"
DAMAGED = "scientific notation: a spreadsheet such as Excel has rounded this id"
NO_ID = "not an id of Facebook's; expected the id of the"
NO_COUNT = "not a count; expected a whole number or nothing"


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("Facebook Id", "", "no id; expected the id of the Page or profile"),
        ("Facebook Id", "1.002E+14", DAMAGED),
        ("Facebook Id", "1234", NO_ID),
        ("Facebook Id", "9" * 21, NO_ID),
        ("Facebook Id", "fakeflowernews", NO_ID),
        ("Facebook Id", "61550000000000007".replace("7", "0"), "too many zeros at the end"),
        ("URL", "", "no id; expected the id of the post, its address"),
        ("URL", "11", "not a web address"),
        ("URL", "https://www.facebook.com/", "not a web address"),
        ("Post Created", "", "not a time; expected YYYY-MM-DD HH:MM:SS and a zone"),
        ("Post Created", "2021-04-22 09:00:05 CST", SHARED),
        ("Post Created", "2021-04-22 09:00:05 IST", SHARED),
        ("Post Created", "2021-04-22 09:00:05 ET", SHARED),
        ("Post Created", "2021-04-22 09:00:05", NO_ZONE),
        ("Post Created", "2021-04-22T09:00", NO_ZONE),
        ("Post Created", "2021-02-30 09:00:05 EST", "not a time"),
        ("Post Created", "2021-04-22", "not a time"),
        ("Post Created", "4/22/2021 9:00", "a date that may be day-first or month-first"),
        ("Post Created", "2004-02-03 23:59:59 UTC", "a time before the platform"),
        ("Post Created", "2022-03-02 12:00:00 UTC", "a time after the snapshot"),
        ("Page Created", "2019-05-03 23:30:07 BST", SHARED),
        ("Page Created", "yesterday", "not a time"),
        *[
            (column, value, NO_COUNT)
            for column in ("Followers at Posting", "Likes", "Total Views")
            for value in ("-1", "1.5", "N/A")
        ],
    ],
)
def test_a_wrong_crowdtangle_cell_is_set_aside(read_as, column, value, reason):
    rows = [CROWDTANGLE | {"URL": f"https://www.facebook.com/{n}/posts/{n}"} for n in range(3)]
    rows[1] |= {column: value}
    found = read_as("crowdtangle", rows)
    assert quarantined(found) == [[2, column, value]]
    assert found.quarantine.loc[0, "reason"].startswith(reason)
    assert [url[-1] for url in found.posts["native_id"].to_pylist()] == ["0", "2"]


def test_the_last_moments_that_a_post_can_have_are_kept(read_as):
    days = ["2004-02-04 00:00:00 UTC", "2022-03-02 11:59:59 UTC"]
    rows = [
        CROWDTANGLE | {"Post Created": day, "URL": f"https://www.facebook.com/{n}/posts/{n}"}
        for n, day in enumerate(days)
    ]
    found = read_as("crowdtangle", rows)
    assert found.posts["posted_at"].to_pylist() == [
        utc(2004, 2, 4),
        utc(2022, 3, 2, 11, 59, 59),
    ]
    assert notes(found) == "1 x a post dated before its Page was created, as Pages may do"


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        ("BRT", 3),
        ("SGT", -8),
        ("NZDT", -13),
        ("WIB", -7),
        ("CEST", -2),
        ("SAST", -2),
        ("NPT", -5.75),
    ],
)
def test_an_exporters_zone_is_taken_off(read_as, zone, hours):
    found = read_as("crowdtangle", [CROWDTANGLE | {"Post Created": f"2021-04-22 09:00:05 {zone}"}])
    expected = utc(2021, 4, 22, 9, 0, 5) + hours * dt.timedelta(hours=1)
    assert found.posts["posted_at"].to_pylist() == [expected]


def test_the_study_says_which_zone_an_abbreviation_means(read_as):
    rows = [
        CROWDTANGLE | {"Post Created": time, "URL": f"https://www.facebook.com/{n}/posts/{n}"}
        for n, time in enumerate(("2021-04-22 09:00:05 CST", "2021-04-22 09:00:05"))
    ]
    zones = {"CST": "Asia/Shanghai", "none": "America/New_York"}
    found = read_as("crowdtangle", rows, zones=zones)
    assert found.posts["posted_at"].to_pylist() == [
        utc(2021, 4, 22, 1, 0, 5),
        utc(2021, 4, 22, 13, 0, 5),
    ]
    told = read_as("crowdtangle", rows).quarantine["reason"].tolist()
    assert "crowdtangle_zone: {CST: America/Chicago}" in told[0]
    assert "crowdtangle_zone: {none: America/Chicago}" in told[1]


@pytest.mark.parametrize("zone", ["Nowhere/City", "CST6CDT'", "", "../etc/passwd", "localtime"])
def test_a_zone_that_is_none_is_named(read_as, zone):
    with pytest.raises(ConfigError, match=r"crowdtangle_zone\.CST: found"):
        read_as("crowdtangle", [CROWDTANGLE], zones={"CST": zone})


EARLY = {
    **{"Page Name": "Fake Flower News", "User Name": "fakeflowernews", "Facebook Id": PAGE_ID},
    **{"Likes at Posting": "1,200", "Followers at Posting": "", "Type": "Link"},
    **{"Created": "2020-08-21 06:30:42 EDT", "Likes": "1,001", "Comments": "2", "Shares": "3"},
    **{"URL": f"https://www.facebook.com/{PAGE_ID}/posts/11", "Message": "a flower"},
    **{"Link": "https://short.invalid/1", "Final Link": "", "Image Text": "in the picture"},
}
UNTOLD = "1 x a post that does not say whether a Page or a profile made it"


@pytest.mark.parametrize("time", ["Created", "Post Created"])
def test_the_layout_before_april_2021_is_read(read_as, time):
    row = {time if name == "Created" else name: value for name, value in EARLY.items()}
    found = read_as("crowdtangle", [row])
    post, account = one(found.posts), one(found.accounts)
    assert (post["posted_at"], post["text"]) == (utc(2020, 8, 21, 10, 30, 42), "a flower")
    assert (post["urls"], post["likes"]) == (["https://short.invalid/1"], 1001)
    assert (account["unit"], account["native_id"], account["followers"]) == ("page", PAGE_ID, 1200)
    assert (account["created_at"], account["created_precision"]) == (None, "none")
    assert notes(found) == UNTOLD


def test_columns_may_stand_in_any_order_and_others_beside_them(read_as):
    columns = [*reversed(CROWDTANGLE), "Care"]
    found = read_as("crowdtangle", as_csv([CROWDTANGLE | {"Care": "1"}], columns))
    assert found.posts.equals(read_as("crowdtangle", [CROWDTANGLE]).posts)


def test_a_post_without_a_message_has_the_text_of_its_picture(read_as):
    row = CROWDTANGLE | {"Message": "", "Image Text": "in the picture", "Link Text": "a site"}
    found = read_as("crowdtangle", [row])
    assert one(found.posts)["text"] == "in the picture"
    assert notes(found) == "1 x a post without a message, of which the text in its picture is kept"
    bare = read_as("crowdtangle", [row | {"Image Text": ""}])
    assert (one(bare.posts)["text"], notes(bare)) == (None, "")


IN_GROUP = "a post in a group, of which CrowdTangle does not say who wrote it"


def test_posts_of_groups_are_absent_by_name(read_as):
    row = {
        "Group Name" if name == "Page Name" else name: cell for name, cell in CROWDTANGLE.items()
    }
    found = read_as("crowdtangle", [row, row], limits={"max_bad_share": 0})
    assert (len(found.posts), found.quarantine["kind"].tolist()) == (0, ["absence"] * 2)
    assert found.quarantine.loc[0, "reason"].startswith(IN_GROUP)


INSTAGRAM = {
    **{"Account": "Fake Flower", "User Name": "FakeFlower", "Followers at Posting": "1,234"},
    **{"Post Created": "2021-04-22 09:00:05 EST", "Type": "Photo", "Likes": "5", "Comments": "6"},
    **{"Views": "7", "URL": "https://www.instagram.com/p/fake/", "Link": "https://l.invalid/1"},
    **{"Photo": "https://p.invalid/1", "Title": "", "Description": "a flower", "Image Text": "花"},
}


@pytest.mark.parametrize("time", ["Created", "Post Created"])
def test_posts_of_instagram_are_read(read_as, time):
    row = {time if name == "Post Created" else name: value for name, value in INSTAGRAM.items()}
    found = read_as("crowdtangle", [row], platform="instagram")
    post, account = one(found.posts), one(found.accounts)
    assert (post["posted_at"], post["text"]) == (utc(2021, 4, 22, 14, 0, 5), "a flower")
    assert (post["likes"], post["replies"], post["views"]) == (5, 6, 7)
    assert post["urls"] == ["https://l.invalid/1"]
    known = {name: account[name] for name in ("platform", "unit", "native_id", "handle")}
    assert known == {
        **{"platform": "instagram", "unit": "user"},
        **{"native_id": "fakeflower", "handle": "FakeFlower"},
    }
    assert account["followers"] == 1234


def test_another_csv_is_refused_with_the_columns_that_it_lacks(read_as):
    with pytest.raises(RawFileError, match="Page Created"):
        read_as("crowdtangle", [{"Page Name": "a", "Total Interactions": "1"}])


API_POST = {
    "id": 1,
    "platformId": f"{PAGE_ID}_11",
    "platform": "Facebook",
    "date": "2016-02-09 15:00:00",
    "message": "a flower",
    "imageText": "in the picture",
    "languageCode": "EN",
    "expandedLinks": [
        {"original": "https://s.invalid/1", "expanded": "https://long.invalid/1"},
        {"original": "https://s.invalid/2", "expanded": None},
    ],
    "link": "https://s.invalid/1",
    "postUrl": f"https://www.facebook.com/{PAGE_ID}/posts/11",
    "subscriberCount": 5,
    "statistics": {"actual": {"likeCount": 1, "shareCount": 2, "commentCount": 3}},
    "account": {
        **{"id": 9, "name": "Fake Flower News", "handle": "fakeflowernews", "platformId": PAGE_ID},
        **{"accountType": "facebook_page", "pageAdminTopCountry": "BD", "pageDescription": "x"},
        "pageCreatedDate": "2010-01-01 10:00:00",
    },
}
API = "crowdtangle_json"


@pytest.mark.parametrize(
    "content",
    [
        {"status": 200, "result": {"posts": [API_POST]}},
        {"posts": [API_POST]},
        [API_POST],
        API_POST,
        [{"status": 200, "result": {"posts": [API_POST], "pagination": {}}}],
    ],
    ids=["page", "posts", "list", "post", "pages"],
)
def test_crowdtangles_api_is_read_from_every_layout(read_as, content):
    for data in (json.dumps(content, indent=1).encode(), json.dumps(content).encode()):
        found = read_as(API, data)
        post, account = one(found.posts), one(found.accounts)
        assert (post["posted_at"], post["posted_precision"]) == (utc(2016, 2, 9, 15), "s")
        assert (post["text"], post["language"]) == ("a flower", "en")
        assert post["urls"] == ["https://long.invalid/1", "https://s.invalid/2"]
        assert (post["likes"], post["replies"], post["reposts"]) == (1, 3, 2)
        assert post["native_id"] == CROWDTANGLE["URL"]
        assert (account["unit"], account["native_id"]) == ("page", PAGE_ID)
        assert account["created_at"] == utc(2010, 1, 1, 10)
        assert (account["followers"], account["handle"]) == (5, "fakeflowernews")
        assert account["admin_countries"] == '[{"admins":null,"country":"BD"}]'
        assert notes(found) == ""


def of_account(**changes):
    return API_POST | {"account": API_POST["account"] | changes}


@pytest.mark.parametrize(
    ("post", "kind", "column", "reason"),
    [
        (of_account(accountType="facebook_group"), "absence", "account.accountType", IN_GROUP),
        (API_POST | {"platform": "Instagram"}, "fault", "platform", "a post of another platform"),
        (API_POST | {"date": "yesterday"}, "fault", "date", "not a time"),
        (of_account(platformId="x"), "fault", "account.platformId", "not an id of Facebook's"),
        (API_POST | {"postUrl": "x"}, "fault", "postUrl", "not a web address"),
        (API_POST | {"expandedLinks": [["x"]]}, "fault", "links", "nested JSON"),
        ({"status": 200, "result": {}}, "fault", "", "a page without posts"),
        ({"result": {"posts": [1]}}, "fault", "", "a JSON str"),
    ],
)
def test_a_wrong_post_of_the_api_is_set_aside(read_as, post, kind, column, reason):
    found = read_as(API, json.dumps(post).encode())
    aside = found.quarantine.loc[0, ["kind", "column"]].tolist()
    assert aside == [kind, column]
    assert found.quarantine.loc[0, "reason"].startswith(reason)


def test_the_api_gives_posts_of_instagram_and_profiles_too(read_as):
    post = of_account(accountType="instagram_profile", handle="FakeFlower") | {
        **{"platform": "Instagram", "message": None, "description": "a caption"},
        **{"expandedLinks": None, "link": None},
        "statistics": {"actual": {"favoriteCount": 4, "commentCount": 3}},
    }
    found = read_as(API, json.dumps(post).encode(), platform="instagram")
    assert (one(found.posts)["text"], one(found.posts)["likes"]) == ("a caption", 4)
    assert one(found.posts)["urls"] == []
    account = one(found.accounts)
    assert (account["unit"], account["native_id"]) == ("user", "fakeflower")
    profile = read_as(API, json.dumps(of_account(accountType="facebook_profile")).encode())
    assert one(profile.accounts)["unit"] == "profile"
    bare = API_POST | {"message": "", "link": "https://l.invalid/9", "expandedLinks": []}
    found = read_as(API, json.dumps(bare).encode())
    assert one(found.posts)["text"] == "in the picture"
    assert one(found.posts)["urls"] == ["https://l.invalid/9"]


# The Meta Content Library


def library_files(rows):
    """The same posts as CSV, as a document, as lines, and as a list."""
    entries = [
        nested(row) | {"hashtags": row["hashtags"].replace("#", "").split(", ")} for row in rows
    ]
    return {
        "csv": ("content_library_csv", as_csv(rows)),
        "document": ("content_library_json", as_page(entries, paging={"next": "x"})),
        "one line": ("content_library_json", as_lines([{"paging": {}, "data": entries}])),
        "lines": ("content_library_json", as_lines(entries)),
        "list": ("content_library_json", json.dumps(entries, indent=1).encode()),
    }


LAYOUTS = ("csv", "document", "one line", "lines", "list")


def test_of_a_page_created_without_a_zone_only_the_day_is_kept(read_as):
    found = read_as("crowdtangle", [CROWDTANGLE | {"Page Created": "2019-05-03 23:30:07"}])
    account = found.accounts.to_pylist()[0]
    assert account["created_at"].isoformat() == "2019-05-03T00:00:00+00:00"
    assert (account["created_precision"], account["created_source"]) == ("day", "page_created")
    assert found.ledger["notes"][0].startswith("1 x a Page Created without its zone")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_library_post_field_by_field(read_as, layout):
    found = read_as(*library_files([LIBRARY])[layout])
    post, account = one(found.posts), one(found.accounts)
    assert post["account_id"] == account["account_id"]
    wanted = {
        "native_id": "900800700600501",
        "kind": "post",
        "posted_at": utc(2021, 4, 22, 9, 0, 5),
        "posted_precision": "s",
        "text": "a flower, 花",
        "language": "zh",
        "urls": ["https://long.invalid/1"],
        "hashtags": ["Flower", "花"],
        "repost_of": None,
        "likes": 1001,
        "replies": 2,
        "reposts": 3,
        "views": 4,
        "source_row": 1,
    }
    assert {name: post[name] for name in wanted} == wanted
    of_page = {
        "unit": "page",
        "native_id": PAGE_ID,
        "display_name": "Fake Flower News",
        "handle": "fakeflowernews",
        "created_at": None,
        "created_precision": "none",
        "created_source": "none",
        "followers": None,
        "derived": True,
    }
    assert {name: account[name] for name in of_page} == of_page
    assert notes(found) == ""


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_shared_post_names_its_original(read_as, layout):
    rows = [LIBRARY, LIBRARY | {"id": "900800700600502", "shared_post_id": "900800700600501"}]
    found = read_as(*library_files(rows)[layout])
    assert found.posts["kind"].to_pylist() == ["post", "repost"]
    assert found.posts["repost_of"].to_pylist() == [None, found.posts["post_id"].to_pylist()[0]]


@pytest.mark.parametrize(
    ("stated", "unit"),
    [
        ("page", "page"),
        ("PAGE", "page"),
        ("FacebookPage", "page"),
        ("Profile", "profile"),
        ("user", "profile"),
        (" PERSON ", "profile"),
    ],
)
@pytest.mark.parametrize("layout", ["csv", "document"])
def test_the_owners_type_says_the_unit(read_as, layout, stated, unit):
    found = read_as(*library_files([LIBRARY | {"post_owner.type": stated}])[layout])
    assert found.accounts["unit"].to_pylist() == [unit]


@pytest.mark.parametrize(
    ("cells", "field", "stored"),
    [
        ({"statistics.views": "", "statistics.view_count": "7"}, "views", 7),
        ({"statistics.views": "0", "statistics.view_count": "7"}, "views", 0),
        ({"statistics.views": ""}, "views", None),
        ({"link_attachment.link": ""}, "urls", []),
        ({"id": f"{PAGE_ID}_900800700600501"}, "native_id", f"{PAGE_ID}_900800700600501"),
        ({"creation_time": "2021-04-22 09:00"}, "posted_precision", "min"),
        ({"creation_time": "2021-04-22T09:00:05+08:00"}, "posted_at", utc(2021, 4, 22, 1, 0, 5)),
        ({"hashtags": ""}, "hashtags", []),
    ],
)
@pytest.mark.parametrize("layout", ["csv", "document"])
def test_a_library_cell_becomes(read_as, layout, cells, field, stored):
    found = read_as(*library_files([LIBRARY | {"modified_time": ""} | cells])[layout])
    assert one(found.posts)[field] == stored


@pytest.mark.parametrize("cell", ["['a', 'b']", '["#a","b"]', "#a #b", "a|b", "a;b"])
def test_hashtags_of_a_csv_may_be_written_in_several_ways(read_as, cell):
    found = read_as("content_library_csv", [LIBRARY | {"hashtags": cell}])
    assert one(found.posts)["hashtags"] == ["a", "b"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_edited_posts_and_posts_without_text_are_odd(read_as, layout):
    rows = [
        LIBRARY,
        LIBRARY | {"id": "900800700600502", "modified_time": "2021-04-22T09:00:06Z"},
        LIBRARY | {"id": "900800700600503", "modified_time": "2021-04-22T17:00:05+08:00"},
        LIBRARY | {"id": "900800700600504", "modified_time": "", "text": ""},
    ]
    found = read_as(*library_files(rows)[layout])
    assert notes(found) == (
        "1 x an edited post, of which the text is the latest; "
        "1 x no text, which the library leaves out unless it is asked for"
    )
    assert found.posts["text"].to_pylist() == ["a flower, 花"] * 3 + [None]


GROUP = "neither a Page nor a profile, but a group, an event or the like"
BAD_LIBRARY = [
    ("id", "", "no id; expected the id of the post"),
    ("id", "9.008E+14", DAMAGED),
    ("id", "abc", "not a post's id"),
    ("post_owner.id", "", "no id; expected the id of the Page or profile"),
    ("post_owner.id", "12", NO_ID),
    ("post_owner.type", "group", GROUP),
    ("post_owner.type", "EVENT", GROUP),
    ("post_owner.type", "user_group", GROUP),
    ("post_owner.type", "", GROUP),
    ("shared_post_id", "9.008E+14", DAMAGED),
    ("shared_post_id", "abc", "not a post's id"),
    ("creation_time", "", "not a time"),
    ("creation_time", "22/04/2021 09:00", "a date that may be day-first or month-first"),
    ("creation_time", "2004-02-03T10:00:00Z", "a time before the platform"),
    ("creation_time", "2022-03-02T12:00:00Z", "a time after the snapshot"),
    ("modified_time", "later", "not a time"),
    ("statistics.share_count", "1.5", NO_COUNT),
    ("statistics.views", "1,001", NO_COUNT),
]


@pytest.mark.parametrize(("column", "value", "reason"), BAD_LIBRARY)
@pytest.mark.parametrize("layout", ["csv", "document"])
def test_a_wrong_library_cell_is_set_aside(read_as, layout, column, value, reason):
    rows = [LIBRARY | {"id": f"90080070060050{n}"} for n in range(3)]
    rows[1] |= {column: value}
    found = read_as(*library_files(rows)[layout])
    assert quarantined(found) == [[2, column, value]]
    assert found.quarantine.loc[0, "reason"].startswith(reason)
    assert found.posts["native_id"].to_pylist() == ["900800700600500", "900800700600502"]


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"post_owner": "a text"}, "post_owner.id"),
        ({"post_owner": None}, "post_owner.id"),
        ({"post_owner": [{"id": PAGE_ID}]}, "post_owner.id"),
        ({"id": {"value": 1}}, "id"),
        ({"text": ["a"]}, "text"),
        ({"hashtags": [{"name": "a"}]}, "hashtags"),
        ({"statistics": {"like_count": True}}, "statistics.like_count"),
        ({"creation_time": 1619082005}, "creation_time"),
    ],
)
def test_json_of_the_wrong_type_is_set_aside(read_as, change, column):
    entries = [nested(LIBRARY), nested(LIBRARY) | change]
    found = read_as("content_library_json", as_lines(entries))
    assert found.quarantine[["row", "column"]].to_numpy().tolist() == [[2, column]]
    assert len(found.posts) == 1


def test_entries_that_are_no_objects_are_set_aside(read_as):
    for content in (as_page(["x", 1]), as_lines([{"data": ["x", 1]}])):
        found = read_as("content_library_json", content)
        assert set(found.quarantine["reason"]) == {"a JSON str; expected an object"}
        assert len(found.quarantine) == 2


# Page Transparency


def test_a_page_field_by_field(read_pages):
    found = read_pages(PAGE)
    account = one(found.accounts)
    assert account.pop("account_id").startswith("a_")
    assert account == {
        "platform": "facebook",
        "unit": "page",
        "native_id": PAGE_ID,
        "display_name": "Fake Flower News",
        "handle": None,
        "description": None,
        "picture_hash": None,
        "created_at": utc(2019, 5, 3),
        "created_precision": "day",
        "created_source": "page_created",
        "country": None,
        "language": None,
        "followers": None,
        "following": None,
        "name_history": '[{"date":"2019-05-03","event":"Page created","name":"Invented Shoes 鞋"},'
        '{"date":"2019-12-24","event":"merged","name":"Fake Hats"},'
        '{"date":"2020-02-01","event":"Changed name to","name":"Fake Flower News"}]',
        "admin_countries": '[{"admins":3,"country":"BD"},{"admins":null,"country":"MM"}]',
        "first_seen": utc(2022, 2, 20),
        "last_seen": utc(2022, 2, 20),
        "removed_after": None,
        "removed_before": None,
        "collection": "toy",
        "source_file": "f.csv",
        "source_row": 1,
        "derived": False,
    }
    assert notes(found) == ""
    assert len(found.posts) == 0


def test_a_page_reads_the_same_from_every_layout(read_as, read_pages):
    other = PAGE | {"page_id": "100200300400502", "merges": None}
    entries = [PAGE, other]
    expected = read_pages(*entries).accounts.to_pylist()
    assert [account["source_row"] for account in expected] == [1, 2]
    for content in (
        as_lines(entries),
        as_lines([{"data": entries}]),
        json.dumps(entries, indent=1).encode(),
    ):
        assert read_as("page_transparency", content).accounts.to_pylist() == expected


def test_a_page_of_which_nothing_is_known(read_pages):
    account = one(read_pages({"page_id": PAGE_ID}).accounts)
    empty = ("display_name", "created_at", "name_history", "admin_countries")
    assert [account[name] for name in empty] == [None] * 4
    assert (account["created_precision"], account["created_source"]) == ("none", "none")
    assert (account["first_seen"], account["last_seen"]) == (SNAPSHOT, SNAPSHOT)
    lists = {"name_history": [], "merges": [], "admin_countries": []}
    assert one(read_pages({"page_id": PAGE_ID} | lists).accounts) == account


@pytest.mark.parametrize(
    ("history", "created_at", "precision"),
    [
        ([("2019-05-03", "CREATED", "a")], utc(2019, 5, 3), "day"),
        ([("2019-05-03T10:00:07+02:00", "Creation", "a")], utc(2019, 5, 3, 8, 0, 7), "s"),
        ([("2019-05-03 10:00", "Page created", "a")], utc(2019, 5, 3, 10), "min"),
        (
            [("2019-05-04", "created", "b"), ("2019-05-03T23:00:00-05:00", "created", "a")],
            utc(2019, 5, 4),
            "day",
        ),
        (
            [
                ("2019-05-04T05:00:00Z", "created", "b"),
                ("2019-05-03T23:00:00-05:00", "created", "a"),
            ],
            utc(2019, 5, 4, 4),
            "s",
        ),
        ([("2004-02-04", "created", "a")], utc(2004, 2, 4), "day"),
        ([("2019-05-03", "Changed name to", "a")], None, "none"),
    ],
)
def test_a_page_was_created_when_its_history_says_so(read_pages, history, created_at, precision):
    lines = [dict(zip(("date", "event", "name"), line, strict=True)) for line in history]
    account = one(read_pages({"page_id": PAGE_ID, "name_history": lines}).accounts)
    assert account["created_at"] == created_at
    assert account["created_precision"] == precision
    assert account["created_source"] == ("page_created" if created_at else "none")


def test_a_history_is_sorted_by_date_event_and_name(read_pages):
    lines = [("2020-01-02", "a", "a"), ("2020-01-01", "b", "a"), ("2020-01-01", "a", "b")]
    names = [dict(zip(("date", "event", "name"), line, strict=True)) for line in lines]
    merges = [{"date": "2020-01-01", "merged_page_name": "z"}]
    for order in (1, -1):
        entry = {"page_id": PAGE_ID, "name_history": names[::order], "merges": merges}
        history = json.loads(one(read_pages(entry).accounts)["name_history"])
        assert [(line["date"], line["event"], line["name"]) for line in history] == [
            ("2020-01-01", "a", "b"),
            ("2020-01-01", "b", "a"),
            ("2020-01-01", "merged", "z"),
            ("2020-01-02", "a", "a"),
        ]


def test_a_merge_adds_a_line_and_no_account(read_pages):
    found = read_pages(PAGE | {"merges": [{"date": "2019-12-24", "merged_page_name": "5550001"}]})
    assert found.accounts["native_id"].to_pylist() == [PAGE_ID]
    assert '"event":"merged","name":"5550001"' in one(found.accounts)["name_history"]


def test_a_merged_page_counts_under_its_own_id_only(read_pages):
    merged = {"page_id": "100200300400509", "page_name": "Fake Hats"}
    found = read_pages(PAGE, merged, PAGE | {"page_id": "100200300400510"})
    assert found.accounts["native_id"].to_pylist() == [
        PAGE_ID,
        "100200300400509",
        "100200300400510",
    ]
    assert len(set(found.accounts["account_id"].to_pylist())) == 3


RENAMED = "a Page that bears another name than the newest in its history"


@pytest.mark.parametrize(
    ("page_name", "expected"),
    [
        ("Fake Flower News", ""),
        ("Invented Shoes 鞋", f"1 x {RENAMED}"),
        # of the merged Page that came last
        ("Fake Hats", f"1 x {RENAMED}"),
        ("", ""),
    ],
)
def test_a_page_that_bears_an_older_name_is_odd(read_pages, page_name, expected):
    merges = [{"date": "2021-01-01", "merged_page_name": "Fake Hats"}]
    found = read_pages(PAGE | {"page_name": page_name, "merges": merges})
    assert notes(found) == expected


def test_a_merged_pages_name_is_never_the_newest(read_pages):
    merges = [{"date": "2020-02-01", "merged_page_name": "Fake Hats"}]
    found = read_pages(PAGE | {"page_name": "Fake Hats", "merges": merges})
    assert notes(found) == f"1 x {RENAMED}"


def test_of_two_names_of_one_day_either_may_be_the_newest(read_pages):
    history = [{"date": "2020-01-01", "event": "Changed", "name": name} for name in ("a", "b")]
    for name, expected in (("a", ""), ("b", ""), ("c", f"1 x {RENAMED}")):
        assert notes(read_pages(PAGE | {"name_history": history, "page_name": name})) == expected


@pytest.mark.parametrize(
    ("collected_at", "seen", "odd"),
    [
        ("2022-02-20", utc(2022, 2, 20), False),
        ("2022-02-20T23:30:00-05:00", utc(2022, 2, 21), False),
        ("2022-03-01T23:59:59Z", SNAPSHOT, False),
        # still the snapshot's day, west of Greenwich
        ("2022-03-02T03:00:00Z", SNAPSHOT, False),
        ("2022-03-02T12:00:00Z", SNAPSHOT, True),
        ("2030-01-01", SNAPSHOT, True),
        ("1999-01-01", SNAPSHOT, True),
        ("lately", SNAPSHOT, True),
        ("20/02/2022", SNAPSHOT, True),
        ("", SNAPSHOT, False),
        (None, SNAPSHOT, False),
    ],
)
def test_a_page_was_seen_on_the_day_that_it_was_collected(read_pages, collected_at, seen, odd):
    found = read_pages(PAGE | {"collected_at": collected_at})
    account = one(found.accounts)
    assert (account["first_seen"], account["last_seen"]) == (seen, seen)
    expected = "1 x a collected_at that is no time up to the snapshot, which stands in its place"
    assert notes(found) == (expected if odd else "")


@pytest.mark.parametrize(
    ("change", "column", "value", "reason"),
    [
        ({"page_id": ""}, "page_id", "", "no id; expected the id of the Page"),
        ({"page_id": "Fake Flower"}, "page_id", "Fake Flower", "not an id; expected the id"),
        ({"page_id": "1234"}, "page_id", "1234", NO_ID),
        ({"page_id": "1.002E+14"}, "page_id", "1.002E+14", DAMAGED),
        ({"page_id": [1]}, "page_id", '["1"]', "nested JSON where a value was due"),
        ({"page_name": {"a": 1}}, "page_name", '{"a": "1"}', "nested JSON where a value was due"),
        ({"collected_at": []}, "collected_at", "[]", "nested JSON where a value was due"),
        (
            {"name_history": [{"date": "2022-03-03", "event": "created", "name": "a"}]},
            "name_history.created",
            "2022-03-03",
            "a time after the snapshot",
        ),
        (
            {"merges": [{"date": "2022-03-03", "merged_page_name": "a"}]},
            "name_history.latest",
            "2022-03-03",
            "a time after the snapshot",
        ),
    ],
)
def test_a_wrong_page_is_set_aside(read_pages, change, column, value, reason):
    other = PAGE | {"page_id": "100200300400502"}
    found = read_pages(PAGE, PAGE | change, other)
    assert quarantined(found) == [[2, column, value]]
    assert found.quarantine.loc[0, "reason"].startswith(reason)
    assert found.accounts["native_id"].to_pylist() == [PAGE_ID, "100200300400502"]


NO_ENTRY = "not an entry of this list; expected one with {"
BAD_ENTRIES = [
    ("name_history", "Fake Shoes", NO_ENTRY + "date, event, name}, each of them text"),
    ("name_history", None, NO_ENTRY),
    ("name_history", ["2019-05-03"], NO_ENTRY),
    ("name_history", {"date": "2019-05-03", "event": "created"}, NO_ENTRY),
    ("name_history", {"date": "2019-05-03", "event": "", "name": "a"}, NO_ENTRY),
    ("name_history", {"date": "2019-05-03", "event": "created", "name": ["a"]}, NO_ENTRY),
    ("name_history", {"date": None, "event": "created", "name": "a"}, NO_ENTRY),
    (
        "name_history",
        {"date": "May 3, 2019", "event": "created", "name": "a"},
        "an entry without a date; expected YYYY-MM-DD or an ISO 8601 time in {date, event, name}",
    ),
    (
        "name_history",
        {"date": "2019-02-29", "event": "created", "name": "a"},
        "an entry without a date",
    ),
    (
        "name_history",
        {"date": "2004-02-03", "event": "created", "name": "a"},
        "an entry dated before the platform; expected 2004-02-04 or later",
    ),
    ("merges", {"date": "2019-05-03", "name": "a"}, NO_ENTRY + "date, merged_page_name}"),
    ("merges", {"date": "2019", "merged_page_name": "a"}, "an entry without a date"),
    ("admin_countries", {"admins": 3}, NO_ENTRY + "country, admins}, the second a whole number"),
    ("admin_countries", {"country": "BD", "admins": "many"}, NO_ENTRY),
    ("admin_countries", {"country": "BD", "admins": -1}, NO_ENTRY),
    ("admin_countries", {"country": "BD", "admins": 1.5}, NO_ENTRY),
    ("admin_countries", {"country": "BD", "admins": True}, NO_ENTRY),
    ("admin_countries", {"country": 7.5, "admins": {}}, NO_ENTRY),
]


@pytest.mark.parametrize(("column", "entry", "reason"), BAD_ENTRIES)
def test_a_wrong_entry_is_set_aside_and_the_page_kept(read_pages, column, entry, reason):
    whole = one(read_pages(PAGE).accounts)
    found = read_pages(PAGE | {column: [*PAGE[column], entry]})
    assert one(found.accounts) == whole
    assert found.ledger.loc[0, "records"] == 2
    assert found.quarantine[["row", "column"]].to_numpy().tolist() == [[2, column]]
    assert found.quarantine.loc[0, "reason"].startswith(reason)
    as_read = json.loads(json.dumps(entry), parse_int=str, parse_float=str)
    assert (
        found.quarantine.loc[0, "value"]
        == (json.dumps(as_read, sort_keys=True, separators=(",", ":"))[:80])
    )


@pytest.mark.parametrize("column", ["name_history", "merges", "admin_countries"])
@pytest.mark.parametrize("value", ["a text", {"date": "2019-05-03"}, 7, True])
def test_what_is_no_list_is_set_aside_and_the_page_kept(read_pages, column, value):
    found = read_pages(PAGE | {column: value})
    assert found.accounts["native_id"].to_pylist() == [PAGE_ID]
    assert found.quarantine["column"].to_list() == [column]
    assert found.quarantine.loc[0, "reason"].startswith("not a list; expected a list of entries")


def test_what_is_no_object_is_set_aside(read_as, read_pages):
    for found in (
        read_pages(PAGE, "x", PAGE | {"page_id": "100200300400502"}),
        read_as("page_transparency", as_lines([{"data": [PAGE, "x"]}, PAGE])),
    ):
        assert found.quarantine[["row", "reason"]].to_numpy().tolist() == [
            [2, "a JSON str; expected an object"]
        ]
        assert len(found.accounts) == 2


# Lists of profiles


def test_a_profile_field_by_field(read_as):
    found = read_as("facebook_profiles", [PROFILE])
    account = one(found.accounts)
    wanted = {
        "platform": "facebook",
        "unit": "profile",
        "native_id": PROFILE_ID,
        "display_name": "Nobody Invented",
        "handle": "nobody.invented",
        "created_at": None,
        "created_precision": "none",
        "created_source": "none",
        "followers": None,
        "first_seen": utc(2021, 4, 22),
        "last_seen": SNAPSHOT,
        "derived": False,
        "source_row": 1,
    }
    assert {name: account[name] for name in wanted} == wanted
    assert notes(found) == ""


@pytest.mark.parametrize(
    ("url", "handle"),
    [
        ("https://www.facebook.com/nobody", "nobody"),
        ("HTTPS://m.facebook.com/nobody/?ref=a/b#c", "nobody"),
        ("facebook.com/people/nobody//", "nobody"),
        (f"https://www.facebook.com/profile.php?id={PROFILE_ID}", None),
        (f"https://www.facebook.com/Profile.php/?id={PROFILE_ID}", None),
        (f"https://www.facebook.com/{PROFILE_ID}", None),
        ("https://www.facebook.com/?id=1/nobody", None),
        ("https://www.facebook.com/", None),
        ("https://www.facebook.com", None),
        ("", None),
    ],
)
def test_a_handle_is_the_end_of_an_address(read_as, url, handle):
    found = read_as("facebook_profiles", [PROFILE | {"url": url}])
    assert found.accounts["handle"].to_pylist() == [handle]


@pytest.mark.parametrize(
    ("stated", "first_seen"),
    [
        ("", SNAPSHOT),
        ("2022-03-01", SNAPSHOT),
        # a day that began before the snapshot's ended somewhere
        ("2022-03-02", SNAPSHOT),
        ("2021-04-22T23:30:00-05:00", utc(2021, 4, 23)),
    ],
)
def test_a_profile_was_first_seen_no_later_than_the_snapshot(read_as, stated, first_seen):
    account = one(read_as("facebook_profiles", [PROFILE | {"first_seen": stated}]).accounts)
    assert (account["first_seen"], account["last_seen"]) == (first_seen, SNAPSHOT)


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("id", "", "no id; expected the id of the profile"),
        ("id", "6.155E+13", DAMAGED),
        ("id", "nobody", NO_ID),
        ("url", "nobody invented", "not a web address; expected the profile's, or nothing"),
        ("first_seen", "4/22/2021", "a date that may be day-first or month-first"),
        ("first_seen", "April", "not a time; expected a day as YYYY-MM-DD"),
        ("first_seen", "2022-03-03", "a time after the snapshot"),
        ("first_seen", "2004-02-03", "a time before the platform"),
    ],
)
def test_a_wrong_profile_is_set_aside(read_as, column, value, reason):
    rows = [PROFILE | {"id": f"6155000000000{n}"} for n in range(1, 4)]
    rows[1] |= {column: value}
    found = read_as("facebook_profiles", rows)
    assert quarantined(found) == [[2, column, value]]
    assert found.quarantine.loc[0, "reason"].startswith(reason)
    assert found.accounts["native_id"].to_pylist() == ["61550000000001", "61550000000003"]


# Whatever a file holds

CELLS = st.text(max_size=12) | st.sampled_from(
    ["", "2021-04-22", "2021-04-22 09:00:05 EST", "9999-12-31T23:59:59+99:99", PAGE_ID, "1e9", ","]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | CELLS
    | st.just("\ud83d")
    | st.just({})
)


def values(*keys):
    """JSON of any shape, with the keys that are read among its own."""
    return st.recursive(
        SCALARS,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(keys) | st.text(max_size=3), inner, max_size=4)
        ),
        max_leaves=8,
    )


def changed(good, keys):
    """A good record with some of its values put out of order."""
    return st.dictionaries(st.sampled_from(sorted(good)), values(*keys), max_size=3).map(
        lambda change: good | change
    )


@pytest.mark.parametrize(
    ("kind", "good"),
    [
        ("crowdtangle", CROWDTANGLE),
        ("content_library_csv", LIBRARY),
        ("facebook_profiles", PROFILE),
    ],
)
def test_any_csv_is_accounted_for(read, kind, good):
    rows = st.lists(
        st.dictionaries(st.sampled_from(sorted(good)), CELLS, max_size=4).map(lambda c: good | c),
        min_size=1,
        max_size=5,
    )

    @FUZZED
    @given(rows)
    def holds(rows):
        found = read(as_csv(rows), kind, **LISTED)
        assert is_accounted_for(found)
        assert found.ledger.loc[0, "records"] == len(rows)

    holds()


@pytest.mark.parametrize(
    ("kind", "good", "keys"),
    [
        (
            "content_library_json",
            nested(LIBRARY),
            ("id", "type", "link", "like_count", "data", "hashtags"),
        ),
        (
            "page_transparency",
            PAGE,
            ("date", "event", "name", "merged_page_name", "country", "admins", "data"),
        ),
    ],
)
def test_any_json_is_accounted_for(read, kind, good, keys):
    entries = st.lists(changed(good, keys) | values(*keys, *good), min_size=1, max_size=4)

    @FUZZED
    @given(entries, st.booleans())
    def holds(entries, in_lines):
        content = as_lines([{"data": entries}]) if in_lines else as_page(entries)
        found = read(content, kind, **LISTED)
        assert is_accounted_for(found)
        assert found.ledger.loc[0, "records"] >= len(entries)

    holds()
