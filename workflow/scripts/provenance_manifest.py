"""Write the checksums of inputs and results."""

from pathlib import Path

import pandas as pd

from hydrascope import io
from hydrascope.job import job
from hydrascope.provenance.manifest import manifest

with job(snakemake):
    raw = pd.concat(map(io.read_table, snakemake.input.raw), ignore_index=True)
    table = manifest(
        raw,
        settings=map(Path, snakemake.input.settings),
        results=Path(snakemake.output.manifest).parent,
        outputs=map(Path, snakemake.input.results),
    )
    io.write_table(table, snakemake.output.manifest)
