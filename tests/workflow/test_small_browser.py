"""What people wrote to act in a page acts in no page and no picture of a study."""

import pandas as pd
import pytest
from hostile import BACKWARDS, HOSTILE

pytestmark = pytest.mark.nightly


def test_the_hostile_texts_came_in(undisturbed):
    folder = undisturbed.checkout.results / "ingest"
    for table, column in (("accounts", "display_name"), ("posts", "text")):
        texts = "\n".join(pd.read_parquet(folder / f"{table}.parquet")[column].dropna())
        assert [one for one in (*HOSTILE, BACKWARDS) if one not in texts] == []


def test_nothing_of_them_runs_in_the_report_a_notebook_or_a_figure(undisturbed, tab):
    results = undisturbed.checkout.results
    pages = [results / "report.html", *results.glob("notebooks/*.html")]
    figures = sorted(results.glob("figures/*.svg"))
    assert len(pages) == 5 and len(figures) == 13
    for page in (*pages, *figures):
        # Each dialog, error and request for something else is a complaint of the fixture's.
        tab.open(page)
        assert tab.run("document.querySelectorAll('iframe, a[href^=javascript]').length") == 0
        handlers = "[...document.querySelectorAll('*')].flatMap(one => one.getAttributeNames())"
        assert tab.run(f"{handlers}.filter(name => name.startsWith('on'))") == []
    assert not any(
        "alert(" in path.read_text(encoding="utf-8") or BACKWARDS[0] in path.read_text("utf-8")
        for path in (*pages, *figures)
    )
