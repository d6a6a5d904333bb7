"""Ctrl-C while a study trains: a partial training does not count as a result."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import kerasnn
from kerasnn.data.dataset import Dataset
from kerasnn.errors import Interrupted
from kerasnn.records import Job
from kerasnn.study import exact_claims, measurements
from kerasnn.study.job import plan_of, run_job
from kerasnn.study.repeat import train_traced
from kerasnn.training.monitor import Watch


@pytest.fixture
def pressed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody presses Ctrl-C as soon as the first epoch of a training is over."""

    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Watch, "_count", interrupt)


def traced(dataset: Dataset) -> object:
    return train_traced(plan_of(Job("adam", 1, {"epochs": 2}, "keras")), dataset)


STUDIES: dict[str, Callable[[Dataset], object]] = {
    "verify": traced,
    "compare-sklearn": lambda dataset: kerasnn.compare_sklearn(dataset=dataset, seeds=[1]),
    "race": lambda dataset: kerasnn.race(["adam"], dataset=dataset, epochs=2),
    "linear-layers-are-one": exact_claims.linear_layers_are_one,
    "steps-1500": lambda dataset: exact_claims.steps(),
    "a job": lambda dataset: run_job(Job("adam", 1, {"epochs": 2}), dataset),
    "dropout passes": lambda dataset: measurements.measure_missing(
        ["dropout passes"], dataset, [1], folder=Path("kept")
    ),
}


@pytest.mark.usefixtures("pressed", "quick_engine")
@pytest.mark.parametrize(
    "study",
    [
        pytest.param(name, marks=() if name in ("verify", "compare-sklearn", "a job") else pytest.mark.full)
        for name in STUDIES
    ],
)
def test_a_part_of_a_training_is_no_result(study: str, even: Dataset) -> None:
    with pytest.raises(Interrupted, match=r"does not count|finished measurements are saved"):
        STUDIES[study](even)
    assert not list(Path("kept").glob("*"))


@pytest.mark.usefixtures("surroundings")
def test_what_was_measured_before_is_kept(even: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    def figures(dataset: Dataset, seed: int) -> dict[str, float]:
        if seed == 2:
            raise KeyboardInterrupt
        return {"loss": 0.5}

    monkeypatch.setitem(measurements.MEASUREMENTS, "dropout passes", figures)
    with pytest.raises(Interrupted, match="finished measurements are saved in kept"):
        measurements.measure_missing(["dropout passes"], even, [1, 2], folder=Path("kept"))
    assert len(list(Path("kept").iterdir())) == 1
