"""Trainings that the page orders."""

import json
from pathlib import Path

import pytest

from tests.lab.client import Driver, LabProcess
from tests.lab.runs import assert_same_weights, kerasnn


def test_a_training_is_a_run_like_any_other(lab: LabProcess) -> None:
    run = lab.begin("softmax", epochs=2)
    events = list(lab.events(run))
    record = json.loads((lab.runs / run / "run.json").read_text(encoding="utf-8"))
    assert [content["epoch"] for kind, content in events if kind == "epoch"] == [1, 2]
    assert events[-1][0] == "done"
    assert events[-1][1]["history"] == record["history"]
    assert record["status"] == "done"
    assert (lab.runs / run / "model.keras").is_file()


def test_what_is_ordered_waits_in_a_short_queue(driver: Driver) -> None:
    answers = [driver.ask("/api/trainings", {"stage": "softmax", "overrides": {}}) for _ in range(50)]
    assert [each.status for each in answers] == [201] * 4 + [422] * 46
    assert "waiting already" in answers[-1].error["message"]


def test_a_run_begun_here_goes_on_elsewhere_to_the_same_weights(lab: LabProcess, tmp_path: Path) -> None:
    whole, _record = lab.train("adam", epochs=3, hidden=[8])
    stopped = lab.begin("adam", paused=True, epochs=3, hidden=[8])
    lab.do(stopped, "epoch")
    assert lab.until(stopped, "epoch")[0] == "epoch"
    lab.do(stopped, "stop")
    assert lab.until(stopped)[0] == "stopped"
    kerasnn(lab, "train", "--resume", stopped, "--quiet")
    assert_same_weights(lab.runs / whole, lab.runs / stopped)


def test_what_the_command_line_began_goes_on_here(lab: LabProcess) -> None:
    whole, _record = lab.train("adam", epochs=4, hidden=[8])
    command = ["train", "adam", "--epochs", "2", "--hidden", "8", "--dataset", "stripes.npz", "--quiet", "--json"]
    begun = json.loads(kerasnn(lab, *command))["run"]
    answer = lab.ask("/api/trainings", {"resume": begun, "more_epochs": 2})
    assert answer.json == {"run": begun}
    events = list(lab.events(begun))
    assert [content["epoch"] for kind, content in events if kind == "epoch"] == [1, 2, 3, 4]
    assert {content["epochs"] for kind, content in events if kind == "epoch"} == {4}
    assert events[-1][0] == "done"
    assert_same_weights(lab.runs / whole, lab.runs / begun)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"resume": "20260101-000000-adam-s42"}, "there is no run"),
        ({"resume": "../runs"}, "there is no run"),
        ({"resume": 1}, "no text"),
        ({"resume": "latest", "more_epochs": True}, "not such a number"),
        ({"resume": "latest", "more_epochs": 1e99}, "not such a number"),
        ({"stage": "softmax", "paused": "yes"}, "neither true nor false"),
        ({"stage": "adam", "overrides": {"batch_norm": "no"}}, "--batch-norm is 'no'"),
        ({"stage": "adam", "overrides": {"hidden": [100_000] * 3}}, "MB of memory"),
    ],
)
def test_what_cannot_be_trained_is_refused_with_the_reason(driver: Driver, body: object, says: str) -> None:
    answer = driver.ask("/api/trainings", body)
    assert (answer.status, says in answer.error["message"]) == (422, True), answer.content


def test_a_finished_run_is_not_continued_without_more_epochs(lab: LabProcess) -> None:
    run, _record = lab.train("softmax", epochs=1)
    answer = lab.ask("/api/trainings", {"resume": run})
    assert answer.status == 422
    assert "is done" in answer.error["message"]


def test_a_late_listener_gets_every_epoch(lab: LabProcess) -> None:
    run, record = lab.train("softmax", epochs=3)
    events = list(lab.events(run))
    assert [kind for kind, _content in events] == ["epoch", "epoch", "epoch", "done"]
    assert events[-1][1] == record


def test_one_batch_and_one_epoch_at_a_time(lab: LabProcess) -> None:
    run = lab.begin("softmax", paused=True, epochs=2)
    heard = lab.events(run)
    assert next(content for kind, content in heard if kind == "state" and content["state"] == "paused")
    lab.do(run, "batch")
    assert next(content["seen"] for kind, content in heard if kind == "progress") == 32
    lab.do(run, "epoch")
    assert next(content["epoch"] for kind, content in heard if kind == "epoch") == 1
    lab.do(run, "continue")
    assert list(heard)[-1][0] == "done"


def test_what_is_asked_of_a_training_that_waits_is_done_when_it_begins(lab: LabProcess) -> None:
    first = lab.begin("softmax", paused=True, epochs=1)
    second = lab.begin("softmax", paused=True, epochs=2)
    lab.do(second, "epoch")
    lab.do(first, "continue")
    assert lab.until(second, "epoch")[1]["epoch"] == 1
    lab.do(second, "continue")
    assert lab.until(second)[0] == "done"


def test_a_training_that_is_over_takes_no_commands(lab: LabProcess) -> None:
    over, _record = lab.train("sgd")
    run = lab.begin("softmax", paused=True, epochs=1)
    assert lab.until(run, "state")[0] == "state"
    lab.do(over, "stop")  # would end scikit-learn's training, and the process with it
    lab.do(run, "continue")
    assert lab.until(run)[0] == "done"


def test_runs_are_those_of_the_lab_s_own_folder(lab: LabProcess) -> None:
    run, record = lab.train("softmax", epochs=1)
    namesake = lab.folder / run  # where the lab was started
    namesake.mkdir()
    (namesake / "run.json").write_text("{}", encoding="utf-8")
    try:
        assert lab.ask(f"/api/runs/{run}").json["history"] == record["history"]
        assert lab.ask(f"/api/models/{run}/answers").status == 200
        assert list(lab.events(run))[-1][0] == "done"
    finally:
        (namesake / "run.json").unlink()
        namesake.rmdir()
