"""Small raw exports to begin from, and ways to spoil them."""

import bz2
import csv
import gzip
import io
import json
import lzma
import random
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from hydrascope.ingest.formats import FORMATS
from hydrascope.simulation.exports.files import CODECS
from hydrascope.simulation.exports.write import raw_files
from hydrascope.simulation.habits import CONTENT_DAYS, SNAPSHOTS
from hydrascope.simulation.world import simulate

__all__ = ["MAPS", "Sample", "samples", "spoiled"]

SEED, SCALE = 3, 0.005
RECORDS, LONGEST = 12, 20_000
# Maps of the two layouts that a study may describe itself.
FIELDS = {
    "native_id": "id",
    "account_id": "author",
    "text": "text",
    "urls": {"column": "links", "separator": " "},
    "posted_at": "time",
}
# A map that says all that can be said of each layout.
ODD = {
    "native_id": "id",
    "account_id": {"column": ["by.core.id", "by.id"]},
    "text": "text",
    "urls": "links[].url",
    "repost_of": "refs[type=retweeted].id",
    "language": "lang",
    "platform": "on",
    "posted_at": {"column": "at", "format": ["iso", "%m-%d", "ago"], "zone": "America/New_York"},
}
SERVICE = [{"column": "type", "is": ["service"], "reason": "a service message"}]
NUMBERED = {
    "native_id": {"column": 1},
    "account_id": {"file": "(r)aw"},
    "text": {"column": 2},
    "posted_at": {"column": 3, "format": ["%d/%m/%y %H:%M", "epoch"], "zone": "Europe/Berlin"},
}
MAPS = {
    "own": {"records": "posts", "fields": FIELDS},
    "odd": {
        **{"records": "posts", "container": "pages[].items", "fields": ODD},
        "skip_rows": SERVICE,
    },
    "numbered": {
        **{"records": "posts", "fields": NUMBERED, "header": False, "skip": 1, "escape": "\\"},
    },
}
PARTS = ["a ", {"type": "link", "text": "https://a.example"}, {"text": "b", "href": "https://b.c"}]
ODD_RECORDS = [
    {"id": "1", "by": {"id": "7"}, "text": PARTS, "lang": "English", "on": "X ", "at": "01-22"},
    {"id": "2", "by": {"core": {"id": "8"}}, "links": [{"url": "https://a.b"}], "at": "5分钟前"},
    {"id": "3", "by": {"id": "7"}, "refs": [{"type": "retweeted", "id": "1"}], "type": "service"},
    {"id": "4", "by": {"id": "7"}, "text": "x", "at": "2021-03-14 02:30", "on": "x"},
]
NUMBERED_LINES = 'notes\n1,"a \\"b\\"",05/06/21 10:00\n2,c,1614556800\n'
OWN = [
    {"id": f"{row}", "author": f"a{row % 3}", "text": f"text {row}", "links": "https://a.example"}
    | {"time": f"2021-03-{row + 1:02}T10:00:00Z"}
    for row in range(RECORDS)
]
# What readers have stumbled over, or could: quotes, line ends, marks, numbers, markup, formulas.
TOKENS = [
    *(b'"', b'""', b",", b";", b"\t", b"\n", b"\r", b"\r\n", b"\0", b"\xff\xfe", b"\xef\xbb\xbf"),
    *(b"\\", b"\\u0000", b"\\ud800", b"{", b"}", b"[", b"]", b"[" * 2_000, b":", b"null", b"true"),
    *(b"1e999", b"-0", b"1.01421E+18", b"9" * 400, b"NaN", b"0001-01-01T00:00:00Z", b"99999-12-31"),
    *(
        b"<script>alert(1)</script>",
        b"&amp;",
        b"<br>",
        b'<a href="',
        b"<p>",
        b"=cmd|'/c calc'!A0",
        b"@SUM(1)",
        b"+1",
        b"-1+1",
    ),
    *("\u202e\u2066".encode(), "\u2028".encode(), b"\xf0\x9f\x98", b"\xed\xa0\x80", b"../../etc"),
    *(b"csalmos\nposix\nsystem\n", b"\x80\x04\x95", b"'; DROP TABLE batch; --", b"$snapshot"),
]
VALUES = [
    *(token.decode("utf-8", errors="replace") for token in TOKENS if len(token) < 500),
    *(None, True, 0, -1, 1e300, 10**30, "", " ", [], {}, [[]], {"id": {}}, "x" * 5_000, "1.0"),
    *("2021-02-30", "2021-03-01T25:00:00Z", "1614556800", "Wed Oct 10 20:19:24 +0000 2018"),
]
RETWEET = {"type": "retweeted", "id": "51"}
ORIGINAL = {
    **{"id": "51", "author_id": "71", "text": "a whole text", "attachments": {"media_keys": ["3"]}},
    "entities": {"urls": [{"expanded_url": "https://a.example/1"}], "hashtags": [{"tag": "a"}]},
    "note_tweet": {"text": "a longer one", "entities": {"mentions": [{"username": "b"}]}},
}
V2 = {"id": "9", "author_id": "7", "text": "RT @b: a…", "created_at": "2021-03-01T10:00:00.000Z"}
V1 = {
    **{"id_str": "9", "created_at": "Mon Mar 01 10:00:00 +0000 2021", "text": "RT @b: a…"},
    "user": {"id_str": "7", "screen_name": "a"},
    "retweeted_status": {
        **{"id_str": "51", "full_text": "a whole text", "user": {"screen_name": "b"}},
        "entities": {"urls": [{"expanded_url": "https://a.example/1"}]},
        "extended_tweet": {"full_text": "a longer one", "entities": {"hashtags": []}},
        "quoted_status_permalink": {"expanded": "https://a.example/2"},
    },
}
CROWDTANGLE = {
    **{"platformId": "100200300400501_11", "platform": "x", "date": "2016-02-09 15:00:00"},
    "expandedLinks": [{"original": "https://a.example/1", "expanded": "https://a.example/2"}],
    **{"postUrl": "https://www.facebook.com/1/posts/11", "message": "a<br>text"},
    "statistics": {"actual": {"likeCount": 1}},
    "account": {"platformId": "100200300400501", "accountType": "facebook_page"},
}
# Layouts of a format that what it declares does not tell: its name and a file.
LAYOUTS = [
    ("crowdtangle_json", {"status": 200, "result": {"posts": [CROWDTANGLE]}}),
    ("x_api_v1", V1),
    ("x_api_v2", V2 | {"referenced_tweets": [ORIGINAL | RETWEET]}),
    (
        "x_api_v2",
        {"data": [V2 | {"referenced_tweets": [RETWEET]}], "includes": {"tweets": [ORIGINAL]}},
    ),
]
PACKERS = (
    *("gzip", "xz", "bzip2", "zstd", "zip", "zip outside", "zip of macOS", "two in a zip"),
    *("bomb", "cut pack", "twice"),
)
BOMB = 1 << 22


