"""Compute the lecture's exact claims: for each, the largest difference between two things that it says are equal."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np

from kerasnn.data.dataset import Dataset, Part
from kerasnn.lecture.claims import EARLY_STOPPING, Claim
from kerasnn.lecture.layers import Dense, Dropout
from kerasnn.lecture.stages import CLASSES, IMAGE_SHAPE, STAGE_BY_NAME, TRAINING_IMAGES
from kerasnn.networks.architecture import Architecture, design
from kerasnn.networks.builders import build
from kerasnn.networks.classifier import unrolled
from kerasnn.networks.forward import Network
from kerasnn.networks.runtime import keras, make_repeatable
from kerasnn.records import DatasetInfo, Exactness, Job, Outcome
from kerasnn.training.state import Conduct
from kerasnn.training.train import architecture_of, train_whole

PARAMETERS: Final = 79_510
STEPS: Final = 1_500
SEED: Final = 0
SAMPLES: Final = 2_000  # most images or labels to compare

Outcomes = Mapping[Job, Outcome]


def compute_exact_claims(claims: Iterable[Claim], dataset: Dataset, outcomes: Outcomes) -> dict[str, Exactness]:
    """Compute each exact claim among `claims`; return the results by name, leaving out claims that lack evidence.

    Raises: Interrupted.
    """
    exact = (claim.name for claim in claims if claim.kind == "exact")
    found = {name: COMPUTATIONS[name](dataset, outcomes) for name in exact}
    return {name: each for name, each in found.items() if each is not None}


def softmax_of_two_is_sigmoid() -> Exactness:
    """Compare Keras' softmax of the pair (z, 0) with its sigmoid of z, for z from -30 to 30.

    Source: lecture, "sigmoid, softmax".
    """
    z = np.linspace(-30, 30, 6001, dtype=np.float32)
    pairs = np.stack([z, np.zeros_like(z)], axis=1)
    softmax = np.asarray(keras.activations.softmax(keras.ops.convert_to_tensor(pairs)))[:, 0]
    sigmoid = np.asarray(keras.activations.sigmoid(keras.ops.convert_to_tensor(z)))
    return Exactness(_largest(softmax, sigmoid), 1e-6)


def sparse_equals_one_hot() -> Exactness:
    """Compare Keras' two cross-entropies on the same probabilities and labels. Source: lecture, "one-hot"."""
    random = np.random.default_rng(SEED)
    labels = random.integers(0, CLASSES, SAMPLES)
    probabilities = random.dirichlet(np.full(CLASSES, 0.3), SAMPLES).astype(np.float32)
    sparse = np.asarray(keras.losses.sparse_categorical_crossentropy(labels, probabilities))
    rows = np.eye(CLASSES, dtype=np.float32)[labels]  # (samples, classes)
    one_hot = np.asarray(keras.losses.categorical_crossentropy(rows, probabilities))
    return Exactness(_largest(sparse, one_hot), 1e-5, {"count": SAMPLES})


def linear_layers_are_one(dataset: Dataset) -> Exactness:
    """Compare 784-100-10 without activation, trained for one epoch, with the single layer that it is equal to.

    The difference is relative to the largest logit.

    Source: lecture, "why an activation": 4a + 2 = b and 3b - 5 = c are 12a + 1 = c.
    """
    stage = STAGE_BY_NAME["relu"]
    two = train_whole(stage, replace(stage.settings, activation="linear", epochs=1), dataset).classifier
    if not isinstance(two, Network):
        raise TypeError(f"stage relu made a {type(two).__name__}")
    first, second = two.weights  # kernels of shape (784, 100) and (100, 10) on Fashion-MNIST
    kernel = first.kernel.astype(np.float64) @ second.kernel
    bias = first.bias.astype(np.float64) @ second.kernel + second.bias
    layers = Architecture((two.input_size,), (Dense("output", dataset.classes, "softmax"),))
    one = Network(layers, ((kernel.astype(np.float32), bias.astype(np.float32)),))
    images = dataset.validation.images[:SAMPLES]
    of_two, of_one = two.logits(images), one.logits(images)
    relative = _largest(of_two, of_one) / float(np.abs(of_two).max())
    return Exactness(relative, 1e-5, {"count": len(images)})


