"""Posts and profiles of Facebook: CrowdTangle, the Meta Content Library, lists of profiles.

CrowdTangle's CSV has one post a row, with what it knew of the account beside it:
of Pages and profiles since April 2021, before (with `Created`, and nothing of the
Page), and of Instagram, where an account has its name for an id. Times stand in
the zone of whoever exported the file, by its abbreviation; one that names several
zones (CST) is not guessed but asked for, and of a Page Created that has none only
the day is kept. A row that says nothing of a Page (created, category, country of
its admins) is a profile's. The id of such a post is its address; the Content
Library has ids of its own, so a post that stands in both is there twice. Where a
post has no message, its text is what stands in its picture; what a site calls
itself (`Link Text`) is no word of whoever links to it. CrowdTangle's API gave the
same posts as JSON, in UTC.

The Content Library's CSV and JSON have the same names, in JSON as paths. What
a group or an event posts has no account behind it and is set aside, in
CrowdTangle's files too. The list of profiles is a format of ours, for accounts
that no export covers.
"""

from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

import duckdb

from hydrascope.errors import ConfigError
from hydrascope.ingest.checks import (
    PLATFORM_STARTS,
    count_checks,
    id_checks,
    required_id_checks,
    time_checks,
)
from hydrascope.ingest.mapping import Check, Format, Item, Oddity, Records, Time, quoted
from hydrascope.ingest.times import PLACES, ZONES, iso_precision, iso_utc, zoned_utc

__all__ = ["FORMATS", "crowdtangle_format", "data_entries", "facebook_id_checks"]

ID = "[0-9]{5,20}"
START = PLATFORM_STARTS["facebook"]
OPENED = f"TIMESTAMP '{START}'"
ZONED = "YYYY-MM-DD HH:MM:SS and a zone such as EDT, as exported"
INSTAGRAM_START = "2010-10-06"
API_TIME = "YYYY-MM-DD HH:MM:SS in UTC, as the API gives it"
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


def _zone_checks(column: str, time: str, stated: Mapping[str, str]) -> list[Check]:
    """Times that would be whole if their zone were known."""
    name, clock = quoted(column), CLOCK
    zone = f"regexp_extract({name}, '^{clock} ?([A-Za-z]{{2,5}})$', 2)"
    known = ", ".join(f"'{abbreviation}'" for abbreviation in (*ZONES, *PLACES, *stated))
    return [
        Check(
            column,
            f"{time} IS NULL AND {zone} NOT IN ('', {known})",
            "an abbreviation that does not name one time zone, as CST is Chicago's, Shanghai's "
            "and Havana's; expected one that does, or an offset such as -05:00; say which zone "
            "is meant in the study's file, such as crowdtangle_zone: {CST: America/Chicago}",
        ),
        Check(
            column,
            f"{time} IS NULL AND regexp_full_match({name}, '{clock}')",
            "a time without its zone; expected one, or an offset such as -05:00; say which zone "
            "is meant in the study's file, such as crowdtangle_zone: {none: America/Chicago}",
        ),
    ]


def _count(column: str) -> str:
    return f"try_cast(replace({quoted(column)}, ',', '') AS BIGINT)"


CROWDTANGLE_COUNTS = (
    *("Likes at Posting", "Followers at Posting"),
    *("Likes", "Comments", "Shares", "Post Views", "Total Views"),
)
POST_ADDRESS = Check(
    "URL",
    "NOT regexp_full_match(URL, '(?i)https?://[^/]+/.+')",
    "not a web address; expected the post's, such as https://www.facebook.com/...",
)
NO_AUTHOR = (
    "a post in a group, of which CrowdTangle does not say who wrote it; expected a Page's or a "
    "profile's"
)
IN_PICTURE = "a post without a message, of which the text in its picture is kept"


