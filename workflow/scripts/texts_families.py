"""Group posts into families of near-duplicates."""

import pandas as pd
import pyarrow as pa

from hydrascope import io
from hydrascope.job import job
from hydrascope.texts.copies import copies_of

with job(snakemake.log[0]):
    params, out = snakemake.params, snakemake.output
    columns = ["post_id", "account_id", "text", "language"]
    posts = pd.read_parquet(snakemake.input.posts, columns=columns)
    families, forms, members = copies_of(posts, min_jaccard=params.min_jaccard, seed=params.seed)
    for table, path in ((families, out.families), (forms, out.forms), (members, out.members)):
        io.write_parquet(pa.Table.from_pandas(table, preserve_index=False), path)
