"""HTML in texts: told from plain text, shown as a reader sees it, in time for its length."""

import csv
import io
import json
import time

import pyarrow as pa
import pytest

from hydrascope.ingest.markup import plain_texts, without_tags

EMOJI = '<span class="url-icon"><img src="//h.invalid/1.png" style="width:1em;" alt="[泪]"></span>'
CARD = (
    '<a data-url="http://t.invalid/A" target="_blank" href="http://w.invalid/go?lfid=107&amp;u=1" '
    'class=""><span class="surl-text">网页链接</span></a>'
)


def plain(text):
    texts, links = plain_texts(pa.array([text]))
    return texts[0].as_py(), links.get(0)


@pytest.mark.parametrize(
    "text",
    [
        *("a < b", "a<b>c", "<3", "x<y>z", "if a<b && c>d: pass", "I <b think", "<>", "<", "</3"),
        *("<title> by <author>", "click <link> here", "the <b> and the <i>", "a <!-- b", "<-", ""),
        *("if a <b and c=d> e", "a & b", "&copy=1&lt", "&nosuch;", "R&D; AT&T", "p <p> q", "&#x;"),
        *(
            "&" * 40,
            "< br >",
            "<brr>",
            "</sarcasm>",
            "<url>",
            "<http://a.invalid/b>",
            "<a@b.invalid>",
        ),
    ],
)
def test_a_text_that_is_no_html_stays_to_the_letter(text):
    assert plain(text) == (text, None)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a<br>b<br/>c<BR />d", "a\nb\nc\nd"),
        ("<p>a</p><p>b</p> <p>c</p>", "a\nb\nc"),
        ("<p>cut off in the mid", "cut off in the mid"),
        ("a<div>b</div>c", "a\nb\nc"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a\nb"),
        ("<b>a</b><i class='x'>b</i>", "ab"),
        ("x <y> <b>z</b>", "x <y> z"),
        (f"水{EMOJI}{EMOJI}", "水[泪][泪]"),
        ("<img src=x alt=smile>!", "smile!"),
        ("<img src='x'>!", "!"),
        ('<img alt="a > b" src="x">!', "a > b!"),
        ('a<a title="it"s" href="x">b</a>', "ab"),
        ("a<script>if (a <b && b> c) alert('x')</script>b", "ab"),
        ("a<SCRIPT src=x>alert(1)", "a"),
        ("a<style>p {}</style> <br>b", "a \nb"),
        ("a<!-- b --><br>c", "a\nc"),
        ("<!DOCTYPE html><p>a</p>", "a"),
        ('a <span class="url-icon"><img src=\'//h', "a "),
        ('a <a href="http://h', "a "),
        ("<p>1 &lt; 2 &amp;&amp; &lt;b&gt;", "1 < 2 && <b>"),
        ("a &amp; b &#39;c&#x27; &hearts; &nosuch;", "a & b 'c' ♥ &nosuch;"),
        ("&amp;lt;", "&lt;"),
        ("&#xD83D;&#0;", "\ufffd\ufffd"),
        ("<tg-spoiler>a</tg-spoiler><br>", "a"),
        (CARD, "网页链接"),
    ],
)
def test_html_is_shown_as_a_reader_sees_it(text, shown):
    assert plain(text)[0] == shown


@pytest.mark.parametrize(
    ("text", "links"),
    [
        (CARD, ["http://w.invalid/go?lfid=107&u=1", "http://t.invalid/A"]),
        (
            "<a href='https://a.invalid'>a</a> <A HREF=//b.invalid/c>b</A>",
            [
                "https://a.invalid",
                "https://b.invalid/c",
            ],
        ),
        (
            '<a href="https://a.invalid">1</a><a href="https://a.invalid">2</a>',
            ["https://a.invalid"],
        ),
        ('<a href="/n/name">@name</a><a href="javascript:alert(1)">x</a><a name="x">y</a>', []),
        # what the platform made of a tag, a name and a moment
        ('<a href="https://m.invalid/tags/flower">#<span>Flower</span></a>', []),
        ('<a href="https://m.invalid/k?k=%23%E8%8A%B1%23"><span>#花#</span></a>', []),
        ('<a href="https://m.invalid/@name">@<span>name</span></a>', []),
        ('<a href="https://m.invalid/watch?v=a&amp;t=61">1:01</a>', []),
        # what somebody wrote like one
        ('<a href="https://shop.invalid/">#flower</a>', ["https://shop.invalid/"]),
        ('<a href="https://a.invalid">unclosed', ["https://a.invalid"]),
    ],
)
def test_what_html_links_to_is_taken(text, links):
    assert plain(text)[1] == links
    assert without_tags(text)[1] == links


