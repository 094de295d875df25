"""All formats that a raw file may have, by the name that collections.tsv uses."""

from collections.abc import Mapping

from hydrascope.errors import ConfigError
from hydrascope.ingest import facebook, page_transparency, x_api, x_archive, youtube
from hydrascope.ingest.generic import mapped_format
from hydrascope.ingest.mapping import Format

__all__ = ["FORMATS", "format_named"]

MODULES = (x_archive, x_api, youtube, facebook, page_transparency)
FORMATS: dict[str, Format] = {
    name: form for module in MODULES for name, form in module.FORMATS.items()
}


def format_named(
    name: str,
    column_maps: Mapping[str, Mapping],
    zones: Mapping[str, str] | None = None,
    starts: Mapping[str, str] | None = None,
) -> Format:
    """The format of that name.

    Parameters
    ----------
    name : str
        A name of `FORMATS`, or `csv:` or `json:` and the name of a column map.
    column_maps : mapping
        The study's key `column_maps`.
    zones : mapping, optional
        The study's key `crowdtangle_zone`.
    starts : mapping, optional
        The study's key `platform_starts`, which files read by column maps are held against.

    Raises
    ------
    ConfigError
        If there is no such format or map, or one of the zones is none.
    """
    if name == "crowdtangle" and zones:
        return facebook.crowdtangle_format(zones)
    if name in FORMATS:
        return FORMATS[name]
    layout, _, named = name.partition(":")
    if layout in ("csv", "json") and named in column_maps:
        return mapped_format(layout, named, column_maps[named], starts)
    raise ConfigError(
        f"config/collections.tsv, column format: found {name!r}; expected one of "
        f"{', '.join(sorted(FORMATS))}, or csv:<map> or json:<map> with a map that stands under "
        "column_maps in the study's file."
    )
