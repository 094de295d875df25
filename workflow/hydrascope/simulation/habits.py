"""Who is in a simulated world: coordinated groups by their habits, people by their kind."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hydrascope.simulation.clock import Rhythm

__all__ = ["CONTENT_DAYS", "COORDINATED", "PEOPLE", "SNAPSHOTS", "Habits", "Kind"]

# The window is that of the published study, eleven months.
OPENING, CLOSING = "2021-01-04", "2021-12-01"
SNAPSHOTS = (
    *("2021-01-20", "2021-03-10", "2021-04-28", "2021-06-20"),
    *("2021-08-08", "2021-10-02", "2021-12-01"),
)
# Days on which posts were exported too.
CONTENT_DAYS = ("2021-03-10", "2021-06-20", "2021-10-02", "2021-12-01")

POLITICS = {
    "xinjiang": 0.23,
    "guo_wengui": 0.19,
    "covid_origin": 0.15,
    "vaccines": 0.07,
    "taiwan": 0.09,
    "hong_kong": 0.09,
    "united_states": 0.11,
    "achievements": 0.08,
}
EVERYDAY = {
    "food": 0.17,
    "travel": 0.12,
    "football": 0.11,
    "music": 0.12,
    "shopping": 0.1,
    "weather": 0.09,
    "pets": 0.12,
    "study": 0.09,
    "landscapes": 0.08,
}
PEOPLE_RHYTHM = ((0.0, 1.5, 0.5), (7.0, 12.0, 1.6), (12.0, 18.5, 1.9), (18.5, 24.0, 2.6))


@dataclass(frozen=True)
class Habits:
    """How one coordinated group works.

    Attributes
    ----------
    role : str
        What truth.tsv calls it.
    accounts : mapping of (platform, unit) to int
        How many there are.
    subjects, cover : mapping of str to float
        Weights of what it pushes, and of what it posts to look harmless.
    stance : str
        `for`, `against` or `plain`.
    rhythm : Rhythm
        Its hours.
    cells : int
        Teams with templates, texts and batches of their own.
    languages : mapping of str to float
        Weights.
    waves : tuple of (str, float)
        Day and weight of each wave of removals.
    replaced : float
        Share of the accounts that are replacements.
    ratio : float
        New accounts for each removed one, within `refill_days` of the wave.
    bought : float
        Share of older batches that were bought from a vendor.
    renamed : float
        Share of its Pages that began under a name in another script.
    flavours : tuple of str
        Lists that its templates draw on.
    countries : tuple of str
        Where the admins of its Pages are.
    posts : float
        Median posts of an active account that was there throughout.
    """

    role: str
    accounts: Mapping[tuple[str, str], int]
    subjects: Mapping[str, float]
    cover: Mapping[str, float]
    stance: str
    rhythm: Rhythm
    cells: int
    languages: Mapping[str, float]
    flavours: tuple[str, ...]
    countries: tuple[str, ...]
    waves: tuple[tuple[str, float], ...] = ()
    replaced: float = 0.0
    ratio: float = 1.0
    refill_days: int = 33
    bought: float = 0.0
    renamed: float = 0.0
    posts: float = 9.0


@dataclass(frozen=True)
class Kind:
    """A kind of people outside every network.

    Attributes
    ----------
    role : str
        What truth.tsv calls it.
    accounts : mapping of (platform, unit) to int
        How many there are.
    politics : float
        Share of their posts on the political subjects, the others being everyday.
    stances : mapping of str to float
        Weights on political subjects.
    headlines : float
        Share of posts that pass on a headline of the news, word for word with its link.
    duped : float
        Share of accounts that took up a few texts of the network.
    waves : float
        Share that registered in a wave of a few days, as after a news event.
    silent : float
        Share that never posts.
    renamed, abroad : float
        Shares of Pages with a former name in another script, and with admins abroad.
    removed : float
        Share that is gone by the last snapshot.
    posts : float
        Median posts of one who posts at all.
    languages : mapping of str to float
        Weights.
    """

    role: str
    accounts: Mapping[tuple[str, str], int]
    politics: float
    stances: Mapping[str, float]
    headlines: float = 0.018
    duped: float = 0.0
    waves: float = 0.1
    silent: float = 0.25
    renamed: float = 0.018
    abroad: float = 0.15
    removed: float = 0.03
    posts: float = 4.0
    languages: Mapping[str, float] = field(
        default_factory=lambda: {"zh-Hans": 0.45, "zh-Hant": 0.33, "en": 0.23}
    )


# The published counts are planted; how Facebook's divide into Pages and profiles was not
# readable, and is an assumption.
SPAMOUFLAGE = Habits(
    role="network",
    accounts={
        ("facebook", "page"): 1_021,
        ("facebook", "profile"): 611,
        ("youtube", "channel"): 319,
        ("x", "user"): 60,
    },
    subjects=POLITICS,
    cover={"landscapes": 0.35, "food": 0.25, "travel": 0.21, "pets": 0.21},
    stance="for",
    rhythm=Rhythm(
        zone=8.0,
        shifts=((8.4, 11.7, 3.0), (13.8, 17.4, 3.2), (19.3, 21.9, 1.8)),
        weekend=0.23,
        holidays=0.12,
    ),
    cells=22,
    languages={"zh-Hans": 0.5, "zh-Hant": 0.26, "en": 0.24},
    flavours=("nature", "things", "moods"),
    countries=("BD", "CN", "HK", "KH"),
    waves=(
        ("2021-02-09", 1.0),
        ("2021-03-27", 1.3),
        ("2021-05-17", 0.8),
        ("2021-07-06", 1.5),
        ("2021-08-24", 1.1),
        ("2021-10-16", 1.2),
    ),
    replaced=0.42,
    ratio=1.4,
    bought=0.31,
    renamed=0.55,
    posts=13.0,
)
# A network with other habits, for methods that must not know the first one.
OTHER = Habits(
    role="other_network",
    accounts={
        ("facebook", "page"): 420,
        ("facebook", "profile"): 260,
        ("youtube", "channel"): 540,
        ("x", "user"): 790,
    },
    subjects={"vaccines": 0.4, "united_states": 0.35, "local_news": 0.25},
    cover={"football": 0.5, "weather": 0.31, "study": 0.21},
    stance="against",
    rhythm=Rhythm(zone=5.5, shifts=((9.2, 13.3, 2.0), (15.1, 20.6, 3.0)), weekend=0.7),
    cells=9,
    languages={"en": 0.72, "zh-Hant": 0.28},
    flavours=("adjectives", "places_en"),
    countries=("US", "TH", "GE"),
    waves=(("2021-04-12", 1.0), ("2021-09-05", 1.0)),
    replaced=0.15,
    ratio=0.7,
    bought=0.55,
    renamed=0.21,
    posts=12.0,
)
FANS = Habits(
    role="fan_army",
    accounts={
        ("facebook", "page"): 130,
        ("facebook", "profile"): 290,
        ("youtube", "channel"): 210,
        ("x", "user"): 230,
    },
    subjects={"music": 1.0},
    cover={"food": 0.4, "study": 0.31, "pets": 0.31},
    stance="plain",
    rhythm=Rhythm(zone=8.0, shifts=((12.1, 13.2, 1.0), (18.6, 23.7, 4.0)), weekend=1.3),
    cells=7,
    languages={"zh-Hans": 0.42, "zh-Hant": 0.38, "en": 0.21},
    flavours=("fans", "nature"),
    countries=("HK", "MY", "TW"),
    bought=0.12,
    posts=11.0,
)
COUPONS = Habits(
    role="coupon_ring",
    accounts={
        ("facebook", "page"): 300,
        ("facebook", "profile"): 170,
        ("youtube", "channel"): 90,
        ("x", "user"): 120,
    },
    subjects={"shopping": 0.9, "food": 0.1},
    cover={"landscapes": 0.6, "weather": 0.4},
    stance="plain",
    rhythm=Rhythm(
        zone=8.0, shifts=((9.1, 12.0, 2.0), (13.2, 18.3, 3.0)), weekend=0.4, holidays=0.29
    ),
    cells=6,
    languages={"zh-Hans": 0.6, "zh-Hant": 0.25, "en": 0.15},
    flavours=("bargains", "things"),
    countries=("BD", "CN", "MY", "PH"),
    bought=0.6,
    renamed=0.45,
    posts=10.0,
)
COORDINATED = {"network": SPAMOUFLAGE, "other": OTHER, "fans": FANS, "coupons": COUPONS}

PEOPLE = (
    Kind(
        "honest",
        {
            ("facebook", "page"): 560,
            ("facebook", "profile"): 980,
            ("youtube", "channel"): 620,
            ("x", "user"): 430,
        },
        politics=0.6,
        stances={"for": 0.34, "against": 0.31, "plain": 0.36},
        duped=0.21,
        waves=0.16,
    ),
    Kind(
        "other_side",
        {
            ("facebook", "page"): 270,
            ("facebook", "profile"): 420,
            ("youtube", "channel"): 300,
            ("x", "user"): 260,
        },
        politics=0.75,
        stances={"against": 0.85, "plain": 0.15},
        headlines=0.052,
        waves=0.23,
        posts=4.9,
        languages={"zh-Hans": 0.31, "zh-Hant": 0.42, "en": 0.28},
    ),
    Kind(
        "state_media_follower",
        {
            ("facebook", "page"): 210,
            ("facebook", "profile"): 520,
            ("youtube", "channel"): 260,
            ("x", "user"): 190,
        },
        politics=0.7,
        stances={"for": 0.75, "plain": 0.25},
        headlines=0.33,
        duped=0.33,
        posts=4.9,
        languages={"zh-Hans": 0.62, "zh-Hant": 0.14, "en": 0.24},
    ),
    Kind(
        "everyday",
        {
            ("facebook", "page"): 640,
            ("facebook", "profile"): 560,
            ("youtube", "channel"): 640,
            ("x", "user"): 380,
        },
        politics=0.052,
        stances={"plain": 1.0},
        headlines=0.03,
        silent=0.33,
    ),
)
