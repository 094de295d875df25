import base64
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from hostile import BACKWARDS, HOSTILE
from jinja2 import UndefinedError

from hydrascope import io
from hydrascope.affiliation.cohesion import NETWORK, NOT_TESTABLE
from hydrascope.report import page as module
from hydrascope.report.page import render_page

TEMPLATES = Path(__file__).resolve().parents[3] / "workflow/report"
FIGURES = {path.name.removesuffix(".txt.j2"): b"<svg/>" for path in TEMPLATES.glob("fig*.txt.j2")}
STUDY = {
    "title": "A study",
    "simulated": False,
    "affiliation": {"mode": "roster", "roster": "users.csv"},
    "detection": {"min_groups": 2, "link_p": 0.25, "link_q": 0.125, "threshold": 9.5},
    "fewest_accounts": 5,
    "seed": 7,
}
# The columns of each table as its stage writes them.
COLUMNS = {
    "claims": "claim platform unit published source basis reproduced low high difference verdict "
    "note",
    "platforms": "platform unit collected affiliated undetermined low high published",
    "dispersion": "platform estimate value low high n n_dated days masked_days method null p "
    "wrong_if",
    "largest_days": "platform day accounts rank",
    "timing_dates": "platform unit precision outcome accounts n",
    "timing_bursts": "platform start end accounts excess low high p q status n_dated n days draws "
    "method null wrong_if",
    "timing_burst_shares": "platform accounts n_dated n share low high batches method",
    "timing_batches": "platform gap batches accounts share largest median effective in_bursts "
    "bursts bursts_of_one_batch like_names like_names_by_chance p q n_dated n status method null "
    "wrong_if",
    "timing_hours": "platform of estimate value low high p q times n_dated n batches effective "
    "status method null wrong_if",
    "timing_zones": "platform offset_low offset_high zones cities template shift_hours deficit q "
    "in_set",
    "timing_shifts": "platform part start end start_low start_high end_low end_high share rate",
    "timing_holidays": "platform country kind days share due ratio low high p q status method "
    "null wrong_if",
    "timing_replacement": "estimate value low high p p_slogan waves removed made due placebos "
    "n_dated n status method null wrong_if",
    "timing_waves": "wave after before day day_low day_high removed made due excess status",
    "timing_survival": "platform unit origin day survival low high at_risk removed n_dated n "
    "batches given_day status method null wrong_if",
    "timing_hazards": "origin term ratio low high p q spells removed clusters n_dated n status "
    "method null wrong_if",
    "timing_dormancy": "platform among estimate value low high accounts batches n_dated n status "
    "method null wrong_if",
    "timing_calibration": "part cell measure value low high series holds",
    "topics": "topic families posts accounts post_share words",
    "sample": "what looked_at of",
    "map": "topic subject words x y families posts of_posts",
    "quality": "method language measure value",
    "stability": "perturbation fits ari_all ari_without_outliers",
    "persistence": "topic jaccard low",
    "subjects": "topic subject nearest similarity named score runner_up margin families posts",
    "prevalence": "platform language month subject posts of_posts families of_families accounts "
    "of_accounts post_share low high account_share account_low account_high batches",
    "contrast": "platform subject network_share control_share difference low high "
    "network_accounts of_network_accounts control_accounts of_control_accounts network_batches "
    "control_batches status",
    "first_posts": "platform subject accounts events of_accounts before_creation lower_quartile "
    "median median_low median_high upper_quartile batches status",
    "stances": "subject language stance families posts accounts status",
    "departures": "test kind key planned used",
    "settings": "path sha256",
    "versions": "name version",
    "affiliation_evidence": "group measurable met linked affiliated undetermined unaffiliated",
    "affiliation_score": "among platform measure value low high hits of",
    "narratives_agreement": "measure language value low high units",
    "narratives_corrected": "language subject stance of machine_share share low high units total "
    "status",
    "narratives_calibration": "measure part value low high least most worlds holds",
    "narratives_score": "measure language script subject value n",
    "ledger": "file sha256 bytes records kept duplicate quarantined notes",
    "missingness": "table platform unit field rows missing share",
}
COLUMNS = {name: columns.split() for name, columns in COLUMNS.items()}
# What a page may leave out, whatever it looks like; it may not leave out more.
OPTIONAL = {
    "claims": ["unit", "basis", "low", "high"],
    "largest_days": ["rank"],
    "ledger": ["bytes"],
    "subjects": ["runner_up"],
    "map": ["x", "y", "families", "posts", "of_posts"],
    "prevalence": ["platform", "language", "month", "batches"],
    "narratives_calibration": ["holds"],
    **dict.fromkeys(["contrast", "first_posts", "stances"], ["status"]),
    "narratives_score": ["language", "subject"],
    "timing_bursts": ["draws"],
    "timing_burst_shares": ["method"],
    "timing_batches": ["n_dated", "n"],
    "timing_hours": ["status"],
    "timing_zones": ["in_set"],
    "timing_holidays": ["platform", "status"],
    "timing_waves": ["day"],
    "timing_survival": ["batches"],
    "timing_hazards": ["n_dated", "n"],
    "timing_dormancy": ["batches"],
    "timing_calibration": ["part", "holds"],
}
# Tables of which the page shows the rows that hold these values.
CHOSEN = {
    "prevalence": dict.fromkeys(["platform", "language", "month"], "all"),
    **dict.fromkeys(["contrast", "first_posts", "stances"], {"status": "estimated"}),
    "map": {"x": "0.5", "y": "-1.25", "posts": "12"},
    "narratives_score": dict.fromkeys(["language", "subject"], "all"),
    "timing_hours": {"status": "estimated"},
    "timing_zones": {"in_set": "yes"},
    "timing_holidays": {"platform": "all"},
    "timing_calibration": {"part": "alarms"},
}
THREATS = "# Threats\n\nThe opening.\n\n## Construct\n\n- one <b>thing</b>\n"
SHOWN = {
    name: [column for column in columns if column not in OPTIONAL.get(name, [])]
    for name, columns in COLUMNS.items()
}
VOID = {"meta", "img", "br", "hr", "link", "input", "col"}


