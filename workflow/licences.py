"""List under which licence each package of the lock comes: rewrites ``LICENCES.tsv``.

Run by ``make licences``, which fails where one is not among those permitted.
"""

import csv
import re
import sys
from importlib import metadata
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
LIST = CHECKOUT / "LICENCES.tsv"
COLUMNS = ("package", "version", "licence")

#: Whoever uses hydrascope may use, change and pass on what comes under these. Of the
#: Mozilla Public License only changed files of the package itself must be passed on.
PERMITTED = {
    *("0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT"),
    *("MIT-0", "MIT-CMU", "MPL-2.0", "OFL-1.1", "PSF-2.0", "Public Domain", "Zlib"),
    "LLVM-exception",
}
#: The words of older metadata.
NAMES = {
    "Apache 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
#: What names several licences and means one of them for each of its parts, or a choice.
READ = {
    # GPL is that of an editor's mode in its tools/, which no wheel has
    "docutils": "Public Domain AND BSD-2-Clause",
    "packaging": "Apache-2.0 OR BSD-2-Clause",
    "python-dateutil": "Apache-2.0 AND BSD-3-Clause",
}
#: How a licence begins that nothing else tells of.
OPENINGS = {"MIT License": "MIT", "The MIT License": "MIT", "Permission is hereby granted": "MIT"}


def licence_of(package):
    """Under which licence an installed package comes.

    Parameters
    ----------
    package : importlib.metadata.Distribution

    Returns
    -------
    str
        An SPDX expression, or the words of the package where there is none.
    """
    told = package.metadata
    if package.name in READ:
        return READ[package.name]
    if expression := told.get("License-Expression"):
        return expression
    classified = [
        words.rpartition(" :: ")[2]
        for words in told.get_all("Classifier", [])
        if words.startswith("License :: ") and not words.endswith(":: OSI Approved")
    ]
    words = " AND ".join(NAMES.get(name, name) for name in classified) or told.get("License", "")
    words = words.strip().split("\n")[0]
    return NAMES.get(words, words) or _opening(package)


def _opening(package):
    """The licence whose text a package's own file of that name begins with."""
    for file in package.files or []:
        if re.match(r"LICEN[CS]E|COPYING", file.name):
            text = file.read_text().strip()
            return next((OPENINGS[start] for start in OPENINGS if text.startswith(start)), "")
    return ""


def refused(licence):
    """The parts of a licence that are not permitted; of a choice, those of its best part.

    Parameters
    ----------
    licence : str
        As `licence_of` gives it.

    Returns
    -------
    list of str
    """
    choices = [
        [part for part in re.split(r" AND | WITH |[()]", choice) if part.strip(" ()")]
        for choice in licence.split(" OR ")
    ]
    lacking = [[part for part in parts if part.strip() not in PERMITTED] for parts in choices]
    return min(lacking, key=len) if licence else ["none that can be told"]


def installed(lock_text):
    """Packages of a lock that are installed here, in its order.

    Parameters
    ----------
    lock_text : str

    Returns
    -------
    list of importlib.metadata.Distribution
        Those for other systems and versions of Python are left out.
    """
    names = set(re.findall(r"^([^\s=]+)==", lock_text, re.M))
    by_name = {re.sub(r"[-_.]+", "-", one.name).lower(): one for one in metadata.distributions()}
    return [by_name[name] for name in sorted(names & by_name.keys())]


def main():
    """Write the list, and name whatever is not permitted."""
    lock_text = (CHECKOUT / "requirements.lock").read_text(encoding="utf-8")
    rows = [(one.name.lower(), one.version, licence_of(one)) for one in installed(lock_text)]
    with LIST.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter="\t", lineterminator="\n")
        writer.writerows([COLUMNS, *rows])
    bad = [
        f"{name}: found {licence or 'no licence'}" for name, _, licence in rows if refused(licence)
    ]
    if bad:
        sys.exit(
            "\n".join(bad) + "\nexpected those permitted in workflow/licences.py. Take another "
            "package, or read its licence and say there what it is."
        )


if __name__ == "__main__":
    main()
