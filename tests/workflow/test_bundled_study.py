"""The bundled simulated study: what is planted, and the same bytes from shuffled rows."""

import csv
import hashlib
import html
import json
import lzma
import os
import random
import re
import shutil
import signal
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import pandas as pd
import pytest

from hydrascope.simulation.collection import write_collection
from hydrascope.simulation.world import simulate

CHECKOUT = Path(__file__).parents[2]
COLLECTION = CHECKOUT / "data/spamouflage-2021-synthetic"
SEED = 20211222
NOTEBOOKS = sorted(path.stem for path in (CHECKOUT / "notebooks").glob("*.ipynb"))


def table(checkout, name):
    return pd.read_csv(checkout.results / name, sep="\t")


def unpacked(path):
    data = path.read_bytes()
    return lzma.decompress(data) if path.suffix == ".xz" else data


def files_of(folder):
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "README.md"
    }


def test_the_generator_writes_the_collection_that_is_bundled(tmp_path):
    write_collection(simulate(seed=SEED), tmp_path, seed=SEED)
    made, kept = files_of(tmp_path), files_of(COLLECTION)
    assert set(made) == set(kept)
    # Packed bytes depend on the version of the packer, and so do the checksums.
    changed = [
        name
        for name in made
        if name != "SHA256SUMS" and unpacked(made[name]) != unpacked(kept[name])
    ]
    assert changed == []


def test_the_checksums_and_the_list_of_files_are_those_of_the_collection():
    sums = dict(
        reversed(line.split("  ")) for line in (COLLECTION / "SHA256SUMS").read_text().splitlines()
    )
    kept = {name: path for name, path in files_of(COLLECTION).items() if name != "SHA256SUMS"}
    assert sums == {
        name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in kept.items()
    }
    with (CHECKOUT / "config/collections.tsv").open(encoding="utf-8", newline="") as stream:
        listed = {
            row["file"]: row["sha256"]
            for row in csv.DictReader(stream, delimiter="\t")
            if row["study"] == "spamouflage-2021"
        }
    beside = {"seeds.csv", "truth.tsv", "truth_posts.tsv.xz"}
    assert listed == {name: digest for name, digest in sums.items() if name not in beside}


def test_the_collection_is_small_and_says_that_it_is_simulated():
    size = sum(path.stat().st_size for path in COLLECTION.rglob("*") if path.is_file())
    assert size < 8_000_000
    assert "simulated" in (COLLECTION / "README.md").read_text(encoding="utf-8").lower()


def test_the_collection_has_the_size_and_the_published_counts():
    truth = pd.read_csv(COLLECTION / "truth.tsv", sep="\t", dtype=str)
    planted = truth[truth["affiliated"] == "1"].groupby("platform").size()
    assert planted.to_dict() == {"facebook": 1_632, "x": 60, "youtube": 319}
    assert (truth["affiliated"] == "0").sum() >= 8_000
    assert len(pd.read_csv(COLLECTION / "truth_posts.tsv.xz", sep="\t", dtype=str)) >= 60_000


def test_every_planted_account_and_nearly_every_post_is_collected(bundled):
    checkout, _ = bundled
    accounts = pd.read_parquet(checkout.results / "ingest/accounts.parquet")
    truth = pd.read_csv(COLLECTION / "truth.tsv", sep="\t", dtype=str)
    found = accounts.merge(truth, on=["platform", "native_id"])
    assert len(found) == len(truth) == len(accounts)
    posts = pd.read_parquet(checkout.results / "ingest/posts.parquet", columns=["native_id"])
    assert len(posts) >= 60_000


def test_the_ledger_accounts_for_every_record_and_holds_dirt(bundled):
    ledger = table(bundled[0], "ingest/ledger.tsv")
    total = ledger["kept"] + ledger["duplicate"] + ledger["quarantined"]
    assert (ledger["records"] == total).all()
    assert ledger["duplicate"].sum() > 10_000
    assert ledger["quarantined"].sum() > 10


