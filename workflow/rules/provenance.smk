"""What went in, what came out, and under which circumstances.

In: everything the study made
Out: results/<study>/manifest.tsv and results/<study>/provenance/run.json;
     archives/<study>.zip, where it is asked for
"""

# What stages hand to each other is listed too: a deleted file would be missed by nobody
# until the next edit, and a changed one by nobody at all.
HANDED_ON = expand(
    [
        *rules.ingest_merge.input,
        *rules.ingest_ledger.input,
        *rules.narratives_families.output,
        *rules.narratives_controls.output,
        *rules.narratives_vectors.output,
        *rules.narratives_stability.input,
        *rules.narratives_topics.input,
        *rules.narratives_topics.output,
        *rules.narratives_subjects.input,
        *rules.narratives_sheets.output,
        *(rules.affiliation_sensitivity.input.cells if DETECTS else []),
        *(rules.ingest_seeds.output if DETECTS else []),
    ],
    study=STUDY["study"],
)


rule provenance_manifest:
    """Checksums of inputs, tables, figures and pages."""
    input:
        raw=[
            f"results/{STUDY['study']}/ingest/files/{file}/ledger.tsv"
            for file in FILES
        ],
        settings=SETTINGS,
        handed_on=HANDED_ON,
        results=expand(
            "results/{{study}}/{name}",
            name=[
                "ingest/accounts.parquet",
                "ingest/posts.parquet",
                "ingest/sightings.parquet",
                "ingest/ledger.tsv",
                "ingest/quarantine.tsv",
                "ingest/missingness.tsv",
                "ingest/snapshots.tsv",
                "ingest/websites.tsv",
                "ingest/raw_files.tsv",
                "ingest/texts/families.parquet",
                "ingest/texts/forms.parquet",
                "ingest/texts/members.parquet",
                "ingest/affiliation/coshares.parquet",
                "ingest/narratives/vectors.npy",
                "ingest/narratives/posts.parquet",
                "ingest/narratives/coded.parquet",
                "affiliation/accounts.tsv",
                "narratives/sample.tsv",
                "narratives/topics.tsv",
                "narratives/quality.tsv",
                "narratives/granularity.tsv",
                "narratives/stability.tsv",
                "narratives/persistence.tsv",
                "narratives/subjects.tsv",
                "narratives/prevalence.tsv",
                "narratives/contrast.tsv",
                "narratives/first_posts.tsv",
                "narratives/stances.tsv",
                *expand("timing/{table}.tsv", table=TIMING_TABLES),
                "counts/platforms.tsv",
                "counts/claims.tsv",
                *expand(
                    "figures/{figure}.{kind}",
                    figure=FIGURES,
                    kind=["svg", "pdf", "png", "csv"],
                ),
                *expand("notebooks/{notebook}.html", notebook=NOTEBOOKS),
                "report.html",
                "numbers.tex",
                *expand("tables/{table}.tex", table=LATEX),
                *(["ingest/affiliation/edges.parquet"] if DETECTS else []),
                *EXTRAS,
            ],
        ),
    output:
        manifest="results/{study}/manifest.tsv",
    log:
        "logs/{study}/provenance_manifest.log",
    benchmark:
        "logs/{study}/benchmarks/provenance_manifest.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("provenance_manifest"),
        study=STUDY,
        files=list(RAW),
    script:
        "../scripts/provenance_manifest.py"


rule provenance_run:
    """Versions, settings, dates and times of the run."""
    input:
        manifest="results/{study}/manifest.tsv",
    output:
        record="results/{study}/provenance/run.json",
    log:
        "logs/{study}/provenance_run.log",
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("provenance_run"),
        settings=STUDY,
        files=list(RAW),
    script:
        "../scripts/provenance_run.py"


rule provenance_archive:
    """One file for a repository such as Zenodo; nothing of ingest/ is in it."""
    input:
        manifest="results/{study}/manifest.tsv",
        record="results/{study}/provenance/run.json",
    output:
        archive="archives/{study}.zip",
    log:
        "logs/{study}/provenance_archive.log",
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("provenance_archive"),
        study=STUDY,
        files=list(RAW),
        raw=RAW_FOLDER,
    script:
        "../scripts/provenance_archive.py"
