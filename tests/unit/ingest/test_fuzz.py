"""Every promise of every reader, on a fixed few thousand hostile inputs and on good ones."""

import csv
import io
import json
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from promises import Broken, Pool, keeps_all, watched
from samples import MAPS, Sample, samples, spoiled

from hydrascope.ingest.formats import FORMATS

INPUTS = 300
FORMS = [*FORMATS, "csv:own", "json:own", "csv:numbered", "json:odd"]
ROWS = st.lists(st.tuples(st.text(), st.text(), st.text()), max_size=8)


@pytest.fixture(scope="module")
def every(realdata):
    return samples(realdata)


def test_every_format_has_a_sample_and_every_sample_is_read(every, tmp_path):
    assert {sample.form for sample in every} == set(FORMS)
    assert {keeps_all(sample, tmp_path) for sample in every} == {"read"}


@pytest.mark.parametrize("form", FORMS)
def test_spoiled_exports_keep_the_promises(every, tmp_path, form):
    own = [sample for sample in every if sample.form == form]
    pool, chance = Pool(form, tmp_path), random.Random(form)
    for _ in range(INPUTS):
        pool.add(spoiled(chance.choice(own), chance))
    pool.flush()
    # Neither all refused at the door nor all let in.
    assert INPUTS * 0.1 < pool.refused < INPUTS * 0.9
    assert pool.records > INPUTS * 0.2


@pytest.mark.parametrize("form", ["csv:own", "json:own"])
@given(rows=ROWS)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_cells_hold_every_record_is_found_again(read, form, rows):
    records = [
        {"id": f"{row}", "author": "a", "text": text, "links": links, "time": time}
        for row, (text, links, time) in enumerate(rows)
    ]
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, ["id", "author", "text", "links", "time"])
    writer.writeheader()
    writer.writerows(records)
    made = {"csv:own": stream.getvalue(), "json:own": json.dumps(records)}[form]
    found = read(made.encode("utf-8", "surrogatepass"), form, column_maps=MAPS)
    assert found.ledger["records"].item() == len(records)
    assert len(found.posts) + len(found.quarantine) == len(records)


def test_what_breaks_a_promise_is_noticed(tmp_path):
    outside = tmp_path / "outside"
    inside = tmp_path / "inside"
    inside.mkdir()
    with pytest.raises(Broken, match="outside its folder"), watched(inside):
        outside.write_text("x", encoding="utf-8")
    assert not outside.exists()
    with watched(inside):
        (inside / "raw").write_text("x", encoding="utf-8")


def test_a_pool_names_the_input_that_breaks_a_promise(tmp_path, monkeypatch):
    pool = Pool("csv:own", tmp_path, whole=10**9)
    good = b"id,author,text,links,time\n1,a,x,,2021-01-01\n"
    for data in (good, good.replace(b"x", b"culprit"), good):
        pool.add(Sample("csv:own", "forum", "utf-8", data))
    monkeypatch.setattr("promises._checked", lambda parts: 0)
    monkeypatch.setattr("promises.keeps_all", lambda sample, folder: _refuse(sample))
    with pytest.raises(Broken, match="culprit"):
        pool.flush()


def _refuse(sample):
    if b"culprit" in sample.data:
        raise Broken("culprit")
