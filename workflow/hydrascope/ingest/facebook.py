"""Posts and profiles of Facebook: CrowdTangle, the Meta Content Library, lists of profiles.

CrowdTangle's historical CSV has one post a row, with what it knew of the Page
beside it. Times stand in the zone of whoever exported the file, by its
abbreviation; one that names several zones (CST) is not guessed, and of a Page
Created that has none only the day is kept. A row that
says nothing of a Page (created, category, country of its admins) is a
profile's. The id of such a post is its address; the Content Library has ids of
its own, so a post that stands in both is there twice.

The Content Library's CSV and JSON have the same names, in JSON as paths. What
a group or an event posts has no account behind it and is set aside. The list of
profiles is a format of ours, for accounts that no export covers.
"""

from collections.abc import Iterator, Mapping

from hydrascope.ingest.checks import (
    PLATFORM_STARTS,
    count_checks,
    id_checks,
    required_id_checks,
    time_checks,
)
from hydrascope.ingest.mapping import Check, Format, Item, Oddity, Records, quoted
from hydrascope.ingest.times import ZONES, iso_precision, iso_utc, zoned_utc

__all__ = ["FORMATS", "data_entries", "facebook_id_checks"]

ID = "[0-9]{5,20}"
START = PLATFORM_STARTS["facebook"]
ZONED = "YYYY-MM-DD HH:MM:SS and a zone such as EDT, as exported"
ISO_TIME = "an ISO 8601 time such as 2021-04-22T10:00:00+0000"


def facebook_id_checks(column: str, of: str) -> list[Check]:
    """As `required_id_checks`, and an id that is none of Facebook's."""
    digits = Check(
        column,
        f"NOT regexp_full_match({quoted(column)}, '{ID}')",
        f"not an id of Facebook's; expected the id of the {of}, 5 to 20 digits",
    )
    return [*required_id_checks(column, of), digits]


def data_entries(value: Mapping) -> Iterator[Item]:
    """The entries of a page of a list under `data`, or the value if it is one entry."""
    data = value.get("data")
    for entry in data if isinstance(data, list) else [value]:
        if isinstance(entry, Mapping):
            yield Item("entry", entry)
        else:
            yield Item("", f"a JSON {type(entry).__name__}; expected an object")


CLOCK = "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?"


def _zone_checks(column: str, time: str) -> list[Check]:
    """Times that would be whole if their zone were known."""
    name, clock = quoted(column), CLOCK
    zone = f"regexp_extract({name}, '^{clock} ?([A-Za-z]{{2,5}})$', 2)"
    known = ", ".join(f"'{abbreviation}'" for abbreviation in ZONES)
    remedy = "expected UTC or an offset such as -05:00; export again with one of them"
    return [
        Check(
            column,
            f"{time} IS NULL AND {zone} NOT IN ('', {known})",
            "an abbreviation that does not name one time zone, as CST is Chicago's, Shanghai's "
            f"and Havana's; {remedy}",
        ),
        Check(
            column,
            f"{time} IS NULL AND regexp_full_match({name}, '{clock}')",
            f"a time without its zone; {remedy}",
        ),
    ]


def _count(column: str) -> str:
    return f"try_cast(replace({quoted(column)}, ',', '') AS BIGINT)"


