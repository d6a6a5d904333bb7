"""Ways to train wrongly: code and data that are changed while kerasnn trains."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import numpy as np

from kerasnn.data.dataset import Dataset, Part
from kerasnn.lecture.activations import ACTIVATIONS, log_softmax
from kerasnn.lecture.layers import Dense, Dropout
from kerasnn.networks import forward
from kerasnn.networks.classifier import unrolled
from kerasnn.networks.evaluation import _scores
from kerasnn.networks.forward import Network
from kerasnn.records import Scores
from kerasnn.study import job
from kerasnn.training import baseline


@contextmanager
def prepared(change: Callable[[Any], Any]) -> Iterator[None]:
    """Pixels, 0..255, are changed before they are divided by 255: in training and in prediction."""
    from kerasnn.networks.runtime import tf
    from kerasnn.training.fused_program import Program

    original = Program.forward

    def changed(program: Any, images: Any, *moment: Any) -> Any:
        return original(program, change(tf.cast(images, tf.float32)), *moment)

    with (
        patch.object(Program, "forward", changed),
        patch.object(forward, "unrolled", lambda images: change(unrolled(images) * np.float32(255)) / np.float32(255)),
        patch.object(baseline, "_inputs", lambda part: change(part.images.reshape(len(part), -1) * 1.0) / 255),
    ):
        yield


@contextmanager
def built(change: Callable[[Any], None]) -> Iterator[None]:
    """Every layer with a kernel is changed after it has been built."""
    from kerasnn.networks.builders import build
    from kerasnn.training import network

    def changed(*arguments: Any, **options: Any) -> Any:
        model = build(*arguments, **options)
        for layer in model.layers:
            if layer.weights:
                change(layer)
        return model

    with patch.object(network, "build", changed):
        yield


def in_order(order: Callable[[int, int], Any]) -> AbstractContextManager[Any]:
    """The images of every epoch are in the order that `order` makes of the seed and their number."""
    from kerasnn.training import fused

    return patch.object(fused, "shuffled", lambda seed, count: lambda _epoch: order(seed, count).astype(np.int32))


def last_weights_kept() -> AbstractContextManager[Any]:
    """Early stopping says that it kept the best epoch, and kept the last."""
    from kerasnn.training.monitor import Watch

    original = Watch._count

    def count(watch: Any, done: Any, weights: Any) -> None:
        original(watch, done, weights)
        watch.best_weights = weights

    return patch.object(Watch, "_count", count)


def with_dropout(network: Any, part: Part) -> Scores:
    assert isinstance(network, Network)
    random, values, weights = np.random.default_rng(len(part)), unrolled(part.images), iter(network.weights)
    for layer in network.architecture.layers:
        if isinstance(layer, Dropout):
            values = np.where(random.random(values.shape) < layer.rate, 0, values / (1 - layer.rate)).astype("float32")
        elif isinstance(layer, Dense):
            found = next(weights)
            values = values @ found.kernel + found.bias
            if layer.activation != "softmax":
                values = ACTIVATIONS[layer.activation].function(values)
    return _scores(log_softmax(values), part.labels)


def labels_of(dataset: Dataset, labels: Any) -> Dataset:
    return replace(dataset, train=Part(dataset.train.images, labels.astype(np.int32)))


def a_tenth_shuffled(dataset: Dataset) -> Dataset:
    """One training image in ten has the label of another one of them; validation and test images are in order."""
    random, labels = np.random.default_rng(0), dataset.train.labels.copy()
    chosen = random.choice(len(labels), len(labels) // 10, replace=False)
    labels[chosen] = labels[random.permutation(chosen)]
    return labels_of(dataset, labels)


def with_validation(dataset: Dataset) -> Dataset:
    parts = (dataset.train, dataset.validation)
    images, labels = (np.concatenate([getattr(part, name) for part in parts]) for name in ("images", "labels"))
    return replace(dataset, train=Part(images, labels))


def of_train(dataset: Dataset, change: Callable[[Any], Any]) -> Dataset:
    return replace(dataset, train=Part(*map(change, (dataset.train.images, dataset.train.labels))))


def he_normal(layer: Any) -> None:
    random, shape = np.random.default_rng(layer.kernel.shape[0]), tuple(layer.kernel.shape)
    layer.kernel.assign(random.normal(0, np.sqrt(2 / shape[0]), shape))


def mirrored(dataset: Dataset) -> Dataset:
    return of_train(dataset, lambda array: array[..., ::-1] if array.ndim > 1 else array)


def halved(dataset: Dataset) -> Dataset:
    return of_train(dataset, lambda array: array[: len(array) // 2])


def dropout_left_on() -> AbstractContextManager[Any]:
    """Trained as it should be, then measured with dropout on; the history is the training's own."""
    return patch.object(job, "score", with_dropout)
