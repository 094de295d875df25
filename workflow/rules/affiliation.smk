"""Every account gets a verdict and the evidence for it.

In: results/<study>/ingest/{accounts,posts}.parquet, and in mode detect also
    results/<study>/ingest/seeds.tsv and results/<study>/ingest/texts/{forms,members}.parquet
Out: results/<study>/affiliation/accounts.tsv; in mode detect also seeds.tsv, evidence.tsv,
     weights.tsv, sensitivity.tsv, size.tsv and calibration.tsv; score.tsv where the truth is
     known; results/<study>/ingest/affiliation/coshares.parquet, and in mode detect
     edges.parquet: pairs of accounts, whose numbers give away who they are
"""

if STUDY["affiliation"]["mode"] == "roster":

    rule affiliation_roster:
        """Take the roster of somebody else as given; nothing is tested."""
        input:
            accounts="results/{study}/ingest/accounts.parquet",
            named=[
                f"results/{{study}}/ingest/files/{file}/{name}.parquet"
                for file, row in FILES.items()
                if row["file"] == STUDY["affiliation"]["roster"]
                for name in ["accounts", "asked"]
            ],
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

    # One row a cell, each of which reruns alone.
    CELLS = Paramspace(pandas.DataFrame(SENSITIVITY))
    MOVED = CELLS.dataframe[CELLS.dataframe["setting"].isin(GAPS)].values.tolist()

    rule affiliation_signals:
        """What accounts hold in common, and what of it changes with each other gap."""
        input:
            accounts="results/{study}/ingest/accounts.parquet",
            posts="results/{study}/ingest/posts.parquet",
            forms="results/{study}/ingest/texts/forms.parquet",
            members="results/{study}/ingest/texts/members.parquet",
        output:
            configured=temp(
                f"results/{{study}}/ingest/affiliation/signals/{CONFIGURED}.parquet"
            ),
            moved=[
                temp(
                    f"results/{{study}}/ingest/affiliation/signals/{setting}~{value}.parquet"
                )
                for setting, value in MOVED
            ],
        log:
            "logs/{study}/affiliation_signals.log",
        benchmark:
            "logs/{study}/benchmarks/affiliation_signals.tsv"
        conda:
            "../../environment.yml"
        threads: 1
        params:
            code=code_digest("affiliation_signals"),
            rule=STUDY["detection"],
            gaps=MOVED,
        script:
            "../scripts/affiliation_signals.py"

    rule affiliation_detect:
        """Find the accounts that belong with the seeds, by two groups of signals each."""
        input:
            accounts="results/{study}/ingest/accounts.parquet",
            signals=f"results/{{study}}/ingest/affiliation/signals/{CONFIGURED}.parquet",
            seeds="results/{study}/ingest/seeds.tsv",
        output:
            verdicts="results/{study}/affiliation/accounts.tsv",
            seeds="results/{study}/affiliation/seeds.tsv",
            evidence="results/{study}/affiliation/evidence.tsv",
            weights="results/{study}/affiliation/weights.tsv",
            edges="results/{study}/ingest/affiliation/edges.parquet",
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
            seed=STUDY["seed"],
        script:
            "../scripts/affiliation_detect.py"

    rule affiliation_cell:
        """Count the affiliated accounts with one setting changed or one group left out."""
        input:
            accounts="results/{study}/ingest/accounts.parquet",
            posts="results/{study}/ingest/posts.parquet",
            signals=lambda wildcards: expand(
                "results/{study}/ingest/affiliation/signals/{name}.parquet",
                study=wildcards.study,
                name=signals_of(wildcards.setting, wildcards.value),
            ),
            seeds="results/{study}/ingest/seeds.tsv",
        output:
            counts=f"results/{{study}}/affiliation/sensitivity/{CELLS.wildcard_pattern}.tsv",
        log:
            f"logs/{{study}}/affiliation_cell/{CELLS.wildcard_pattern}.log",
        benchmark:
            f"logs/{{study}}/benchmarks/affiliation_cell/{CELLS.wildcard_pattern}.tsv"
        conda:
            "../../environment.yml"
        threads: 1
        params:
            code=code_digest("affiliation_cell"),
            rule=STUDY["detection"],
            cell=CELLS.instance,
            seed=STUDY["seed"],
        script:
            "../scripts/affiliation_cell.py"

    rule affiliation_sensitivity:
        """How the counts move with the settings, a row a cell, platform and fewest posts."""
        input:
            verdicts="results/{study}/affiliation/accounts.tsv",
            posts="results/{study}/ingest/posts.parquet",
            cells=expand(
                "results/{{study}}/affiliation/sensitivity/{cell}.tsv",
                cell=CELLS.instance_patterns,
            ),
        output:
            sensitivity="results/{study}/affiliation/sensitivity.tsv",
        log:
            "logs/{study}/affiliation_sensitivity.log",
        benchmark:
            "logs/{study}/benchmarks/affiliation_sensitivity.tsv"
        conda:
            "../../environment.yml"
        threads: 1
        params:
            code=code_digest("affiliation_sensitivity"),
            cells=CELLS.dataframe.to_dict("records"),
        script:
            "../scripts/affiliation_sensitivity.py"

    rule affiliation_size:
        """How many accounts of the collection belong, seen by some group or not."""
        input:
            verdicts="results/{study}/affiliation/accounts.tsv",
            posts="results/{study}/ingest/posts.parquet",
        output:
            size="results/{study}/affiliation/size.tsv",
        log:
            "logs/{study}/affiliation_size.log",
        benchmark:
            "logs/{study}/benchmarks/affiliation_size.tsv"
        conda:
            "../../environment.yml"
        threads: 1
        params:
            code=code_digest("affiliation_size"),
            link_q=STUDY["detection"]["link_q"],
        script:
            "../scripts/affiliation_size.py"

    rule affiliation_calibration:
        """Error rates measured by `make calibrate`, and whether they are of this detector."""
        input:
            rates="calibration/affiliation.tsv",
        output:
            rates="results/{study}/affiliation/calibration.tsv",
        log:
            "logs/{study}/affiliation_calibration.log",
        benchmark:
            "logs/{study}/benchmarks/affiliation_calibration.tsv"
        conda:
            "../../environment.yml"
        threads: 1
        params:
            code=code_digest("affiliation_calibration"),
            rule=STUDY["detection"],
        script:
            "../scripts/affiliation_calibration.py"


rule affiliation_coshares:
    """Raw edges of copied texts and links, to be held against other tools."""
    input:
        posts="results/{study}/ingest/posts.parquet",
        members="results/{study}/ingest/texts/members.parquet",
    output:
        edges="results/{study}/ingest/affiliation/coshares.parquet",
    log:
        "logs/{study}/affiliation_coshares.log",
    benchmark:
        "logs/{study}/benchmarks/affiliation_coshares.tsv"
    conda:
        "../../environment.yml"
    threads: 2
    params:
        code=code_digest("affiliation_coshares"),
        window_seconds=60,
    script:
        "../scripts/affiliation_coshares.py"


if STUDY["truth"]:

    rule score_affiliation:
        """Hold the verdicts against what was planted."""
        input:
            verdicts="results/{study}/affiliation/accounts.tsv",
            accounts="results/{study}/ingest/accounts.parquet",
            posts="results/{study}/ingest/posts.parquet",
            truth=lambda wildcards: f"{RAW_FOLDER}/{STUDY['truth']}",
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
