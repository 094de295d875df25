"""The network's families become topics, and topics join subjects of the codebook.

In: results/<study>/ingest/texts/, results/<study>/affiliation/accounts.tsv,
    results/<study>/ingest/{accounts,posts}.parquet and config/narratives.yaml
Out: results/<study>/narratives/{sample,granularity,topics,quality,stability,persistence,
     subjects,prevalence,contrast,first_posts,stances,calibration}.tsv; sheets/guide.tsv and
     results/<study>/ingest/sheets/ for people who code by hand, and {agreement,corrected}.tsv
     where theirs came back; score.tsv where the collection is simulated and says what was
     planted; whatever has a row a family, a post or an account, in
     results/<study>/ingest/narratives/: families and matched_families.parquet with readable
     texts, network_posts, posts, coded, matched and matched_posts.parquet, vectors,
     matched_vectors, points and groups.npy, model/ and sheets/key.tsv; cache/vectors/, from
     which a rerun takes the vectors that it has already
"""

VECTOR_CACHE = "cache/vectors"
# Where the setting names a model on this disk, another one there is another input.
MODEL_AT = STUDY["texts"]["model"].partition(":")[2]
MODEL_FILES = [
    path.as_posix()
    for path in sorted([Path(MODEL_AT), *Path(MODEL_AT).rglob("*")] if MODEL_AT else [])
    if path.is_file()
]
GROUPED = {
    "least": STUDY["narratives"]["min_topic_families"],
    "border": STUDY["narratives"]["border"],
    "seed": STUDY["seed"],
}
DRAWING = {"draws": STUDY["narratives"]["draws"], "seed": STUDY["seed"]}
EMBEDDING = {
    "model": STUDY["texts"]["model"],
    "decimals": STUDY["texts"]["decimals"],
    "cache": VECTOR_CACHE,
}


rule narratives_families:
    """The network's families, or as many of them as are looked at."""
    input:
        families="results/{study}/ingest/texts/families.parquet",
        members="results/{study}/ingest/texts/members.parquet",
        posts="results/{study}/ingest/posts.parquet",
        verdicts="results/{study}/affiliation/accounts.tsv",
    output:
        families="results/{study}/ingest/narratives/families.parquet",
        posts="results/{study}/ingest/narratives/network_posts.parquet",
        sample="results/{study}/narratives/sample.tsv",
    log:
        "logs/{study}/narratives_families.log",
    benchmark:
        "logs/{study}/benchmarks/narratives_families.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("narratives_families"),
    script:
        "../scripts/narratives_families.py"


rule narratives_controls:
    """Accounts outside the network that are like its own, and what either side posted."""
    input:
        families="results/{study}/ingest/texts/families.parquet",
        members="results/{study}/ingest/texts/members.parquet",
        posts="results/{study}/ingest/posts.parquet",
        accounts="results/{study}/ingest/accounts.parquet",
        verdicts="results/{study}/affiliation/accounts.tsv",
    output:
        matched="results/{study}/ingest/narratives/matched.parquet",
        posts="results/{study}/ingest/narratives/matched_posts.parquet",
        families="results/{study}/ingest/narratives/matched_families.parquet",
    log:
        "logs/{study}/narratives_controls.log",
    benchmark:
        "logs/{study}/benchmarks/narratives_controls.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("narratives_controls"),
        seed=STUDY["seed"],
    script:
        "../scripts/narratives_controls.py"


rule narratives_vectors_shard:
    """The vectors of one shard of these families, computed where the cache has none."""
    input:
        own="results/{study}/ingest/narratives/families.parquet",
        matched="results/{study}/ingest/narratives/matched_families.parquet",
        model=MODEL_FILES,
    output:
        vectors=temp("results/{study}/ingest/narratives/shards/{shard}.npy"),
    log:
        "logs/{study}/narratives_vectors_shard/{shard}.log",
    benchmark:
        "logs/{study}/benchmarks/narratives_vectors_shard/{shard}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("narratives_vectors_shard"),
        shards=STUDY["texts"]["shards"],
        embedding={name: EMBEDDING[name] for name in ["model", "decimals"]},
        cache=VECTOR_CACHE,
    script:
        "../scripts/narratives_vectors_shard.py"


rule narratives_vectors:
    """All shards in one array a side, a row a family, and the network's as points."""
    input:
        own="results/{study}/ingest/narratives/families.parquet",
        matched="results/{study}/ingest/narratives/matched_families.parquet",
        shards=expand(
            "results/{{study}}/ingest/narratives/shards/{shard}.npy",
            shard=range(STUDY["texts"]["shards"]),
        ),
    output:
        vectors="results/{study}/ingest/narratives/vectors.npy",
        matched="results/{study}/ingest/narratives/matched_vectors.npy",
        points="results/{study}/ingest/narratives/points.npy",
    log:
        "logs/{study}/narratives_vectors.log",
    benchmark:
        "logs/{study}/benchmarks/narratives_vectors.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("narratives_vectors"),
        dimensions=STUDY["narratives"]["dimensions"],
    script:
        "../scripts/narratives_vectors.py"


