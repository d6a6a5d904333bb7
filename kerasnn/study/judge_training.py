"""Judge a training: compare its metrics with the reference band of its stage on its data set."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from kerasnn.errors import UsageError
from kerasnn.language import N_, _
from kerasnn.lecture.settings import find_stage
from kerasnn.records import DatasetInfo, MetricCheck, Note, Verification
from kerasnn.study.bands import ALARM, Band, TrainingMetrics, find_band, metric_values
from kerasnn.study.causes import AGAIN, likely_causes

ROUNDING: Final = 1e-3  # relative difference of the same loss, computed in other batches or by another library


@dataclass(frozen=True)
class CompletedTraining:
    """A training to judge. `best_epoch`, `stopped_epoch`, `kept_epoch`: as in Training."""

    name: str
    stage: str
    seed: int
    engine: str
    dataset: DatasetInfo
    metrics: TrainingMetrics
    best_epoch: int | None
    stopped_epoch: int
    kept_epoch: int


def judge_training(training: CompletedTraining, *, notes: tuple[Note, ...] = ()) -> Verification:
    """Compare the metrics of `training` with the band of its stage on its data set.

    Raises: UsageError if there is no such band.
    """
    band = band_for(training.stage, training.dataset)
    checks = (*_check_epochs(training), *_check_saved_model(training), *_check_metrics(training.metrics, band))
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
        causes=() if holds else likely_causes(checks, training.metrics, find_stage(training.stage).settings),
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


def check_unchanged(overrides: Mapping[str, Any], stage: str) -> None:
    """Raise UsageError if a run changed settings of its stage, because bands exist only for the stage's own."""
    if overrides:
        changed = ", ".join(f"{name} {value}" for name, value in overrides.items())
        raise UsageError(
            _(
                "this run changed settings ({changed}); there are bands only for the lecture's own settings",
                changed=changed,
            ),
            expected=_("a run with the stage's settings; only --seed may differ"),
            hint=_("kerasnn train --stage {stage}", stage=stage),
        )


def _check_metrics(metrics: TrainingMetrics, band: Band) -> tuple[MetricCheck, ...]:
    """Check each metric that both `band` and the training have."""
    checks = []
    for name, value in metric_values(metrics).items():
        limits = band.limits.get(name)
        if limits is not None:
            away = (value - limits.mean) / limits.deviation if limits.deviation else 0.0  # in standard deviations
            checks.append(MetricCheck(name, value, limits.low, limits.high, limits.low <= value <= limits.high, away))
    return tuple(checks)


def _check_epochs(training: CompletedTraining) -> tuple[MetricCheck, ...]:
    """Check the numbers of the last epoch and of the saved one.

    They follow from the settings and, with a patience, from the best epoch.
    """
    settings = find_stage(training.stage).settings
    if settings.patience is None or training.best_epoch is None:
        last, saved = settings.epochs, settings.epochs
    else:
        # with a patience of 0 too, Keras stops one epoch after the best
        last, saved = min(training.best_epoch + max(settings.patience, 1), settings.epochs), training.best_epoch
    return (
        _check_equal(N_("last epoch"), training.stopped_epoch, last),
        _check_equal(N_("epoch kept"), training.kept_epoch, saved),
    )


def _check_saved_model(training: CompletedTraining) -> tuple[MetricCheck, ...]:
    """Check the saved model's validation loss against that of the same epoch in the history."""
    reported = [epoch.val_loss for epoch in training.metrics.history if epoch.epoch == training.kept_epoch]
    if not reported:
        return ()
    value, low, high = training.metrics.validation.loss, reported[0] * (1 - ROUNDING), reported[0] * (1 + ROUNDING)
    return (MetricCheck(AGAIN, value, low, high, low <= value <= high, None),)


def _check_equal(name: str, value: int, expected: int) -> MetricCheck:
    return MetricCheck(name, value, expected, expected, value == expected, None)