def crowdtangle_format(stated: Mapping[str, str]) -> Format:
    """CrowdTangle's CSV, in each of its layouts.

    Parameters
    ----------
    stated : mapping of str to str
        The study's key `crowdtangle_zone`: time zones by the abbreviations that
        mean them, and by `none` that of times without one.

    Raises
    ------
    ConfigError
        If one of them is no time zone.
    """
    for name, zone in stated.items():
        try:
            ZoneInfo(zone)
            duckdb.execute("SELECT timezone($zone, TIMESTAMP '2021-01-01')", {"zone": zone})
        except (KeyError, ValueError, OSError, duckdb.Error) as error:
            raise ConfigError(
                f"crowdtangle_zone.{name}: found {zone!r}, which is no time zone; expected one of "
                "the IANA data base, such as America/Chicago."
            ) from error
    times = ("Post Created", "Created")
    return Format(
        {
            "": _pages("Post Created", stated, PAGE),
            **{f"pages by {time}": _pages(time, stated) for time in times},
            **{f"Instagram by {time}": _instagram(time, stated) for time in times},
            "groups": _GROUPS,
        }
    )


# What the layouts since April 2021 say of a Page.
PAGE = ("Page Created", "Page Category", "Page Admin Top Country")


def _pages(time: str, stated: Mapping[str, str], page: tuple[str, ...] = ()) -> Records:
    """Posts of Pages and profiles, with the time in a column and what is said of the Page."""
    about = {
        "created_zoned": zoned_utc('"Page Created"', stated),
        "created": f"""coalesce(created_zoned, CASE WHEN regexp_full_match("Page Created", """
        f"""'{CLOCK}') THEN try_cast("Page Created"[:10] AS TIMESTAMP) END)""",
    }
    undated = Oddity("true", "a post that does not say whether a Page or a profile made it")
    return Records(
        required=("Page Name", "Facebook Id", *page, time, "URL", "Message"),
        optional=(
            *("User Name", "Page Description", *CROWDTANGLE_COUNTS),
            *("Link", "Final Link", "Image Text"),
        ),
        named={**(about if page else {}), "posted": zoned_utc(quoted(time), stated)},
        times={
            "posted": Time(time, "posting"),
            **({"created": Time("Page Created", "creation", OPENED)} if page else {}),
        },
        checks=(
            *facebook_id_checks("Facebook Id", "Page or profile"),
            *required_id_checks("URL", "post, its address"),
            POST_ADDRESS,
            *_zone_checks(time, "posted", stated),
            *time_checks(time, "posted", expected=ZONED, start=START, required=True),
            *(_zone_checks("Page Created", "created", stated) if page else ()),
            *(time_checks("Page Created", "created", expected=ZONED, start=START) if page else ()),
            *count_checks(CROWDTANGLE_COUNTS, thousands=","),
        ),
        oddities=(
            *(_PAGE_ODDITIES if page else (undated,)),
            Oddity(""""Message" = '' AND "Image Text" <> ''""", IN_PICTURE),
        ),
        account={
            "unit": "'page'",
            "native_id": '"Facebook Id"',
            "display_name": """nullif("Page Name", '')""",
            "handle": """nullif("User Name", '')""",
            "description": """nullif("Page Description", '')""",
            "created_precision": "'none'",
            "created_source": "'none'",
            "followers": f"coalesce({_count('Followers at Posting')}, "
            f"{_count('Likes at Posting')})",
            **(_PAGE_FIELDS if page else {}),
        },
        post={
            "account_id": '"Facebook Id"',
            "native_id": "URL",
            "kind": "'post'",
            "posted_at": "posted",
            "posted_precision": "'s'",
            "text": """coalesce(nullif("Message", ''), nullif("Image Text", ''))""",
            "urls": """list_filter([coalesce(nullif("Final Link", ''), "Link")], """
            "lambda link: link <> '')",
            "likes": _count("Likes"),
            "replies": _count("Comments"),
            "reposts": _count("Shares"),
            "views": f"coalesce({_count('Post Views')}, {_count('Total Views')})",
        },
    )


