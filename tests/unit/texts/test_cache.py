"""What was embedded once is not embedded again, and damage is never believed."""

import logging
import pickle
import subprocess
import sys

import numpy as np
import pytest

from hydrascope.texts.cache import cached_vectors


class Encoder:
    """Counts what it is asked for."""

    def __init__(self):
        self.seen = []

    def __call__(self, texts):
        self.seen += list(texts)
        return vectors_of(texts)


def vectors_of(texts):
    rows = [[len(text), text.count("a"), 0.5] for text in texts]
    return np.array(rows, dtype=np.float32).reshape(len(texts), 3)


TEXTS = ["banana", "", "新疆", "a\ud800b", "apple"]


def test_a_second_run_asks_for_nothing_and_a_third_for_what_is_new(tmp_path):
    encode = Encoder()
    first = cached_vectors(TEXTS, encode, tmp_path)
    assert sorted(encode.seen) == sorted(TEXTS)
    encode.seen.clear()
    assert np.array_equal(cached_vectors(TEXTS, encode, tmp_path), first)
    assert encode.seen == []
    more = cached_vectors(["new", *TEXTS[::-1]], encode, tmp_path)
    assert encode.seen == ["new"]
    assert np.array_equal(more, vectors_of(["new", *TEXTS[::-1]]))


def test_a_text_that_is_asked_for_twice_is_embedded_once(tmp_path):
    encode = Encoder()
    found = cached_vectors(["a", "a", "b"], encode, tmp_path)
    assert sorted(encode.seen) == ["a", "b"]
    assert np.array_equal(found, vectors_of(["a", "a", "b"]))


def test_no_text_leaves_no_file(tmp_path):
    assert cached_vectors([], Encoder(), tmp_path).shape == (0, 3)
    assert list(tmp_path.iterdir()) == []


def test_the_order_of_the_texts_changes_no_byte_of_the_cache(tmp_path):
    for name, texts in (("one", TEXTS), ("other", TEXTS[::-1])):
        cached_vectors(texts, Encoder(), tmp_path / name)
    one, other = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        for name in ("one", "other")
    )
    assert one == other and len(one) == 2


def damaged(content, how):
    if how == "truncated":
        return content[: len(content) // 2]
    if how == "emptied":
        return b""
    if how == "one bit":
        return content[:-1] + bytes([content[-1] ^ 1])
    return pickle.dumps(["hostile"])


@pytest.mark.parametrize("part", ["keys", "vectors"])
@pytest.mark.parametrize("how", ["truncated", "emptied", "one bit", "a pickle", "missing"])
def test_a_damaged_pack_is_left_out_said_so_and_its_texts_are_embedded_again(
    tmp_path, caplog, part, how
):
    before = cached_vectors(TEXTS, Encoder(), tmp_path)
    path = next(tmp_path.glob(f"*.{part}.npy"))
    if how == "missing":
        path.unlink()
    else:
        path.write_bytes(damaged(path.read_bytes(), how))
    encode = Encoder()
    with caplog.at_level(logging.WARNING):
        assert np.array_equal(cached_vectors(TEXTS, encode, tmp_path), before)
    assert sorted(encode.seen) == sorted(TEXTS)
    # Without its keys a pack is not there at all.
    assert ("embedded again" in caplog.text) == ((part, how) != ("keys", "missing"))
    encode.seen.clear()
    cached_vectors(TEXTS, encode, tmp_path)
    assert encode.seen == []


def test_half_written_packs_are_not_read(tmp_path):
    cached_vectors(TEXTS, Encoder(), tmp_path)
    for path in list(tmp_path.iterdir()):
        path.rename(tmp_path / f".{path.name}.1234")
    encode = Encoder()
    cached_vectors(TEXTS, encode, tmp_path)
    assert len(encode.seen) == len(TEXTS)


FILL = """
import sys
import numpy as np
from hydrascope.texts.cache import cached_vectors
texts = sys.argv[2:]
vectors = lambda own: np.array([[len(t), t.count("a"), 0.5] for t in own], dtype=np.float32)
for end in range(10, len(texts) + 1, 10):
    cached_vectors(texts[:end], lambda own: vectors(own).reshape(-1, 3), sys.argv[1])
"""


def test_processes_that_write_at_once_spoil_nothing(tmp_path):
    texts = [f"text {number}" for number in range(100)]
    jobs = [
        subprocess.Popen([sys.executable, "-c", FILL, str(tmp_path), *part])
        for part in (texts, texts[::-1])
    ]
    assert [job.wait() for job in jobs] == [0, 0]
    encode = Encoder()
    assert np.array_equal(cached_vectors(texts, encode, tmp_path), vectors_of(texts))
    assert encode.seen == []