class Page(HTMLParser):
    """What a browser would make of a page: elements, attributes and texts."""

    def __init__(self, source):
        super().__init__()
        self.elements, self.texts, self.open, self.unclosed = [], [], [], []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.unclosed.append(tag)

    def handle_data(self, data):
        self.texts.append((self.open[-1] if self.open else "", data))

    def text(self, *tags):
        return "\n".join(data for tag, data in self.texts if not tags or tag in tags)

    def attributes(self):
        return [(tag, *item) for tag, attrs in self.elements for item in attrs.items()]


def token(table, column, row):
    return f"{table}.{column}.{row}"


def tables(rows=2, value=token):
    return {
        name: pd.DataFrame(
            [[value(name, column, row) for column in columns] for row in range(rows)],
            columns=columns,
        ).assign(**CHOSEN.get(name, {}))
        for name, columns in COLUMNS.items()
    }


def as_read(folder, made):
    """Tables as the report gets them: written by their stage, then read as text."""
    for name, table in made.items():
        io.write_table(table, folder / f"{name}.tsv")
    return {name: io.read_table(folder / f"{name}.tsv", text=True) for name in made}


def render(made, *, study=STUDY, figures=FIGURES, links=None):
    return render_page(
        TEMPLATES,
        study=study,
        tables=made,
        figures=figures,
        links=links or {"01": "n/01.html"},
        threats=THREATS,
    )


def with_sizes(made):
    """The same tables, with the row that a caption speaks of."""
    made["dispersion"].loc[0, "estimate"] = "size k"
    return made


@pytest.mark.parametrize("name", COLUMNS)
def test_every_row_of_every_table_is_shown(name):
    text = Page(render(tables())).text()
    for row in range(2):
        for column in SHOWN[name]:
            assert token(name, column, row) in text


def test_the_page_is_the_same_for_the_same_results():
    assert render(tables()) == render(tables())


