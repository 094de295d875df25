"""The digest of the code behind a rule, on a toy package written for each test."""

import os
import shutil
import subprocess

import pytest

from hydrascope import digest
from hydrascope.digest import PACKAGE, code_digest, reached_modules, rule_digest

# two scripts; only `first` reaches far.py, by way of near.py
FILES = {
    "scripts/first.py": "from toy.stage import near\nnear.run()\n",
    "scripts/second.py": "import toy.other\ntoy.other.run()\n",
    "toy/__init__.py": '"""Toy."""\n',
    "toy/stage/__init__.py": "",
    "toy/stage/near.py": "from ..far import give\n\n\ndef run():\n    return give()\n",
    "toy/far.py": 'def give():\n    """Give."""\n    return 1\n',
    "toy/other.py": "def run():\n    return 2\n",
    "toy/lonely.py": "def run():\n    return 3\n",
}
ALL = {"first", "second"}


@pytest.fixture
def digests(tmp_path):
    """Write the toy with some files replaced; give the digest of each script."""

    def write_and_digest(**edits):
        root = tmp_path / str(len(list(tmp_path.iterdir())))
        for name, text in {**FILES, **edits.pop("files", {})}.items():
            file = root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return {
            name: code_digest(name, scripts=root / "scripts", package=root / "toy") for name in ALL
        }

    return write_and_digest


def changed(before, after):
    return {name for name in before if before[name] != after[name]}


def test_the_folder_of_the_checkout_is_not_in_the_digest(digests):
    assert digests() == digests()


def test_a_digest_is_sixteen_hexadecimal_digits(digests):
    assert {len(digest) for digest in digests().values()} == {16}
    assert all(int(digest, 16) >= 0 for digest in digests().values())


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("toy/far.py", 'def give():\n    """Give."""\n    return 1  # one\n'),
        ("toy/far.py", '"""New."""\n\ndef give():\n    """Other words."""\n    return 1\n'),
        ("toy/far.py", "def give():\n    return 1\n"),
        ("toy/far.py", "\n\ndef give(): return (\n    1\n)\n"),
        ("toy/__init__.py", '"""Other."""\n'),
        ("toy/__init__.py", "# nothing\n"),
        ("scripts/first.py", '"""Do."""\nfrom toy.stage import (\n    near,\n)\n\nnear.run()\n'),
    ],
)
def test_comments_docstrings_and_layout_change_nothing(digests, file, text):
    assert digests() == digests(files={file: text})


@pytest.mark.parametrize(
    ("file", "text", "scripts"),
    [
        ("toy/far.py", 'def give():\n    """Give."""\n    return 2\n', {"first"}),
        ("toy/far.py", 'def give(x=1):\n    """Give."""\n    return 1\n', {"first"}),
        ("toy/far.py", 'def give():\n    return 1\n\n\nLIMIT = "a"\n', {"first"}),
        ("toy/stage/__init__.py", "X = 1\n", {"first"}),
        ("toy/other.py", "def run():\n    return 4\n", {"second"}),
        ("toy/__init__.py", "X = 1\n", ALL),
        ("toy/lonely.py", "def run():\n    return 4\n", set()),
        ("scripts/second.py", "import toy.other\ntoy.other.run(1)\n", {"second"}),
        # a text that is no docstring is code
        ("toy/other.py", "def run():\n    x = 'text'\n    return 2\n", {"second"}),
    ],
)
def test_an_edit_changes_the_scripts_that_reach_it_and_no_other(digests, file, text, scripts):
    assert changed(digests(), digests(files={file: text})) == scripts


def test_a_docstring_that_the_code_reads_is_still_no_code(digests):
    # stated in the module: docstrings do not count
    before = digests(files={"toy/other.py": 'def run():\n    """a"""\n    return run.__doc__\n'})
    after = digests(files={"toy/other.py": 'def run():\n    """b"""\n    return run.__doc__\n'})
    assert before == after


@pytest.mark.parametrize(
    "text",
    [
        "import toy.far\n",
        "import toy.far as f\n",
        "from toy import far\n",
        "from toy.far import give\n",
        "from toy.far import give as g\n",
        "from . import far\n",
        "from .far import give\n",
        "def later():\n    from toy.far import give\n    return give\n",
        "if True:\n    import os, toy.far\n",
        "try:\n    from .far import give\nexcept ImportError:\n    pass\n",
    ],
)
def test_every_way_to_import_a_module_is_found(digests, text):
    base = {"toy/other.py": text}
    edited = {**base, "toy/far.py": "def give():\n    return 9\n"}
    assert changed(digests(files=base), digests(files=edited)) == ALL


@pytest.mark.parametrize(
    "text",
    ["from .. import far\n", "from ..far import give\n", "from ..stage import near\n"],
)
def test_a_relative_import_in_a_package_counts_from_that_package(digests, text):
    base = {"scripts/second.py": "import toy.deep\n", "toy/deep/__init__.py": text}
    edited = {**base, "toy/far.py": "def give():\n    return 9\n"}
    assert changed(digests(files=base), digests(files=edited)) == ALL


def test_reached_modules_are_these_files(tmp_path, digests):
    digests()
    root = tmp_path / "0"
    reached = reached_modules(root / "scripts" / "first.py", root / "toy")
    assert [file.relative_to(root).as_posix() for file in reached] == [
        "scripts/first.py",
        "toy/__init__.py",
        "toy/far.py",
        "toy/stage/__init__.py",
        "toy/stage/near.py",
    ]


def test_modules_that_import_each_other_end(digests):
    files = {"toy/far.py": "import toy.other\n", "toy/other.py": "import toy.far\n"}
    assert changed(digests(), digests(files=files)) == ALL


