"""The validation curves of several runs in one figure."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from kerasnn.language import _
from kerasnn.records import Epoch
from kerasnn.views.figures.fonts import in_figure_language
from kerasnn.views.figures.labels import label_ends
from kerasnn.views.figures.style import figure, line, save
from kerasnn.views.palette import Style, palette


@in_figure_language
def save_runs(
    histories: Sequence[tuple[str, Sequence[Epoch]]], path: Path, style: Style = "auto", *, heading: str | None = None
) -> Path:
    """Draw the validation curves of several runs, each named at its end; circles mark the lowest losses."""
    heading = _(heading) if heading else _("Validation loss and accuracy by epoch")
    with figure(11, 4.4, style) as drawing:
        for area, name in zip(drawing.subplots(1, 2), ("loss", "accuracy"), strict=True):
            area.set_title(_(f"validation {name}"))
            area.set_xlabel(_("epoch"))
            area.xaxis.set_major_locator(MaxNLocator(integer=True))
            ends = [_draw(area, name, number, *run, style) for number, run in enumerate(histories)]
            label_ends(area, ends)
        drawing.suptitle(heading, fontsize=12, x=0.01, ha="left")
        names = ", ".join(name for name, _history in histories)
        return save(drawing, path, style, title=f"{heading}: {names}")


def _draw(
    area: Axes, name: str, number: int, label: str, history: Sequence[Epoch], style: Style
) -> tuple[float, float, str, str]:
    values = [getattr(epoch, f"val_{name}") for epoch in history]
    look = line(number, style)
    area.plot([epoch.epoch for epoch in history], values, **look)
    best = min(range(len(history)), key=lambda place: history[place].val_loss)
    area.plot(history[best].epoch, values[best], "o", markersize=10, markerfacecolor="none", color=palette(style).ink)
    return history[-1].epoch, values[-1], label, look["color"]
