"""Notebooks run from a clean kernel into pages; they read results and hold no logic.

In: notebooks/<name>.ipynb and the tables that it reads
Out: results/<study>/notebooks/<name>.html
"""


rule notebook_accounts:
    """Notebook 1: who was collected, and when the accounts were made."""
    input:
        notebook="notebooks/01_accounts.ipynb",
        platforms="results/{study}/counts/platforms.tsv",
        claims="results/{study}/counts/claims.tsv",
        daily="results/{study}/timing/daily.tsv",
    output:
        page="results/{study}/notebooks/01_accounts.html",
    log:
        "logs/{study}/notebook_accounts.log",
        notebook="logs/{study}/01_accounts.ipynb",
    benchmark:
        "logs/{study}/benchmarks/notebook_accounts.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("notebook"),
        study=STUDY["study"],
    script:
        "../scripts/notebook.py"
