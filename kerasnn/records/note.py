"""What a run's record remarks: a code and values. `sentence` says it in the language spoken."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from kerasnn.language import N_, _


class Code(StrEnum):
    """What can be remarked. These strings stand in run.json, so they never change."""

    NOT_CONVERGED = "not-converged"
    RESUMED_DESPITE = "resumed-despite"
    TRAINING_LOSS_NOT_FINITE = "training-loss-not-finite"
    VALIDATION_LOSS_NOT_FINITE = "validation-loss-not-finite"
    WEIGHTS_NOT_FINITE = "weights-not-finite"
    LOSS_EXPLODED = "loss-exploded"
    ERROR = "error"
    BANDS_OF_FUSED = "bands-of-fused"


@dataclass(frozen=True)
class Note:
    """A remark about a training. `values`: plain values, named as the placeholders of the code's sentence."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


SENTENCES: Final[Mapping[str, str]] = {
    Code.NOT_CONVERGED: N_(
        "SGDClassifier had not converged when its passes were over: scikit-learn warns of it once a class. "
        "The lecture stops there on purpose; more --epochs bring it closer"
    ),
    Code.RESUMED_DESPITE: N_("resumed although {name} was {before} and is {now}"),
    Code.TRAINING_LOSS_NOT_FINITE: N_("the training loss is {loss}"),
    Code.VALIDATION_LOSS_NOT_FINITE: N_("the validation loss is {loss}"),
    Code.WEIGHTS_NOT_FINITE: N_("weights are infinite or not numbers"),
    Code.LOSS_EXPLODED: N_(
        "the loss exploded to {training} in training and {validation} in validation, and guessing has {guessing}"
    ),
    Code.ERROR: "{kind}: {message}",
    Code.BANDS_OF_FUSED: N_(
        "the bands are those of the engine fused; keras takes the images in one order in every epoch"
    ),
}


def sentence(note: Note | str) -> str:
    """Say `note` in the language spoken, without a full stop.

    Text, which records held before they had codes, stays as it is; a note that this version cannot say is its code.
    """
    if isinstance(note, str):
        return note
    try:
        return _(SENTENCES[note.code]).format_map({name: _text(value) for name, value in note.values.items()})
    except KeyError:
        return note.code


def difference(note: Note) -> str:
    """Say what a RESUMED_DESPITE is about, as a clause."""
    return _("{name} was {before} and is {now}", **{name: _text(value) for name, value in note.values.items()})


def _text(value: Any) -> str:
    if value is None or value == ():
        return _("none")
    if isinstance(value, float):
        return f"{value:.4g}"
    return " ".join(map(str, value)) if isinstance(value, (tuple, list)) else str(value)
