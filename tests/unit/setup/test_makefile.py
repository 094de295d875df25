"""What is typed behind `make` is known, or told."""

import os
import subprocess

import pytest


@pytest.fixture
def make(checkout):
    # As typed by hand: a make within `make test` says in which folder it is.
    alone = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}

    def run(*words):
        command = ["make", "--dry-run", *words]
        done = subprocess.run(command, cwd=checkout, env=alone, capture_output=True, text=True)
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("STDUY=x", "STDUY is no variable of this Makefile. Did you mean STUDY? Known: STUDY "),
        ("study=x", "study is no variable of this Makefile. Did you mean STUDY?"),
        ("Study=a b", "Study is no variable of this Makefile. Did you mean STUDY?"),
        ("STUDYY:=x", "STUDYY is no variable of this Makefile. Did you mean STUDY?"),
        ("ACOUNT=a_1", "Did you mean ACCOUNT?"),
        ("INPUT=5", "Did you mean INPUTS?"),
        ("LABEL=x", "Did you mean LABELS?"),
        ("HYDRASCOPE_RWA=/x", "Did you mean HYDRASCOPE_RAW?"),
        ("config=--cores 1", "config is no variable of this Makefile. Known: STUDY"),
        ("CORES=", "CORES is no variable of this Makefile. Known: STUDY"),
        ("it's=x", "it's is no variable of this Makefile."),
    ],
)
@pytest.mark.parametrize("target", ["study", "help"])
def test_an_unknown_variable_is_refused_with_the_near_one(make, target, word, said):
    code, out, err = make(target, "STUDY=s", word)
    assert code == 2 and out == ""
    assert said in err and len(err.splitlines()) == 1


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["STUDY=small"],
        ["STUDY=a study STDUY=x"],
        ["STUDY:=small", "INPUTS=5"],
        ["LABELS=/a/file = that"],
        ["ACCOUNT=a_1"],
        ["HYDRASCOPE_RAW=/some where/raw", "HYDRASCOPE_KEY=a long key"],
    ],
)
def test_known_variables_have_any_value(make, words):
    code, out, err = make("study", *words)
    assert code == 0 and err == "" and "snakemake" in out
