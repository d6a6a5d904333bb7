"""An optimizer race as a figure: losses, effective learning rates, movement of the weights."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from kerasnn.language import _
from kerasnn.records import Race, StepSize
from kerasnn.views.figures.fonts import in_figure_language
from kerasnn.views.figures.style import figure, line, save
from kerasnn.views.palette import palette


@in_figure_language
def save_race(race: Race, path: Path) -> Path:
    """Draw three charts by epoch into a PNG; the bands are the quartiles over the weights."""
    with figure(13, 4.8) as drawing:
        loss, rate, movement = drawing.subplots(1, 3)
        for place, contender in enumerate(race.contenders):
            style = line(place)
            epochs = [epoch.epoch for epoch in contender.history]
            loss.plot(epochs, [epoch.val_loss for epoch in contender.history], label=contender.name, **style)
            _steps(rate, movement, contender.paces, style)
        loss.axhline(
            race.target, color=palette("auto").grey, linestyle=":", label=_("target {target:g}", target=race.target)
        )
        _name_axes(loss, _("validation loss"))
        _name_axes(rate, _("effective learning rate"))
        _name_axes(movement, _("movement of the weights"))
        rate.set_title(_("band: quartiles over the weights"), fontsize=9)
        movement.set_title(_("root mean square of the epoch's change"), fontsize=9)
        for area in (rate, movement):
            area.set_yscale("log")
        drawing.suptitle(_heading(race), fontsize=12)
        drawing.legend(*loss.get_legend_handles_labels(), loc="outside lower center", ncols=7, fontsize=9)
        return save(drawing, path)


def _heading(race: Race) -> str:
    source = _(
        "{name}, seed {seed}, batches of {batch_size}",
        name=race.dataset.name,
        seed=race.seed,
        batch_size=race.batch_size,
    )
    return _("Optimizers on {stage}: the same first weights and batches ({source})", stage=race.stage, source=source)


def _steps(rate: Axes, movement: Axes, steps: Sequence[StepSize], style: dict[str, Any]) -> None:
    epochs = [step.epoch for step in steps]
    rate.plot(epochs, [step.rate for step in steps], **style)
    lower, upper = [step.lower for step in steps], [step.upper for step in steps]
    rate.fill_between(epochs, lower, upper, color=style["color"], alpha=0.15, linewidth=0)
    movement.plot(epochs, [step.movement for step in steps], **style)


def _name_axes(area: Axes, name: str) -> None:
    area.set_xlabel(_("epoch"))
    area.set_ylabel(name)
    area.xaxis.set_major_locator(MaxNLocator(integer=True))
