"""Figures, each with the very numbers that it draws.

In: tables of the stages before
Out: results/<study>/figures/figNN_name.{svg,pdf,png,csv}
"""

FIGURES = [
    "fig01_claims",
    "fig02_accounts",
    "fig03_network",
    "fig04_evidence",
    "fig05_sensitivity",
    "fig06_narratives",
    "fig07_subjects",
    "fig08_prevalence",
    "fig09_creations",
    "fig10_hours",
    "fig11_survival",
    "fig12_takedowns",
    "fig13_calibration",
]


rule figure_claims:
    """Figure 1: every published claim beside what the collection has."""
    input:
        claims="results/{study}/counts/claims.tsv",
    output:
        multiext(
            "results/{study}/figures/fig01_claims",
            svg=".svg",
            pdf=".pdf",
            png=".png",
            csv=".csv",
        ),
    log:
        "logs/{study}/figure_claims.log",
    benchmark:
        "logs/{study}/benchmarks/figure_claims.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("figure_claims"),
        simulated=STUDY["simulated"],
    script:
        "../scripts/figure_claims.py"


rule figure_accounts:
    """Figure 2: accounts per platform, beside what was published."""
    input:
        platforms="results/{study}/counts/platforms.tsv",
    output:
        multiext(
            "results/{study}/figures/fig02_accounts",
            svg=".svg",
            pdf=".pdf",
            png=".png",
            csv=".csv",
        ),
    log:
        "logs/{study}/figure_accounts.log",
    benchmark:
        "logs/{study}/benchmarks/figure_accounts.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("figure_accounts"),
        simulated=STUDY["simulated"],
    script:
        "../scripts/figure_accounts.py"


rule figure_network:
    """Figure 3: who holds with whom, groups of accounts that belong as a graph."""
    input:
        verdicts="results/{study}/affiliation/accounts.tsv",
        edges=["results/{study}/ingest/affiliation/edges.parquet"] if DETECTS else [],
    output:
        multiext(
            "results/{study}/figures/fig03_network",
            svg=".svg",
            pdf=".pdf",
            png=".png",
            csv=".csv",
        ),
    log:
        "logs/{study}/figure_network.log",
    benchmark:
        "logs/{study}/benchmarks/figure_network.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("figure_network"),
        simulated=STUDY["simulated"],
        fewest=STUDY["fewest_accounts"],
    script:
        "../scripts/figure_network.py"


rule figure_evidence:
    """Figure 4: what each group of signals says of accounts."""
    input:
        verdicts="results/{study}/affiliation/accounts.tsv",
    output:
        multiext(
            "results/{study}/figures/fig04_evidence",
            svg=".svg",
            pdf=".pdf",
            png=".png",
            csv=".csv",
        ),
    log:
        "logs/{study}/figure_evidence.log",
    benchmark:
        "logs/{study}/benchmarks/figure_evidence.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("figure_evidence"),
        simulated=STUDY["simulated"],
        fewest=STUDY["fewest_accounts"],
    script:
        "../scripts/figure_evidence.py"


rule figure_sensitivity:
    """Figure 5: how many accounts belong under other settings."""
    input:
        sensitivity=(["results/{study}/affiliation/sensitivity.tsv"] if DETECTS else []),
        platforms="results/{study}/counts/platforms.tsv",
    output:
        multiext(
            "results/{study}/figures/fig05_sensitivity",
            svg=".svg",
            pdf=".pdf",
            png=".png",
            csv=".csv",
        ),
    log:
        "logs/{study}/figure_sensitivity.log",
    benchmark:
        "logs/{study}/benchmarks/figure_sensitivity.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("figure_sensitivity"),
        simulated=STUDY["simulated"],
    script:
        "../scripts/figure_sensitivity.py"


rule figure_narratives:
    """Figure 6: the topics of the network, those that speak of like things beside each other."""
    input:
        points="results/{study}/ingest/narratives/points.npy",
        groups="results/{study}/ingest/narratives/groups.npy",
        topics="results/{study}/narratives/topics.tsv",
        subjects="results/{study}/narratives/subjects.tsv",
    output:
        multiext(
            "results/{study}/figures/fig06_narratives",
            svg=".svg",
            pdf=".pdf",
            png=".png",
            csv=".csv",
        ),
    log:
        "logs/{study}/figure_narratives.log",
    benchmark:
        "logs/{study}/benchmarks/figure_narratives.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("figure_narratives"),
        simulated=STUDY["simulated"],
    script:
        "../scripts/figure_narratives.py"


