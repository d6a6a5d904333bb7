"""Learning curves by epoch: of one run with its best epoch marked, or the validation curves of several."""

from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Any, Final

from matplotlib.axes import Axes

from kerasnn.language import _
from kerasnn.records import Epoch, Run
from kerasnn.records.reading import told_by_curves
from kerasnn.views.figures.style import by_epoch, figure, in_figure_language, line, save
from kerasnn.views.format import run_name
from kerasnn.views.palette import Style, palette

End = tuple[float, float, str, str]  # of a line: x, y, its name, its colour

LEAST_APART: Final = 0.075  # between names, of the height of the axes


@in_figure_language
def save_curves(run: Run, path: Path, style: Style = "auto") -> Path:
    """Draw the history of `run`, which must not be empty, with the sentences of its diagnosis.

    Each curve is named at its end; a circle marks the best epoch.
    """
    about = {**vars(run), "stage": run_name(run), "name": run.dataset.name}
    heading = _("{stage}: {parameters:,} parameters on {name}, seed {seed}, engine {engine}", **about)
    with figure(10.5, 4.7, style) as drawing:
        for area, name in zip(drawing.subplots(1, 2), ("loss", "accuracy"), strict=True):
            _draw(area, run.history, name, run.best_epoch, style)
        drawing.suptitle(heading, fontsize=12, x=0.01, ha="left")
        if run.reading is not None:
            sentences = "\n".join(told_by_curves(run.reading))
            drawing.supxlabel(sentences, fontsize=8.5, color=palette(style).grey, x=0.01, ha="left", wrap=True)
        return save(drawing, path, style, title=_("Loss and accuracy by epoch of {heading}", heading=heading))


def _draw(area: Axes, history: Sequence[Epoch], name: str, best_epoch: int | None, style: Style) -> None:
    epochs = [epoch.epoch for epoch in history]
    by_epoch(area, {"loss": _("loss"), "accuracy": _("accuracy")}[name])
    ends: list[End] = []
    for number, (key, label) in enumerate(((name, _("training\n(running mean)")), (f"val_{name}", _("validation")))):
        values, look = [getattr(epoch, key) for epoch in history], line(number, style)
        area.plot(epochs, values, **look)
        ends.append((epochs[-1], values[-1], label, look["color"]))
    if best_epoch in epochs:
        _mark(area, best_epoch, values[epochs.index(best_epoch)], name, style)
    label_ends(area, ends, apart=0.09)


def _mark(area: Axes, epoch: int, best: float, name: str, style: Style) -> None:
    """Draw a circle around the best epoch, and its value on the side away from the other curve."""
    area.plot(epoch, best, "o", markersize=11, markerfacecolor="none", color=palette(style).ink)
    area.margins(y=0.14)
    away = 22 if name == "loss" else -22  # in points: overfitting bends the loss up and the accuracy down
    place: dict[str, Any] = {"xytext": (0, away), "textcoords": "offset points", "ha": "center", "va": "center"}
    area.annotate(_("best epoch {epoch}: {best:.4f}", epoch=epoch, best=best), (epoch, best), fontsize=8.5, **place)


@in_figure_language
def save_runs(
    histories: Sequence[tuple[str, Sequence[Epoch]]], path: Path, style: Style = "auto", *, heading: str | None = None
) -> Path:
    """Draw the validation curves of several runs, each named at its end; circles mark the lowest losses."""
    heading = _(heading) if heading else _("Validation loss and accuracy by epoch")
    with figure(11, 4.4, style) as drawing:
        for area, name in zip(drawing.subplots(1, 2), ("loss", "accuracy"), strict=True):
            by_epoch(area, _(f"validation {name}"))
            label_ends(area, [_draw_run(area, name, number, *run, style) for number, run in enumerate(histories)])
        drawing.suptitle(heading, fontsize=12, x=0.01, ha="left")
        names = ", ".join(name for name, _history in histories)
        return save(drawing, path, style, title=f"{heading}: {names}")


def _draw_run(area: Axes, name: str, number: int, label: str, history: Sequence[Epoch], style: Style) -> End:
    values, look = [getattr(epoch, f"val_{name}") for epoch in history], line(number, style)
    area.plot([epoch.epoch for epoch in history], values, **look)
    best = min(range(len(history)), key=lambda place: history[place].val_loss)
    area.plot(history[best].epoch, values[best], "o", markersize=10, markerfacecolor="none", color=palette(style).ink)
    return history[-1].epoch, values[-1], label, look["color"]


def label_ends(area: Axes, ends: Sequence[End], *, apart: float = LEAST_APART) -> None:
    """Write each name to the right of its line, in place of a legend, moved up or down to avoid overlaps.

    Call it last: it uses the limits of the axes as they are.
    """
    if not ends:
        return
    area.get_xlim(), area.get_ylim()  # reading the limits makes matplotlib compute them
    to_axes = area.transData + area.transAxes.inverted()
    places = [to_axes.transform((x, y)) for x, y, _text, _colour in ends]
    heights = spread([float(place[1]) for place in places], apart)
    for (_x, _y, text, colour), place, height in zip(ends, places, heights, strict=True):
        leader: dict[str, Any] = {"color": colour, "linewidth": 0.5, "alpha": 0.6, "clip_on": False}
        area.plot([place[0], 1.01], [place[1], height], transform=area.transAxes, **leader)
        area.text(1.015, height, text, transform=area.transAxes, color=colour, fontsize=8.5, va="center")


def spread(places: Sequence[float], apart: float) -> list[float]:
    """Move `places` as little as possible so that neighbours are at least `apart`, keeping their order."""
    # places that would overlap form a group, evenly spaced around the mean of its places
    groups: list[tuple[float, list[int]]] = []
    for number in sorted(range(len(places)), key=lambda number: places[number]):
        group, middle = [number], places[number]
        while groups and middle - groups[-1][0] < apart * (len(group) + len(groups[-1][1])) / 2:
            group = groups.pop()[1] + group
            middle = fmean(places[each] for each in group)
        groups.append((middle, group))
    moved = {
        number: middle + apart * (step - (len(group) - 1) / 2)
        for middle, group in groups
        for step, number in enumerate(group)
    }
    return [moved[number] for number in range(len(places))]
