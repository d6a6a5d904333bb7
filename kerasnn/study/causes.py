"""The usual causes of metrics outside their bands."""

import statistics
from collections.abc import Mapping
from typing import Final

from kerasnn.language import N_
from kerasnn.lecture.hyperparameters import Settings
from kerasnn.records import MetricCheck, Note
from kerasnn.records.note import Code
from kerasnn.study.bands import TrainingMetrics

AGAIN: Final = N_("validation loss, as in its history")  # the check that compares the saved model with the history


def likely_causes(checks: tuple[MetricCheck, ...], metrics: TrainingMetrics, settings: Settings) -> tuple[Note, ...]:
    """Return the usual causes of metrics as far off as those in `checks`, the likeliest first."""
    # by metric: +1 above the band, -1 below it, 0 inside
    off = {check.figure: (check.value > check.high) - (check.value < check.low) for check in checks}
    found: list[Note] = []
    if off.get("last epoch") or off.get("epoch kept"):
        found.append(Note(Code.OTHER_EPOCHS, {"epochs": settings.epochs}))
    saved = [off.get(f"{part} loss", 0) for part in ("training", "validation", "test")]
    while_training = [off[name] for name in off if "while training" in name]
    if off.get(AGAIN) or (any(saved) and not any(while_training)):
        found.append(Note(Code.PREDICTS_OTHERWISE))
        if settings.optimizer == "rmsprop":
            found.append(Note(Code.CHANCE_OF_RMSPROP))
    if metrics.history:
        found += map(Note, _causes_while_training(off, metrics))
    elif any(saved):
        found.append(Note(Code.OTHER_IMAGES))
    return tuple(found) or (Note(Code.CHANCE),)


def _causes_while_training(off: Mapping[str, int], metrics: TrainingMetrics) -> list[Code]:
    first, last = metrics.history[0], metrics.history[-1]
    began = off.get("first epoch, loss while training", 0)
    ended = off.get("last epoch, loss while training", 0)
    found = []
    if began > 0 and last.loss - metrics.validation.loss > 0.15:
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
