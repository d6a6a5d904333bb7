"""A network whose values overflow gives an error, also where its outputs would be finite."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import kerasnn
from kerasnn.data.dataset import Dataset
from kerasnn.errors import ModelFileError
from kerasnn.networks.files.open import open_classifier
from kerasnn.networks.forward import Network
from kerasnn.runs.reference import model_path
from tests.faults.hostile_models import with_weights

IMAGES = np.full((1, 28, 28), 200, np.uint8)


def test_an_overflow_that_the_outputs_hide_is_an_error() -> None:
    network = open_classifier(model_path("dropout"))
    assert isinstance(network, Network)
    first, *others = (own for own in network.variables if own)
    hidden = (np.full_like(first[0], -3e38), first[1])  # z is -infinity, and its ReLU 0
    variables = iter((hidden, *others))
    changed = replace(network, variables=tuple(next(variables) if own else own for own in network.variables))
    with pytest.raises(ModelFileError, match="not finite"):
        changed.log_probabilities(IMAGES)


@pytest.mark.parametrize(("place", "value"), [("dense", 3e38), ("dense", -3e38), ("dense_1", 1e38)])
def test_a_lesson_on_a_network_that_overflows_is_an_error(
    place: str, value: float, tmp_path: Path, garments: Dataset
) -> None:
    with_weights(lambda file: file[f"layers/{place}/vars/0"].__setitem__(..., value))(tmp_path / "m.keras")
    for topic in ("neuron", "relu", "argmax"):
        with pytest.raises(ModelFileError, match="not finite"):
            kerasnn.explain(topic, model=tmp_path / "m.keras", dataset=garments)