def test_the_page_is_well_formed_and_has_one_heading_and_a_title():
    page = Page(render(with_sizes(tables())))
    assert page.unclosed == [] and page.open == []
    names = [tag for tag, _ in page.elements]
    assert names.count("h1") == names.count("title") == names.count("main") == 1
    assert STUDY["title"] in page.text("title") and STUDY["title"] in page.text("h1")


def test_every_link_within_the_page_leads_somewhere_and_no_id_is_given_twice():
    page = Page(render(tables()))
    ids = [value for _, name, value in page.attributes() if name == "id"]
    targets = {v[1:] for _, n, v in page.attributes() if n == "href" and v.startswith("#")}
    assert targets <= set(ids) and len(ids) == len(set(ids))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_in_any_cell_is_shown_and_never_acts(tmp_path, hostile):
    made = with_sizes(tables(value=lambda *place: f"{'.'.join(map(str, place))} {hostile}"))
    page = Page(render(as_read(tmp_path, made)))
    calm = Page(render(with_sizes(tables())))
    # the same elements with the same attributes, as if nothing had been said
    assert [tag for tag, _ in page.elements] == [tag for tag, _ in calm.elements]
    assert [set(attrs) for _, attrs in page.elements] == [set(attrs) for _, attrs in calm.elements]
    assert page.unclosed == []
    for name, columns in SHOWN.items():
        for column in columns:
            if (name, column) != ("dispersion", "estimate"):
                assert f"{token(name, column, 1)} {hostile}" in page.text()


def test_a_browser_runs_nothing_of_a_page_full_of_hostile_text(tmp_path, tab):
    hostile = " ".join([*HOSTILE, BACKWARDS])
    made = with_sizes(tables(value=lambda *place: f"{'.'.join(map(str, place))} {hostile}"))
    study = {**STUDY, "title": hostile, "affiliation": {"mode": "roster", "roster": hostile}}
    path = tmp_path / "report.html"
    path.write_text(render(as_read(tmp_path, made), study=study), encoding="utf-8")
    tab.open(path)
    assert tab.run("document.querySelectorAll('script, iframe, a[href^=javascript]').length") == 0
    assert hostile[:25] in tab.run("document.querySelector('h1').textContent")


@pytest.mark.parametrize(
    "caption", sorted(TEMPLATES.glob("fig*.txt.j2")), ids=lambda file: file.stem
)
def test_no_number_is_typed_in_a_caption(caption):
    """All come out of tables; what an interval covers is the method's and no finding."""
    said = re.sub(r"{{.*?}}|{%.*?%}|fig\d\d_\w+|95 % intervals?", "", caption.read_text("utf-8"))
    assert re.findall(r"\d+", said) == []


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_in_a_caption_is_shown_as_it_is(hostile):
    made = with_sizes(tables())
    made["timing_bursts"].loc[0, "platform"] = hostile
    page = Page(render(made))
    assert hostile in page.text("figcaption")
    assert any(hostile in attrs["alt"] for tag, attrs in page.elements if tag == "img")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_settings_are_shown_and_never_act(hostile):
    study = {**STUDY, "title": hostile, "affiliation": {"mode": "roster", "roster": hostile}}
    page, calm = Page(render(tables(), study=study)), Page(render(tables()))
    assert [tag for tag, _ in page.elements] == [tag for tag, _ in calm.elements]
    assert hostile in page.text("h1")


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\u200f", "\x1b", "\x00", "\u2028"])
def test_marks_that_turn_or_hide_text_are_visible_in_the_page(tmp_path, mark):
    made = tables(value=lambda *place: f"{'.'.join(map(str, place))} {mark}gpj")
    source = render(as_read(tmp_path, made))
    assert mark not in source
    assert f"\\u{ord(mark):04x}gpj" in Page(source).text("td")


