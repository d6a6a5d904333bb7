"""`kerasnn race`: optimizers compared by their curves, rates and steps."""

from rich.console import Group, RenderableType
from rich.table import Column
from rich.text import Text

from kerasnn.language import _
from kerasnn.records import Race
from kerasnn.views.chart import colour
from kerasnn.views.curves import ValidationCurves
from kerasnn.views.format import (
    describe_dataset,
    format_metric,
)
from kerasnn.views.runs import letter
from kerasnn.views.table import right, stand_in_notice, table


def race_view(race: Race) -> RenderableType:
    """Return the results, the validation curves, and effective learning rates and movement by epoch."""
    about = _("   seed {seed}   batches of {batch_size}\n", **vars(race))
    rates = _(
        "median over all weights that have moved, at the end of each epoch; with momentum 0.9 the "
        "steps of a constant gradient add up to ten times the rate"
    )
    finished = [each for each in race.contenders if each.history and not each.diverged]
    ranked = sorted(finished, key=lambda each: each.history[-1].val_loss)
    names = ", ".join(each.name for each in ranked)
    begin = _("Optimizers by their validation loss after the last epoch: {names}.", names=names)
    return Group(
        *([Text(begin, "bold")] if ranked else []),
        Text.assemble((race.stage, "bold"), about, describe_dataset(race.dataset)),
        _standings(race),
        ValidationCurves([(each.name, each.history) for each in race.contenders]),
        *_by_epoch(race, "rate", _("Effective learning rate: what a gradient is multiplied by"), rates),
        *_by_epoch(
            race,
            "movement",
            _("Movement: how far the weights moved in the epoch"),
            _("root mean square over all weights"),
        ),
        *stand_in_notice(race.dataset),
    )


def _standings(race: Race) -> RenderableType:
    caption = _("target: a validation loss of {target:g}; seconds: without compiling", target=race.target)
    if len({each.start for each in race.contenders}) == 1:  # digests of the first weights
        caption += "\n" + _("all started from the same weights and saw the same batches")
    names = Column("", no_wrap=True), Column(_("optimizer"), no_wrap=True)
    reached = right(_("rate"), _("target\nepoch"), _("target\nseconds"), _("best\nepoch"))
    grid = table(None, *names, *reached, *right(_("last val.\nloss"), _("last val.\naccuracy")), caption=caption)
    for place, each in enumerate(race.contenders):
        last = each.history[-1] if each.history else None
        grid.add_row(
            Text(letter(place), style=f"bold {colour(place)}"),
            each.name,
            f"{each.learning_rate:g}",
            "-" if each.target_epoch is None else str(each.target_epoch),
            "-" if each.target_seconds is None else f"{each.target_seconds:.1f}",
            str(each.best_epoch or "-"),
            format_metric(last.val_loss if last else None),
            _("diverged") if each.diverged else format_metric(last.val_accuracy if last else None),
        )
    return grid


def _by_epoch(race: Race, value: str, title: str, caption: str) -> list[RenderableType]:
    grid = table(None, *right(_("epoch"), *(each.name for each in race.contenders)))
    # a contender that diverged has fewer epochs
    for epoch in range(1, max((len(each.paces) for each in race.contenders), default=0) + 1):
        paces = [next((pace for pace in each.paces if pace.epoch == epoch), None) for each in race.contenders]
        grid.add_row(str(epoch), *(f"{getattr(pace, value):.2g}" if pace else "" for pace in paces))
    return [Text(title, "bold"), grid, Text(caption, "dim")]
