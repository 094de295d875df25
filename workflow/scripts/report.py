"""Write the report."""

from pathlib import Path

import pandas as pd

from hydrascope import io
from hydrascope.job import job
from hydrascope.provenance.manifest import file_table
from hydrascope.provenance.plan import load_plan, plan_departures
from hydrascope.provenance.run import version_table
from hydrascope.provenance.sharing import numbered_ledger, rewritten, shared_settings
from hydrascope.report.page import render_page

TABLES = (
    "claims platforms dispersion largest_days topics sample quality stability persistence subjects "
)
TABLES += "prevalence contrast first_posts stances ledger missingness map"

with job(snakemake):
    given, study = snakemake.input, snakemake.params.study
    named = {name: given[name] for name in TABLES.split()}
    for path in [*given.timing, *given.extras]:
        named[f"{Path(path).parent.name}_{Path(path).stem}"] = path
    tables = {name: io.read_table(path, text=True) for name, path in named.items()}
    changed = rewritten(given.settings, study=study, files=snakemake.params.files)
    page = render_page(
        Path(given.template).parent,
        study=shared_settings(study, snakemake.params.files),
        tables=tables
        | {"departures": plan_departures(load_plan(Path(given.plan)), study)}
        | {"ledger": numbered_ledger(tables["ledger"]), "versions": version_table()}
        | {"settings": file_table(map(Path, given.settings), changed)}
        | {"foreign": pd.DataFrame({"raw": snakemake.params.foreign})},
        figures={Path(path).stem: Path(path).read_bytes() for path in given.figures},
        links={Path(p).stem: f"notebooks/{Path(p).name}" for p in given.notebooks},
        threats=Path(given.threats).read_text(encoding="utf-8"),
    )
    io.write_text(page, snakemake.output.page)