def test_what_was_found_is_mostly_what_was_planted(bundled):
    score = table(bundled[0], "affiliation/score.tsv").set_index(["among", "platform", "measure"])
    assert score.loc[("all accounts", "all", "precision"), "low"] > 0.9
    assert score.loc[("3 posts and more", "all", "precision"), "low"] > 0.97
    assert score.loc[("3 posts and more", "all", "recall"), "low"] > 0.9


def test_what_the_network_says_is_mostly_what_was_planted(bundled):
    score = table(bundled[0], "narratives/score.tsv").query("subject == 'all'")
    value = score.query("language == 'all'").set_index(["measure", "script"])["value"]
    assert (value["macro f1"].drop("all") >= 0.95).all()
    assert set(value["macro f1"].index) == {"all", "Hans", "Hant", "Latn"}
    assert value["off-topic share coded", "all"] <= 0.02
    assert value["same subject meets", "all"] >= 0.95


def test_topics_hold_under_every_kind_of_change(bundled):
    stability = table(bundled[0], "narratives/stability.tsv")
    assert (stability["fits"] == 20).all()
    assert (stability["ari_without_outliers"] >= 0.95).all()
    assert (stability["ari_all"] >= 0.85).all()
    quality = table(bundled[0], "narratives/quality.tsv").set_index(["method", "measure"])["value"]
    assert quality["topics", "outlier share of families"].item() <= 0.15


def test_the_calibration_of_the_narratives_is_of_this_code_and_shows_no_side(bundled):
    rates = table(bundled[0], "narratives/calibration.tsv")
    assert set(rates["holds"]) == {"yes"}
    stances = table(bundled[0], "narratives/stances.tsv")
    assert set(stances["stance"]) == {"not told"}
    assert stances["status"].str.contains(r"simulated texts 0\.5\d, 0\.8 asked").any()


def test_the_network_is_held_against_others_where_there_are_enough(bundled):
    contrast = table(bundled[0], "narratives/contrast.tsv").set_index(["platform", "subject"])
    planted = contrast.loc[("facebook", "xinjiang")]
    assert 0 < planted["low"] < planted["difference"] < planted["high"]
    assert contrast.loc[("x", "xinjiang"), "status"].startswith("not identified: ")


def test_each_coder_gets_two_hundred_units_of_a_language_or_all_there_are(bundled):
    checkout, _ = bundled
    key = table(checkout, "ingest/narratives/sheets/key.tsv")
    own = key[key["stratum"] != "outside"]
    families = pd.read_parquet(checkout.results / "ingest/narratives/families.parquet")
    for language in ("en", "zh"):
        there = (families["language"] == language).sum()
        assert (own["language"] == language).sum() == min(200, there)
    sheets = [
        pd.read_csv(checkout.results / f"ingest/sheets/coder_{coder}.csv", encoding="utf-8-sig")
        for coder in (1, 2)
    ]
    assert all(set(sheet["unit"]) == set(key["unit"]) for sheet in sheets)
    assert sheets[0]["text"].notna().all()


def test_the_total_and_its_parts_are_inconsistent_as_published(bundled):
    claims = table(bundled[0], "counts/claims.tsv")
    assert set(claims["basis"]) == {"simulated"}
    words = {"recovered (planted)", "missed (planted)", "inconsistent as published", "not testable"}
    assert set(claims["verdict"]) <= words
    total = claims[claims["published"].astype(str) == "2009"]
    assert (total["verdict"] == "inconsistent as published").all()
    assert total["note"].str.contains("2,011").all()


def test_simulated_is_called_simulated_where_results_are_shown(bundled):
    checkout, printed = bundled
    assert "simulated" in printed.lower()
    figures = {path.name for path in (checkout.results / "figures").glob("*.svg")}
    # Published numbers beside disclosures: nothing of the collection is in it.
    figures.remove("fig12_takedowns.svg")
    for name in (
        "report.html",
        "notebooks/01_accounts.html",
        *(f"figures/{name}" for name in figures),
    ):
        assert "simulated" in (checkout.results / name).read_text(encoding="utf-8").lower(), name


