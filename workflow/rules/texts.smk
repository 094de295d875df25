"""Posts become families of near-duplicates.

In: results/<study>/ingest/posts.parquet
Out: results/<study>/ingest/texts/{families,forms,members}.parquet: readable texts and digests
     of them, which nobody publishes
"""


rule texts_forms_shard:
    """Fold and mask the texts of one shard."""
    input:
        posts="results/{study}/ingest/posts.parquet",
    output:
        members=temp("results/{study}/ingest/texts/shards/{shard}_members.parquet"),
        forms=temp("results/{study}/ingest/texts/shards/{shard}_forms.parquet"),
    log:
        "logs/{study}/texts_forms_shard/{shard}.log",
    benchmark:
        "logs/{study}/benchmarks/texts_forms_shard/{shard}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("texts_forms_shard"),
        shards=STUDY["texts"]["shards"],
    script:
        "../scripts/texts_forms_shard.py"


rule texts_families:
    """Posts whose folded texts agree, or nearly, are a family."""
    input:
        members=expand(
            "results/{{study}}/ingest/texts/shards/{shard}_members.parquet",
            shard=range(STUDY["texts"]["shards"]),
        ),
        forms=expand(
            "results/{{study}}/ingest/texts/shards/{shard}_forms.parquet",
            shard=range(STUDY["texts"]["shards"]),
        ),
    output:
        families="results/{study}/ingest/texts/families.parquet",
        forms="results/{study}/ingest/texts/forms.parquet",
        members="results/{study}/ingest/texts/members.parquet",
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
