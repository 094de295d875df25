"""A hostile collection: accounts, posts and seeds whose every field is made to go wrong.

What a reader must set aside is the samples' business; here every record is one that a reader
keeps, so that the stages behind it meet it.
"""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hostile import BACKWARDS, HOSTILE

__all__ = ["MAPS", "PLATFORMS", "SNAPSHOT", "hostile_collection"]

SNAPSHOT = "2021-12-01"
PLATFORMS = ("forum", "微博", "x-files")
END = datetime(2021, 11, 30, 23, 59, 59, tzinfo=UTC)
# Facebook takes no longer text.
LONGEST_TEXT = 63_206
MAPS = {
    "posts": {
        "records": "posts",
        "fields": {
            "native_id": "id",
            "account_id": "author",
            "platform": "platform",
            "text": "text",
            "posted_at": "at",
            "language": "language",
            "kind": "kind",
            "repost_of": "repost_of",
            "reply_to": "reply_to",
            **{name: name for name in ("urls", "hashtags", "mentions", "media_ids", "likes")},
        },
    },
    "accounts": {
        "records": "accounts",
        "fields": {
            "native_id": "id",
            "platform": "platform",
            "created_at": "created",
            **{name: name for name in ("display_name", "handle", "description", "language")},
            **{name: name for name in ("picture_hash", "followers", "following", "country")},
        },
    },
}
# What a pattern may begin anew with, a dictionary cut in many ways, or a sort be slow on.
PIECES = ["1", "a", "a.", "a-", "@", "@a ", "a@b.", "RT @a: ", "https://", "https ", "www.", "a/"]
PIECES += ["1 ", "(", "&amp;", "amp;", "&#", "é.", "國", "漢字", "ก", "ตากลม", "สวัสดี", "ا", "한"]
PIECES += [
    "\u0301",
    "\u0316\u0301",
    "\u1100\u1161",
    "😀\u200d",
    " #",
    "!#",
    "x7k9q ",
    "…",
    "_",
    "-",
]
WORDS = ["the", "river", "cotton", "street", "report", "virus", "vaccine", "people", "rights"]
WORDS += [
    "新疆",
    "郭文贵",
    "疫情",
    "人民",
    "Здравствуйте",
    "مرحبا",
    "สวัสดี",
    "こんにちは",
    "안녕",
    "😀",
    "#tag",
]
WORDS += [*HOSTILE, BACKWARDS, "=cmd|'/c calc'!A0", "\u2028", "\\", '"', "'", "$x$", "{}", "%s"]
LANGUAGES = [None, "en", "zh-Hant", "und", "qme", "x" * 50, "<b>", "英语", "EN_us"]
PEOPLE = 40


