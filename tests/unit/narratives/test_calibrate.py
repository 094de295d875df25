"""What is measured on simulated worlds belongs to the method that it was measured on."""

from copy import deepcopy
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from hydrascope.narratives.calibrate import (
    averaged,
    judged,
    narrative_digest,
    recovered,
    still_holding,
)
from hydrascope.narratives.codebook import load_codebook

CONFIG = Path(__file__).resolve().parents[3] / "config"
CODEBOOK = CONFIG / "narratives.yaml"
SETTINGS = yaml.safe_load((CONFIG / "config.yaml").read_text(encoding="utf-8"))


def test_a_setting_of_the_method_or_the_codebook_makes_it_another_method(tmp_path):
    before = narrative_digest(SETTINGS, CODEBOOK)
    changed = deepcopy(SETTINGS)
    changed["narratives"]["min_score"] += 0.01
    assert narrative_digest(changed, CODEBOOK) != before
    other = tmp_path / "narratives.yaml"
    other.write_text(CODEBOOK.read_text(encoding="utf-8").replace("Moderna", "Novavax"))
    assert narrative_digest(SETTINGS, other) != before


def test_a_setting_that_the_method_does_not_read_changes_nothing():
    changed = deepcopy(SETTINGS)
    changed["narratives"]["words"] += 1
    changed["texts"]["shards"] += 1
    assert narrative_digest(changed, CODEBOOK) == narrative_digest(SETTINGS, CODEBOOK)


def test_rates_of_another_method_do_not_hold():
    own = narrative_digest(SETTINGS, CODEBOOK)
    rates = pd.DataFrame({"measure": ["a", "b"], "finder": [own, "another"]})
    table = still_holding(rates, SETTINGS, CODEBOOK)
    assert table.to_dict("list") == {"measure": ["a", "b"], "holds": ["yes", "no"]}


def test_means_intervals_and_extremes_are_over_worlds():
    values = [0.9, 0.8, 1.0, 0.9]
    worlds = pd.DataFrame({"measure": "f", "part": "en", "value": [*values, np.nan]})
    row = averaged(worlds).iloc[0]
    assert (row["value"], row["least"], row["most"], row["worlds"]) == (
        pytest.approx(0.9),
        0.8,
        1.0,
        4,
    )
    # Student's t with three degrees of freedom, by hand.
    half = 3.182446 * np.std(values, ddof=1) / 2
    assert row["low"] == pytest.approx(0.9 - half, abs=1e-5)
    assert row["high"] == pytest.approx(0.9 + half, abs=1e-5)


@pytest.mark.parametrize(("least", "low"), [(0.0, 0.0), (-0.02, -0.133041)])
def test_an_interval_ends_at_nothing_only_where_no_world_lies_below(least, low):
    worlds = pd.DataFrame({"measure": "m", "part": "all", "value": [least, 0.1, 0.0]})
    # Student's t with two degrees of freedom, by hand.
    assert averaged(worlds).iloc[0]["low"] == pytest.approx(low, abs=1e-5)


def test_what_was_judged_names_every_kind_of_figure_once():
    score = pd.DataFrame(
        [
            ("macro f1", "all", "Hans", "all", 0.9, 8),
            ("f1", "all", "all", "taiwan", 0.7, 8),
            ("macro f1", "zh", "all", "all", 0.6, 8),
        ],
        columns=["measure", "language", "script", "subject", "value", "n"],
    )
    stability = pd.DataFrame(
        {"perturbation": ["seed"], "fits": [20], "ari_all": [0.8], "ari_without_outliers": [0.9]}
    )
    persisting = pd.DataFrame({"topic": [0, 1], "jaccard": [1.0, 0.5], "low": [1.0, 0.2]})
    quality = pd.DataFrame(
        [("topics", "all", "topics", 2.0), ("nmf", "en", "npmi", 0.1)],
        columns=["method", "language", "measure", "value"],
    )
    groups = np.array([[0, 0, 1, -1], [0, 0, 1, 1]])
    planted = pd.Series(["a", "a", "b", "b"])
    table = judged(score, stability, persisting, quality, groups, planted)
    assert not table.duplicated(["measure", "part"]).any()
    assert table.set_index(["measure", "part"])["value"].to_dict() == {
        ("macro f1", "Hans"): 0.9,
        ("ari_all", "seed"): 0.8,
        ("ari_without_outliers", "seed"): 0.9,
        ("persistence, mean of topics", "all"): 0.75,
        ("persistence, least topic", "all"): 0.5,
        ("topics", "all"): 2.0,
        ("npmi of nmf", "en"): 0.1,
        # The family between topics is left out; the others agree.
        ("agreement with what was planted, NMI", "all"): 1.0,
        ("agreement with what was planted, ARI", "all"): 1.0,
    }


def world(rng, subjects, sizes):
    """Posts around one direction a subject, which the phrases point to as well."""
    axes = np.eye(len(subjects) + 1, 40, dtype=np.float32)
    rows = [(name, axis) for name, axis in zip([*subjects, "noodles"], axes, strict=True)]
    texts, vectors, narratives = [], [], []
    for name, axis in rows:
        for number in range(sizes):
            texts.append(f"about {name} number {number}")
            own = axis + rng.normal(0, 0.05, 40).astype(np.float32)
            vectors.append(own / np.linalg.norm(own))
            narratives.append(name)
    return texts, np.array(vectors), narratives, axes


@pytest.mark.nightly
def test_planted_subjects_are_recovered_and_what_is_off_topic_is_not_coded():
    subjects, phrases = load_codebook(CODEBOOK)
    names = list(subjects["subject"][:4])
    phrases = phrases[phrases["subject"].isin(names)].reset_index(drop=True)
    texts, vectors, narratives, axes = world(np.random.default_rng(8), names, 60)
    number = [str(place) for place in range(len(texts))]
    posts = pd.DataFrame({"post_id": number, "account_id": "a", "platform": "x", "text": texts})
    posts["native_id"] = posts["post_id"]
    families = pd.DataFrame({"family": number, "text": texts, "language": "en"})
    members = pd.DataFrame({"post_id": number, "family": number})
    truth = pd.DataFrame({"platform": "x", "post": number, "narrative": narratives})
    phrase_vectors = axes[[names.index(subject) for subject in phrases["subject"]]]
    table = recovered(
        posts,
        truth,
        (families, members, vectors),
        (subjects[subjects["subject"].isin(names)], phrases, phrase_vectors),
        settings={**SETTINGS["narratives"], "refits": 2, "min_topic_families": 10},
        seed=3,
    ).set_index(["measure", "part"])["value"]
    assert table["macro f1", "Latn"] > 0.95
    assert table["off-topic share coded", "Latn"] < 0.05
    assert table["ari_without_outliers", "resample"] > 0.95
    assert table["topics", "all"] == 5
