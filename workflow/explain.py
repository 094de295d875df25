"""Print the case for and against one account of a study.

Run by ``make explain ACCOUNT=id``.
"""

import sys
from pathlib import Path

import pandas as pd

from hydrascope import io
from hydrascope.affiliation.explain import explained
from hydrascope.errors import HydrascopeError
from hydrascope.yaml_file import load_yaml

CHECKOUT = Path(__file__).resolve().parents[1]


def main(study, account):
    """Print ten lines, or one that says what is missing."""
    if not account:
        return "make explain ACCOUNT=id: name an account_id of affiliation/accounts.tsv"
    folder = CHECKOUT / "results" / study
    edges = folder / "ingest/affiliation/edges.parquet"
    if not edges.exists():
        return (
            f"results/{study}/ingest/affiliation/edges.parquet: not there; expected a study with "
            "affiliation.mode detect that has run. Run `make study` first."
        )
    verdicts = io.read_table(folder / "affiliation/accounts.tsv")
    try:
        threshold = load_yaml(CHECKOUT / "config/config.yaml")["detection"]["threshold"]
        lines = explained(verdicts, pd.read_parquet(edges), account, threshold=threshold)
    except HydrascopeError as error:
        return str(error)
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
