import re
from pathlib import Path

import pandas as pd
import pytest

from hydrascope import io
from hydrascope.counts.claims import ELSEWHERE, judge_claims
from hydrascope.counts.platforms import MEASURES

CHECKOUT = Path(__file__).parents[3]
DETECT = "Accounts are counted by verdict; low is without the undetermined ones, high with them."
ROSTER = (
    "The list of accounts was taken as given: agreement shows that no record was lost, not that "
    "the list is right."
)
PLANTED = (
    "The collection is simulated: this is recovery of what was planted, no evidence about the "
    "world."
)
COLUMNS = "claim platform unit published source basis reproduced low high difference verdict note"


def claims(*published, measure="accounts", platform="x"):
    return pd.DataFrame(
        [
            {
                "study": "s",
                "claim": f"claim {number}",
                "measure": measure,
                "platform": platform,
                "unit": "user",
                "published": text,
                "source": "somebody",
            }
            for number, text in enumerate(published)
        ]
    )


def measures(value, low=None, high=None, measure="accounts", platform="x", status=""):
    ends = value if low is None else low, value if high is None else high
    row = [measure, platform, value, *ends, status]
    return pd.DataFrame([row], columns=["measure", "platform", "value", "low", "high", "status"])


def judged(published, *numbers, simulated=False):
    table = judge_claims(claims(published), measures(*numbers), mode="detect", simulated=simulated)
    return table.iloc[0]


@pytest.mark.parametrize(
    ("published", "value", "reproduced", "difference", "verdict"),
    [
        ("926", 926, "926", "0", "reproduced"),
        ("926", 925, "925", "-1", "differs"),
        ("926", 927, "927", "1", "differs"),
        # both numbers stand at the decimals that were published, no more, no fewer
        ("1.28", 1.2765, "1.28", "0.00", "reproduced"),
        ("1.28", 1.2849, "1.28", "0.00", "reproduced"),
        ("1.28", 1.2851, "1.29", "0.01", "differs"),
        ("1.28", 1.2749, "1.27", "-0.01", "differs"),
        ("1.3", 1.2851, "1.3", "0.0", "reproduced"),
        ("2.470", 2.4704, "2.470", "0.000", "reproduced"),
        ("2.470", 2.471, "2.471", "0.001", "differs"),
        # halves go up, as they do on paper, and not to the even digit
        ("3", 2.5, "3", "0", "reproduced"),
        ("0.13", 0.125, "0.13", "0.00", "reproduced"),
        # 2.675 is a little less in binary; what is written decides
        ("2.68", 2.675, "2.68", "0.00", "reproduced"),
        ("0", 0, "0", "0", "reproduced"),
        ("21386", 21385, "21385", "-1", "differs"),
    ],
)
def test_numbers_are_compared_at_the_decimals_that_were_published(
    published, value, reproduced, difference, verdict
):
    row = judged(published, value)
    assert (row["reproduced"], row["difference"], row["verdict"]) == (
        reproduced,
        difference,
        verdict,
    )
    assert row["low"] == row["high"] == reproduced


@pytest.mark.parametrize(
    ("published", "value", "low", "high", "verdict"),
    [
        ("100", 100, 95, 105, "reproduced"),  # exactly a tenth of the estimate
        ("100", 100, 95, 106, "not identified"),  # a little more than a tenth
        ("95", 100, 95, 105, "reproduced"),  # the ends belong to the interval
        ("105", 100, 95, 105, "reproduced"),
        ("94", 100, 95, 105, "differs"),
        ("106", 100, 95, 105, "differs"),
        ("500", 100, 50, 150, "not identified"),  # too wide to contradict anything
        ("0", 0, 0, 1, "not identified"),
    ],
)
def test_the_interval_decides_the_verdict(published, value, low, high, verdict):
    row = judged(published, value, low, high)
    assert row["verdict"] == verdict
    assert (row["low"], row["high"]) == (str(low), str(high))


@pytest.mark.parametrize(
    ("numbers", "real", "simulated"),
    [
        ((926,), "reproduced", "recovered (planted)"),
        ((925,), "differs", "missed (planted)"),
        ((926, 500, 1000), "not identified", "not testable"),
    ],
)
def test_simulated_collections_have_their_own_words(numbers, real, simulated):
    assert judged("926", *numbers)[["basis", "verdict"]].tolist() == ["real", real]
    planted = judged("926", *numbers, simulated=True)
    assert planted[["basis", "verdict"]].tolist() == ["simulated", simulated]


@pytest.mark.parametrize(
    "given",
    [
        measures(926, measure="views"),
        measures(926, platform="facebook"),
        measures(float("nan")),
        measures(926)[:0],
    ],
    ids=["measure", "platform", "no value", "nothing"],
)
@pytest.mark.parametrize(
    ("simulated", "verdict"), [(False, "not identified"), (True, "not testable")]
)
def test_what_nothing_measures_is_said_to_be_unmeasured(given, simulated, verdict):
    row = judge_claims(claims("926"), given, mode="detect", simulated=simulated).iloc[0]
    assert row["verdict"] == verdict
    assert row["published"] == "926"
    assert row[["reproduced", "low", "high", "difference"]].isna().all()


