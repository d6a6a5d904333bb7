"""`import kerasnn`: the names it promises, and that they return what the command line shows."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kerasnn
from kerasnn.data.dataset import Dataset


def test_the_public_names() -> None:
    functions = {
        "build",
        "compare_sklearn",
        "evaluate",
        "explain",
        "load_data",
        "predict",
        "stages",
        "summary",
        "train",
    }
    assert functions | {"KerasnnError"} <= set(kerasnn.__all__) == set(dir(kerasnn))
    assert all(getattr(kerasnn, name).__doc__ for name in functions)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        kerasnn.nothing  # noqa: B018


def test_stages_tell_parameters_and_published_ranges() -> None:
    rows = {row.stage: row for row in kerasnn.stages()}
    assert len(rows) == 8
    assert rows["dropout"].model == "28x28 > Flatten > Dense(100, relu) > Dropout(0.3) > Dense(10, softmax)"
    assert (rows["softmax"].parameters, rows["adam"].parameters) == (7_850, 79_510)


def test_build_gives_the_stages_network_ready_to_fit() -> None:
    first, second = (kerasnn.build("dropout", seed=3) for _ in range(2))
    assert first.count_params() == 79_510
    assert first.loss == "sparse_categorical_crossentropy"
    assert all((a == b).all() for a, b in zip(first.get_weights(), second.get_weights(), strict=True))
    with pytest.raises(kerasnn.KerasnnError, match="no Keras network"):
        kerasnn.build("sgd")


def test_train_evaluate_predict(surroundings: Path, npz: Path) -> None:
    run = kerasnn.train("adam", dataset=npz, hidden=[8], epochs=15, learning_rate=0.01)
    found = kerasnn.evaluate(run.run)
    assert found.test == run.test  # the data set the model learnt from is found again by its path
    assert found.dataset == run.dataset
    predictions = kerasnn.predict("latest", indices=[0, 1, 2])
    assert [prediction.truth for prediction in predictions] == ["stripe 0", "stripe 1", "stripe 2"]
    assert all(np.isclose(sum(prediction.probabilities), 1, atol=1e-5) for prediction in predictions)
    assert all(prediction.probability == max(prediction.probabilities) for prediction in predictions)


def test_compare_sklearn_means_over_seeds(even: Dataset) -> None:
    events: list[Any] = []
    found = kerasnn.compare_sklearn(dataset=even, seeds=(1, 2), epochs=2, folds=3, listener=events.append)
    assert [row.model for row in found.rows] == ["SGDClassifier", "SGDClassifier, 3-fold", "Dense(3, softmax)"]
    assert [row.parameters for row in found.rows] == [111, 111, 111]
    assert [row.seeds for row in found.rows] == [(1, 2), (), (1, 2)]
    assert all(row.spread is not None and row.seconds > 0 for row in found.rows)
    assert len(found.notes) <= 1  # the warning of non-convergence is told once


def test_what_is_called_stays_a_function() -> None:
    """No subpackage may have the name of a function: its first import would take the function's place."""
    assert kerasnn.explain("parameters", dataset="garments").holds
    assert callable(kerasnn.explain)
    assert not any((Path(kerasnn.__file__).parent / name).exists() for name in kerasnn.__all__)
