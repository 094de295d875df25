"""Drafts become posts of a platform: texts, ids, kinds, replies and reposts."""

import numpy as np
import pandas as pd

from hydrascope.simulation.habits import POLITICS
from hydrascope.simulation.names import BASE64, status_ids
from hydrascope.simulation.profiles import drawn
from hydrascope.simulation.texts import hashtags, headline, say, with_suffix

__all__ = ["published"]

LANGUAGES = ("zh-Hans", "zh-Hant", "en")
X_KINDS = {"post": 0.57, "repost": 0.24, "reply": 0.19}
UPLOADERS = 0.37
TAGGED = 0.28
# Posts before it among which a repost or a reply finds its target.
REACH = 400
CUT = 138
FIRST_POST = 4_500_001


def published(
    rng: np.random.Generator, accounts: pd.DataFrame, drafts: pd.DataFrame
) -> pd.DataFrame:
    """Write the posts of a world.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    accounts : pandas.DataFrame
        platform, native_id, handle, role, language.
    drafts : pandas.DataFrame
        account (index into `accounts`), at, message, way, url.

    Returns
    -------
    pandas.DataFrame
        platform, native_id, account (native id), kind, posted_at, title, text,
        language, urls, hashtags, repost_of, reply_to, video, likes, replies,
        reposts, views, and narrative and stance, which no export holds; sorted by
        platform and time.
    """
    drafts = drafts.sort_values(["at", "account"], ignore_index=True)
    rows = accounts.loc[drafts["account"]].reset_index(drop=True)
    drafts = drafts.assign(
        platform=rows["platform"], owner=rows["native_id"], handle=rows["handle"], role=rows["role"]
    )
    drafts["language"] = _languages(rng, rows["language"], drafts["way"])
    drafts["text"] = [
        _text(rng, message, language, way)
        for message, language, way in zip(
            drafts["message"], drafts["language"], drafts["way"], strict=True
        )
    ]
    tagged = rng.random(len(drafts)) < TAGGED
    drafts["hashtags"] = [
        hashtags(message, language) if tag else []
        for message, language, tag in zip(
            drafts["message"], drafts["language"], tagged, strict=True
        )
    ]
    drafts["urls"] = [[url] if url else [] for url in drafts["url"]]
    uploads = set(accounts.index[rng.random(len(accounts)) < UPLOADERS])
    drafts["uploads"] = drafts["account"].isin(uploads)
    published = {"facebook": _facebook, "youtube": _youtube, "x": _x}
    parts = [
        published[platform](rng, here.reset_index(drop=True))
        for platform, here in drafts.groupby("platform", sort=True)
    ]
    return _finished(rng, pd.concat(parts, ignore_index=True))


def _languages(rng: np.random.Generator, own: pd.Series, ways: pd.Series) -> list[str]:
    """A translated copy is in one of the two languages that are not the account's."""
    step = rng.integers(1, len(LANGUAGES), size=len(own))
    return [
        LANGUAGES[(LANGUAGES.index(language) + int(by)) % len(LANGUAGES)]
        if way == "translated"
        else language
        for language, way, by in zip(own, ways, step, strict=True)
    ]


def _text(rng: np.random.Generator, message: object, language: str, way: str) -> str:
    if way == "headline":
        return headline(message, language)
    text = say(message, language)
    return with_suffix(rng, text, language) if way == "suffix" else text


def _facebook(_: np.random.Generator, posts: pd.DataFrame) -> pd.DataFrame:
    addresses = [
        f"https://www.facebook.com/{owner}/posts/{FIRST_POST + row}"
        for row, owner in enumerate(posts["owner"])
    ]
    return posts.assign(native_id=addresses, kind="post", title="")


