"""A simulated collection of any size: copies of the bundled one, beside each other.

Each copy has accounts, posts and ids of its own. With *own* objects it also has texts, links,
tags and names of its own, so that a thing has as many holders as in one copy, however many
there are. With *common* ones all copies say the same, and every thing has as many times the
holders as there are copies. Moments are common in both: a year stays a year.
"""

import re
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd
from opencc import OpenCC

from hydrascope.simulation.exports.files import CODECS, RawFile
from hydrascope.simulation.exports.write import raw_files
from hydrascope.simulation.habits import CONTENT_DAYS, SNAPSHOTS
from hydrascope.simulation.names import BASE64
from hydrascope.simulation.world import World, draw_seeds, simulate

__all__ = ["OBJECTS", "SEED", "write_grown"]

SEED = 20211222
OBJECTS = ("own", "common")
# Of the bundled collection, so that one copy of it is ten thousand posts.
SCALE = 0.151
HAN = re.compile(r"[\u4e00-\u9fff]")
WORD = re.compile(r"(?<![\w@])[A-Za-z]{2,}(?!\w)")
LETTERS = str.maketrans("0123456789", "abcdefghij")
OPENING = {".json": '{"data":['}
CLOSING = {".json": "]}"}
RIGHTS = "MIT, simulated"
COLUMNS = ("study", "file", "format", "platform", "encoding", "snapshot", "sha256", "rights")


def write_grown(folder: Path, copies: int, *, objects: str, study: str) -> tuple[str, int]:
    """Write the raw files of a collection that holds so many copies of the bundled one.

    Parameters
    ----------
    folder : pathlib.Path
        Where the files go; made if it is not there.
    copies : int
        How many, of about ten thousand posts each.
    objects : {'own', 'common'}
        Whether each copy has texts, links, tags and names of its own.
    study : str
        Study of the rows.

    Returns
    -------
    table : str
        What stands in config/collections.tsv.
    posts : int
        Distinct posts in the files.
    """
    world = simulate(seed=SEED, scale=SCALE)
    seeds = draw_seeds(world, np.random.default_rng(SEED), role="network", share=0.15)
    rows: dict[str, str] = {}
    chosen = []
    copied = partial(_copied, world, _vocabulary(world), objects)
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        for number, raws in enumerate(pool.map(copied, range(copies))):
            chosen.append(seeds.assign(native_id=seeds["native_id"].map(_numbering(number))))
            for raw in raws:
                file = raw.file.removesuffix(".xz")
                _append(folder / file, raw.text, raw.encoding, first=file not in rows)
                known = (raw.format, raw.platform, raw.encoding, raw.snapshot, "", RIGHTS)
                rows[file] = "\t".join([study, file, *known])
    for file in rows:
        if closing := CLOSING.get(Path(file).suffix):
            with (folder / file).open("a", encoding="utf-8") as stream:
                stream.write(closing)
    pd.concat(chosen).to_csv(folder / "seeds.csv", index=False, lineterminator="\n")
    return "\n".join(["\t".join(COLUMNS), *rows.values(), ""]), len(world.posts) * copies


def _copied(
    world: World, vocabulary: tuple[list[str], list[str]], objects: str, number: int
) -> list[RawFile]:
    """The raw files of one copy."""
    copied = _renumbered(world, number)
    if objects == "own" and number:
        copied = _exchanged(copied, number, vocabulary)
    files = raw_files(
        copied.accounts,
        copied.posts,
        rng=np.random.default_rng([SEED, number]),
        snapshots=SNAPSHOTS,
        content_days=CONTENT_DAYS,
        dirt=0,
    )
    return list(files)


def _append(path: Path, text: str, encoding: str, *, first: bool) -> None:
    """Add one copy's part of a raw file: a table without its header, the entries of a list."""
    opening = OPENING.get(path.suffix, "")
    text = text.removeprefix(opening).removesuffix(CLOSING.get(path.suffix, ""))
    if path.suffix == ".csv" and not first:
        text = text.split("\n", 1)[1]
    if opening:
        text = (opening if first else ",") + text
    path.parent.mkdir(parents=True, exist_ok=True)
    mark = "\ufeff" if first and encoding == "utf-16" else ""
    with path.open("wb" if first else "ab") as stream:
        stream.write((mark + text).encode(CODECS.get(encoding, encoding)))


