"""The chain that a user would write: pandas, coordination-network-toolkit, BERTopic.

In the peers' own environment: POSTS.csv FOLDER. Each is called as its documentation does.
"""

import sqlite3
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from coordination_network_toolkit import compute_networks, preprocess
from narratives_peer import encoded, grouped

WINDOW, PROCESSES, SEED = 60, 2, 1


def main() -> None:
    """Read, find who shares what within a minute, and group the texts."""
    path, folder = sys.argv[1], Path(sys.argv[2])
    ids = dict.fromkeys(("message_id", "user_id", "repost_id", "reply_id"), str)
    posts = pd.read_csv(path, dtype=ids, keep_default_na=False)
    base = folder / "peer.db"
    base.unlink(missing_ok=True)
    preprocess.preprocess_csv_files(str(base), [path])
    with sqlite3.connect(base) as connection:
        # Posts without a link would all be joined by having none.
        connection.execute("DELETE FROM message_url WHERE url = ''")
    compute_networks.compute_co_tweet_network(str(base), WINDOW, n_threads=PROCESSES)
    compute_networks.compute_co_link_network(str(base), WINDOW, n_threads=PROCESSES)
    with sqlite3.connect(base) as connection:
        query = "SELECT user_1, user_2, weight FROM {} WHERE user_1 <> user_2"
        for name in ("co_tweet", "co_link"):
            edges = pd.read_sql(query.format(f"{name}_network"), connection)
            edges.to_csv(folder / f"{name}.csv", index=False)
    texts = posts["message"].tolist()
    np.save(folder / "topics.npy", np.array(grouped(texts, encoded(texts), SEED)))


if __name__ == "__main__":
    main()
