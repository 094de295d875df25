"""Results as they stand against the reference numbers in tests/expected/.

In: results/<study>/ and tests/expected/<study>/
Out: lines on the screen; an error where anything departs
"""

# Prevalence is compared by its figure, and the calibrations are copies.
CHECKED = [
    "counts/claims.tsv",
    "counts/platforms.tsv",
    *expand("figures/{figure}.csv", figure=FIGURES),
    "ingest/ledger.tsv",
    "ingest/missingness.tsv",
    "ingest/snapshots.tsv",
    *expand(
        "narratives/{table}.tsv",
        table=[
            "sample",
            "quality",
            "stability",
            "persistence",
            "subjects",
            "contrast",
            "first_posts",
            "stances",
        ],
    ),
    *expand("timing/{table}.tsv", table=TIMING_TABLES),
    *(name for name in EXTRAS if Path(name).name != "calibration.tsv"),
]


rule verify:
    """Compare every reference table, and the manifest's checksums."""
    input:
        tables=expand(f"{RESULTS}/{{table}}", table=CHECKED),
        manifest=f"{RESULTS}/manifest.tsv",
        tolerances="tests/expected/tolerances.yaml",
    log:
        f"logs/{STUDY['study']}/verify.log",
    conda:
        "../../environment.yml"
    params:
        code=code_digest("verify"),
        study=STUDY["study"],
        names=CHECKED,
    script:
        "../scripts/verify.py"


rule expected:
    """Show how the results differ from the reference, then make them the reference."""
    input:
        tables=expand(f"{RESULTS}/{{table}}", table=CHECKED),
        tolerances="tests/expected/tolerances.yaml",
    log:
        f"logs/{STUDY['study']}/expected.log",
    conda:
        "../../environment.yml"
    params:
        code=code_digest("expected"),
        study=STUDY["study"],
        names=CHECKED,
    script:
        "../scripts/expected.py"
