"""The small training in NumPy: gradients compared with Keras', the order of the images, and that it learns."""

import numpy as np
import pytest

from kerasnn.data.dataset import Dataset
from kerasnn.lecture.optimizers import Adam
from kerasnn.lessons.learning import (
    Examples,
    batches,
    evaluate,
    fit,
    initial_weights,
    logits,
    loss_and_gradients,
)
from kerasnn.networks.runtime import keras, tf


@pytest.fixture
def examples(tiny: Dataset) -> Examples:
    return Examples.of(tiny.train, 0, 50)


@pytest.mark.parametrize("activation", ["linear", "relu", "sigmoid"])
def test_gradients_are_those_of_keras(examples: Examples, activation: str) -> None:
    weights = initial_weights((36, 7, 3), seed=1)
    network = keras.Sequential(
        [keras.Input((36,)), keras.layers.Dense(7, activation=activation), keras.layers.Dense(3, activation="softmax")]
    )
    network.set_weights(weights)
    with tf.GradientTape() as tape:
        losses = keras.losses.sparse_categorical_crossentropy(examples.labels, network(examples.inputs))
        loss = tf.reduce_mean(losses)
    theirs = tape.gradient(loss, network.trainable_variables)
    ours_loss, ours = loss_and_gradients(weights, examples, activation)
    assert ours_loss == pytest.approx(float(loss), abs=1e-5)
    for our, their in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(our, np.asarray(their), atol=1e-6)


def test_every_epoch_shows_every_image_once() -> None:
    places = list(batches(70, epochs=2, seed=1))
    assert [len(batch) for batch in places] == [32, 32, 6] * 2
    assert sorted(np.concatenate(places[:3])) == sorted(np.concatenate(places[3:])) == list(range(70))
    assert not np.array_equal(places[0], places[3])


def test_it_learns_and_leaves_its_start_alone(examples: Examples) -> None:
    start = initial_weights((36, 3), seed=1)
    before = [part.copy() for part in start]
    learnt = fit(start, examples, lambda: Adam(0.02), epochs=20)
    assert all(np.array_equal(one, other) for one, other in zip(start, before, strict=True))
    assert evaluate(learnt.weights, examples)[1] > max(0.9, evaluate(start, examples)[1])
    assert learnt.losses[-1] < learnt.losses[0]
    assert logits(learnt.weights, examples.inputs, "linear").shape == (50, 3)
