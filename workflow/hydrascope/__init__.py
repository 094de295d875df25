"""Hydrascope: which accounts act together, what they say and when they were made.

The package is functions on tables. Only `hydrascope.io` and the readers in
`hydrascope.ingest` open files, and nothing here imports Snakemake.
"""