def test_texts_that_are_absent_stay_absent():
    texts, links = plain_texts(pa.array([None, "<br>a", None, "b"]))
    assert texts.to_pylist() == [None, "\na".strip(), None, "b"]
    assert links == {1: []}
    assert plain_texts(pa.array([], pa.string()))[0].to_pylist() == []


@pytest.mark.parametrize(
    "text",
    [
        *("<" * 100_000, "<a " * 33_000, '<a "' * 25_000, "<a '\"<a '\"" * 10_000, "<!--" * 25_000),
        *("<script>" * 12_000, "<span>" * 16_000, "<div> " * 16_000, '<a href="' * 11_000),
        *("&" * 100_000, "&amp;" * 20_000, "<a href=x>" * 10_000, "<br>" + " " * 100_000 + "<p>"),
        *("<br " + "a" * 100_000, "<br " + "=" * 100_000 + ">", "<br " + "a " * 50_000 + ">"),
        *("<br " + "a='b' " * 16_000 + ">", "<br>" + "-" * 100_000, "<a href=x " * 10_000),
        *(
            "<b>" * 33_000 + "</b>" * 25_000,
            "<br>&#" + "9" * 100_000,
            "<br a" + " " * 100_000 + ">",
        ),
    ],
    ids=lambda text: text[:10],
)
def test_a_hostile_text_takes_no_longer_than_its_length(text):
    began = time.process_time()
    plain(text)
    without_tags(text)
    # a tenth is usual; what grows with the square takes minutes
    assert time.process_time() - began < 3


def _notes(found):
    return found.ledger.loc[0, "notes"]


NOTE = "a text with HTML in it, kept as the text that it shows"


def test_a_map_of_any_layout_takes_markup_out_of_texts_and_descriptions(read):
    fields = {
        **{"native_id": "id", "account_id": "by", "text": "text", "description": "bio"},
        "urls": {"column": "link"},
    }
    rows = [
        {
            "id": "1",
            "by": "7",
            "text": f"水{EMOJI}<br/>海 {CARD}",
            "bio": "<p>a</p>",
            "link": "http://o.invalid",
        },
        {"id": "2", "by": "8", "text": "a < b, <3", "bio": "b", "link": ""},
    ]
    stream = io.StringIO()
    writer = csv.DictWriter(stream, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    maps = {"own": {"records": "posts", "fields": fields}}
    contents = {"csv:own": stream.getvalue(), "json:own": json.dumps(rows)}
    for kind, content in contents.items():
        found = read(content.encode(), kind, column_maps=maps)
        assert found.posts["text"].to_pylist() == ["水[泪]\n海 网页链接", "a < b, <3"]
        assert found.posts["urls"].to_pylist() == [
            ["http://o.invalid", "http://w.invalid/go?lfid=107&u=1", "http://t.invalid/A"],
            [],
        ]
        assert found.accounts["description"].to_pylist() == ["a", "b"]
        assert _notes(found) == f"1 x {NOTE}"


def test_other_readers_take_markup_out_too(read, tweet, as_csv):
    rows = [
        tweet | {"tweetid": "1001", "tweet_text": "a &amp; b<br>c"},
        tweet | {"tweetid": "1002"},
    ]
    found = read(as_csv(rows, "x_archive_tweets"), "x_archive_tweets")
    assert found.posts["text"].to_pylist() == ["a & b\nc", "text"]
    assert _notes(found) == f"1 x {NOTE}"


def test_a_description_alone_is_noted(read, profile, as_csv):
    found = read(as_csv([profile | {"user_profile_description": "a &amp; <b>b</b>"}]))
    assert found.accounts["description"].to_pylist() == ["a & b"]
    assert _notes(found) == f"1 x {NOTE.replace('text', 'description', 1)}"


def test_an_address_with_a_reference_of_thousands_of_digits_is_read():
    text = f'<a href="https://a.example/&#{"9" * 5_000};">here</a>'
    texts, links = plain_texts(pa.array([text]))
    assert texts.to_pylist() == ["here"]
    assert links == {0: ["https://a.example/\ufffd"]}
