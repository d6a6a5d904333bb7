"""Notes about a training: a code and values. `sentence` translates them to text in the current language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from kerasnn.language import N_, _


class Code(StrEnum):
    """Codes of notes. Some of them are saved in run.json, so none may change."""

    NOT_CONVERGED = "not-converged"
    RESUMED_DESPITE = "resumed-despite"
    TRAINING_LOSS_NOT_FINITE = "training-loss-not-finite"
    VALIDATION_LOSS_NOT_FINITE = "validation-loss-not-finite"
    WEIGHTS_NOT_FINITE = "weights-not-finite"
    LOSS_EXPLODED = "loss-exploded"
    OUT_OF_MEMORY = "out-of-memory"
    ERROR = "error"
    BANDS_OF_FUSED = "bands-of-fused"
    # usual causes of a metric outside its band
    OTHER_EPOCHS = "other-epochs"
    PREDICTS_OTHERWISE = "predicts-otherwise"
    CHANCE_OF_RMSPROP = "chance-of-rmsprop"
    OTHER_IMAGES = "other-images"
    CHANCE = "chance"
    WRONG_LABELS = "wrong-labels"
    NOT_NORMALISED = "not-normalised"
    OTHER_START = "other-start"
    TOO_FEW_EPOCHS = "too-few-epochs"
    TOO_MANY_EPOCHS = "too-many-epochs"
    VALIDATION_LEAKED = "validation-leaked"
    # why a network did not learn
    HIGH_RATE = "high-rate"
    LOW_RATE = "low-rate"
    DEAD_UNITS = "dead-units"
    SATURATED_UNITS = "saturated-units"


@dataclass(frozen=True)
class Note:
    """A note about a training. `values`: values for the placeholders of the code's sentence."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


SENTENCES: Final[Mapping[str, str]] = {
    Code.NOT_CONVERGED: N_(
        "SGDClassifier stopped before it converged; scikit-learn warns about it once per class. The lecture "
        "stops there on purpose; more --epochs bring it closer"
    ),
    Code.RESUMED_DESPITE: N_("resumed although {name} was {before} and is {now}"),
    Code.TRAINING_LOSS_NOT_FINITE: N_("the training loss is {loss}"),
    Code.VALIDATION_LOSS_NOT_FINITE: N_("the validation loss is {loss}"),
    Code.WEIGHTS_NOT_FINITE: N_("some weights are infinite or not a number"),
    Code.LOSS_EXPLODED: N_(
        "the loss exploded to {training} in training and {validation} in validation; guessing would give {guessing}"
    ),
    Code.OUT_OF_MEMORY: N_("out of memory"),
    Code.ERROR: "{kind}: {message}",
    Code.BANDS_OF_FUSED: N_(
        "the bands were measured with the engine fused; keras uses the same order of images in every epoch"
    ),
    Code.OTHER_EPOCHS: N_(
        "The number of epochs differs from the stage's, which has at most {epochs}: see --epochs and --patience."
    ),
    Code.PREDICTS_OTHERWISE: N_(
        "It trained as expected but predicts differently: dropout is on when predicting, images are prepared "
        "differently than for training, or the weights are from another epoch."
    ),
    Code.CHANCE_OF_RMSPROP: N_(
        "Or chance: with about one seed in thirty, RMSprop's last batches move the weights this far off. Does "
        "another --seed end there too?"
    ),
    Code.OTHER_IMAGES: N_(
        "The images are not divided by 255, labels do not match their images, or the penalty differs."
    ),
    Code.CHANCE: N_(
        "Chance, about one time in a hundred, or a different version of the stage. Check with --repeat "
        "whether it happens again."
    ),
    Code.WRONG_LABELS: N_(
        "The training loss stays far above the validation loss: some training labels do not match their "
        "images, or dropout is stronger than the stage's."
    ),
    Code.NOT_NORMALISED: N_("The first epoch is far off: are the images divided by 255?"),
    Code.OTHER_START: N_(
        "It differs from the first epoch on: learning rate, batch size, optimizer or initial weights."
    ),
    Code.TOO_FEW_EPOCHS: N_("It started as expected but ended above the band: one or more epochs are missing."),
    Code.TOO_MANY_EPOCHS: N_("It ended below the band: more epochs than the stage has, or no dropout."),
    Code.VALIDATION_LEAKED: N_(
        "It is better on the validation images than it should be: did it train on some of them?"
    ),
    Code.HIGH_RATE: N_("the learning rate, {rate}, is {times} times the usual {usual} of {optimizer}"),
    Code.LOW_RATE: N_("the learning rate, {rate}, is far below the usual {usual} of {optimizer}"),
    Code.DEAD_UNITS: N_("{dead} of the {units} ReLU units give 0 for every validation image"),
    Code.SATURATED_UNITS: N_("{share} of the sigmoid outputs are below 0.01 or above 0.99 on the validation images"),
}


def sentence(note: Note | str) -> str:
    """Return `note` as a sentence in the current language.

    Text of older records is returned unchanged; a note that this version does not know is shown as its code.
    """
    if isinstance(note, str):
        return note
    try:
        return _(SENTENCES[note.code]).format_map({name: _text(value) for name, value in note.values.items()})
    except KeyError:
        return note.code


def difference(note: Note) -> str:
    """Return the difference that a RESUMED_DESPITE note reports, as a clause."""
    return _("{name} was {before} and is {now}", **{name: _text(value) for name, value in note.values.items()})


def _text(value: Any) -> str:
    if value is None or value == ():
        return _("none")
    if isinstance(value, float):
        return f"{value:.4g}"
    return " ".join(map(str, value)) if isinstance(value, (tuple, list)) else str(value)
