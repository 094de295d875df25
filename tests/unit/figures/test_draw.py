import re
import warnings
import xml.etree.ElementTree as ElementTree
import zlib

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from hydrascope.figures.creations import creations_data, draw_creations
from hydrascope.figures.draw import save, styled
from hydrascope.timing.daily import daily_creations

KINDS = ("svg", "pdf", "png")


def drawn(platforms=("x", "youtube")):
    days = pd.to_datetime(["2020-01-01", "2020-01-03", "2020-01-03", "2020-02-01"], utc=True)
    table = pd.concat([pd.DataFrame({"platform": p, "created_at": days}) for p in platforms])
    daily = daily_creations(table)
    bursts = pd.DataFrame(columns=["platform", "start", "end", "accounts", "status"])
    rules = pd.DataFrame(columns=["platform", "rule", "start", "end", "accounts"])
    waves = pd.DataFrame(columns=["day_low", "day_high", "removed"])
    baselines = daily.assign(baseline=0.5).iloc[:, [0, 1, 4]]
    data = creations_data(daily, baselines, bursts, rules, waves)
    return draw_creations(data, pd.Series(5, index=list(platforms))), data


def saved(folder, *, simulated=False, **more):
    paths = {kind: str(folder / f"figure.{kind}") for kind in (*KINDS, "csv")}
    with styled():
        save(*drawn(**more), paths, simulated=simulated)
    return {kind: (folder / f"figure.{kind}").read_bytes() for kind in KINDS}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return saved(tmp_path_factory.mktemp("first"))


@pytest.fixture(scope="module")
def simulated(tmp_path_factory):
    return saved(tmp_path_factory.mktemp("simulated"), simulated=True)


def test_the_same_drawing_has_the_same_bytes(files, tmp_path):
    assert saved(tmp_path) == files


def test_the_users_own_settings_change_nothing(files, tmp_path):
    own = {"font.size": 20, "axes.grid": False, "savefig.dpi": 50, "svg.hashsalt": "x"}
    with plt.rc_context(own):
        assert saved(tmp_path) == files


@pytest.mark.parametrize("kind", KINDS)
def test_each_file_is_of_the_kind_that_it_says(files, kind):
    start = {"svg": b"<?xml", "pdf": b"%PDF-", "png": b"\x89PNG"}
    assert files[kind].startswith(start[kind])


def test_no_file_knows_when_it_was_drawn(files):
    assert b"date>" not in files["svg"]
    assert b"CreationDate" not in files["pdf"] and b"ModDate" not in files["pdf"]
    kinds = set(re.findall(rb"IHDR|IDAT|tEXt|iTXt|tIME", files["png"]))
    assert b"tIME" not in kinds
    year = re.compile(rb"\b20[2-9]\d-\d\d-\d\dT")
    assert not any(year.search(data) for data in files.values())


def test_no_file_knows_which_version_of_matplotlib_drew_it(files):
    inside = files["pdf"] + b"".join(
        map(unpacked, re.findall(rb"stream\r?\n(.*?)endstream", files["pdf"], re.S))
    )
    for data in (files["svg"], inside, files["png"]):
        assert b"Matplotlib v" not in data and b"matplotlib.org" not in data


def unpacked(stream):
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


def test_text_in_the_svg_is_text(files):
    root = ElementTree.fromstring(files["svg"])
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert any("day of creation (UTC)" in text for text in texts)


def test_only_a_simulated_figure_says_that_it_is_and_every_file_of_it_does(files, simulated):
    assert b"simulated collection" in simulated["svg"]
    assert b"simulated" not in files["svg"]
    assert all(simulated[kind] != files[kind] for kind in KINDS)


def test_a_hostile_name_stays_text(tmp_path):
    svg = saved(tmp_path, platforms=["<script>alert(1)</script>", "x"])["svg"]
    assert b"<script" not in svg
    assert "<script>alert(1)</script>" in "".join(ElementTree.fromstring(svg).itertext())


def test_dollar_signs_are_no_formula_and_thai_and_chinese_have_letters(tmp_path):
    with warnings.catch_warnings():
        # matplotlib warns of a letter that no font has.
        warnings.simplefilter("error")
        svg = saved(tmp_path, platforms=["$\\frac{", "กองทัพ น้ำ 新疆 臺灣 $x$"])["svg"]
    text = "\n".join(ElementTree.fromstring(svg).itertext())
    assert "$\\frac{" in text and "กองทัพ น้ำ 新疆 臺灣 $x$" in text


def test_a_browser_runs_nothing_of_it(tmp_path, tab):
    saved(tmp_path, platforms=("</style><script>alert(1)</script>", '" onload="alert(1)'))
    tab.open(tmp_path / "figure.svg")
    assert "alert(1)" in tab.run("document.documentElement.textContent")
    assert tab.run("document.querySelectorAll('script, [onload]').length") == 0


def test_the_numbers_lie_beside_the_drawing(tmp_path):
    saved(tmp_path)
    pd.testing.assert_frame_equal(
        pd.read_csv(tmp_path / "figure.csv")[["platform", "accounts"]],
        drawn()[1][["platform", "accounts"]],
        check_dtype=False,
    )
    plt.close("all")


def test_no_figure_stays_open_and_no_draft_stays_behind(tmp_path):
    saved(tmp_path)
    assert plt.get_fignums() == []
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "figure.csv",
        "figure.pdf",
        "figure.png",
        "figure.svg",
    ]
