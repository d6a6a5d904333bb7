"""Lines of the slides that are marked as outdated fail today, and their replacements run."""

import warnings

import numpy as np
import pytest
from sklearn.linear_model import SGDClassifier

from kerasnn.lecture import dialect
from kerasnn.networks.runtime import keras
from tests.conftest import stripes


def surroundings_of_the_slide() -> dict[str, object]:
    """The names that the slide's lines use, on tiny data of 784 values an image."""
    part = stripes(60, size=28)
    scaled = part.images.reshape(60, 784) / 255
    arrays = {"train_scaled": scaled, "val_scaled": scaled, "train_target": part.labels, "val_target": part.labels}
    return {**arrays, "keras": keras, "SGDClassifier": SGDClassifier, "np": np}


@pytest.mark.parametrize("lines", [dialect.SCIKIT_LEARN, dialect.KERAS])
def test_todays_lines_run(lines: tuple[dialect.Line, ...]) -> None:
    names = surroundings_of_the_slide()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for line in lines:
            exec(line.today, names)


@pytest.mark.parametrize("lines", [dialect.SCIKIT_LEARN, dialect.KERAS])
def test_what_changed_fails_or_warns_and_the_rest_is_the_same(lines: tuple[dialect.Line, ...]) -> None:
    names = surroundings_of_the_slide()
    for line in lines:
        if line.why is None:
            assert line.slide == line.today
            continue
        statement = line.slide
        if "SGDClassifier" in statement:
            statement += "\nsc.fit(train_scaled, train_target)"  # scikit-learn looks at its arguments only there
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with pytest.raises((TypeError, ValueError, UserWarning)):
                exec(statement, names)
        exec(line.today, names)
