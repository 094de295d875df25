"""How often the verdicts are wrong, over simulated worlds; run it with `make calibrate`.

In: calibration/worlds.tsv, a row a kind of world; nothing of any study
Out: calibration/affiliation.tsv, which the reports of studies show
"""

import shlex
import sys

import pandas

from hydrascope.affiliation.calibrate import detector_digest
from hydrascope.affiliation.sensitivity import GAPS
from hydrascope.config import study_config
from hydrascope.digest import code_digest

sys.executable = shlex.quote(sys.executable)


configfile: "config/config.yaml"


DETECTION = study_config(config, "config")["detection"]
CELLS = pandas.read_csv("calibration/worlds.tsv", sep="\t").set_index("cell")
# Worlds that no method was tuned on.
FIRST_WORLD = 201
WORLDS = [
    (cell, seed)
    for cell, worlds in CELLS["worlds"].items()
    for seed in range(FIRST_WORLD, FIRST_WORLD + worlds)
]


def folder(cell):
    """A cell's name without what a path should not hold."""
    return cell.replace(" ", "_").replace("%", "percent").replace(",", "")


NAMED = {folder(cell): row for cell, row in CELLS.drop(columns="worlds").iterrows()}


rule calibrate_scores:
    """Precision, recall and false inclusions, with intervals over worlds."""
    default_target: True
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


rule calibrate_world:
    """One world, simulated and detected in."""
    output:
        verdicts="cache/calibration/{cell}/{seed}.parquet",
        edges="cache/calibration/{cell}/{seed}.tsv",
    log:
        "logs/calibration/{cell}/{seed}.log",
    conda:
        "../environment.yml"
    threads: 1
    params:
        code=code_digest("calibrate_world"),
        how=lambda wildcards: NAMED[wildcards.cell].to_dict(),
        rule={name: value for name, value in DETECTION.items() if name not in GAPS},
        gaps={name: DETECTION[name] for name in GAPS},
    script:
        "scripts/calibrate_world.py"
