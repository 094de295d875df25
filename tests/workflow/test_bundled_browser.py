"""The report, the notebooks and the figures of the bundled study in a real browser."""

import base64
from urllib.parse import unquote, urlsplit

import pytest

PHONE = {"width": 375, "height": 700, "deviceScaleFactor": 2, "mobile": True}
FIGURES = 13


@pytest.fixture
def report(bundled, tab):
    checkout, _ = bundled
    tab.open(checkout.results / "report.html")
    return tab


@pytest.fixture
def notebooks(bundled):
    checkout, _ = bundled
    return sorted(checkout.results.glob("notebooks/*.html"))


def test_every_figure_of_the_report_is_loaded(report):
    sizes = report.run("[...document.images].map(one => one.complete && one.naturalWidth)")
    assert len(sizes) == FIGURES
    assert all(sizes)


def test_every_link_of_the_report_leads_somewhere(bundled, report):
    checkout, _ = bundled
    links = report.run("[...document.links].map(one => one.getAttribute('href'))")
    assert links
    for link in links:
        parts = urlsplit(link)
        assert parts.scheme == "", link
        assert not parts.path or (checkout.results / unquote(parts.path)).is_file(), link
        if not parts.path:
            assert report.run(f"document.getElementById({parts.fragment!r}) !== null"), link


def test_a_topic_of_the_map_says_its_words_under_the_pointer_and_by_key(report):
    report.call("Emulation.setFocusEmulationEnabled", enabled=True)
    report.run("document.querySelector('.map').scrollIntoView({block: 'center'})")
    circle = "document.querySelector('.map li:last-child')"
    shown = f"getComputedStyle({circle}.querySelector('span')).display"
    frame = report.run(f"{circle}.getBoundingClientRect().toJSON()")
    assert report.run(shown) == "none"
    middle = {"x": frame["x"] + frame["width"] / 2, "y": frame["y"] + frame["height"] / 2}
    report.call("Input.dispatchMouseEvent", type="mouseMoved", **middle)
    assert report.run(shown) == "block"
    report.call("Input.dispatchMouseEvent", type="mouseMoved", x=1, y=1)
    assert report.run(shown) == "none"
    report.run(f"{circle}.focus()")
    assert report.run(shown) == "block"
    assert report.run(f"{circle}.textContent.trim()")


def test_on_a_phone_nothing_but_wide_tables_moves_sideways(report):
    report.call("Emulation.setDeviceMetricsOverride", **PHONE)
    assert report.run("document.documentElement.scrollWidth") <= PHONE["width"]
    wide = (
        "[...document.querySelectorAll('.wide')].filter(one => one.scrollWidth > one.clientWidth)"
    )
    assert report.run(f"{wide}.every(one => one.tabIndex === 0)")
    report.call("Emulation.clearDeviceMetricsOverride")


def test_a_screen_reader_finds_landmarks_headings_in_order_and_named_pictures(report):
    report.call("Accessibility.enable")
    nodes = report.call("Accessibility.getFullAXTree")["nodes"]
    roles = [
        (node.get("role", {}).get("value"), node.get("name", {}).get("value")) for node in nodes
    ]
    assert {"main", "navigation"} <= {role for role, _ in roles}
    assert all(name for role, name in roles if role in ("image", "link", "table", "region"))
    levels = report.run("[...document.querySelectorAll('h1,h2,h3,h4')].map(one => +one.tagName[1])")
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))
    assert report.run("document.documentElement.lang") == "en"


def test_printed_it_has_pages_and_leaves_out_what_only_a_screen_can_do(report):
    report.call("Emulation.setEmulatedMedia", media="print")
    assert report.run("getComputedStyle(document.querySelector('.map')).display") == "none"
    pdf = base64.b64decode(report.call("Page.printToPDF", printBackground=True)["data"])
    assert pdf.startswith(b"%PDF") and pdf.count(b"/Type /Page\n") > 5
    report.call("Emulation.setEmulatedMedia", media="")


def test_each_notebook_shows_its_pictures_and_hides_its_answers(notebooks, tab):
    assert len(notebooks) == 4
    for page in notebooks:
        tab.open(page)
        assert tab.run("[...document.images].every(one => one.complete && one.naturalWidth)")
        answers = "[...document.querySelectorAll('details')]"
        assert tab.run(f"{answers}.length") > 0
        assert tab.run(f"{answers}.every(one => !one.open)")


def test_each_figure_opens_as_a_picture_by_itself(bundled, tab):
    checkout, _ = bundled
    figures = sorted(checkout.results.glob("figures/*.svg"))
    assert len(figures) == FIGURES
    for figure in figures:
        tab.open(figure)
        assert tab.run("document.documentElement.tagName") == "svg"
        assert tab.run("document.querySelectorAll('script').length") == 0
