"""Is my number right? A training's figures against those of many seeds, and what usually brings them elsewhere."""

import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from kerasnn.errors import UsageError
from kerasnn.language import N_, _
from kerasnn.lecture.settings import find_stage
from kerasnn.lecture.stages import Settings
from kerasnn.records import DatasetInfo, FigureCheck, Note, Verification
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


def verify(subject: Subject, *, notes: tuple[Note, ...] = ()) -> Verification:
    """Hold the figures of `subject` against the band of its stage on its data.

    Raises: UsageError where there is no such band.
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


def figure_checks(measured: Measured, band: Band) -> tuple[FigureCheck, ...]:
    """Each figure that `band` knows and the training has."""
    checks = []
    for name, value in figures(measured).items():
        limits = band.limits.get(name)
        if limits is not None:
            away = (value - limits.mean) / limits.deviation if limits.deviation else 0.0
            checks.append(FigureCheck(name, value, limits.low, limits.high, limits.low <= value <= limits.high, away))
    return tuple(checks)


def epoch_checks(subject: Subject) -> tuple[FigureCheck, ...]:
    """The epochs that follow from the settings: all of them, or `patience` more than the best."""
    settings = find_stage(subject.stage).settings
    if settings.patience is None or subject.best_epoch is None:
        due, kept = settings.epochs, settings.epochs
    else:
        due, kept = min(subject.best_epoch + max(settings.patience, 1), settings.epochs), subject.best_epoch
    return (_exact(N_("last epoch"), subject.stopped_epoch, due), _exact(N_("epoch kept"), subject.kept_epoch, kept))


def own_history(subject: Subject) -> tuple[FigureCheck, ...]:
    """The kept model's validation loss, against what the history says of the epoch that was kept."""
    told = [epoch.val_loss for epoch in subject.measured.history if epoch.epoch == subject.kept_epoch]
    if not told:
        return ()
    value, low, high = subject.measured.validation.loss, told[0] * (1 - ROUNDING), told[0] * (1 + ROUNDING)
    return (FigureCheck(AGAIN, value, low, high, low <= value <= high, None),)


def _exact(name: str, value: int, due: int) -> FigureCheck:
    return FigureCheck(name, value, due, due, value == due, None)


def causes(checks: tuple[FigureCheck, ...], measured: Measured, settings: Settings) -> tuple[str, ...]:
    """What usually brings figures outside where these are, the likeliest first."""
    off = {check.figure: (check.value > check.high) - (check.value < check.low) for check in checks}
    found: list[str] = []
    if off.get("last epoch") or off.get("epoch kept"):
        found.append(
            _(
                "The epochs are not the stage's own, {epochs} at most: see --epochs and --patience.",
                epochs=settings.epochs,
            )
        )
    kept = [off.get(f"{part} loss", 0) for part in ("training", "validation", "test")]
    learning = [off.get(name, 0) for name in off if "while training" in name]
    if off.get(AGAIN) or (any(kept) and not any(learning)):
        found.append(
            _(
                "It learnt as it should, and answers otherwise: dropout left on when predicting, images prepared in "
                "another way than for training, or another epoch's weights kept."
            )
        )
        if settings.optimizer == "rmsprop":
            found.append(
                _(
                    "Or chance: RMSprop's last batches throw the weights this far off about once in thirty seeds. "
                    "Does another --seed end there as well?"
                )
            )
    if measured.history:
        found += _of_learning(off, measured)
    elif any(kept):
        found.append(_("Images not divided by 255, labels that do not belong to their images, or another penalty."))
    if not found:
        found.append(
            _(
                "Chance, about once in a hundred times; else another version of a stage. See whether it repeats: "
                "--repeat."
            )
        )
    return tuple(found)


def _of_learning(off: Mapping[str, int], measured: Measured) -> list[str]:
    first, last = measured.history[0], measured.history[-1]
    began_worse = off.get("first epoch, loss while training", 0) > 0
    ended_worse = off.get("last epoch, loss while training", 0) > 0
    found = []
    if began_worse and last.loss - measured.validation.loss > 0.15:
        found.append(
            _(
                "The loss while training stays far above that of the validation images: some training labels do not "
                "belong to their images, or dropout is stronger than the stage's."
            )
        )
    if began_worse and (first.loss > 1.5 or statistics.fmean((first.accuracy, first.val_accuracy)) < 0.7):
        found.append(_("The first epoch went far wrong: are the images divided by 255?"))
    if began_worse or off.get("first epoch, loss while training", 0) < 0:
        found.append(_("It differs from the first epoch on: learning rate, batch size, optimizer, or first weights."))
    if ended_worse and not began_worse:
        found.append(_("It began as it should and ended above the band: an epoch or more is missing."))
    if off.get("last epoch, loss while training", 0) < 0 and off.get("first epoch, loss while training", 0) == 0:
        found.append(_("It ended below the band: more epochs than the stage has, or dropout missing."))
    if off.get("validation loss", 0) < 0 and off.get("last epoch, loss while training", 0) == 0:
        found.append(_("Better on the validation images than it should be: did it learn from some of them?"))
    return found
