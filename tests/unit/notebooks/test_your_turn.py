"""What the fourth notebook shows to be typed, word for word."""

import json
import re
from pathlib import Path

import pytest

from hydrascope.errors import ConfigError
from hydrascope.narratives.codebook import load_codebook, load_stances

CHECKOUT = Path(__file__).parents[3]
CELLS = json.loads((CHECKOUT / "notebooks/04_your_turn.ipynb").read_text("utf-8"))["cells"]
TEXT = "\n".join("".join(cell["source"]) for cell in CELLS)


@pytest.fixture
def codebook(tmp_path):
    """The project's codebook with text behind it."""

    def write(more):
        path = tmp_path / "narratives.yaml"
        own = (CHECKOUT / "config/narratives.yaml").read_text("utf-8")
        path.write_text(f"{own.rstrip()}\n{more}\n", encoding="utf-8")
        return path

    return write


def shown():
    """The one example of a subject."""
    [block] = [
        block
        for block in re.findall(r"```yaml\n(.*?)\n```", TEXT, re.DOTALL)
        if "definition:" in block
    ]
    return block


def test_the_subject_has_as_many_lines_as_are_said_and_is_a_subject_of_the_codebook(codebook):
    assert "Six lines" in TEXT and len(shown().splitlines()) == 6
    before, _ = load_codebook(CHECKOUT / "config/narratives.yaml")
    path = codebook(shown())
    after, phrases = load_codebook(path)
    [new] = set(after["subject"]) - set(before["subject"])
    assert {*phrases.loc[phrases["subject"] == new, "language"]} == {*phrases["language"]}
    load_stances(path)


def test_a_phrase_of_two_subjects_is_refused_as_the_notebook_says(codebook):
    with pytest.raises(ConfigError, match="stands under the subject xinjiang too"):
        load_codebook(codebook(shown().replace("[recipe,", "[cotton pickers,")))


def test_the_rule_is_one_of_snakemake_with_a_script_and_a_caption_of_its_name():
    told = dict(re.findall(r"\*\*\d\.\*\* .*?`([^`]+)`.*?```\w+\n(.*?)\n```", TEXT, re.DOTALL))
    rule, script, caption = told.values()
    figure = re.search(r'FIGURES.append\("(\w+)"\)', rule)[1]
    assert f"workflow/report/{figure}.txt.j2" in told and f"figures/{figure}.csv" in caption
    assert f"rule figure_{figure.partition('_')[2]}:" in rule
    run = Path(re.search(r'script:\s+"(.+)"', rule)[1])
    assert f"workflow/scripts/{run.name}" in told
    compile(script, "script", "exec")