rule figure_subjects:
    """Figure 7: what the network posts about on each platform and in each language."""
    input:
        prevalence="results/{study}/narratives/prevalence.tsv",
    output:
        multiext(
            "results/{study}/figures/fig07_subjects",
            svg=".svg",
            pdf=".pdf",
            png=".png",
            csv=".csv",
        ),
    log:
        "logs/{study}/figure_subjects.log",
    benchmark:
        "logs/{study}/benchmarks/figure_subjects.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("figure_subjects"),
        simulated=STUDY["simulated"],
    script:
        "../scripts/figure_subjects.py"


rule figure_prevalence:
    """Figure 8: what the network's posts were about, month by month."""
    input:
        prevalence="results/{study}/narratives/prevalence.tsv",
    output:
        multiext(
            "results/{study}/figures/fig08_prevalence",
            svg=".svg",
            pdf=".pdf",
            png=".png",
            csv=".csv",
        ),
    log:
        "logs/{study}/figure_prevalence.log",
    benchmark:
        "logs/{study}/benchmarks/figure_prevalence.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("figure_prevalence"),
        simulated=STUDY["simulated"],
    script:
        "../scripts/figure_prevalence.py"


rule figure_creations:
    """Figure 9: when the network's accounts were made, and which days are bursts."""
    input:
        daily="results/{study}/timing/daily.tsv",
        baselines="results/{study}/timing/baselines.tsv",
        bursts="results/{study}/timing/bursts.tsv",
        comparators="results/{study}/timing/comparators.tsv",
        waves="results/{study}/timing/waves.tsv",
        dispersion="results/{study}/timing/dispersion.tsv",
    output:
        multiext(
            "results/{study}/figures/fig09_creations",
            svg=".svg",
            pdf=".pdf",
            png=".png",
            csv=".csv",
        ),
    log:
        "logs/{study}/figure_creations.log",
    benchmark:
        "logs/{study}/benchmarks/figure_creations.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("figure_creations"),
        simulated=STUDY["simulated"],
    script:
        "../scripts/figure_creations.py"


rule figure_hours:
    """Figure 10: the hours at which the network posts, and the clocks that go with them."""
    input:
        clock="results/{study}/timing/clock.tsv",
        shifts="results/{study}/timing/shifts.tsv",
        zones="results/{study}/timing/zones.tsv",
        hours="results/{study}/timing/hours.tsv",
    output:
        multiext(
            "results/{study}/figures/fig10_hours",
            svg=".svg",
            pdf=".pdf",
            png=".png",
            csv=".csv",
        ),
    log:
        "logs/{study}/figure_hours.log",
    benchmark:
        "logs/{study}/benchmarks/figure_hours.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("figure_hours"),
        simulated=STUDY["simulated"],
    script:
        "../scripts/figure_hours.py"


rule figure_survival:
    """Figure 11: how long accounts last, and whether removed ones are replaced."""
    input:
        survival="results/{study}/timing/survival.tsv",
        replacement="results/{study}/timing/replacement.tsv",
    output:
        multiext(
            "results/{study}/figures/fig11_survival",
            svg=".svg",
            pdf=".pdf",
            png=".png",
            csv=".csv",
        ),
    log:
        "logs/{study}/figure_survival.log",
    benchmark:
        "logs/{study}/benchmarks/figure_survival.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("figure_survival"),
        simulated=STUDY["simulated"],
    script:
        "../scripts/figure_survival.py"


rule figure_takedowns:
    """Figure 12: published counts beside disclosed takedowns."""
    input:
        context="results/{study}/timing/context.tsv",
    output:
        multiext(
            "results/{study}/figures/fig12_takedowns",
            svg=".svg",
            pdf=".pdf",
            png=".png",
            csv=".csv",
        ),
    log:
        "logs/{study}/figure_takedowns.log",
    benchmark:
        "logs/{study}/benchmarks/figure_takedowns.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("figure_takedowns"),
    script:
        "../scripts/figure_takedowns.py"


rule figure_calibration:
    """Figure 13: how often the methods are wrong, where the truth is known."""
    input:
        affiliation="calibration/affiliation.tsv",
        timing="calibration/timing.tsv",
    output:
        multiext(
            "results/{study}/figures/fig13_calibration",
            svg=".svg",
            pdf=".pdf",
            png=".png",
            csv=".csv",
        ),
    log:
        "logs/{study}/figure_calibration.log",
    benchmark:
        "logs/{study}/benchmarks/figure_calibration.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("figure_calibration"),
    script:
        "../scripts/figure_calibration.py"
