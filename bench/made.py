"""Made-up message tables of any size, the same bytes for the same size; nobody is in them."""

import csv
from pathlib import Path
from random import Random

import numpy as np

from hydrascope.simulation.texts import draw_message, say
from hydrascope.texts.folding import matching_form

__all__ = ["COLUMNS", "said_texts", "write_copies", "write_messages"]

COLUMNS = (
    *("message_id", "user_id", "username", "repost_id"),
    *("reply_id", "message", "timestamp", "urls"),
)
CHINESE = "天地日月山水风云花草鸟鱼人口手目田土石火木金东西南北上下左右大小多少春夏秋冬红黄蓝白"
ENGLISH = ("rain", "river", "stone", "bread", "window", "garden", "paper", "morning", "road")
POSTS_AN_ACCOUNT = 50
SUBJECTS = ("xinjiang", "guo_wengui", "covid_origin", "vaccines", "taiwan", "hong_kong", "food")
LANGUAGES = ("zh-Hans", "zh-Hant", "en")
START, SPAN = 1_577_836_800, 300 * 86_400


def write_messages(path: Path, posts: int, seed: int = 20211222) -> None:
    """Write a CSV of posts: half Chinese, half English, three of ten reposts or with a link.

    Parameters
    ----------
    path : pathlib.Path
        Where to.
    posts : int
        Rows below the header.
    seed : int
        What the texts, times and accounts follow from.
    """
    random = Random(seed)
    accounts = [str(random.randrange(10**17, 10**18)) for _ in range(posts // POSTS_AN_ACCOUNT)]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for number in range(posts):
            author = random.randrange(len(accounts))
            if random.random() < 0.5:
                text = "".join(random.choices(CHINESE, k=random.randint(10, 60)))
            else:
                text = " ".join(random.choices(ENGLISH, k=random.randint(5, 25)))
            if random.random() < 0.05:
                text += '\nand "more", on a line of its own'
            writer.writerow(
                [
                    10**18 + 7_919 * number + 1,
                    accounts[author],
                    f"user{author}",
                    random.choice(accounts) if random.random() < 0.3 else "",
                    "",
                    text,
                    START + random.randrange(SPAN),
                    f"https://example.org/{random.randrange(10**5)}"
                    if random.random() < 0.3
                    else "",
                ]
            )


def said_texts(size: int, *, seed: int = 1) -> dict[str, str]:
    """Texts out of the word lists of the simulation, all different, and the subject of each."""
    rng, texts = np.random.default_rng(seed), {}
    while len(texts) < size:
        message = draw_message(rng, str(rng.choice(SUBJECTS)), "plain")
        language = LANGUAGES[int(rng.integers(len(LANGUAGES)))]
        texts.setdefault(matching_form(say(message, language)), message.subject)
    return texts


def write_copies(
    path: Path, posts: int, *, accounts: int, texts: int, days: int, seed: int = 20211222
) -> None:
    """Write a CSV of posts that copy each other, the first of the texts most often.

    Parameters
    ----------
    path : pathlib.Path
        Where to.
    posts, accounts, texts, days : int
        Rows below the header; authors; different texts, each with a link of its own in
        every second of its posts; days over which the posts are spread evenly.
    seed : int
        What the texts, times and accounts follow from.
    """
    random = Random(seed)
    said = [
        "".join(random.choices(CHINESE, k=random.randint(10, 60))) + str(number)
        for number in range(texts)
    ]
    authors = [str(random.randrange(10**17, 10**18)) for _ in range(accounts)]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for number in range(posts):
            which = int(texts * random.random() ** 2)
            author = random.randrange(accounts)
            link = f"https://example.org/{which}" if random.random() < 0.5 else ""
            moment = START + random.randrange(days * 86_400)
            writer.writerow(
                [number + 1, authors[author], f"user{author}", "", "", said[which], moment, link]
            )
