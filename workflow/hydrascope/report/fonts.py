"""Letters that a reader's machine may lack, carried inside the page."""

import base64
import io
import re
import unicodedata
from importlib import resources

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

__all__ = ["font_faces"]

# Family, what it is drawn for, and where its package keeps it.
FONTS = (
    (
        "Noto Sans Thai",
        re.compile(r"[\u0e00-\u0e7f]"),
        "fontpkg_noto_sans_thai",
        "files/NotoSansThai[wdth,wght].ttf",
    ),
)


def font_faces(text: str) -> str:
    """Write the style rules for the letters of a text that need a font of their own.

    Parameters
    ----------
    text : str
        All that the page shows.

    Returns
    -------
    str
        One `@font-face` a script that occurs, holding the letters that occur and
        no others; empty where none does. The same text gives the same bytes.
    """
    faces = []
    for family, script, package, file in FONTS:
        letters = "".join(sorted(set(script.findall(text))))
        if letters:
            data = base64.b64encode(_subset(package, file, letters)).decode()
            faces.append(
                f'@font-face {{ font-family: "{family}"; src: url(data:font/ttf;base64,{data}); }}'
            )
    return "\n".join(faces)


def _subset(package: str, file: str, letters: str) -> bytes:
    with resources.as_file(resources.files(package).joinpath(file)) as path:
        font = TTFont(path, recalcTimestamp=False)
    subsetter = Subsetter(Options(layout_features=["*"]))
    # A browser takes some letters apart to draw them, as Thai SARA AM; and the
    # space keeps its width beside the letters.
    subsetter.populate(text=letters + unicodedata.normalize("NFKD", letters) + " ")
    subsetter.subset(font)
    held = io.BytesIO()
    font.save(held)
    return held.getvalue()