class Sample(NamedTuple):
    """One raw file: its format, platform and encoding, and its bytes."""

    form: str
    platform: str
    encoding: str
    data: bytes


def samples(realdata: Path | None = None) -> list[Sample]:
    """Small exports of every format, real ones too where they are there.

    Parameters
    ----------
    realdata : pathlib.Path, optional
        Folder of the real collections.
    """
    found = [*_simulated(), *_declared(), *(_real(realdata) if realdata else ())]
    found += [Sample(form, "x", "utf-8", json.dumps(one).encode()) for form, one in LAYOUTS]
    own = io.StringIO()
    writer = csv.DictWriter(own, OWN[0])
    writer.writeheader()
    writer.writerows(OWN)
    found.append(Sample("csv:own", "forum", "utf-8", own.getvalue().encode()))
    found.append(Sample("json:own", "forum", "utf-8", json.dumps(OWN).encode()))
    pages = {"pages": [{"items": ODD_RECORDS}, {"items": None}]}
    found.append(Sample("json:odd", "forum", "utf-8", json.dumps(pages).encode()))
    found.append(Sample("csv:numbered", "forum", "utf-8", NUMBERED_LINES.encode()))
    return sorted(set(found))


def _simulated() -> Iterator[Sample]:
    world = simulate(seed=SEED, scale=SCALE)
    files = raw_files(
        world.accounts,
        world.posts,
        rng=np.random.default_rng(SEED),
        snapshots=SNAPSHOTS[-1:],
        content_days=CONTENT_DAYS[-1:],
        dirt=0.2,
    )
    for raw in files:
        text = "".join(islice(io.StringIO(raw.text), RECORDS))[:LONGEST]
        data = ("\ufeff" * raw.mark + text).encode(CODECS.get(raw.encoding, raw.encoding))
        yield Sample(raw.format, raw.platform, raw.encoding, data)


def _declared() -> Iterator[Sample]:
    """A record of each kind that a format declares, with a value in each column."""
    for name, form in FORMATS.items():
        for records in form.records.values():
            columns = (*records.required, *records.optional)
            row = {column: f"{number}" for number, column in enumerate(columns)}
            if form.delimiter:
                data = form.delimiter.join(row) + "\n" + form.delimiter.join(row.values()) + "\n"
            else:
                data = json.dumps({form.container or "data": [_nested(row), _nested(row)]})
            yield Sample(name, "x", "utf-8", data.encode())


