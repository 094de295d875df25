"""Write tables and numbers for a manuscript."""

from hydrascope import io
from hydrascope.job import job
from hydrascope.report.latex import latex_number_lines, latex_table

with job(snakemake):
    given, simulated = snakemake.input, snakemake.params.simulated
    tables = {name: io.read_table(given[name], text=True) for name in snakemake.params.shown}
    whole = (tables["prevalence"][["platform", "language", "month"]] == "all").all(axis="columns")
    tables["prevalence"] = tables["prevalence"][whole]
    for name, (columns, caption) in snakemake.params.shown.items():
        text = latex_table(tables[name], columns, caption=caption, label=name, simulated=simulated)
        io.write_text(text, snakemake.output[name])
    lines = latex_number_lines(tables["platforms"], tables["claims"], simulated=simulated)
    io.write_text("".join(f"{line}\n" for line in lines), snakemake.output.numbers)
