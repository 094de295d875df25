"""One job of bench/coordination.py in a process of its own: JOB POSTS.csv FOLDER."""

import sys
from pathlib import Path

import duckdb

from hydrascope.affiliation.coshares import coshare_edges

WINDOW = 60
SHARES = """
CREATE TABLE posts AS FROM read_csv($1, all_varchar = true);
CREATE TABLE texts AS
    SELECT user_id AS account_id, message_id AS post_id, CAST("timestamp" AS DOUBLE) AS seconds,
        lower(trim(regexp_replace(message, '\\s+', ' ', 'g'))) AS thing
    FROM posts WHERE repost_id IS NULL;
CREATE TABLE links AS
    SELECT user_id AS account_id, message_id AS post_id, CAST("timestamp" AS DOUBLE) AS seconds,
        unnest(string_split(urls, ' ')) AS thing
    FROM posts WHERE repost_id IS NULL AND urls IS NOT NULL
"""


def main() -> None:
    """Read the posts, write the edges, and print how many there are."""
    path, folder = sys.argv[1], Path(sys.argv[2])
    connection = duckdb.connect(
        config={"threads": 2, "memory_limit": "2GB", "temp_directory": str(folder / "spill")}
    )
    for statement in SHARES.replace("$1", f"'{path}'").split(";"):
        connection.execute(statement)
    for name in ("texts", "links"):
        made = folder / f"{name}.parquet"
        coshare_edges(connection, name, window=WINDOW).write_parquet(str(made))
        print(connection.sql(f"SELECT count(*) FROM '{made}'").fetchall()[0][0])


if __name__ == "__main__":
    main()
