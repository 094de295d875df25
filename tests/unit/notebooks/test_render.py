import re
from html.parser import HTMLParser

import nbformat
import pytest
from papermill.exceptions import PapermillExecutionError

from hydrascope.notebooks.render import render_notebook

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"
CELLS = [
    'study = "default"',
    "import pandas as pd\nprint('ran for ' + study)",
    f"pd.DataFrame({{'text': [{HOSTILE!r}, 'ข้อความ 香港']}})",
    "pd.Series([1, 3, 2]).plot();",
]


def stored(path, cells):
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# Title"), *map(nbformat.v4.new_code_cell, cells)],
        metadata={"language_info": {"name": "python"}},
    )
    notebook.cells[1]["metadata"]["tags"] = ["parameters"]
    nbformat.write(notebook, path)
    return path


class Page(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    """The page of a notebook run twice, and the notebook's bytes before and after."""
    folder = tmp_path_factory.mktemp("notebook")
    source = stored(folder / "01_toy.ipynb", CELLS)
    before = source.read_bytes()
    pages = [
        render_notebook(source, folder / f"draft-{number}.ipynb", study="the-study")
        for number in range(2)
    ]
    return pages, before, source.read_bytes()


def test_the_same_results_give_the_same_bytes(rendered):
    pages, _, _ = rendered
    assert pages[0] == pages[1]


def test_the_notebook_ran_for_the_study_and_its_source_is_untouched(rendered):
    pages, before, after = rendered
    text = "".join(Page(pages[0]).text)
    assert "ran for the-study" in text and "ran for default" not in text
    assert before == after


def test_outputs_are_shown_in_every_script(rendered):
    page = Page(rendered[0][0])
    assert "ข้อความ 香港" in "".join(page.text)
    images = [value for tag, name, value in page.attributes if (tag, name) == ("img", "src")]
    assert images and all(value.startswith("data:image/") for value in images)


def test_no_script_and_no_handler_is_left_and_hostile_text_is_text(rendered):
    page = Page(rendered[0][0])
    assert "script" not in page.tags
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    assert "alert(2)" in "".join(page.text)


def test_a_browser_runs_nothing_of_it_and_shows_its_picture(rendered, tmp_path, tab):
    (tmp_path / "page.html").write_text(rendered[0][0], encoding="utf-8")
    tab.open(tmp_path / "page.html")
    assert tab.run("[...document.images].map(one => one.naturalWidth > 0)") == [True]


def test_the_policy_forbids_everything_that_is_not_inside_the_page(rendered):
    page = rendered[0][0]
    policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy and policy[1].startswith("default-src 'none'")
    assert "script-src" not in policy[1] and "http" not in policy[1]
    # a policy binds only what comes after it
    assert not re.search(r"<(style|link|img|script)\b", page[: policy.start()])


def test_nothing_is_fetched_from_elsewhere(rendered):
    page = rendered[0][0]
    fetched = [
        value
        for tag, name, value in Page(page).attributes
        if name in ("src", "srcset", "data", "poster") or (tag, name) == ("link", "href")
    ]
    assert all(value.startswith("data:") for value in fetched)
    assert not re.search(r"@import|url\(\s*['\"]?(https?:)?//", page)


def test_a_failing_cell_is_an_error_that_shows_it(tmp_path):
    source = stored(tmp_path / "01_bad.ipynb", ["study = 'a'", "1 / 0"])
    draft = tmp_path / "draft.ipynb"
    with pytest.raises(PapermillExecutionError, match="ZeroDivisionError"):
        render_notebook(source, draft, study="a")
    assert "1 / 0" in draft.read_text(encoding="utf-8")
