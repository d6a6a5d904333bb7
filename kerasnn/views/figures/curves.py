"""Learning curves: loss and accuracy by epoch, with the best epoch marked."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from kerasnn.language import _
from kerasnn.records import CurveReading, Epoch, Run
from kerasnn.views.figures.fonts import in_figure_language
from kerasnn.views.figures.labels import label_ends
from kerasnn.views.figures.style import figure, line, save
from kerasnn.views.palette import Style, palette
from kerasnn.views.reading import reading_sentences


@in_figure_language
def save_curves(run: Run, path: Path, style: Style = "auto") -> Path:
    """Draw the history of `run`, which must not be empty, with the sentences of its diagnosis."""
    heading = _(
        "{stage}: {parameters:,} parameters on {name}, seed {seed}, engine {engine}",
        stage=run.stage,
        parameters=run.parameters,
        name=run.dataset.name,
        seed=run.seed,
        engine=run.engine,
    )
    return save_history(run.history, path, style, heading=heading, best_epoch=run.best_epoch, reading=run.reading)


@in_figure_language
def save_history(
    history: Sequence[Epoch],
    path: Path,
    style: Style = "auto",
    *,
    heading: str,
    best_epoch: int | None = None,
    reading: CurveReading | None = None,
) -> Path:
    """Draw the curves of `history`, each named at its end, with a circle around the best epoch."""
    with figure(10.5, 4.7, style) as drawing:
        for area, name in zip(drawing.subplots(1, 2), ("loss", "accuracy"), strict=True):
            _draw(area, history, name, best_epoch, style)
        drawing.suptitle(heading, fontsize=12, x=0.01, ha="left")
        if reading is not None:
            best_loss = min(epoch.val_loss for epoch in history)
            sentences = "\n".join(reading_sentences(reading, best_loss))
            drawing.supxlabel(sentences, fontsize=8.5, color=palette(style).grey, x=0.01, ha="left", wrap=True)
        return save(drawing, path, style, title=_("Loss and accuracy by epoch of {heading}", heading=heading))


def _draw(area: Axes, history: Sequence[Epoch], name: str, best_epoch: int | None, style: Style) -> None:
    colours = palette(style)
    epochs = [epoch.epoch for epoch in history]
    training = [getattr(epoch, name) for epoch in history]
    validation = [getattr(epoch, f"val_{name}") for epoch in history]
    area.plot(epochs, training, **line(0, style))
    area.plot(epochs, validation, **line(1, style))
    area.set_title({"loss": _("loss"), "accuracy": _("accuracy")}[name])
    area.set_xlabel(_("epoch"))
    area.xaxis.set_major_locator(MaxNLocator(integer=True))
    if best_epoch in epochs:
        _mark(area, best_epoch, validation[epochs.index(best_epoch)], name, style)
    ends = [
        (_("training\n(running mean)"), training[-1], colours.blue),
        (_("validation"), validation[-1], colours.orange),
    ]
    label_ends(area, [(epochs[-1], value, text, colour) for text, value, colour in ends], apart=0.09)


def _mark(area: Axes, epoch: int, best: float, name: str, style: Style) -> None:
    """Draw a circle around the best epoch, and its value on the side away from the other curve."""
    colours = palette(style)
    area.plot(epoch, best, "o", markersize=11, markerfacecolor="none", color=colours.ink)
    area.margins(y=0.14)
    away = 22 if name == "loss" else -22
    place: dict[str, Any] = {"xytext": (0, away), "textcoords": "offset points", "ha": "center", "va": "center"}
    area.annotate(_("best epoch {epoch}: {best:.4f}", epoch=epoch, best=best), (epoch, best), fontsize=8.5, **place)
