"""Titles and introductions of trainings: the stage's own words only for the stage's own settings."""

from dataclasses import replace
from typing import Any

import pytest

from kerasnn.lecture.hyperparameters import HYPERPARAMETERS, Hyperparameter
from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.lecture.stages import STAGES, Stage
from kerasnn.lecture.titles import training_introduction, training_title

CASES: list[tuple[str, dict[str, Any], str]] = [
    ("adam", {"hidden": [300, 100], "optimizer": "sgd", "epochs": 7},
     "Two hidden layers of 300 and 100 ReLU units, SGD, 7 epochs"),
    ("adam", {"hidden": [9, 8, 7], "activation": "tanh"},
     "Three hidden layers of 9, 8 and 7 tanh units, Adam, 5 epochs"),
    ("overfit", {"hidden": [5] * 5, "epochs": 1}, "5 hidden layers of 5, 5, 5, 5 and 5 ReLU units, Adam, 1 epoch"),
    ("dropout", {"learning_rate": 0.01},
     "One hidden layer of 100 ReLU units, Adam, 20 epochs, learning rate 0.01, dropout 0.3"),
    ("early-stopping", {"dropout": 0.0, "batch_norm": True},
     "One hidden layer of 100 ReLU units, Adam, 20 epochs, batch normalization, patience 2"),
    ("softmax", {"optimizer": "sgd", "momentum": 0.9, "nesterov": True},
     "One Dense layer with softmax, SGD, 5 epochs, momentum 0.9, nesterov"),
    ("sgd", {"epochs": 3}, "Logistic regression with scikit-learn, 3 epochs"),
]  # fmt: skip


@pytest.mark.parametrize(("stage", "changes", "title"), CASES)
def test_the_title_of_a_changed_stage_says_what_was_trained(stage: str, changes: dict[str, Any], title: str) -> None:
    settings, _changed = resolve(find_stage(stage), changes)
    assert training_title(stage, settings) == title
    assert find_stage(stage).step not in training_introduction(stage, settings)


def test_the_introduction_names_every_change_beside_the_stages_own_value() -> None:
    changes = {"hidden": [300, 100], "optimizer": "sgd", "epochs": 7, "patience": 3}
    settings, _changed = resolve(find_stage("dropout"), changes)
    assert training_introduction("dropout", settings).startswith(
        "Unlike dropout in the lecture: hidden units 300 100 instead of 100, optimizer sgd instead of adam, "
        "learning rate 0.01 instead of 0.001, epochs 7 instead of 20, patience 3 instead of none. "
    )


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_an_unchanged_stage_has_the_words_of_the_slide_whatever_the_seed(stage: Stage) -> None:
    for settings in (stage.settings, replace(stage.settings, seed=7)):
        assert (training_title(stage.name, settings), training_introduction(stage.name, settings)) == (
            stage.title,
            stage.step,
        )


CHANGEABLE = [row for row in HYPERPARAMETERS if row.settable and row.name != "seed"]


@pytest.mark.parametrize("row", CHANGEABLE, ids=lambda row: row.name)
def test_every_hyperparameter_shows_in_both(row: Hyperparameter) -> None:
    stage = find_stage("dropout")
    values: tuple[Any, ...] = row.choices or (
        (True,) if row.kind is bool else (0.25, 0.75) if row.kind is float else (3, 4)
    )
    texts = set()
    for value in values:
        changes: dict[str, Any] = {row.name: (value,) if row.most else value}
        settings = replace(stage.settings, **changes)
        texts.add((training_title("dropout", settings), training_introduction("dropout", settings)))
    for kind in zip(*texts, strict=True):
        assert len(set(kind)) == len(values)  # another value, other words
