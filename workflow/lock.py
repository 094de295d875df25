"""Pin every package anew: rewrites ``requirements.lock`` and the pins in ``environment.yml``.

Run by ``make lock``.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]

#: Packages that conda calls by another name.
CONDA_NAMES = {
    "python-duckdb": "duckdb",
    "python-fastjsonschema": "fastjsonschema",
    "python-tzdata": "tzdata",
}


def compile_lock(target):
    """Resolve ``pyproject.toml`` into the file `target`, which must not exist yet.

    uv keeps the versions of a file that exists, and with them forks by Python version that
    a fresh resolution does without.
    """
    command = [
        sys.executable,
        "-m",
        "uv",
        "pip",
        "compile",
        "pyproject.toml",
        "--group",
        "dev",
    ]
    command += ["--universal", "--python-version", "3.11", "--fork-strategy", "fewest"]
    command += ["--generate-hashes", "--no-emit-index-url", "--quiet"]
    command += ["--custom-compile-command", "make lock", "--output-file", str(target)]
    subprocess.run(command, check=True, cwd=CHECKOUT)


def versions(lock_text):
    """Version of each package of a lock, by name.

    Parameters
    ----------
    lock_text : str

    Returns
    -------
    dict of str to str
    """
    return dict(re.findall(r"^([^\s=]+)==(\S+)", lock_text, re.M))


def repin(environment, pins):
    """Set the versions in the text of an ``environment.yml``.

    Parameters
    ----------
    environment : str
        Its packages stand one a line, as ``- name=version`` or ``- name==version``.
    pins : dict of str to str
        Version by name.

    Returns
    -------
    str
    """

    def pinned(match):
        return match[1] + pins[CONDA_NAMES.get(match["name"], match["name"])]

    return re.sub(r"^( +- (?P<name>[\w.-]+)==?)[\w.]+", pinned, environment, flags=re.M)


def main():
    """Rewrite both files, or neither."""
    draft = CHECKOUT / f"requirements.lock.{os.getpid()}"
    try:
        compile_lock(draft)
        pins = versions(draft.read_text(encoding="utf-8"))
        environment = CHECKOUT / "environment.yml"
        text = repin(environment.read_text(encoding="utf-8"), pins)
        environment.write_text(text, encoding="utf-8")
        draft.replace(CHECKOUT / "requirements.lock")
    finally:
        draft.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
