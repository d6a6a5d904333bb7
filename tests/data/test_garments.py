"""Garments: the same bytes on every machine, balanced classes, and hard enough to teach with."""

from hashlib import sha256

import numpy as np
from sklearn.linear_model import RidgeClassifier

from kerasnn.data.dataset import Dataset
from kerasnn.data.garments import draw
from kerasnn.lecture import classes

# a change of these is a change of every figure ever made from garments
IMAGES = "c7d7396d9e6c243c806dd8f1cc7982a5053b8e993bed4fe9314f68d88fc192f0"
TEST_IMAGES = "dc0acb0a0cac52ddd18cef87ed81eb64194e160109d5cb48bf48f98ba07b0e5a"


def test_the_same_bytes_for_the_same_seed() -> None:
    learning, test = draw()
    assert sha256(learning.images.tobytes()).hexdigest() == IMAGES
    assert sha256(test.images.tobytes()).hexdigest() == TEST_IMAGES
    assert (draw(7)[0].images != learning.images).any()


def test_form_and_balance() -> None:
    learning, test = draw()
    assert learning.images.shape == (12_000, 28, 28)
    assert learning.images.dtype == np.uint8
    assert (test.images.shape, test.labels.shape) == ((2_000, 28, 28), (2_000,))
    assert np.bincount(learning.labels).tolist() == [1_200] * 10
    assert np.bincount(test.labels).tolist() == [200] * 10
    assert len(np.unique(learning.images.reshape(12_000, -1), axis=0)) > 11_990


def test_the_data_set_says_that_it_is_a_stand_in(garments: Dataset) -> None:
    assert garments.info.stand_in
    assert garments.info.classes == classes.ENGLISH


def test_classes_can_be_told_apart_but_not_perfectly(garments: Dataset) -> None:
    """An outside judge, scikit-learn's ridge classifier, on a part of the images."""
    images = garments.train.images[:2_000].reshape(2_000, -1) / 255
    judge = RidgeClassifier(alpha=100).fit(images, garments.train.labels[:2_000])
    right = judge.score(garments.test.images.reshape(2_000, -1) / 255, garments.test.labels)
    assert 0.6 < right < 0.9
