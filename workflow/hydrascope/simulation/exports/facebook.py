"""Files of Facebook: Page transparency, lists of profiles, CrowdTangle's posts."""

from typing import NamedTuple

from hydrascope.simulation.exports.dirt import FAULTS, broken_copies, mixed
from hydrascope.simulation.exports.files import RawFile, csv_text, json_text
from hydrascope.simulation.exports.take import Take, name_on

__all__ = ["raw_files"]

PROFILE_COLUMNS = ("id", "name", "url", "first_seen")
POST_COLUMNS = (
    *("Page Name", "User Name", "Facebook Id", "Page Category", "Page Admin Top Country"),
    *("Page Description", "Page Created", "Followers at Posting", "Post Created", "Type"),
    *("Likes", "Comments", "Shares", "URL", "Message", "Link"),
)
CATEGORIES = ("PERSON_BLOG", "NEWS_SITE", "COMMUNITY", "ENTERTAINMENT_SITE", "SHOPPING_RETAIL")
# Collectors keep a list of each, and export one after the other.
UNITS = ("page", "profile")
BLANK: dict = {}


class Form(NamedTuple):
    """How one machine writes a CSV of posts: its encoding and its times."""

    encoding: str
    mark: bool
    zone: str
    time: str


# One after the other, so that the parts of an export differ as those of two collectors do.
# UTF-16 comes once in a while, since it takes most room.
FORMS = (
    Form("utf-8", True, "America/New_York", "%Y-%m-%d %H:%M:%S %Z"),
    Form("utf-16", True, "Asia/Taipei", "%Y-%m-%d %H:%M:%S %z"),
    Form("utf-8", False, "UTC", "%Y-%m-%dT%H:%M:%SZ"),
    Form("gb18030", False, "Asia/Hong_Kong", "%Y-%m-%d %H:%M:%S %Z"),
    Form("utf-8", True, "UTC", "%Y-%m-%d %H:%M:%S %Z"),
)


def raw_files(take: Take) -> list[RawFile]:
    """The files of one day: Pages, profiles, and on some days posts in parts."""
    folder = f"facebook/{take.day}"
    return [
        _pages_file(take, f"{folder}/pages.json.xz"),
        _profiles_file(take, f"{folder}/profiles.csv.xz"),
        *_posts_files(take, folder),
    ]


def _pages_file(take: Take, file: str) -> RawFile:
    pages = take.found[take.found["unit"] == "page"]
    entries = [_page(page, take.day) for page in pages.itertuples()]
    broken = broken_copies(entries, FAULTS["page"], take.rng, take.dirt)
    listed = [entry for entry in entries if "name_history" in entry]
    undated = min(1, int(take.dirt * len(listed)))
    for at in take.rng.choice(len(listed), undated, replace=False):
        # The Page stays; only this line of its history cannot be read.
        listed[at]["name_history"].append({"event": "renamed", "name": listed[at]["page_name"]})
    text = json_text({"data": mixed(take.rng, entries, broken)})
    keys = [("account", native_id) for native_id in pages["native_id"]]
    return RawFile(
        *(file, "page_transparency", "facebook", "utf-8", take.day, text, keys),
        quarantined=len(broken) + undated,
    )


def _profiles_file(take: Take, file: str) -> RawFile:
    profiles = take.found[take.found["unit"] == "profile"]
    rows = [
        {
            "id": profile.native_id,
            "name": profile.display_name,
            "url": f"https://www.facebook.com/{profile.handle or profile.native_id}",
            "first_seen": f"{profile.first_seen:%Y-%m-%d}",
        }
        for profile in profiles.itertuples()
    ]
    broken = broken_copies(rows, FAULTS["profile"], take.rng, take.dirt)
    # Whoever keeps such a list forgets a day now and then; the snapshot's stands in for it.
    for row in rows[: min(1, int(take.dirt * len(rows)))]:
        row["first_seen"] = ""
    text = csv_text(PROFILE_COLUMNS, mixed(take.rng, rows, [*broken, BLANK]))
    keys = [("account", native_id) for native_id in profiles["native_id"]]
    return RawFile(
        *(file, "facebook_profiles", "facebook", "utf-8", take.day, text, keys),
        quarantined=len(broken),
    )


