"""The reading of a run's curves: read again from the history, with causes and the next command."""

import json
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import kerasnn
from kerasnn.data.dataset import Dataset
from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.lessons.reported_run import run_of
from kerasnn.records import Epoch, Run
from kerasnn.runs.find_model import find_model
from kerasnn.runs.reading import read_run
from tests.conftest import prefer_keras, working_in

FLAT = (0.5, 0.4, 0.398, 0.401, 0.399)
RISING = (0.5, 0.4, 0.42, 0.44, 0.46, 0.48)
WAVERING = (0.5, 0.4, 0.42, 0.41, 0.405, 0.38, 0.5, 0.6, 0.7, 0.8)
FALLING = (0.5, 0.4, 0.35, 0.33)


@pytest.fixture(scope="module")
def run(even: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Run:
    with working_in(tmp_path_factory.mktemp("run")), pytest.MonkeyPatch.context() as patch:
        prefer_keras(patch)
        return kerasnn.train("relu", dataset=even, epochs=2, hidden=[4])


def ended_so(run: Run, losses: tuple[float, ...], **overrides: Any) -> Run:
    """`run` with other settings and validation losses; the training loss falls by a tenth in each epoch."""
    history = tuple(Epoch(number, 0.5 * 0.9**number, 0.8, loss, 0.8) for number, loss in enumerate(losses, 1))
    settings, changed = resolve(find_stage("relu"), {"epochs": len(losses), **overrides})
    return replace(run, settings=settings, overrides=changed, history=history)


@pytest.mark.parametrize(
    ("losses", "overrides", "verdict", "words"),
    [
        (FALLING, {}, "still-learning", ["--resume", "RUN", "--more-epochs", "4"]),
        (RISING[:3], {}, "noisy", ["--resume", "RUN", "--more-epochs", "4"]),
        (RISING, {}, "overfitting", ["--patience", "2"]),
        (
            WAVERING,
            {},
            "overfitting",
            ["--patience", "4"],
        ),  # a smaller patience would have stopped before the best epoch
        (RISING, {"patience": 5}, "overfitting", ["--dropout", "0.3"]),
        (RISING, {"patience": 5, "dropout": 0.5}, "overfitting", ["kerasnn", "evaluate", "RUN"]),
        (FLAT, {}, "done", ["kerasnn", "evaluate", "RUN"]),
        (RISING, {"patience": 4, "epochs": 30}, "done", ["kerasnn", "evaluate", "RUN"]),
        ((3.0, 3.0), {"learning_rate": 1.0}, "not-learning", ["--learning-rate", "0.001"]),
        ((3.0, 3.0), {"learning_rate": 1e-6}, "not-learning", ["--learning-rate", "0.001"]),
        ((3.0, 3.0), {"activation": "sigmoid"}, "not-learning", ["--activation", "relu"]),
        ((3.0, 3.0), {}, "not-learning", ["kerasnn", "data", "show"]),
    ],
)
def test_the_next_command(
    run: Run, losses: tuple[float, ...], overrides: dict[str, Any], verdict: str, words: list[str]
) -> None:
    ended = ended_so(run, losses, **overrides)
    if verdict == "not-learning":
        ended = replace(ended, history=tuple(replace(epoch, accuracy=0.3, val_accuracy=0.3) for epoch in ended.history))
    reading = read_run(ended)
    assert reading is not None
    assert reading.verdict == verdict
    command = shlex.split(reading.next_command or "")
    wanted = [run.run if word == "RUN" else word for word in words]
    assert any(command[place : place + len(wanted)] == wanted for place in range(len(command)))


def test_a_stopped_run_is_resumed(run: Run) -> None:
    reading = read_run(replace(ended_so(run, FLAT), status="stopped"))
    assert reading is not None
    assert reading.next_command == f"kerasnn train --resume {run.run}"


@pytest.mark.usefixtures("quick_engine")
def test_a_rate_far_too_low_is_named(even: Dataset) -> None:
    run = kerasnn.train("relu", dataset=even, hidden=[4], epochs=2, learning_rate=1e-9)
    assert run.chance is not None
    assert run.reading is not None
    assert run.reading.verdict == "not-learning"
    assert [note.code for note in run.reading.causes] == ["low-rate"]
    assert run.reading.chance_accuracy == run.chance.validation.accuracy


@pytest.mark.usefixtures("quick_engine")
@pytest.mark.parametrize(
    ("losses", "changes", "named"),
    [
        ((0.5, 0.4, 0.39), {"learning_rate": 0.01, "optimizer": "adam"}, False),  # still learning
        (RISING[:4], {"learning_rate": 0.01, "optimizer": "adam"}, True),
        (RISING[:4], {"learning_rate": 0.02, "optimizer": "rmsprop"}, True),
        (RISING[:4], {"learning_rate": 0.005, "optimizer": "adam"}, False),
        (RISING[:4], {"learning_rate": 0.2, "optimizer": "sgd"}, False),  # sgd is the better for it
    ],
)
def test_a_harmful_rate_is_named_where_the_loss_wavers(
    losses: tuple[float, ...], changes: dict[str, Any], named: bool, run: Run
) -> None:
    reading = read_run(ended_so(run, losses, **changes))
    assert reading is not None
    assert (reading.verdict == "noisy") == (losses != (0.5, 0.4, 0.39))
    assert [note.code for note in reading.causes] == ["high-rate"] * named
    assert ("--learning-rate 0.001" in str(reading.next_command)) == named


def test_the_record_of_a_reading_is_not_believed(even: Dataset) -> None:
    run = kerasnn.train("relu", dataset=even, hidden=[4], epochs=3)
    path = Path("runs") / run.run / "run.json"
    record = json.loads(path.read_text("utf-8"))
    old = {"best_epoch": 1, "last_epoch": 3, "gap": 0.0, "rise": 0.5, "verdict": "balanced", "disagreements": []}
    for changed in (old, {**record["reading"], "verdict": "overfitting"}, None):
        path.write_text(json.dumps({**record, "reading": changed}), "utf-8")
        assert kerasnn.open_run(run.run).reading == run.reading
    del record["chance"], record["stuck_units"]  # as in a run.json of an older version
    path.write_text(json.dumps({**record, "reading": old}), "utf-8")
    reading = kerasnn.open_run(run.run).reading
    assert reading is not None
    assert reading.chance_accuracy == pytest.approx(1 / 3)


def test_reference_models_are_read_too() -> None:
    stopped, overfit = (run_of(find_model(stage)).reading for stage in ("early-stopping", "overfit"))
    assert stopped is not None
    assert overfit is not None
    assert (stopped.verdict, stopped.stopped_early) == ("done", True)
    assert (overfit.verdict, overfit.next_command) == ("overfitting", "kerasnn train overfit --patience 3")
