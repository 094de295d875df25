"""The real study, from raw files to a report, in a fresh checkout."""

import os

import pandas as pd

LARGEST_DAYS = {
    "2019-12-08": 106,
    "2020-01-09": 105,
    "2020-01-14": 88,
    "2019-12-07": 72,
    "2020-01-13": 71,
}


def table(study, name):
    return pd.read_csv(study.results / name, sep="\t")


def test_the_counts_are_those_of_the_release(study):
    counts = table(study, "counts/platforms.tsv").iloc[0]
    assert (counts["collected"], counts["affiliated"], counts["undetermined"]) == (926, 926, 0)
    posts = pd.read_parquet(study.results / "ingest/posts.parquet")
    assert len(posts) == 21_385
    assert posts["account_id"].nunique() == 455


def test_the_largest_days_are_those_of_the_release(study):
    days = table(study, "timing/largest_days.tsv")
    assert dict(zip(days["day"], days["accounts"], strict=True)) == LARGEST_DAYS


def test_the_largest_days_of_the_release_lie_in_bursts(study):
    bursts = table(study, "timing/bursts.tsv")
    found = bursts[(bursts["status"] == "burst") & (bursts["q"] <= 0.05)]
    for day in LARGEST_DAYS:
        assert ((found["start"] <= day) & (day <= found["end"])).any(), day


def test_hours_of_creation_are_refused_and_hours_of_posts_are_not(study):
    hours = table(study, "timing/hours.tsv").set_index(["of", "estimate"])
    assert hours.loc[("creations", "common hours"), "status"] == "not identified: day precision"
    assert hours.loc[("posts", "common hours"), "q"] <= 0.001
    zones = table(study, "timing/zones.tsv").set_index("in_set")["cities"]
    assert zones.loc[["yes"]].str.contains("Asia/Bangkok").any()


def test_without_removals_replacement_and_survival_are_not_identified(study):
    for name in ("replacement", "survival", "hazards"):
        assert table(study, f"timing/{name}.tsv")["status"].str.startswith("not identified").all()


def test_every_account_of_the_network_has_an_outcome_for_its_date(study):
    assert table(study, "timing/dates.tsv")["accounts"].sum() == 926


def test_every_creation_is_counted_once(study):
    daily = table(study, "timing/daily.tsv")
    assert daily["accounts"].sum() == 926
    assert pd.to_datetime(daily["day"]).diff().dropna().eq(pd.Timedelta(days=1)).all()


def test_six_published_numbers_are_reproduced_and_the_press_count_differs_by_one(study):
    claims = table(study, "counts/claims.tsv").set_index("claim")
    differs = claims[claims["verdict"] != "reproduced"]
    assert len(claims) == 7
    assert list(differs.index) == ["posts, as the press counted"]
    assert differs.iloc[0]["difference"] == -1


def test_the_ledger_accounts_for_every_record(study):
    ledger = table(study, "ingest/ledger.tsv")
    assert list(ledger["records"]) == [926, 21_385]
    total = ledger["kept"] + ledger["duplicate"] + ledger["quarantined"]
    assert (ledger["records"] == total).all()


def test_topics_and_outliers_and_wordless_posts_are_all_posts(study):
    topics = table(study, "narratives/topics.tsv")
    quality = table(study, "narratives/quality.tsv").query("language == 'all'")
    quality = quality.set_index("measure")["value"]
    assert topics["posts"].sum() + quality["posts without words"] == 21_385


def test_every_topic_of_the_thai_release_has_thai_words(study):
    topics = table(study, "narratives/topics.tsv")
    words = topics.loc[topics["topic"] >= 0, "words"].fillna("")
    assert len(words) >= 3
    assert words.str.contains(r"[\u0e00-\u0e7f]").all()


def test_the_topics_of_the_thai_release_hold(study):
    stability = table(study, "narratives/stability.tsv").set_index("perturbation")
    assert list(stability.index) == ["seed", "row order", "resample"]
    assert (stability["fits"] == 20).all()
    assert (stability["ari_without_outliers"] >= 0.95).all()
    assert (stability["ari_all"] >= 0.85).all()


def test_a_codebook_without_thai_phrases_codes_no_thai(study):
    families = pd.read_parquet(study.results / "ingest/narratives/families.parquet")
    thai = families.loc[families["language"] == "th", "family"]
    coded = pd.read_parquet(study.results / "ingest/narratives/coded.parquet")
    assert len(thai) > 10_000
    assert set(coded.loc[coded["family"].isin(thai), "subject"]) == {"uncoded"}
    assert set(table(study, "narratives/subjects.tsv")["subject"]) == {"uncoded"}


def test_what_the_release_cannot_answer_is_not_identified_and_why(study):
    contrast = table(study, "narratives/contrast.tsv")
    assert set(contrast["status"]) == {"not identified: no account with a post is unaffiliated"}
    first = table(study, "narratives/first_posts.tsv")
    assert set(first["status"]) == {
        "not identified: no account with a post was created at a known minute"
    }


def test_no_native_id_name_or_readable_post_leaves_ingest(study):
    accounts = pd.read_parquet(study.results / "ingest/accounts.parquet")
    secrets = {*accounts["native_id"], *accounts["display_name"], *accounts["handle"]}
    for file in study.results.rglob("*"):
        if file.is_file() and "ingest" not in file.parts:
            held = file.read_bytes()
            assert not [secret for secret in secrets if secret.encode() in held], file


def test_a_second_run_has_nothing_to_do(study):
    text, code = study.make("study")
    assert code == 0
    assert "Nothing to be done" in text


def test_a_touched_raw_file_runs_nothing(study):
    os.utime(study.raw / "thailand_092020_tweets_csv_hashed.zip")
    assert study.planned() == {}


def test_the_raw_files_missing_takes_one_line_to_say(make_checkout):
    checkout = make_checkout()
    text, code = checkout.make("study", HYDRASCOPE_RAW="nowhere")
    said = [line for line in text.splitlines() if "thailand_092020_users" in line]
    assert code != 0
    assert len(said) == 1
    assert "HYDRASCOPE_RAW" in said[0]
    assert "Traceback" not in text


def test_a_changed_raw_file_is_refused(make_checkout):
    checkout = make_checkout()
    users = checkout.raw / "thailand_092020_users_csv_hashed.csv"
    users.write_bytes(users.read_bytes().replace(b"2019-12-08", b"2019-12-09", 1))
    text, code = checkout.snakemake("--until", "ingest_file")
    assert code != 0
    assert "thailand_092020_users_csv_hashed.csv: found sha256" in text


def test_verify_passes_on_the_study_and_names_a_changed_number(study):
    text, code = study.make("verify")
    assert code == 0, text
    path = study.results / "counts/platforms.tsv"
    before, times = path.read_bytes(), path.stat()
    path.write_bytes(before.replace(b"926", b"927", 1))
    text, code = study.make("verify")
    path.write_bytes(before)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert code != 0
    assert "row 1, column collected: found '927', expected '926'" in text


def test_a_damaged_result_is_kept_aside_and_made_again(study):
    names = ["counts/platforms.tsv", "figures/fig02_accounts.svg", "report.html", "manifest.tsv"]
    before = {name: (study.results / name).read_bytes() for name in names}
    path = study.results / names[0]
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    text, code = study.make("study")
    assert code == 0, text
    aside = f".hydrascope/changed/results/{study.name}/{names[0]}"
    assert f"results/{study.name}/{names[0]} is not what its job wrote: moved to {aside}" in text
    assert (study.folder / aside).read_bytes().endswith(b"x")
    assert {name: (study.results / name).read_bytes() for name in names} == before
