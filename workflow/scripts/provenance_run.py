"""Write the circumstances of the run."""

from pathlib import Path

from hydrascope import io
from hydrascope.job import job
from hydrascope.provenance.run import run_record

with job(snakemake):
    record = run_record(
        snakemake.params.settings,
        benchmarks=Path("logs", snakemake.wildcards.study, "benchmarks"),
        checkout=Path.cwd(),
    )
    io.write_json(record, snakemake.output.record)
