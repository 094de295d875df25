"""Collections that hold one kind of record, or next to none: each goes through to its report."""

import csv
import re
from dataclasses import replace
from itertools import product

import pytest
import yaml

MANY = 60
TEXTS = [
    "the harbour bridge is closed until the summer, say the engineers",
    "our garden has a new pond and the frogs have found it already",
    "the train to the coast was late again and nobody said why",
    "a market for old books opens in the yard on every third Sunday",
]
HEADER = [
    *("id", "author", "handle", "text", "at", "created", "kind", "repost", "platform", "lang"),
]
POSTS = {
    "records": "posts",
    "fields": {
        "native_id": "id",
        "account_id": "author",
        "handle": "handle",
        "text": "text",
        "posted_at": "at",
        "created_at": "created",
        "kind": {"column": "kind", "values": {"post": "post", "repost": "repost"}},
        "repost_of": "repost",
        "platform": "platform",
        "language": "lang",
    },
}
ACCOUNTS = {
    "records": "accounts",
    "fields": {
        "native_id": "author",
        "handle": "handle",
        "created_at": "created",
        "platform": "platform",
    },
}
WEBSITES = {"records": "websites", "fields": {"native_id": "author"}}
ASKED = {"records": "asked", "fields": {"native_id": "author"}}
MAPS = {"posts": POSTS, "accounts": ACCOUNTS, "websites": WEBSITES, "asked": ASKED}


def row(number, **changed):
    """The post of one account, or with neither id nor text the account alone."""
    at = f"2021-0{1 + number % 6}-{10 + number % 17}T{number % 24:02}:{number % 60:02}:07Z"
    made = f"2020-0{1 + number % 9}-{10 + number % 19}T{(number * 7) % 24:02}:11:{number % 60:02}Z"
    usual = {
        "id": f"9{number}",
        "author": f"100{number % 30}",
        "handle": f"user{number % 30}",
        "text": f"{TEXTS[number % 4]} ({number % 5})",
        "at": at,
        "created": made if number < 30 else "",
        "kind": "post",
        "platform": "forum",
        "lang": "en",
    }
    return usual | changed


def rows(count=MANY, **changed):
    return [row(number, **changed) for number in range(count)]


SITES = [{"author": f"site{number}.example"} for number in range(12)]
# What lies in the files of each collection, by the kind of record.
CASES = {
    "posts alone": {"posts": rows(created="")},
    "accounts alone": {"accounts": rows(30)},
    "one post": {"posts": rows(1)},
    "one account": {"posts": rows(author="1000", handle="user0"), "accounts": rows(1)},
    "no texts": {"posts": rows(text=""), "accounts": rows(30)},
    "no dates": {"posts": rows(created=""), "accounts": rows(30, created="")},
    "no post times": {"posts": rows(at=""), "accounts": rows(30)},
    "two kinds of network": {"posts": rows(platform="x"), "accounts": rows(30, platform="web")},
    "reposts alone": {"posts": rows(kind="repost", repost="77"), "accounts": rows(30)},
    "one second": {"posts": rows(at="2021-05-05T05:05:05Z"), "accounts": rows(30)},
    "one day": {"posts": rows(created=""), "accounts": rows(30, created="2020-03-03")},
    "one text": {"posts": rows(text=TEXTS[0]), "accounts": rows(30)},
    "a header alone": {"posts": [], "accounts": rows(30)},
    "websites alone": {"websites": SITES},
    "asked alone": {"asked": SITES, "accounts": rows(2)},
}
OFTEN = {("posts alone", "roster"), ("accounts alone", "detect"), ("one post", "detect")}


def mapped(kind, records):
    """The map of such records, without the time that none of them has: one without is refused."""
    timed = not records or any(record.get("at") for record in records)
    fields = MAPS[kind]["fields"].items()
    return MAPS[kind] | {
        "fields": {name: at for name, at in fields if timed or name != "posted_at"}
    }


def lay_out(checkout, case, mode):
    """Write the files, settings and rows of one of `CASES` into a checkout."""
    raw = checkout / "raw"
    raw.mkdir()
    listed = []
    for kind, records in CASES[case].items():
        with (raw / f"{kind}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, HEADER, restval="")
            writer.writeheader()
            writer.writerows(records)
        platform = "web" if kind == "websites" else "forum"
        where = (f"{kind}.csv", f"csv:{kind}", platform, "utf-8", "2021-12-01", "", "invented")
        listed.append("\t".join(("lone", *where)))
    first = next(kind for kind, records in CASES[case].items() if records and kind != "asked")
    of_seeds = CASES[case][first][:5]
    seeds = {(one.get("platform", "web"), one["author"]) for one in of_seeds}
    lines = ["platform,native_id", *(",".join(seed) for seed in sorted(seeds))]
    (raw / "seeds.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    table = checkout / "config/collections.tsv"
    kept = table.read_text(encoding="utf-8")
    table.write_text(kept + "\n".join(listed) + "\n", encoding="utf-8")
    chosen = {"roster": f"{first}.csv"} if mode == "roster" else {"seeds": "seeds.csv"}
    study = {
        "title": f"{case}, by {mode}",
        "collection": "lone",
        "simulated": False,
        "pseudonyms": "keyed",
        "raw": "raw",
        "obtain": "run the test again",
        "column_maps": {kind: mapped(kind, records) for kind, records in CASES[case].items()},
        "affiliation": {"mode": mode, **chosen},
    }
    (checkout / "config/studies/lone.yaml").write_text(yaml.safe_dump(study), encoding="utf-8")
    cells = checkout / "config/sensitivity.tsv"
    lines = cells.read_text(encoding="utf-8").splitlines(keepends=True)
    cells.write_text("".join([*lines[:2], lines[-1]]), encoding="utf-8")


@pytest.mark.parametrize(
    ("case", "mode"),
    [
        pytest.param(*one, marks=() if one in OFTEN else pytest.mark.nightly)
        for one in product(CASES, ["roster", "detect"])
    ],
)
def test_a_collection_of_one_kind_goes_through_to_its_report(make_bundled, case, mode):
    checkout = replace(make_bundled(), name="lone")
    lay_out(checkout.folder, case, mode)
    said, code = checkout.make("study")
    assert code == 0, said
    page = (checkout.results / "report.html").read_text(encoding="utf-8")
    # A result of nothing reads neither like a finding nor like a fault.
    assert not re.search(r"<td>(nan|NaN|None|inf)</td>", page)
    shown = re.sub(r"<style>.*?</style>|\b(src|alt)=\"[^\"]*\"", "", page, flags=re.S)
    assert not re.findall(r"\b0 of 0\b|\bnan\b", shown)
    assert not re.findall(r"<tbody>\s*</tbody>", shown)
    assert not re.findall(r"</h3>\s*<h[23]", shown)
    for notebook in (checkout.folder / "notebooks").glob("*.ipynb"):
        assert (checkout.results / f"notebooks/{notebook.stem}.html").is_file()
