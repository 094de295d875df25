"""The generator and the methods know nothing of each other."""

import ast
import re
from itertools import chain
from pathlib import Path

import yaml

CHECKOUT = Path(__file__).parents[3]
PACKAGE = CHECKOUT / "workflow/hydrascope"
GENERATOR = sorted((PACKAGE / "simulation").rglob("*.py"))
METHODS = [
    path
    for stage in ("texts", "affiliation", "narratives", "timing", "counts")
    for path in sorted((PACKAGE / stage).rglob("*.py"))
]
# What units and arithmetic bring: small whole numbers, halves, tenths, four fifths, powers of ten
# and of two, bits of a number, seconds in a minute, an hour, a day; and code points of letters.
# 0.97 is the most that a planted share may be there, and an agreement that is asked for here.
COMMON = {*range(21), 0.5, 0.1, 0.8, 24, 32, 60, 64, 100, 255, 1_000, 10_000, 3_600, 86_400, 10**6}
COMMON |= {0.97, 31, ord("Z"), ord("ª")}
RUN_ZH, RUN_EN = 4, 3


def constants(paths):
    """Numbers and longer texts that stand in code, less documentation."""
    numbers, texts = set(), set()
    for path in paths:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        said = {
            id(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and id(node) not in said:
                if isinstance(node.value, str):
                    texts.add(node.value)
                elif isinstance(node.value, int | float) and not isinstance(node.value, bool):
                    numbers.add(float(node.value))
    return numbers - {float(number) for number in COMMON}, texts


def scalars(value):
    if isinstance(value, dict):
        return chain.from_iterable(scalars(one) for one in value.values())
    if isinstance(value, list):
        return chain.from_iterable(map(scalars, value))
    return iter([value])


def imports(paths):
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                yield path, node.module or ""


def test_neither_imports_the_other():
    assert not [
        path for path, module in imports(METHODS) if module.startswith("hydrascope.simulation")
    ]
    stages = ("texts", "affiliation", "narratives", "timing", "counts", "ingest")
    named = tuple(f"hydrascope.{stage}" for stage in stages)
    assert not [path for path, module in imports(GENERATOR) if module.startswith(named)]


def test_they_share_no_number_but_units():
    config = yaml.safe_load((CHECKOUT / "config/config.yaml").read_text(encoding="utf-8"))
    settings = {
        float(value)
        for name in ("texts", "detection", "narratives", "timing")
        for value in scalars(config[name])
        if isinstance(value, int | float)
    } - {float(number) for number in COMMON}
    generator, methods = constants(GENERATOR)[0], constants(METHODS)[0]
    assert len(generator) > 50
    assert generator & (methods | settings) == set()


def test_they_share_no_pattern_and_no_list():
    generator, methods = constants(GENERATOR)[1], constants(METHODS)[1]
    # Names of columns, platforms and languages are the contract that both obey.
    both = {
        text
        for text in generator & methods
        if not re.fullmatch(r"[a-z_]+|%Y-%m-%d|zh-Han[st]|utf-8|UTC", text)
    }
    assert {text for text in both if len(text) > 2} == set()


def phrases(path):
    return " \n ".join(
        str(value) for value in scalars(yaml.safe_load(path.read_text(encoding="utf-8")))
    ).lower()


def runs(text):
    """Every run of four Chinese characters and of three words."""
    for stretch in re.findall(r"[\u3400-\u9fff]+", text):
        yield from (stretch[at : at + RUN_ZH] for at in range(len(stretch) - RUN_ZH + 1))
    for line in text.splitlines():
        words = re.findall(r"[a-z']+", line)
        yield from (" ".join(words[at : at + RUN_EN]) for at in range(len(words) - RUN_EN + 1))


def test_word_lists_and_codebook_share_no_phrase():
    codebook = yaml.safe_load((CHECKOUT / "config/narratives.yaml").read_text(encoding="utf-8"))
    known = set(runs(" \n ".join(map(str, scalars(codebook))).lower()))
    lists = set(
        chain.from_iterable(runs(phrases(path)) for path in (PACKAGE / "simulation").glob("*.yaml"))
    )
    assert len(known) > 100
    assert known & lists == set()


def test_composed_texts_and_codebook_share_no_phrase_either():
    import numpy as np

    from hydrascope.simulation.texts import draw_message, say

    codebook = yaml.safe_load((CHECKOUT / "config/narratives.yaml").read_text(encoding="utf-8"))
    known = set(
        chain.from_iterable(
            runs(str(phrase).lower())
            for subject in codebook["subjects"].values()
            for phrase in (*subject["zh"], *subject["en"])
        )
    )
    rng = np.random.default_rng(1)
    subjects = ["xinjiang", "guo_wengui", "covid_origin", "vaccines", "taiwan", "hong_kong"]
    subjects += ["united_states", "achievements", "food", "travel"]
    for subject in subjects:
        for _ in range(400):
            message = draw_message(rng, subject, "for")
            for language in ("zh-Hans", "en"):
                assert not known.intersection(runs(say(message, language).lower()))
