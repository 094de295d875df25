"""Notebooks run from a clean kernel into pages; they read results and hold no logic.

In: notebooks/<name>.ipynb and the results that it asks for
Out: results/<study>/notebooks/<name>.html
"""

NOTEBOOKS = sorted(path.stem for path in Path("notebooks").glob("*.ipynb"))


rule notebook:
    """One notebook; a new file in notebooks/ is picked up."""
    input:
        notebook="notebooks/{notebook}.ipynb",
        helper="workflow/hydrascope/notebooks/results.py",
        results=lambda wanted: expand(
            f"{RESULTS}/{{name}}",
            name=results_read(Path("notebooks", f"{wanted.notebook}.ipynb")),
        ),
    output:
        page="results/{study}/notebooks/{notebook}.html",
    log:
        "logs/{study}/notebook/{notebook}.log",
        notebook="logs/{study}/notebook/{notebook}.ipynb",
    benchmark:
        "logs/{study}/benchmarks/notebook/{notebook}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    params:
        code=code_digest("notebook"),
        study=STUDY["study"],
    script:
        "../scripts/notebook.py"
