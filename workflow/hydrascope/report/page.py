"""The report: one page that opens anywhere, with nothing to fetch."""

import base64
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from pkgutil import iter_modules

import jinja2
import mistune
import pandas as pd
from markupsafe import Markup

from hydrascope import figures as drawn_here
from hydrascope.report.fonts import font_faces

__all__ = ["render_page"]

LARGEST_TOPICS = 20
OWN_FIGURES = {module.name for module in iter_modules(drawn_here.__path__)}
OPTIONAL = (
    "foreign",
    *("affiliation_seeds", "affiliation_evidence", "affiliation_weights", "affiliation_size"),
    *(
        "affiliation_sensitivity",
        "affiliation_calibration",
        "affiliation_score",
        "narratives_agreement",
        "narratives_corrected",
        "narratives_calibration",
        "narratives_score",
    ),
)
MARKDOWN = mistune.create_markdown(escape=True)
HEADING = re.compile(r"^(#+ )", re.MULTILINE)
NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]+)?")


def render_page(
    folder: Path,
    *,
    study: Mapping,
    tables: Mapping[str, pd.DataFrame],
    figures: Mapping[str, bytes],
    links: Mapping[str, str],
    threats: str,
) -> str:
    """Fill the report's template.

    Parameters
    ----------
    folder : pathlib.Path
        Holds `report.html.j2` and one caption a figure, `<figure>.txt.j2`.
    study : mapping
        The study's settings.
    tables : mapping of str to pandas.DataFrame
        Tables by the names that template and captions use, cells as text. Those of
        `OPTIONAL` may be missing.
    figures : mapping of str to bytes
        Each figure's SVG by its name.
    links : mapping of str to str
        Further pages: what to call them, and where they are beside the report.
    threats : str
        Threats to validity, in Markdown that the project wrote.

    Returns
    -------
    str
        HTML. Every text is escaped; a figure is an image, in which no script
        runs.
    """
    environment = _environment(folder)
    shown = dict.fromkeys(OPTIONAL, ()) | {
        **{name: table.to_dict("records") for name, table in tables.items()},
        "study": study,
        "links": links,
        # Markdown of ours, whose headings stand one level deeper here.
        "threats": Markup(MARKDOWN(HEADING.sub(r"#\1", threats.partition("\n")[2]))),
        **({"smaller_topics": _smaller(tables["topics"])} if "topics" in tables else {}),
    }
    drawn = [
        {
            "name": name,
            "number": number,
            "part": name.partition("_")[2],
            # A figure of the user's own is drawn by no module of ours.
            "own": name.partition("_")[2] in OWN_FIGURES,
            "image": base64.b64encode(svg).decode(),
            # Rendering has escaped it; the page must not do so again.
            "caption": Markup(environment.get_template(f"{name}.txt.j2").render(shown)),
        }
        for number, (name, svg) in enumerate(sorted(figures.items()), start=1)
    ]
    words = " ".join(table.to_csv(index=False) for table in tables.values())
    return environment.get_template("report.html.j2").render(
        shown, figures=drawn, fonts=Markup(font_faces(words))
    )


def _smaller(topics: pd.DataFrame) -> list[str]:
    """Name the topics that are not among the largest."""
    families = pd.to_numeric(topics["families"], errors="coerce").where(topics["topic"] != "-1")
    order = families.sort_values(ascending=False, kind="stable").index
    named = topics.loc[order, "topic"]
    return named[named != "-1"].iloc[LARGEST_TOPICS:].to_list()


@cache
def _environment(folder: Path) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = _number
    environment.filters["circles"] = _circles
    return environment


def _number(text: str) -> str:
    """Group a number's thousands, and shorten what is behind the point to four digits.

    What four digits would turn into an exponent stays as it was written.
    """
    if text == "":
        return "–"
    if not NUMBER.fullmatch(text):
        return text
    value = float(text)
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    short = f"{value:.4g}"
    return text if "e" in short else short


def _circles(rows: list[dict]) -> list[dict]:
    """The rows of the map of topics, each with its place in percent of the frame and its size."""
    if not rows:
        return []
    places = [[float(row[axis]) for row in rows] for axis in ("x", "y")]
    # Whatever lies at the edge keeps its words inside.
    left, up = (
        [10 + 80 * (one - min(side)) / ((max(side) - min(side)) or 1) for one in side]
        for side in places
    )
    largest = max(float(row["posts"]) for row in rows)
    return [
        row
        | {"left": f"{x:.1f}", "top": f"{100 - y:.1f}"}
        | {"size": f"{1.6 + 3 * (float(row['posts']) / largest) ** 0.5:.2f}"}
        for row, x, y in zip(rows, left, up, strict=True)
    ]