def test_only_rules_named_score_read_the_truth(bundled):
    checkout, _ = bundled
    text, code = checkout.snakemake("--forceall", "--dry-run")
    assert code == 0, text
    inputs = dict(re.findall(r"^(?:local)?rule (\w+):\n +input: (.*)$", text, re.M))
    readers = {rule for rule, files in inputs.items() if "truth" in files}
    assert readers == {"score_affiliation", "score_narratives"}
    assert len(inputs) > 20


def test_no_native_id_name_or_handle_leaves_ingest(bundled):
    checkout, _ = bundled
    accounts = pd.read_parquet(checkout.results / "ingest/accounts.parquet")
    secrets = {*accounts["native_id"], *accounts["handle"].dropna()}
    secrets = {secret for secret in secrets if len(secret) > 7}
    for file in checkout.results.rglob("*"):
        if file.suffix in (".tsv", ".csv", ".html", ".json") and "ingest" not in file.parts:
            words = set(re.findall(r"[\w.-]+", file.read_text(encoding="utf-8")))
            assert not words & secrets, file


def test_verify_passes_with_a_line_a_claim_and_a_figure(bundled):
    text, code = bundled[0].make("verify")
    assert code == 0, text
    assert len(re.findall("^as expected  claim ", text, re.M)) == 11
    assert len(re.findall("^as expected  figure ", text, re.M)) == 13


@pytest.mark.nightly
def test_verify_fails_for_each_of_twenty_changed_numbers(bundled):
    """Each is signed in the manifest too, as by somebody who knows his way about."""
    checkout, _ = bundled
    chance = random.Random(20)
    expected = checkout.folder / "tests/expected" / checkout.name
    tables = sorted(file.relative_to(expected) for file in expected.rglob("*.?sv"))
    listed = checkout.results / "manifest.tsv"
    before = listed.read_text(encoding="utf-8")
    for name in chance.sample(tables, 20):
        file = checkout.results / name
        whole = file.read_text(encoding="utf-8")
        number = chance.choice(list(re.finditer(r"(?<![^\t,\n])[1-9]\d*(?![^\t,\n.])", whole)))
        try:
            file.write_text(whole[: number.start()] + "9" + whole[number.start() :], "utf-8")
            sums = [hashlib.sha256(text.encode()).hexdigest() for text in (whole, file.read_text())]
            listed.write_text(before.replace(*sums), encoding="utf-8")
            text, code = checkout.make("verify")
        finally:
            file.write_text(whole, encoding="utf-8")
            listed.write_text(before, encoding="utf-8")
        assert code != 0, name
        assert re.search("^differs ", text, re.M), text


def test_the_counts_and_the_picture_of_the_readme_are_those_of_the_study(bundled):
    checkout, said = bundled
    readme = (checkout.folder / "README.md").read_text(encoding="utf-8")
    counts = readme.split("<!-- counts -->\n```\n")[1].split("\n```\n<!-- end")[0]
    assert set(counts.splitlines()) <= set(said.splitlines())
    picture = Path("figures/fig02_accounts.png")
    kept = plt.imread(checkout.folder / "tests/expected" / checkout.name / picture)
    # Kinds of processor may round the edge of a letter otherwise.
    assert abs(kept - plt.imread(checkout.results / picture)).mean() < 0.001


def test_a_manuscript_with_every_table_and_number_compiles(bundled, pdflatex, tmp_path):
    checkout, _ = bundled
    parts = [checkout.results / "numbers.tex", *sorted((checkout.results / "tables").glob("*"))]
    for part in parts:
        shutil.copy(part, tmp_path)
    told = re.findall(r"^\\newcommand\{\\([A-Za-z]+)\}\{(.+)\}$", parts[0].read_text(), re.M)
    values = dict(told)
    assert len(values) == len(told) == parts[0].read_text().count("\\newcommand")
    assert not [value for value in values.values() if "?" in value]
    (tmp_path / "page.tex").write_text(
        "\\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage{booktabs}\\begin{document}"
        + "".join(rf"\input{{{part.stem}}}\clearpage" for part in parts)
        + "".join(rf"\{name}{{}} " for name in values)
        + r"\end{document}"
    )
    done = subprocess.run(
        [pdflatex, "-interaction=nonstopmode", "-halt-on-error", "page.tex"],
        cwd=tmp_path,
        capture_output=True,
    )
    assert done.returncode == 0, done.stdout[-2_000:]


