"""Raw files become accounts and posts; every record is accounted for.

In: the raw files that config/collections.tsv lists for the study.
Out: results/<study>/ingest/{accounts,posts}.parquet and
     results/<study>/ingest/sightings.parquet, and in the same folder
     {ledger,quarantine,missingness,snapshots,websites,raw_files}.tsv
"""


rule ingest_file:
    """One raw file into rows of the contracts; bad rows are set aside."""
    input:
        raw=lambda wildcards: f"{RAW_FOLDER}/{FILES[wildcards.file]['file']}",
    output:
        accounts="results/{study}/ingest/files/{file}/accounts.parquet",
        posts="results/{study}/ingest/files/{file}/posts.parquet",
        asked="results/{study}/ingest/files/{file}/asked.parquet",
        ledger="results/{study}/ingest/files/{file}/ledger.tsv",
        quarantine="results/{study}/ingest/files/{file}/quarantine.tsv",
    log:
        "logs/{study}/ingest_file/{file}.log",
    benchmark:
        "logs/{study}/benchmarks/ingest_file/{file}.tsv"
    conda:
        "../../environment.yml"
    threads: lambda wildcards, input: 2 if input.size_mb > 64 else 1
    params:
        code=code_digest("ingest_file"),
        row=lambda wildcards: FILES[wildcards.file],
        collection=STUDY["collection"],
        limits=lambda wildcards: file_limits(STUDY, FILES[wildcards.file]["file"]),
        # Its own alone, so that a new map reads no other file again.
        column_maps=lambda wildcards: {
            name: column_map
            for name, column_map in STUDY["column_maps"].items()
            if FILES[wildcards.file]["format"].endswith(f":{name}")
        },
        zones=lambda wildcards: (
            STUDY["crowdtangle_zone"]
            if FILES[wildcards.file]["format"] == "crowdtangle"
            else {}
        ),
        starts=STUDY["platform_starts"],
        pseudonyms=STUDY["pseudonyms"],
        key_fingerprint=KEY_FINGERPRINT,
    script:
        "../scripts/ingest_file.py"


rule ingest_merge:
    """All files as one collection, duplicates collapsed, removals dated."""
    input:
        accounts=expand(
            "results/{{study}}/ingest/files/{file}/accounts.parquet", file=FILES
        ),
        posts=expand("results/{{study}}/ingest/files/{file}/posts.parquet", file=FILES),
        asked=expand("results/{{study}}/ingest/files/{file}/asked.parquet", file=FILES),
    output:
        accounts="results/{study}/ingest/accounts.parquet",
        posts="results/{study}/ingest/posts.parquet",
        sightings="results/{study}/ingest/sightings.parquet",
        snapshots="results/{study}/ingest/snapshots.tsv",
        charges="results/{study}/ingest/charges.tsv",
    log:
        "logs/{study}/ingest_merge.log",
    benchmark:
        "logs/{study}/benchmarks/ingest_merge.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("ingest_merge"),
        files=list(FILES.values()),
        scopes=STUDY["scopes"],
        collection=STUDY["collection"],
    script:
        "../scripts/ingest_merge.py"


rule ingest_ledger:
    """The ledger closed, what is missing counted, links matched to websites."""
    input:
        accounts="results/{study}/ingest/accounts.parquet",
        posts="results/{study}/ingest/posts.parquet",
        charges="results/{study}/ingest/charges.tsv",
        ledgers=expand("results/{{study}}/ingest/files/{file}/ledger.tsv", file=FILES),
        quarantines=expand(
            "results/{{study}}/ingest/files/{file}/quarantine.tsv", file=FILES
        ),
    output:
        ledger="results/{study}/ingest/ledger.tsv",
        quarantine="results/{study}/ingest/quarantine.tsv",
        missingness="results/{study}/ingest/missingness.tsv",
        websites="results/{study}/ingest/websites.tsv",
        numbers="results/{study}/ingest/raw_files.tsv",
    log:
        "logs/{study}/ingest_ledger.log",
    benchmark:
        "logs/{study}/benchmarks/ingest_ledger.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("ingest_ledger"),
    script:
        "../scripts/ingest_ledger.py"


if STUDY["affiliation"]["mode"] == "detect":

    rule ingest_seeds:
        """The seed accounts, as this collection calls them."""
        input:
            listed=lambda wildcards: f"{RAW_FOLDER}/{STUDY['affiliation']['seeds']}",
            accounts="results/{study}/ingest/accounts.parquet",
        output:
            seeds="results/{study}/ingest/seeds.tsv",
        log:
            "logs/{study}/ingest_seeds.log",
        benchmark:
            "logs/{study}/benchmarks/ingest_seeds.tsv"
        conda:
            "../../environment.yml"
        threads: 1
        params:
            code=code_digest("ingest_seeds"),
        script:
            "../scripts/ingest_seeds.py"
