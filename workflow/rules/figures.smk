"""Figures, each with the very numbers that it draws.

In: tables of the stages before
Out: results/<study>/figures/figNN_name.{svg,pdf,png,csv}
"""

FIGURES = [
    "fig01_creations",
    "fig02_accounts",
    "fig03_prevalence",
    "fig04_hours",
    "fig05_takedowns",
]


rule figure_creations:
    """Figure 1: when the network's accounts were made, and which days are bursts."""
    input:
        daily="results/{study}/timing/daily.tsv",
        baselines="results/{study}/timing/baselines.tsv",
        bursts="results/{study}/timing/bursts.tsv",
        comparators="results/{study}/timing/comparators.tsv",
        dispersion="results/{study}/timing/dispersion.tsv",
    output:
        svg="results/{study}/figures/fig01_creations.svg",
        pdf="results/{study}/figures/fig01_creations.pdf",
        png="results/{study}/figures/fig01_creations.png",
        csv="results/{study}/figures/fig01_creations.csv",
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


rule figure_accounts:
    """Figure 2: accounts per platform, beside what was published."""
    input:
        platforms="results/{study}/counts/platforms.tsv",
    output:
        svg="results/{study}/figures/fig02_accounts.svg",
        pdf="results/{study}/figures/fig02_accounts.pdf",
        png="results/{study}/figures/fig02_accounts.png",
        csv="results/{study}/figures/fig02_accounts.csv",
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


rule figure_prevalence:
    """Figure 3: what the network's posts were about, month by month."""
    input:
        prevalence="results/{study}/narratives/prevalence.tsv",
    output:
        svg="results/{study}/figures/fig03_prevalence.svg",
        pdf="results/{study}/figures/fig03_prevalence.pdf",
        png="results/{study}/figures/fig03_prevalence.png",
        csv="results/{study}/figures/fig03_prevalence.csv",
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


rule figure_hours:
    """Figure 4: the hours at which the network posts."""
    input:
        clock="results/{study}/timing/clock.tsv",
        shifts="results/{study}/timing/shifts.tsv",
        zones="results/{study}/timing/zones.tsv",
        hours="results/{study}/timing/hours.tsv",
    output:
        svg="results/{study}/figures/fig04_hours.svg",
        pdf="results/{study}/figures/fig04_hours.pdf",
        png="results/{study}/figures/fig04_hours.png",
        csv="results/{study}/figures/fig04_hours.csv",
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


rule figure_takedowns:
    """Figure 5: published counts beside disclosed takedowns."""
    input:
        context="results/{study}/timing/context.tsv",
    output:
        svg="results/{study}/figures/fig05_takedowns.svg",
        pdf="results/{study}/figures/fig05_takedowns.pdf",
        png="results/{study}/figures/fig05_takedowns.png",
        csv="results/{study}/figures/fig05_takedowns.csv",
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
