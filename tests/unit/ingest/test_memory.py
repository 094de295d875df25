"""Memory of an ingest against the size of its file, each measured in a process of its own."""

import subprocess
import sys

import pytest

MIB = 2**20
# Between a file of three batches and one three times as large. The larger one alone would
# add 40 MiB and more if it were held as bytes, and ten times that as Python's objects.
MOST_GROWTH_MIB = 30

READ = """
import sys
from pathlib import Path
from hydrascope.ingest.lines import Source
from hydrascope.ingest.reader import Sinks, read_raw_file

class Sink:
    def write_table(self, table):
        pass

path, kind = Path(sys.argv[1]), sys.argv[2]
row = dict(file="f", format=kind, platform="x", encoding="utf-8", snapshot="2022-01-01", sha256="")
Source.fill.__defaults__ = (int(sys.argv[3]),)
limits = {"strict": True, "max_bad_share": 0, "max_unpacked_gib": 1}
ledger, _ = read_raw_file(
    path, row=row, collection="toy", key=b"a key of the tests", limits=limits,
    sinks=Sinks(Sink(), Sink(), Sink()),
)
# The highest mark of this process alone; getrusage counts that of its parent too.
status = Path("/proc/self/status").read_text()
high = next(line for line in status.splitlines() if line.startswith("VmHWM"))
print(ledger["records"], int(high.split()[1]) // 1024)
"""


def peak(path, kind, block=2**20):
    """Records read, and the most MiB that were in use."""
    command = [sys.executable, "-c", READ, str(path), kind, str(block)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return tuple(map(int, done.stdout.split()))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_delimited_file_three_times_as_large_needs_no_more_memory(tmp_path, as_csv, tweet):
    rows = [tweet | {"tweet_text": "x" * 1_500, "tweetid": f"{n}9"} for n in range(100)]
    header, _, body = as_csv(rows, "x_archive_tweets").partition(b"\r\n")
    path, found = tmp_path / "f.csv", {}
    for size in (20, 60):
        times = size * MIB // len(body)
        path.write_bytes(header + b"\r\n" + body * times)
        records, found[size] = peak(path, "x_archive_tweets")
        assert records == 100 * times
    assert found[60] - found[20] < MOST_GROWTH_MIB, found
