"""The usual causes of metrics outside their bands, as a table: those that contradict a check are not named."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kerasnn.language import N_
from kerasnn.records import MetricCheck, Note
from kerasnn.records.codes import Code
from kerasnn.study.bands import CompletedTraining

# checks without a band
EPOCHS: Final = (N_("last epoch"), N_("epoch kept"))
AGAIN: Final = N_("validation loss, as in its history")
REPEATED: Final = {
    "loss": N_("first epoch again, loss"),
    "accuracy": N_("first epoch again, accuracy"),
    "val_loss": N_("first epoch again, val. loss"),
    "val_accuracy": N_("first epoch again, val. accuracy"),
}

# What a cause is judged by. Each group of checks has a sign: 0 if all are inside; + if those outside are worse than
# expected, a higher loss or a lower accuracy; - if they are better, x if some are better and some worse, or if the
# check has no direction; ? if nothing was measured.
GROUPS: Final[Mapping[str, Sequence[str]]] = {
    "epochs": EPOCHS,
    "again": (AGAIN,),
    "repeated": tuple(REPEATED.values()),
    "first": ("first epoch, loss while training", "first epoch, accuracy while training"),
    "last": ("last epoch, loss while training", "last epoch, accuracy while training"),
    "training": ("training loss", "training accuracy"),
    "validation": ("validation loss", "validation accuracy"),
    "test": ("test loss", "test accuracy"),
}
OF_THE_MODEL: Final = ("training", "validation", "test")
BY_CHANCE: Final = 0.25  # chance explains a metric outside its band by up to this share of the band's width


@dataclass(frozen=True)
class Cause:
    """A cause, and the signs that each group has if it is the cause; a group that is not listed may have any."""

    code: Code
    signs: Mapping[str, str]


CAUSES: Final = (  # the surest first
    Cause(Code.OTHER_EPOCHS, {"epochs": "x"}),
    Cause(Code.ONE_NUMBER, {"alone": "x", "epochs": "0", "repeated": "0?"}),
    Cause(Code.NOT_AS_RECORDED, {"repeated": "x"}),
    Cause(Code.PREDICTS_OTHERWISE, {"again": "x", "alone": "0", "first": "0?", "last": "0?"}),
    Cause(
        Code.MEASURED_OTHERWISE,
        {"first": "0", "last": "0", "validation": "+", "test": "+", "again": "0", "repeated": "0?"},
    ),
    Cause(Code.WRONG_LABELS, {"repeated": "x?", "first": "+", "last": "+", "training": "+", "gap": "x"}),
    Cause(Code.NOT_NORMALISED, {"repeated": "x?", "first": "+", "far": "x"}),
    Cause(Code.LEARNS_SLOWER, {"repeated": "x?", "first": "+"}),
    Cause(Code.LEARNS_FASTER, {"repeated": "x?", "first": "-"}),
    Cause(Code.OTHER_START, {"repeated": "x?", "first": "x"}),
    Cause(Code.VALIDATION_LEAKED, {"validation": "-", "test": "0+", "alone": "0"}),
    Cause(Code.TEST_LEAKED, {"test": "-", "validation": "0+", "alone": "0"}),
    Cause(Code.CHANGED_LATER, {"repeated": "0?", "first": "0", "last": "+-x", "epochs": "0"}),
    Cause(Code.OTHER_IMAGES, {"first": "?", "training": "+x", "epochs": "0", "repeated": "?"}),
    Cause(Code.CHANCE, {"epochs": "0", "again": "0", "repeated": "0?", "near": "x"}),
)


def consistent_causes(checks: Sequence[MetricCheck], training: CompletedTraining) -> tuple[Note, ...]:
    """Return the causes that contradict none of `checks`, of which at least one is outside."""
    signs = _signs(checks) | _shape_of(training)
    named = [cause.code for cause in CAUSES if all(signs[group] in allowed for group, allowed in cause.signs.items())]
    return tuple(map(Note, named or [Code.UNEXPLAINED]))


def _signs(checks: Sequence[MetricCheck]) -> dict[str, str]:
    signs = {group: _sign([check for check in checks if check.figure in names]) for group, names in GROUPS.items()}
    outside = [check for check in checks if not check.inside and check.figure != AGAIN]
    of_the_model = [name for part in OF_THE_MODEL for name in GROUPS[part]]
    return signs | {
        # one number of the saved model, although loss and accuracy usually change together
        "alone": "x" if len(outside) == 1 and outside[0].figure in of_the_model else "0",
        "near": "x" if all(map(_is_near, outside)) else "0",
    }


def _sign(group: Sequence[MetricCheck]) -> str:
    if not group:
        return "?"
    worse = {(check.value > check.high) == ("loss" in check.figure) for check in group if not check.inside}
    if len(worse) > 1 or (worse and group[0].away is None):
        return "x"
    return "0" if not worse else "+" if worse.pop() else "-"


def _is_near(check: MetricCheck) -> bool:
    return max(check.low - check.value, check.value - check.high) <= BY_CHANCE * (check.high - check.low)


def _shape_of(training: CompletedTraining) -> dict[str, str]:
    """Return signs of the curves themselves: a gap between training and validation, a first epoch that is far off."""
    if not training.history:
        return {"gap": "?", "far": "?"}
    first, last = training.history[0], training.history[-1]
    far = first.loss > 1.5 or statistics.fmean((first.accuracy, first.val_accuracy)) < 0.7
    return {"gap": "x" if last.loss - training.validation.loss > 0.15 else "0", "far": "x" if far else "0"}
