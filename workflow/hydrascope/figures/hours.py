"""Figure 10: the hours at which the network posts, and the clocks that go with them."""

from textwrap import wrap

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

__all__ = ["draw_hours", "hours_data"]

COLUMNS = ["platform", "layer", "start", "end", "value", "n", "of", "status"]
NETWORK, CONTROLS, ZONE = "network", "controls", "zone"
SHADES = {"shift": "C1", "break": "0.8"}
OFFSETS = range(-12, 15, 4)


def hours_data(
    clock: pd.DataFrame, shifts: pd.DataFrame, zones: pd.DataFrame, hours: pd.DataFrame
) -> pd.DataFrame:
    """Choose what the figure draws.

    Parameters
    ----------
    clock : pandas.DataFrame
        platform, of, side, hour and share.
    shifts : pandas.DataFrame
        platform, part, start and end, hours of the day in UTC.
    zones : pandas.DataFrame
        platform, offset_low, offset_high and in_set.
    hours : pandas.DataFrame
        platform, of, estimate, n_dated, n and status.

    Returns
    -------
    pandas.DataFrame
        platform, layer, start, end (hours), value, n, of and status: `network` and
        `controls` hold the share of the posts of each half hour, `shift` and `break` the
        stretches of the day, `zone` offsets from UTC that are not rejected; n of so many
        accounts have posts with a known hour.
    """
    tested = hours[(hours["of"] == "posts") & (hours["estimate"] == "common hours")]
    told = tested.set_index("platform")
    curves = clock[clock["of"] == "posts"]
    curves = curves.assign(
        layer=curves["side"], start=curves["hour"], end=curves["hour"] + 0.5, value=curves["share"]
    )
    parts = [
        curves.drop(columns="of"),
        shifts.rename(columns={"part": "layer"}).assign(value=shifts["rate"]),
        zones[zones["in_set"] == "yes"]
        .drop(columns="zones")
        .assign(layer=ZONE)
        .rename(columns={"offset_low": "start", "offset_high": "end"}),
        # A platform whose hours cannot be read is shown with the reason.
        tested.loc[~tested["platform"].isin(curves["platform"]), ["platform"]].assign(
            layer=NETWORK
        ),
    ]
    kept = [part.reindex(columns=COLUMNS[:5]) for part in parts if len(part)]
    table = pd.concat(kept, ignore_index=True) if kept else pd.DataFrame(columns=COLUMNS[:5])
    # Where nobody belongs there are hours of others alone.
    table = table[table["platform"].isin(told.index)].reset_index(drop=True)
    for name, column in (("n", "n_dated"), ("of", "n"), ("status", "status")):
        table[name] = table["platform"].map(told[column])
    return table[COLUMNS]


def draw_hours(data: pd.DataFrame) -> Figure:
    """Draw hours, one row a platform.

    Parameters
    ----------
    data : pandas.DataFrame
        What `hours_data` gave.

    Returns
    -------
    matplotlib.figure.Figure
        Left the share of posts by half hour, of the network and of accounts outside it, with
        its shifts; right the offsets from UTC that are not rejected.
    """
    platforms = sorted(data["platform"].unique())
    figure, axes = plt.subplots(
        max(len(platforms), 1),
        2,
        squeeze=False,
        figsize=(6.3, 2.4 * max(len(platforms), 1)),
        width_ratios=[2, 1],
    )
    for (day, clock), platform in zip(axes, platforms, strict=False):
        own = data[data["platform"] == platform]
        first = own.iloc[0]
        day.set_title(f"{platform}: {first['n']:,} of {first['of']:,} accounts")
        for side, color in ((CONTROLS, "0.5"), (NETWORK, "C0")):
            curve = own[(own["layer"] == side) & own["start"].notna()]
            if len(curve):
                day.step(curve["start"], curve["value"], where="post", color=color, label=side)
        for part, color in SHADES.items():
            for span in own[own["layer"] == part].itertuples():
                ends = [(span.start, span.end)]
                if span.end < span.start:
                    ends = [(span.start, 24), (0, span.end)]
                for start, end in ends:
                    day.axvspan(start, end, color=color, alpha=0.2, linewidth=0)
        if day.lines:
            day.legend(fontsize=8)
        if first["status"] != "estimated":
            reason = "\n".join(wrap(first["status"], 28))
            clock.text(0.5, 0.5, reason, transform=clock.transAxes, fontsize=7, ha="center")
        day.set_xlim(0, 24)
        day.set_ylim(bottom=0)
        day.set_xticks(range(0, 25, 4))
        day.set_xlabel("hour of the day (UTC)")
        day.set_ylabel("share of posts")
        kept = own[own["layer"] == ZONE]
        clock.hlines([0.5] * len(kept), kept["start"] - 0.2, kept["end"] + 0.2, color="C1", lw=8)
        clock.set_xlim(-12, 14)
        clock.set_ylim(0, 1)
        clock.set_xticks(OFFSETS)
        clock.set_yticks([])
        clock.set_xlabel("hours ahead of UTC")
        clock.set_title("zones not rejected")
    return figure
