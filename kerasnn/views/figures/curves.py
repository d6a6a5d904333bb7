"""The curves of a run: loss and accuracy by epoch, the best epoch marked."""

from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from kerasnn.records import Run
from kerasnn.views.figures.style import BLUE, GREY, ORANGE, figure, save
from kerasnn.views.reading import reading_sentences


def save_curves(run: Run, path: Path) -> Path:
    """Draw the history of `run`, which is not empty, with the sentences that read it, into a PNG."""
    with figure(10, 4.6) as drawing:
        axes = drawing.subplots(1, 2)
        for area, name in zip(axes, ("loss", "accuracy"), strict=True):
            _draw(area, run, name)
        source = f"{run.dataset.name}, seed {run.seed}, engine {run.engine}"
        drawing.suptitle(f"{run.stage}: {run.parameters:,} parameters on {source}", fontsize=12)
        if run.reading is not None:
            best_loss = min(epoch.val_loss for epoch in run.history)
            drawing.supxlabel("\n".join(reading_sentences(run.reading, best_loss)), fontsize=8, color=GREY, wrap=True)
        return save(drawing, path)


def _draw(area: Axes, run: Run, name: str) -> None:
    epochs = [epoch.epoch for epoch in run.history]
    training = [getattr(epoch, name) for epoch in run.history]
    validation = [getattr(epoch, f"val_{name}") for epoch in run.history]
    area.plot(epochs, training, color=BLUE, marker="o", markersize=4, label="training (running mean)")
    area.plot(epochs, validation, color=ORANGE, marker="s", markersize=4, linestyle="--", label="validation")
    if run.best_epoch is not None:
        area.axvline(run.best_epoch, color=GREY, linestyle=":", label=f"best epoch: {run.best_epoch}")
    area.set_xlabel("epoch")
    area.set_ylabel(name)
    area.xaxis.set_major_locator(MaxNLocator(integer=True))
    area.legend()
