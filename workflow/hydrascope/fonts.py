"""Letters that a reader's machine may lack: Thai and Chinese, of which packages bring fonts."""

import re
from importlib.util import find_spec
from pathlib import Path

__all__ = ["FONTS", "font_file"]

# Family, what it is drawn for, and where its package keeps it.
FONTS = (
    (
        "Noto Sans Thai",
        re.compile(r"[\u0e00-\u0e7f]"),
        "fontpkg_noto_sans_thai",
        "files/NotoSansThai[wdth,wght].ttf",
    ),
    (
        "Noto Sans SC",
        re.compile(r"[\u2e80-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef]"),
        "zhplot",
        "fonts/NotoSansSC-Regular.ttf",
    ),
)


def font_file(package: str, file: str) -> Path:
    """Where a package keeps a font; the package is not run, as one changes matplotlib."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"No package named {package!r}")
    return Path(spec.submodule_search_locations[0], file)
