"""Every package of the lock comes under a licence that lets anybody use and pass it on."""

import csv

import pytest
from packaging.utils import canonicalize_name


@pytest.fixture(scope="module")
def licences(load_script):
    return load_script("licences")


@pytest.fixture(scope="module")
def listed(checkout):
    with (checkout / "LICENCES.tsv").open(encoding="utf-8", newline="") as stream:
        return {row["package"]: row for row in csv.DictReader(stream, delimiter="\t")}


def test_every_licence_that_is_listed_is_permitted(licences, listed):
    assert len(listed) > 150
    bad = {name: row["licence"] for name, row in listed.items() if licences.refused(row["licence"])}
    assert bad == {}


def test_the_list_is_that_of_what_is_installed(licences, lock_text, listed):
    found = {
        canonicalize_name(one.name): (one.version, licences.licence_of(one))
        for one in licences.installed(lock_text)
    }
    stated = {canonicalize_name(name): row for name, row in listed.items()}
    assert {
        name: told
        for name, told in found.items()
        if name not in stated or told != (stated[name]["version"], stated[name]["licence"])
    } == {}


@pytest.mark.parametrize(
    ("licence", "bad"),
    [
        ("MIT", []),
        ("MIT AND (BSD-3-Clause OR GPL-3.0)", []),
        ("Apache-2.0 WITH LLVM-exception", []),
        ("GPL-3.0 OR MIT", []),
        ("MIT AND GPL-3.0", ["GPL-3.0"]),
        ("Other/Proprietary License", ["Other/Proprietary License"]),
        ("", ["none that can be told"]),
    ],
)
def test_what_is_refused(licences, licence, bad):
    assert licences.refused(licence) == bad
