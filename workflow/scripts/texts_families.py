"""Group posts into families of equal texts."""

import pandas as pd
import pyarrow as pa

from hydrascope import io
from hydrascope.job import job
from hydrascope.texts.families import families_of

with job(snakemake.log[0]):
    columns = ["post_id", "account_id", "text", "language"]
    families, members = families_of(pd.read_parquet(snakemake.input.posts, columns=columns))
    for table, path in (
        (families, snakemake.output.families),
        (members, snakemake.output.members),
    ):
        io.write_parquet(pa.Table.from_pandas(table, preserve_index=False), path)
