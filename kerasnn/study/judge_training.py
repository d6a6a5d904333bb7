"""Judge a training by the band of its stage on its data set, by its own history, and by its first epoch repeated."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final, Literal

from kerasnn.errors import ModelFileError, UsageError
from kerasnn.language import _
from kerasnn.lecture.hyperparameters import Settings
from kerasnn.lecture.settings import find_stage
from kerasnn.records import DatasetInfo, Epoch, MetricCheck, Note, Run, Verification
from kerasnn.study.bands import ALARM, Band, CompletedTraining, find_band, metric_values
from kerasnn.study.causes import AGAIN, EPOCHS, REPEATED, consistent_causes

ROUNDING: Final = 1e-3  # relative difference of the same loss, computed in other batches or by another library
# Four times the largest relative difference of a first epoch between one thread and two, see docs/numbers.md
ELSEWHERE: Final = {"loss": 0.004, "accuracy": 0.004, "val_loss": 0.1, "val_accuracy": 0.02}


@dataclass(frozen=True)
class FirstEpoch:
    """A first epoch, trained again. `exact`: where the training itself would give bitwise the same."""

    epoch: Epoch
    exact: bool


def completed(run: Run, path: Path) -> CompletedTraining:
    """Return the finished `run`, whose run.json is `path`, as a training to judge.

    Raises: ModelFileError if it lacks a score or an epoch.
    """
    found = {each.name: getattr(run, each.name) for each in fields(CompletedTraining)[1:]}  # the first is the name
    if any(value is None for key, value in found.items() if key != "best_epoch"):
        raise ModelFileError(
            _("{folder} is damaged: {error}", folder=path, error=_("it is done, but has no scores")),
            expected=_("the run.json of a run"),
        )
    return CompletedTraining(run.run, **found)


def judge_training(
    training: CompletedTraining,
    band: Band | None,
    settings: Settings | None = None,
    first: FirstEpoch | None = None,
    notes: tuple[Note, ...] = (),
) -> Verification:
    """Compare the metrics of `training` with `band`, if there is one, and with what follows from its settings.

    `settings`: None for the stage's own. `first`: its first epoch, trained again.
    """
    settings = settings or find_stage(training.stage).settings
    checks = (
        *(_check_first_epoch(training.history[0], first) if first else ()),
        *_check_epochs(training, settings),
        *_check_saved_model(training),
        *(_check_metrics(training, band) if band else ()),
    )
    holds = all(check.inside for check in checks)
    return Verification(
        subject=training.name,
        stage=training.stage,
        seed=training.seed,
        engine=training.engine,
        dataset=training.dataset,
        seeds=band.seeds if band else 0,
        alarm=ALARM if band else 0.0,
        checks=checks,
        holds=holds,
        causes=() if holds else consistent_causes(checks, training),
        notes=notes,
        first_epoch=_compare_first_epoch(training.history[0], checks, first) if first else None,
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


def _check_first_epoch(recorded: Epoch, first: FirstEpoch) -> tuple[MetricCheck, ...]:
    checks = []
    for key, name in REPEATED.items():
        expected, away = getattr(first.epoch, key), 0.0 if first.exact else ELSEWHERE[key]
        checks.append(_checked(name, getattr(recorded, key), expected * (1 - away), expected * (1 + away)))
    return tuple(checks)


def _compare_first_epoch(
    recorded: Epoch, checks: tuple[MetricCheck, ...], first: FirstEpoch
) -> Literal["equal", "close", "differs"]:
    if recorded == first.epoch:
        return "equal"
    return "close" if all(check.inside for check in checks if check.figure in REPEATED.values()) else "differs"


def _check_epochs(training: CompletedTraining, settings: Settings) -> tuple[MetricCheck, ...]:
    # both follow from the settings and, with a patience, from the best epoch
    if settings.patience is None or training.best_epoch is None:
        last, saved = settings.epochs, settings.epochs
    else:
        # with a patience of 0 too, Keras stops one epoch after the best
        last, saved = min(training.best_epoch + max(settings.patience, 1), settings.epochs), training.best_epoch
    return (
        _checked(EPOCHS[0], training.stopped_epoch, last, last),
        _checked(EPOCHS[1], training.kept_epoch, saved, saved),
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
