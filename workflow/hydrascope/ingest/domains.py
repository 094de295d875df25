"""Web addresses and the sites that they lie on."""

__all__ = ["host_sql"]


def host_sql(address: str) -> str:
    """DuckDB expression for the host of a web address, or of a bare domain.

    Lower case, without `www.`, user, port and path; a host in another script
    keeps it. Text that has no dot in its host gives ''.

    Parameters
    ----------
    address : str
        Expression of type VARCHAR.
    """
    # Marks belong to words: vowels of Hindi and Thai are such.
    part = "[\\p{L}\\p{M}\\p{N}_-]"
    host = (
        f"regexp_extract(lower(trim({address})), "
        # An address of mail is none of the web, so a user counts only behind two slashes.
        "'^(?:(?:(?:https?|ftp):)?//(?:[^/?#@\\s]*@)?)?(?:www[.])?"
        f"({part}+(?:[.]{part}+)+)[.]?(?:[:/?#]|$)', 1)"
    )
    return f"({host})"
