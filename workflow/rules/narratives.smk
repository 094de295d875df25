"""The network's families become topics, each family with one vote.

In: results/<study>/texts/, results/<study>/affiliation/accounts.tsv and
    results/<study>/ingest/posts.parquet
Out: results/<study>/narratives/{topics,quality,stability}.tsv and posts.parquet
"""


rule narratives_layout:
    """The network's families, laid out in a few dimensions."""
    input:
        families="results/{study}/texts/families.parquet",
        members="results/{study}/texts/members.parquet",
        vectors="results/{study}/texts/vectors.npy",
        posts="results/{study}/ingest/posts.parquet",
        verdicts="results/{study}/affiliation/accounts.tsv",
    output:
        families="results/{study}/narratives/families.parquet",
        posts="results/{study}/narratives/network_posts.parquet",
        vectors="results/{study}/narratives/vectors.npy",
        indices="results/{study}/narratives/indices.npy",
        distances="results/{study}/narratives/distances.npy",
        layout="results/{study}/narratives/layout.npy",
    log:
        "logs/{study}/narratives_layout.log",
    benchmark:
        "logs/{study}/benchmarks/narratives_layout.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("narratives_layout"),
        neighbours=STUDY["narratives"]["neighbours"],
        dimensions=STUDY["narratives"]["dimensions"],
        seed=STUDY["seed"],
    script:
        "../scripts/narratives_layout.py"


rule narratives_topics:
    """BERTopic on the frozen layout: topics, their words, their counts."""
    input:
        families="results/{study}/narratives/families.parquet",
        posts="results/{study}/narratives/network_posts.parquet",
        layout="results/{study}/narratives/layout.npy",
    output:
        topics="results/{study}/narratives/topics.tsv",
        posts="results/{study}/narratives/posts.parquet",
        quality="results/{study}/narratives/quality.tsv",
    log:
        "logs/{study}/narratives_topics.log",
    benchmark:
        "logs/{study}/benchmarks/narratives_topics.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("narratives_topics"),
        min_topic_families=STUDY["narratives"]["min_topic_families"],
        words=STUDY["narratives"]["words"],
    script:
        "../scripts/narratives_topics.py"


rule narratives_stability:
    """The same fit under another seed and another row order."""
    input:
        vectors="results/{study}/narratives/vectors.npy",
        layout="results/{study}/narratives/layout.npy",
        indices="results/{study}/narratives/indices.npy",
        distances="results/{study}/narratives/distances.npy",
    output:
        stability="results/{study}/narratives/stability.tsv",
    log:
        "logs/{study}/narratives_stability.log",
    benchmark:
        "logs/{study}/benchmarks/narratives_stability.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("narratives_stability"),
        dimensions=STUDY["narratives"]["dimensions"],
        min_topic_families=STUDY["narratives"]["min_topic_families"],
        seed=STUDY["seed"],
    script:
        "../scripts/narratives_stability.py"
