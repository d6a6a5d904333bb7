"""Several runs over each other, and what several seeds gave."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from kerasnn.records import Epoch, Spread
from kerasnn.views.figures.labels import label_ends
from kerasnn.views.figures.style import figure, line, save
from kerasnn.views.palette import Style, palette


def save_runs(
    histories: Sequence[tuple[str, Sequence[Epoch]]], path: Path, style: Style = "auto", *, heading: str = ""
) -> Path:
    """Draw the validation curves of several runs, each named at its end; a circle marks its lowest loss."""
    with figure(11, 4.4, style) as drawing:
        for area, name in zip(drawing.subplots(1, 2), ("loss", "accuracy"), strict=True):
            area.set_title(f"validation {name}")
            area.set_xlabel("epoch")
            area.xaxis.set_major_locator(MaxNLocator(integer=True))
            ends = [_draw(area, name, number, *run, style) for number, run in enumerate(histories)]
            label_ends(area, ends)
        drawing.suptitle(heading, fontsize=12, x=0.01, ha="left")
        names = ", ".join(name for name, _ in histories)
        return save(drawing, path, style, title=f"{heading or 'Validation loss and accuracy by epoch'}: {names}")


def _draw(
    area: Axes, name: str, number: int, label: str, history: Sequence[Epoch], style: Style
) -> tuple[float, float, str, str]:
    values = [getattr(epoch, f"val_{name}") for epoch in history]
    look = line(number, style)
    area.plot([epoch.epoch for epoch in history], values, **look)
    best = min(range(len(history)), key=lambda place: history[place].val_loss)
    area.plot(history[best].epoch, values[best], "o", markersize=10, markerfacecolor="none", color=palette(style).ink)
    return history[-1].epoch, values[-1], label, look["color"]


def save_spreads(
    spreads: Sequence[Spread],
    path: Path,
    style: Style = "auto",
    *,
    what: str = "validation accuracy",
    band: tuple[float, float] | None = None,
    band_name: str = "published",
    heading: str = "",
) -> Path:
    """Draw every measurement as a point, and the interval of the mean of each as a bar, one row each.

    `band`: a range to hold them against, as that of the published figures.
    """
    colours = palette(style)
    with figure(8.5, 0.42 * len(spreads) + 1.4, style) as drawing:
        area = drawing.subplots()
        if band is not None:
            area.axvspan(*band, facecolor=colours.faint, linewidth=0)
            area.set_title(f"grey: {band_name}, {band[0]:.4f} to {band[1]:.4f}", fontsize=9, color=colours.grey)
        for row, spread in enumerate(spreads):
            mean = sum(spread.values) / len(spread.values)
            area.plot([spread.low, spread.high], [row, row], color=colours.ink, linewidth=2, solid_capstyle="butt")
            area.plot(mean, row, "|", color=colours.ink, markersize=13, markeredgewidth=2)
            above = [row - 0.2] * len(spread.values)
            area.plot(spread.values, above, "o", color=colours.blue, markersize=5, markerfacecolor="none")
        area.set_yticks(range(len(spreads)), [spread.label for spread in spreads])
        area.set_ylim(len(spreads) - 0.4, -0.7)
        area.set_xlabel(f"{what}: circles are seeds, the bar is the interval of their mean")
        area.tick_params(axis="y", length=0)
        area.spines["left"].set_visible(False)
        area.grid(visible=False, axis="y")
        drawing.suptitle(heading, fontsize=11, x=0.01, ha="left")
        return save(drawing, path, style, title=f"{heading or what} of {len(spreads)}: every seed and its interval")