def parameters() -> Exactness:
    """Compare Keras' parameter count of the stage `hidden` with the lecture's. Source: lecture, "model summary"."""
    architecture = design(STAGE_BY_NAME["hidden"].settings, image_shape=IMAGE_SHAPE, classes=CLASSES)
    counted = build(architecture).count_params()
    return Exactness(abs(counted - PARAMETERS), 0, {"count": counted})


def steps() -> Exactness:
    """Count the optimizer's steps in one epoch of 48,000 images, in batches of 32."""
    stage, counts = STAGE_BY_NAME["softmax"], []

    class Count(keras.callbacks.Callback):  # type: ignore[misc]
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            counts.append(int(self.model.optimizer.iterations))

    # the number of steps does not depend on the images, so tiny black ones will do
    blank = Part(np.zeros((TRAINING_IMAGES, 2, 2), np.uint8), np.arange(TRAINING_IMAGES, dtype=np.int32) % CLASSES)
    few = Part(blank.images[:CLASSES], blank.labels[:CLASSES])
    info = DatasetInfo("blank", "", TRAINING_IMAGES, CLASSES, CLASSES, (2, 2), tuple(map(str, range(CLASSES))), "")
    conduct = Conduct(callbacks=[Count()])
    train_whole(stage, replace(stage.settings, epochs=1), Dataset(info, blank, few, few), conduct)
    return Exactness(abs(counts[0] - STEPS), 0, {"count": counts[0]})


def dropout_is_off(dataset: Dataset) -> Exactness:
    """Compare the predictions of a network with Dropout with those of the same weights in a network without it.

    `on` in the result: the difference in training mode, which shows that Dropout does something there.

    Source: lecture, "dropout".
    """
    make_repeatable(SEED)
    architecture = architecture_of(STAGE_BY_NAME["dropout"].settings, dataset)
    without = tuple(layer for layer in architecture.layers if not isinstance(layer, Dropout))
    model, plain = build(architecture), build(Architecture(architecture.input_shape, without))
    plain.set_weights(model.get_weights())
    images = unrolled(dataset.validation.images[:SAMPLES]).reshape(-1, *architecture.input_shape)
    expected = plain(images, training=False)
    off, on = (_largest(model(images, training=training), expected) for training in (False, True))
    return Exactness(off, 1e-6, {"on": on})


def early_stopping_returns_the_best(outcomes: Outcomes) -> Exactness | None:
    """Compare the restored weights' validation loss, measured again, with the lowest in the history.

    The result is the largest difference over all early-stopped trainings among `outcomes`; None if there are none.
    """
    found = [outcome for job, outcome in outcomes.items() if (job.stage, job.overrides) == (EARLY_STOPPING.stage, {})]
    if not found:
        return None
    lowest = [min(epoch.val_loss for epoch in outcome.history) for outcome in found]
    return Exactness(_largest([each.validation.loss for each in found], lowest), 1e-5, {"count": len(found)})


COMPUTATIONS: Final[Mapping[str, Callable[[Dataset, Outcomes], Exactness | None]]] = {
    "softmax-of-two-is-sigmoid": lambda dataset, outcomes: softmax_of_two_is_sigmoid(),
    "sparse-equals-one-hot": lambda dataset, outcomes: sparse_equals_one_hot(),
    "linear-layers-are-one": lambda dataset, outcomes: linear_layers_are_one(dataset),
    "parameters-79510": lambda dataset, outcomes: parameters(),
    "steps-1500": lambda dataset, outcomes: steps(),
    "dropout-is-off-at-prediction": lambda dataset, outcomes: dropout_is_off(dataset),
    "early-stopping-returns-the-best": lambda dataset, outcomes: early_stopping_returns_the_best(outcomes),
}


def _largest(first: Any, second: Any) -> float:
    return float(np.abs(np.asarray(first, np.float64) - np.asarray(second, np.float64)).max())
