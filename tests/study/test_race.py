"""A race: the same start and order for all, and effective rates that are equal to Keras' own arithmetic."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import kerasnn
from kerasnn.data.dataset import Dataset
from kerasnn.errors import UsageError
from kerasnn.lecture.optimizers import CONTENDERS
from kerasnn.networks.runtime import keras
from kerasnn.records import Event, Notice, Race
from kerasnn.study.step_sizes import effective_rates
from tests.conftest import prefer_keras


@pytest.fixture(scope="module", params=["keras", pytest.param("fused", marks=pytest.mark.full)])
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """The engine that trains where none is asked for: the quicker one for so few images, and the usual one."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "keras":
            prefer_keras(patch)
        yield request.param


@pytest.fixture(scope="module")
def race(even: Dataset, engine: str) -> Race:
    return kerasnn.race(dataset=even, stage="dropout", hidden=[6], epochs=3, target=1.0, rates={"adam": 0.01})


def test_all_begin_with_the_same_weights(race: Race) -> None:
    assert tuple(each.name for each in race.contenders) == tuple(CONTENDERS)
    assert len({each.start for each in race.contenders}) == 1
    assert [each.learning_rate for each in race.contenders[:6]] == [0.01, 0.01, 0.01, 0.001, 0.001, 0.01]
    assert [(each.momentum, each.nesterov) for each in race.contenders[:3]] == [(0, False), (0.9, False), (0.9, True)]


@pytest.mark.full
def test_a_contender_is_the_training_that_train_makes(race: Race, even: Dataset, engine: str) -> None:
    """So they see the same batches: the order comes from the seed alone."""
    for name, momentum in (("sgd", 0), ("momentum", 0.9)):
        run = kerasnn.train("dropout", dataset=even, hidden=[6], epochs=3, optimizer="sgd", momentum=momentum)
        assert run.engine == engine
        assert next(each for each in race.contenders if each.name == name).history == run.history


def test_the_target_is_the_first_epoch_at_or_below_it(race: Race) -> None:
    for each in race.contenders:
        below = [epoch.epoch for epoch in each.history if epoch.val_loss <= 1.0]
        assert each.target_epoch == (below[0] if below else None)
        if each.target_epoch is not None:
            spent = sum(pace.seconds for pace in each.paces[: each.target_epoch])
            assert each.target_seconds == pytest.approx(spent)
    reached = {each.name: each.target_epoch for each in race.contenders}
    assert reached["adam"] is not None
    assert reached["adagrad"] is None


def test_paces_by_epoch(race: Race) -> None:
    for each in race.contenders:
        assert [pace.epoch for pace in each.paces] == [1, 2, 3]
        assert all(0 < pace.lower <= pace.rate <= pace.upper for pace in each.paces)
        assert all(pace.movement > 0 for pace in each.paces)
    sgd, momentum, _, adagrad, *_ = race.contenders
    assert [pace.rate for pace in sgd.paces] == pytest.approx([0.01] * 3)
    assert [pace.rate for pace in momentum.paces] == pytest.approx([0.1] * 3)
    assert adagrad.paces[-1].rate < adagrad.paces[0].rate  # its sum of squares can only grow


@pytest.mark.parametrize(
    ("optimizer", "tolerance"),
    [
        (keras.optimizers.SGD(0.05), 1e-5),
        (keras.optimizers.Adagrad(0.02), 1e-5),
        (keras.optimizers.RMSprop(0.01), 1e-5),
        (keras.optimizers.Adam(0.01, beta_1=0.0), 1e-4),  # without its momentum, a step is rate times gradient
    ],
)
def test_a_step_is_the_effective_rate_times_the_gradient(optimizer: Any, tolerance: float) -> None:
    random = np.random.default_rng(0)
    start = random.normal(size=(4, 3)).astype(np.float32)
    variable = keras.Variable(start)
    optimizer.build([variable])
    for _ in range(5):
        before, gradient = np.array(variable), random.normal(size=(4, 3)).astype(np.float32)
        optimizer.apply([keras.ops.convert_to_tensor(gradient)], [variable])
        step = before - np.array(variable)
        assert step.ravel() == pytest.approx(effective_rates(optimizer, 12) * gradient.ravel(), rel=tolerance, abs=1e-6)


def test_a_lasting_gradient_under_momentum_steps_as_the_effective_rate_says() -> None:
    for nesterov in (False, True):
        optimizer, variable = keras.optimizers.SGD(0.01, momentum=0.9, nesterov=nesterov), keras.Variable(np.zeros(2))
        optimizer.build([variable])
        for _ in range(200):
            before = np.array(variable)
            optimizer.apply([keras.ops.convert_to_tensor(np.ones(2, np.float32))], [variable])
        assert before - np.array(variable) == pytest.approx(effective_rates(optimizer, 2), rel=1e-4)


def test_a_contender_that_diverges_is_told(even: Dataset, engine: str) -> None:
    found = kerasnn.race(["sgd", "adam"], dataset=even, rates={"sgd": 1000}, hidden=[4], activation="linear", epochs=3)
    assert [each.diverged for each in found.contenders] == [True, False]
    assert len(found.contenders[0].history) == len(found.contenders[0].paces) < 3


def test_each_is_announced(even: Dataset, engine: str) -> None:
    events: list[Event] = []
    kerasnn.race(["adam", "sgd", "adam"], dataset=even, epochs=1, listener=events.append)
    assert [event.text for event in events if isinstance(event, Notice)] == ["1 of 2: adam", "2 of 2: sgd"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"optimizers": ["adm"]}, "there is no optimizer 'adm'"),
        ({"optimizers": ["adam"], "rates": {"sgd": 0.1}}, "which is not in the race"),
        ({"rates": {"adam": 0}}, "--learning-rate is 0"),
        ({"stage": "sgd"}, "scikit-learn"),
        ({"momentum": 0.5}, "distinguishes the optimizers in a race"),
        ({"epochs": 0}, "--epochs is 0"),
    ],
)
def test_wrong_entries(even: Dataset, given: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        kerasnn.race(dataset=even, **given)