def test_nothing_is_fetched_from_elsewhere_and_no_script_is_there():
    source = render(with_sizes(tables()))
    page = Page(source)
    assert "script" not in [tag for tag, _ in page.elements]
    for tag, name, value in page.attributes():
        assert not name.startswith("on")
        if name in ("src", "srcset", "data", "poster") or tag == "link":
            assert value.startswith("data:"), (tag, name)
        if name == "href":
            assert not re.match(r"\s*([a-z][a-z+.-]*:|//)", value, re.I), value
    assert not re.search(r"@import|url\(", source)


def test_the_policy_lets_nothing_in_but_images_and_styles_of_the_page():
    page = Page(render(tables()))
    [policy] = [a["content"] for t, a in page.elements if a.get("http-equiv")]
    assert policy.startswith("default-src 'none'")
    assert "script" not in policy and "http" not in policy and "*" not in policy


def test_each_figure_is_an_image_with_its_caption_as_its_alternative():
    svg = "<svg><text>ข้อความ</text></svg>".encode()
    page = Page(render(with_sizes(tables()), figures=dict.fromkeys(FIGURES, svg)))
    images = [attrs for tag, attrs in page.elements if tag == "img"]
    assert len(images) == len(FIGURES) > 0
    for number, image in enumerate(images, start=1):
        kind, data = image["src"].split(",", 1)
        assert kind == "data:image/svg+xml;base64" and base64.b64decode(data) == svg
        assert f"Figure {number}" in image["alt"]
        assert len(image["alt"]) > 80, "an alternative says what can be seen"
    creations = next(image for image in images if "When the network's" in image["alt"])
    assert token("timing_bursts", "n", 0) in creations["alt"]
    assert token("platforms", "collected", 0) in images[1]["alt"]


def test_each_figure_names_the_file_of_its_numbers():
    text = Page(render(tables())).text("figcaption")
    assert all(f"{name}.csv" in text for name in FIGURES)


def test_a_figure_of_the_user_s_own_names_no_code_of_ours(tmp_path):
    folder = shutil.copytree(TEMPLATES, tmp_path / "report")
    (folder / "fig14_weekdays.txt.j2").write_text("By the day of the week.", encoding="utf-8")
    page = render_page(
        folder,
        study=STUDY,
        tables=tables(),
        figures=FIGURES | {"fig14_weekdays": b"<svg/>"},
        links={},
        threats=THREATS,
    )
    own, *_, custom = re.findall(r"Made by [^<]*", page)
    assert own == "Made by the rule figure_claims with workflow/hydrascope/figures/claims.py. "
    assert custom == "Made by a rule in workflow/rules/custom/. "


def test_a_figure_without_a_caption_is_an_error():
    with pytest.raises(Exception, match=r"fig99_none\.txt\.j2"):
        render(tables(), figures={"fig99_none": b"<svg/>"})


@pytest.mark.parametrize("name", COLUMNS)
def test_a_table_or_a_column_that_is_missing_is_an_error_and_no_empty_page(name):
    without = tables()
    del without[name]
    if name in module.OPTIONAL:
        assert token(name, SHOWN[name][0], 0) not in render(without)
    else:
        with pytest.raises(UndefinedError):
            render(without)
    made = tables()
    made[name] = made[name].drop(columns=SHOWN[name][-1])
    with pytest.raises(UndefinedError):
        render(made)


@pytest.mark.parametrize("name", COLUMNS)
def test_an_empty_table_is_no_error(name):
    made = tables()
    made[name] = made[name][:0]
    assert token("platforms" if name != "platforms" else "claims", "platform", 0) in render(made)


def test_why_no_burst_could_be_looked_for_is_in_the_caption():
    made = tables()
    made["timing_bursts"].loc[0, "status"] = "not identified: 3"
    assert "not identified: 3" in Page(render(made)).text("figcaption")


def test_outliers_are_no_topic_and_the_largest_topics_are_listed_wherever_they_stand():
    many = module.LARGEST_TOPICS + 5
    made = tables(rows=many)
    for name in ("topics", "subjects", "persistence"):
        made[name]["topic"] = [str(row - 1) for row in range(many)]
    # The four smallest stand among the first.
    made["topics"]["families"] = ["900", *map(str, range(1, 5)), *["50"] * (many - 5)]
    text = Page(render(made)).text("td").split("\n")
    for name, column in (("topics", "words"), ("subjects", "nearest"), ("persistence", "jaccard")):
        shown = {row for row in range(1, many) if token(name, column, row) in text}
        assert shown == set(range(5, many))
    assert token("topics", "words", 0) not in text


