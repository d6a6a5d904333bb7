"""Studies as figures: an optimizer race, and a reproduction with a point for each seed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import LogFormatter

from kerasnn.language import _
from kerasnn.records import Race, Reproduction, Spread, StepSize
from kerasnn.views.figures.letters import in_figure_language
from kerasnn.views.figures.style import BLUE, GREY, ORANGE, by_epoch, figure, line, name_lines, save
from kerasnn.views.format import describe_seeds

MEASURED: Final = (("validation", "loss"), ("validation", "accuracy"), ("test", "accuracy"))


@in_figure_language
def save_race(race: Race, path: Path) -> Path:
    """Draw three charts by epoch into a PNG; the bands are the quartiles over the weights."""
    source = _("{name}, seed {seed}, batches of {batch_size}", name=race.dataset.name, **vars(race))
    heading = _("Optimizers on {stage}: the same first weights and batches ({source})", source=source, **vars(race))
    with figure(heading) as drawing:
        loss, rate, movement = drawing.subplots(1, 3)
        for place, contender in enumerate(race.contenders):
            style = line(place)
            epochs = [epoch.epoch for epoch in contender.history]
            loss.plot(epochs, [epoch.val_loss for epoch in contender.history], label=contender.name, **style)
            _steps(rate, movement, contender.paces, style)
        loss.axhline(race.target, color=GREY, linestyle=":", label=_("target {target:g}", target=race.target))
        by_epoch(loss, y_label=_("validation loss"))
        loss.fill_between([], [], color=GREY, alpha=0.3, label=_("band: quartiles over the weights"))
        by_epoch(rate, y_label=_("effective learning rate"))
        measure = _("root mean square of the epoch's change")
        by_epoch(movement, y_label="\n".join((_("movement of the weights"), measure)))
        for area in (rate, movement):
            area.set_yscale("log")  # the optimizers lie orders of magnitude apart
            area.yaxis.set_major_formatter(LogFormatter())  # 1e-03: the default needs mathtext
            area.yaxis.set_minor_formatter(LogFormatter(labelOnlyBase=False))
        name_lines(drawing, loss)
        return save(drawing, path)


def _steps(rate: Axes, movement: Axes, steps: Sequence[StepSize], style: dict[str, Any]) -> None:
    epochs = [step.epoch for step in steps]
    rate.plot(epochs, [step.rate for step in steps], **style)
    lower, upper = [step.lower for step in steps], [step.upper for step in steps]
    rate.fill_between(epochs, lower, upper, color=style["color"], alpha=0.15, linewidth=0)
    movement.plot(epochs, [step.movement for step in steps], **style)


@in_figure_language
def save_reproduction(found: Reproduction, path: Path) -> Path:
    """Draw validation loss, validation accuracy and test accuracy, one row per stage, into a PNG."""
    with figure(f"{found.dataset.name}, {describe_seeds(found.seeds)}") as drawing:
        axes = drawing.subplots(1, 3, sharey=True)
        for area, (part, name) in zip(axes, MEASURED, strict=True):
            _draw(area, found, part, name)
        axes[0].set_yticks(range(len(found.stages)), [stage.stage for stage in found.stages])
        axes[0].invert_yaxis()  # the first stage on top
        name_lines(drawing, axes[1])
        return save(drawing, path)


def _draw(area: Axes, found: Reproduction, part: str, name: str) -> None:
    # a little above each other, so that no seed hides another
    lift = np.linspace(-0.16, 0.16, len(found.seeds)) if len(found.seeds) > 1 else np.zeros(1)
    for row, stage in enumerate(found.stages):
        values = [
            getattr(getattr(outcome, part), name) for outcome in found.outcomes if outcome.job.stage == stage.stage
        ]
        first = row == 0
        area.plot(values, row + lift, "o", color=BLUE, markersize=6, label=_("one seed") if first else None)
        _mean(area, row, getattr(stage, f"{part}_{name}"), labelled=first)
        if (part, name) == ("validation", "accuracy") and stage.agreement is not None:
            low, high = stage.agreement.published.low, stage.agreement.published.high
            known = area.get_legend_handles_labels()[1]  # name it once in the legend
            label = _("published range") if _("published range") not in known else None
            area.fill_betweenx([row - 0.38, row + 0.38], low, high, color=GREY, alpha=0.25, lw=0, label=label)
    area.set_xlabel(_(f"{part} {name}"))  # page/run.py marks these names for translation
    area.set_axisbelow(True)
    if name == "loss":
        area.set_xscale("log")
        low, high = area.get_xlim()
        area.set_xticks([tick for tick in (0.2, 0.3, 0.5, 1.0, 2.0, 3.0, 5.0) if low <= tick <= high])
        area.xaxis.set_major_formatter("{x:g}")
        area.xaxis.set_minor_formatter("")


def _mean(area: Axes, row: int, value: Spread, *, labelled: bool) -> None:
    label = _("mean, {share} interval", share="95%") if labelled else None
    half = 0.0 if value.high is None else value.high - value.mean
    area.errorbar(value.mean, row, xerr=half, fmt="D", color=ORANGE, markersize=8, capsize=6, lw=2.5, label=label)
