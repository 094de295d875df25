"""Compare results with the reference; fail where they depart."""

from pathlib import Path

from hydrascope.job import job
from hydrascope.verify.reference import verify

with job(snakemake):
    verify(
        Path("results", snakemake.params.study),
        Path("tests/expected", snakemake.params.study),
        names=snakemake.params.names,
        tolerances=Path(snakemake.input.tolerances),
        manifest=Path(snakemake.input.manifest),
    )
