"""The codebook: subjects that people name, and the phrases that name them."""

from pathlib import Path

import fastjsonschema
import pandas as pd

from hydrascope.errors import ConfigError
from hydrascope.texts.folding import matching_form
from hydrascope.yaml_file import load_yaml

__all__ = ["SIDES", "UNCODED", "load_codebook", "load_stances"]

UNCODED = "uncoded"
TAKEN = {UNCODED: "for topics without a subject", "all": "for all subjects together"}
WORDING = {"type": "string", "pattern": r"\S"}
LANGUAGE = "^[a-z]{2}$"
PHRASES = {LANGUAGE: {"type": "array", "minItems": 1, "items": WORDING}}
# Those who push the network's line, and the other side.
SIDES = ("for", "against")
SIDE = {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": False,
    "patternProperties": PHRASES,
}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["subjects"],
    "properties": {
        "subjects": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": False,
            "patternProperties": {
                "^[a-z][a-z0-9_]*$": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["title", "definition", "sources"],
                    "properties": {
                        "title": WORDING,
                        "definition": WORDING,
                        "sources": {"type": "array", "items": WORDING},
                        **dict.fromkeys(SIDES, SIDE),
                    },
                    "patternProperties": PHRASES,
                }
            },
        }
    },
}
DESCRIPTION = ("title", "definition", "sources")


def load_codebook(path: str | Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read the subjects and their phrases.

    Parameters
    ----------
    path : path
        A YAML file with the key `subjects`: by the name of each subject its
        title, definition and sources, and by two-letter language its phrases.

    Returns
    -------
    subjects : pandas.DataFrame
        subject, title, definition and sources (joined by `; `), in the file's order.
    phrases : pandas.DataFrame
        subject, language, phrase (as written) and form (matching form), in the
        file's order.

    Raises
    ------
    ConfigError
        If the file is no YAML, a key is unknown, missing or there twice, a subject has
        no phrase or is called `uncoded` or `all`, or a phrase has no letter or is there twice.
    """
    subjects = _checked(path)
    described = [
        {"subject": name, "title": entry["title"], "definition": entry["definition"]}
        | {"sources": "; ".join(entry["sources"])}
        for name, entry in subjects.items()
    ]
    rows = []
    owners: dict[str, str] = {}
    for name, entry in subjects.items():
        languages = [key for key in entry if key not in (*DESCRIPTION, *SIDES)]
        if not languages:
            raise ConfigError(
                f"{path}, subject {name}: found no phrases; expected a list of them by "
                f"language, such as en: [...]. Add one, or remove the subject."
            )
        for language in languages:
            for phrase in entry[language]:
                where = f"{path}, subject {name}, {language}: found {phrase!r}"
                form = _form(phrase, where)
                if form in owners:
                    raise ConfigError(
                        f"{where}, which stands under the subject {owners[form]} too, once case "
                        "and script are folded; expected each phrase once. Remove one of the two."
                    )
                owners[form] = name
                rows.append({"subject": name, "language": language, "phrase": phrase, "form": form})
    return pd.DataFrame(described), pd.DataFrame(rows)


def load_stances(path: str | Path) -> pd.DataFrame:
    """Read what each side says about the subjects.

    Parameters
    ----------
    path : path
        The codebook, as for `load_codebook`. A subject may have the keys `for` (what
        those say who push the network's line) and `against` (what the other side
        says), each with phrases by two-letter language.

    Returns
    -------
    pandas.DataFrame
        subject, stance (for or against), language, phrase (as written) and form
        (matching form), in the file's order; empty where no subject has sides.

    Raises
    ------
    ConfigError
        As `load_codebook`; or if a subject has one side without the other, the sides
        are in different languages, or a phrase is there twice.
    """
    rows = []
    for name, entry in _checked(path).items():
        languages = {side: sorted(entry.get(side, {})) for side in SIDES}
        if languages["for"] != languages["against"]:
            raise ConfigError(
                f"{path}, subject {name}: found {_listed(languages['for'])} under for and "
                f"{_listed(languages['against'])} under against; expected the same languages, "
                "since a stance is the lead of one side over the other. Fill up the shorter one."
            )
        said: dict[str, str] = {}
        for side in SIDES:
            for language, phrases in entry.get(side, {}).items():
                for phrase in phrases:
                    where = f"{path}, subject {name}, {side}, {language}: found {phrase!r}"
                    form = _form(phrase, where)
                    if form in said:
                        raise ConfigError(
                            f"{where}, which stands under {said[form]} too, once case and script "
                            "are folded; expected each phrase once. Remove one of the two."
                        )
                    said[form] = side
                    rows.append((name, side, language, phrase, form))
    return pd.DataFrame(rows, columns=["subject", "stance", "language", "phrase", "form"])


def _listed(languages: list[str]) -> str:
    return ", ".join(languages) or "no language"


def _form(phrase: str, where: str) -> str:
    form = matching_form(phrase)
    if not form:
        raise ConfigError(
            f"{where}; expected a phrase with a letter that no mask takes away. "
            "Write it out, or remove it."
        )
    return form


def _checked(path: str | Path) -> dict[str, dict]:
    content = load_yaml(path)
    check = fastjsonschema.compile(SCHEMA)
    try:
        check(content)
    except fastjsonschema.JsonSchemaValueException as error:
        said = error.message.removeprefix(error.name).strip()
        raise ConfigError(
            f"{path}, {'.'.join(error.path[1:]) or 'the whole file'}: found {error.value!r:.80}; "
            f"it {said}. A subject is its name over title, definition, sources, and phrases by "
            "two-letter language, and perhaps for and against with phrases of their own."
        ) from error
    for name in TAKEN.keys() & content["subjects"]:
        raise ConfigError(
            f"{path}, subject {name}: found the word {TAKEN[name]}; expected another name. "
            "Rename the subject."
        )
    return content["subjects"]
