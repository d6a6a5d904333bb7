"""Compare a training's metrics with those of many seeds, and name the likely causes of a difference."""

import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from kerasnn.errors import UsageError
from kerasnn.language import N_, _
from kerasnn.lecture.hyperparameters import Settings
from kerasnn.lecture.settings import find_stage
from kerasnn.records import DatasetInfo, MetricCheck, Note, Verification
from kerasnn.records.note import Code
from kerasnn.study.bands import ALARM, Band, Measured, figures, find_band

ROUNDING: Final = 1e-3  # a loss computed twice, in other batches, by another library


AGAIN: Final = N_("validation loss, as in its history")


@dataclass(frozen=True)
class Subject:
    """A training to be judged. `best_epoch`, `stopped_epoch`, `kept_epoch`: as in Training."""

    name: str
    stage: str
    seed: int
    engine: str
    dataset: DatasetInfo
    measured: Measured
    best_epoch: int | None
    stopped_epoch: int
    kept_epoch: int


def diagnose(subject: Subject, *, notes: tuple[Note, ...] = ()) -> Verification:
    """Compare the metrics of `subject` with the band of its stage on its data.

    Raises: UsageError if there is no such band.
    """
    band = band_for(subject.stage, subject.dataset)
    checks = (*epoch_checks(subject), *own_history(subject), *figure_checks(subject.measured, band))
    holds = all(check.inside for check in checks)
    return Verification(
        subject=subject.name,
        stage=subject.stage,
        seed=subject.seed,
        engine=subject.engine,
        dataset=subject.dataset,
        seeds=band.seeds,
        alarm=ALARM,
        checks=checks,
        holds=holds,
        causes=() if holds else causes(checks, subject.measured, find_stage(subject.stage).settings),
        notes=notes,
    )


def band_for(stage: str, dataset: DatasetInfo) -> Band:
    """The band of `stage` on that data set.

    Raises: UsageError where there is none: on data of the user's own.
    """
    band = find_band(stage, dataset.sha256)
    if band is None:
        raise UsageError(
            _(
                "nobody knows yet what '{stage}' comes to on {name} ({location})",
                stage=stage,
                name=dataset.name,
                location=dataset.location,
            ),
            expected=_("Fashion-MNIST as published, or garments"),
            hint=_("kerasnn reproduce shows how far seeds move the figures on your data"),
        )
    return band


def refuse_changed(overrides: Mapping[str, Any], stage: str) -> None:
    """A training with settings of the user's own has no band.

    Raises: UsageError where there are any.
    """
    if overrides:
        changed = ", ".join(f"{name} {value}" for name, value in overrides.items())
        raise UsageError(
            _(
                "this run changed the stage ({changed}), and the bands are those of the lecture's own settings",
                changed=changed,
            ),
            expected=_("a run without overrides; another --seed is none"),
            hint=_("kerasnn train --stage {stage}", stage=stage),
        )


def figure_checks(measured: Measured, band: Band) -> tuple[MetricCheck, ...]:
    """Each figure that `band` knows and the training has."""
    checks = []
    for name, value in figures(measured).items():
        limits = band.limits.get(name)
        if limits is not None:
            away = (value - limits.mean) / limits.deviation if limits.deviation else 0.0
            checks.append(MetricCheck(name, value, limits.low, limits.high, limits.low <= value <= limits.high, away))
    return tuple(checks)


def epoch_checks(subject: Subject) -> tuple[MetricCheck, ...]:
    """The epochs that follow from the settings: all of them, or `patience` more than the best."""
    settings = find_stage(subject.stage).settings
    if settings.patience is None or subject.best_epoch is None:
        due, kept = settings.epochs, settings.epochs
    else:
        due, kept = min(subject.best_epoch + max(settings.patience, 1), settings.epochs), subject.best_epoch
    return (_exact(N_("last epoch"), subject.stopped_epoch, due), _exact(N_("epoch kept"), subject.kept_epoch, kept))


def own_history(subject: Subject) -> tuple[MetricCheck, ...]:
    """The kept model's validation loss, against what the history says of the epoch that was kept."""
    told = [epoch.val_loss for epoch in subject.measured.history if epoch.epoch == subject.kept_epoch]
    if not told:
        return ()
    value, low, high = subject.measured.validation.loss, told[0] * (1 - ROUNDING), told[0] * (1 + ROUNDING)
    return (MetricCheck(AGAIN, value, low, high, low <= value <= high, None),)


def _exact(name: str, value: int, due: int) -> MetricCheck:
    return MetricCheck(name, value, due, due, value == due, None)


def causes(checks: tuple[MetricCheck, ...], measured: Measured, settings: Settings) -> tuple[Note, ...]:
    """Return what usually brings metrics outside where these are, the likeliest first."""
    off = {check.figure: (check.value > check.high) - (check.value < check.low) for check in checks}
    found: list[Note] = []
    if off.get("last epoch") or off.get("epoch kept"):
        found.append(Note(Code.OTHER_EPOCHS, {"epochs": settings.epochs}))
    kept = [off.get(f"{part} loss", 0) for part in ("training", "validation", "test")]
    learning = [off.get(name, 0) for name in off if "while training" in name]
    if off.get(AGAIN) or (any(kept) and not any(learning)):
        found.append(Note(Code.PREDICTS_OTHERWISE))
        if settings.optimizer == "rmsprop":
            found.append(Note(Code.CHANCE_OF_RMSPROP))
    if measured.history:
        found += map(Note, _of_learning(off, measured))
    elif any(kept):
        found.append(Note(Code.OTHER_IMAGES))
    return tuple(found) or (Note(Code.CHANCE),)


def _of_learning(off: Mapping[str, int], measured: Measured) -> list[Code]:
    first, last = measured.history[0], measured.history[-1]
    began = off.get("first epoch, loss while training", 0)
    ended = off.get("last epoch, loss while training", 0)
    found = []
    if began > 0 and last.loss - measured.validation.loss > 0.15:
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