def answered(notebook, target):
    """A notebook in which the answer to each exercise is a cell behind it."""
    read = nbformat.read(notebook, as_version=4)
    cells = []
    for cell in read.cells:
        cells.append(cell)
        if cell.source.startswith("**Try it.**"):
            [code] = re.findall(r"```python\n(.*?)\n```", cell.source, re.DOTALL)
            cells.append(nbformat.v4.new_code_cell(code))
    read.cells = cells
    nbformat.write(read, target)


@pytest.fixture(scope="module")
def ran(bundled, tmp_path_factory):
    """Run a notebook with its answers; gives its cells and seconds, and runs none twice."""
    checkout, _ = bundled
    done = {}

    def run(name):
        if name not in done:
            folder = tmp_path_factory.mktemp(name)
            answered(CHECKOUT / f"notebooks/{name}.ipynb", folder / "in.ipynb")
            began = time.monotonic()
            text, code = checkout.run(
                *("papermill", str(folder / "in.ipynb"), str(folder / "out.ipynb")),
                *("-k", "python3", "-p", "study", checkout.name),
            )
            assert code == 0, text
            cells = nbformat.read(folder / "out.ipynb", as_version=4).cells
            done[name] = cells, time.monotonic() - began
        return done[name]

    return run


def printed(cell):
    """What a reader of a cell sees, as text."""
    parts = [
        out.get("text") or out["data"].get("text/html") or out["data"].get("text/plain")
        for out in cell.outputs
    ]
    return html.unescape("\n".join(parts))


def answers(cells):
    """What comes of each exercise, in their order."""
    return [
        printed(answer)
        for asked, answer in zip(cells, cells[1:], strict=False)
        if asked.source.startswith("**Try it.**")
    ]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_and_its_answers_run_from_a_clean_kernel_within_a_minute(ran, name):
    cells, seconds = ran(name)
    assert seconds < 60
    for cell in cells:
        if cell.cell_type == "code" and "results" in cell.source:
            said = printed(cell)
            assert said and "..." not in said, cell.source
            # A table has a row.
            assert "<table" not in said or "<td>" in said, cell.source


def test_the_answers_on_accounts_are_those_of_the_tables(bundled, ran):
    differing, large = answers(ran("01_accounts")[0])
    claims = table(bundled[0], "counts/claims.tsv")
    for row in claims.to_dict("records"):
        found = pd.notna(row["difference"]) and row["difference"] != 0
        assert (f"<td>{row['claim']}</td>" in differing) == found
    daily = table(bundled[0], "timing/daily.tsv")["accounts"]
    share = daily[daily >= 10].sum() / daily.sum()
    assert f"({(daily >= 10).sum()}," in large and str(share)[:8] in large


def test_the_answers_on_narratives_show_the_words_of_the_topics_that_they_ask_for(bundled, ran):
    margins, _, held = answers(ran("02_narratives")[0])
    topics = table(bundled[0], "narratives/topics.tsv").set_index("topic")["words"]
    subjects = table(bundled[0], "narratives/subjects.tsv").query("subject != 'uncoded'")
    for said, rows, column in (
        (margins, subjects, "margin"),
        (held, table(bundled[0], "narratives/persistence.tsv"), "jaccard"),
    ):
        wanted = topics[rows.nsmallest(3, column)["topic"]]
        assert all(words in said for words in wanted)


