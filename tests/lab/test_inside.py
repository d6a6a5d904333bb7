"""What the lab shows of the inside of a network, computed a second time with NumPy."""

import asyncio
import json
import time
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from kerasnn.data.dataset import Dataset
from kerasnn.lab.looks import Looks
from kerasnn.lab.models import Model
from kerasnn.lecture.activations import softmax
from kerasnn.networks.classifier import Classifier
from kerasnn.networks.files.open import open_classifier
from kerasnn.networks.forward import Network, OneVsRest
from kerasnn.runs import reference
from tests.lab.client import Answer, Driver

STAGES = ("sgd", "softmax", "hidden", "dropout")


def split_answer(answer: Answer) -> tuple[dict[str, Any], bytes]:
    line, _end, content = answer.content.partition(b"\n")
    return json.loads(line), content


def first_layer(stage: str) -> tuple[NDArray[Any], NDArray[Any]]:
    model = open_classifier(reference.model_path(stage))
    if isinstance(model, OneVsRest):
        return model.coefficients.T, model.intercepts
    assert isinstance(model, Network)
    return model.weights[0].kernel, model.weights[0].bias


@pytest.mark.parametrize("stage", STAGES)
def test_weights_are_bytes_of_one_scale(page: Driver, stage: str) -> None:
    about, content = split_answer(page.ask(f"/api/models/{stage}/weights"))
    kernel, _bias = first_layer(stage)
    sent = np.frombuffer(content, np.int8).reshape(about["shown"], -1) * about["limit"] / 127
    assert sent.shape == kernel.T.shape
    assert about["layers"][0]["units"] == kernel.shape[1]
    clipped = np.clip(kernel.T, -about["limit"], about["limit"])
    assert np.abs(sent - clipped).max() <= about["limit"] / 127 / 2 * 1.001
    assert 0.99 < (np.abs(kernel) <= about["limit"]).mean() <= 0.9951


@pytest.mark.parametrize("stage", STAGES)
def test_the_confusion_matrix_counts_the_validation_images(page: Driver, garments: Dataset, stage: str) -> None:
    found = page.ask(f"/api/models/{stage}/answers").json
    part = garments.validation
    network = open_classifier(reference.model_path(stage))
    answers = network.log_probabilities(part.images).argmax(axis=1)
    wanted = np.zeros((10, 10), int)
    np.add.at(wanted, (part.labels, answers), 1)
    assert found["confusion"] == wanted.tolist()
    assert found["images"] == len(part)
    assert found["accuracy"] == pytest.approx(np.trace(wanted) / len(part))
    assert found["wall"] == answers[:60].tolist()
    truth, answer = np.unravel_index((wanted - np.diag(np.diag(wanted))).argmax(), wanted.shape)
    cell = page.ask(f"/api/models/{stage}/answers/{truth}/{answer}").json
    assert cell["count"] == wanted[truth, answer]
    places = [place for place in range(len(part)) if (part.labels[place], answers[place]) == (truth, answer)]
    assert cell["images"] == places[:12]
    about, pixels = split_answer(page.ask(f"/api/images/validation?at={','.join(map(str, cell['images']))}"))
    assert about["labels"] == [truth] * len(cell["images"])
    assert pixels == part.images[cell["images"]].tobytes()


@pytest.mark.parametrize(("stage", "layer", "unit"), [("sgd", 0, 3), ("hidden", 0, 7), ("hidden", 1, 9)])
def test_a_unit_shows_its_weights_and_what_excites_it(
    page: Driver, garments: Dataset, monkeypatch: pytest.MonkeyPatch, stage: str, layer: int, unit: int
) -> None:
    monkeypatch.setattr("kerasnn.networks.classifier.BATCH", 70)  # of the images, several batches
    found = page.ask(f"/api/models/{stage}/units/{layer}/{unit}").json
    values = garments.validation.images.reshape(-1, 784) / 255.0
    kernel, bias = first_layer(stage)
    if layer == 1:
        model = open_classifier(reference.model_path(stage))
        assert isinstance(model, Network)
        values = 1 / (1 + np.exp(-(values @ kernel + bias)))  # the stage's activation is sigmoid
        kernel, bias = model.weights[1]
    z = values @ kernel + bias
    outputs = softmax(z) if layer == 1 else 1 / (1 + np.exp(-z))
    assert found["bias"] == float(bias[unit])
    np.testing.assert_allclose(found["weights"], kernel[:, unit], rtol=1e-3)
    assert found["images"] == np.argsort(-z[:, unit], kind="stable")[:12].tolist()
    np.testing.assert_allclose(found["outputs"], outputs[found["images"], unit], rtol=1e-4)
    assert found["active"] == pytest.approx((outputs[:, unit] >= 0.01).mean(), abs=1e-3)
    image = garments.validation.images[found["images"][0]]
    body = {"model": stage, "pixels": image.ravel().tolist(), "unit": [layer, unit]}
    now = page.ask("/api/predictions", body).json["unit"]
    assert now["z"] == pytest.approx(z[found["images"][0], unit], rel=1e-4)
    assert now["output"] == pytest.approx(found["outputs"][0], rel=1e-4)


@pytest.mark.parametrize(
    "path",
    [
        "/api/models/nothing/weights",
        "/api/models/..%2F..%2Fetc/answers",
        "/api/models/hidden/units/2/0",
        "/api/models/hidden/units/0/100",
        "/api/models/hidden/answers/0/10",
        "/api/images/train?at=0",
        "/api/images/validation?at=-1",
        "/api/images/validation",
        "/api/images/test?at=99999999999999999999",
        f"/api/images/test?at={','.join('0' * 101)}",
    ],
)
def test_what_is_not_there_is_refused(page: Driver, path: str) -> None:
    assert page.ask(path).status in (404, 422) or page.ask(path).json == {"images": [], "count": 0}


def test_all_who_look_at_a_changing_network_share_its_next_computation() -> None:
    networks = [OneVsRest(np.full((3, 4), number, np.float32), np.zeros(3, np.float32)) for number in range(50)]
    found, computed = iter(networks), []

    def find() -> Model:
        return Model("run", next(found), ("a", "b", "c"), (2, 2), 0, is_live=True)  # as if it changed at every look

    def compute(classifier: Classifier) -> float:
        computed.append(classifier)
        time.sleep(0.05)
        return classifier.parameters

    async def together() -> list[Any]:
        looks = Looks(rest=2.0)
        first = await looks.ask(find, "answers", compute)
        began = time.monotonic()
        rest = await asyncio.gather(*(looks.ask(find, "answers", compute) for _page in range(40)))
        assert time.monotonic() - began > 0.1  # after a rest
        return [first, *rest]

    answers = asyncio.run(together())
    assert len(computed) == 2
    assert all(found == 15 for _model, found in answers)
    assert all(model.classifier is computed[1] for model, _found in answers[1:])