def _numbering(number: int) -> Callable[[str], str]:
    """Ids as one copy has them: decimal ones a little larger, others with two letters changed."""

    def numbered(native_id: str) -> str:
        if native_id.startswith("https://"):
            start, owner, end = re.fullmatch(r"(.*/)(\d+)(/posts/\d+)", native_id).groups()
            return f"{start}{int(owner) + number}{end}"
        if native_id.isdecimal():
            return str(int(native_id) + number)
        if not native_id:
            return ""
        places = [int(np.flatnonzero(native_id[at] == BASE64)[0]) for at in (4, 5)]
        moved = (places[0] * len(BASE64) + places[1] + number) % len(BASE64) ** 2
        pair = BASE64[moved // len(BASE64)] + BASE64[moved % len(BASE64)]
        return native_id[:4] + pair + native_id[6:]

    return numbered


def _renumbered(world: World, number: int) -> World:
    numbered = _numbering(number)
    accounts = world.accounts.assign(native_id=world.accounts["native_id"].map(numbered))
    columns = ["native_id", "account", "repost_of", "reply_to", "video"]
    return World(accounts, world.posts.assign(**{c: world.posts[c].map(numbered) for c in columns}))


def _vocabulary(world: World) -> tuple[list[str], list[str]]:
    """The characters and the words that copies exchange."""
    said = [*world.posts["text"], *world.accounts["display_name"], *world.accounts["description"]]
    words = sorted({word.lower() for text in said for word in WORD.findall(text)})
    return _letters_of(said), words


@dataclass(frozen=True)
class _Tongue:
    """Which character and which word stand for which in one copy."""

    letters: dict[int, str]
    words: dict[str, str]

    def say(self, text: str) -> str:
        return WORD.sub(self._word, text).translate(self.letters)

    def _word(self, found: re.Match) -> str:
        other = self.words.get(found[0].lower(), found[0])
        return other.capitalize() if found[0][0].isupper() else other


def _letters_of(said: list[str]) -> list[str]:
    """Characters that are the same in both scripts, so that an exchange of them keeps copies."""
    every = sorted({letter for text in said for letter in HAN.findall(text)})
    lines = "\n".join(every)
    both = (OpenCC(way).convert(lines).split("\n") for way in ("s2t", "t2s", "s2hk", "s2tw"))
    return [letter for letter, *others in zip(every, *both, strict=True) if {letter} == {*others}]


def _exchanged(world: World, number: int, vocabulary: tuple[list[str], list[str]]) -> World:
    rng = np.random.default_rng([SEED, number])
    letters, words = vocabulary
    other = rng.permutation(len(letters))
    tongue = _Tongue(
        {ord(letter): letters[at] for letter, at in zip(letters, other, strict=True)},
        dict(zip(words, (words[at] for at in rng.permutation(len(words))), strict=True)),
    )
    accounts, posts, site = world.accounts, world.posts, _lettered(number)
    accounts = accounts.assign(
        **{name: accounts[name].map(tongue.say) for name in ("display_name", "description")},
        handle=accounts["handle"].map(lambda handle: handle and site + handle),
        name_history=[
            [(at, kind, tongue.say(name)) for at, kind, name in events]
            for events in accounts["name_history"]
        ],
    )
    posts = posts.assign(
        **{name: posts[name].map(tongue.say) for name in ("text", "title")},
        urls=[
            [url.replace("://", f"://{_lettered(number)}.") for url in urls]
            for urls in posts["urls"]
        ],
        hashtags=[[tongue.say(tag) for tag in tags] for tags in posts["hashtags"]],
    )
    return World(accounts, posts)


def _lettered(number: int) -> str:
    """A number in letters."""
    return "q" + f"{number:04}".translate(LETTERS)
