"""One run of `bench/narratives.py` in a process of its own: texts, or their vectors, to topics."""

import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import yaml

from hydrascope.narratives.codebook import load_codebook
from hydrascope.narratives.consensus import consensus_centres, grouped
from hydrascope.narratives.granularity import finest, granularity
from hydrascope.narratives.points import points_of
from hydrascope.narratives.topics import described_topics
from hydrascope.narratives.words import name_pattern
from hydrascope.texts.vectors import embed, shard_bounds

SETTINGS = yaml.safe_load(Path("config/config.yaml").read_text(encoding="utf-8"))
OURS, SEED = SETTINGS["narratives"], 1
GROUPED = {"least": OURS["min_topic_families"], "border": OURS["border"]}


def embedded(texts: list[str]) -> np.ndarray:
    """Embed as the workflow does: a shard a process, a process a core."""
    shards = os.cpu_count()
    bounds = [shard_bounds(len(texts), shard, shards) for shard in range(shards)]
    parts = [texts[start:end] for start, end in bounds]
    with ProcessPoolExecutor(shards, mp_context=get_context("spawn")) as pool:
        return np.concatenate(list(pool.map(shard_vectors, parts)))


def shard_vectors(texts: list[str]) -> np.ndarray:
    """Vectors of one shard."""
    return embed(texts, decimals=SETTINGS["texts"]["decimals"])


def topics(texts: list[str], vectors: np.ndarray, how: str) -> np.ndarray:
    """Find and describe topics: as many as hold still, or a single fit of a number of them."""
    points = points_of(vectors, dimensions=OURS["dimensions"])
    if how == "stable":
        number = finest(granularity(points, **GROUPED, seed=SEED))
        centres = consensus_centres(points, number, seed=SEED)
    else:
        centres = consensus_centres(points, int(how), seed=SEED, fits=1, tries=1)
    found = np.stack(grouped(points, centres, **GROUPED))
    names = name_pattern(load_codebook("config/narratives.yaml")[1]["form"])
    described_topics(texts, vectors, found[0], names=names, words=OURS["words"])
    return found


def main() -> None:
    """Texts (JSON), vectors or -, where the topics go, how many."""
    texts, vectors, out, how = sys.argv[1:]
    texts = json.loads(Path(texts).read_text(encoding="utf-8"))
    vectors = embedded(texts) if vectors == "-" else np.load(vectors)
    found = topics(texts, vectors, how)
    np.save(out, found)
    print(len(texts), len(set(found[0].tolist()) - {-1}))


if __name__ == "__main__":
    main()
