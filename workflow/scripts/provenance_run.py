"""Write the circumstances of the run."""

from pathlib import Path

from hydrascope import io
from hydrascope.job import job
from hydrascope.provenance.run import run_record
from hydrascope.provenance.sharing import shared_settings

with job(snakemake):
    record = run_record(
        shared_settings(snakemake.params.settings, snakemake.params.files),
        benchmarks=Path("logs", snakemake.wildcards.study, "benchmarks"),
        checkout=Path.cwd(),
    )
    io.write_json(record, snakemake.output.record)
