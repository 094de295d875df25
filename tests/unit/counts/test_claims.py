import pandas as pd
import pytest

from hydrascope.counts.claims import how_counted, judge_claims

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


def measures(value, low=None, high=None, measure="accounts", platform="x"):
    row = [measure, platform, value, value if low is None else low, value if high is None else high]
    return pd.DataFrame([row], columns=["measure", "platform", "value", "low", "high"])


def judged(published, *numbers, simulated=False):
    table = judge_claims(claims(published), measures(*numbers), simulated=simulated, note="note")
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
    row = judge_claims(claims("926"), given, simulated=simulated, note="mind").iloc[0]
    assert row["verdict"] == verdict
    assert row["published"] == "926"
    assert row[["reproduced", "low", "high", "difference"]].isna().all()
    assert row["note"] == "Nothing in the collection measures it. mind"


def test_every_claim_keeps_its_row_its_order_and_its_words():
    table = judge_claims(claims("926", "455", "926"), measures(926), simulated=False, note="mind")
    assert " ".join(table.columns) == COLUMNS
    assert table["claim"].tolist() == ["claim 0", "claim 1", "claim 2"]
    assert table["published"].tolist() == ["926", "455", "926"]
    assert table["verdict"].tolist() == ["reproduced", "differs", "reproduced"]
    assert set(table["note"]) == {"mind"} and set(table["source"]) == {"somebody"}


def test_a_study_without_claims_has_an_empty_table_with_its_columns():
    table = judge_claims(claims("1")[:0], measures(926), simulated=False, note="mind")
    assert " ".join(table.columns) == COLUMNS and table.empty


def parts(total, *numbers, sources=None):
    """A total, and numbers for single platforms, as one source or several published them."""
    platforms = ["all", *(f"p{number}" for number in range(len(numbers)))]
    table = claims(*map(str, (total, *numbers)))
    return table.assign(platform=platforms, source=sources or ["one"] * len(platforms))


def verdict_of_total(table, value, *, simulated=False):
    found = pd.concat([measures(value, platform="all"), measures(3, platform="p0")])
    return judge_claims(table, found, simulated=simulated, note="note").iloc[0]


@pytest.mark.parametrize("simulated", [True, False])
def test_parts_that_come_to_more_than_their_total_make_it_inconsistent(simulated):
    row = verdict_of_total(parts(2009, 1632, 319, 60), 2009, simulated=simulated)
    assert row["verdict"] == "inconsistent as published"
    assert row["note"] == "Its parts sum to 2,011, and it is 2,009. note"
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
    assert row["note"] == "note"


def test_the_parts_themselves_are_judged_by_what_was_measured():
    table = judge_claims(
        parts(5, 3, 4), measures(3, platform="p0"), simulated=False, note="note"
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


def test_how_the_numbers_came_about_is_said():
    assert "roster" in how_counted("roster", simulated=False)
    assert "undetermined" in how_counted("detect", simulated=False)
    assert "simulated" not in how_counted("detect", simulated=False)
    assert "recovery of what was planted" in how_counted("detect", simulated=True)
