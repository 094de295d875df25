"""Figure 10: the hours at which the network posts, and the clocks that go with them."""

from textwrap import wrap

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

__all__ = ["draw_hours", "hours_data"]

COLUMNS = ["platform", "layer", "weekday", "start", "end", "value", "n", "of", "status"]
NETWORK, CONTROLS, WEEK, ZONE = "network", "controls", "week", "zone"
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SHADES = {"shift": "C1", "break": "0.8"}
OFFSETS = range(-12, 15, 6)
DAY, TICKS = 24, range(0, 25, 6)


def hours_data(
    clock: pd.DataFrame, shifts: pd.DataFrame, zones: pd.DataFrame, hours: pd.DataFrame
) -> pd.DataFrame:
    """Choose what the figure draws.

    Parameters
    ----------
    clock : pandas.DataFrame
        platform, of, side, weekday, hour and share.
    shifts : pandas.DataFrame
        platform, part, start and end, hours of the day in UTC.
    zones : pandas.DataFrame
        platform, offset_low, offset_high and in_set.
    hours : pandas.DataFrame
        platform, of, estimate, n_dated, n and status.

    Returns
    -------
    pandas.DataFrame
        platform, layer, weekday, start, end (hours), value, n, of and status: `network` and
        `controls` hold the share of the posts of each half hour of the day, `week` the
        network's of each hour of the week, `shift` and `break` the stretches of the day,
        `zone` offsets from UTC that are not rejected; n of so many accounts have posts with
        a known hour.
    """
    tested = hours[(hours["of"] == "posts") & (hours["estimate"] == "common hours")]
    told = tested.set_index("platform")
    posts = clock[clock["of"] == "posts"].rename(columns={"share": "value"})
    curves = posts.groupby(["platform", "side", "hour"], as_index=False)["value"].sum()
    curves = curves.assign(layer=curves["side"], start=curves["hour"], end=curves["hour"] + 0.5)
    week = posts[posts["side"] == NETWORK]
    week = week.assign(start=week["hour"] // 1)
    week = week.groupby(["platform", "weekday", "start"], as_index=False)["value"].sum()
    parts = [
        curves,
        week.assign(layer=WEEK, end=week["start"] + 1),
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
    kept = [part.reindex(columns=COLUMNS) for part in parts if len(part)]
    table = pd.concat(kept, ignore_index=True) if kept else pd.DataFrame(columns=COLUMNS)
    # Where nobody belongs there are hours of others alone.
    table = table[table["platform"].isin(told.index)].reset_index(drop=True)
    for name, column in (("n", "n_dated"), ("of", "n"), ("status", "status")):
        table[name] = table["platform"].map(told[column])
    return table


def draw_hours(data: pd.DataFrame) -> Figure:
    """Draw hours, one row a platform.

    Parameters
    ----------
    data : pandas.DataFrame
        What `hours_data` gave.

    Returns
    -------
    matplotlib.figure.Figure
        Left the share of posts by half hour of the day, of the network and of accounts outside
        it, with its shifts; in the middle the network's by hour of the week; right the offsets
        from UTC that are not rejected.
    """
    platforms = sorted(data["platform"].unique())
    figure, axes = plt.subplots(
        max(len(platforms), 1),
        3,
        squeeze=False,
        figsize=(6.3, 2.1 * max(len(platforms), 1)),
        width_ratios=[3, 3, 2],
    )
    for (day, week, zones), platform in zip(axes, platforms, strict=False):
        own = data[data["platform"] == platform]
        first = own.iloc[0]
        day.set_title(f"{platform}\n{first['n']:,} of {first['of']:,} accounts")
        _draw_day(day, own)
        _draw_week(week, own[own["layer"] == WEEK])
        _draw_zones(zones, own[own["layer"] == ZONE])
        if first["status"] != "estimated":
            reason = "\n".join(wrap(first["status"], 22))
            zones.text(0.5, 0.5, reason, transform=zones.transAxes, fontsize=7, ha="center")
    return figure


def _draw_day(axis: Axes, own: pd.DataFrame) -> None:
    for side, color in ((CONTROLS, "0.5"), (NETWORK, "C0")):
        curve = own[(own["layer"] == side) & own["start"].notna()]
        if len(curve):
            # The last half hour is as long as the others.
            ends = [*curve["start"], DAY]
            values = [*curve["value"], curve["value"].iloc[-1]]
            axis.step(ends, values, where="post", color=color, label=side)
    for part, color in SHADES.items():
        for span in own[own["layer"] == part].itertuples():
            ends = [(span.start, span.end)]
            if span.end < span.start:
                ends = [(span.start, DAY), (0, span.end)]
            for start, end in ends:
                axis.axvspan(start, end, color=color, alpha=0.2, linewidth=0)
    if axis.lines:
        axis.legend(fontsize=7, handlelength=1, borderaxespad=0.2)
    axis.set_xlim(0, DAY)
    axis.set_ylim(bottom=0)
    axis.set_xticks(TICKS)
    axis.set_xlabel("hour of the day (UTC)")
    axis.set_ylabel("share of posts")


def _draw_week(axis: Axes, own: pd.DataFrame) -> None:
    if len(own):
        shares = own.pivot(index="weekday", columns="start", values="value")
        axis.pcolormesh(range(DAY + 1), range(8), shares, cmap="Blues", vmin=0)
        axis.set_title(f"network's week\n{own['value'].max():.1%} an hour at most")
    axis.set_xlim(0, DAY)
    axis.set_ylim(7, 0)
    axis.set_xticks(TICKS)
    axis.set_yticks([place + 0.5 for place in range(7)], WEEKDAYS, fontsize=7)
    axis.set_xlabel("hour of the day (UTC)")
    axis.grid(visible=False)


def _draw_zones(axis: Axes, own: pd.DataFrame) -> None:
    axis.hlines([0.5] * len(own), own["start"] - 0.2, own["end"] + 0.2, color="C1", lw=8)
    axis.set_xlim(-12, 14)
    axis.set_ylim(0, 1)
    axis.set_xticks(OFFSETS)
    axis.set_yticks([])
    axis.set_xlabel("hours ahead of UTC")
    axis.set_title("zones\nnot rejected")
