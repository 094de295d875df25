"""Nobody who is in a collection can be found outside ingest/, and the key nowhere."""

import base64
import gzip
import io
import json
import lzma
import re
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from attacker import ACCOUNT, CLUES, POST, Attacker, outcome
from hostile import OWNER

pytestmark = pytest.mark.nightly
CANARY = re.compile(r"canary\d+z", re.I)
# Long enough to be somebody's id.
TOKEN = re.compile(r"[\w-]{9,}")
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.S)
# The raw files' own copies, and what the README says is never to be shared.
PRIVATE = ("results/*/ingest", ".hydrascope")
# Where a run leaves something.
MADE = ("results", "logs", "cache", ".snakemake", "calibration")


def text_of(data):
    """The text of a file: tables without their packing, the streams of a PDF as they are drawn."""
    if data.startswith(b"PAR1"):
        data = pq.read_table(io.BytesIO(data)).to_pandas().to_csv().encode()
    elif data.startswith(b"%PDF"):
        data += b"\n".join(filter(None, map(_inflated, STREAM.findall(data))))
    elif data.startswith(b"\x1f\x8b"):
        data = gzip.decompress(data)
    return data.decode("utf-8", errors="replace")


def _inflated(stream):
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


def plant(folder):
    """Leave canaries wherever somebody may have left something of another study."""
    somebody = f"canary{0}z"
    for name in ("config/notes.txt", "config/studies/another.yaml", "tests/people.csv"):
        (folder / name).write_text(f"# {somebody}", encoding="utf-8")
    with (folder / "config/collections.tsv").open("a", encoding="utf-8") as stream:
        stream.write(f"another\t{somebody}.csv\tcsv:m\tforum\tutf-8\t2021-01-01\t\tmine\n")
    stored = folder / "notebooks/01_accounts.ipynb"
    notebook = json.loads(stored.read_text(encoding="utf-8"))
    code = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    code["outputs"] = [{"output_type": "stream", "name": "stdout", "text": [somebody]}]
    stored.write_text(json.dumps(notebook), encoding="utf-8")
    (folder / "workflow/rules/linked.smk").symlink_to(folder / "config/notes.txt")


@pytest.fixture(scope="module")
def shown(undisturbed):
    """All that may be shown, by name: what a run leaves outside ingest/, and what it printed."""
    checkout = undisturbed.checkout
    plant(checkout.folder)
    said, code = checkout.make("archive")
    assert code == 0, said
    hidden = {path for place in PRIVATE for path in checkout.folder.glob(place)}
    files = [
        path
        for place in MADE
        for path in (checkout.folder / place).rglob("*")
        if path.is_file() and not hidden & set(path.parents)
    ]
    names = {
        path.relative_to(checkout.folder).as_posix(): text_of(path.read_bytes()) for path in files
    }
    with zipfile.ZipFile(checkout.folder / f"archives/{checkout.name}.zip") as archive:
        names |= {f"archive: {name}": text_of(archive.read(name)) for name in archive.namelist()}
    names["archive: names"] = "\n".join(archive.namelist())
    assert {Path(name).suffix for name in names} >= {".html", ".tsv", ".svg", ".pdf"}
    return names | {"the screen": undisturbed.said + said}


@pytest.fixture(scope="module")
def people(undisturbed):
    """The accounts and posts of the collection, as ingest/ has them."""
    folder = undisturbed.checkout.results / "ingest"
    return [pd.read_parquet(folder / f"{name}.parquet") for name in ("accounts", "posts")]


def test_the_canaries_came_in(people):
    for table in people:
        assert table.astype(str).sum(axis=1).str.contains(CANARY).sum() > 100


def test_no_canary_is_outside_ingest(shown):
    assert {
        name: found[:3] for name, text in shown.items() if (found := CANARY.findall(text))
    } == {}


def test_no_raw_file_is_named_outside_ingest_and_the_notes_of_snakemake(shown, undisturbed):
    checkout = undisturbed.checkout
    assert [
        name for name, text in shown.items() if OWNER in text and ".snakemake" not in name
    ] == []
    numbers = pd.read_csv(checkout.results / "ingest/raw_files.tsv", sep="\t")
    assert numbers["file"].str.contains(OWNER).sum() == 1
    assert re.search(r"\braw-01\b", shown[f"results/{checkout.name}/report.html"])
    assert "raw-01" in shown[f"archive: results/{checkout.name}/manifest.tsv"]


def test_the_archive_names_no_folder_of_this_machine_and_no_other_study(shown, undisturbed):
    place = str(undisturbed.checkout.folder)
    packed = {name: text for name, text in shown.items() if name.startswith("archive: ")}
    assert [name for name, text in packed.items() if place in text] == []
    rows = packed["archive: config/collections.tsv"].splitlines()[1:]
    assert rows and all(row.startswith(f"{undisturbed.checkout.name}\traw-") for row in rows)
    studies = [name for name in packed if name.startswith("archive: config/studies/")]
    assert studies == [f"archive: config/studies/{undisturbed.checkout.name}.yaml"]


def test_people_are_for_their_owner_and_results_for_a_group(shown, undisturbed):
    checkout = undisturbed.checkout
    mode = {
        path.relative_to(checkout.folder).as_posix(): path.stat().st_mode & 0o777
        for place in ("results", "logs", ".hydrascope", "archives")
        for path in (checkout.folder / place).rglob("*")
    }
    private = (f"results/{checkout.name}/ingest", f"logs/{checkout.name}", ".hydrascope/")
    closed = {name for name in mode if name.startswith(private)}
    assert len(closed) > 100 and {mode[name] for name in closed} == {0o700, 0o600}
    assert {mode[name] & 0o007 for name in mode} == {0}
    assert mode[f"results/{checkout.name}/report.html"] == 0o640


