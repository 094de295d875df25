"""The errors a user of the workflow may meet, each saying what to do next."""

__all__ = ["ConfigError", "HydrascopeError", "RawFileError", "TableError"]


class HydrascopeError(Exception):
    """A fault that the person running the study can mend."""


class ConfigError(HydrascopeError):
    """A key of the configuration is missing, unknown or out of range."""


class TableError(HydrascopeError):
    """A table breaks its contract."""


class RawFileError(HydrascopeError):
    """A raw file, or one row of it, is not what its format says.

    Parameters
    ----------
    file : str
        The raw file, as `config/collections.tsv` names it.
    found, expected, remedy : str
        What stands there, what should, and what to do about it.
    row : int, optional
        The record's number, the first after the header being 1.
    column : str, optional
        The column's name in the raw file.
    """

    def __init__(self, file, *, found, expected, remedy, row=None, column=None):
        place = [str(file)]
        place += [f"row {row}"] if row is not None else []
        place += [f"column {column}"] if column is not None else []
        super().__init__(f"{', '.join(place)}: found {found}; expected {expected}. {remedy}")
