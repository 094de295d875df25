"""Write the checksums of inputs and results."""

from pathlib import Path

import pandas as pd

from hydrascope import io
from hydrascope.job import job
from hydrascope.provenance.manifest import manifest
from hydrascope.provenance.sharing import rewritten

with job(snakemake):
    raw = pd.concat(map(io.read_table, snakemake.input.raw), ignore_index=True)
    results = Path(snakemake.output.manifest).parent
    study, files = snakemake.params.study, snakemake.params.files
    made = {*map(Path, snakemake.input.results), *map(Path, snakemake.input.handed_on)}
    table = manifest(
        raw,
        settings=map(Path, snakemake.input.settings),
        results=results,
        outputs=(path for path in made if results in path.parents),
        changed=rewritten(snakemake.input.settings, study=study, files=files),
    )
    io.write_table(table, snakemake.output.manifest)