rule narratives_granularity:
    """How many topics hold still."""
    input:
        points="results/{study}/ingest/narratives/points.npy",
    output:
        granularity="results/{study}/narratives/granularity.tsv",
    log:
        "logs/{study}/narratives_granularity.log",
    benchmark:
        "logs/{study}/benchmarks/narratives_granularity.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("narratives_granularity"),
        settings=GROUPED,
    script:
        "../scripts/narratives_granularity.py"


rule narratives_topics:
    """A consensus of topics, their words by BERTopic, their counts."""
    input:
        codebook="config/narratives.yaml",
        families="results/{study}/ingest/narratives/families.parquet",
        posts="results/{study}/ingest/narratives/network_posts.parquet",
        vectors="results/{study}/ingest/narratives/vectors.npy",
        points="results/{study}/ingest/narratives/points.npy",
        granularity="results/{study}/narratives/granularity.tsv",
    output:
        topics="results/{study}/narratives/topics.tsv",
        posts="results/{study}/ingest/narratives/posts.parquet",
        quality="results/{study}/narratives/quality.tsv",
        groups="results/{study}/ingest/narratives/groups.npy",
        model=directory("results/{study}/ingest/narratives/model"),
    log:
        "logs/{study}/narratives_topics.log",
    benchmark:
        "logs/{study}/benchmarks/narratives_topics.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("narratives_topics"),
        topics=STUDY["narratives"]["topics"],
        words=STUDY["narratives"]["words"],
        settings=GROUPED,
    script:
        "../scripts/narratives_topics.py"


rule narratives_stability:
    """The topics again under other seeds, row orders and families."""
    input:
        vectors="results/{study}/ingest/narratives/vectors.npy",
        groups="results/{study}/ingest/narratives/groups.npy",
        granularity="results/{study}/narratives/granularity.tsv",
    output:
        stability="results/{study}/narratives/stability.tsv",
        persistence="results/{study}/narratives/persistence.tsv",
    log:
        "logs/{study}/narratives_stability.log",
    benchmark:
        "logs/{study}/benchmarks/narratives_stability.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("narratives_stability"),
        topics=STUDY["narratives"]["topics"],
        settings={
            "times": STUDY["narratives"]["refits"],
            "dimensions": STUDY["narratives"]["dimensions"],
            **GROUPED,
        },
    script:
        "../scripts/narratives_stability.py"


rule narratives_subjects:
    """Topics and families join the codebook's subjects, or stay uncoded."""
    input:
        codebook="config/narratives.yaml",
        families="results/{study}/ingest/narratives/families.parquet",
        vectors="results/{study}/ingest/narratives/vectors.npy",
        points="results/{study}/ingest/narratives/points.npy",
        groups="results/{study}/ingest/narratives/groups.npy",
        posts="results/{study}/ingest/narratives/posts.parquet",
    output:
        subjects="results/{study}/narratives/subjects.tsv",
        coded="results/{study}/ingest/narratives/coded.parquet",
    log:
        "logs/{study}/narratives_subjects.log",
    benchmark:
        "logs/{study}/benchmarks/narratives_subjects.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("narratives_subjects"),
        embedding=EMBEDDING,
        settings={
            name: STUDY["narratives"][name]
            for name in ["neighbours", "topic_lift", "min_score", "min_margin"]
        },
    script:
        "../scripts/narratives_subjects.py"


rule narratives_prevalence:
    """How much of what the network says is on each subject."""
    input:
        codebook="config/narratives.yaml",
        coded="results/{study}/ingest/narratives/coded.parquet",
        families="results/{study}/ingest/narratives/families.parquet",
        posts="results/{study}/ingest/narratives/network_posts.parquet",
        accounts="results/{study}/ingest/accounts.parquet",
    output:
        prevalence="results/{study}/narratives/prevalence.tsv",
    log:
        "logs/{study}/narratives_prevalence.log",
    benchmark:
        "logs/{study}/benchmarks/narratives_prevalence.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("narratives_prevalence"),
        batch_minutes=STUDY["narratives"]["batch_minutes"],
        drawing=DRAWING,
    script:
        "../scripts/narratives_prevalence.py"


rule narratives_contrast:
    """The network's subjects against those of matched accounts outside it."""
    input:
        codebook="config/narratives.yaml",
        matched="results/{study}/ingest/narratives/matched.parquet",
        posts="results/{study}/ingest/narratives/matched_posts.parquet",
        families="results/{study}/ingest/narratives/matched_families.parquet",
        vectors="results/{study}/ingest/narratives/matched_vectors.npy",
        accounts="results/{study}/ingest/accounts.parquet",
    output:
        contrast="results/{study}/narratives/contrast.tsv",
    log:
        "logs/{study}/narratives_contrast.log",
    benchmark:
        "logs/{study}/benchmarks/narratives_contrast.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("narratives_contrast"),
        embedding=EMBEDDING,
        coding={
            "seed": STUDY["seed"],
            **{
                name: STUDY["narratives"][name]
                for name in ["dimensions", "neighbours", "min_score", "min_margin"]
            },
        },
        batch_minutes=STUDY["narratives"]["batch_minutes"],
        drawing=DRAWING,
    script:
        "../scripts/narratives_contrast.py"


