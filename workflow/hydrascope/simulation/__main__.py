"""Write a simulated collection:

python -m hydrascope.simulation FOLDER --seed 20211222

Prints the rows of config/collections.tsv that the collection needs.
"""

import argparse
from pathlib import Path

from hydrascope.simulation.collection import write_collection
from hydrascope.simulation.world import WORLDS, simulate

COLUMNS = ["study", "file", "format", "platform", "encoding", "snapshot", "sha256", "rights"]


def main() -> None:
    """Read the arguments, simulate, write, and print one row a raw file."""
    arguments = argparse.ArgumentParser(prog="python -m hydrascope.simulation")
    arguments.add_argument("folder", type=Path, help="where the files go")
    arguments.add_argument("--seed", type=int, required=True, help="seed of everything in it")
    arguments.add_argument(
        "--dose", type=float, default=1.0, help="how much the network gives itself away"
    )
    arguments.add_argument("--world", choices=list(WORLDS), default="network")
    arguments.add_argument("--scale", type=float, default=1.0, help="factor on all accounts")
    arguments.add_argument("--outside", type=float, default=1.0, help="further factor on people")
    arguments.add_argument(
        "--seeds-from",
        default="network",
        help="role of truth.tsv that seed accounts are drawn from",
    )
    arguments.add_argument("--wrong-seeds", type=float, default=0.0, help="share of wrong seeds")
    arguments.add_argument("--study", default="spamouflage-2021", help="study in the printed rows")
    given = arguments.parse_args()
    world = simulate(
        seed=given.seed,
        dose=given.dose,
        world=given.world,
        scale=given.scale,
        outside=given.outside,
    )
    rows = write_collection(
        world,
        given.folder,
        seed=given.seed,
        seeds_from=given.seeds_from,
        wrong_seeds=given.wrong_seeds,
    )
    for row in rows:
        full = {"study": given.study, "rights": "MIT, simulated", **row}
        print("\t".join(full[column] for column in COLUMNS))


if __name__ == "__main__":
    main()
