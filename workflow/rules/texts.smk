"""Posts become families of near-duplicates, each with one vector.

In: results/<study>/ingest/posts.parquet
Out: results/<study>/texts/{families,forms,members}.parquet and vectors.npy;
     cache/vectors/, from which a rerun takes the vectors that it has already
"""

VECTOR_CACHE = "cache/vectors"
# Where the setting names a model on this disk, another one there is another input.
MODEL_AT = STUDY["texts"]["model"].partition(":")[2]
MODEL_FILES = [
    path.as_posix()
    for path in sorted([Path(MODEL_AT), *Path(MODEL_AT).rglob("*")] if MODEL_AT else [])
    if path.is_file()
]


rule texts_families:
    """Fold and mask each text; posts that then agree, or nearly, are a family."""
    input:
        posts="results/{study}/ingest/posts.parquet",
    output:
        families="results/{study}/texts/families.parquet",
        forms="results/{study}/texts/forms.parquet",
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
        min_jaccard=STUDY["texts"]["min_jaccard"],
        seed=STUDY["seed"],
    script:
        "../scripts/texts_families.py"


rule texts_vectors_shard:
    """The vectors of one shard of the families, computed where the cache has none."""
    input:
        families="results/{study}/texts/families.parquet",
        model=MODEL_FILES,
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
        cache=VECTOR_CACHE,
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