rule narratives_first_posts:
    """Hours from an account's creation to its first post on each subject."""
    input:
        codebook="config/narratives.yaml",
        coded="results/{study}/ingest/narratives/coded.parquet",
        posts="results/{study}/ingest/narratives/network_posts.parquet",
        accounts="results/{study}/ingest/accounts.parquet",
        verdicts="results/{study}/affiliation/accounts.tsv",
    output:
        first_posts="results/{study}/narratives/first_posts.tsv",
    log:
        "logs/{study}/narratives_first_posts.log",
    benchmark:
        "logs/{study}/benchmarks/narratives_first_posts.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("narratives_first_posts"),
        batch_minutes=STUDY["narratives"]["batch_minutes"],
        drawing=DRAWING,
    script:
        "../scripts/narratives_first_posts.py"


rule narratives_calibration:
    """Recovery and stability measured by `make calibrate`, and whether they hold here."""
    input:
        rates="calibration/narratives.tsv",
        codebook="config/narratives.yaml",
    output:
        rates="results/{study}/narratives/calibration.tsv",
    log:
        "logs/{study}/narratives_calibration.log",
    benchmark:
        "logs/{study}/benchmarks/narratives_calibration.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("narratives_calibration"),
        settings={part: STUDY[part] for part in ["texts", "narratives"]},
    script:
        "../scripts/narratives_calibration.py"


rule narratives_stances:
    """Which side the network's texts take on each subject, where that can be told."""
    input:
        codebook="config/narratives.yaml",
        families="results/{study}/ingest/narratives/families.parquet",
        vectors="results/{study}/ingest/narratives/vectors.npy",
        coded="results/{study}/ingest/narratives/coded.parquet",
        calibration="results/{study}/narratives/calibration.tsv",
    output:
        stances="results/{study}/narratives/stances.tsv",
    log:
        "logs/{study}/narratives_stances.log",
    benchmark:
        "logs/{study}/benchmarks/narratives_stances.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("narratives_stances"),
        embedding=EMBEDDING,
        min_lead=STUDY["narratives"]["stance_lead"],
        min_accuracy=STUDY["narratives"]["stance_accuracy"],
    script:
        "../scripts/narratives_stances.py"


rule narratives_sheets:
    """Texts for two people to code by hand, blind to what was computed."""
    input:
        codebook="config/narratives.yaml",
        families="results/{study}/ingest/texts/families.parquet",
        members="results/{study}/ingest/texts/members.parquet",
        own="results/{study}/ingest/narratives/families.parquet",
        verdicts="results/{study}/affiliation/accounts.tsv",
        coded="results/{study}/ingest/narratives/coded.parquet",
        posts="results/{study}/ingest/posts.parquet",
    output:
        key="results/{study}/ingest/narratives/sheets/key.tsv",
        guide="results/{study}/narratives/sheets/guide.tsv",
        # Beside the other files with readable posts, which nobody publishes.
        coders=expand("results/{{study}}/ingest/sheets/coder_{coder}.csv", coder=[1, 2]),
    log:
        "logs/{study}/narratives_sheets.log",
    benchmark:
        "logs/{study}/benchmarks/narratives_sheets.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("narratives_sheets"),
        units=STUDY["narratives"]["sheet_units"],
        seed=STUDY["seed"],
    script:
        "../scripts/narratives_sheets.py"


if STUDY["coded_sheets"]:

    rule narratives_agreement:
        """What coders agree on, and the prevalence that follows from what they found."""
        input:
            codebook="config/narratives.yaml",
            sheets=lambda wildcards: STUDY["coded_sheets"],
            key="results/{study}/ingest/narratives/sheets/key.tsv",
            coded="results/{study}/ingest/narratives/coded.parquet",
            families="results/{study}/ingest/narratives/families.parquet",
        output:
            agreement="results/{study}/narratives/agreement.tsv",
            corrected="results/{study}/narratives/corrected.tsv",
        log:
            "logs/{study}/narratives_agreement.log",
        benchmark:
            "logs/{study}/benchmarks/narratives_agreement.tsv"
        conda:
            "../../environment.yml"
        threads: 1
        params:
            code=code_digest("narratives_agreement"),
            drawing=DRAWING,
        script:
            "../scripts/narratives_agreement.py"


if STUDY["truth_posts"]:

    rule score_narratives:
        """The subjects against the narratives that were planted."""
        input:
            truth=lambda wildcards: f"{RAW_FOLDER}/{STUDY['truth_posts']}",
            codebook="config/narratives.yaml",
            families="results/{study}/ingest/narratives/families.parquet",
            coded="results/{study}/ingest/narratives/coded.parquet",
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
