"""Trainings that the page orders."""

import json

from tests.lab.client import Driver, LabProcess


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
