"""Names of platforms: one platform, one name."""

import re
import unicodedata

__all__ = ["platform_name"]

# What nobody sees, and the separator of a platform and an id.
UNSEEN = re.compile("[\\u0000-\\u001f\\u007f\\u00ad\\u200b-\\u200f\\u2060\\ufeff]")


def platform_name(name: str) -> str:
    """The one name of a platform, however it is written: small letters, no blanks around it.

    Parameters
    ----------
    name : str
        A name, such as `X`, `x ` or `Ｘ`.
    """
    plain = UNSEEN.sub("", unicodedata.normalize("NFKC", name)).casefold()
    return " ".join(unicodedata.normalize("NFKC", plain).split())
