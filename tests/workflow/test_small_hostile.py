"""Every stage on a posts table made hostile, from raw files to the report; `make fuzz` has more."""

import csv
import os
import re

import pandas as pd
import pytest
import yaml
from tables import MAPS, SNAPSHOT, hostile_collection

from hydrascope.io import FORMULA_OPENINGS, NUMBER, UNPRINTABLE

NAME, CELLS = "hostile", 3
POSTS = int(os.environ.get("HYDRASCOPE_HOSTILE_POSTS", 2_000))
SEED = int(os.environ.get("HYDRASCOPE_HOSTILE_SEED", 1))
# Processor seconds of a job: what it costs to begin one, and to do what it does to a post.
BEGUN, A_POST = 60, 0.01


@pytest.fixture(scope="module")
def hostile(make_bundled):
    """A checkout in which a hostile study has ended well."""
    checkout = make_bundled()
    raw = checkout.folder / "raw"
    raw.mkdir()
    hostile_collection(raw, posts=POSTS, seed=SEED)
    with (checkout.folder / "config/collections.tsv").open("a", encoding="utf-8") as stream:
        for kind in ("accounts", "posts"):
            row = (NAME, f"{kind}.jsonl", f"json:{kind}", "forum", "utf-8", SNAPSHOT, "", "none")
            stream.write("\t".join(row) + "\n")
    cells = checkout.folder / "config/sensitivity.tsv"
    kept = cells.read_text(encoding="utf-8").splitlines(keepends=True)[: 1 + CELLS]
    cells.write_text("".join(kept), encoding="utf-8")
    study = {
        "title": "a hostile collection, simulated",
        "collection": NAME,
        "simulated": True,
        "pseudonyms": "keyed",
        "raw": "raw",
        "obtain": "run the test again",
        "column_maps": MAPS,
        "affiliation": {"mode": "detect", "seeds": "seeds.csv"},
    }
    config = checkout.folder / f"config/studies/{NAME}.yaml"
    config.write_text(yaml.safe_dump(study), encoding="utf-8")
    study = type(checkout)(checkout.folder, NAME)
    text, code = study.make("study")
    assert code == 0, text
    return study


def test_every_record_is_accounted_for_and_every_post_has_its_place(hostile):
    ledger = pd.read_csv(hostile.results / "ingest/ledger.tsv", sep="\t")
    summed = ledger[["kept", "duplicate", "quarantined"]].sum(axis=1)
    assert (ledger["records"] == summed).all()
    posts = pd.read_parquet(hostile.results / "ingest/posts.parquet", columns=["post_id"])
    # What a reader sets aside is for its own tests: here the stages behind it are meant.
    assert len(posts) == POSTS
    members = pd.read_parquet(next(hostile.results.rglob("members.parquet")))
    assert sorted(members["post_id"]) == sorted(posts["post_id"])


def test_no_job_takes_longer_than_its_posts_explain(hostile):
    slow = {}
    for file in (hostile.folder / "logs" / NAME / "benchmarks").rglob("*.tsv"):
        seconds = pd.read_csv(file, sep="\t")["cpu_time"].iloc[0]
        if seconds > BEGUN + A_POST * POSTS:
            slow[file.stem] = seconds
    assert slow == {}


def test_no_cell_of_a_table_acts_or_breaks_it(hostile):
    tables = [*hostile.results.rglob("*.tsv"), *hostile.results.rglob("*.csv")]
    assert len(tables) > 50
    for file in tables:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.reader(stream, delimiter="\t" if file.suffix == ".tsv" else ","))
        assert len({len(row) for row in rows}) == 1, file.name
        for cell in (cell for row in rows for cell in row):
            assert not cell.startswith(FORMULA_OPENINGS) or NUMBER.fullmatch(cell), file.name
            assert not any(ord(sign) in UNPRINTABLE for sign in cell), file.name


def test_shares_are_shares(hostile):
    for file in hostile.results.rglob("*.tsv"):
        table = pd.read_csv(file, sep="\t", low_memory=False)
        shares = table.select_dtypes("number").filter(regex=r"(^|_)(share|p|q)$")
        assert ((shares >= 0) & (shares <= 1) | shares.isna()).all(axis=None), file.name


def test_the_report_shows_no_text_of_the_collection_as_markup(hostile):
    page = (hostile.results / "report.html").read_text(encoding="utf-8")
    assert not re.search(r"<script>alert|onerror=alert|<iframe", page)
