"""A simulated world as a folder of raw files, with the truth beside them."""

import hashlib
import lzma
from pathlib import Path

import numpy as np

from hydrascope.simulation.exports.write import export
from hydrascope.simulation.world import World, draw_seeds

__all__ = ["write_collection"]

TRUTH = ["platform", "native_id", "affiliated", "role"]
TRUTH_POSTS = ["platform", "post", "narrative", "stance"]
SUMS = "SHA256SUMS"


def write_collection(
    world: World,
    folder: Path,
    *,
    seed: int,
    seeds_from: str = "network",
    seed_share: float = 0.15,
    wrong_seeds: float = 0.0,
) -> list[dict]:
    """Write the raw files of a world, its truth, its seeds and their checksums.

    Parameters
    ----------
    world : World
        What `world.simulate` gave.
    folder : pathlib.Path
        Where the files go; made if it is not there.
    seed : int
        Seed of what the exports look like and of the choice of seed accounts.
    seeds_from, seed_share, wrong_seeds
        role, share and wrong of `world.draw_seeds`.

    Returns
    -------
    list of dict
        A row of `config/collections.tsv` a raw file: file, format, platform,
        encoding, snapshot and sha256; and what the ledger must say of it: records,
        kept, duplicate and quarantined.
    """
    rng = np.random.default_rng(seed)
    seeds = draw_seeds(world, rng, role=seeds_from, share=seed_share, wrong=wrong_seeds)
    folder.mkdir(parents=True, exist_ok=True)
    rows = export(world.accounts, world.posts, rng=rng, folder=folder)
    _write(seeds.to_csv(index=False, lineterminator="\n"), folder / "seeds.csv")
    for name, table, columns in (
        ("truth.tsv", world.accounts, TRUTH),
        ("truth_posts.tsv.xz", world.posts.rename(columns={"native_id": "post"}), TRUTH_POSTS),
    ):
        ordered = table[columns].sort_values(columns[:2])
        _write(ordered.to_csv(sep="\t", index=False, lineterminator="\n"), folder / name)
    sums = _sums(folder)
    _write("".join(f"{digest}  {name}\n" for name, digest in sums.items()), folder / SUMS)
    return [{**row, "sha256": sums[row["file"]]} for row in rows]


def _write(text: str, path: Path) -> None:
    data = text.encode()
    path.write_bytes(lzma.compress(data) if path.suffix == ".xz" else data)


def _sums(folder: Path) -> dict[str, str]:
    """Digest of every file below the folder but the notes on it, by its path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if path.name not in (SUMS, "README.md")
    }