def test_the_answers_on_timing_are_whole(bundled, ran):
    loose, _, wrong = answers(ran("03_timing")[0])
    bursts = table(bundled[0], "timing/bursts.tsv")
    days = table(bundled[0], "timing/largest_days.tsv").merge(bursts, on="platform")
    days["inside"] = (days["start"] <= days["day"]) & (days["day"] <= days["end"])
    outside = ~days.groupby(["platform", "day"])["inside"].any()
    assert loose.count("<tr>") == outside.sum()
    assert all(f"<td>{day}</td>" in loose for _, day in outside.index[outside])
    replacement = table(bundled[0], "timing/replacement.tsv").iloc[0]
    assert all(replacement[name] in wrong for name in ("status", "method", "wrong_if"))


def test_the_answers_on_what_to_add_are_whole(bundled, ran):
    candidates, aside = answers(ran("04_your_turn")[0])
    lowest = table(bundled[0], "narratives/subjects.tsv").nsmallest(3, "score")["topic"]
    words = table(bundled[0], "narratives/topics.tsv").set_index("topic")["words"]
    assert all(words[topic] in candidates for topic in lowest)
    ledger = table(bundled[0], "ingest/ledger.tsv").query("quarantined > 0")
    assert aside.count("<tr>") == len(ledger)
    for row in ledger.to_dict("records"):
        assert f"<td>{row['quarantined']}</td>\n      <td>{row['notes']}</td>" in aside
        assert "set aside" in row["notes"]


@pytest.fixture
def your_turn():
    """All that the fourth notebook says."""
    cells = nbformat.read(CHECKOUT / "notebooks/04_your_turn.ipynb", as_version=4).cells
    return "\n".join(cell.source for cell in cells)


def test_a_figure_is_added_as_the_notebook_says(bundled, your_turn):
    checkout, _ = bundled
    told = r"\*\*\d\.\*\* .*?`([^`]+)`.*?```\w+\n(.*?)\n```"
    files = dict(re.findall(told, your_turn, re.DOTALL))
    assert [Path(name).suffix for name in files] == [".smk", ".py", ".j2"]
    try:
        for name, text in files.items():
            (checkout.folder / name).write_text(f"{text}\n", encoding="utf-8")
        again = {"figure_weekdays": 1, "report": 1, "provenance_manifest": 1, "provenance_run": 1}
        assert checkout.planned() == again
        drawn = f"results/{checkout.name}/figures/fig14_weekdays.csv"
        text, code = checkout.run("snakemake", "--cores", "1", "--", drawn)
        assert code == 0, text
        weekdays = pd.read_csv(checkout.folder / drawn)
        assert weekdays["accounts"].sum() == table(checkout, "timing/daily.tsv")["accounts"].sum()
    finally:
        for path in [*map(Path, files), *checkout.results.glob("figures/fig14_*")]:
            (checkout.folder / path).unlink(missing_ok=True)


@pytest.fixture
def copied(bundled, tmp_path):
    """The finished study once more, for a test to add to."""
    checkout, _ = bundled
    shutil.copytree(checkout.folder, tmp_path / "a copy", symlinks=True)
    return replace(checkout, folder=tmp_path / "a copy")


def test_a_subject_is_added_as_the_notebook_says(copied, your_turn):
    [subject] = re.findall(r"```yaml\n(  \w+:\n    title:.*?)\n```", your_turn, re.DOTALL)
    with (copied.folder / "config/narratives.yaml").open("a", encoding="utf-8") as stream:
        stream.write(f"{subject}\n")
    planned = copied.planned()
    assert {"narratives_subjects", "narratives_prevalence", "figure_subjects"} <= set(planned)
    assert {"narratives_granularity", "narratives_vectors"}.isdisjoint(planned)
    wanted = ("subjects", "prevalence", "calibration")
    targets = [f"results/{copied.name}/narratives/{name}.tsv" for name in wanted]
    text, code = copied.snakemake(*targets, "--cores", "1")
    assert code == 0, text
    added = subject.split(":")[0].strip()
    assert added in set(table(copied, "narratives/subjects.tsv")["subject"])
    prevalence = table(copied, "narratives/prevalence.tsv").query("month == 'all'")
    assert prevalence.loc[prevalence["subject"] == added, "posts"].max() > 100
    assert set(table(copied, "narratives/calibration.tsv")["holds"]) == {"no"}


