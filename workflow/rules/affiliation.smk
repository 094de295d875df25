"""Every account gets a verdict and the evidence for it.

In: results/<study>/ingest/accounts.parquet
Out: results/<study>/affiliation/accounts.tsv
"""


rule affiliation_roster:
    """Take the roster of somebody else as given; nothing is tested."""
    input:
        accounts="results/{study}/ingest/accounts.parquet",
    output:
        verdicts="results/{study}/affiliation/accounts.tsv",
    log:
        "logs/{study}/affiliation_roster.log",
    benchmark:
        "logs/{study}/benchmarks/affiliation_roster.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("affiliation_roster"),
        roster=STUDY["affiliation"]["roster"],
    script:
        "../scripts/affiliation_roster.py"
