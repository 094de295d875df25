"""Posts become families of equal texts, each with one vector.

In: results/<study>/ingest/posts.parquet
Out: results/<study>/texts/{families,members}.parquet and vectors.npy
"""


rule texts_families:
    """Fold and mask each text; posts that then agree are a family."""
    input:
        posts="results/{study}/ingest/posts.parquet",
    output:
        families="results/{study}/texts/families.parquet",
        members="results/{study}/texts/members.parquet",
    log:
        "logs/{study}/texts_families.log",
    benchmark:
        "logs/{study}/benchmarks/texts_families.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("texts_families"),
    script:
        "../scripts/texts_families.py"


rule texts_vectors_shard:
    """The vectors of one shard of the families."""
    input:
        families="results/{study}/texts/families.parquet",
    output:
        vectors=temp("results/{study}/texts/shards/{shard}.npy"),
    log:
        "logs/{study}/texts_vectors_shard/{shard}.log",
    benchmark:
        "logs/{study}/benchmarks/texts_vectors_shard/{shard}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("texts_vectors_shard"),
        shards=STUDY["texts"]["shards"],
        model=STUDY["texts"]["model"],
        decimals=STUDY["texts"]["decimals"],
    script:
        "../scripts/texts_vectors_shard.py"


rule texts_vectors:
    """All shards in one array, a row a family."""
    input:
        shards=expand(
            "results/{{study}}/texts/shards/{shard}.npy",
            shard=range(STUDY["texts"]["shards"]),
        ),
    output:
        vectors="results/{study}/texts/vectors.npy",
    log:
        "logs/{study}/texts_vectors.log",
    benchmark:
        "logs/{study}/benchmarks/texts_vectors.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("texts_vectors"),
    script:
        "../scripts/texts_vectors.py"
