"""Show how results differ from the reference, then replace the reference."""

from pathlib import Path

from hydrascope.job import job
from hydrascope.verify.reference import refresh

with job(snakemake):
    refresh(
        Path("results", snakemake.params.study),
        Path("tests/expected", snakemake.params.study),
        names=snakemake.params.names,
        tolerances=Path(snakemake.input.tolerances),
    )
