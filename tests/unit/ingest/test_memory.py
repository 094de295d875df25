"""Memory of an ingest against the size of its file, each measured in a process of its own."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

MIB = 2**20
# More than chance, and less than a third of what a file of 60 MiB has more than one of 20.
MOST_GROWTH_MIB = 20

CSV = """
from pathlib import Path
from hydrascope.ingest.lines import Source
from hydrascope.ingest.reader import Sinks, read_raw_file

class Sink:
    def write_table(self, table):
        pass

row = dict(file="f", format="x_archive_tweets", platform="x", encoding="utf-8")
row |= dict(snapshot="2022-01-01", sha256="")
Source.fill.__defaults__ = (int(sys.argv[2]),)
ledger, _ = read_raw_file(
    Path(sys.argv[1]), row=row, collection="toy", key=b"a key of the tests",
    limits={"strict": True, "max_bad_share": 0, "max_unpacked_gib": 1},
    sinks=Sinks(Sink(), Sink(), Sink()),
)
records = ledger["records"]
"""
JSON = """
from hydrascope.ingest import nested
from hydrascope.ingest.mapping import Format, Item, Records

form = Format({"": Records(("id",))}, "", lambda value: [Item("", value)], "items")
nested.BATCH_RECORDS = int(sys.argv[2])
with open(sys.argv[1], "rb") as stream:
    records = sum(one.records for one in nested.json_batches(stream, name="f", form=form))
"""
# The highest mark of this process alone; getrusage counts that of its parent too.
MEASURE = """
status = open("/proc/self/status").read()
high = next(line for line in status.splitlines() if line.startswith("VmHWM"))
print(records, int(high.split()[1]) // 1024)
"""


def peak(script, path, size):
    """Records read, and the most MiB that were in use."""
    command = [sys.executable, "-c", f"import sys\n{script}{MEASURE}", str(path), str(size)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return tuple(map(int, done.stdout.split()))


def written(path, start, body, end, mib):
    """A file of about so many MiB; how often it holds the body."""
    times = mib * MIB // len(body)
    path.write_bytes(start + body * times + end)
    return times


@pytest.fixture
def hundred_tweets(as_csv, tweet):
    """The header of a tweets file, and a hundred of them."""
    rows = [tweet | {"tweet_text": "x" * 1_500, "tweetid": f"{n}9"} for n in range(100)]
    header, _, body = as_csv(rows, "x_archive_tweets").partition(b"\r\n")
    return header + b"\r\n", body


def test_a_delimited_file_three_times_as_large_needs_no_more(tmp_path, hundred_tweets):
    header, body = hundred_tweets
    path, found = tmp_path / "f.csv", {}
    for mib in (20, 60):
        times = written(path, header, body, b"", mib)
        # In small blocks, of which the smaller file has many, too.
        records, found[mib] = peak(CSV, path, 2 * MIB)
        assert records == 100 * times
    assert found[60] - found[20] < MOST_GROWTH_MIB, found


def test_blocks_of_the_true_size_need_less_than_600_mib(tmp_path, hundred_tweets):
    header, body = hundred_tweets
    times = written(tmp_path / "f.csv", header, body, b"", 120)
    records, mib = peak(CSV, tmp_path / "f.csv", 2**24)
    assert records == 100 * times
    assert mib < 600


def test_a_document_three_times_as_large_needs_no_more(tmp_path):
    body = b'{"id":"1","more":[' + b'"text of a post",' * 50 + b"0]},\n"
    path, found = tmp_path / "f.json", {}
    for mib in (20, 60):
        times = written(path, b'{"items":[\n', body, b'{"id":"2"}],"more":{}}', mib)
        records, found[mib] = peak(JSON, path, 1_000)
        assert records == times + 1
    assert found[60] - found[20] < MOST_GROWTH_MIB, found
