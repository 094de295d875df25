"""The network's families become topics, and topics join subjects of the codebook.

In: results/<study>/texts/, results/<study>/affiliation/accounts.tsv,
    results/<study>/ingest/posts.parquet and config/narratives.yaml
Out: results/<study>/narratives/{topics,quality,stability,subjects,prevalence}.tsv,
     posts.parquet and coded.parquet; score.tsv where the collection is simulated
     and says what was planted
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


rule narratives_subjects:
    """Topics and outliers join the codebook's subjects, or stay uncoded."""
    input:
        codebook="config/narratives.yaml",
        families="results/{study}/narratives/families.parquet",
        vectors="results/{study}/narratives/vectors.npy",
        posts="results/{study}/narratives/posts.parquet",
        all_posts="results/{study}/ingest/posts.parquet",
    output:
        subjects="results/{study}/narratives/subjects.tsv",
        coded="results/{study}/narratives/coded.parquet",
        prevalence="results/{study}/narratives/prevalence.tsv",
    log:
        "logs/{study}/narratives_subjects.log",
    benchmark:
        "logs/{study}/benchmarks/narratives_subjects.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("narratives_subjects"),
        decimals=STUDY["texts"]["decimals"],
        min_similarity=STUDY["narratives"]["min_similarity"],
        min_margin=STUDY["narratives"]["min_margin"],
    script:
        "../scripts/narratives_subjects.py"


if STUDY["truth_posts"]:

    rule score_narratives:
        """The subjects against the narratives that were planted."""
        input:
            truth=f"{RAW_FOLDER}/{STUDY['truth_posts']}",
            codebook="config/narratives.yaml",
            families="results/{study}/narratives/families.parquet",
            coded="results/{study}/narratives/coded.parquet",
            posts="results/{study}/ingest/posts.parquet",
        output:
            score="results/{study}/narratives/score.tsv",
        log:
            "logs/{study}/score_narratives.log",
        benchmark:
            "logs/{study}/benchmarks/score_narratives.tsv"
        conda:
            "../../environment.yml"
        threads: 1
        params:
            code=code_digest("score_narratives"),
        script:
            "../scripts/score_narratives.py"
