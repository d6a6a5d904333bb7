"""Decide by the loss of a model what its outputs are: probabilities, logits, or numbers that are neither."""

import re
from typing import Any, Final

from kerasnn.language import _
from kerasnn.networks.files import Unsafe
from kerasnn.records import Note
from kerasnn.records.codes import Code

REGRESSION_LOSSES: Final = (
    *("mean_absolute_", "mean_squared_", "mse", "mae", "mape", "msle"),
    *("huber", "log_cosh", "logcosh", "poisson", "cosine_"),
)


def loss_name(compiled: Any) -> str:
    """Return the loss that a model was compiled with, like `sparse_categorical_crossentropy`; "" if there is none.

    An object has the name of its class, not its own, which may be any.
    """
    loss = compiled.get("loss") if isinstance(compiled, dict) else None
    while isinstance(loss, list | dict):
        if isinstance(loss, dict) and "class_name" in loss:
            loss = loss.get("config" if loss["class_name"] == "function" else "class_name")
        else:  # one for each output
            each = list(loss.values() if isinstance(loss, dict) else loss)
            loss = each[0] if len(each) == 1 else None
    return re.sub("(?<=[a-z])(?=[A-Z])", "_", loss).lower() if isinstance(loss, str) else ""


def refuse_other_outputs(activation: str | None, outputs: int, inputs: int, loss: str) -> None:
    """Raise Unsafe if the outputs are numbers, or an image, but would look like probabilities or logits."""
    image = activation in ("linear", "sigmoid") and outputs == inputs
    if loss.startswith(REGRESSION_LOSSES) and (image or activation == "linear"):
        raise Unsafe(_("it is not a classifier: its loss, {loss}, is one for predicting numbers", loss=loss[:80]))
    if image:
        raise Unsafe(_("it is not a classifier: it gives one value per pixel, like an autoencoder"))


def notes_on(activation: str | None, outputs: int, *, loss: str) -> tuple[Note, ...]:
    """Return what users should know about the probabilities of a network with that last activation.

    `loss`: that it was compiled with; "" if unknown.
    """
    if activation == "sigmoid" and outputs > 1:
        return (Note(Code.INDEPENDENT_OUTPUTS),)
    return (Note(Code.ASSUMED_LOGITS),) if activation == "linear" and "crossentropy" not in loss else ()
