"""A reproduction as a figure: a point for each seed, the mean with its interval, the published range as a band."""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from kerasnn.language import _
from kerasnn.records import Reproduction, Spread
from kerasnn.views.figures.fonts import in_figure_language
from kerasnn.views.figures.style import BLUE, GREY, ORANGE, figure, save
from kerasnn.views.format import describe_seeds


@in_figure_language
def save_reproduction(found: Reproduction, path: Path) -> Path:
    """Draw validation loss, validation accuracy and test accuracy, one row per stage, into a PNG."""
    with figure(11, 1.6 + 0.55 * len(found.stages)) as drawing:
        axes = drawing.subplots(1, 3, sharey=True)
        for area, (part, name) in zip(
            axes, (("validation", "loss"), ("validation", "accuracy"), ("test", "accuracy")), strict=True
        ):
            _draw(area, found, part, name)
        axes[0].set_yticks(range(len(found.stages)), [stage.stage for stage in found.stages])
        axes[0].invert_yaxis()
        drawing.suptitle(f"{found.dataset.name}, {describe_seeds(found.seeds)}", fontsize=12)
        handles, labels = axes[1].get_legend_handles_labels()
        drawing.legend(handles, labels, loc="outside lower center", ncols=3)
        return save(drawing, path)


def _draw(area: Axes, found: Reproduction, part: str, name: str) -> None:
    lift = np.linspace(-0.16, 0.16, len(found.seeds)) if len(found.seeds) > 1 else np.zeros(1)
    for row, stage in enumerate(found.stages):
        values = [
            getattr(getattr(outcome, part), name) for outcome in found.outcomes if outcome.job.stage == stage.stage
        ]
        first = row == 0
        area.plot(values, row + lift, "o", color=BLUE, markersize=4, alpha=0.7, label=_("one seed") if first else None)
        _mean(area, row, getattr(stage, f"{part}_{name}"), labelled=first)
        if (part, name) == ("validation", "accuracy") and stage.agreement is not None:
            low, high = stage.agreement.published.low, stage.agreement.published.high
            known = area.get_legend_handles_labels()[1]
            label = _("published range") if _("published range") not in known else None
            area.fill_betweenx([row - 0.38, row + 0.38], low, high, color=GREY, alpha=0.25, lw=0, label=label)
    area.set_xlabel(_(f"{part} {name}"))
    area.set_axisbelow(True)
    if name == "loss":
        area.set_xscale("log")
        ticks = [0.2, 0.3, 0.5, 1.0, 2.0, 3.0, 5.0]
        low, high = area.get_xlim()
        area.set_xticks([tick for tick in ticks if low <= tick <= high])
        area.xaxis.set_major_formatter("{x:g}")
        area.xaxis.set_minor_formatter("")


def _mean(area: Axes, row: int, value: Spread, *, labelled: bool) -> None:
    label = _("mean, {share} interval", share="95%") if labelled else None
    half = 0.0 if value.high is None else value.high - value.mean
    area.errorbar(value.mean, row, xerr=half, fmt="D", color=ORANGE, markersize=5, capsize=4, lw=1.6, label=label)
