"""Identities planted in every field: none of them may leave ingest."""

import csv
import io
import json
import re

import pytest

from hydrascope.errors import RawFileError
from hydrascope.ingest.formats import FORMATS

# Fields that the rest of the workflow may see; every other one stays under ingest/.
OUTSIDE = {"account_id", "post_id", "repost_of", "reply_to", "mentions"}
SECRET = r"Canary|77000000\d\d"
GENERIC = {
    "records": "posts",
    "fields": {
        "native_id": "id",
        "account_id": "author",
        "handle": "handle",
        "display_name": "name",
        "text": "text",
        "mentions": {"column": "mentions", "separator": " "},
        "repost_of": "of",
        "posted_at": "time",
    },
}


def canaries(names):
    """A distinct identity for each name."""
    return {name: f"Canary{number:03}Q" for number, name in enumerate(names)}


def as_csv(row, count=1):
    stream = io.StringIO()
    writer = csv.DictWriter(stream, row)
    writer.writeheader()
    writer.writerows([row] * count)
    return stream.getvalue().encode()


def x_archive(tweet):
    planted = canaries(name for name in tweet if name.startswith("user") or "id" in name)
    times = {"account_creation_date": "2018-01-02", "tweet_time": "2019-01-01 10:00"}
    ids = {"tweetid": "7700000001", "is_retweet": "true", "retweet_tweetid": "Canary998Q"}
    ids |= {"tweet_text": "Canary997Q"}
    return "x_archive_tweets", "x", as_csv({**tweet, **planted, **times, **ids}), None


def generic(_):
    planted = canaries(["id", "author", "handle", "name", "text", "mentions", "of"])
    return "csv:toy", "toy", as_csv({**planted, "time": "2019-01-01"}), {"toy": GENERIC}


def youtube(_):
    planted = canaries(["id", "authorDisplayName", "videoId", "textOriginal", "author"])
    snippet = {**planted, "publishedAt": "2019-01-01T00:00:00Z"}
    snippet["authorChannelId"] = {"value": planted["author"]}
    comment = {"kind": "youtube#comment", "id": planted["id"], "snippet": snippet}
    return "youtube_api", "youtube", json.dumps({"items": [comment]}).encode(), None


def x_api(_):
    planted = canaries(["name", "screen_name", "description"])
    user = {**planted, "id_str": "7700000002", "created_at": "Wed Oct 10 20:19:24 +0000 2018"}
    tweet = {
        "id_str": "7700000003",
        "full_text": "Canary101Q",
        "created_at": "Wed Jan 02 20:19:24 +0000 2019",
        "user": user,
        "entities": {"user_mentions": [{"id_str": "7700000004"}]},
        "in_reply_to_status_id_str": "7700000005",
    }
    return "x_api_v1", "x", json.dumps([tweet]).encode(), None


def crowdtangle(_):
    names = [*FORMATS["crowdtangle"].records[""].required, "Page Description"]
    fixed = {
        "Facebook Id": "7700000006",
        "Page Created": "2019-01-01 10:00:00 UTC",
        "Post Created": "2020-01-01 10:00:00 UTC",
        "URL": "https://www.facebook.com/7700000006/posts/Canary300Q",
    }
    return "crowdtangle", "facebook", as_csv(canaries(names) | fixed), None


COLLECTIONS = pytest.mark.parametrize("made", [x_archive, generic, youtube, x_api, crowdtangle])


def held(table, names):
    return json.dumps(table.select(list(names)).to_pylist(), default=str)


@COLLECTIONS
def test_no_identity_is_where_the_other_stages_look(read, tweet, made):
    form, platform, content, maps = made(tweet)
    found = read(content, form, platform=platform, column_maps=maps)
    assert found.ledger["quarantined"].tolist() == [0], found.quarantine.to_numpy().tolist()
    assert len(found.posts) == 1
    seen = held(found.posts, OUTSIDE) + held(found.accounts, ["account_id"])
    assert not re.search(SECRET, seen)
    # They are not lost either: under ingest/ the record is as it was.
    assert "Canary" in held(found.posts, found.posts.column_names)
    assert not re.search(SECRET, found.ledger["notes"][0])


@COLLECTIONS
@pytest.mark.parametrize("limits", [{"strict": True}, {"max_bad_share": 0}], ids=str)
def test_no_identity_is_in_an_error_message(read, tweet, made, limits):
    form, platform, content, maps = made(tweet)
    late = {"snapshot": "2004-03-01"}
    with pytest.raises(RawFileError) as error:
        read(content, form, platform=platform, column_maps=maps, limits=limits, **late)
    assert "expected a good row" in str(error.value)
    assert not re.search(SECRET, str(error.value))


def test_a_broken_line_full_of_names_is_shown_by_its_shape(read, tweet):
    content = as_csv(tweet) + b"Canary001Q,Canary002Q\n"
    with pytest.raises(RawFileError) as error:
        read(content, "x_archive_tweets", limits={"strict": True})
    assert "row 2" in str(error.value)
    assert not re.search(SECRET, str(error.value))


def test_a_broken_document_full_of_names_shows_none_of_them(read):
    with pytest.raises(RawFileError) as error:
        read(b'[{"id_str": "Canary001Q", "name": Canary002Q}]', "x_api_v1")
    assert not re.search(SECRET, str(error.value))
