"""How often the methods are wrong, over simulated worlds; run it with `make calibrate`.

In: calibration/worlds.tsv, a row a kind of world, calibration/series.tsv, a row a kind of
    series, and config/narratives.yaml; nothing of any study
Out: calibration/affiliation.tsv, calibration/narratives.tsv and calibration/timing.tsv, which
     the reports of studies show
"""

import os
import shlex
import sys
from importlib.util import find_spec
from pathlib import Path

# What runs here is this checkout's code, not that of another whose environment is active.
HERE = Path(str(workflow.current_basedir)).resolve().parent
FOUND = getattr(find_spec("hydrascope"), "origin", None) or "nowhere"
if Path(FOUND).resolve() != HERE / "workflow/hydrascope/__init__.py":
    sys.exit(
        f"The active Python has hydrascope from {FOUND}; expected this "
        f"checkout's, in {HERE}. Type `. .venv/bin/activate` here and unset PYTHONPATH, "
        "or use `make calibrate`."
    )

import pandas
from snakemake.exceptions import WorkflowError
from snakemake.logging import logger
from snakemake.utils import update_config

from hydrascope.affiliation.calibrate import detector_digest
from hydrascope.affiliation.gaps import GAPS
from hydrascope.config import study_config
from hydrascope.digest import code_digest
from hydrascope.errors import HydrascopeError
from hydrascope.narratives.calibrate import narrative_digest
from hydrascope.running import claim, looks_only
from hydrascope.timing.calibrate import MODULES, timing_digest
from hydrascope.yaml_file import load_yaml

sys.executable = shlex.quote(sys.executable)

# What several threads add up differs in its last bits with their number, and topics with it.
for variable in [
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
]:
    os.environ[variable] = "1"


if workflow.is_main_process and not looks_only(sys.argv):
    try:
        HELD = claim("calibration", logger.info)
    except HydrascopeError as error:
        raise WorkflowError(str(error))


try:
    METHODS = load_yaml("config/config.yaml")
    update_config(METHODS, config)
    STUDY = study_config(METHODS, "config")
except HydrascopeError as error:
    raise WorkflowError(str(error))

DETECTION, NARRATIVES, TEXTS = (
    STUDY[name] for name in ("detection", "narratives", "texts")
)
CELLS = pandas.read_csv("calibration/worlds.tsv", sep="\t").set_index("cell")
# Worlds that no method was tuned on, so many to a job.
FIRST_WORLD, BATCH = 201, 10
WORLDS = [
    (cell, seed)
    for cell, worlds in CELLS["worlds"].items()
    for seed in range(FIRST_WORLD, FIRST_WORLD + worlds, BATCH)
]


def folder(cell):
    """A cell's name without what a path should not hold."""
    return cell.replace(" ", "_").replace("%", "percent").replace(",", "")


def batch(cell, first):
    """Seeds of the worlds that one job makes."""
    end = FIRST_WORLD + NAMED[cell]["worlds"]
    return list(range(first, min(first + BATCH, end)))


NAMED = {folder(cell): row for cell, row in CELLS.iterrows()}


SERIES = pandas.read_csv("calibration/series.tsv", sep="\t").to_dict("records")

# Worlds in which the narratives are found.
TOLD = range(FIRST_WORLD, FIRST_WORLD + 20)


rule calibrate_all:
    """All tables."""
    default_target: True
    input:
        "calibration/affiliation.tsv",
        "calibration/narratives.tsv",
        "calibration/timing.tsv",
    localrule: True


rule calibrate_scores:
    """Precision, recall and false inclusions, with intervals over worlds."""
    input:
        verdicts=[f"cache/calibration/{folder(c)}/{s}.parquet" for c, s in WORLDS],
        edges=[f"cache/calibration/{folder(c)}/{s}.tsv" for c, s in WORLDS],
    output:
        rates="calibration/affiliation.tsv",
    log:
        "logs/calibration/scores.log",
    conda:
        "../environment.yml"
    threads: 1
    params:
        code=code_digest("calibrate_scores"),
        cells=[cell for cell, _ in WORLDS],
        detector=detector_digest(DETECTION),
        link_q=DETECTION["link_q"],
    script:
        "scripts/calibrate_scores.py"


rule calibrate_worlds:
    """A batch of worlds, each simulated and detected in."""
    output:
        verdicts="cache/calibration/{cell}/{first}.parquet",
        edges="cache/calibration/{cell}/{first}.tsv",
    log:
        "logs/calibration/{cell}/{first}.log",
    conda:
        "../environment.yml"
    threads: 1
    params:
        code=code_digest("calibrate_worlds"),
        how=lambda wildcards: NAMED[wildcards.cell].to_dict(),
        seeds=lambda wildcards: batch(wildcards.cell, int(wildcards.first)),
        rule={name: value for name, value in DETECTION.items() if name not in GAPS},
        gaps={name: DETECTION[name] for name in GAPS},
    script:
        "scripts/calibrate_worlds.py"


rule calibrate_narratives_scores:
    """Recovery, stability and quality of the narratives, with intervals over worlds."""
    input:
        worlds=expand("cache/calibration_narratives/{seed}.tsv", seed=TOLD),
    output:
        scores="calibration/narratives.tsv",
    log:
        "logs/calibration/narratives.log",
    conda:
        "../environment.yml"
    threads: 1
    params:
        code=code_digest("calibrate_narratives_scores"),
        finder=narrative_digest(STUDY, "config/narratives.yaml"),
    script:
        "scripts/calibrate_narratives_scores.py"


rule calibrate_narratives:
    """The narratives of one world, found and judged."""
    input:
        codebook="config/narratives.yaml",
    output:
        table="cache/calibration_narratives/{seed}.tsv",
    log:
        "logs/calibration/narratives/{seed}.log",
    conda:
        "../environment.yml"
    threads: 1
    params:
        code=code_digest("calibrate_narratives"),
        min_jaccard=TEXTS["min_jaccard"],
        embedding={
            "model": TEXTS["model"],
            "decimals": TEXTS["decimals"],
            "cache": "cache/vectors",
        },
        settings=NARRATIVES,
        # Posts of a world on which stance is measured.
        debated=4_000,
    script:
        "scripts/calibrate_narratives.py"


rule calibrate_timing_scores:
    """False alarms, power and coverage of the timing methods, with intervals over series."""
    input:
        outcomes=expand(
            "cache/calibration_timing/{number}.tsv", number=range(len(SERIES))
        ),
    output:
        rates="calibration/timing.tsv",
    log:
        "logs/calibration/timing.log",
    conda:
        "../environment.yml"
    threads: 1
    params:
        code=code_digest("calibrate_timing_scores"),
        methods={part: timing_digest(part) for part in MODULES},
    script:
        "scripts/calibrate_timing_scores.py"


rule calibrate_timing:
    """Series of one kind, each judged."""
    output:
        outcomes="cache/calibration_timing/{number}.tsv",
    log:
        "logs/calibration/timing/{number}.log",
    conda:
        "../environment.yml"
    threads: 1
    params:
        code=code_digest("calibrate_timing"),
        how=lambda wildcards: SERIES[int(wildcards.number)],
        first=FIRST_WORLD,
        # Fewer than a study draws, which widens no error rate: p is exact at either.
        draws=199,
        turns=4999,
    script:
        "scripts/calibrate_timing.py"
