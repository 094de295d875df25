"""Every account gets a verdict and the evidence for it.

In: results/<study>/ingest/{accounts,posts}.parquet, and in mode detect also
    results/<study>/ingest/seeds.tsv and results/<study>/texts/members.parquet
Out: results/<study>/affiliation/accounts.tsv, evidence.tsv in mode detect, and score.tsv
     where the truth is known
"""

if STUDY["affiliation"]["mode"] == "roster":

    rule affiliation_roster:
        """Take the roster of somebody else as given; nothing is tested."""
        input:
            accounts="results/{study}/ingest/accounts.parquet",
        output:
            verdicts="results/{study}/affiliation/accounts.tsv",
        log:
            "logs/{study}/affiliation_roster.log",
        benchmark:
            "logs/{study}/benchmarks/affiliation_roster.tsv"
        conda:
            "../../environment.yml"
        threads: 1
        params:
            code=code_digest("affiliation_roster"),
            roster=STUDY["affiliation"]["roster"],
        script:
            "../scripts/affiliation_roster.py"

else:

    rule affiliation_detect:
        """Find the accounts that belong with the seeds, by two groups of signals each."""
        input:
            accounts="results/{study}/ingest/accounts.parquet",
            posts="results/{study}/ingest/posts.parquet",
            members="results/{study}/texts/members.parquet",
            seeds="results/{study}/ingest/seeds.tsv",
        output:
            verdicts="results/{study}/affiliation/accounts.tsv",
            evidence="results/{study}/affiliation/evidence.tsv",
        log:
            "logs/{study}/affiliation_detect.log",
        benchmark:
            "logs/{study}/benchmarks/affiliation_detect.tsv"
        conda:
            "../../environment.yml"
        threads: 1
        params:
            code=code_digest("affiliation_detect"),
            rule=STUDY["detection"],
        script:
            "../scripts/affiliation_detect.py"


if STUDY["truth"]:

    rule score_affiliation:
        """Hold the verdicts against what was planted."""
        input:
            verdicts="results/{study}/affiliation/accounts.tsv",
            accounts="results/{study}/ingest/accounts.parquet",
            posts="results/{study}/ingest/posts.parquet",
            truth=f"{RAW_FOLDER}/{STUDY['truth']}",
        output:
            score="results/{study}/affiliation/score.tsv",
        log:
            "logs/{study}/score_affiliation.log",
        benchmark:
            "logs/{study}/benchmarks/score_affiliation.tsv"
        conda:
            "../../environment.yml"
        threads: 1
        params:
            code=code_digest("score_affiliation"),
        script:
            "../scripts/score_affiliation.py"
