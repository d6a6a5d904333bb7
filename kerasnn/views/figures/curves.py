"""The curves of a run: loss and accuracy by epoch, the best epoch marked."""

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from kerasnn.records import Run
from kerasnn.views.figures.labels import label_ends
from kerasnn.views.figures.style import figure, line, save
from kerasnn.views.palette import Style, palette
from kerasnn.views.reading import reading_sentences


def save_curves(run: Run, path: Path, style: Style = "auto") -> Path:
    """Draw the history of `run`, which is not empty, with the sentences that read it."""
    with figure(10.5, 4.7, style) as drawing:
        axes = drawing.subplots(1, 2)
        for area, name in zip(axes, ("loss", "accuracy"), strict=True):
            _draw(area, run, name, style)
        source = f"{run.dataset.name}, seed {run.seed}, engine {run.engine}"
        heading = f"{run.stage}: {run.parameters:,} parameters on {source}"
        drawing.suptitle(heading, fontsize=12, x=0.01, ha="left")
        if run.reading is not None:
            best_loss = min(epoch.val_loss for epoch in run.history)
            sentences = "\n".join(reading_sentences(run.reading, best_loss))
            drawing.supxlabel(sentences, fontsize=8.5, color=palette(style).grey, x=0.01, ha="left", wrap=True)
        return save(drawing, path, style, title=f"Loss and accuracy by epoch of {heading}")


def _draw(area: Axes, run: Run, name: str, style: Style) -> None:
    colours = palette(style)
    epochs = [epoch.epoch for epoch in run.history]
    training = [getattr(epoch, name) for epoch in run.history]
    validation = [getattr(epoch, f"val_{name}") for epoch in run.history]
    area.plot(epochs, training, **line(0, style))
    area.plot(epochs, validation, **line(1, style))
    area.set_title(name)
    area.set_xlabel("epoch")
    area.xaxis.set_major_locator(MaxNLocator(integer=True))
    if run.best_epoch in epochs:
        best = validation[epochs.index(run.best_epoch)]
        area.plot(run.best_epoch, best, "o", markersize=11, markerfacecolor="none", color=colours.ink)
        side = "bottom" if name == "loss" else "top"
        offset = (0, -16) if name == "loss" else (0, 16)
        words = f"best epoch {run.best_epoch}: {best:.4f}"
        area.annotate(
            words,
            (run.best_epoch, best),
            xytext=offset,
            textcoords="offset points",
            ha="center",
            fontsize=8.5,
            va="center",
        )
        area.margins(y=0.12 if side == "bottom" else 0.08)
    ends = [("training\n(running mean)", training[-1], colours.blue), ("validation", validation[-1], colours.orange)]
    label_ends(area, [(epochs[-1], value, text, colour) for text, value, colour in ends], apart=0.09)
