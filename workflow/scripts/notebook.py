"""Run a notebook and write its page."""

from pathlib import Path

from hydrascope import io
from hydrascope.job import job
from hydrascope.notebooks.render import render_notebook

with job(snakemake):
    page = render_notebook(
        Path(snakemake.input.notebook),
        Path(snakemake.log.notebook),
        study=snakemake.params.study,
    )
    io.write_text(page, snakemake.output.page)
