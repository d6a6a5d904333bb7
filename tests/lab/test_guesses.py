"""Guesses made before a training: stored with the run, and compared with what came out."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.lab.client import Driver, LabProcess


@pytest.fixture(scope="module")
def trained(lab: LabProcess) -> str:
    """Return a run whose results somebody had guessed."""
    guess = {"accuracy": 0.85, "best_epoch": 4}
    body = {"stage": "softmax", "overrides": {"epochs": 2}, "guess": guess}
    run: str = lab.ask("/api/trainings", body).json["run"]
    assert lab.until(run)[0] == "done"
    return run


def test_a_guess_is_stored_with_the_run_and_compared(lab: LabProcess, trained: str) -> None:
    record = json.loads((lab.runs / trained / "run.json").read_text(encoding="utf-8"))
    kept = json.loads((lab.runs / trained / "guess.json").read_text(encoding="utf-8"))
    assert kept == {"accuracy": 0.85, "best_epoch": 4}
    found = lab.ask(f"/api/runs/{trained}/guess").json
    came = {"accuracy": record["validation"]["accuracy"], "best_epoch": record["best_epoch"]}
    assert found == {"run": trained, "stage": "softmax", "status": "done", "guess": kept, "outcome": came}
    assert found in lab.ask("/api/guesses").json["guesses"]


def test_a_run_without_a_guess_has_none(lab: LabProcess) -> None:
    run, _record = lab.train("softmax", epochs=1)
    assert not (lab.runs / run / "guess.json").exists()
    assert lab.ask(f"/api/runs/{run}/guess").status == 404
    assert lab.ask("/api/runs/../guess").status == 404


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"accuracy": 2}', '{"accuracy": NaN}', "9" * 10_000, '{"accuracy": 0.5, "accuracy": 0.6}']
)
def test_a_damaged_guess_counts_as_none(lab: LabProcess, trained: str, content: str) -> None:
    path = lab.runs / trained / "guess.json"
    before = path.read_bytes()
    path.write_text(content, encoding="utf-8")
    try:
        assert lab.ask(f"/api/runs/{trained}/guess").status == 404
        assert lab.ask("/api/guesses").status == 200
    finally:
        path.write_bytes(before)


@pytest.mark.parametrize(
    "guess",
    [
        {},
        [],
        7,
        "0.5",
        {"accuracy": 1.1},
        {"accuracy": -0.1},
        {"accuracy": True},
        {"accuracy": "0.5"},
        {"best_epoch": 0},
        {"best_epoch": 2.5},
        {"best_epoch": 10**9},
        {"accuracy": 0.5, "more": 1},
    ],
)
def test_what_is_no_guess_starts_no_training(driver: Driver, surroundings: Path, guess: Any) -> None:
    answer = driver.ask("/api/trainings", {"stage": "softmax", "overrides": {}, "guess": guess})
    assert answer.status == 422
    assert "guess" in answer.error["message"]
    assert not list((surroundings / "runs").glob("*"))


def test_a_guess_goes_with_a_training_that_never_began(driver: Driver, surroundings: Path) -> None:
    body = {"stage": "softmax", "overrides": {}, "guess": {"accuracy": 1}}
    run = driver.ask("/api/trainings", body).json["run"]
    assert (surroundings / "runs" / run / "guess.json").is_file()
    driver.ask(f"/api/trainings/{run}/stop", method="POST")
    assert not (surroundings / "runs" / run).exists()
