"""Simulated texts: messages without a language, said in three.

A message is a choice of words by their place in the lists; said in another
language it is a translation. Nothing is asserted by anybody: the texts are
stand-ins with the vocabulary of their subject.
"""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from opencc import OpenCC

from hydrascope.yaml_file import load_yaml

__all__ = [
    "Message",
    "draw_message",
    "hashtags",
    "headline",
    "profile_line",
    "reworded",
    "say",
    "with_suffix",
]

LISTS = Path(__file__).with_name("words.yaml")
# Lists that a message picks from, in the order of its picks.
PARTS = ("things", "places", "doings", "details", "things", "doings")
PATTERNS = {
    "zh": (
        "{4}{5}，{3}{1}的{0}{2}。",
        "{3}，{1}的{0}{2}，{4}也{5}。",
        "在{1}，{0}{2}；{3}，{4}{5}。",
        "{0}{2}，{3}。{1}那边{4}{5}。",
        "{1}来的消息：{0}{2}，{4}{5}，{3}。",
        "问起{0}，{1}的人说{3}{2}，{4}{5}。",
        "{3}看到{1}的{4}{5}，{0}{2}。",
    ),
    "en": (
        "{4} {5}, and {3} the {0} of {1} {2}.",
        "{3}, {0} in {1} {2}, while {4} {5}.",
        "In {1}, {0} {2}; {3}, {4} {5}.",
        "{0} {2}, {3}. Over at {1}, {4} {5}.",
        "Word from {1}: {0} {2}, {4} {5}, {3}.",
        "Asked about {0}, people at {1} mention how {4} {5} and, {3}, {2}.",
        "{3} we saw {4} {5} at {1}, where {0} {2}.",
    ),
}
STANCED = {"zh": "{text}{frame}。", "en": "{text} {frame}."}
LINES = {
    "zh": ("喜欢{0}和{4}", "{1}，{0}，{4}", "记录{1}的{0}", "{0}爱好者，住在{1}附近", "说说{0}"),
    "en": ("{0} and {4}", "{1}, {0}, {4}", "notes on {0} from {1}", "here for {0}", "{4} at {1}"),
}
ENDINGS = "abcdefghijkmnpqrstuvwxyz23456789"
EMOJI = "🌸🌞🍀🌊⭐🎈🍉🌿"


@dataclass(frozen=True)
class Message:
    """What is said, whatever the language.

    Attributes
    ----------
    subject : str
        A subject of words.yaml.
    stance : str
        `for`, `against`, or `plain`, which adds nothing.
    picks : tuple of int
        Place in each list of `PARTS`, then of the pattern and of the stance's phrase.
    """

    subject: str
    stance: str
    picks: tuple[int, ...]


@cache
def _words() -> dict[str, dict[str, list[tuple[str, str]]]]:
    """Pairs of Chinese and English by subject and list."""
    lists = load_yaml(LISTS)
    return {
        subject: {name: list(words.items()) for name, words in parts.items()}
        for subject, parts in lists.items()
    }


@cache
def _sizes(subject: str, stance: str) -> tuple[int, ...]:
    lists = _words()[subject]
    phrases = len(lists[stance]) if stance in lists else 1
    return (*(len(lists[part]) for part in PARTS), len(PATTERNS["zh"]), phrases)


def draw_message(rng: np.random.Generator, subject: str, stance: str) -> Message:
    """Draw something to say.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    subject : str
        A subject of words.yaml.
    stance : str
        `for`, `against` or `plain`; subjects of every day know only the last.
    """
    subject, stance = str(subject), str(stance)
    sizes = _sizes(subject, stance)
    picks = (rng.random(len(sizes)) * sizes).astype(int)
    return Message(subject, stance, tuple(picks.tolist()))


def reworded(rng: np.random.Generator, message: Message) -> Message:
    """The same message with one or two of its words replaced."""
    other = draw_message(rng, message.subject, message.stance).picks
    changed = set(rng.choice(len(PARTS), rng.integers(1, 3), replace=False).tolist())
    picks = tuple(other[at] if at in changed else pick for at, pick in enumerate(message.picks))
    return replace(message, picks=picks)


def say(message: Message, language: str) -> str:
    """Say a message in `zh-Hans`, `zh-Hant` or `en`."""
    side = "en" if language == "en" else "zh"
    words = _worded(message, side)
    text = PATTERNS[side][message.picks[-2]].format(*words)
    lists = _words()[message.subject]
    if message.stance in lists:
        frame = lists[message.stance][message.picks[-1]][side == "en"]
        text = STANCED[side].format(text=text, frame=_opened(frame, side))
    return _script(_opened(text, side), language)


def headline(message: Message, language: str) -> str:
    """A short form, as a title or a headline of the news."""
    side = "en" if language == "en" else "zh"
    thing, place, doing, *_ = _worded(message, side)
    short = f"{thing} {doing} | {place}" if side == "en" else f"{place}：{thing}{doing}"
    return _script(_opened(short, side), language)


def with_suffix(rng: np.random.Generator, text: str, language: str) -> str:
    """A copy with something random at its end, as if it were another text."""
    if rng.random() < 0.31:
        return text + EMOJI[int(rng.integers(len(EMOJI)))] * int(rng.integers(1, 3))
    letters = "".join(ENDINGS[at] for at in rng.integers(len(ENDINGS), size=4))
    return f"{text} {letters}" if language == "en" else f"{text}{letters}"


def hashtags(message: Message, language: str) -> list[str]:
    """One or two tags: the place, and with it for every other message the thing."""
    side = "en" if language == "en" else "zh"
    thing, place, *_ = _worded(message, side)
    tags = [place, thing] if message.picks[0] % 2 else [place]
    return [_script(tag.title().replace(" ", ""), language) for tag in tags]


def profile_line(rng: np.random.Generator, subject: str, language: str) -> str:
    """A description as accounts have it, on a subject."""
    side = "en" if language == "en" else "zh"
    words = _worded(draw_message(rng, subject, "plain"), side)
    pattern = LINES[side][int(rng.integers(len(LINES[side])))]
    return _script(pattern.format(*words), language)


def _worded(message: Message, side: str) -> list[str]:
    lists = _words()[message.subject]
    return [
        lists[part][pick][side == "en"] for part, pick in zip(PARTS, message.picks, strict=False)
    ]


def _opened(text: str, side: str) -> str:
    return text[:1].upper() + text[1:] if side == "en" else text


def _script(text: str, language: str) -> str:
    return _traditional(text) if language == "zh-Hant" else text


@cache
def _traditional(text: str) -> str:
    return _converter().convert(text)


@cache
def _converter() -> OpenCC:
    return OpenCC("s2tw")
