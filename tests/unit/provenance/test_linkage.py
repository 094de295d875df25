"""Whoever holds all public posts and profiles, and no key, names nobody out of an archive.

What the archive takes is held against what lay outside ingest/ before: of that the same
attacker names accounts by every clue there is.
"""

import re
import secrets
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import yaml
from attacker import CLUES, Attacker, outcome, read_tables

from hydrascope import io
from hydrascope.affiliation.calibrate import loaded
from hydrascope.affiliation.detect import Rule, detected_verdicts
from hydrascope.affiliation.edges import edge_table
from hydrascope.affiliation.evidence import evidence_table, weight_table
from hydrascope.affiliation.gaps import GAPS
from hydrascope.affiliation.signals import signal_tables
from hydrascope.figures.evidence import evidence_data
from hydrascope.figures.network import network_data
from hydrascope.ingest.pseudonyms import pseudonyms
from hydrascope.provenance.archive import shareable
from hydrascope.simulation.ingested import ingested
from hydrascope.simulation.world import draw_seeds, simulate
from hydrascope.texts.copies import copies_of
from hydrascope.texts.vectors import embed
from hydrascope.timing.daily import daily_creations

CHECKOUT = Path(__file__).parents[3]
SETTINGS = yaml.safe_load((CHECKOUT / "config/config.yaml").read_text(encoding="utf-8"))
RULE = {name: value for name, value in SETTINGS["detection"].items() if name not in GAPS}
WINDOWS = {name: SETTINGS["detection"][name] for name in GAPS}
# The world is small.
FEWEST = 3
SEED = 11
KEYED = "the studied accounts"


@pytest.fixture(scope="module")
def world():
    """Profiles and posts as a platform shows them: with native ids, and pictures."""
    made = simulate(seed=SEED, scale=0.03)
    accounts, posts = ingested(made)
    rng = np.random.default_rng(SEED)
    # Every other account has a picture, and some share theirs.
    faces = rng.integers(len(accounts), size=len(accounts))
    hashes = [f"{int(face) * 0x9E3779B97F4A7C15 % 2**64:016x}" for face in faces]
    accounts["picture_hash"] = [face if at % 2 else None for at, face in enumerate(hashes)]
    seeds = draw_seeds(made, rng, role="network", share=0.3)
    return SimpleNamespace(accounts=accounts, posts=posts, seeds=seeds["native_id"])


def studied(accounts, posts, seeds, folder):
    """What stages make of a collection, by the names that they had before and have now."""
    with loaded(accounts, posts) as base:
        signals = signal_tables(accounts, base, **WINDOWS)
        members = copies_of(base, min_jaccard=0.8, seed=SEED, beside=folder)[2].df()
    rule = Rule(**RULE, seed=SEED)
    kinds = accounts[["account_id", "platform", "unit"]]
    verdicts = detected_verdicts(kinds, signals, list(seeds), rule)
    edges = edge_table(
        signals, pd.Index(verdicts["account_id"]), most_holders=rule.most_holders, most_q=1.0
    )
    network = verdicts.loc[verdicts["verdict"] == "affiliated", "account_id"]
    own = posts[posts["account_id"].isin(network)].merge(members, on="post_id")
    made = accounts.dropna(subset="created_at")
    people = accounts[["account_id", "followers", "picture_hash"]]
    people = people.assign(created_at=accounts["created_at"].dt.floor("D"))
    private = {
        "texts/members.parquet": members,
        "narratives/network_posts.parquet": own[["post_id", "account_id", "posted_at", "family"]],
        "narratives/matched_posts.parquet": posts.merge(members, on="post_id")[
            ["account_id", "family"]
        ],
        "affiliation/edges.parquet": edges,
    }
    # A table of the user's own, as a notebook would write it.
    private |= {"own/people.csv": people}
    verdict = {"affiliation/accounts.tsv": verdicts}
    shared = {
        "affiliation/evidence.tsv": evidence_table(verdicts, link_q=rule.link_q),
        "affiliation/weights.tsv": weight_table(verdicts),
        "figures/fig03_network.csv": network_data(verdicts, edges, fewest=FEWEST),
        "figures/fig04_evidence.csv": evidence_data(verdicts, fewest=FEWEST),
        "timing/daily.tsv": daily_creations(made[made["account_id"].isin(network)]),
    }
    return private, verdict, shared


def written(tables, folder):
    for name, table in tables.items():
        if name.endswith(".parquet"):
            io.write_parquet(pa.Table.from_pandas(table, preserve_index=False), folder / name)
        else:
            io.write_table(table, folder / name)


def contents(folder, names):
    return {name: (folder / name).read_bytes() for name in names}