CROWDTANGLE_COUNTS = (
    *("Likes at Posting", "Followers at Posting"),
    *("Likes", "Comments", "Shares", "Post Views", "Total Views"),
)
CROWDTANGLE = Records(
    required=(
        *("Page Name", "User Name", "Facebook Id", "Page Created", "Page Category"),
        *("Page Admin Top Country", "Post Created", "Type", "URL", "Message"),
    ),
    optional=(
        *("Page Description", *CROWDTANGLE_COUNTS),
        *("Link", "Final Link", "Image Text", "Link Text"),
    ),
    named={
        "created_zoned": zoned_utc('"Page Created"'),
        "created": f"""coalesce(created_zoned, CASE WHEN regexp_full_match("Page Created", """
        f"""'{CLOCK}') THEN try_cast("Page Created"[:10] AS TIMESTAMP) END)""",
        "posted": zoned_utc('"Post Created"'),
    },
    checks=(
        *facebook_id_checks("Facebook Id", "Page or profile"),
        *required_id_checks("URL", "post, its address"),
        Check(
            "URL",
            "NOT regexp_full_match(URL, '(?i)https?://[^/]+/.+')",
            "not a web address; expected the post's, such as https://www.facebook.com/...",
        ),
        *_zone_checks("Post Created", "posted"),
        *time_checks("Post Created", "posted", expected=ZONED, start=START, required=True),
        *_zone_checks("Page Created", "created"),
        *time_checks("Page Created", "created", expected=ZONED, start=START),
        *count_checks(CROWDTANGLE_COUNTS, thousands=","),
    ),
    oddities=(
        Oddity("posted < created", "a post dated before its Page was created, as Pages may do"),
        Oddity(
            "created IS NOT NULL AND created_zoned IS NULL",
            "a Page Created without its zone, of which only the day is kept",
        ),
    ),
    account={
        "unit": """CASE WHEN "Page Created" = '' AND "Page Category" = '' """
        """AND "Page Admin Top Country" = '' THEN 'profile' ELSE 'page' END""",
        "native_id": '"Facebook Id"',
        "display_name": """nullif("Page Name", '')""",
        "handle": """nullif("User Name", '')""",
        "description": """nullif("Page Description", '')""",
        "created_at": "created",
        "created_precision": "CASE WHEN created IS NULL THEN 'none' "
        "WHEN created_zoned IS NULL THEN 'day' ELSE 's' END",
        "created_source": "CASE WHEN created IS NULL THEN 'none' ELSE 'page_created' END",
        "followers": f"coalesce({_count('Followers at Posting')}, {_count('Likes at Posting')})",
        "admin_countries": """CASE WHEN "Page Admin Top Country" <> '' """
        """THEN '[{"admins":null,"country":' || to_json("Page Admin Top Country") || '}]' END""",
    },
    post={
        "account_id": '"Facebook Id"',
        "native_id": "URL",
        "kind": "'post'",
        "posted_at": "posted",
        "posted_precision": "'s'",
        "text": """nullif("Message", '')""",
        "urls": """list_filter([coalesce(nullif("Final Link", ''), "Link")], """
        "lambda link: link <> '')",
        "likes": _count("Likes"),
        "replies": _count("Comments"),
        "reposts": _count("Shares"),
        "views": f"coalesce({_count('Post Views')}, {_count('Total Views')})",
    },
)

LIBRARY_COUNTS = (
    *("statistics.like_count", "statistics.comment_count", "statistics.share_count"),
    *("statistics.views", "statistics.view_count"),
)