def caption_of(number, made, study=STUDY):
    [caption] = [
        data
        for data in Page(render(made, study=study)).text("figcaption").split("Made by the rule")
        if f"fig{number:02}_" in data
    ]
    return caption


def test_figure_6_counts_the_topics_that_it_draws_and_no_outliers():
    made = tables(rows=3)
    made["topics"]["topic"] = ["-1", "0", "1"]
    made["stability"]["ari_without_outliers"] = ["0.990000", "0.975000", "0.9981"]
    caption = caption_of(6, made)
    assert "2 topics are drawn" in caption and "agree at 0.975 and more" in caption
    made["stability"]["ari_without_outliers"] = ""
    assert "agree at" not in caption_of(6, made)


@pytest.mark.parametrize("word", ["not testable", "not identified"])
def test_figure_1_counts_the_claims_without_an_answer_in_the_study_s_own_word(word):
    made = tables(rows=3)
    made["claims"]["verdict"] = [word, "reproduced", word]
    assert f"2 of 3 are {word} here" in caption_of(1, made)
    made["claims"]["verdict"] = "reproduced"
    assert "0 of 3 are without a verdict here" in caption_of(1, made)


def test_the_table_of_days_of_rest_names_its_platform():
    assert "all: posts on days that a country has off" in render(tables())


def test_only_a_study_that_detects_speaks_of_a_verdict_without_dates():
    said = "neither dates of creation nor common minutes have entered"
    assert said not in render(tables())
    study = {**STUDY, "affiliation": {"mode": "detect", "seeds": "seeds.csv"}}
    assert said in render(tables(), study=study)


def test_numbers_of_a_caption_are_grouped_and_shortened():
    made = tables()
    made["platforms"]["published"] = "12345"
    assert "published 12,345." in caption_of(2, made)
    made["timing_bursts"] = made["timing_bursts"].assign(status="burst", q="0.042000", platform="x")
    assert "2 bursts (q at most 0.042)" in caption_of(9, made)


def test_each_note_names_the_claims_that_it_is_of():
    made = tables(rows=3)
    made["claims"]["note"] = ["one", "other", "one"]
    said = Page(render(made)).text("p")
    assert "claims.claim.0; claims.claim.2: one" in said
    assert "claims.claim.1: other" in said


def test_a_study_of_outliers_alone_is_no_error():
    made = tables(rows=1)
    made["topics"]["topic"] = "-1"
    assert token("topics", "words", 0) not in Page(render(made)).text("td")


def test_fields_without_a_missing_value_are_left_out_and_no_other():
    made = tables(rows=3)
    made["missingness"]["missing"] = ["0", "10", "1"]
    text = Page(render(made)).text("td")
    fields = [token("missingness", "field", row) in text for row in range(3)]
    assert fields == [False, True, True]


@pytest.mark.parametrize("simulated", [True, False])
def test_only_a_simulated_study_says_that_it_is(simulated):
    text = Page(render(tables(), study={**STUDY, "simulated": simulated})).text()
    assert ("Simulated collection" in text) is simulated


def test_affiliation_by_roster_is_said_to_test_nothing():
    text = Page(render(tables())).text()
    assert "users.csv" in text and "tests nothing about who belongs" in text


def test_affiliation_by_detection_names_the_seeds_and_the_rule():
    detected = {"mode": "detect", "seeds": "seeds.csv"}
    text = Page(render(tables(), study={**STUDY, "affiliation": detected})).text()
    assert "belongs with the seeds, by" in text and "2 groups of signals or more" in text


