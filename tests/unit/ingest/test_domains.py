"""Hosts of web addresses: by hand, and against the standard library."""

from urllib.parse import urlsplit

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hydrascope.ingest.domains import host_sql

DATABASE = duckdb.connect(config={"threads": 1})


def host(address):
    sql = f"SELECT {host_sql('$address::VARCHAR')}"
    return DATABASE.execute(sql, {"address": address}).fetchone()[0]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://flower.invalid", "flower.invalid"),
        ("http://flower.invalid/", "flower.invalid"),
        ("https://Flower.INVALID/Path.html?q=a.b#c.d", "flower.invalid"),
        ("https://www.flower.invalid/", "flower.invalid"),
        ("WWW.flower.invalid", "flower.invalid"),
        ("flower.invalid", "flower.invalid"),
        ("flower.invalid/path", "flower.invalid"),
        ("flower.invalid:8080/path", "flower.invalid"),
        ("//flower.invalid/path", "flower.invalid"),
        ("ftp://flower.invalid/", "flower.invalid"),
        ("  https://flower.invalid  ", "flower.invalid"),
        ("https://flower.invalid.", "flower.invalid"),
        ("https://flower.invalid?q=1", "flower.invalid"),
        ("https://flower.invalid#x", "flower.invalid"),
        # a subdomain is a host of its own
        ("https://m.news.flower.invalid/", "m.news.flower.invalid"),
        # only as a whole first part
        ("https://www2.flower.invalid/", "www2.flower.invalid"),
        ("https://wwwflower.invalid/", "wwwflower.invalid"),
        ("https://www.invalid/", "www.invalid"),
        ("https://my_flower-1.invalid/", "my_flower-1.invalid"),
        # the user and the port do not belong to it, and an address may pretend
        ("https://fake:word@flower.invalid:443/", "flower.invalid"),
        ("https://known.invalid@flower.invalid/", "flower.invalid"),
        ("https://known.invalid:443@flower.invalid/", "flower.invalid"),
        ("https://flower.invalid/@known.invalid", "flower.invalid"),
        ("https://flower.invalid/?to=https://known.invalid/", "flower.invalid"),
        # other scripts, with and without marks
        ("https://花园.invalid/花", "花园.invalid"),
        ("https://BÜCHER.invalid", "bücher.invalid"),
        ("https://हिन्दी.भारत/", "हिन्दी.भारत"),
        ("https://ที่นี่.ไทย/", "ที่นี่.ไทย"),
        ("https://xn--bcher-kva.invalid/", "xn--bcher-kva.invalid"),
        ("http://192.0.2.7/x", "192.0.2.7"),
        # no host, or none with a dot
        ("", ""),
        ("   ", ""),
        ("flower", ""),
        ("http://localhost/x.html", ""),
        ("https:///flower.invalid", ""),
        ("https://", ""),
        ("https://.invalid", ""),
        ("https://flower..invalid", ""),
        ("a flower.invalid", ""),
        ("https://flower.invalid, b", ""),
        ("https://fl ower.invalid", ""),
        ("/path/to/flower.html", ""),
        # neither mail nor a script is a site
        ("mailto:nobody@flower.invalid", ""),
        ("nobody@flower.invalid", ""),
        ("javascript:alert.me", ""),
        ("tel:1.2", ""),
        ("https://[2001:db8::1]/", ""),
    ],
)
def test_hosts_by_hand(address, expected):
    assert host(address) == expected


def test_a_missing_address_has_a_missing_host():
    assert host(None) is None


NAME = st.text("abcXYZ019-_花é", min_size=1, max_size=8)
HOST = st.lists(NAME, min_size=2, max_size=4).map(".".join)
REST = st.text("abc/?#.@:=&%花 ", max_size=12)


@given(
    st.sampled_from(["http://", "HTTPS://", "ftp://", "//"]),
    st.sampled_from(["", "nobody@", "a:b@", "known.invalid@"]),
    HOST,
    st.sampled_from(["", ":8080"]),
    st.one_of(st.just(""), st.sampled_from("/?#").flatmap(lambda one: REST.map(one.__add__))),
)
def test_hosts_are_those_of_the_standard_library(scheme, user, name, port, rest):
    address = scheme + user + name + port + rest
    expected = urlsplit(address).hostname.lower()
    assert host(address) == expected


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30))
def test_a_host_is_found_once_and_for_all(text):
    found = host(text)
    assert found == "" or "." in found
    assert host(found) == found or found.startswith("www.")
