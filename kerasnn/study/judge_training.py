"""Judge a training: compare its metrics with the band of its stage on its data set, and name causes if they are off."""

import statistics
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Final

from kerasnn.errors import ModelFileError, UsageError
from kerasnn.language import N_, _
from kerasnn.lecture.hyperparameters import Settings
from kerasnn.lecture.settings import find_stage
from kerasnn.records import DatasetInfo, MetricCheck, Note, Run, Verification
from kerasnn.records.note import Code
from kerasnn.study.statistics import ALARM, Band, CompletedTraining, find_band, metric_values

AGAIN: Final = N_("validation loss, as in its history")  # the check that compares the saved model with the history
ROUNDING: Final = 1e-3  # relative difference of the same loss, computed in other batches or by another library


def completed(run: Run, path: Path) -> CompletedTraining:
    """Return the finished `run`, whose run.json is `path`, as a training to judge.

    Raises: UsageError if it changed settings or is not done; ModelFileError if it lacks a score or an epoch.
    """
    if run.overrides:
        changed = ", ".join(f"{name} {value}" for name, value in run.overrides.items())
        raise UsageError(
            _(
                "this run changed settings ({changed}); there are bands only for the lecture's own settings",
                changed=changed,
            ),
            expected=_("a run with the stage's settings; only --seed may differ"),
            hint=_("kerasnn train --stage {stage}", stage=run.stage),
        )
    if run.status != "done":
        raise UsageError(
            _("run {name} is not done: its status is '{status}'", name=run.run, status=run.status),
            expected=_("a finished run"),
        )
    found = {each.name: getattr(run, each.name) for each in fields(CompletedTraining)[1:]}  # the first is the name
    if any(value is None for key, value in found.items() if key != "best_epoch"):
        raise ModelFileError(
            _("{folder} is damaged: {error}", folder=path, error=_("it is done, but has no scores")),
            expected=_("the run.json of a run"),
        )
    return CompletedTraining(run.run, **found)


def judge_training(training: CompletedTraining, *, notes: tuple[Note, ...] = ()) -> Verification:
    """Compare the metrics of `training` with the band of its stage on its data set.

    Raises: UsageError if there is no such band.
    """
    band = band_for(training.stage, training.dataset)
    checks = (*_check_epochs(training), *_check_saved_model(training), *_check_metrics(training, band))
    holds = all(check.inside for check in checks)
    return Verification(
        subject=training.name,
        stage=training.stage,
        seed=training.seed,
        engine=training.engine,
        dataset=training.dataset,
        seeds=band.seeds,
        alarm=ALARM,
        checks=checks,
        holds=holds,
        causes=() if holds else _likely_causes(checks, training, find_stage(training.stage).settings),
        notes=notes,
    )


def band_for(stage: str, dataset: DatasetInfo) -> Band:
    """Return the band of `stage` on `dataset`.

    Raises: UsageError if there is none, for example on a user's own data.
    """
    band = find_band(stage, dataset.sha256)
    if band is None:
        raise UsageError(
            _(
                "there is no reference band for '{stage}' on {name} ({location})",
                stage=stage,
                name=dataset.name,
                location=dataset.location,
            ),
            expected=_("Fashion-MNIST as published, or garments"),
            hint=_("kerasnn reproduce shows how much the metrics vary between seeds on your data"),
        )
    return band


def _check_metrics(training: CompletedTraining, band: Band) -> tuple[MetricCheck, ...]:
    checks = []
    for name, value in metric_values(training).items():
        if (limits := band.limits.get(name)) is not None:
            away = (value - limits.mean) / limits.deviation if limits.deviation else 0.0  # in standard deviations
            checks.append(_checked(name, value, limits.low, limits.high, away))
    return tuple(checks)


def _check_epochs(training: CompletedTraining) -> tuple[MetricCheck, ...]:
    # both follow from the settings and, with a patience, from the best epoch
    settings = find_stage(training.stage).settings
    if settings.patience is None or training.best_epoch is None:
        last, saved = settings.epochs, settings.epochs
    else:
        # with a patience of 0 too, Keras stops one epoch after the best
        last, saved = min(training.best_epoch + max(settings.patience, 1), settings.epochs), training.best_epoch
    return (
        _checked(N_("last epoch"), training.stopped_epoch, last, last),
        _checked(N_("epoch kept"), training.kept_epoch, saved, saved),
    )


def _check_saved_model(training: CompletedTraining) -> tuple[MetricCheck, ...]:
    """Check the saved model's validation loss against that of the same epoch in the history."""
    reported = [epoch.val_loss for epoch in training.history if epoch.epoch == training.kept_epoch]
    if not reported:
        return ()
    low, high = reported[0] * (1 - ROUNDING), reported[0] * (1 + ROUNDING)
    return (_checked(AGAIN, training.validation.loss, low, high),)


def _checked(name: str, value: float, low: float, high: float, away: float | None = None) -> MetricCheck:
    return MetricCheck(name, value, low, high, low <= value <= high, away)


def _likely_causes(
    checks: tuple[MetricCheck, ...], training: CompletedTraining, settings: Settings
) -> tuple[Note, ...]:
    # by metric: +1 above the band, -1 below it, 0 inside
    off = {check.figure: (check.value > check.high) - (check.value < check.low) for check in checks}
    found: list[Note] = []  # the likeliest first
    if off.get("last epoch") or off.get("epoch kept"):
        found.append(Note(Code.OTHER_EPOCHS, {"epochs": settings.epochs}))
    saved = [off.get(f"{part} loss", 0) for part in ("training", "validation", "test")]
    while_training = [off[name] for name in off if "while training" in name]
    if off.get(AGAIN) or (any(saved) and not any(while_training)):
        found.append(Note(Code.PREDICTS_OTHERWISE))
        if settings.optimizer == "rmsprop":
            found.append(Note(Code.CHANCE_OF_RMSPROP))
    if training.history:
        found += map(Note, _causes_while_training(off, training))
    elif any(saved):
        found.append(Note(Code.OTHER_IMAGES))
    return tuple(found) or (Note(Code.CHANCE),)


def _causes_while_training(off: Mapping[str, int], training: CompletedTraining) -> list[Code]:
    first, last = training.history[0], training.history[-1]
    began = off.get("first epoch, loss while training", 0)
    ended = off.get("last epoch, loss while training", 0)
    found = []
    if began > 0 and last.loss - training.validation.loss > 0.15:
        found.append(Code.WRONG_LABELS)
    if began > 0 and (first.loss > 1.5 or statistics.fmean((first.accuracy, first.val_accuracy)) < 0.7):
        found.append(Code.NOT_NORMALISED)
    if began:
        found.append(Code.OTHER_START)
    if ended > 0 and began <= 0:
        found.append(Code.TOO_FEW_EPOCHS)
    if ended < 0 and began == 0:
        found.append(Code.TOO_MANY_EPOCHS)
    if off.get("validation loss", 0) < 0 and ended == 0:
        found.append(Code.VALIDATION_LEAKED)
    return found
