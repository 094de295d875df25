"""Pack a finished study, without what names people."""

import json
from pathlib import Path

from hydrascope import io
from hydrascope.job import job
from hydrascope.provenance.archive import code_files, pack, shareable
from hydrascope.provenance.crate import workflow_run_crate
from hydrascope.provenance.manifest import file_table

with job(snakemake):
    given, checkout = snakemake.input, Path.cwd()
    results = Path(given.manifest).parent
    listed = io.read_table(given.manifest)
    raw, settings = (listed[listed["kind"] == kind] for kind in ["raw", "setting"])
    made = shareable(listed.loc[listed["kind"] == "result", "path"], results)
    kinds = dict.fromkeys(code_files(checkout), "code")
    kinds |= dict.fromkeys(settings["path"], "setting")
    kinds |= dict.fromkeys([(results / name).as_posix() for name in made], "result")
    kinds |= dict.fromkeys([given.manifest, given.record], "result")
    packed = file_table(map(Path, sorted(kinds)))
    described = workflow_run_crate(
        snakemake.params.study,
        json.loads(Path(given.record).read_text(encoding="utf-8")),
        raw=raw,
        packed=packed.assign(kind=packed["path"].map(kinds)),
    )
    pack(packed["path"], checkout, described, snakemake.output.archive)