def test_a_name_that_begins_like_the_package_is_another_library(tmp_path, digests):
    digests(files={"toy/other.py": "import toybox\nimport toy_far\n"})
    root = tmp_path / "0"
    reached = reached_modules(root / "scripts" / "second.py", root / "toy")
    assert [file.name for file in reached] == ["second.py", "__init__.py", "other.py"]


def test_the_version_of_a_library_counts_where_it_is_imported(digests, monkeypatch):
    numpy = {"toy/other.py": "import numpy\n"}
    before = digests(files=numpy)
    monkeypatch.setattr("hydrascope.digest._versions", lambda module: f"{module}-99")
    after = digests(files=numpy)
    assert changed(before, after) == {"second"}


@pytest.mark.parametrize("python", ["python3.11", "python3.12", "python3.13"])
def test_the_digest_is_the_same_in_every_python_that_the_project_runs_on(tmp_path, digests, python):
    # scores are committed with a digest and would be stale on the next Python otherwise
    here = digests()
    root = tmp_path / "0"
    program = (
        "import sys; from pathlib import Path; from hydrascope.digest import code_digest; "
        "root = Path(sys.argv[1]); "
        "print(code_digest('first', scripts=root / 'scripts', package=root / 'toy'))"
    )
    environ = {**os.environ, "PYTHONPATH": str(PACKAGE.parent), "PYTHONDONTWRITEBYTECODE": "1"}
    if (
        not shutil.which(python)
        or subprocess.run([python, "-c", ""], capture_output=True).returncode
    ):
        pytest.skip(f"no {python} on this machine")
    there = subprocess.run(
        [python, "-c", program, str(root)], env=environ, capture_output=True, text=True, check=True
    )
    assert there.stdout.strip() == here["first"]


DATA = {
    "toy/far.py": 'from pathlib import Path\nLIST = Path(__file__).with_name("words.yaml")\n',
    "toy/words.yaml": "a: 1\n",
    "toy/other.py": 'STYLE = "looks/style.mplstyle"\n',
    "toy/looks/style.mplstyle": "x: 1\n",
    "toy/nobodys.yaml": "a: 1\n",
}


@pytest.fixture
def rule_digests(tmp_path):
    """As `digests`, with all that decides what a rule makes."""

    def write_and_digest(**files):
        root = tmp_path / f"r{len(list(tmp_path.iterdir()))}"
        for name, text in {**FILES, **DATA, **files}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        places = {"scripts": root / "scripts", "package": root / "toy"}
        return {name: (rule_digest(name, **places), code_digest(name, **places)) for name in ALL}

    return write_and_digest


@pytest.mark.parametrize(
    ("file", "scripts"),
    [
        ("toy/words.yaml", {"first"}),
        ("toy/looks/style.mplstyle", {"second"}),
        ("toy/nobodys.yaml", set()),
    ],
)
def test_a_file_of_the_package_counts_where_it_is_named(rule_digests, file, scripts):
    before, after = rule_digests(), rule_digests(**{file: "b: 2\n"})
    assert changed(before, after) == scripts
    # A calibration is of the code alone.
    assert [one for _, one in before.values()] == [one for _, one in after.values()]


def test_the_style_of_the_figures_counts_for_figures_and_the_word_lists_for_no_study(monkeypatch):
    def after(name):
        digest._texts.cache_clear()
        monkeypatch.setattr(
            digest,
            "_data",
            lambda file, package: {p for p in real(file, package) if p.name != name},
        )
        return {one: rule_digest(one) for one in ("figure_accounts", "report", "ingest_file")}

    real = digest._data
    before = after("")
    assert changed(before, after("style.mplstyle")) == {"figure_accounts"}
    assert before == after("words.yaml")


def test_python_counts_for_rules_and_not_for_calibrations(rule_digests, monkeypatch):
    before = rule_digests()
    monkeypatch.setattr(digest.platform, "python_version", lambda: "3.99.1")
    after = rule_digests()
    assert changed(before, after) == ALL
    assert [one for _, one in before.values()] == [one for _, one in after.values()]


@pytest.mark.parametrize(
    ("text", "package"),
    [
        ('from importlib import resources\nZONES = resources.files("tzdata")\n', "tzdata"),
        ("import holidays\n", "holidays"),
        ("from opencc import OpenCC\n", "opencc"),
        ('FONT = ("zhplot", "a font")\n', "zhplot"),
        ("from zoneinfo import ZoneInfo\n", "tzdata"),
    ],
)
def test_a_package_of_data_counts_by_its_version(rule_digests, monkeypatch, text, package):
    before = rule_digests(**{"toy/other.py": text})
    real = digest._versions
    monkeypatch.setattr(
        digest, "_versions", lambda name: "other" if name == package else real(name)
    )
    digest._zones.cache_clear()
    after = rule_digests(**{"toy/other.py": text})
    digest._zones.cache_clear()
    assert changed(before, after) == {"second"}


def test_the_machine_s_zones_count_where_a_module_asks_for_them(
    rule_digests, monkeypatch, tmp_path
):
    def edition(name):
        folder = tmp_path / "zones" / name
        folder.mkdir(parents=True)
        (folder / "tzdata.zi").write_text(f"# version {name}\n", encoding="utf-8")
        monkeypatch.setattr(digest.zoneinfo, "TZPATH", (str(folder),))
        digest._zones.cache_clear()
        return rule_digests(**{"toy/far.py": "import zoneinfo\n"})

    assert changed(edition("2025a"), edition("2025b")) == {"first"}
    digest._zones.cache_clear()