def _nested(row: dict[str, str]) -> dict:
    whole: dict = {}
    for path, value in row.items():
        *steps, last = path.split(".")
        inner = whole
        for step in steps:
            inner = inner.setdefault(step, {})
            if not isinstance(inner, dict):
                break
        else:
            inner.setdefault(last, value)
    return whole


def _real(folder: Path) -> Iterator[Sample]:
    archive = folder / "x-thailand-2020"
    with (archive / "thailand_092020_users_csv_hashed.csv").open("rb") as stream:
        yield Sample("x_archive_users", "x", "utf-8", b"".join(islice(stream, RECORDS)))
    with (
        zipfile.ZipFile(archive / "thailand_092020_tweets_csv_hashed.zip") as packed,
        packed.open(packed.namelist()[0]) as stream,
    ):
        yield Sample("x_archive_tweets", "x", "utf-8", b"".join(islice(stream, RECORDS)))
    for path in sorted((folder / "youtube-api").rglob("*.json")):
        if path.stat().st_size <= LONGEST:
            yield Sample("youtube_api", "youtube", "utf-8", path.read_bytes())


def spoiled(sample: Sample, chance: random.Random) -> Sample:
    """Spoil values of a sample's records or its bytes, and now and then pack what came of it."""
    data = sample.data
    if chance.random() < 0.7:
        data = _spoiled_values(data, sample.encoding, chance)
    if chance.random() < 0.5:
        for _ in range(chance.randint(1, 4)):
            data = _spoiled_once(data, chance)
    return sample._replace(data=_packed(data, chance) if chance.random() < 0.1 else data)


def _spoiled_values(data: bytes, encoding: str, chance: random.Random) -> bytes:
    """The same file, well formed still, with other values at some places."""
    codec = CODECS.get(encoding, encoding)
    text = data.decode(codec, errors="replace")
    for change in (_other_value, _other_cell):
        # What is neither JSON nor CSV any more has no values.
        with suppress(ValueError, RecursionError, csv.Error):
            return change(text, chance).encode(codec, errors="replace")
    return data


def _other_value(text: str, chance: random.Random) -> str:
    value = json.loads(text)
    holders = [one for one in _walk(value) if one]
    for holder in chance.choices(holders, k=3) if holders else ():
        keys = sorted(holder) if isinstance(holder, dict) else range(len(holder))
        holder[chance.choice(keys)] = chance.choice(VALUES)
    return json.dumps(value)


def _other_cell(text: str, chance: random.Random) -> str:
    rows = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    for row in chance.choices(rows[1:] or rows, k=3) if rows else ():
        row[chance.randrange(len(row))] = str(chance.choice(VALUES))
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue()


def _walk(value: object) -> Iterator[dict | list]:
    if isinstance(value, dict | list):
        yield value
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _walk(inner)


def _spoiled_once(data: bytes, chance: random.Random) -> bytes:
    start, end = sorted(chance.choices(range(len(data) + 1), k=2))
    end = min(end, start + 400)
    piece = data[start:end]
    change = chance.randrange(7)
    if change == 0:
        return data[:start] + data[end:]
    if change == 1:
        return data[:end] + piece * chance.randint(1, 3) + data[end:]
    if change == 2:
        return data[:start] + chance.choice(TOKENS) + data[end:]
    if change == 3:
        return data[:start] + chance.choice(TOKENS) + data[start:]
    if change == 4 and data:
        at = chance.randrange(len(data))
        return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]
    if change == 5:
        lines = data.splitlines(keepends=True)
        chance.shuffle(lines)
        return b"".join(lines)
    return data[:start]


def _packed(data: bytes, chance: random.Random) -> bytes:
    how = chance.choice(PACKERS)
    if how == "bomb":
        return gzip.compress(data + bytes(BOMB), mtime=0)
    if how == "xz":
        return lzma.compress(data)
    if how == "bzip2":
        return bz2.compress(data)
    if how == "zstd":
        return pa.compress(data, codec="zstd", asbytes=True)
    if "zip" in how.split():
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("../../outside.csv" if "outside" in how else "a.csv", data)
            if "macOS" in how:
                archive.writestr("__MACOSX/._a.csv", b"x")
            if "two" in how:
                archive.writestr("b.csv", data)
        return stream.getvalue()
    whole = gzip.compress(data, mtime=0)
    if how == "cut pack":
        return whole[: chance.randrange(len(whole))]
    return gzip.compress(whole, mtime=0) if how == "twice" else whole
