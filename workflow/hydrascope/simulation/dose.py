"""How much a planted network gives itself away, in numbers."""

from dataclasses import dataclass

__all__ = ["RELEASE", "Dose", "dose_at"]


@dataclass(frozen=True)
class Dose:
    """What a coordinated group does more of than people do.

    Attributes
    ----------
    copied : float
        Share of the posts of active accounts that take up a text given out to several.
    silent : float
        Share of accounts that never post.
    delay_minutes : float
        Median minutes from one copy of a text to the next.
    template : float
        Share of accounts whose name and description follow the template of their cell.
    batched : float
        Share of accounts that were made in a batch.
    batch_size : float
        Mean accounts a batch.
    sessions : float
        Share of an account's own posts that are made while its cell works through its
        accounts one after the other.
    """

    copied: float
    silent: float
    delay_minutes: float
    template: float
    batched: float
    batch_size: float
    sessions: float


# Dose 1. All but `template` and `sessions`, which are assumptions, are measured on the
# Thai release of the X archive, whose names are hashed: posts in families of two accounts
# and more, accounts without a post, minutes between two posts of a family, accounts made
# on days with five and more, and how many those days hold.
RELEASE = Dose(
    copied=0.43,
    silent=0.51,
    delay_minutes=44.0,
    template=0.72,
    batched=0.90,
    batch_size=25.2,
    sessions=0.55,
)


# Share of the posts made from a given text that still meet another one once folded: the
# others are reworded, translated, carry a suffix, or are alone in their language.
MEETING = 0.71


def dose_at(level: float) -> Dose:
    """Make the behaviour of one dose; 1 is the release, and less is harder to find.

    Parameters
    ----------
    level : float
        At least 0. Copies, templates and batch sizes grow in proportion, the delay
        falls in proportion, and shares of accounts move with the root.

    Raises
    ------
    ValueError
        If the level is below 0.
    """
    if level < 0:
        raise ValueError(f"dose: found {level}; expected 0 or more")
    root = level**0.5
    return Dose(
        copied=min(RELEASE.copied / MEETING * level, 0.97),
        silent=min(max(1 - (1 - RELEASE.silent) * root, 0.08), 0.93),
        delay_minutes=RELEASE.delay_minutes / max(level, 0.018),
        template=min(RELEASE.template * level, 0.97),
        batched=min(RELEASE.batched * root, 0.97),
        batch_size=max(RELEASE.batch_size * level, 1.0),
        sessions=min(RELEASE.sessions * level, 0.97),
    )
