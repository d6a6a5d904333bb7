"""Overrides: which are accepted, which count as a change, and which are refused, with the message."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerasnn.errors import UsageError
from kerasnn.lecture.hyperparameters import HYPERPARAMETER_BY_NAME
from kerasnn.lecture.settings import find_stage, resolve, seed_numbers


def test_nothing_given_is_the_stage_itself() -> None:
    stage = find_stage("dropout")
    assert resolve(stage, {"epochs": None}) == (stage.settings, {})


def test_overrides_are_taken_and_told() -> None:
    settings, changed = resolve(find_stage("adam"), {"hidden": [300, 50], "dropout": 0.5, "epochs": 5})
    assert settings.hidden == (300, 50)
    assert changed == {"hidden": (300, 50), "dropout": 0.5}  # five epochs are the stage's own


def test_another_seed_is_a_repetition_and_no_change() -> None:
    settings, changed = resolve(find_stage("adam"), {"seed": 7})
    assert (settings.seed, changed) == (7, {})


def test_another_optimizer_brings_its_own_learning_rate() -> None:
    settings, changed = resolve(find_stage("adam"), {"optimizer": "sgd"})
    assert settings.learning_rate == 0.01
    assert changed == {"optimizer": "sgd", "learning_rate": 0.01}


def test_numbers_of_numpy_become_plain() -> None:
    settings, _ = resolve(find_stage("adam"), {"epochs": np.int64(3), "learning_rate": np.float32(0.5)})
    assert type(settings.epochs) is int
    assert type(settings.learning_rate) is float


@pytest.mark.parametrize(
    ("stage", "given", "words"),
    [
        ("adam", {"dropout": 1.5}, "--dropout is 1.5"),
        ("adam", {"dropout": float("nan")}, "--dropout is nan"),
        ("adam", {"learning_rate": 0}, "--learning-rate is 0"),
        ("adam", {"batch_size": 0}, "--batch-size is 0"),
        ("adam", {"epochs": 2.5}, "--epochs is 2.5"),
        ("adam", {"epochs": True}, "--epochs is True"),
        ("adam", {"hidden": [0]}, "--hidden is 0"),
        ("adam", {"hidden": [10] * 21}, "--hidden is given 21 times"),
        ("adam", {"seed": -1}, "--seed is -1"),
        ("adam", {"activation": "rleu"}, "--activation is 'rleu'"),
        ("adam", {"optimizer": "adamw"}, "--optimizer is 'adamw'"),
        ("adam", {"momentum": 0.9}, "--momentum does not go with the optimizer 'adam'"),
        ("adam", {"nesterov": True}, "--nesterov does not go with the optimizer 'adam'"),
        ("adam", {"nesterov": True, "optimizer": "sgd"}, "--nesterov does nothing without --momentum"),
        ("softmax", {"activation": "tanh"}, "--activation is a setting of hidden layers"),
        ("softmax", {"dropout": 0.2}, "--dropout is a setting of hidden layers"),
        ("sgd", {"hidden": [10]}, "--hidden does not go with stage 'sgd'"),
        ("adam", {"flatten": True}, "there is no setting 'flatten'"),
        ("adam", {"learnig_rate": 1}, "there is no setting 'learnig_rate'"),
    ],
)
def test_what_cannot_be_is_refused(stage: str, given: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError) as caught:
        resolve(find_stage(stage), given)
    assert words in caught.value.message
    assert caught.value.expected or caught.value.hint


def test_an_unknown_stage_names_the_nearest() -> None:
    with pytest.raises(UsageError) as caught:
        find_stage("droput")
    assert caught.value.hint == "did you mean 'dropout'?"


def test_seeds_are_counted_or_named() -> None:
    assert list(seed_numbers(3)) == [42, 43, 44]
    assert list(seed_numbers([7, 7, 1])) == [7, 1]
    with pytest.raises(UsageError, match="no seeds are given"):
        seed_numbers(0)
    with pytest.raises(UsageError, match="no seeds are given"):
        seed_numbers([])


@given(st.one_of(st.integers(), st.floats(), st.booleans(), st.text(), st.none()))
def test_any_value_is_valid_or_a_usage_error(value: Any) -> None:
    for name in ("epochs", "batch_size", "dropout", "learning_rate", "momentum", "patience", "seed"):
        try:
            settings, _ = resolve(find_stage("adam"), {name: value, "optimizer": "sgd"})
        except UsageError:
            continue
        held = getattr(settings, name)
        limits = HYPERPARAMETER_BY_NAME[name].limits
        assert limits is not None
        assert held is None or limits.hold(held)
