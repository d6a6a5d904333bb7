"""The forward pass in NumPy compared with Keras, and one-vs-rest regression compared with scikit-learn."""

import numpy as np
import pytest
from sklearn.linear_model import SGDClassifier

from kerasnn.lecture.activations import log_softmax
from kerasnn.lecture.hyperparameters import HIDDEN_ACTIVATIONS
from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.networks.architecture import design
from kerasnn.networks.builders import build, network_of
from kerasnn.networks.classifier import in_batches, unrolled
from kerasnn.networks.forward import OneVsRest
from kerasnn.networks.runtime import keras
from tests.conftest import stripes


@pytest.mark.parametrize("activation", HIDDEN_ACTIVATIONS)
@pytest.mark.parametrize("hidden", [[8], [8, 6, 4]])
@pytest.mark.parametrize("batch_norm", [False, True])
def test_every_activation_is_keras_own(activation: str, hidden: list[int], batch_norm: bool) -> None:
    chosen = {"activation": activation, "hidden": hidden, "dropout": 0.4, "batch_norm": batch_norm}
    settings, _ = resolve(find_stage("relu"), chosen)
    architecture = design(settings, image_shape=(6, 6), classes=3)
    keras.utils.set_random_seed(1)
    model = build(architecture)
    model.set_weights(
        [
            weight + np.float32(0.1) * np.cos(np.arange(weight.size)).reshape(weight.shape)
            for weight in model.get_weights()
        ]
    )
    images = stripes(50).images
    ours = np.exp(in_batches(images, network_of(model, architecture)))
    theirs = model.predict(unrolled(images).reshape(-1, 6, 6), verbose=0)
    assert np.abs(ours - theirs).max() < 1e-5


def test_log_softmax_neither_overflows_nor_loses_small_ones() -> None:
    logits = np.array([[1e4, 0, -1e4], [0, 0, 0]], np.float32)
    logarithms = log_softmax(logits)
    assert np.isfinite(logarithms).all()
    assert np.allclose(np.exp(logarithms), np.array([[1, 0, 0], [1 / 3, 1 / 3, 1 / 3]]))


def test_one_vs_rest_is_scikit_learns_predict_proba() -> None:
    part = stripes(120, classes=4, size=8)
    inputs = part.images.reshape(len(part), -1) / 255
    theirs = SGDClassifier(loss="log_loss", random_state=0).fit(inputs, part.labels)
    ours = OneVsRest(theirs.coef_.astype(np.float32), theirs.intercept_.astype(np.float32))
    assert np.abs(np.exp(in_batches(part.images, ours)) - theirs.predict_proba(inputs)).max() < 1e-5


def test_many_images_come_in_batches_and_none_is_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    model = OneVsRest(np.ones((3, 36), np.float32), np.zeros(3, np.float32))
    whole = in_batches(stripes(25).images, model)
    monkeypatch.setattr("kerasnn.networks.classifier.BATCH", 4)
    assert (in_batches(stripes(25).images, model) == whole).all()
    assert in_batches(np.empty((0, 6, 6), np.uint8), model).shape == (0, 3)


def test_one_vs_rest_answers_as_scikit_learn_does_where_many_classes_are_certain() -> None:
    z = np.array([[30, 60, 40], [900, 800, 901], [-5, -3, -4], [25, 24, -1]], np.float32)
    for row in z:
        model = OneVsRest(np.zeros((3, 4), np.float32), row)
        logarithms = model.log_probabilities(np.zeros((1, 2, 2), np.uint8))
        assert logarithms.argmax() == row.argmax()
        assert np.exp(logarithms.astype(np.float64)).sum() == pytest.approx(1, abs=1e-6)
