"""Print the case for and against an account of a study, and what ties it to the network.

Run by ``make explain ACCOUNT=id``.
"""

import sys
from pathlib import Path

import pandas as pd

from hydrascope import io
from hydrascope.affiliation.explain import (
    IDENTITY,
    explained,
    found_accounts,
    rostered,
    ties,
    tying_things,
)
from hydrascope.errors import HydrascopeError
from hydrascope.yaml_file import load_yaml

CHECKOUT = Path(__file__).resolve().parents[1]


def main(study, account):
    """Print what is known of each account meant, or one line that says what is missing."""
    if not account:
        return "make explain ACCOUNT=id: name a handle, a native id or a pseudonym"
    folder = CHECKOUT / "results" / study
    verdicts, people = folder / "affiliation/accounts.tsv", folder / "ingest"
    if not verdicts.exists() or not (people / "texts/members.parquet").exists():
        return io.visible(
            f"results/{study}/affiliation/accounts.tsv: not there; expected a study that has run. "
            "Run `make study` first."
        )
    try:
        known = pd.read_parquet(people / "accounts.parquet", columns=IDENTITY)
        for number, row in enumerate(found_accounts(known, account).itertuples()):
            print(*[""] * bool(number), *map(io.visible, _lines(folder, row)), sep="\n")
    except HydrascopeError as error:
        return io.visible(str(error))
    return 0


def _lines(folder, row):
    verdicts = io.read_table(folder / "affiliation/accounts.tsv")
    edges = folder / "ingest/affiliation/edges.parquet"
    if edges.exists():
        threshold = load_yaml(CHECKOUT / "config/config.yaml")["detection"]["threshold"]
        said = explained(verdicts, pd.read_parquet(edges), row.account_id, threshold=threshold)
    else:
        said = rostered(verdicts, row.account_id)
    affiliated = verdicts.loc[verdicts["verdict"] == "affiliated", "account_id"]
    posts = folder / "ingest/posts.parquet"
    with io.database(posts) as base:
        base.read_parquet(str(posts)).create_view("posts")
        base.read_parquet(str(folder / "ingest/texts/members.parquet")).create_view("members")
        things = tying_things(base, row.account_id, affiliated)
    meant = f"{row.platform}:{row.native_id} @{row.handle.removeprefix('@')} (from ingest/)"
    return [meant, *said, *ties(things)]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
