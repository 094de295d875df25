import ast
import json
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[3]
STORED = sorted((CHECKOUT / "notebooks").glob("*.ipynb"))
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)

pytestmark = pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def code_of(path):
    return [cell for cell in read(path)["cells"] if cell["cell_type"] == "code"]


def trees(path):
    return [ast.parse("".join(cell["source"])) for cell in code_of(path)]


def test_it_is_stored_without_outputs_and_without_a_trace_of_a_run(path):
    assert code_of(path)
    for cell in code_of(path):
        assert cell["outputs"] == [] and cell["execution_count"] is None
        assert set(cell["metadata"]) <= {"tags"}


def test_it_names_its_language(path):
    # Without it the notebook cannot be run by a workflow.
    assert read(path)["metadata"]["language_info"]["name"] == "python"


def test_it_holds_no_logic_of_its_own(path):
    nodes = [node for tree in trees(path) for node in ast.walk(tree)]
    assert not [node for node in nodes if isinstance(node, DEFINITIONS)]


def test_it_reads_finished_results_through_one_door(path):
    imported = set()
    for tree in trees(path):
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                imported |= {name.name for name in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(node.module)
    assert imported == {"hydrascope.notebooks.results"}


def test_no_cell_runs_a_command(path):
    lines = [line for cell in code_of(path) for line in "".join(cell["source"]).splitlines()]
    assert not [line for line in lines if line.lstrip().startswith(("!", "%"))]


def test_one_cell_holds_the_study_and_it_is_the_first(path):
    tagged = ["parameters" in cell["metadata"].get("tags", []) for cell in code_of(path)]
    assert tagged == [True] + [False] * (len(tagged) - 1)
    [assignment] = trees(path)[0].body
    assert [target.id for target in assignment.targets] == ["study"]
    assert (CHECKOUT / f"config/studies/{assignment.value.value}.yaml").is_file()


def test_the_code_that_it_invites_to_try_is_python(path):
    markdown = ["".join(c["source"]) for c in read(path)["cells"] if c["cell_type"] == "markdown"]
    invited = [part for text in markdown for part in text.split("```python\n")[1:]]
    assert invited, "a notebook asks its reader to try something"
    for part in invited:
        code = part.split("```")[0]
        # A rule of Snakemake's is Python below its first keyword only.
        assert code.startswith("FIGURES.append") or ast.parse(code)


def test_it_opens_with_what_it_answers(path):
    first = read(path)["cells"][0]
    assert first["cell_type"] == "markdown"
    assert "".join(first["source"]).startswith(f"# {int(path.stem[:2])}. ")
    assert "?" in "".join(first["source"])


def test_the_answer_to_each_exercise_is_hidden(path):
    markdown = ["".join(c["source"]) for c in read(path)["cells"] if c["cell_type"] == "markdown"]
    asked = [text for text in markdown if text.startswith("**Try it.**")]
    assert asked
    assert all(text.count("<details><summary>Answer</summary>") == 1 for text in asked)
