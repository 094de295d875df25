"""One platform, one name."""

import pytest

from hydrascope.ingest.platforms import platform_name


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        *((name, "x") for name in ("x", "X", " x ", "Ｘ", "\u200bx", "x\n", "x\u00a0", "\ufeffX")),
        ("Face  Book", "face book"),
        ("微博", "微博"),
        ("", ""),
        (" ", ""),
    ],
)
def test_names_that_look_alike_are_one(name, folded):
    assert platform_name(name) == folded
    assert platform_name(folded) == folded
