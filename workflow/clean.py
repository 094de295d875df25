"""Delete what a study left in this checkout, or all studies, and say what stays.

Run by ``make clean``.
"""

import os
import sys
from contextlib import ExitStack
from pathlib import Path

from hydrascope.config import STUDY_NAME
from hydrascope.errors import HydrascopeError
from hydrascope.io import visible
from hydrascope.keeping import clear
from hydrascope.running import claim

CHECKOUT = Path(__file__).resolve().parents[1]
STAYS = """What make clean cannot delete, and you may have to:
  the raw files, seeds and coded sheets, wherever they lie
  the key of the pseudonyms, .hydrascope/key and HYDRASCOPE_KEY
  settings and reference: config/ and tests/expected/
  copies in other checkouts, backups, and archives that were handed on"""


def main(study):
    """Delete; give an exit code, or a line that says what is in the way."""
    os.chdir(CHECKOUT)
    if study and not STUDY_NAME.fullmatch(study):
        return f"STUDY is a study's name, not a path: {study}"
    names = [study] if study else [path.name for path in Path("results").glob("*")]
    try:
        with ExitStack() as held:
            for name in names:
                held.enter_context(claim(name, print))
            gone = clear(study, lambda line: print(visible(line)))
    except HydrascopeError as error:
        return str(error)
    print(STAYS)
    return 0 if gone else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2] or [""]))
