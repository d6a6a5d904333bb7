"""Several curves over each other as a picture: runs held against each other."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from kerasnn.records import Run
from kerasnn.views.figures.style import figure, save

# Okabe and Ito's colours, with line styles and marks for who cannot tell colours apart
COLOURS: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
LINES: Final = ("-", "--", "-.", ":")
MARKS: Final = "osD^vP*X"


def look(place: int) -> dict[str, Any]:
    """Colour, line and mark of the curve at that place, counted from 0."""
    return {
        "color": COLOURS[place % len(COLOURS)],
        "linestyle": LINES[place % len(LINES)],
        "marker": MARKS[place % len(MARKS)],
        "markersize": 4,
    }


def save_run_curves(runs: Sequence[Run], path: Path) -> Path:
    """Draw validation loss and accuracy of `runs` by epoch into a PNG."""
    with figure(10, 4.8) as drawing:
        axes = drawing.subplots(1, 2)
        for area, name in zip(axes, ("loss", "accuracy"), strict=True):
            for place, run in enumerate(runs):
                if not run.history:
                    continue
                values = [getattr(epoch, f"val_{name}") for epoch in run.history]
                area.plot([epoch.epoch for epoch in run.history], values, label=run.run, **look(place))
            finish(area, f"validation {name}")
        drawing.suptitle("Runs held against each other", fontsize=12)
        handles, labels = axes[0].get_legend_handles_labels()
        drawing.legend(handles, labels, loc="outside lower center", ncols=2, fontsize=8)
        return save(drawing, path)


def finish(area: Axes, name: str) -> None:
    """Name the axes of a chart by epoch; epochs are whole numbers."""
    area.set_xlabel("epoch")
    area.set_ylabel(name)
    area.xaxis.set_major_locator(MaxNLocator(integer=True))