def test_every_claim_keeps_its_row_its_order_and_its_words():
    table = judge_claims(claims("926", "455", "926"), measures(926), mode="detect", simulated=False)
    assert " ".join(table.columns) == COLUMNS
    assert table["claim"].tolist() == ["claim 0", "claim 1", "claim 2"]
    assert table["published"].tolist() == ["926", "455", "926"]
    assert table["verdict"].tolist() == ["reproduced", "differs", "reproduced"]
    assert set(table["note"]) == {DETECT} and set(table["source"]) == {"somebody"}


def test_a_study_without_claims_has_an_empty_table_with_its_columns():
    table = judge_claims(claims("1")[:0], measures(926), mode="detect", simulated=False)
    assert " ".join(table.columns) == COLUMNS and table.empty


def parts(total, *numbers, sources=None):
    """A total, and numbers for single platforms, as one source or several published them."""
    platforms = ["all", *(f"p{number}" for number in range(len(numbers)))]
    table = claims(*map(str, (total, *numbers)))
    return table.assign(platform=platforms, source=sources or ["one"] * len(platforms))


def verdict_of_total(table, value, *, simulated=False):
    found = pd.concat([measures(value, platform="all"), measures(3, platform="p0")])
    return judge_claims(table, found, mode="detect", simulated=simulated).iloc[0]


@pytest.mark.parametrize("simulated", [True, False])
def test_parts_that_come_to_more_than_their_total_make_it_inconsistent(simulated):
    row = verdict_of_total(parts(2009, 1632, 319, 60), 2009, simulated=simulated)
    assert row["verdict"] == "inconsistent as published"
    assert row["note"] == " ".join(
        ["Its parts sum to 2,011, and it is 2,009.", DETECT, *([PLANTED] if simulated else [])]
    )
    assert (row["reproduced"], row["difference"]) == ("2009", "0")


@pytest.mark.parametrize(
    ("total", "numbers", "sources"),
    [
        (2011, (1632, 319, 60), None),
        (3000, (1632, 319, 60), None),
        (10, (11,), None),
        (10, (6, 7), ["one", "other", "other"]),
        (10, (6, 7), ["one", "one", "other"]),
    ],
)
def test_a_total_that_its_own_parts_allow_is_judged_as_any_other(total, numbers, sources):
    row = verdict_of_total(parts(total, *numbers, sources=sources), total)
    assert row["verdict"] == "reproduced"
    assert row["note"] == DETECT


def test_the_parts_themselves_are_judged_by_what_was_measured():
    table = judge_claims(
        parts(5, 3, 4), measures(3, platform="p0"), mode="detect", simulated=False
    ).set_index("platform")
    assert table["verdict"].to_dict() == {
        "all": "inconsistent as published",
        "p0": "reproduced",
        "p1": "not identified",
    }


def test_a_platform_that_a_source_counts_twice_is_added_once():
    table = parts(10, 6, 6)
    assert (
        verdict_of_total(table.assign(platform=["all", "p0", "p0"]), 10)["verdict"] == "reproduced"
    )


def note(measure, given, *, mode="detect", simulated=False, platform="x"):
    told = claims("7", measure=measure, platform=platform)
    return judge_claims(told, given, mode=mode, simulated=simulated)["note"].iloc[0]


@pytest.mark.parametrize(
    ("mode", "measure", "said"),
    [
        ("detect", "accounts", DETECT),
        ("detect", "posts", DETECT),
        ("roster", "accounts", ROSTER),
        ("roster", "mean_followers", ROSTER),
        ("detect", "replacement_ratio", "Low and high are the ends of its 95 % interval."),
        (
            "detect",
            "mean_followers_with_posts",
            "The mean is that of the affiliated accounts alone, and so are low and high.",
        ),
    ],
)
@pytest.mark.parametrize("simulated", [True, False])
def test_how_a_number_came_about_is_said_for_each_kind_of_number(mode, measure, said, simulated):
    found = note(measure, measures(7, measure=measure), mode=mode, simulated=simulated)
    assert found == (f"{said} {PLANTED}" if simulated else said)


@pytest.mark.parametrize(
    ("measure", "given", "said"),
    [
        (
            "replacement_ratio",
            measures(float("nan"), measure="replacement_ratio", status="not identified: 0 waves"),
            "Not identified: 0 waves.",
        ),
        ("accounts", measures(7, platform="y"), "The collection has no account of the platform x."),
        ("accounts", measures(7)[:0], "The collection has no account of the platform x."),
        (
            "views",
            measures(7),
            f"views is no measure that the workflow computes; those are {', '.join(MEASURES)}.",
        ),
    ],
)
def test_why_there_is_no_number_is_said(measure, given, said):
    assert note(measure, given) == said


def test_a_total_of_one_platform_is_said_to_be_none():
    assert note("accounts", measures(7), platform="all").startswith("Platforms are put together")


@pytest.mark.parametrize("measure", ELSEWHERE)
def test_what_the_results_have_on_a_claim_is_named_and_why_it_is_not_compared(measure):
    said = note(measure, measures(7))
    assert said == ELSEWHERE[measure] and re.match(r"(counts|ingest|narratives)/\w+\.tsv ", said)
    assert said.count(". ") == 1 and all(len(part.split()) <= 25 for part in said.split(". "))


def test_each_measure_of_a_published_claim_is_computed_or_told_why_not():
    published = io.read_table(CHECKOUT / "data/published/claims.tsv", text=True)
    assert set(published["measure"]) <= {*MEASURES, *ELSEWHERE}
