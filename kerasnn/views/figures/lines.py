"""Several curves over each other as a picture: runs held against each other."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from kerasnn.records import Run
from kerasnn.views.figures.runs import save_runs
from kerasnn.views.palette import Style


def save_run_curves(runs: Sequence[Run], path: Path, style: Style = "auto") -> Path:
    """Draw validation loss and accuracy of `runs` by epoch, those of them that have epochs."""
    histories = [(run.run, run.history) for run in runs if run.history]
    return save_runs(histories, path, style, heading="Runs held against each other")


def finish(area: Axes, name: str) -> None:
    """Name the axes of a chart by epoch; epochs are whole numbers."""
    area.set_xlabel("epoch")
    area.set_ylabel(name)
    area.xaxis.set_major_locator(MaxNLocator(integer=True))