def test_a_platform_is_added_as_the_notebook_says(copied, your_turn):
    [columns] = re.findall(r"```yaml\n(column_maps:.*?)\n```", your_turn, re.DOTALL)
    [row] = re.findall(r"```text\n(.*\tcsv:forum\t.*)\n```", your_turn)
    for name, added in ((f"studies/{copied.name}.yaml", columns), ("collections.tsv", row)):
        with (copied.folder / "config" / name).open("a", encoding="utf-8") as stream:
            stream.write(f"{added}\n")
    forum = copied.folder / "data/spamouflage-2021-synthetic/forum.csv"
    forum.write_text("post_no,author_no,author,body,written\n1,2,a,b,2021-10-01T00:00:00Z\n")
    # No other file is read again.
    assert copied.planned()["ingest_file"] == 1
    ledger, accounts = (
        f"results/{copied.name}/ingest/{name}" for name in ("ledger.tsv", "accounts.parquet")
    )
    text, code = copied.snakemake(ledger, accounts, "--cores", "1")
    assert code == 0, text
    read = table(copied, "ingest/ledger.tsv").set_index("file").loc["forum.csv"]
    assert read[["records", "kept", "quarantined"]].to_list() == [1, 1, 0]
    platforms = pd.read_parquet(copied.folder / accounts)["platform"].value_counts()
    assert platforms["forum"] == 1


def shuffled(text, name, chance):
    """The records of a raw file in another order; a header and broken lines stay whole."""
    if name.endswith(".json.xz"):
        page = json.loads(text)
        chance.shuffle(page["data"])
        return json.dumps(page, ensure_ascii=False)
    lines = text.splitlines()
    head = [] if name.endswith(".jsonl.xz") else [lines.pop(0)]
    chance.shuffle(lines)
    return "\n".join([*head, *(_page_shuffled(line, chance) for line in lines)]) + "\n"


def _page_shuffled(line, chance):
    try:
        page = json.loads(line)
    except ValueError:
        return line
    for name in ("items", "data", "errors"):
        if isinstance(page, dict) and isinstance(page.get(name), list):
            chance.shuffle(page[name])
    return json.dumps(page, ensure_ascii=False)


def shuffle_rows(folder):
    """Shuffle every raw file of a checkout's collection, and forget the old checksums."""
    listing = folder / "config/collections.tsv"
    rows = [line.split("\t") for line in listing.read_text(encoding="utf-8").splitlines()]
    chance = random.Random(5)
    for row in rows:
        if row[0] == "spamouflage-2021":
            path = folder / "data/spamouflage-2021-synthetic" / row[1]
            # As utf-16 and utf-8-sig, so that a mark at the beginning is none of the first cell.
            encoding = "utf-8-sig" if row[4] == "utf-8" else row[4]
            text = lzma.decompress(path.read_bytes()).decode(encoding)
            path.write_bytes(lzma.compress(shuffled(text, row[1], chance).encode(encoding)))
            row[6] = ""
    listing.write_text("\n".join("\t".join(row) for row in rows) + "\n", encoding="utf-8")


def comparable(file):
    """What of a result may not depend on the order of raw rows, as bytes."""
    if file.name in ("accounts.parquet", "posts.parquet"):
        rows = pd.read_parquet(file)
        return rows.drop(columns="source_row", errors="ignore").to_json(date_format="iso").encode()
    if file.name == "ledger.tsv":
        return pd.read_csv(file, sep="\t").drop(columns=["sha256", "bytes"]).to_csv().encode()
    if file.name == "quarantine.tsv":
        rows = pd.read_csv(file, sep="\t", dtype=str).drop(columns="row")
        return rows.sort_values(list(rows.columns)).to_csv(index=False).encode()
    return file.read_bytes()


