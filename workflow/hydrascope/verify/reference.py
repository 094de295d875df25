"""Results against the reference tables that the repository keeps."""

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from hydrascope import io
from hydrascope.errors import TableError
from hydrascope.provenance.manifest import changed_files
from hydrascope.verify.compare import differences
from hydrascope.yaml_file import load_yaml

__all__ = ["refresh", "verify"]

CLAIMS = "counts/claims.tsv"
SHOWN = 5


def verify(
    results: Path, expected: Path, *, names: Sequence[str], tolerances: Path, manifest: Path
) -> None:
    """Print one line a claim, a figure and any other table, and fail if one departs.

    The last lines say how many pass, or name again each one that does not.

    Parameters
    ----------
    results, expected : pathlib.Path
        The study's results and its reference, with the same paths below.
    names : sequence of str
        Tables to compare; a figure is compared by the CSV of what it draws.
    tolerances : pathlib.Path
        YAML: relative tolerance by table and column.
    manifest : pathlib.Path
        The checksums that the results had when the run ended.

    Raises
    ------
    TableError
        If a table departs, or a result is not the file that the manifest lists.
    """
    faults, failed, looked_at = 0, [], Counter()
    for what, departures in _compared(results, expected, names, tolerances):
        looked_at[what.split()[0]] += 1
        print(io.visible(f"{'differs    ' if departures else 'as expected'}  {what}"))
        _show(departures)
        faults += len(departures)
        failed += [io.visible(what)] if departures else []
    for path in changed_files(io.read_table(manifest, text=True), results):
        failed.append(io.visible(f"file    {path}"))
        faults += 1
        print(io.visible(f"changed since the run  {path}"))
    counted = ", ".join(
        f"{count} {kind}{'' if count == 1 else 's'}" for kind, count in looked_at.items()
    )
    if not failed:
        print(f"\n{results} passes: {counted} as expected, and no file changed since the run.")
        return
    print(f"\n{results} fails, of {counted}:")
    for what in failed:
        print(f"    {what}")
    raise TableError(
        f"{results}: found {faults} departures from {expected} and manifest.tsv; expected none. "
        "The last lines of the list name where."
    )


def refresh(results: Path, expected: Path, *, names: Sequence[str], tolerances: Path) -> None:
    """Print how the results differ from the reference, then make them the reference."""
    for what, departures in _compared(results, expected, names, tolerances):
        print(io.visible(f"{len(departures)} differences  {what}"))
        _show(departures)
    for name in names:
        (expected / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(results / name, expected / name)


def _compared(
    results: Path, expected: Path, names: Sequence[str], tolerances: Path
) -> Iterator[tuple[str, list[str]]]:
    """What is compared, as it is called on the screen, and where it departs."""
    allowed = load_yaml(tolerances)
    for name in names:
        missing = [at / name for at in (results, expected) if not (at / name).is_file()]
        if missing:
            yield f"table   {name}", [f"there is no {missing[0]}"]
            continue
        found, wanted = (io.read_table(at / name, text=True) for at in (results, expected))
        stated = allowed.get(name, {})
        if name == CLAIMS and len(found) == len(wanted):
            for row in range(len(wanted)):
                departures = differences(found[row : row + 1], wanted[row : row + 1], stated)
                yield f"claim   {_claim(wanted.iloc[row])}", departures
        else:
            kind = "figure" if name.startswith("figures/") else "table "
            yield f"{kind}  {name}", differences(found, wanted, stated)


def _claim(row: pd.Series) -> str:
    counted = f"{row['reproduced']} ({row['low']} to {row['high']})"
    return f"{row['claim']}: {counted if row['reproduced'] else 'none'}, {row['verdict']}"


def _show(departures: list[str]) -> None:
    for line in departures[:SHOWN]:
        print(io.visible(f"    {line}"))
    if len(departures) > SHOWN:
        print(f"    and {len(departures) - SHOWN} more")
