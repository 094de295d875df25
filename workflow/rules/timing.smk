"""When the network's accounts were made.

In: results/<study>/ingest/accounts.parquet and
    results/<study>/affiliation/accounts.tsv
Out: results/<study>/timing/{daily,dispersion,largest_days}.tsv
"""


rule timing_daily:
    """Creations a day, the largest days, and how uneven the others are."""
    input:
        accounts="results/{study}/ingest/accounts.parquet",
        verdicts="results/{study}/affiliation/accounts.tsv",
    output:
        daily="results/{study}/timing/daily.tsv",
        dispersion="results/{study}/timing/dispersion.tsv",
        largest_days="results/{study}/timing/largest_days.tsv",
    log:
        "logs/{study}/timing_daily.log",
    benchmark:
        "logs/{study}/benchmarks/timing_daily.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("timing_daily"),
        mask_share=STUDY["timing"]["mask_share"],
        largest_days=STUDY["timing"]["largest_days"],
    script:
        "../scripts/timing_daily.py"
