"""What evaluation and prediction ask of a model, whatever computes it."""

from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from kerasnn.errors import ModelFileError
from kerasnn.language import _
from kerasnn.records import ModelSummary

Images = NDArray[np.uint8]
Reals = NDArray[np.float32]

BATCH: Final = 4096
MOST_VALUES: Final = 1 << 24  # float32 at one time: 64 MiB


class Classifier(Protocol):
    """A trained model. `input_size`: values of one image; `classes`: outputs; `parameters`: how many it learnt.

    `batch`: how many images it computes at one time. `notes`: what to say of its probabilities, in sentences.
    """

    @property
    def input_size(self) -> int: ...
    @property
    def classes(self) -> int: ...
    @property
    def parameters(self) -> int: ...
    @property
    def batch(self) -> int: ...
    @property
    def notes(self) -> tuple[str, ...]: ...

    def summary(self, name: str) -> ModelSummary:
        """Count the parameters of each layer; `name` heads them."""

    def log_probabilities(self, images: Images) -> Reals:
        """The logarithm of each class's probability, float32 of shape (n, classes).

        `images`: uint8 of shape (n, rows, columns), 0..255; the model scales them itself.

        Raises: ModelFileError where it is no finite number.
        """


def batch_of(values: int) -> int:
    """How many images go through a model at one time that holds so many `values` of each."""
    return max(1, min(BATCH, MOST_VALUES // values))


def unrolled(images: Images) -> Reals:
    """Images as a model is fed: float32 of shape (n, rows x columns) in [0, 1].

    Source: lecture, "normalising".
    """
    return images.reshape(len(images), -1).astype(np.float32) / np.float32(255)


def refuse_no_numbers(values: Reals) -> Reals:
    """Return `values`. Raises: ModelFileError where one of them is not a finite number."""
    if not np.isfinite(values).all():
        raise ModelFileError(
            _("the model computes values that are not finite numbers"),
            expected=_("weights small enough for its sums to stay finite"),
        )
    return values


def in_batches(images: Images, classifier: Classifier) -> Reals:
    """`classifier`'s log-probabilities for any number of images, in bounded memory.

    Raises: ModelFileError where the images have another size than the model was trained on.
    """
    size = int(np.prod(images.shape[1:]))
    if size != classifier.input_size:
        shape = " x ".join(map(str, images.shape[1:]))
        raise ModelFileError(
            _(
                "the model takes images of {input_size} pixels, and these are {shape}",
                input_size=classifier.input_size,
                shape=shape,
            ),
            hint=_("name the data set the model was trained on with --dataset"),
        )
    starts = range(0, len(images), classifier.batch)
    parts = [classifier.log_probabilities(images[start : start + classifier.batch]) for start in starts]
    return np.concatenate(parts) if parts else np.empty((0, classifier.classes), np.float32)