def _youtube(rng: np.random.Generator, posts: pd.DataFrame) -> pd.DataFrame:
    video = posts["uploads"].to_numpy() & (rng.random(len(posts)) < 0.6)
    video[0] = True
    targets = _earlier(rng, posts, video)
    # An answer has two words for an id, a video one.
    body = BASE64[rng.integers(len(BASE64), size=(len(posts), 24))]
    ids = [
        "".join(row[:11]) if is_video else f"Ug{''.join(row)}"
        for row, is_video in zip(body, video, strict=True)
    ]
    watched = ["" if is_video else ids[to] for is_video, to in zip(video, targets, strict=True)]
    titles = [
        headline(message, language) if is_video else ""
        for message, language, is_video in zip(
            posts["message"], posts["language"], video, strict=True
        )
    ]
    return posts.assign(
        native_id=ids,
        kind=np.where(video, "video", "comment"),
        title=titles,
        video=watched,
    )


def _x(rng: np.random.Generator, posts: pd.DataFrame) -> pd.DataFrame:
    kinds = drawn(rng, X_KINDS, len(posts))
    kinds = np.where(posts["way"] == "own", kinds, "post")
    kinds[0] = "post"
    ids = status_ids(rng, posts["at"].to_numpy())
    targets = _earlier(rng, posts, kinds == "post")
    columns = {name: posts[name].to_list() for name in ("text", "language", "message", "hashtags")}
    reposts, replies = [""] * len(posts), [""] * len(posts)
    for row, (kind, to) in enumerate(zip(kinds, targets, strict=True)):
        whose = posts["handle"].iat[to]
        if kind == "repost":
            text = f"RT @{whose}: {columns['text'][to]}"
            columns["text"][row] = text if len(text) <= CUT else f"{text[:CUT]}…"
            for name in ("language", "message", "hashtags"):
                columns[name][row] = columns[name][to]
            reposts[row] = ids[to]
        elif kind == "reply":
            columns["text"][row] = f"@{whose} {columns['text'][row]}"
            replies[row] = ids[to]
    return posts.assign(
        native_id=ids, kind=kinds, title="", repost_of=reposts, reply_to=replies, **columns
    )


def _earlier(rng: np.random.Generator, posts: pd.DataFrame, fit: np.ndarray) -> list[int]:
    """For each post an earlier one that fits, of its own group for every other post.

    Posts are sorted by time; the first of them fits.
    """
    everybody = np.flatnonzero(fit)
    groups = {role: rows.index[fit[rows.index]].to_numpy() for role, rows in posts.groupby("role")}
    found = []
    for row, (role, own, back) in enumerate(
        zip(posts["role"], rng.random(len(posts)) < 0.5, rng.random(len(posts)), strict=True)
    ):
        pool = groups[role] if own else everybody
        before = int(np.searchsorted(pool, row))
        if not before:
            pool, before = everybody, max(int(np.searchsorted(everybody, row)), 1)
        found.append(int(pool[before - 1 - int(back * min(before, REACH))]))
    return found


def _finished(rng: np.random.Generator, posts: pd.DataFrame) -> pd.DataFrame:
    for name in ("repost_of", "reply_to", "video"):
        posts[name] = posts[name].fillna("") if name in posts else ""
    warmth = np.where(posts["role"].isin(["network", "other_network"]), 0.4, 1.6)
    counts = {
        name: np.floor(rng.lognormal(warmth + shift, 1.2)).astype(int)
        for name, shift in {"likes": 0.31, "replies": -0.8, "reposts": -0.9, "views": 3.4}.items()
    }
    subjects = [message.subject for message in posts["message"]]
    posts = posts.assign(
        **counts,
        account=posts["owner"],
        posted_at=pd.to_datetime(posts["at"], unit="s", utc=True),
        narrative=[subject if subject in POLITICS else "none" for subject in subjects],
        stance=[message.stance for message in posts["message"]],
    )
    columns = ["platform", "native_id", "account", "kind", "posted_at", "title", "text", "language"]
    columns += ["urls", "hashtags", "repost_of", "reply_to", "video"]
    columns += ["likes", "replies", "reposts", "views", "narrative", "stance"]
    return posts[columns].sort_values(["platform", "posted_at", "native_id"], ignore_index=True)
