"""The reference models: complete, as their cards say, and within the lecture's range."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kerasnn
from kerasnn.data.dataset import Dataset
from kerasnn.lecture.stages import STAGES
from kerasnn.networks.classifier import in_batches, unrolled
from kerasnn.networks.files.open import open_classifier
from kerasnn.networks.runtime import keras
from kerasnn.runs import reference

NAMES = [stage.name for stage in STAGES]
VALIDATION = {
    "sgd": (0.81, 1.0),
    "softmax": (0.835, 0.860),
    "hidden": (0.855, 0.885),
    "relu": (0.855, 0.888),
    "adam": (0.855, 0.888),
    "dropout": (0.872, 0.895),
    "early-stopping": (0.872, 0.895),
    "overfit": (0.872, 0.895),
}


def card(stage: str) -> dict[str, Any]:
    return reference.card_of(reference.model_path(stage))


@pytest.mark.parametrize("stage", NAMES)
def test_the_card_tells_of_this_very_file(stage: str) -> None:
    path, told = reference.model_path(stage), card(stage)
    assert sha256(path.read_bytes()).hexdigest() == told["sha256"]
    assert (told["stage"], told["file"], told["seed"]) == (stage, path.name, 42)
    assert told["parameters"] == open_classifier(path).parameters == kerasnn.summary(stage).parameters.total


@pytest.mark.parametrize("stage", NAMES)
def test_its_figures_are_the_lectures(stage: str) -> None:
    low, high = VALIDATION[stage]
    figures = card(stage)
    assert low <= figures["validation"]["accuracy"] <= high
    assert abs(figures["test"]["accuracy"] - figures["validation"]["accuracy"]) <= 0.02


def test_softmax_is_the_published_one() -> None:
    validation = card("softmax")["validation"]
    assert validation["loss"] == pytest.approx(0.4444, abs=0.0005)
    assert round(validation["accuracy"] * 12_000) == pytest.approx(10_150, abs=6)


@pytest.mark.parametrize("stage", NAMES[1:])
def test_numpy_computes_what_keras_computes(stage: str, garments: Dataset) -> None:
    path = reference.model_path(stage)
    images = garments.test.images[:500]
    model = keras.models.load_model(path)
    theirs = model.predict(unrolled(images).reshape(-1, *model.input_shape[1:]), verbose=0)
    assert np.abs(np.exp(in_batches(images, open_classifier(path))) - theirs).max() < 1e-5


@pytest.mark.parametrize("stage", NAMES[1:])
def test_it_carries_no_optimizer_state(stage: str) -> None:
    assert reference.model_path(stage).stat().st_size < 1.1 * 4 * card(stage)["parameters"] + 20_000


@pytest.mark.parametrize("stage", NAMES)
def test_evaluate_finds_the_cards_figures(stage: str, real_data: Path) -> None:
    found = kerasnn.evaluate(stage, data_dir=real_data)
    told = card(stage)
    for part in ("validation", "test"):
        scores = getattr(found, part)
        assert scores.loss == pytest.approx(told[part]["loss"], abs=1e-5)
        assert scores.accuracy == pytest.approx(told[part]["accuracy"], abs=2e-4)
    assert found.dataset.sha256 == told["dataset"]["sha256"]


def test_training_softmax_again_goes_the_way_of_its_card(real_data: Path) -> None:
    """Whose end is the published notebook's, as above; the script of the stage is run to that end in tests/scripts."""
    run = kerasnn.train("softmax", engine="keras", epochs=1, data_dir=real_data)
    (epoch,), told = run.history, card("softmax")["history"][0]
    for name in ("loss", "accuracy", "val_loss", "val_accuracy"):
        assert getattr(epoch, name) == pytest.approx(told[name], abs=0.0005)
