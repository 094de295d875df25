"""Posts become families of near-duplicates.

In: results/<study>/ingest/posts.parquet
Out: results/<study>/texts/{families,forms,members}.parquet
"""


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
