import pandas as pd

from hydrascope import io
from hydrascope.report.closing import closing_lines


def test_the_closing_lines_count_every_platform_and_say_what_to_open(tmp_path):
    results = tmp_path / "the-study"
    counts = pd.DataFrame(
        [
            ("facebook", "page", 1700, 1632, 5, "1,632"),
            ("x", "user", 60, 48, 12, None),
        ],
        columns=["platform", "unit", "collected", "affiliated", "undetermined", "published"],
    )
    io.write_table(counts, results / "counts/platforms.tsv")
    assert closing_lines(results).splitlines() == [
        "the-study:",
        "  facebook pages: 1632 affiliated of 1700 collected, 5 undetermined, published 1,632",
        "  x users: 48 affiliated of 60 collected, 12 undetermined, published -",
        f"Open {results / 'report.html'}",
    ]
