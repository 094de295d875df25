"""HTML in texts: told from plain text by its tags and entities, and shown as a reader sees it.

Whether a text is HTML is decided for each text: by a tag with attributes, by
one that nobody writes in passing (`<br>`, `<span>`), or by a pair of tags. A
mere `<`, as in `a < b`, `<3`, `x<y>z`, is none. All of it takes time in
proportion to the text, whatever stands there.
"""

import html
import re
from collections.abc import Iterator
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["decoded", "plain_texts", "without_tags"]

# No character has such a number, and Python's decoder fails on one of thousands of digits.
NO_CHARACTER = re.compile(r"&#[0-9]{8,};?")

# Tags by what they mean: those that begin and end a line of their own, those that people write
# in no other sense, those of which nothing is shown, and the rest.
TAGS = {
    "block": "p|div|ul|ol|li|h1|h2|h3|h4|h5|h6|blockquote|pre|table|tr|td|th|hr",
    "sure": "br|hr|wbr|img|span|div|strong|em|ul|ol|li|td|tr|h1|h2|h3|h4|h5|h6|blockquote",
    "hidden": "script|style",
    "other": "a|abbr|address|article|aside|audio|b|big|body|button|caption|center|cite|code|dd|del|"
    "details|dfn|dl|dt|embed|figcaption|figure|font|footer|form|head|header|html|i|iframe|input|"
    "ins|kbd|label|link|main|mark|meta|nav|noscript|object|option|picture|q|s|samp|section|select|"
    "small|source|strike|sub|summary|sup|svg|tbody|textarea|tfoot|thead|time|title|tt|u|var|video",
}
BLOCKS, SURE, HIDDEN, OTHERS = (frozenset(names.split("|")) for names in TAGS.values())
KNOWN = BLOCKS | SURE | HIDDEN | OTHERS
# A comment, a declaration, or a tag: its quoted values may hold a >, but nothing of it holds
# another <, from which it would be read again and again.
TAG = re.compile(
    r"<(?:!--(?:[^-]++|-(?!->))*+(?P<ended>-->)?"
    r"|[!?][a-zA-Z\[][^<>]*+>"
    r"|(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]{0,30})(?=[\s/>])"
    r"(?P<rest>(?>[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+(?=>)|[^<>]*+)>)"
)
VALUE = re.compile(r"([a-zA-Z:_][\w:.-]{0,60})\s*=\s*(?:\"([^\"]*)|'([^']*)|([^\s\"'>]+))")
# What is left of a tag where a text was cut.
CUT_TAG = re.compile(r"([a-zA-Z][a-zA-Z0-9]{0,15})\s[^<>]*\Z")
ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
# What each text that is worth a look has, for Arrow.
LOOKED_AT = f"<(/?({'|'.join(sorted(KNOWN))})[\\s/>]|!--)|{ENTITY.pattern}"
WEB = re.compile(r"(?:https?:)?//[^\s/]", re.I)
# What a platform makes a link of by itself: a tag, a name, a moment of a video.
TAG_OR_NAME = re.compile(r"[#＃@＠]([^#＃]+)[#＃]?")
MOMENT = re.compile(r"(?:\d+:)?\d+:\d\d")


def plain_texts(texts: pa.Array) -> tuple[pa.Array, dict[int, list[str]]]:
    """Texts without their markup, and what was linked to in it.

    Parameters
    ----------
    texts : pyarrow.Array of string
        Texts as a record has them, HTML or not.

    Returns
    -------
    texts : pyarrow.Array of string
        The same; of HTML, what a reader sees of it: lines break where `<br>`
        or a paragraph does, a picture is its `alt`, entities are characters.
    links : dict of int to list of str
        Of each text that had markup, by its place, the addresses that `<a>`
        leads to, but for those that a platform makes of tags, names and moments.
    """
    marked = pc.fill_null(pc.match_substring_regex(texts, "[<&]"), False)
    places = pc.indices_nonzero(marked)
    fit = pc.match_substring_regex(texts.take(places), LOOKED_AT, ignore_case=True)
    places = places.filter(fit)
    changed, links = {}, {}
    for place, text in zip(places.to_pylist(), texts.take(places).to_pylist(), strict=True):
        plain, found = _plain(text)
        if plain != text:
            changed[place], links[place] = plain, found
    if not changed:
        return texts, links
    mask = pa.array([place in changed for place in range(len(texts))])
    plain = pa.array([changed[place] for place in sorted(changed)], pa.string())
    return pc.replace_with_mask(texts, mask, plain), links