_PAGE_ODDITIES = (
    Oddity("posted < created", "a post dated before its Page was created, as Pages may do"),
    Oddity(
        "created IS NOT NULL AND created_zoned IS NULL",
        "a Page Created without its zone, of which only the day is kept",
    ),
)
_PAGE_FIELDS = {
    "unit": """CASE WHEN "Page Created" = '' AND "Page Category" = '' """
    """AND "Page Admin Top Country" = '' THEN 'profile' ELSE 'page' END""",
    "created_at": "created",
    "created_precision": "CASE WHEN created IS NULL THEN 'none' "
    "WHEN created_zoned IS NULL THEN 'day' ELSE 's' END",
    "created_source": "CASE WHEN created IS NULL THEN 'none' ELSE 'page_created' END",
    "admin_countries": """CASE WHEN "Page Admin Top Country" <> '' """
    """THEN '[{"admins":null,"country":' || to_json("Page Admin Top Country") || '}]' END""",
}


def _instagram(time: str, stated: Mapping[str, str]) -> Records:
    """Posts of Instagram, where an account's name is all that says who it is."""
    counts = ("Followers at Posting", "Likes", "Comments", "Views")
    name = 'lower("User Name")'
    return Records(
        required=("Account", "User Name", time, "URL", "Description"),
        optional=(*counts, "Title", "Link", "Image Text"),
        named={"posted": zoned_utc(quoted(time), stated)},
        times={"posted": Time(time, "posting")},
        checks=(
            *required_id_checks("User Name", "account, its name"),
            *required_id_checks("URL", "post, its address"),
            POST_ADDRESS,
            *_zone_checks(time, "posted", stated),
            *time_checks(time, "posted", expected=ZONED, start=INSTAGRAM_START, required=True),
            *count_checks(counts, thousands=","),
        ),
        oddities=(Oddity(""""Description" = '' AND "Image Text" <> ''""", IN_PICTURE),),
        account={
            "unit": "'user'",
            "native_id": name,
            "display_name": "nullif(Account, '')",
            "handle": '"User Name"',
            "created_precision": "'none'",
            "created_source": "'none'",
            "followers": _count("Followers at Posting"),
        },
        post={
            "account_id": name,
            "native_id": "URL",
            "kind": "'post'",
            "posted_at": "posted",
            "posted_precision": "'s'",
            "text": "coalesce(nullif(concat_ws(chr(10), nullif(Title, ''), "
            """nullif("Description", '')), ''), nullif("Image Text", ''))""",
            "urls": "list_filter([\"Link\"], lambda link: link <> '')",
            "likes": _count("Likes"),
            "replies": _count("Comments"),
            "views": _count("Views"),
        },
    )


_GROUPS = Records(
    required=("Group Name", "URL"),
    checks=(Check("URL", "true", NO_AUTHOR, absence=True),),
)


def _crowdtangle_entries(value: Mapping) -> Iterator[Item]:
    """The posts of a page of CrowdTangle's API, or the value if it is one post."""
    result = value.get("result")
    posts = (result if isinstance(result, Mapping) else value).get("posts")
    if posts is None and "account" not in value:
        yield Item("", "a page without posts; expected result.posts, or a post")
        return
    for post in posts if isinstance(posts, list) else [value]:
        if isinstance(post, Mapping):
            links = post.get("expandedLinks")
            found = [
                (one.get("expanded") or one.get("original")) if isinstance(one, Mapping) else one
                for one in (links if isinstance(links, list) else [links] if links else [])
            ]
            once = list(dict.fromkeys(link for link in found if isinstance(link, str)))
            odd = [link for link in found if link is not None and not isinstance(link, str)]
            yield Item("post", {**post, "links": once + odd or post.get("link")})
        else:
            yield Item("", f"a JSON {type(post).__name__}; expected an object")


