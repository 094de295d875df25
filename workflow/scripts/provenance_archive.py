"""Pack a finished study, without what names people."""

import json
from pathlib import Path

from hydrascope import io
from hydrascope.job import job
from hydrascope.provenance import archive
from hydrascope.provenance.crate import workflow_run_crate
from hydrascope.provenance.manifest import file_table
from hydrascope.provenance.sharing import rewritten, shared_settings

with job(snakemake):
    given, study, checkout = snakemake.input, snakemake.params.study, Path.cwd()
    results, target = Path(given.manifest).parent, Path(snakemake.output.archive)
    listed = io.read_table(given.manifest)
    named = {kind: listed.loc[listed["kind"] == kind, "path"] for kind in ["setting", "result"]}
    kinds = dict.fromkeys(archive.code_files(checkout, study["study"]), "code")
    kinds |= dict.fromkeys(named["setting"], "setting")
    changed = rewritten(kinds, study=study, files=snakemake.params.files)
    made = [(results / name).as_posix() for name in archive.shareable(named["result"], results)]
    kinds |= dict.fromkeys([*made, given.manifest, given.record], "result")
    places = {checkout, Path.home(), Path(snakemake.params.raw).absolute()}
    left = archive.left_out(
        kinds, checkout=checkout, results=results, changed=changed, places=places
    )
    back = archive.kept_back(named["result"], results)
    left |= {(results / name).as_posix(): why for name, why in back.items()}
    packed = file_table(map(Path, sorted(kinds.keys() - left)), changed)
    run = json.loads(Path(given.record).read_text(encoding="utf-8"))
    kinds_of, raw = packed["path"].map(kinds), listed[listed["kind"] == "raw"]
    told = shared_settings(study, snakemake.params.files)
    described = workflow_run_crate(told, run, raw=raw, packed=packed.assign(kind=kinds_of))
    archive.pack(packed["path"], checkout, described, target, changed)
    lines = [io.visible(f"left out: {name}: {why}") for name, why in left.items()]
    print(*lines, archive.closing_line(target), sep="\n")
