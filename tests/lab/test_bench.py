"""What the workbench asks the server: a network as it is configured, what a run tells, and what can be taken along."""

import ast
import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from kerasnn.cli.app import main
from kerasnn.data.dataset import Dataset
from kerasnn.errors import UsageError
from kerasnn.lab.configuring import configuration
from kerasnn.lab.next_training import next_training
from kerasnn.lecture.hyperparameters import SETTABLE
from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.lecture.stages import STAGES
from kerasnn.runs.next_command import flags_of
from tests.lab.client import Driver, LabProcess


def test_the_page_is_told_every_setting_with_its_limits(driver: Driver) -> None:
    answer = driver.ask("/api/lab").json
    assert [row["name"] for row in answer["settings"]] == list(SETTABLE)
    assert all(row["label"] and row["help"] for row in answer["settings"])
    numbers = [row for row in answer["settings"] if row["kind"] in ("int", "float")]
    assert all(row["low"] < row["high"] and row["limits"] for row in numbers)
    assert len(answer["dataset"]["class_names"]) == len(answer["dataset"]["classes"])


@pytest.mark.parametrize("stage", [each.name for each in STAGES])
def test_the_command_of_a_configuration_sets_what_is_configured(stage: str, even: Dataset) -> None:
    changes: dict[str, Any] = {"epochs": 3, "seed": 7}
    if find_stage(stage).library == "keras":
        changes |= {"hidden": (64, 32), "optimizer": "sgd", "momentum": 0.9, "nesterov": True, "batch_size": 16}
    found = configuration(stage, changes, even)
    words = shlex.split(found["command"])
    again = next_training(found["command"])
    assert words[:3] == ["kerasnn", "train", stage]
    assert again is not None
    assert resolve(find_stage(stage), again["overrides"])[0] == resolve(find_stage(stage), changes)[0]


def test_the_code_of_a_configuration_has_its_layers_and_settings(even: Dataset) -> None:
    changes = {"hidden": [7, 5], "learning_rate": 0.125, "initializer": "he_normal", "epochs": 3, "seed": 99}
    found = configuration("dropout", changes, even)
    calls = [node for node in ast.walk(ast.parse(found["code"])) if isinstance(node, ast.Call)]
    dense = [node for node in calls if ast.unparse(node.func).endswith("Dense")]
    assert [ast.literal_eval(node.args[0]) for node in dense] == [7, 5, even.classes]
    assert all("he_normal" in ast.unparse(node) for node in dense)
    assert "0.125" in found["code"]
    assert "epochs=3" in found["code"]
    assert "99" in found["code"]


def test_parameters_are_counted_by_hand(driver: Driver, even: Dataset) -> None:
    pixels = even.info.shape[0] * even.info.shape[1]
    body = {"stage": "relu", "overrides": {"hidden": [4]}}
    summary = driver.ask("/api/configurations", body).json["summary"]
    assert summary["parameters"]["total"] == pixels * 4 + 4 + 4 * even.classes + even.classes


def test_what_train_refuses_is_refused_in_the_same_words(driver: Driver, even: Dataset) -> None:
    for overrides in ({"learning_rate": 5000}, {"hidden": [0]}, {"momentum": 0.5}, {"epochs": 1.5}, {"hidden": "many"}):
        answer = driver.ask("/api/configurations", {"stage": "adam", "overrides": overrides})
        with pytest.raises(UsageError) as refused:
            resolve(find_stage("adam"), overrides)
        assert answer.status == 422
        assert answer.error["message"] == refused.value.message


def test_the_page_answers_in_the_language_that_is_asked_for(driver: Driver) -> None:
    body = {"stage": "adam", "overrides": {"epochs": 3}}
    english, korean = (driver.ask(f"/api/configurations?lang={each}", body).json for each in ("en", "ko"))
    assert english["introduction"] != korean["introduction"]
    assert english["command"] == korean["command"]


@pytest.mark.parametrize(
    "command",
    [
        "kerasnn evaluate latest",
        "kerasnn data show",
        "kerasnn train nowhere --epochs 3",
        "kerasnn train",
    ],
)
def test_what_trains_no_stage_anew_cannot_be_set(command: str) -> None:
    assert next_training(command) is None