_KIND = 'lower("account.accountType")'
_ON_INSTAGRAM = f"(contains({_KIND}, 'instagram') OR lower(platform) = 'instagram')"
_WHO = (
    f'CASE WHEN {_ON_INSTAGRAM} AND "account.handle" <> \'\' THEN lower("account.handle") '
    'ELSE "account.platformId" END'
)
API_COUNTS = (
    *("subscriberCount", "statistics.actual.likeCount", "statistics.actual.favoriteCount"),
    *("statistics.actual.commentCount", "statistics.actual.shareCount"),
)
_API_POSTS = Records(
    required=("account.platformId", "postUrl", "date"),
    optional=(
        *("account.name", "account.handle", "account.accountType", "account.pageDescription"),
        *("account.pageCreatedDate", "account.pageAdminTopCountry", "platform", "message"),
        *("description", "imageText", "links", "languageCode", *API_COUNTS),
    ),
    lists=("links",),
    named={
        "posted": iso_utc('"date"'),
        "created": iso_utc('"account.pageCreatedDate"'),
        "said": f"CASE WHEN message = '' AND {_ON_INSTAGRAM} THEN description ELSE message END",
    },
    times={
        "posted": Time("date", "posting"),
        "created": Time("account.pageCreatedDate", "creation", OPENED),
    },
    checks=(
        Check("account.accountType", f"contains({_KIND}, 'group')", NO_AUTHOR, absence=True),
        Check(
            "platform",
            "platform <> '' AND lower(platform) <> lower($platform)",
            "a post of another platform; expected that of the file's row in collections.tsv",
        ),
        *facebook_id_checks("account.platformId", "account"),
        *required_id_checks("postUrl", "post, its address"),
        POST_ADDRESS._replace(column="postUrl", bad=POST_ADDRESS.bad.replace("URL", '"postUrl"')),
        *time_checks("date", "posted", expected=API_TIME, start=START, required=True),
        *time_checks("account.pageCreatedDate", "created", expected=API_TIME, start=START),
        *count_checks(API_COUNTS),
    ),
    oddities=(
        Oddity("posted < created", "a post dated before its Page was created, as Pages may do"),
        Oddity("said = '' AND imageText <> ''", IN_PICTURE),
    ),
    account={
        "unit": f"CASE WHEN {_ON_INSTAGRAM} THEN 'user' WHEN contains({_KIND}, 'profile') "
        "THEN 'profile' ELSE 'page' END",
        "native_id": _WHO,
        "display_name": "nullif(\"account.name\", '')",
        "handle": "nullif(\"account.handle\", '')",
        "description": "nullif(\"account.pageDescription\", '')",
        "created_at": "created",
        "created_precision": "CASE WHEN created IS NULL THEN 'none' ELSE "
        f"{iso_precision(quoted('account.pageCreatedDate'))} END",
        "created_source": "CASE WHEN created IS NULL THEN 'none' ELSE 'page_created' END",
        "followers": _count("subscriberCount"),
        "admin_countries": """CASE WHEN "account.pageAdminTopCountry" <> '' THEN """
        """'[{"admins":null,"country":' || to_json("account.pageAdminTopCountry") || '}]' END""",
    },
    post={
        "account_id": _WHO,
        "native_id": '"postUrl"',
        "kind": "'post'",
        "posted_at": "posted",
        "posted_precision": iso_precision('"date"'),
        "text": "coalesce(nullif(said, ''), nullif(imageText, ''))",
        "language": "lower(nullif(languageCode, ''))",
        "urls": "list_filter(links, lambda link: link <> '')",
        "likes": f"coalesce({_count('statistics.actual.likeCount')}, "
        f"{_count('statistics.actual.favoriteCount')})",
        "replies": _count("statistics.actual.commentCount"),
        "reposts": _count("statistics.actual.shareCount"),
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
        times={
            "posted": Time("creation_time", "posting"),
            "modified": Time("modified_time", "editing"),
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
    times={"seen": Time("first_seen", "the first sighting")},
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
    "crowdtangle": crowdtangle_format({}),
    "crowdtangle_json": Format(
        {"post": _API_POSTS}, delimiter="", unnest=_crowdtangle_entries, container="posts"
    ),
    "content_library_csv": Format({"": _library("hashtags")}),
    "content_library_json": Format(
        {"entry": _library("array_to_string(hashtags, ',')", lists=("hashtags",))},
        delimiter="",
        unnest=data_entries,
        container="data",
    ),
    "facebook_profiles": Format({"": PROFILES}),
}