@pytest.fixture(scope="module")
def study(world, tmp_path_factory):
    """The study under a key that nobody else has, and the attacker's run without one."""
    key = secrets.token_bytes(32)
    accounts, posts = world.accounts.copy(), world.posts.copy()
    people = (accounts["platform"] + ":" + accounts["account_id"]).to_list()
    hidden = dict(
        zip(
            accounts["account_id"],
            pseudonyms("account", pa.array(people), key).to_pylist(),
            strict=True,
        )
    )
    truth = {hidden[native]: native for native in accounts["account_id"]}
    accounts["account_id"] = accounts["account_id"].map(hidden)
    posts["account_id"] = posts["account_id"].map(hidden)
    for column in ("post_id", "repost_of", "reply_to"):
        of = pa.array(posts["platform"] + ":" + posts[column], pa.string())
        posts[column] = pseudonyms("post", of, key).to_pylist()
    accounts, posts = accounts.sort_values("account_id"), posts.sort_values("post_id")
    folder = tmp_path_factory.mktemp("study")
    seeds = world.seeds.map(hidden)
    private, verdicts, shared = studied(accounts, posts, seeds, folder)
    again, theirs, _ = studied(world.accounts, world.posts, world.seeds, folder)
    rerun = {
        name: table.rename(columns={"account_id": "who"})
        for name, table in (again | theirs).items()
    }
    public = world.posts.rename(columns={"account_id": "who"})[["who", "posted_at", "text"]]
    profiles = world.accounts.rename(columns={"account_id": "who"})
    attacker = Attacker(
        profiles=profiles[
            ["who", "platform", "unit", "created_at", "followers", "picture_hash"]
        ].reset_index(drop=True),
        posts=public.assign(text=public["text"].fillna("")),
        rerun=rerun,
        embed=lambda texts: embed(texts, decimals=4),
    )
    before, now = folder / "before", folder / "now"
    written(private | verdicts | shared, before)
    written({f"ingest/{name}": table for name, table in private.items()} | verdicts | shared, now)
    # The user's own table lies where the user put it.
    written({name: table for name, table in private.items() if name.startswith("own/")}, now)
    everything = sorted(path.relative_to(now).as_posix() for path in now.rglob("*.*"))
    return SimpleNamespace(
        attacker=attacker,
        truth=truth,
        wanted=accounts.set_index("account_id")[["platform", "unit"]].sort_index(),
        before=contents(before, private | verdicts | shared),
        archive=contents(now, shareable(everything, now)),
        shared=set(shared),
    )


def test_the_archive_has_what_has_no_row_an_account(study):
    assert set(study.archive) == study.shared
    assert min(map(len, read_tables(study.archive).values())) > 0


@pytest.fixture(scope="module")
def named(study):
    """Who the attacker takes each pseudonym for, before and now, by clue."""
    return {when: study.attacker.named(getattr(study, when)) for when in ("before", "archive")}


def found(study, named, when, clue):
    rng = np.random.default_rng(SEED)
    held = named[when][clue]
    # Before, of those of whom a table speaks that gives the clue.
    wanted = study.wanted.loc[study.wanted.index.intersection(held)] if held else study.wanted
    return outcome(held, study.truth, wanted, study.attacker, rng)


@pytest.mark.parametrize("clue", CLUES)
def test_before_each_clue_named_accounts(study, named, clue):
    right, of, (low, _), rate = found(study, named, "before", clue)
    assert low > 3 * rate, f"{right} of {of} by {clue}, guessing {rate:.2%}"


@pytest.mark.parametrize("clue", CLUES)
def test_from_the_archive_no_clue_names_more_accounts_than_guessing(study, named, clue):
    right, of, (low, high), rate = found(study, named, "archive", clue)
    assert low <= rate, f"{right} of {of} by {clue} ({low:.2%} to {high:.2%}), guessing {rate:.2%}"
    assert high < 0.1


def test_rows_of_arrays_name_texts_and_no_array_leaves(study, tmp_path):
    attacker = replace(study.attacker, posts=study.attacker.posts[:200])
    forms = attacker.forms
    order = np.random.default_rng(SEED).permutation(len(forms))
    vectors = embed([forms[at] for at in order], decimals=4)
    arrays = {"vectors.npy": vectors, "groups.npy": np.zeros((2, len(forms)), int)}
    for name, array in arrays.items():
        io.write_array(array, tmp_path / name)
    told = attacker.rows_named(contents(tmp_path, arrays))
    right = sum(forms[at] == text for at, text in zip(order, told["vectors.npy"], strict=True))
    assert right > 0.9 * len(order)
    assert sorted(told["groups.npy"]) == forms
    assert shareable(arrays, tmp_path) == []


def test_no_rule_puts_what_only_programs_read_outside_ingest():
    rules = "".join(
        file.read_text(encoding="utf-8")
        for file in sorted((CHECKOUT / "workflow/rules").glob("*.smk"))
    )
    stored = re.findall(
        r'(?:results/\{+study\}+/|directory\("results/\{+study\}+/)([^"]+\.(?:parquet|npy)|[^".]+"\))',
        rules,
    )
    assert len(stored) > 50
    assert {name for name in stored if not name.startswith("ingest/")} == set()
