"""Web addresses, their hosts, and the websites that a collection lists."""

import datetime as dt

import duckdb
import pyarrow as pa
import pytest

from hydrascope.contracts import ACCOUNTS, POSTS
from hydrascope.ingest.domains import host_sql
from hydrascope.ingest.websites import website_links


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://news.example/a?b=http://other.example", "news.example"),
        ("HTTP://WWW.News.Example:8080/", "news.example"),
        ("news.example", "news.example"),
        ("//news.example/x", "news.example"),
        ("https://user:pass@news.example/", "news.example"),
        ("https://news.example@evil.example/", "evil.example"),
        ("https://sub.news.example.", "sub.news.example"),
        ("https://例子.测试/路", "例子.测试"),
        (" https://news.example ", "news.example"),
        ("https://localhost/x", ""),
        ("javascript:alert(1)", ""),
        ("mailto:a", ""),
        ("a b.example", ""),
        ("", ""),
    ],
)
def test_the_host_of_an_address(address, host):
    found = duckdb.execute(f"SELECT {host_sql('$1::VARCHAR')}", [address]).fetchone()[0]
    assert found == host


def table(schema, rows):
    return pa.Table.from_pylist([dict.fromkeys(schema.names) | row for row in rows], schema)


def test_links_are_matched_to_sites_and_their_subdomains():
    base = duckdb.connect()
    sites = [
        {"account_id": f"a_{name}", "platform": "web", "unit": "website", "native_id": name}
        for name in ("news.example", "blog.news.example", "unused.example")
    ]
    times = [dt.datetime(2021, 1, day, tzinfo=dt.UTC) for day in (1, 2, 3)]
    links = [
        (["https://news.example/1", "https://www.news.example/2"], "a", "x"),
        (["https://blog.news.example/3"], "b", "x"),
        (["https://notnews.example/", "https://t.co/abc"], "c", "x"),
    ]
    posts = [
        {"post_id": str(n), "account_id": a, "platform": p, "urls": u, "posted_at": times[n]}
        for n, (u, a, p) in enumerate(links)
    ]
    found = website_links(
        base,
        base.from_arrow(table(ACCOUNTS, sites)),
        base.from_arrow(table(POSTS, posts)),
    )
    # One post counts once for a site, however many of its pages it links to.
    assert found[["domain", "posts", "accounts"]].to_numpy().tolist() == [
        ["blog.news.example", 1, 1],
        ["news.example", 2, 2],
    ]
    assert [f"{day:%F}" for day in found["first_posted"]] == ["2021-01-02", "2021-01-01"]
    assert [f"{day:%F}" for day in found["last_posted"]] == ["2021-01-02", "2021-01-02"]
