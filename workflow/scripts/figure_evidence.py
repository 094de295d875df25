"""Draw Figure 4 and write the numbers in it."""

from hydrascope import io
from hydrascope.figures import draw, evidence
from hydrascope.job import job

with job(snakemake):
    verdicts = io.read_table(snakemake.input.verdicts)
    data = evidence.evidence_data(verdicts, fewest=snakemake.params.fewest)
    with draw.styled():
        figure = evidence.draw_evidence(data)
        draw.save(figure, data, snakemake.output, simulated=snakemake.params.simulated)
