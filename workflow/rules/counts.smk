"""Accounts per platform and unit, and a verdict on each published claim.

In: results/<study>/ingest/{accounts,posts}.parquet,
    results/<study>/affiliation/accounts.tsv, results/<study>/timing/replacement.tsv and
    data/published/claims.tsv
Out: results/<study>/counts/{platforms,claims}.tsv
"""


rule counts_platforms:
    """Count accounts, and set every published number against ours."""
    input:
        accounts="results/{study}/ingest/accounts.parquet",
        posts="results/{study}/ingest/posts.parquet",
        verdicts="results/{study}/affiliation/accounts.tsv",
        replacement="results/{study}/timing/replacement.tsv",
        claims="data/published/claims.tsv",
    output:
        platforms="results/{study}/counts/platforms.tsv",
        claims="results/{study}/counts/claims.tsv",
    log:
        "logs/{study}/counts_platforms.log",
    benchmark:
        "logs/{study}/benchmarks/counts_platforms.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("counts_platforms"),
        mode=STUDY["affiliation"]["mode"],
        simulated=STUDY["simulated"],
    script:
        "../scripts/counts_platforms.py"
