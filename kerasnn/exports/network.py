"""A network as it leaves kerasnn: it gives probabilities, and takes pixels from 0 to 255 or from 0 to 1."""

import json
import re
from dataclasses import dataclass, replace
from math import prod
from typing import Any, Final, Literal, get_args

import numpy as np

from kerasnn.errors import UsageError, look_up
from kerasnn.files.seal import BLANK
from kerasnn.language import _
from kerasnn.lecture.layer import Activation, Layer, Rescaling, Shape, Softmax
from kerasnn.lecture.layers import Dense
from kerasnn.networks.architecture import Architecture
from kerasnn.networks.classifier import Classifier, Images, Reals
from kerasnn.networks.forward import Network, OneVsRest

Scaling = Literal["inside", "outside"]
SCALINGS: Final[dict[str, Scaling]] = {name: name for name in get_args(Scaling)}
DIVISION: Final = Rescaling("division_by_255", 1 / 255)
# in front of a network whose input alone showed that it takes bytes: without the division, what is written would not
AS_IT_IS: Final = (DIVISION, Rescaling("multiplication_by_255", 255.0))
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,60}")
INPUT: Final = "images"  # the name of the input where a form has names


@dataclass(frozen=True)
class Leaving:
    """What is exported. `network`: as it leaves; None for a model that only Keras computes.

    `classifier`: as kerasnn computes it. `divides`: the division by 255 is included. `command`: what exports it.
    `background`: the grey value around the training images; None if they share none.
    """

    classifier: Classifier
    network: Network | None
    names: tuple[str, ...]
    image_shape: tuple[int, int]
    divides: bool
    command: str
    background: int | None = 0

    @property
    def input_shape(self) -> Shape:
        computed: Any = self.network.architecture if self.network else self.classifier
        return tuple(computed.input_shape)

    @property
    def is_independent(self) -> bool:
        """Whether each output is the probability of one class against the rest."""
        return any(note.code == "independent-outputs" for note in self.classifier.notes)

    def inputs(self, images: Images) -> Reals:
        """Return images as the exported network takes them: float32 of shape (n, *input_shape)."""
        values = images.reshape(len(images), *self.input_shape).astype(np.float32)
        return values if self.divides else values / np.float32(255)

    def probabilities(self, outputs: Reals) -> Reals:
        """Return what the exported network says, as kerasnn says it: a probability for each class."""
        if outputs.ndim == 2 and outputs.shape[1] == 1:  # of the second of two classes
            return np.concatenate([1 - outputs, outputs], axis=1)
        return outputs / outputs.sum(axis=1, keepdims=True) if self.is_independent else outputs

    @property
    def about(self) -> dict[str, Any]:
        """The metadata of every form: how to use the network, and who wrote it."""
        return {
            "classes": list(self.names),
            "input": f"float32 of shape {('n', *self.input_shape)}".replace("'", ""),
            "pixels": "0 (black) to 255 (white)" if self.divides else "0 to 1: divided by 255",
            "shape": list(self.image_shape),
            "background": self.background,
            "written": f"by `{self.command}`",
        }

    @property
    def about_text(self) -> str:
        return json.dumps(self.about, ensure_ascii=False)

    @property
    def sealed_text(self) -> str:
        """The metadata with a blank for the seal, in a form whose metadata have no checksum."""
        return json.dumps({**self.about, "seal": BLANK}, ensure_ascii=False)


def leaving(
    classifier: Classifier, scaling: str, *, names: tuple[str, ...], image_shape: tuple[int, int], **more: Any
) -> Leaving:
    """Return `classifier` as it leaves. `scaling`: where the division by 255 is. `more`: as in Leaving.

    Raises: UsageError if the scaling is unknown, or outside although the model divides by itself.
    """
    where = look_up(scaling, SCALINGS, _("--scaling is '{scaling}'", scaling=scaling))
    if where == "outside" and divides_itself(classifier):
        raise UsageError(
            _("the model scales the pixels itself, so the scaling cannot be outside of it"),
            expected=_("--scaling inside"),
        )
    network = _network_of(classifier)
    if network is not None:
        network = _completed(network, divide=where == "inside" and not network.scales_pixels)
    return Leaving(classifier, network, names, image_shape, where == "inside", **more)


def divides_itself(classifier: Classifier) -> bool:
    """Return True if the model takes pixels from 0 to 255 as it is."""
    return bool(getattr(classifier, "scales_pixels", False))


def _network_of(classifier: Classifier) -> Network | None:
    if isinstance(classifier, OneVsRest):
        return _one_vs_rest(classifier)
    return classifier if isinstance(classifier, Network) else None


def _one_vs_rest(model: OneVsRest) -> Network:
    """Return scikit-learn's model as layers.

    Softmax of the logarithms of sigmoids divides the sigmoids by their sum, also where each is as good as 0;
    log(sigmoid(z)) is -softplus(-z).
    """
    layers = (
        Dense("one_vs_rest", model.classes),
        Rescaling("minus", -1.0),
        Activation("softplus", "softplus"),
        Rescaling("log_sigmoid", -1.0),
        Softmax("share"),
    )
    weights = (np.ascontiguousarray(model.coefficients.T), model.intercepts)
    return Network(Architecture((model.input_size,), layers), (weights, (), (), (), ()))


def _plainly_named(layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """Return `layers` under names that every form can hold: a stranger's may be anything, even code."""
    if all(_PLAIN.fullmatch(layer.name) for layer in layers) and len({layer.name for layer in layers}) == len(layers):
        return layers
    return tuple(replace(layer, name=f"{layer.kind.lower()}_{number}") for number, layer in enumerate(layers))


def _completed(network: Network, *, divide: bool) -> Network:
    """Return `network` with the division in front if `divide`, and with probabilities for its outputs."""
    before: tuple[Layer, ...] = AS_IT_IS if network.takes_bytes else (DIVISION,) if divide else ()
    after: tuple[Layer, ...] = ()
    if network.ending.activation in ("linear", "log_softmax"):
        one = prod(network.architecture.output_shape) == 1
        after = (Activation("probability", "sigmoid") if one else Softmax("probabilities"),)
    architecture = network.architecture
    layers = _plainly_named((*before, *architecture.layers, *after))
    variables = (*(() for _each in before), *network.variables, *(() for _each in after))
    architecture = Architecture(architecture.input_shape, layers)
    return replace(network, architecture=architecture, variables=variables, takes_bytes=None)
