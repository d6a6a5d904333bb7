"""The context of an explanation: an opened model, the images, and the one image that is worked through."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import numpy as np

from kerasnn.data.dataset import Bytes, Dataset, Part
from kerasnn.data.load import Source
from kerasnn.data.samples import Portions, portions
from kerasnn.data.user_data import numbered
from kerasnn.errors import ModelFileError, UsageError
from kerasnn.language import _, language
from kerasnn.lecture import classes
from kerasnn.lecture.layers import Dense, Dropout, Flatten
from kerasnn.lecture.topics import Topic
from kerasnn.lessons.trace import DenseLayer, LayerTrace, layers_of, trace
from kerasnn.networks.classifier import Reals, unrolled
from kerasnn.networks.files.open import open_classifier
from kerasnn.networks.forward import Network, OneVsRest
from kerasnn.records import Explanation, Listener, Section, WorkedImage
from kerasnn.runs.find_model import FoundModel, class_names, find_model


@dataclass
class Context:
    """A topic, the model and the images to explain it on. Model and images are opened on first use.

    `model_name`: as the user gave it; None stands for the reference model that suits the topic. `out`: the folder of
    runs. `index`: the test image to work through.
    """

    tells_model: ClassVar[bool] = False  # the reader learns why it is the topic's own model, and not another

    topic: Topic
    model_name: str | None
    out: Path
    source: Source | Dataset
    index: int
    listener: Listener

    @cached_property
    def found(self) -> FoundModel:
        return find_model(self.model_name or self.topic.model or "softmax", self.out)

    @cached_property
    def classifier(self) -> Network | OneVsRest:
        classifier = open_classifier(self.found.path)
        if isinstance(classifier, Network | OneVsRest):
            return classifier
        raise self._not_covered()

    def _not_covered(self) -> ModelFileError:
        return ModelFileError(
            _(
                "'{topic}' cannot be explained on {path}: it has layers that this lesson does not cover",
                topic=self.topic.name,
                path=self.found.path,
            ),
            expected=_("a network of Flatten, Dense and Dropout layers that ends in softmax"),
            hint=_("without --model the lesson uses a reference model"),
        )

    @property
    def network(self) -> Network:
        if not isinstance(self.classifier, Network):
            raise UsageError(
                _("'{name}' is a model of scikit-learn, not a network", name=self.found.name),
                expected=_("--model with a network, such as 'softmax'"),
            )
        return self.classifier

    @cached_property
    def layers(self) -> tuple[DenseLayer, ...]:
        """The model's Dense layers from the input on; one-vs-rest counts as one layer of sigmoid units.

        Raises: ModelFileError for a network with other layers between them, such as batch normalization: what a unit
        receives is then not what the layer before it puts out.
        """
        model = self.classifier
        if isinstance(model, OneVsRest):
            return (DenseLayer("one-vs-rest", model.coefficients.T, model.intercepts, "sigmoid"),)
        known = all(isinstance(layer, Flatten | Dense | Dropout) for layer in model.architecture.layers)
        if not known or not model.architecture.is_drawable:
            raise self._not_covered()
        return layers_of(model)

    @property
    def hidden(self) -> DenseLayer:
        """The last hidden layer. Raises: UsageError if there is none."""
        if len(self.layers) < 2:
            raise UsageError(
                _("'{name}' has no hidden layer", name=self.found.name),
                expected=_("--model with a network that has one, such as 'relu'"),
            )
        return self.layers[-2]  # the last is the output layer

    @cached_property
    def images(self) -> Portions:
        source, named = self.source, self.model_name is not None
        if isinstance(source, Source):
            source = source.for_model(self.found.dataset if named else None, self.found.image_shape if named else None)
        images = portions(source, self.listener)  # reads only as many learning images as a lesson asks for
        default = not named and self.topic.model is not None and not self.tells_model
        own = self.found.class_names or ()
        if default and images.classes not in (own, numbered(len(own))):  # those that nobody named may be the same
            raise ModelFileError(
                _(
                    "this idea is explained with '{name}', whose classes are not those of {data}",
                    name=self.topic.model,
                    data=images.name,
                ),
                expected=_("a network trained on these images"),
                hint=_("train one, then name it: kerasnn explain {topic} latest", topic=self.topic.name),
            )
        size, count = images.test.images[0].size, len(images.classes)
        if self.topic.model is None or (size, count) == (self.classifier.input_size, self.classifier.classes):
            return images
        raise ModelFileError(
            _(
                "the model takes images of {input_size} pixels in {own} classes, but these have {size} pixels and "
                "{classes} classes",
                input_size=self.classifier.input_size,
                own=self.classifier.classes,
                size=size,
                classes=count,
            ),
            hint=_("name the data set the model was trained on with --dataset"),
        )

    @property
    def test(self) -> Part:
        return self.images.test

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The class names by label, in the current language."""
        if self.topic.model is None and self.model_name is None:
            return classes.in_language(self.images.classes)
        names, assumed = class_names(self.found, self.classifier.classes, self.classifier.input_size)
        return classes.in_language(
            names if not assumed or len(self.images.classes) != len(names) else self.images.classes
        )

    @cached_property
    def image(self) -> Bytes:
        """The image that is worked through: uint8 of shape (rows, columns). Raises: UsageError if there is none."""
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
        """The image as the model receives it: float32 of shape (1, pixels) in [0, 1]."""
        return unrolled(self.image[np.newaxis])  # [newaxis]: a batch of one

    @cached_property
    def traces(self) -> tuple[LayerTrace, ...]:
        """What each layer of the model computed for the image."""
        return trace(self.layers, self.values)

    @cached_property
    def log_probabilities(self) -> Reals:
        """The logarithms of the model's probabilities for the image: float32 of shape (classes,)."""
        # logarithms, because a probability may round to 0
        logarithms: Reals = self.classifier.log_probabilities(self.image[np.newaxis])[0]
        return logarithms

    @property
    def probabilities(self) -> Reals:
        """The model's probabilities for the image: float32 of shape (classes,)."""
        return np.exp(self.log_probabilities)

    # --- the result ---

    def explained(
        self, *sections: Section, question: str, answer: str, on_image: bool = True, notes: tuple[str, ...] = ()
    ) -> Explanation:
        """Return the record of the explanation. `on_image`: True if it works through the one image."""
        # vars(): a cached property that was read; asking for it would open it
        uses_model = self.topic.model is not None or "classifier" in vars(self)
        if "images" in vars(self) and self.images.stand_in:
            notes += (_("Worked out on 'garments', pictures drawn by kerasnn as a stand-in for Fashion-MNIST."),)
        image = None
        if on_image:
            name = classes.in_language(self.images.classes)[self.label]
            image = WorkedImage(self.index, self.label, name, self.images.name, self.images.stand_in)
        return Explanation(
            topic=self.topic.name,
            title=_(self.topic.title),
            statement=_(self.topic.statement),
            language=language(),
            model=self.found.name if uses_model else None,
            image=image,
            sections=sections,
            question=question,
            answer=answer,
            holds=all(check.holds for section in sections for check in section.checks),
            notes=notes,
        )