def hostile_collection(folder: Path, *, posts: int, seed: int) -> None:
    """Write `accounts.jsonl`, `posts.jsonl` and `seeds.csv` into a folder.

    Parameters
    ----------
    folder : pathlib.Path
        Where they go.
    posts : int
        How many posts; one account for each forty of them, and some without any.
    seed : int
        Source of chance.
    """
    chance = random.Random(seed)
    people = [(chance.choice(PLATFORMS), f"{number}") for number in range(PEOPLE + posts // PEOPLE)]
    _write(folder / "accounts.jsonl", (_account(chance, *one) for one in people))
    _write(folder / "posts.jsonl", _posts(chance, people, posts))
    listed = "".join(f"{platform},{number}\n" for platform, number in people[::7])
    (folder / "seeds.csv").write_text(f"platform,native_id\n{listed}", encoding="utf-8")


def _write(path: Path, records: Iterator[dict]) -> None:
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(record) + "\n" for record in records)


def _account(chance: random.Random, platform: str, number: str) -> dict:
    # A third on one second, a third within a day, the others anywhere.
    created = [
        END - timedelta(days=200),
        END - timedelta(days=200, seconds=chance.randrange(86_400)),
        END - timedelta(seconds=chance.randrange(86_400 * 4_000)),
    ]
    return {
        "id": number,
        "platform": platform,
        "created": chance.choice([None, *(time.isoformat() for time in created)]),
        "display_name": _name(chance),
        "handle": _name(chance),
        "description": _text(chance),
        "language": chance.choice(LANGUAGES),
        "picture_hash": chance.choice([None, "0" * 16, f"{chance.getrandbits(64):016x}"]),
        "followers": chance.choice([None, 0, 10**15, chance.randrange(1_000)]),
        "following": chance.choice([None, 0, 10**15]),
        "country": chance.choice([None, "CN", "<b>", "x" * 500]),
    }


def _name(chance: random.Random) -> str | None:
    words = " ".join(chance.choices(WORDS, k=chance.randint(1, 3)))
    return chance.choice([None, words, words, f"n{chance.randrange(10)}", "\u0301" * 200])


def _posts(chance: random.Random, people: list, posts: int) -> Iterator[dict]:
    templates = [_text(chance) for _ in range(20)]
    # Half of all posts by one account in ten; the last tenth of the accounts stays silent.
    loud, speaking = people[: len(people) // 10 + 1], people[: len(people) * 9 // 10]
    for number in range(posts):
        platform, author = chance.choice(loud if chance.random() < 0.5 else speaking)
        yield {
            "id": f"{number}",
            "author": author,
            "platform": platform,
            "text": _copied(chance, templates),
            "at": _moment(chance),
            "language": chance.choice(LANGUAGES),
            # Itself, one that is not there, and one that passes on this one.
            **_answers(chance, number),
            "urls": _several(
                chance, ["https://a.example/1", "x" * 9_000, "://", "HTTP://B.example"]
            ),
            "hashtags": _several(chance, ["a", "b", "c", "國", "<b>", "#", " "]),
            "mentions": _several(chance, [author, "0", "1", "nobody"]),
            "media_ids": _several(chance, ["m1", "m2", "\u202e"]),
            "likes": chance.choice([None, 0, 10**15]),
        }


def _answers(chance: random.Random, number: int) -> dict:
    kind = chance.choices(["post", "repost", "reply", "video"], [6, 2, 1, 1])[0]
    other = chance.choice([f"{number}", "none", f"{max(number - 1, 0)}", f"{number + 1}"])
    told = chance.choice([None, other])
    return {
        "kind": kind,
        "repost_of": told if kind == "repost" else None,
        "reply_to": told if kind == "reply" else None,
    }


def _several(chance: random.Random, values: list[str]) -> list[str]:
    most = 300 if chance.random() < 0.01 else 3
    return chance.choices(values, k=chance.randrange(most))


def _moment(chance: random.Random) -> str:
    moments = [
        END - timedelta(days=30),
        END - timedelta(days=30, milliseconds=chance.randrange(60_000)),
        END - timedelta(seconds=chance.randrange(86_400 * 300)),
        END - timedelta(seconds=chance.randrange(86_400 * 5_000)),
    ]
    return chance.choice(moments).isoformat()


def _copied(chance: random.Random, templates: list) -> str | None:
    if chance.random() < 0.5:
        return _text(chance)
    said = chance.choice(templates)
    # As it is, with a mark behind it, or reworded a little.
    ends = ["", "", f" {chance.randrange(36**5):x}", "😀", " #a #b #c", f" {chance.choice(WORDS)}"]
    return said if said is None else said + chance.choice(ends)


def _text(chance: random.Random) -> str | None:
    kind = chance.random()
    if kind < 0.1:
        return chance.choice([None, "", " ", "\u200b", "😀"])
    if kind < 0.2:
        piece = chance.choice(PIECES)
        length = min(int(10 ** chance.uniform(1, 5)), LONGEST_TEXT)
        return (chance.choice(["", "x ", "國"]) + piece * length)[:length]
    return " ".join(chance.choices(WORDS, k=chance.randint(1, 30)))
