"""Build the Keras model that Keras' exporters write."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from kerasnn.errors import ModelFileError
from kerasnn.exports.network import DIVISION, INPUT, Leaving, divides_itself
from kerasnn.language import _
from kerasnn.networks.builders import build
from kerasnn.networks.forward import Network
from kerasnn.networks.runtime import REFUSALS, keras, quiet

LONGEST: Final = 200  # characters quoted from Keras' messages


def keras_model(leaving: Leaving) -> Any:
    """Return `leaving` as a Keras model, not compiled."""
    if leaving.network is not None:
        return _of_network(leaving.network)
    trusted: Any = leaving.classifier  # which Keras opened
    layers = [trusted.model]
    if leaving.divides and not divides_itself(trusted):
        layers.insert(0, keras.layers.Rescaling(DIVISION.scale, name=DIVISION.name))
    if trusted.activation in ("linear", "log_softmax"):
        one = trusted.model.output_shape[1] == 1
        layers.append(keras.layers.Activation("sigmoid" if one else "softmax", name="probabilities"))
    return keras.Sequential([keras.Input(leaving.input_shape, name=INPUT), *layers])


def _of_network(network: Network) -> Any:
    model = build(network.architecture, input_name=INPUT)
    for layer, own in zip(model.layers, network.variables, strict=True):
        layer.set_weights(own)
    return model


@contextmanager
def refusals(form: str) -> Iterator[None]:
    """Have Keras, or a library that it calls, write or read a form in the block, without its messages.

    Raises: ModelFileError for its exceptions.
    """
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)  # Keras calls HDF5 a legacy; tf2onnx tells each step
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with quiet():
                yield
    except REFUSALS as error:
        said = " ".join(str(error).split())[:LONGEST] or type(error).__name__
        raise ModelFileError(
            _("Keras cannot write this model as {form}: {said}", form=form, said=said),
            hint=_("kerasnn export --help lists the other forms"),
        ) from error
    finally:
        logging.disable(before)
