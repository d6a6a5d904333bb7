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


@dataclass(frozen=True)
class Note:
    """A note about a training. `values`: values for the placeholders of the code's sentence."""

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
    Code.OUT_OF_MEMORY: N_("out of memory"),
    Code.ERROR: "{kind}: {message}",
    Code.BANDS_OF_FUSED: N_(
        "the bands are those of the engine fused; keras takes the images in one order in every epoch"
    ),
    Code.OTHER_EPOCHS: N_("The epochs are not the stage's own, {epochs} at most: see --epochs and --patience."),
    Code.PREDICTS_OTHERWISE: N_(
        "It learnt as it should, and answers otherwise: dropout left on when predicting, images prepared in "
        "another way than for training, or another epoch's weights kept."
    ),
    Code.CHANCE_OF_RMSPROP: N_(
        "Or chance: RMSprop's last batches throw the weights this far off about once in thirty seeds. "
        "Does another --seed end there as well?"
    ),
    Code.OTHER_IMAGES: N_("Images not divided by 255, labels that do not belong to their images, or another penalty."),
    Code.CHANCE: N_(
        "Chance, about once in a hundred times; else another version of a stage. See whether it repeats: --repeat."
    ),
    Code.WRONG_LABELS: N_(
        "The loss while training stays far above that of the validation images: some training labels do not "
        "belong to their images, or dropout is stronger than the stage's."
    ),
    Code.NOT_NORMALISED: N_("The first epoch went far wrong: are the images divided by 255?"),
    Code.OTHER_START: N_("It differs from the first epoch on: learning rate, batch size, optimizer, or first weights."),
    Code.TOO_FEW_EPOCHS: N_("It began as it should and ended above the band: an epoch or more is missing."),
    Code.TOO_MANY_EPOCHS: N_("It ended below the band: more epochs than the stage has, or dropout missing."),
    Code.VALIDATION_LEAKED: N_("Better on the validation images than it should be: did it learn from some of them?"),
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
