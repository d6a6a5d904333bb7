"""The exact claims and the measurements on small data, compared with NumPy and Keras; and judging them as a whole."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kerasnn
from kerasnn.data.dataset import Dataset
from kerasnn.errors import UsageError
from kerasnn.lecture.claims import CLAIMS
from kerasnn.networks.runtime import keras
from kerasnn.records import Event
from kerasnn.study import exact_claims, measurements
from kerasnn.study.claims import measurements_for


def test_every_exact_claim_has_its_check_and_every_measurement_its_function() -> None:
    assert set(exact_claims.COMPUTATIONS) == {claim.name for claim in CLAIMS if claim.kind == "exact"}
    assert set(measurements.MEASUREMENTS) == set(measurements_for(CLAIMS))


def test_the_exact_claims_hold(even: Dataset) -> None:
    found = exact_claims.compute_exact_claims(CLAIMS, even, {})
    assert set(found) == set(exact_claims.COMPUTATIONS) - {"early-stopping-returns-the-best"}  # which wants trainings
    assert all(each.difference <= each.tolerance for each in found.values())


def test_the_checks_look_at_what_they_name(even: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact_claims, "PARAMETERS", 79_511)
    monkeypatch.setattr(exact_claims, "STEPS", 1_499)
    assert (exact_claims.parameters().difference, exact_claims.steps().difference) == (1, 1)
    monkeypatch.setattr(keras.activations, "sigmoid", lambda z: z)
    assert exact_claims.softmax_of_two_is_sigmoid().difference > 1
    monkeypatch.setattr(keras.losses, "categorical_crossentropy", lambda truth, answers: np.zeros(len(answers)))
    assert exact_claims.sparse_equals_one_hot().difference > 1


def test_not_normalising_feeds_bytes(even: Dataset) -> None:
    """The network that undoes the division by 255 sees the same as one that is fed bytes."""
    found = measurements.not_normalised("softmax", even, 1)
    assert set(found) == {"validation accuracy", "validation loss"}
    assert found["validation loss"] > kerasnn.train("softmax", dataset=even, seed=1).history[-1].val_loss
    layer = keras.layers.Rescaling(255.0)
    every = np.arange(256, dtype=np.float32)
    assert np.allclose(layer(every / np.float32(255)), every, rtol=1e-6)


@pytest.mark.full
@pytest.mark.usefixtures("quick_engine")
def test_cross_validation(even: Dataset) -> None:
    found = measurements.cross_validation(even, 1)
    difference = found["validation accuracy"] - found["cross-validated accuracy"]
    assert found["distance from the cross-validated accuracy"] == pytest.approx(abs(difference))
    assert 0 <= found["spread of the folds"] < 0.5
    assert found["cost ratio"] > 0


@pytest.mark.full
def test_the_mean_of_passes_comes_closer(even: Dataset) -> None:
    found = measurements.dropout_passes(even, 1)
    assert 0 < found["distance left"] < 0.8
    assert found["agreement"] > 0.9


@pytest.mark.full
def test_the_trial_keeps_what_it_made_and_makes_nothing_twice(
    surroundings: Path, even: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["normalising-helps", "parameters-79510", "early-stopping-returns-the-best"]
    events: list[Event] = []
    first = kerasnn.judge_claims(names, seeds=[1, 2], workers=1, dataset=even, listener=events.append)
    assert [claim.name for claim in first.claims] == names
    assert [claim.verdict for claim in first.claims[1:]] == ["holds", "holds"]
    assert len(first.claims[0].estimates[0].values) == 2
    assert events
    kept = {path.name for path in (surroundings / "reproduction" / "trainings").iterdir()}
    assert sum(name.startswith("measured-softmax-not-normalised-s1-") for name in kept) == 1

    def not_again(*_: Any) -> None:
        raise AssertionError("measured again")

    monkeypatch.setattr(measurements, "not_normalised", not_again)
    again = kerasnn.judge_claims(names, seeds=[1, 2], workers=1, dataset=even)
    assert again.claims == first.claims
    assert {path.name for path in (surroundings / "reproduction" / "trainings").iterdir()} == kept


def test_a_measurement_that_cannot_be_read_is_made_anew(even: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    names, made = ["softmax, not normalised"], []

    def figures(dataset: Dataset, seed: int) -> dict[str, float]:
        made.append(seed)
        return {"validation accuracy": 0.5, "validation loss": 1.25}

    monkeypatch.setitem(measurements.MEASUREMENTS, names[0], figures)
    first = measurements.measure_missing(names, even, [1], folder=Path("kept"))
    assert measurements.measure_missing(names, even, [1], folder=Path("kept")) == first
    assert made == [1]
    (path,) = Path("kept").iterdir()
    whole = path.read_text()
    for content in ("", "[]", '{"validation accuracy": "high"}', '{"figures": {}}', whole.replace("1.25", "1.26")):
        path.write_text(content)
        assert measurements.measure_missing(names, even, [1], folder=Path("kept")) == first
        assert path.read_text() == whole
    assert made == [1] * 6


def test_claims_by_name() -> None:
    assert [row.name for row in kerasnn.claims(["relu-at-least-sigmoid"])] == ["relu-at-least-sigmoid"]
    assert len(kerasnn.claims()) == 20
    with pytest.raises(UsageError, match="there is no claim 'relu'"):
        kerasnn.claims(["relu"])
    with pytest.raises(UsageError, match="no seeds"):
        kerasnn.judge_claims(seeds=[])


@pytest.mark.full
def test_reproduce_judges_what_its_stages_decide(surroundings: Path, even: Dataset) -> None:
    found = kerasnn.reproduce(["softmax", "hidden"], seeds=2, workers=1, dataset=even)
    assert [claim.name for claim in found.claims] == ["hidden-beats-softmax"]
    assert (
        found.claims == kerasnn.judge_claims(["hidden-beats-softmax"], seeds=[42, 43], workers=1, dataset=even).claims
    )
