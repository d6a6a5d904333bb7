"""The lecture on the page: lessons on the current network, numbers to play with, guesses."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kerasnn
from kerasnn.data.dataset import RawDataset, split
from kerasnn.lab.models import Models
from kerasnn.lab.trainings import Trainings
from kerasnn.lab.worked import on_model
from kerasnn.lecture.stages import STAGES
from kerasnn.lecture.topics import TOPIC_BY_NAME, TOPICS
from kerasnn.lessons.topics import explain_in
from kerasnn.views.page.render import lesson_html
from tests.conftest import stripes
from tests.lab.client import Client, Driver, LabProcess


@pytest.fixture(scope="module")
def trained(lab: LabProcess) -> str:
    """Return a run with a hidden layer and dropout."""
    return lab.train("dropout", epochs=2, hidden=[8])[0]


def lesson(client: Client | Driver, topic: str, model: str, lang: str = "en") -> dict[str, Any]:
    answer = client.ask(f"/api/lessons/{topic}?model={model}&lang={lang}")
    assert answer.status == 200, answer.content
    found: dict[str, Any] = answer.json
    return found


def numbers(client: Client, topic: str, **body: Any) -> dict[str, Any]:
    answer = client.ask(f"/api/lessons/{topic}/numbers", body)
    assert answer.status == 200, answer.content
    found: dict[str, Any] = answer.json
    return found


def softmax(z: Any) -> Any:
    powers = np.exp(np.asarray(z, np.float64) - np.max(z))
    return powers / powers.sum()


def test_the_stops_are_all_stages_and_ideas(driver: Driver) -> None:
    stops = driver.ask("/api/lessons").json["stops"]
    assert [each["number"] for each in stops] == list(range(1, len(stops) + 1))
    assert {each["name"] for each in stops if each["kind"] == "idea"} == {topic.name for topic in TOPICS}
    assert {each["name"] for each in stops if each["kind"] == "stage"} == {stage.name for stage in STAGES}
    korean = driver.ask("/api/lessons?lang=ko").json["stops"]
    assert all(re.search("[가-힣]", each["says"]) for each in korean)


@pytest.mark.parametrize("topic", [topic.name for topic in TOPICS])
def test_every_idea_is_worked_out_on_the_current_network(lab: LabProcess, trained: str, topic: str) -> None:
    found = lesson(lab, topic, trained)
    assert found["instead"] == ""
    assert found["holds"]
    assert found["question"]
    assert found["answer"]
    assert found["model"] in (None, trained)
    assert found["html"].count("<h4>") + found["html"].count("<h4 ") == len(found["sections"])
    assert found["answer"] not in found["html"]


def test_what_a_lesson_shows_fits_the_content_security_policy(lab: LabProcess, trained: str) -> None:
    pages = [lesson(lab, topic.name, trained)["html"] for topic in TOPICS]
    for page in pages:
        assert all(source.startswith("data:image/") for source in re.findall(r'src="([^"]*)"', page))
        around = re.sub(r'src="[^"]*"', "", page)  # a picture is a document of its own
        assert not re.search(r"<style|<script|\sstyle=|\son\w+=|javascript:", around)
    assert any("<img" in page for page in pages)


def test_a_lesson_is_the_library_s_explanation(lab: LabProcess, trained: str) -> None:
    found = lesson(lab, "dropout", trained, "ko")
    expected = kerasnn.explain("dropout", model=trained, dataset=lab.folder / "stripes.npz", out=lab.runs, lang="ko")
    assert (found["question"], found["answer"]) == (expected.question, expected.answer)
    assert re.search("[가-힣]", found["html"])


def test_a_network_that_is_being_trained_is_worked_on_as_it_is(lab: LabProcess) -> None:
    run = lab.begin("dropout", paused=True, epochs=3, hidden=[8])
    lab.until(run, "state")
    for _kind, content in lab.events(run):
        if content.get("state") == "paused":
            break
    pixels = [0] * 36
    before = numbers(lab, "dropout", model=run, pixels=pixels)
    assert before["model"] == run
    assert before["bias"] == [0, 0, 0]  # as initialised
    lab.do(run, "batch")
    after = before
    while after["bias"] == before["bias"]:
        after = numbers(lab, "dropout", model=run, pixels=pixels)
    assert lesson(lab, "parameters", run)["model"] == run
    lab.do(run, "stop")
    lab.until(run)


def test_an_idea_without_a_network_names_none(driver: Driver) -> None:
    found = lesson(driver, "optimizers", "sgd")
    assert (found["model"], found["instead"]) == (None, "")


@pytest.mark.parametrize(
    ("topic", "model", "lacks"), [("dropout", "softmax", "has no hidden layer"), ("one-hot", "dropout", "")]
)
def test_an_idea_that_needs_another_network_says_so(tmp_path: Path, topic: str, model: str, lacks: str) -> None:
    names = tuple(f"stripe {label}" for label in range(10))
    learning, test = stripes(160, classes=10, size=28), stripes(31, classes=10, size=28)
    data = split(RawDataset("stripes", "made by a test", learning, test, names))
    models = Models(data, tmp_path, Trainings())
    row = TOPIC_BY_NAME[topic]
    found, instead = on_model(row, model, models, lambda context, instead: (explain_in(context), instead))
    assert found.model == (row.model if lacks else model)
    assert (lacks in instead) if lacks else instead == ""
    assert lesson_html(found).count("<section") == len(found.sections)


def test_a_network_without_a_hidden_layer_is_replaced_by_the_reference_model(lab: LabProcess) -> None:
    run, _record = lab.train("softmax", epochs=1)
    answer = lab.ask(f"/api/lessons/dropout?model={run}")
    assert answer.status == 422  # the reference model takes 28 x 28 pixels, and the images have 6 x 6
    assert "784" in answer.error["message"]


@pytest.mark.parametrize("path", ["/api/lessons/nothing", "/api/lessons/..%2f..", "/api/lessons/linear/numbers"])
def test_what_is_no_topic_is_not_found(driver: Driver, path: str) -> None:
    body = {"model": "softmax"} if path.endswith("numbers") else None
    assert driver.ask(path, body).status == 404


@pytest.mark.parametrize("model", ["../../etc/passwd", "nothing", "", "a" * 5000])
def test_a_model_that_is_none_is_refused(driver: Driver, model: str) -> None:
    answer = driver.ask("/api/lessons/dropout/numbers", {"model": model})
    assert answer.status == 422
    assert ("there is no model" in answer.error["message"]) is (len(model) < 1000)  # a longer text is not even read


def test_z_makes_the_probabilities(lab: LabProcess, trained: str) -> None:
    pixels = list(range(36))
    found = numbers(lab, "sigmoid-softmax", model=trained, pixels=pixels)
    predicted = lab.ask("/api/predictions", {"model": trained, "pixels": pixels}).json
    shown = predicted["probabilities"]
    assert softmax(found["z"]) == pytest.approx(found["probabilities"], abs=1e-6)
    assert found["probabilities"] == pytest.approx(shown, abs=1e-6)
    assert (found["own"], found["truth"]) == (True, None)


def test_hidden_outputs_make_the_probabilities(lab: LabProcess, trained: str) -> None:
    found = numbers(lab, "dropout", model=trained)
    kernel = np.array(found["kernel"])
    assert kernel.shape == (8, 3)
    z = np.array(found["units"]) @ kernel + found["bias"]
    assert softmax(z) == pytest.approx(found["probabilities"], abs=1e-5)
    assert found["rate"] == 0.3
    assert not found["own"]
    assert found["truth"].startswith("stripe")


@pytest.mark.parametrize("pixels", [None, [7] * 36])
def test_scores_are_those_of_three_images(lab: LabProcess, trained: str, pixels: list[int] | None) -> None:
    rows = numbers(lab, "argmax", model=trained, pixels=pixels)["rows"]
    assert len(rows) == 3
    alone = numbers(lab, "sigmoid-softmax", model=trained, pixels=pixels)
    assert rows[0]["z"] == pytest.approx(alone["z"], abs=1e-5)
    assert [len(row["z"]) for row in rows] == [3, 3, 3]
    assert (rows[0]["truth"] is None) == (pixels is not None)
    assert all(row["truth"] for row in rows[1:])


def test_sgd_goes_down_the_bowl_by_its_formula(driver: Driver) -> None:
    body = {"factor": 0.5, "start": [1.0, -2.0]}
    found = driver.ask("/api/lessons/optimizers/numbers", body).json
    sgd = next(each for each in found["paths"] if each["title"] == "SGD")
    steps = np.arange(found["steps"] + 1)
    expected = np.stack([(1 - sgd["rate"] * found["across"]) ** steps, -2 * (1 - sgd["rate"] * found["down"]) ** steps])
    assert sgd["rate"] == pytest.approx(0.05)
    assert np.array(sgd["points"]) == pytest.approx(expected.T)
    x, y = sgd["points"][-1]
    assert sgd["losses"][-1] == pytest.approx((found["across"] * x**2 + found["down"] * y**2) / 2)


@pytest.mark.parametrize(
    "body",
    [{"factor": 0}, {"factor": 11}, {"factor": "1"}, {"factor": True}, {"start": [1]}, {"start": [9, 0]}, {"start": 1}],
)
def test_a_race_out_of_bounds_is_refused(driver: Driver, body: dict[str, Any]) -> None:
    assert driver.ask("/api/lessons/optimizers/numbers", body).status == 422
