"""The page that a reader opens first, and what a manuscript needs.

In: tables and figures of the stages before, and workflow/report/
Out: results/<study>/report.html, results/<study>/tables/<table>.tex and
    results/<study>/numbers.tex
"""

# What decides, beside the raw files and the code, what a study finds.
SETTINGS = [
    "config/config.yaml",
    f"config/studies/{STUDY['study']}.yaml",
    "config/collections.tsv",
    "config/analysis_plan.yaml",
    "config/narratives.yaml",
    "config/sensitivity.tsv",
    "calibration/affiliation.tsv",
    "calibration/narratives.tsv",
    "calibration/timing.tsv",
    "data/published/claims.tsv",
    "data/published/takedowns.tsv",
]


rule report:
    """Claims and counts first, then figures, tables and how they were made."""
    input:
        template="workflow/report/report.html.j2",
        captions=expand("workflow/report/{figure}.txt.j2", figure=FIGURES),
        threats="THREATS.md",
        plan="config/analysis_plan.yaml",
        settings=SETTINGS,
        claims="results/{study}/counts/claims.tsv",
        platforms="results/{study}/counts/platforms.tsv",
        dispersion="results/{study}/timing/dispersion.tsv",
        largest_days="results/{study}/timing/largest_days.tsv",
        timing=expand("results/{{study}}/timing/{table}.tsv", table=TIMING_SHOWN),
        topics="results/{study}/narratives/topics.tsv",
        sample="results/{study}/narratives/sample.tsv",
        quality="results/{study}/narratives/quality.tsv",
        stability="results/{study}/narratives/stability.tsv",
        persistence="results/{study}/narratives/persistence.tsv",
        subjects="results/{study}/narratives/subjects.tsv",
        prevalence="results/{study}/narratives/prevalence.tsv",
        contrast="results/{study}/narratives/contrast.tsv",
        first_posts="results/{study}/narratives/first_posts.tsv",
        stances="results/{study}/narratives/stances.tsv",
        map="results/{study}/figures/fig06_narratives.csv",
        ledger="results/{study}/ingest/ledger.tsv",
        missingness="results/{study}/ingest/missingness.tsv",
        extras=expand("results/{{study}}/{table}", table=EXTRAS),
        figures=expand("results/{{study}}/figures/{figure}.svg", figure=FIGURES),
        notebooks=expand(
            "results/{{study}}/notebooks/{notebook}.html", notebook=NOTEBOOKS
        ),
    output:
        page="results/{study}/report.html",
    log:
        "logs/{study}/report.log",
    benchmark:
        "logs/{study}/benchmarks/report.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("report"),
        study=STUDY,
        files=list(RAW),
        foreign=[number for number, row in FILES.items() if row["file"] in FOREIGN],
    script:
        "../scripts/report.py"


# Columns of each table for a manuscript, and its caption.
LATEX = {
    "claims": [
        ["claim", "published", "reproduced", "difference", "verdict"],
        "Published numbers and those of this collection",
    ],
    "platforms": [
        ["platform", "unit", "collected", "affiliated", "undetermined", "published"],
        "Accounts by platform and unit",
    ],
    "prevalence": [
        ["subject", "posts", "of_posts", "post_share", "low", "high", "families"],
        "Posts by subject, with 95 % intervals over batches of accounts",
    ],
    "bursts": [
        ["platform", "start", "end", "accounts", "excess", "low", "high", "p", "q"],
        "Days with more new accounts than the baseline explains",
    ],
}


rule report_latex:
    """Tables and numbers in LaTeX."""
    input:
        claims="results/{study}/counts/claims.tsv",
        platforms="results/{study}/counts/platforms.tsv",
        prevalence="results/{study}/narratives/prevalence.tsv",
        bursts="results/{study}/timing/bursts.tsv",
    output:
        numbers="results/{study}/numbers.tex",
        claims="results/{study}/tables/claims.tex",
        platforms="results/{study}/tables/platforms.tex",
        prevalence="results/{study}/tables/prevalence.tex",
        bursts="results/{study}/tables/bursts.tex",
    log:
        "logs/{study}/report_latex.log",
    benchmark:
        "logs/{study}/benchmarks/report_latex.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("report_latex"),
        shown=LATEX,
        simulated=STUDY["simulated"],
    script:
        "../scripts/report_latex.py"
