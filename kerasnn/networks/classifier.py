"""The interface through which evaluation and prediction use a model, whatever library computes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from math import prod
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from kerasnn.errors import ModelFileError
from kerasnn.language import N_, _
from kerasnn.lecture.layer import Shape
from kerasnn.records import ModelSummary, Note

Images = NDArray[np.uint8]
Reals = NDArray[np.float32]

BATCH: Final = 512  # most images in one batch
MOST_VALUES: Final = 1 << 24  # most values that one layer gives for a batch: 64 MiB of float32


class Classifier(Protocol):
    """A trained model. `input_shape`: in which it takes one image; `input_size`: of how many values.

    `classes`: number of outputs. `parameters`: their number.
    `batch`: how many images to compute at once. `notes`: what users should know about its probabilities.
    """

    @property
    def input_shape(self) -> Shape: ...
    @property
    def input_size(self) -> int: ...
    @property
    def classes(self) -> int: ...
    @property
    def parameters(self) -> int: ...
    @property
    def batch(self) -> int: ...
    @property
    def notes(self) -> tuple[Note, ...]: ...

    def summary(self, name: str) -> ModelSummary:
        """Count the parameters of each layer; `name`: the heading of the summary."""

    def log_probabilities(self, images: Images) -> Reals:
        """Return the logarithm of each class's probability, float32 of shape (n, classes).

        `images`: uint8 of shape (n, rows, columns), 0..255; the model scales them itself.

        Raises: ModelFileError if one of them is not a finite number.
        """


def batch_of(values: int) -> int:
    """Return how many images to compute at once if the model's widest layer has `values` values per image."""
    return max(1, min(BATCH, MOST_VALUES // values))


def unrolled(images: Images) -> Reals:
    """Scale and flatten images for a model: float32 of shape (n, rows x columns) in [0, 1].

    Source: lecture, "normalising".
    """
    values = images.reshape(len(images), -1).astype(np.float32)
    values /= np.float32(255)  # in place: a quotient of its own would double the memory
    return values


def require_finite(values: Reals) -> Reals:
    """Return `values`. Raises: ModelFileError if one of them is not a finite number."""
    if not np.isfinite(values).all():
        raise _not_finite()
    return values


@contextmanager
def finite_throughout() -> Iterator[None]:
    """Compute in the block. Raises: ModelFileError if any value on the way overflows, even if the result hides it."""
    try:
        with np.errstate(over="raise", divide="raise", invalid="raise"):
            yield
    except FloatingPointError:
        raise _not_finite() from None


def _not_finite() -> ModelFileError:
    return ModelFileError(
        _("the model computes values that are not finite numbers"),
        expected=_("weights small enough for its sums to stay finite"),
    )


def by(shape: Shape) -> str:
    """Return a shape as one says it: 28 x 28."""
    return " x ".join(map(str, shape))


def arranged(shape: Shape) -> Shape:
    """Return the sizes of `shape` that arrange its values: two are rows and columns, fewer leave these open."""
    return tuple(size for size in shape if size != 1)


def _refuse_other_images(classifier: Classifier, shape: Shape) -> None:
    own = arranged(classifier.input_shape)
    if own == arranged(shape) or (len(own) < 2 and prod(shape) == classifier.input_size):
        return
    says = N_("the model takes images of {input_size} pixels, and these are {shape}")
    if len(own) > 1:
        says = N_("the model takes images of {own}, and these are {shape}")
    raise ModelFileError(
        _(says, input_size=classifier.input_size, own=by(own), shape=by(shape)),
        hint=_("name the data set the model was trained on with --dataset"),
    )


def in_batches(images: Images, classifier: Classifier) -> Reals:
    """Return `classifier`'s log-probabilities, (n, classes), for any number of images, in bounded memory.

    Raises: ModelFileError if the images do not have the size that the model was trained on.
    """
    _refuse_other_images(classifier, images.shape[1:])
    starts = range(0, len(images), classifier.batch)
    parts = [classifier.log_probabilities(images[start : start + classifier.batch]) for start in starts]
    return np.concatenate(parts) if parts else np.empty((0, classifier.classes), np.float32)