def _library(hashtags: str, lists: tuple[str, ...] = ()) -> Records:
    """Posts of the Content Library; `hashtags` is an expression for their text."""
    of_post = f"{ID}(_{ID})?"
    owner = """lower(trim("post_owner.type"))"""
    unit = (
        f"CASE WHEN contains({owner}, 'page') THEN 'page' "
        f"WHEN {owner} IN ('profile', 'user', 'person') THEN 'profile' END"
    )
    tags = f"regexp_split_to_array({hashtags}, '[\\s,;|#\\[\\]\"'']+')"
    return Records(
        required=("id", "creation_time", "text", "post_owner.id", "post_owner.type"),
        optional=(
            *("post_owner.name", "post_owner.username", *LIBRARY_COUNTS, "modified_time"),
            *("lang", "link_attachment.link", "shared_post_id", "hashtags"),
        ),
        lists=lists,
        named={
            "unit": unit,
            "posted": iso_utc("creation_time"),
            "modified": iso_utc("modified_time"),
        },
        checks=(
            *required_id_checks("id", "post"),
            Check(
                "id",
                f"NOT regexp_full_match(id, '{of_post}')",
                "not a post's id; expected 5 to 20 digits, or two such numbers and _ between them",
            ),
            *facebook_id_checks("post_owner.id", "Page or profile"),
            Check(
                "post_owner.type",
                "unit IS NULL",
                "neither a Page nor a profile, but a group, an event or the like; expected page, "
                "profile, user or person",
                absence=True,
            ),
            *id_checks("shared_post_id"),
            Check(
                "shared_post_id",
                f"NOT regexp_full_match(shared_post_id, '({of_post})?')",
                "not a post's id; expected 5 to 20 digits, or nothing",
            ),
            *time_checks("creation_time", "posted", expected=ISO_TIME, start=START, required=True),
            *time_checks("modified_time", "modified", expected=ISO_TIME, start=START),
            *count_checks(LIBRARY_COUNTS),
        ),
        oddities=(
            Oddity("modified <> posted", "an edited post, of which the text is the latest"),
            Oddity("\"text\" = ''", "no text, which the library leaves out unless it is asked for"),
        ),
        account={
            "unit": "unit",
            "native_id": '"post_owner.id"',
            "display_name": """nullif("post_owner.name", '')""",
            "handle": """nullif("post_owner.username", '')""",
            "created_precision": "'none'",
            "created_source": "'none'",
        },
        post={
            "account_id": '"post_owner.id"',
            "native_id": "id",
            "kind": "CASE WHEN shared_post_id <> '' THEN 'repost' ELSE 'post' END",
            "posted_at": "posted",
            "posted_precision": iso_precision("creation_time"),
            "text": "nullif(\"text\", '')",
            "language": "lower(nullif(lang, ''))",
            "urls": "list_filter([\"link_attachment.link\"], lambda link: link <> '')",
            "hashtags": f"list_filter({tags}, lambda tag: tag <> '')",
            "repost_of": "shared_post_id",
            "likes": _count("statistics.like_count"),
            "replies": _count("statistics.comment_count"),
            "reposts": _count("statistics.share_count"),
            "views": f"coalesce({_count('statistics.views')}, {_count('statistics.view_count')})",
        },
    )


_SEGMENT = "'^[^/?#]+/(?:[^?#]*/)?([^/?#]+)/*(?:[?#].*)?$'"
PROFILES = Records(
    required=("id", "name", "url", "first_seen"),
    named={
        "seen": iso_utc("first_seen"),
        "segment": f"regexp_extract(regexp_replace(url, '(?i)^https?://', ''), {_SEGMENT}, 1)",
    },
    checks=(
        *facebook_id_checks("id", "profile"),
        Check(
            "url",
            "url <> '' AND NOT regexp_full_match(url, '(?i)(https?://)?[^\\s/]+[.][^\\s/]+(/\\S*)?')",
            "not a web address; expected the profile's, or nothing",
        ),
        *time_checks("first_seen", "seen", expected="a day as YYYY-MM-DD", start=START),
    ),
    account={
        "unit": "'profile'",
        "native_id": "id",
        "display_name": "nullif(name, '')",
        # An address by the id has no handle in it.
        "handle": "CASE WHEN lower(segment) NOT IN ('', 'profile.php', id) THEN segment END",
        "created_precision": "'none'",
        "created_source": "'none'",
        "first_seen": "least(date_trunc('day', seen), $snapshot::TIMESTAMP)",
    },
)

FORMATS = {
    "crowdtangle": Format({"": CROWDTANGLE}),
    "content_library_csv": Format({"": _library("hashtags")}),
    "content_library_json": Format(
        {"entry": _library("array_to_string(hashtags, ',')", lists=("hashtags",))},
        delimiter="",
        unnest=data_entries,
        container="data",
    ),
    "facebook_profiles": Format({"": PROFILES}),
}