def kill_within_ingest(checkout, targets):
    """Kill a run and its jobs while one of them writes rows of a raw file."""
    run = subprocess.Popen(
        ["snakemake", *targets, "--cores", "1"],
        cwd=checkout.folder,
        env=checkout.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    while not any(checkout.results.glob("ingest/**/.*.parquet.*")):
        assert run.poll() is None
        time.sleep(0.002)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()


# What raw rows reach themselves; all else follows from these.
ROWS = [
    *("ingest/accounts.parquet", "ingest/posts.parquet", "ingest/sightings.parquet"),
    *("ingest/ledger.tsv", "ingest/quarantine.tsv", "ingest/missingness.tsv"),
    *("ingest/snapshots.tsv", "ingest/websites.tsv", "ingest/seeds.tsv"),
]
SHOWN = (".tsv", ".csv", ".svg", ".png", ".pdf", ".tex")


def test_the_clock_of_the_planted_network_is_in_the_set_and_its_holidays_show(bundled):
    study, _ = bundled
    zones = table(study, "timing/zones.tsv")
    planted = zones[(zones["platform"] == "all") & zones["cities"].str.contains("Asia/Shanghai")]
    assert planted["in_set"].to_list() == ["yes"]
    holidays = table(study, "timing/holidays.tsv")
    found = holidays[(holidays["platform"] == "all") & (holidays["q"] <= 0.05)]
    assert found["country"].to_list() == ["CN"]
    shifts = table(study, "timing/shifts.tsv")
    parts = shifts.loc[shifts["platform"] == "all", "part"]
    assert parts.to_list() == ["shift", "break", "shift", "break", "shift"]


def test_waves_between_looks_weeks_apart_identify_no_ratio(bundled):
    study, _ = bundled
    row = table(study, "timing/replacement.tsv").iloc[0]
    assert row["status"].startswith("not identified: 0 waves of removals are dated")
    assert pd.isna(row["value"])
    claims = table(study, "counts/claims.tsv").set_index("claim")
    slogan = claims.loc["accounts that reappear for each suspended one"]
    assert slogan["verdict"] == "not testable"


def test_profiles_have_a_survival_of_their_own(bundled):
    study, _ = bundled
    survival = table(study, "timing/survival.tsv")
    rest = survival[(survival["unit"] == "profile") & (survival["status"] == "estimated")]
    assert set(rest["origin"]) == {"time since first seen"}
    assert (rest["survival"].diff().dropna() <= 0).all()


def test_timing_by_the_full_verdict_stands_apart(bundled):
    study, _ = bundled
    main, full = (
        table(study, f"timing/{part}bursts.tsv")["n"].max() for part in ("", "exploratory/")
    )
    assert full > main


def different(first, again, names):
    return [
        name
        for name in names
        if comparable(first.results / name) != comparable(again.results / name)
    ]


def test_shuffled_rows_on_one_core_after_a_kill_give_the_same_bytes(bundled, make_bundled):
    first, _ = bundled
    again = make_bundled()
    shuffle_rows(again.folder)
    targets = [f"results/{again.name}/{name}" for name in ROWS]
    kill_within_ingest(again, targets)
    text, code = again.snakemake(*targets, "--cores", "1")
    assert code == 0, text
    assert different(first, again, ROWS) == []


@pytest.mark.nightly
def test_another_clean_run_gives_the_same_bytes(bundled, make_bundled):
    first, again = bundled[0], make_bundled()
    text, code = again.run("make", "study")
    assert code == 0, text
    assert again.differing(first.bytes()) == set()


@pytest.mark.nightly
def test_a_whole_run_of_shuffled_rows_gives_the_same_bytes(bundled, make_bundled):
    first, again = bundled[0], make_bundled()
    shuffle_rows(again.folder)
    text, code = again.run("make", "study")
    assert code == 0, text
    # The manifest and the pages that show it have the checksums of the raw files.
    names = [name for name in files_of(first.results) if name.endswith(SHOWN)]
    assert len(names) > 150
    assert different(first, again, sorted({*names} - {"manifest.tsv"})) == []
