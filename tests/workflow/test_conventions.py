"""What keeps the repository readable: one shape, checked."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
import yaml

CHECKOUT = Path(__file__).parents[2]
SCRIPTS = sorted((CHECKOUT / "workflow/scripts").glob("*.py"))
RULES = CHECKOUT / "workflow/rules"
STAGES = [
    "ingest",
    "texts",
    "affiliation",
    "narratives",
    "timing",
    "counts",
    "figures",
    "notebooks",
    "report",
    "provenance",
    "verify",
]


def tracked():
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=CHECKOUT, check=True, capture_output=True, text=True
    )
    return [CHECKOUT / name for name in listing.stdout.split("\0") if name]


def rule_bodies():
    files = [*sorted(RULES.glob("*.smk")), CHECKOUT / "workflow/calibrate.smk"]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    return dict(re.findall(r"^ *rule (\w+):\n((?:(?! *rule )(?: .*)?\n)+)", text + "\n", re.M))


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["snakefmt", "--check", "Snakefile", "workflow/rules", "workflow/calibrate.smk"],
    ],
    ids=" ".join,
)
def test_is_clean(command):
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_snakemake_finds_nothing_to_complain_about():
    done = subprocess.run(["snakemake", "--lint"], cwd=CHECKOUT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_stages_have_one_name_and_one_order_everywhere():
    included = re.findall(r'^include: "workflow/rules/(\w+)\.smk"', _snakefile(), re.M)
    assert included == STAGES
    assert {file.stem for file in RULES.glob("*.smk")} == set(STAGES)
    packages = {
        file.parent.name for file in (CHECKOUT / "workflow/hydrascope").glob("*/__init__.py")
    }
    # The generator of simulated collections is no stage of a study.
    assert packages == {*STAGES, "simulation"}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_an_adapter_is_short_and_holds_no_function(script):
    tree = ast.parse(script.read_text(encoding="utf-8"))
    body = [node for node in tree.body if not isinstance(node, ast.Import | ast.ImportFrom)]
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    assert body[-1].end_lineno - body[1].lineno < 30


def test_every_rule_with_a_script_carries_the_digest_of_that_script():
    rules = {name: body for name, body in rule_bodies().items() if "script:" in body}
    assert len(rules) == len(SCRIPTS)
    for name, body in rules.items():
        script = re.search(r"scripts/(\w+)\.py", body)[1]
        assert f'code=code_digest("{script}")' in body, name
        assert "log:" in body, name


def test_no_script_reads_the_configuration():
    assert not [path.name for path in SCRIPTS if "snakemake.config" in path.read_text()]


def test_the_package_does_not_know_snakemake():
    for path in (CHECKOUT / "workflow/hydrascope").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in getattr(node, "names", [])]
            assert "snakemake" not in [*names, getattr(node, "module", None)], path


def test_every_public_function_has_a_docstring():
    for path in (CHECKOUT / "workflow/hydrascope").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), path
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_":
                assert ast.get_docstring(node), f"{path}: {node.name}"


def test_every_setting_is_described():
    def undescribed(schema, path=""):
        for name, entry in schema.get("properties", {}).items():
            if not entry.get("description"):
                yield path + name
            yield from undescribed(entry, f"{path}{name}.")

    schema = yaml.safe_load((CHECKOUT / "config/schema.yaml").read_text(encoding="utf-8"))
    parts = schema["$defs"].values()
    assert [name for part in parts for name in undescribed(part)] == []


def test_no_file_names_a_machine_or_a_package_index():
    private = re.compile(r"(?<![\w.])/(?:root|home|work|opt)/|p[y]pi\.o|/simple/")
    found = {
        path.relative_to(CHECKOUT).as_posix()
        for path in tracked()
        if path.is_file() and private.search(path.read_text(encoding="utf-8", errors="ignore"))
    }
    # These check for such names, and so hold them.
    assert found <= {"tests/workflow/test_conventions.py", "tests/unit/setup/test_lock.py"}


def test_nothing_is_committed_where_the_workflow_writes():
    written = {"results", "logs", "cache", ".snakemake", ".hydrascope"}
    assert not [path for path in tracked() if path.relative_to(CHECKOUT).parts[0] in written]


def _snakefile():
    return (CHECKOUT / "Snakefile").read_text(encoding="utf-8")
