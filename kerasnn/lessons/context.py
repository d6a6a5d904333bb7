"""What an explanation is worked out on: an opened model, images, and the one image in question."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from kerasnn.data.dataset import Bytes, Dataset, Part
from kerasnn.data.samples import Portions, portions
from kerasnn.data.source import Source
from kerasnn.errors import ModelFileError, UsageError
from kerasnn.language import _, language
from kerasnn.lecture import classes
from kerasnn.lecture.activations import ACTIVATIONS
from kerasnn.lecture.layers import Dense, Dropout, Flatten
from kerasnn.lecture.topics import Topic
from kerasnn.networks.classifier import Reals, unrolled
from kerasnn.networks.files.open import open_classifier
from kerasnn.networks.forward import Network
from kerasnn.networks.linear import OneVsRest
from kerasnn.records import Explanation, Listener, Section, WorkedImage
from kerasnn.runs.find_model import FoundModel, class_names, find_model


@dataclass(frozen=True)
class Layer:
    """A Dense layer opened: `kernel` float32 of shape (inputs, units), `bias` of shape (units,).

    `dropout`: share of its outputs that training drops.
    """

    name: str
    kernel: Reals
    bias: Reals
    activation: str
    dropout: float = 0.0

    def z(self, values: Reals) -> Reals:
        """The linear function of `values`, shape (n, inputs): shape (n, units)."""
        return values @ self.kernel + self.bias


@dataclass(frozen=True)
class Step:
    """What a layer did with n images: `inputs` (n, inputs), `z` and `outputs` (n, units)."""

    layer: Layer
    inputs: Reals
    z: Reals
    outputs: Reals


@dataclass
class Context:
    """`index`: the test image that the explanation is worked out on. Model and images are opened when asked for."""

    topic: Topic
    model_name: str | None
    out: Path
    source: Source | Dataset
    index: int
    listener: Listener

    # --- the model ---

    @cached_property
    def found(self) -> FoundModel:
        return find_model(self.model_name or self.topic.model or "softmax", self.out)

    @cached_property
    def classifier(self) -> Network | OneVsRest:
        classifier = open_classifier(self.found.path)
        if not isinstance(classifier, (Network, OneVsRest)) or not _of_lecture(classifier):
            raise ModelFileError(
                _("{path} has layers beyond the lecture's, and cannot be explained", path=self.found.path),
                expected=_("a network of Flatten, Dense and Dropout layers that ends in softmax"),
            )
        return classifier

    @property
    def network(self) -> Network:
        if not isinstance(self.classifier, Network):
            raise UsageError(
                _("'{name}' is scikit-learn's and no network", name=self.found.name),
                expected=_("--model of a network, as 'softmax'"),
            )
        return self.classifier

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """The model's Dense layers from the input on; one-vs-rest is one layer of sigmoid units."""
        model = self.classifier
        if isinstance(model, OneVsRest):
            return (Layer("one-vs-rest", model.coefficients.T, model.intercepts, "sigmoid"),)
        return layers_of(model)

    @property
    def hidden(self) -> Layer:
        """The last hidden layer."""
        if len(self.layers) < 2:
            raise UsageError(
                _("'{name}' has no hidden layer", name=self.found.name),
                expected=_("--model of a network with one, as 'relu'"),
            )
        return self.layers[-2]

    # --- the images ---

    @cached_property
    def images(self) -> Portions:
        source = self.source
        if isinstance(source, Source):
            source = source.for_model(self.found.dataset if self.model_name is not None else None)
        images = portions(source, self.listener)
        if self.topic.model is not None:
            self._refuse_unsuitable(images)
        return images

    def _refuse_unsuitable(self, images: Portions) -> None:
        size, classes = images.test.images[0].size, len(images.classes)
        if size == self.classifier.input_size and classes == self.classifier.classes:
            return
        raise ModelFileError(
            _(
                "the model takes images of {input_size} pixels in {own} classes, and these have {size} in {classes}",
                input_size=self.classifier.input_size,
                own=self.classifier.classes,
                size=size,
                classes=classes,
            ),
            hint=_("name the data set the model was trained on with --dataset"),
        )

    @cached_property
    def test(self) -> Part:
        return self.images.test

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The classes by label, in the language spoken."""
        if self.topic.model is None and self.model_name is None:
            return in_language(self.images.classes)
        names, known = class_names(self.found, self.classifier.classes, self.classifier.input_size)
        return in_language(names if known or len(self.images.classes) != len(names) else self.images.classes)

    @cached_property
    def image(self) -> Bytes:
        """The image in question: uint8 of shape (rows, columns)."""
        image: Bytes = self.test.images[self._checked_index()]
        return image

    @property
    def label(self) -> int:
        return int(self.test.labels[self._checked_index()])

    def _checked_index(self) -> int:
        if not 0 <= self.index < len(self.test):
            raise UsageError(
                _("there is no test image {index}", index=self.index),
                expected=_("--index from 0 to {count:,}", count=len(self.test) - 1),
            )
        return self.index

    @cached_property
    def values(self) -> Reals:
        """The image as the model is fed: float32 of shape (1, pixels) in [0, 1]."""
        return unrolled(self.image[np.newaxis])

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """What each layer of the model did with the image."""
        return trace(self.layers, self.values)

    # --- the result ---

    def explained(
        self, *sections: Section, question: str, answer: str, on_image: bool = True, notes: tuple[str, ...] = ()
    ) -> Explanation:
        """The record of all that was worked out. `on_image`: whether on the one image in question."""
        uses_model = self.topic.model is not None or "classifier" in vars(self)
        stand_in = "images" in vars(self) and self.images.stand_in
        if stand_in:
            notes += (_("Worked out on 'garments', pictures drawn by kerasnn in place of Fashion-MNIST (a stand-in)."),)
        return Explanation(
            topic=self.topic.name,
            title=_(self.topic.title),
            statement=_(self.topic.statement),
            language=language(),
            model=self.found.name if uses_model else None,
            image=self._worked_image() if on_image else None,
            sections=sections,
            question=question,
            answer=answer,
            holds=all(check.holds for section in sections for check in section.checks),
            notes=notes,
        )

    def _worked_image(self) -> WorkedImage:
        names = in_language(self.images.classes)
        return WorkedImage(self.index, self.label, names[self.label], self.images.name, self.images.stand_in)


def _of_lecture(model: Network | OneVsRest) -> bool:
    """True if the model has no layers but those that the lessons work through."""
    return isinstance(model, OneVsRest) or (
        model.architecture.is_drawable
        and all(isinstance(layer, Flatten | Dense | Dropout) for layer in model.architecture.layers)
    )


def layers_of(network: Network) -> tuple[Layer, ...]:
    """The Dense layers of `network`, each with the dropout that follows it."""
    layers: list[Layer] = []
    weights = iter(network.weights)
    for layer in network.architecture.layers:
        if isinstance(layer, Dense):
            own = next(weights)
            layers.append(Layer(layer.name, own.kernel, own.bias, layer.activation))
        elif isinstance(layer, Dropout) and layers:
            last = layers[-1]
            layers[-1] = Layer(last.name, last.kernel, last.bias, last.activation, layer.rate)
    return tuple(layers)


def trace(layers: tuple[Layer, ...], values: Reals) -> tuple[Step, ...]:
    """Each layer's part in computing the outputs for `values`, float32 of shape (n, inputs)."""
    steps = []
    for layer in layers:
        z = layer.z(values)
        outputs = ACTIVATIONS[layer.activation].function(z)
        steps.append(Step(layer, values, z, outputs))
        values = outputs
    return tuple(steps)


def in_language(names: tuple[str, ...]) -> tuple[str, ...]:
    """Fashion-MNIST's class names in the language spoken; any other names as they are."""
    return classes.KOREAN if language() == "ko" and names == classes.ENGLISH else names
