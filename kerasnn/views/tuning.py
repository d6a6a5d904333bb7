"""`kerasnn tune`: the trials, best first, and the conclusions that they allow."""

import re
from math import isfinite
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Column
from rich.text import Text

from kerasnn.language import N_, _
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
from kerasnn.views.table import right, stand_in_notice, table

COLUMNS: Final = 3  # of settings tried; more of them share one
COMMAND_WIDTH: Final = 76


def tuning_view(found: Tuning) -> RenderableType:
    """Return the ranked trials, the winner's result on the test images, and the command that trains it."""
    about = f"   {describe_seeds(found.seeds)}\n", describe_dataset(found.dataset)
    return Group(
        Text(winner_sentence(found), "bold"),
        Text.assemble((found.stage, "bold"), *about),
        _grid(found),
        Text(_notes(found), "dim"),
        Text(),
        *map(Text, sentences(found)),
        *stand_in_notice(found.dataset),
        Text.assemble("\n", (_("Train the winner:"), "bold")),
        Text(_broken(found.command)),
    )


def winner_sentence(found: Tuning) -> str:
    """Return which trial came first, without saying that it is better: that is in the sentences below the table."""
    winner = found.trials[0]
    if winner.reference:
        return _("The unchanged stage came first of {count} trials.", count=len(found.trials))
    return _(
        "First of {count} trials on the validation images: {settings}.",
        count=len(found.trials),
        settings=format_settings(winner.settings),
    )


def _grid(found: Tuning) -> RenderableType:
    settings = [Column(_("settings"), overflow="fold")]
    if len(found.choices) <= COLUMNS:
        settings = right(*(setting_label(name).replace(" ", "\n") for name in found.choices))
    grid = table(None, *right(""), *settings, *right(_("loss"), _("accuracy"), _("difference")))
    for place, trial in enumerate(found.trials, start=1):
        values = map(format_value, trial.settings.values())
        grid.add_row(
            f"{place}{'*' if trial.reference else ' '}",  # the blank keeps the numbers aligned
            *(values if len(found.choices) <= COLUMNS else [format_settings(trial.settings)]),
            format_metric(trial.validation_loss.mean),
            _("diverged") if trial.diverged else format_metric(trial.validation_accuracy.mean),
            _difference(trial.difference),
            style="bold" if place == 1 else "",
        )
    return grid


def _notes(found: Tuning) -> str:
    notes = [
        _("* the reference: the unchanged stage, with the settings that all trials share"),
        _("loss, accuracy: on the validation images; difference: loss - reference's loss"),
    ]
    if len(found.seeds) > 1:
        paired = _("means over the seeds; difference: paired by seed, +- half of its {share} interval", share="95%")
        notes.append(paired)
    return "\n".join(notes)


def _broken(command: str) -> str:
    """Break `command` into lines that a shell reads as one, keeping each flag with its value."""
    lines: list[str] = []
    for part in re.split(r" (?=--)", command):
        if lines and len(lines[-1]) + len(part) < COMMAND_WIDTH:
            lines[-1] += f" {part}"
        else:
            lines.append(part)
    return " \\\n  ".join(lines)


def _difference(value: Spread | None) -> str:
    if value is None or not isfinite(value.mean):  # the reference itself, or a loss that diverged
        return "-"
    half = "" if value.high is None else f" +- {value.high - value.mean:.4f}"
    return f"{value.mean:+.4f}{half}"


def sentences(found: Tuning) -> list[str]:
    """Return sentences on what was tried, how far to trust the ranking, and the result on the test images."""
    lines = [describe_study(found.trained, len(found.trials) * len(found.seeds), found.seconds, found.folder)]
    if found.drawn < found.combinations:
        count = found.combinations
        lines.append(_("A random sample: {drawn} of {count:,} combinations.", drawn=found.drawn, count=count))
    lines += [_trust(found), *_on_test_images(found)]
    for note in found.notes:
        rate = _(
            "The winner's learning rate, {rate:g}, is {times:,.3g} times the usual {usual:g} of {optimizer}. Rates "
            "that high made all 27 trainings of the stages they were measured on worse, so try more seeds and epochs "
            "before you trust it.",
            **note.values,
        )
        lines.append(rate)
    return lines


def _on_test_images(found: Tuning) -> list[str]:
    winner = found.trials[0]  # the trials are sorted by validation loss
    reference = next(trial for trial in found.trials if trial.reference)
    if winner.test_accuracy is None or reference.test_accuracy is None:
        return []
    if winner.reference:
        told = N_(
            "No trial beat the unchanged stage. On the test images, which played no part in the search, "
            "its accuracy is {accuracy:.4f}."
        )
    else:
        told = N_(
            "The best of {count} trials looks better on the validation images than it is, because they "
            "selected it. On the test images, which played no part in the search, its accuracy is "
            "{accuracy:.4f}, and the reference's {reference:.4f}."
        )
    means = {"accuracy": winner.test_accuracy.mean, "reference": reference.test_accuracy.mean}
    return [_(told, count=len(found.trials), **means)]


def _trust(found: Tuning) -> str:
    winner = found.trials[0]
    if len(found.seeds) == 1:
        if found.dataset.is_fashion_mnist:
            return _(
                "One seed per trial: accuracy varies by about half a point between seeds, so smaller differences "
                "mean nothing. --seeds 3 trains each trial with three."
            )
        return _(
            "One seed per trial: how much accuracy varies between seeds on these images is not known, so a difference "
            "may be chance. --seeds 3 trains each trial with three."
        )
    if winner.difference is None or winner.difference.high is None:
        return _("If the interval of a difference includes 0, this many seeds cannot tell it from no difference.")
    if winner.difference.high < 0:  # a lower loss is better
        return _(
            "The winner's whole interval lies below 0, but it was picked from {count} trials, which makes the "
            "interval too optimistic.",
            count=len(found.trials),
        )
    return _("The winner's interval includes 0: this many seeds cannot tell it from the reference.")