def test_a_run_that_goes_on_is_continued() -> None:
    run = "20260101-000000-adam-s42"
    assert next_training(f"kerasnn train --resume {run}") == {"resume": run, "more_epochs": 0}
    assert next_training(f"kerasnn train --resume elsewhere/{run} --more-epochs 5") == {"resume": run, "more_epochs": 5}


def test_every_setting_comes_back_from_its_flag() -> None:
    given: dict[str, Any] = {
        "hidden": (100, 50),
        "activation": "tanh",
        "dropout": 0.25,
        "batch_norm": True,
        "initializer": "zeros",
        "optimizer": "sgd",
        "learning_rate": 0.01,
        "momentum": 0.9,
        "nesterov": False,
        "epochs": 7,
        "batch_size": 64,
        "patience": 3,
        "seed": 5,
    }
    assert set(given) == set(SETTABLE)
    command = shlex.join(["kerasnn", "train", "adam", *flags_of(given), "--dataset", "garments"])
    assert next_training(command) == {"stage": "adam", "overrides": given}


def test_the_queue_names_those_that_wait_in_their_order(driver: Driver) -> None:
    runs = [driver.ask("/api/trainings", {"stage": "softmax"}).json["run"] for _ in range(3)]
    queue = driver.ask("/api/queue").json
    assert (queue["current"], queue["waiting"], queue["ready"]) == (None, runs, False)
    driver.ask(f"/api/trainings/{runs[0]}/stop", {})
    assert driver.ask("/api/queue").json["waiting"] == runs[1:]


def test_a_run_is_read_as_the_command_line_reads_it(lab: LabProcess, capsys: pytest.CaptureFixture[str]) -> None:
    run, _record = lab.train("softmax", epochs=3)
    found = lab.ask(f"/api/runs/{run}/reading").json
    main(["runs", "show", run, "--runs", str(lab.runs), "--json"])
    # the lab works in the folder above its runs, where the run's id is enough
    shown = json.loads(capsys.readouterr().out.replace(f"{lab.runs}/", ""))
    assert lab.ask(f"/api/runs/{run}").json["reading"] == shown["reading"]
    assert found["verdict"] == shown["reading"]["verdict"]
    assert found["next_command"] == shown["reading"]["next_command"]
    told = [each for each in shown["reading"]["sentences"] if found["next_command"] not in each]
    assert found["sentences"][1 : 1 + len(told)] == told
    assert f"{shown['test']['accuracy']:.1%}" in found["sentences"][0]


def test_nothing_is_claimed_of_a_training_that_goes_on(lab: LabProcess) -> None:
    run = lab.begin("softmax", paused=True)
    lab.until(run, "state")
    while lab.ask(f"/api/runs/{run}/reading").status == 404:  # its folder has no record yet
        pass
    during = lab.ask(f"/api/runs/{run}/reading").json
    lab.do(run, "stop")
    kind, _content = lab.until(run)
    assert during == {"verdict": None, "sentences": [], "next_command": None, "next": None}
    assert kind == "stopped"
    assert lab.ask(f"/api/runs/{run}/reading").json["sentences"]


def test_a_run_that_is_not_there_has_neither_reading_nor_report(driver: Driver, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("x", encoding="utf-8")
    for name in ("nothing", "..", "%2e%2e", "latest", str(tmp_path)):
        for what in ("reading", "report", "model"):
            assert driver.ask(f"/api/runs/{name}/{what}").status == 404


@pytest.mark.full
def test_the_report_is_the_page_that_report_writes(lab: LabProcess) -> None:
    run, record = lab.train("softmax", epochs=1)
    answer = lab.ask(f"/api/runs/{run}/report?lang=ko")
    assert answer.headers["content-disposition"] == f'attachment; filename="{run}.html"'
    page = answer.content.decode()
    assert '<html lang="ko"' in page
    assert f"{record['test']['accuracy']:.4f}" in page
