"""Raw files become accounts and posts; every record is accounted for.

In: the raw files that config/collections.tsv lists for the study.
Out: results/<study>/ingest/{accounts,posts}.parquet and
     results/<study>/ingest/{ledger,quarantine,missingness,snapshots}.tsv
"""


rule ingest_file:
    """One raw file into rows of the contracts; bad rows are set aside."""
    input:
        raw=f"{RAW_FOLDER}/{{file}}",
    output:
        accounts="results/{study}/ingest/files/{file}/accounts.parquet",
        posts="results/{study}/ingest/files/{file}/posts.parquet",
        ledger="results/{study}/ingest/files/{file}/ledger.tsv",
        quarantine="results/{study}/ingest/files/{file}/quarantine.tsv",
    log:
        "logs/{study}/ingest_file/{file}.log",
    benchmark:
        "logs/{study}/benchmarks/ingest_file/{file}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("ingest_file"),
        row=lambda wildcards: RAW[wildcards.file],
        collection=STUDY["collection"],
        limits=STUDY["ingest"],
        pseudonyms=STUDY["pseudonyms"],
        key_fingerprint=key_fingerprint(load_key(STUDY["pseudonyms"])),
    script:
        "../scripts/ingest_file.py"


rule ingest_merge:
    """All files as one collection, duplicates collapsed, the ledger closed."""
    input:
        accounts=expand(
            "results/{{study}}/ingest/files/{file}/accounts.parquet", file=RAW
        ),
        posts=expand("results/{{study}}/ingest/files/{file}/posts.parquet", file=RAW),
        ledgers=expand("results/{{study}}/ingest/files/{file}/ledger.tsv", file=RAW),
        quarantines=expand(
            "results/{{study}}/ingest/files/{file}/quarantine.tsv", file=RAW
        ),
    output:
        accounts="results/{study}/ingest/accounts.parquet",
        posts="results/{study}/ingest/posts.parquet",
        ledger="results/{study}/ingest/ledger.tsv",
        quarantine="results/{study}/ingest/quarantine.tsv",
        missingness="results/{study}/ingest/missingness.tsv",
        snapshots="results/{study}/ingest/snapshots.tsv",
    log:
        "logs/{study}/ingest_merge.log",
    benchmark:
        "logs/{study}/benchmarks/ingest_merge.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("ingest_merge"),
        files=list(RAW.values()),
        collection=STUDY["collection"],
    script:
        "../scripts/ingest_merge.py"
