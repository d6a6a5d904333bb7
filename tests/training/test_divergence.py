"""Which trainings count as diverged, and which cause is named for them."""

import math
from typing import Any

import numpy as np
import pytest

from kerasnn.lecture.hyperparameters import Settings
from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.networks.runtime import keras
from kerasnn.records import Epoch
from kerasnn.records.note import sentence
from kerasnn.training.reading import WORST_LOSS, find_fault, likely_cause, loss_bound

GOOD = [np.ones((3, 2), np.float32), np.zeros(2, np.float32)]


def epoch(loss: float, val_loss: float) -> Epoch:
    return Epoch(1, loss, 0.5, val_loss, 0.5)


def spoilt(value: float) -> list[Any]:
    weights = [array.copy() for array in GOOD]
    weights[0][2, 1] = value
    return weights


@pytest.mark.parametrize(
    ("told", "weights", "words"),
    [
        (epoch(0.5, 0.6), GOOD, None),
        (epoch(math.nan, 0.6), GOOD, "the training loss is nan"),
        (epoch(0.5, math.inf), GOOD, "the validation loss is inf"),
        (epoch(2.30, 2.30), spoilt(math.nan), "some weights are infinite or not a number"),
        (epoch(2.30, 2.30), spoilt(-math.inf), "some weights are infinite or not a number"),
        (epoch(2.30, 2.30), spoilt(1e38), None),
        (epoch(9.3, 9.9), GOOD, "the loss exploded to 9.3 in training"),
        (epoch(9.3, 2.0), GOOD, None),  # a bad epoch that ended well
        (epoch(2.0, 9.9), GOOD, None),
    ],
)
def test_what_is_a_fault(told: Epoch, weights: list[Any], words: str | None) -> None:
    found = find_fault(told, weights, 10)
    assert (found is None) if words is None else (found is not None and words in sentence(found))


@pytest.mark.parametrize("classes", [2, 3, 10, 1000])
def test_the_bound_lies_between_guessing_and_the_worst_keras_can_report(classes: int) -> None:
    wrong = keras.losses.sparse_categorical_crossentropy(np.array([0]), np.eye(classes, dtype=np.float32)[-1:])
    assert float(wrong[0]) == pytest.approx(WORST_LOSS, rel=1e-4)
    assert math.log(classes) < loss_bound(classes) < WORST_LOSS


def settings_of(**overrides: Any) -> Settings:
    return resolve(find_stage("relu"), overrides)[0]


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        (
            {"optimizer": "sgd", "learning_rate": 1000.0},
            "lower --learning-rate: it was 1000, 1e+05 times the usual 0.01",
        ),
        ({"optimizer": "sgd", "momentum": 0.99}, "lower --momentum: it was 0.99"),
        ({"optimizer": "sgd"}, "or take --optimizer adam"),
        ({"optimizer": "adam"}, "lower --learning-rate: it was 0.001"),
    ],
)
def test_the_likely_cause(overrides: dict[str, Any], words: str) -> None:
    assert words in likely_cause(settings_of(**overrides))
