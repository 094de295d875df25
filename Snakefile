"""One study from raw exports to a report; run it with `make study` or `snakemake`."""

import glob
import os
import re
import shlex
import sys
from importlib.util import find_spec
from pathlib import Path

# What runs here is this checkout's code, not that of another whose environment is active.
HERE = Path(str(workflow.current_basedir)).resolve()
FOUND = getattr(find_spec("hydrascope"), "origin", None) or "nowhere"
if Path(FOUND).resolve() != HERE / "workflow/hydrascope/__init__.py":
    sys.exit(
        f"The active Python has hydrascope from {FOUND}; expected this "
        f"checkout's, in {HERE}. Type `. .venv/bin/activate` here and unset PYTHONPATH, "
        "or use `make study`."
    )

if {"{", "}"} & set(str(HERE)):
    sys.exit(
        f"{HERE}: found a brace in the checkout's path; expected none, since Snakemake takes "
        "it for a wildcard. Move the checkout."
    )

import pandas
from snakemake.exceptions import WorkflowError
from snakemake.logging import logger
from snakemake.utils import Paramspace, min_version, update_config

from hydrascope.affiliation.gaps import CONFIGURED, GAPS, signals_of
from hydrascope.config import (
    beside_raw,
    file_limits,
    foreign_files,
    foreign_line,
    missing_raw,
    raw_files,
    raw_folder,
    raw_numbers,
    study_config,
    unused_limits,
)
from hydrascope.digest import rule_digest as code_digest
from hydrascope.errors import HydrascopeError
from hydrascope.ingest.keys import FINGERPRINT_VARIABLE, key_fingerprint, load_key
from hydrascope.ingest.listing import check_listing, unlisted
from hydrascope.io import visible
from hydrascope.keeping import keep_private
from hydrascope.notebooks.reads import results_read
from hydrascope.provenance.plan import load_plan
from hydrascope.report.closing import closing_lines
from hydrascope.running import claim, looks_only, mend
from hydrascope.settings_table import check_published, sensitivity_cells
from hydrascope.yaml_file import load_yaml

min_version("9.18")
# Snakemake hands the interpreter's path to a shell as it is, and a checkout may
# lie in a folder with a space in its name.
sys.executable = shlex.quote(sys.executable)

# What several threads add up differs in its last bits with their number, and topics with it.
for variable in [
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
]:
    os.environ[variable] = "1"


# Results are for their owner and, if the user's own mask lets them, a group; no one else.
os.umask(os.umask(0o077) | 0o027)


# What is wrong with any setting is said before anything runs.
try:
    METHODS = load_yaml("config/config.yaml")
    # What --config says goes before.
    update_config(METHODS, config)
    config.update(METHODS)
    STUDY = study_config(METHODS, "config")
    RAW = raw_files("config/collections.tsv", STUDY["study"])
    RAW_FOLDER = raw_folder(STUDY)
    check_listing(STUDY, RAW, RAW_FOLDER)
    load_yaml("config/narratives.yaml")
    load_plan(Path("config/analysis_plan.yaml"))
    check_published("data/published/claims.tsv", "data/published/takedowns.tsv")
    SENSITIVITY = sensitivity_cells("config/sensitivity.tsv")
    if workflow.is_main_process:
        os.environ.pop(FINGERPRINT_VARIABLE, None)
    KEY_FINGERPRINT = key_fingerprint(load_key(STUDY["pseudonyms"]))
except HydrascopeError as error:
    raise WorkflowError(visible(str(error), lines=True))
if line := unused_limits(STUDY, RAW):
    raise WorkflowError(visible(line))

# Jobs on any machine take the key that was stretched here.
os.environ[FINGERPRINT_VARIABLE] = KEY_FINGERPRINT
# A raw file's own name may be a person's: outside ingest/ it is named by its number alone.
FILES = dict(zip(raw_numbers(len(RAW)), RAW.values(), strict=True))
FOREIGN = foreign_files(STUDY, RAW.values())
RESULTS = f"results/{STUDY['study']}"
# What a run makes; a file in workflow/rules/custom/ may append its own, and figures too.
TARGETS = [
    f"{RESULTS}/report.html",
    f"{RESULTS}/manifest.tsv",
    f"{RESULTS}/provenance/run.json",
]


# Jobs of a cluster belong to a run that holds the study. What verify reads stays as it is,
# damage too, or there were nothing to find.
if workflow.is_main_process and not looks_only(sys.argv):
    try:
        HELD = claim(STUDY["study"], logger.info)
    except HydrascopeError as error:
        raise WorkflowError(visible(str(error), lines=True))
    if not {"verify", "expected"} & set(sys.argv):
        mend(STUDY["study"], logger.info)
    for line in keep_private(STUDY["study"]):
        logger.warning(line)
    if FOREIGN:
        logger.warning(foreign_line(STUDY, FOREIGN))

# Where a simulated collection comes with its truth, what was planted is held against
# what was found; rules named score_* alone read it.
SCORES = [
    f"{stage}/score.tsv"
    for stage, truth in (("affiliation", "truth"), ("narratives", "truth_posts"))
    if STUDY[truth]
]
# Tables that not every study has.
DETECTS = STUDY["affiliation"]["mode"] == "detect"
EXTRAS = [
    *(
        f"affiliation/{table}.tsv"
        for table in [
            "seeds",
            "evidence",
            "weights",
            "size",
            "sensitivity",
            "calibration",
        ]
        if DETECTS
    ),
    "narratives/calibration.tsv",
    "timing/calibration.tsv",
    *(
        f"narratives/{table}.tsv"
        for table in ["agreement", "corrected"]
        if STUDY["coded_sheets"]
    ),
    *SCORES,
]


# Results that are there can be looked at without the raw files.
READ = [
    f"{RESULTS}/ingest/ledger.tsv",
    *(f"{RESULTS}/ingest/files/{number}/ledger.tsv" for number in FILES),
]
if not all(map(exists, READ)):
    if line := missing_raw(STUDY, RAW_FOLDER, [*RAW, *beside_raw(STUDY)]):
        sys.exit(visible(line))
if workflow.is_main_process:
    if line := unlisted([*RAW, *beside_raw(STUDY)], RAW_FOLDER):
        logger.warning(line)


wildcard_constraints:
    study=re.escape(STUDY["study"]),


include: "workflow/rules/ingest.smk"
include: "workflow/rules/texts.smk"
include: "workflow/rules/affiliation.smk"
include: "workflow/rules/narratives.smk"
include: "workflow/rules/timing.smk"
include: "workflow/rules/counts.smk"
include: "workflow/rules/figures.smk"


for custom in sorted(glob.glob("workflow/rules/custom/*.smk")):

    include: custom


include: "workflow/rules/notebooks.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/provenance.smk"
include: "workflow/rules/verify.smk"


rule all:
    """The whole study."""
    default_target: True
    input:
        TARGETS,
        expand(rules.provenance_manifest.input, study=STUDY["study"]),
    localrule: True


onerror:
    keep_private(STUDY["study"])


onsuccess:
    keep_private(STUDY["study"])
    # `make verify` and `make expected` have the last word themselves.
    told = [*TARGETS, *expand(rules.report.input, study=STUDY["study"])]
    if all(map(exists, told)) and not {"verify", "expected"} & set(sys.argv):
        benchmarks = Path("logs", STUDY["study"], "benchmarks")
        closing = closing_lines(
            Path(RESULTS),
            benchmarks,
            simulated=STUDY["simulated"],
            detects=DETECTS,
        )
        # By the logger, so that it comes behind what is still waiting to be said.
        logger.info(f"\n{closing}")
