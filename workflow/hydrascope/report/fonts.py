"""Letters that a reader's machine may lack, carried inside the page."""

import base64
import io
import unicodedata

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from hydrascope.fonts import FONTS, font_file

__all__ = ["font_faces"]


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
    font = TTFont(font_file(package, file), recalcTimestamp=False)
    subsetter = Subsetter(Options(layout_features=["*"]))
    # A browser takes some letters apart to draw them, as Thai SARA AM; and the
    # space keeps its width beside the letters.
    subsetter.populate(text=letters + unicodedata.normalize("NFKD", letters) + " ")
    subsetter.subset(font)
    held = io.BytesIO()
    font.save(held)
    return held.getvalue()