def test_seeds_that_are_not_shown_to_be_a_network_are_told_first():
    detected = {**STUDY, "affiliation": {"mode": "detect", "seeds": "seeds.csv"}}
    columns = ["seeds", "testable", "linked", "share", "low", "high", "others", "outcome"]
    for outcome, told in ((NOT_TESTABLE, True), (NETWORK, False)):
        seeds = pd.DataFrame([["1", "0", "0", "", "", "", "", outcome]], columns=columns)
        page = render({**tables(), "affiliation_seeds": seeds}, study=detected)
        assert (f"<strong>The seeds are {outcome}.</strong>" in page) == told


def test_each_topic_of_the_map_lies_in_its_frame_is_reached_by_key_and_says_its_words():
    made = tables()
    made["map"] = made["map"].assign(x=["-3.0", "5.0"], y=["2.0", "-2.0"], words=["a b", "<i>c"])
    page = Page(render(made))
    circles = [attrs for tag, attrs in page.elements if tag == "li" and "tabindex" in attrs]
    assert [circle["style"].split("; ")[:2] for circle in circles] == [
        ["left: 10.0%", "top: 10.0%"],
        ["left: 90.0%", "top: 90.0%"],
    ]
    assert "a b (" in page.text("span") and "<i>c (" in page.text("span")


def test_a_study_without_topics_has_no_map():
    made = tables()
    made["map"] = made["map"].iloc[:0]
    assert "to explore" not in Page(render(made)).text()


def test_the_threats_are_those_of_the_file_one_level_deeper_and_escaped():
    page = Page(render(tables()))
    assert "Construct" in page.text("h3")
    assert "one <b>thing</b>" in page.text("li")
    assert "The opening." in page.text("p")


def test_a_study_as_planned_says_so():
    made = tables()
    made["departures"] = made["departures"][:0]
    assert "Every setting is the one of the analysis plan" in Page(render(made)).text()


def test_every_further_page_is_linked():
    page = Page(render(tables(), links={"one": "a/1.html", "two": "b/2.html"}))
    assert {"a/1.html", "b/2.html"} <= {a.get("href") for t, a in page.elements if t == "a"}
    assert "one" in page.text("a") and "two" in page.text("a")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("926", "926"),
        ("21385", "21,385"),
        ("-1", "-1"),
        ("-21385", "-21,385"),
        ("0", "0"),
        ("1.000000", "1"),
        ("0.492448", "0.4924"),
        ("54.197074", "54.2"),
        ("0.018480", "0.01848"),
        ("1234.560000", "1,235"),
        # four digits would turn these into exponents
        ("12345.678000", "12,346"),
        ("0.000001", "0.000001"),
        ("", "–"),
        ("2020-01-09", "2020-01-09"),
        ("2,048 / 2,046", "2,048 / 2,046"),
        # texts that Python would take for numbers
        ("nan", "nan"),
        ("infinity", "infinity"),
        ("-inf", "-inf"),
        ("1e5", "1e5"),
    ],
)
def test_numbers_are_grouped_and_shortened_and_texts_are_left_alone(written, shown):
    made = tables()
    made["topics"].loc[0, "words"] = written
    cells = [data for tag, data in Page(render(made)).texts if tag == "td"]
    place = cells.index(token("topics", "post_share", 0)) + 1
    assert cells[place] == shown


def test_why_a_side_is_not_told_is_said_once():
    made = tables(rows=3)
    made["stances"]["status"] = "not identified: a reason"
    made["stances"]["language"] = ["en", "zh", "en"]
    page = render(made)
    assert page.count("not identified: a reason") == 1
    assert "en, zh: not identified: a reason." in Page(page).text("p")
    assert token("stances", "subject", 0) not in page


def test_files_that_a_simulation_did_not_come_with_are_named():
    foreign = pd.DataFrame({"raw": ["raw-02", "raw-07"]})
    study = {**STUDY, "simulated": True}
    text = Page(render({**tables(), "foreign": foreign}, study=study)).text()
    assert "But 2 of its raw files did not come with it" in text and "(raw-02, raw-07)" in text
    assert "did not come with it" not in Page(render(tables(), study=study)).text()
