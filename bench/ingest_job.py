"""The very adapters of the workflow on one file, outside of Snakemake: read, and merge."""

import runpy
import sys
from pathlib import Path
from types import SimpleNamespace

MAP = {
    "records": "posts",
    "fields": {
        "native_id": "message_id",
        "account_id": "user_id",
        "handle": "username",
        "repost_of": "repost_id",
        "reply_to": "reply_id",
        "text": "message",
        "posted_at": {"column": "timestamp", "format": "epoch"},
        "urls": {"column": "urls", "separator": " "},
    },
}
FILES = [
    {
        "file": "messages.csv",
        "format": "csv:messages",
        "platform": "example",
        "encoding": "utf-8",
        "snapshot": "2021-12-22",
        "sha256": "",
    }
]
NAMES = ("accounts", "posts", "asked")


def run(step: str, raw: Path, folder: Path, threads: int) -> None:
    """Run an adapter on `raw`, with its results in `folder`."""
    parts = {name: str(folder / f"part-{name}.parquet") for name in NAMES}
    tables = {name: str(folder / f"{name}.tsv") for name in ("ledger", "quarantine", "charges")}
    settings = {
        "collection": "bench",
        "row": FILES[0],
        "files": FILES,
        "scopes": {},
        "column_maps": {"messages": MAP},
        "zones": {},
        "starts": {},
        "pseudonyms": "public",
        "limits": {"strict": True, "max_bad_share": 0.0, "max_unpacked_gib": 1},
    }
    if step == "ingest_file":
        files, out = {"raw": str(raw)}, parts | tables
    else:
        files = {name: [path] for name, path in parts.items()}
        names = {"accounts": "parquet", "posts": "parquet", "sightings": "parquet"}
        out = {name: str(folder / f"{name}.{ending}") for name, ending in names.items()}
        out |= tables | {"snapshots": str(folder / "snapshots.tsv")}
    snakemake = SimpleNamespace(
        input=Names(files),
        output=SimpleNamespace(**out),
        params=SimpleNamespace(**settings),
        log=[str(folder / f"{step}.log")],
        threads=threads,
    )
    runpy.run_path(f"workflow/scripts/{step}.py", init_globals={"snakemake": snakemake})


class Names(SimpleNamespace):
    """Names with values, by attribute and by key, as Snakemake gives them."""

    def __init__(self, values: dict):
        super().__init__(**values)

    def __getitem__(self, name: str) -> object:
        return getattr(self, name)


if __name__ == "__main__":
    run(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
