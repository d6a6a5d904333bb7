"""`kerasnn tune`: the trials, best first, and what may be concluded from them."""

import re
from math import isfinite
from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from kerasnn.language import _
from kerasnn.lecture.hyperparameters import format_value
from kerasnn.records import Spread, Tuning
from kerasnn.views.format import (
    describe_dataset,
    describe_seeds,
    describe_study,
    format_metric,
    format_settings,
    setting_label,
)
from kerasnn.views.notices import stand_in_notice
from kerasnn.views.table import right, table

COLUMNS: Final = 3  # of settings tried; more of them share one
COMMAND_WIDTH: Final = 76


def tuning_view(found: Tuning) -> RenderableType:
    """The trials ranked, how the winner does on the test images, and the command that trains it."""
    heading = Text.assemble(
        (found.stage, "bold"), f"   {describe_seeds(found.seeds)}\n", describe_dataset(found.dataset)
    )
    parts: list[RenderableType] = [heading, _grid(found), Text(_notes(found), "dim"), Text()]
    parts += [Text(sentence) for sentence in sentences(found)]
    parts += stand_in_notice(found.dataset)
    parts.append(Text.assemble("\n", (_("Train the first of them:"), "bold")))
    parts.append(Text(_broken(found.command)))
    return Group(*parts)


def _grid(found: Tuning) -> RenderableType:
    grid = table()
    right(grid, "")
    if len(found.choices) <= COLUMNS:
        right(grid, *(setting_label(name).replace(" ", "\n") for name in found.choices))
    else:
        grid.add_column(_("settings"), overflow="fold")
    right(grid, _("loss"), _("accuracy"), _("difference"))
    for place, trial in enumerate(found.trials, start=1):
        settings = map(format_value, trial.settings.values())
        grid.add_row(
            f"{place}{'*' if trial.reference else ' '}",
            *(settings if len(found.choices) <= COLUMNS else [format_settings(trial.settings)]),
            format_metric(trial.validation_loss.mean),
            _("diverged") if trial.diverged else format_metric(trial.validation_accuracy.mean),
            _difference(trial.difference),
            style="bold" if place == 1 else "",
        )
    return grid


def _notes(found: Tuning) -> str:
    notes = [
        _("* the reference: the stage as it stands, with what all have in common"),
        _("loss, accuracy: on the validation images; difference: loss - reference's loss"),
    ]
    if len(found.seeds) > 1:
        notes.append(_("means over the seeds; difference: paired, +- half of its {share} interval", share="95%"))
    return "\n".join(notes)


def _broken(command: str) -> str:
    """`command` in lines that a shell takes for one, no flag parted from its value."""
    lines: list[str] = []
    for part in re.split(r" (?=--)", command):
        if lines and len(lines[-1]) + len(part) < COMMAND_WIDTH:
            lines[-1] += f" {part}"
        else:
            lines.append(part)
    return " \\\n  ".join(lines)


def _difference(value: Spread | None) -> str:
    if value is None or not isfinite(value.mean):
        return "-"
    half = "" if value.high is None else f" +- {value.high - value.mean:.4f}"
    return f"{value.mean:+.4f}{half}"


def sentences(found: Tuning) -> list[str]:
    """What was tried, how far the ranking can be trusted, and what the test images say."""
    lines = [describe_study(found.trained, len(found.trials) * len(found.seeds), found.seconds, found.folder)]
    if found.drawn < found.combinations:
        lines.append(
            _(
                "A sample: {drawn} of {count:,} combinations, drawn by the seed.",
                drawn=found.drawn,
                count=found.combinations,
            )
        )
    lines.append(_trust(found))
    winner = found.trials[0]
    reference = next(trial for trial in found.trials if trial.reference)
    if winner.test_accuracy is None or reference.test_accuracy is None:
        return lines
    if winner.reference:
        lines.append(
            _(
                "Nothing tried came out better than the stage as it stands. Its accuracy on the test images, which "
                "had no part in this: {accuracy:.4f}.",
                accuracy=winner.test_accuracy.mean,
            )
        )
    else:
        lines.append(
            _(
                "The best of {count} on the validation images looks better there than it is, for they chose it. On "
                "the test images, which had no part in this, it has accuracy {accuracy:.4f}, the reference "
                "{reference:.4f}.",
                count=len(found.trials),
                accuracy=winner.test_accuracy.mean,
                reference=reference.test_accuracy.mean,
            )
        )
    return lines


def _trust(found: Tuning) -> str:
    winner = found.trials[0]
    if len(found.seeds) == 1:
        return _(
            "One seed each: accuracies move by about half a point from seed to seed, and smaller differences mean "
            "nothing. --seeds 3 trains each with three."
        )
    if winner.difference is None or winner.difference.high is None:
        return _("A difference whose interval reaches over 0 cannot be told from none by so many seeds.")
    if winner.difference.high < 0:
        return _(
            "The whole interval of the first lies below 0, but it was picked from {count}, which makes such "
            "intervals too hopeful.",
            count=len(found.trials),
        )
    return _("The interval of the first reaches over 0: so many seeds cannot tell it from the reference.")
