"""Figures, each with the very numbers that it draws.

In: tables of the stages before
Out: results/<study>/figures/figNN_name.{svg,pdf,png,csv}
"""


rule figure_creations:
    """Figure 1: when the network's accounts were made."""
    input:
        daily="results/{study}/timing/daily.tsv",
        platforms="results/{study}/counts/platforms.tsv",
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
        largest_days=STUDY["timing"]["largest_days"],
        simulated=STUDY["simulated"],
    script:
        "../scripts/figure_creations.py"