def _plain(text: str) -> tuple[str, list[str]]:
    links = []
    if _is_html(text):
        start = text.rfind("<")
        if start >= 0 and (cut := CUT_TAG.match(text, start + 1)) and cut[1].lower() in KNOWN:
            text = text[:start]
        text, links = without_tags(text)
    return ENTITY.sub(lambda found: _character(found[0]), text), links


def decoded(text: str) -> str:
    """A text with characters in place of HTML's entities."""
    return html.unescape(NO_CHARACTER.sub("\ufffd", text))


def _character(entity: str) -> str:
    """What an entity stands for; itself where HTML knows none of that name."""
    named = entity[1] != "#" and entity[1:] not in html.entities.html5
    return entity if named else html.unescape(entity)


def _is_html(text: str) -> bool:
    opened = set()
    for tag in TAG.finditer(text):
        name = (tag["name"] or "").lower()
        if name in SURE or tag["ended"] or _says(name, tag["rest"]):
            return True
        if tag["close"] and (name in opened or name in ("a", "p")):
            return True
        if name == "p" and not text[: tag.start()].strip():
            return True
        if name in KNOWN and not tag["close"]:
            opened.add(name)
    start = text.rfind("<")
    cut = CUT_TAG.match(text, start + 1) if start >= 0 else None
    return bool(cut and _says(cut[1].lower(), cut[0][len(cut[1]) :]))


def _says(name: str, rest: str | None) -> bool:
    """Whether a known tag has an attribute with a value, as no word between two signs has."""
    if name not in KNOWN or not rest:
        return False
    found = VALUE.search(rest)
    return bool(found and (found[4] is None or not rest[: found.start()].strip()))


def without_tags(text: str) -> tuple[str, list[str]]:
    """An HTML text without its tags, its entities left as they are, and what it links to."""
    out: list[str] = []
    links: list[str] = []
    at, hidden, address, words = 0, "", "", 0
    for tag in TAG.finditer(text):
        name = (tag["name"] or "").lower()
        if name and name not in KNOWN and "-" not in name:
            continue
        if not hidden:
            out.append(text[at : tag.start()])
        at = tag.end()
        if hidden:
            hidden = "" if tag["close"] and name == hidden else hidden
        elif name in HIDDEN:
            hidden = "" if tag["close"] else name
        elif name in BLOCKS:
            _end_line(out)
        elif name == "br":
            out.append("\n")
        elif name == "img":
            out.append(_values(tag["rest"]).get("alt", ""))
        elif name == "a":
            links += _led_to(address, out, words)
            address = "" if tag["close"] else tag["rest"]
            words = len(out)
    if not hidden:
        out.append(text[at:])
    links += _led_to(address, out, words)
    return ("".join(out).strip("\n") if at else text), list(dict.fromkeys(links))


def _end_line(out: list[str]) -> None:
    while out and not out[-1].strip(" \t"):
        out.pop()
    if out and not out[-1].endswith("\n"):
        out.append("\n")


def _values(rest: str) -> dict[str, str]:
    """The attributes of a tag that have a value, the first of each name."""
    found: dict[str, str] = {}
    for name, *values in VALUE.findall(rest):
        found.setdefault(name.lower(), "".join(values))
    return found


def _led_to(rest: str, out: list[str], words: int) -> Iterator[str]:
    """The addresses of an `<a>` whose words stand in `out` from a place on."""
    shown = "".join(out[words:]).strip()
    named = TAG_OR_NAME.fullmatch(shown)
    own = named[1].strip().casefold() if named else "t=" if MOMENT.fullmatch(shown) else ""
    values = _values(rest)
    if own and own in unquote(values.get("href", "")).casefold():
        return
    # Some platforms lead through a page of theirs, and keep the address beside it.
    for name in ("href", "data-url"):
        link = decoded(values.get(name, "")).strip()
        if WEB.match(link):
            yield link if link[0] != "/" else f"https:{link}"
