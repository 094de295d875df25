"""Write the report."""

from pathlib import Path

from hydrascope import io
from hydrascope.job import job
from hydrascope.report.page import render_page

TABLES = "claims platforms dispersion largest_days topics quality stability ledger missingness"

with job(snakemake.log[0]):
    figures = {Path(path).stem: Path(path).read_bytes() for path in snakemake.input.figures}
    page = render_page(
        Path(snakemake.input.template).parent,
        study=snakemake.params.study,
        tables={name: io.read_table(snakemake.input[name], text=True) for name in TABLES.split()},
        figures=figures,
        links={Path(p).stem: f"notebooks/{Path(p).name}" for p in snakemake.input.notebooks},
    )
    io.write_text(page, snakemake.output.page)
