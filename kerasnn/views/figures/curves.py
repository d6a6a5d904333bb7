"""Learning curves by epoch: of one run with its best epoch marked, or the validation curves of several."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes

from kerasnn.language import _
from kerasnn.records import Epoch, Run
from kerasnn.records.reading import verdict_sentence
from kerasnn.views.figures.letters import in_figure_language
from kerasnn.views.figures.style import by_epoch, figure, line, name_lines, save
from kerasnn.views.format import run_name
from kerasnn.views.palette import Style, palette


@in_figure_language
def save_curves(run: Run, path: Path, style: Style = "auto") -> Path:
    """Draw the history of `run`, which must not be empty, with the verdict on it; a circle marks the best epoch."""
    about = {**vars(run), "stage": run_name(run), "name": run.dataset.name}
    heading = _("{stage}: {parameters:,} parameters on {name}, seed {seed}, engine {engine}", **about)
    says = heading if run.reading is None else f"{heading}\n{verdict_sentence(run.reading)}"
    with figure(says, style) as drawing:
        areas = drawing.subplots(1, 2)
        for area, name in zip(areas, ("loss", "accuracy"), strict=True):
            _draw(area, run.history, name, run.best_epoch, style)
        name_lines(drawing, areas[0])
        return save(drawing, path, style, title=_("Loss and accuracy by epoch of {heading}", heading=heading))


def _draw(area: Axes, history: Sequence[Epoch], name: str, best_epoch: int | None, style: Style) -> None:
    by_epoch(area, {"loss": _("loss"), "accuracy": _("accuracy")}[name])
    epochs = [epoch.epoch for epoch in history]
    area.plot(epochs, [getattr(epoch, name) for epoch in history], label=_("training (running mean)"), **line(0, style))
    area.plot(epochs, [getattr(epoch, f"val_{name}") for epoch in history], label=_("validation"), **line(1, style))
    for best in history:
        if best.epoch == best_epoch:
            says = _("best epoch {epoch}: loss {val_loss:.4f}, accuracy {val_accuracy:.4f}", **vars(best))
            _circle(area, best.epoch, getattr(best, f"val_{name}"), style, says)


def _circle(area: Axes, epoch: int, value: float, style: Style, label: str | None = None) -> None:
    look: dict[str, Any] = {
        "markersize": 15,
        "markerfacecolor": "none",
        "markeredgewidth": 1.5,
        "color": palette(style).ink,
    }
    area.plot(epoch, value, "o", label=label, **look)


@in_figure_language
def save_runs(
    histories: Sequence[tuple[str, Sequence[Epoch]]], path: Path, style: Style = "auto", *, heading: str | None = None
) -> Path:
    """Draw the validation curves of several runs; circles mark the lowest losses."""
    heading = _(heading) if heading else _("Validation loss and accuracy by epoch")
    with figure(heading, style) as drawing:
        areas = drawing.subplots(1, 2)
        for area, name in zip(areas, ("loss", "accuracy"), strict=True):
            by_epoch(area, _(f"validation {name}"))
            for number, (label, history) in enumerate(histories):
                _draw_run(area, name, label, history, number, style)
        name_lines(drawing, areas[0])
        names = ", ".join(name for name, _history in histories)
        return save(drawing, path, style, title=f"{heading}: {names}")


def _draw_run(area: Axes, name: str, label: str, history: Sequence[Epoch], number: int, style: Style) -> None:
    values = [getattr(epoch, f"val_{name}") for epoch in history]
    area.plot([epoch.epoch for epoch in history], values, label=label, **line(number, style))
    best = min(range(len(history)), key=lambda place: history[place].val_loss)
    _circle(area, history[best].epoch, values[best], style)
