"""The lab on a user's own images, whose classes are not those of the lecture's reference models."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kerasnn.data.dataset import Dataset
from tests.lab.client import Driver
from tests.lab.conftest import driving

DIGITS = tuple(f"숫자 {number}" for number in range(10))


@pytest.fixture
def digits(garments: Dataset, surroundings: Path) -> Iterator[Driver]:
    """Return the lab on ten classes with other names."""
    info = replace(garments.info, name="digits", location="digits", sha256="0" * 64, stand_in=False, classes=DIGITS)
    yield from driving(replace(garments, info=info), surroundings)


def test_true_classes_have_the_names_of_the_data(digits: Driver) -> None:
    assert digits.ask("/api/lab").json["dataset"]["class_names"] == list(DIGITS)
    assert digits.ask("/api/models/softmax/answers").json["names"] == list(DIGITS)


def test_an_answer_out_of_other_classes_says_so(digits: Driver, page: Driver) -> None:
    asked = {"model": "softmax", "pixels": [0] * 784}
    (own,) = (each for each in digits.ask("/api/predictions", asked).json["sentences"] if "digits" in each)
    assert "not what the model learnt from: that was fashion-mnist" in own
    assert not [each for each in page.ask("/api/predictions", asked).json["sentences"] if "learnt from" in each]
