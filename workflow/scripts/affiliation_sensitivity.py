"""Put the counts under all changed settings beside those of the study."""

import pandas as pd

from hydrascope import io
from hydrascope.affiliation.sensitivity import counted
from hydrascope.job import job

with job(snakemake):
    verdicts = io.read_table(snakemake.input.verdicts)
    posts = io.posts_by_account(snakemake.input.posts)
    members = verdicts[verdicts["verdict"] == "affiliated"]
    parts = [counted(members, posts).assign(setting="as configured", value="")]
    for path, cell in zip(snakemake.input.cells, snakemake.params.cells, strict=True):
        parts.append(io.read_table(path).assign(**cell))
    columns = ["setting", "value", "platform", "fewest_posts", "affiliated"]
    io.write_table(pd.concat(parts, ignore_index=True)[columns], snakemake.output.sensitivity)
