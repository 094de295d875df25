"""The column maps that README and notebooks show, word for word, and files that they fit."""

import json
import re
import shutil
import textwrap
from pathlib import Path

import pytest
import yaml

from hydrascope.config import raw_files, study_config
from hydrascope.ingest.listing import check_listing
from hydrascope.yaml_file import load_yaml

CHECKOUT = Path(__file__).parents[3]
BUNDLED = "spamouflage-2021"
CELLS = json.loads((CHECKOUT / "notebooks/04_your_turn.ipynb").read_text("utf-8"))["cells"]
TEXTS = {
    "README": (CHECKOUT / "README.md").read_text("utf-8"),
    "notebook": "\n".join("".join(cell["source"]) for cell in CELLS),
}
FILES = {
    "README": "post_no;author_no;author;body;written;links;type\n"
    "1;7;a;Guten Tag;03.04.2021 10:00;https://a.invalid/1 https://b.invalid/2;Thema\n"
    "2;8;b;Hallo;04.04.2021 11:30;;Antwort\n",
    "notebook": "post_no,author_no,author,body,written\n"
    "1,7,a,good day,2021-04-03T02:00:00Z\n2,8,b,hello,2021-04-04T03:30:00Z\n",
}


def shown(place):
    """The one example of column maps in a text."""
    blocks = re.findall(r"^( *)```yaml\n(.*?)^\1```", TEXTS[place], re.DOTALL | re.MULTILINE)
    [block] = [block for _, block in blocks if "column_maps:" in block]
    return textwrap.dedent(block)


def example(place):
    return yaml.safe_load(shown(place))["column_maps"]


@pytest.mark.parametrize("place", TEXTS)
def test_the_map_reads_posts_and_their_authors(read, place):
    listed = {"platform": "forum", "snapshot": "2021-11-01"}
    found = read(FILES[place].encode(), "csv:forum", column_maps=example(place), **listed)
    assert found.ledger[["records", "quarantined"]].values.tolist() == [[2, 0]]
    posts = found.posts.to_pandas()
    assert posts["native_id"].tolist() == ["1", "2"] and set(posts["platform"]) == {"forum"}
    assert posts["posted_at"].dt.strftime("%Y-%m-%dT%H:%M").tolist() == [
        "2021-04-03T02:00",
        "2021-04-04T03:30",
    ]
    assert posts["text"].notna().all() and posts["account_id"].nunique() == 2
    accounts = found.accounts.to_pandas()
    assert sorted(accounts["handle"]) == ["a", "b"]


def test_the_map_of_the_readme_reads_links_and_kinds(read):
    listed = {"platform": "forum", "snapshot": "2021-11-01"}
    found = read(FILES["README"].encode(), "csv:forum", column_maps=example("README"), **listed)
    posts = found.posts.to_pandas()
    assert posts["kind"].tolist() == ["post", "reply"]
    assert [len(urls) for urls in posts["urls"]] == [2, 0]


@pytest.mark.parametrize("place", TEXTS)
def test_a_study_with_the_map_and_its_row_is_one(tmp_path, place):
    config = shutil.copytree(CHECKOUT / "config", tmp_path / "config")
    with (config / f"studies/{BUNDLED}.yaml").open("a", encoding="utf-8") as stream:
        stream.write(f"{shown(place)}\n")
    [row] = re.findall(r"```text\n(.*\tcsv:forum\t.*)\n```", TEXTS["notebook"])
    with (config / "collections.tsv").open("a", encoding="utf-8") as stream:
        stream.write(f"{row}\n")
    study = study_config({**load_yaml(config / "config.yaml"), "study": BUNDLED}, config)
    rows = raw_files(config / "collections.tsv", BUNDLED)
    assert rows["forum.csv"]["snapshot"] == "2021-11-01"
    check_listing(study, rows, str(tmp_path))