def _posts_files(take: Take, folder: str) -> list[RawFile]:
    posts = take.posts.sort_values(["account", "posted_at", "native_id"])
    units = take.found.set_index("native_id")["unit"]
    files = []
    for part, unit in enumerate(UNITS):
        rows = posts[posts["account"].map(units) == unit]
        form = FORMS[(len(UNITS) * take.number + part) % len(FORMS)]
        authors = _authors(take, form)
        stated = rows["posted_at"].dt.tz_convert(form.zone).dt.strftime(form.time)
        cells = [
            authors[post.account] | _post(post, time)
            for post, time in zip(rows.itertuples(), stated, strict=True)
        ]
        # Columns stand in the order of the header.
        cells = [{column: row[column] for column in POST_COLUMNS} for row in cells]
        broken = broken_copies(cells, FAULTS["post"], take.rng, take.dirt)
        files.append(
            RawFile(
                f"{folder}/posts-{part + 1}.csv.xz",
                *("crowdtangle", "facebook", form.encoding, take.day),
                text=csv_text(POST_COLUMNS, mixed(take.rng, cells, [*broken, BLANK])),
                keys=[("post", native_id) for native_id in rows["native_id"]],
                quarantined=len(broken),
                mark=form.mark,
            )
        )
    return files


def _page(page: object, day: str) -> dict:
    events = [event for event in page.name_history if event[0] <= day]
    said = {
        "page_id": page.native_id,
        "page_name": name_on(day, page.name_history, page.display_name),
    }
    if page.full:
        moments = [_moment(page, event, events) for event in events]
        said |= {
            "name_history": [
                {"date": moment, "event": kind, "name": name}
                for moment, (_, kind, name) in zip(moments, events, strict=True)
            ],
            "merges": [
                {"date": at, "merged_page_name": name} for at, name in page.merges if at <= day
            ],
            "admin_countries": [
                {"country": country, "admins": admins} for country, admins in page.admin_countries
            ],
        }
    return said | {"collected_at": day}


def _moment(page: object, event: tuple, events: list[tuple]) -> str:
    """The second of a Page's creation, else the day; beside another event of it the day too."""
    alone = sum(at == event[0] for at, *_ in events) == 1
    if event[1] == "created" and alone:
        return f"{page.created_at:%Y-%m-%dT%H:%M:%SZ}"
    return event[0]


def _authors(take: Take, form: Form) -> dict[str, dict]:
    """What CrowdTangle tells of Pages, by id; of a profile it knows little but its name."""
    accounts = take.found
    created = accounts["created_at"].dt.tz_convert(form.zone).dt.strftime(form.time)
    known = {}
    for account, stated in zip(accounts.itertuples(), created, strict=True):
        known[account.native_id] = {
            "Page Name": name_on(take.day, account.name_history, account.display_name),
            "User Name": "",
            "Facebook Id": account.native_id,
            "Page Category": "",
            "Page Admin Top Country": "",
            "Page Description": "",
            "Page Created": "",
            "Followers at Posting": "",
        }
        if account.unit == "page":
            most = max(account.admin_countries, key=lambda one: (one[1], one[0]), default=("", 0))
            known[account.native_id] |= {
                "User Name": account.handle,
                "Page Category": CATEGORIES[int(account.native_id) % len(CATEGORIES)],
                "Page Admin Top Country": most[0],
                "Page Description": account.description,
                "Page Created": stated,
                "Followers at Posting": f"{account.followers:,}",
            }
    return known


def _post(post: object, time: str) -> dict:
    link = next(iter(post.urls), "")
    return {
        "Post Created": time,
        "Type": "Link" if link else "Status",
        "Likes": f"{post.likes:,}",
        "Comments": f"{post.replies:,}",
        "Shares": f"{post.reposts:,}",
        "URL": post.native_id,
        "Message": post.text,
        "Link": link,
    }