def test_no_id_of_an_account_or_a_post_is_outside_ingest(shown, people):
    ids = {token for table in people for one in table["native_id"] for token in TOKEN.findall(one)}
    ids = {one for one in ids if any(map(str.isdigit, one))}
    assert len(ids) > 500
    found = {name: ids & set(TOKEN.findall(text)) for name, text in shown.items()}
    assert {name: some for name, some in found.items() if some} == {}


@pytest.fixture(scope="module")
def attack(undisturbed, shown, people):
    """An attacker, who each pseudonym is, and what lay open before and lies in the archive."""
    results = undisturbed.checkout.results
    accounts, posts = people
    truth = dict(zip(accounts["account_id"], accounts["native_id"], strict=True))
    # That no number depends on the key makes these the tables of the attacker's own run.
    tables = {
        name: pd.read_parquet(results / f"ingest/{name}")
        for name in ("affiliation/edges.parquet", "affiliation/coshares.parquet")
    }
    tables["affiliation/accounts.tsv"] = pd.read_csv(results / "affiliation/accounts.tsv", sep="\t")
    ends = ("account_id", "account_a", "account_b")
    known = {
        name: table.assign(**{end: table[end].map(truth) for end in ends if end in table})
        for name, table in tables.items()
    }
    attacker = Attacker(
        profiles=accounts.assign(who=accounts["native_id"])[
            ["who", "platform", "unit", "created_at", "followers", "picture_hash"]
        ],
        posts=pd.DataFrame(
            {
                "who": posts["account_id"].map(truth),
                "posted_at": posts["posted_at"],
                "text": posts["text"].fillna(""),
            }
        ),
        rerun={name: table.rename(columns={"account_id": "who"}) for name, table in known.items()},
    )
    private = ["texts/members.parquet", "narratives/network_posts.parquet", *tables]
    before = {
        name: (results / name if name.endswith(".tsv") else results / "ingest" / name).read_bytes()
        for name in private
    }
    with zipfile.ZipFile(undisturbed.checkout.folder / "archives/small.zip") as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    wanted = accounts.set_index("account_id")[["platform", "unit"]]
    return attacker, truth, wanted, {"before": before, "archive": files}


@pytest.mark.parametrize("when", ["before", "archive"])
def test_no_more_accounts_are_named_than_by_guessing_but_they_were(attack, when):
    attacker, truth, wanted, files = attack
    named = attacker.named(files[when])
    for clue in CLUES:
        rng = np.random.default_rng(1)
        # Some tables speak of few accounts; where none does, all are guessed.
        told = wanted.loc[wanted.index.intersection(named[clue])] if named[clue] else wanted
        right, of, (low, _), rate = outcome(named[clue], truth, told, attacker, rng)
        if when == "archive":
            assert low <= rate, f"{right} of {of} by {clue}, guessing {rate:.2%}"
        elif clue in ("times", "texts", "counts", "degrees"):
            assert low > rate, f"{right} of {of} by {clue}, guessing {rate:.2%}"


def test_no_pseudonym_is_in_the_archive(attack):
    *_, files = attack
    found = {
        name: [pattern.search(text_of(data)) for pattern in (ACCOUNT, POST)]
        for name, data in files["archive"].items()
        if name.startswith(("results/", "config/", "tests/expected/"))
    }
    assert {name for name, hits in found.items() if any(hits)} == set()


def test_the_key_is_nowhere(undisturbed, shown):
    checkout = undisturbed.checkout
    key = checkout.environment["HYDRASCOPE_KEY"].encode()
    forms = [key.decode(), key.hex(), base64.b64encode(key).decode().rstrip("=")]
    inside = {
        path.name: text_of(path.read_bytes())
        for path in (checkout.results / "ingest").rglob("*")
        if path.is_file()
    }
    assert [
        name for name, text in (shown | inside).items() if any(one in text for one in forms)
    ] == []


def test_an_account_is_explained_to_its_owner_by_its_handle(undisturbed, people):
    accounts, posts = people
    busiest = posts["account_id"].value_counts().index[0]
    handle = accounts.set_index("account_id").loc[busiest, "handle"]
    said, code = undisturbed.checkout.make("explain", ACCOUNT=f"@{handle.upper()}")
    assert code == 0, said
    assert busiest in said and f"@{handle} (from ingest/)" in said
    assert not re.search("[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", said)


def test_a_failed_job_names_nobody(undisturbed):
    checkout = undisturbed.checkout
    [raw, *_] = checkout.folder.glob("raw/facebook/*/profiles.csv.xz")
    before = raw.read_bytes()
    # Somebody's name where the id stands: every record is bad, and the first is shown.
    name = f"canary{0}z"
    spoiled = re.sub(r"^\d+(?=,)", name, lzma.decompress(before).decode(), flags=re.M)
    try:
        raw.write_bytes(lzma.compress(spoiled.encode()))
        text, code = checkout.snakemake("--keep-going")
    finally:
        raw.write_bytes(before)
    assert code != 0
    assert "RawFileError" in text
    logs = [path.read_text(encoding="utf-8") for path in (checkout.folder / "logs").rglob("*.log")]
    assert CANARY.findall("\n".join([text, *logs])) == []
