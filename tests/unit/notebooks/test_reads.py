import json

from hydrascope.notebooks.reads import results_read


def test_what_cells_and_answers_ask_for_is_named_once_and_sorted(tmp_path):
    cells = [
        {"cell_type": "code", "source": ['a = results.table("timing/daily.tsv")\n', "a"]},
        {"cell_type": "code", "source": ['results.figure("fig01_claims")']},
        {"cell_type": "markdown", "source": ['```python\nresults.table("a/b.parquet")\n```']},
        {"cell_type": "code", "source": ['results.table("timing/daily.tsv")', "other.table(1)"]},
    ]
    path = tmp_path / "n.ipynb"
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    assert results_read(path) == ["a/b.parquet", "figures/fig01_claims.png", "timing/daily.tsv"]
