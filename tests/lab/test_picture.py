"""A picture is answered as `kerasnn predict` answers it, and with what its pixels do."""

import threading
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

import kerasnn
from kerasnn.data.dataset import Dataset
from kerasnn.errors import DataError
from kerasnn.lab.predicting import is_drawing
from kerasnn.records.note import sentence
from tests.lab.client import Driver
from tests.lab.test_inside import first_layer

STAGES = ("sgd", "softmax", "hidden", "dropout")


def send_file(page: Driver, content: bytes, **texts: str) -> dict[str, Any]:
    parts = [f'--e\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in texts.items()]
    head = "".join(parts) + '--e\r\nContent-Disposition: form-data; name="picture"; filename="a.png"\r\n\r\n'
    body = head.encode() + content + b"\r\n--e--\r\n"
    answer = page.ask("/api/predictions", body, headers={"content-type": "multipart/form-data; boundary=e"})
    assert answer.status == 200, answer.content
    found: dict[str, Any] = answer.json
    return found


def png(image: NDArray[np.uint8]) -> bytes:
    Image.fromarray(image).save(content := BytesIO(), "PNG")
    return content.getvalue()


def test_pixels_and_files_are_answered_as_predict_answers_them(page: Driver, garments: Dataset) -> None:
    images = [np.ascontiguousarray(image) for image in garments.test.images[:200]]
    paths = [Path(f"{number}.png") for number in range(len(images))]
    for path, image in zip(paths, images, strict=True):
        path.write_bytes(png(image))
    for path, image, wanted in zip(paths, images, kerasnn.predict("dropout", paths), strict=True):
        body = {"model": "dropout", "pixels": image.ravel().tolist()}
        for found in (page.ask("/api/predictions", body).json, send_file(page, path.read_bytes(), model="dropout")):
            assert found["label"] == wanted.label
            assert found["probabilities"] == pytest.approx(wanted.probabilities, abs=1e-6)  # those came in a batch
            assert found["seen"] == np.array(wanted.pixels).ravel().tolist()
            assert found["notes"] == found["sentences"] == [sentence(note) for note in wanted.notes]
            assert len(found["units"]) == 100


def test_only_a_small_png_of_nothing_but_pixels_needs_no_process_of_its_own() -> None:
    drawn = png(np.zeros((112, 112), np.uint8))
    large = drawn[:16] + (1 << 20).to_bytes(4, "big") + drawn[20:]  # announces that width
    text = drawn[:33] + bytes.fromhex("000000007a545874") + bytes(4) + drawn[33:]  # an empty zTXt, behind the header
    photograph = png(np.random.default_rng(0).integers(0, 256, (600, 600), np.uint8))
    jpeg = b"\xff\xd8" + drawn
    assert [
        is_drawing(each)
        for each in (drawn, large, text, photograph, jpeg, drawn[:33] + drawn[8:], drawn[:8], drawn[:20], b"")
    ] == [
        True,
        *[False] * 8,
    ]


def test_a_drawing_is_prepared_and_that_is_said_in_the_language_of_the_page(page: Driver) -> None:
    drawing = np.full((140, 140), 255, np.uint8)
    drawing[30:110, 45:95] = 40  # dark on light, as on paper
    Path("drawing.png").write_bytes(png(drawing))
    (wanted,) = kerasnn.predict("adam", ["drawing.png"])
    found = send_file(page, png(drawing), model="adam")
    assert found["probabilities"] == list(wanted.probabilities)
    assert found["seen"] == np.array(wanted.pixels).ravel().tolist()
    assert max(found["seen"]) > 200
    assert found["sentences"]
    assert "garment" in found["sentences"][0]
    body = {"model": "adam", "pixels": found["seen"]}
    korean = page.ask("/api/predictions?lang=ko", body).json
    assert korean["class_names"][:2] == ["티셔츠", "바지"]
    assert korean["names"] == list(wanted.names)


@pytest.mark.parametrize(
    "wish", [{"effects": -1}, {"effects": "1e3"}, {"effects": [1, 2]}, {"unit": 3}, {"unit": "a,b"}]
)
def test_a_wish_that_means_nothing_is_refused(page: Driver, wish: dict[str, Any]) -> None:
    answer = page.ask("/api/predictions", {"model": "adam", "pixels": [0] * 784, **wish})
    assert answer.status == 422
    assert answer.error["code"] == 2


def test_the_effects_of_a_linear_model_are_the_terms_of_its_sum(page: Driver, garments: Dataset) -> None:
    image = garments.test.images[3]
    for stage in ("sgd", "softmax"):
        kernel, bias = first_layer(stage)
        body = {"model": stage, "pixels": image.ravel().tolist(), "effects": 6, "unit": [0, 6]}
        found = page.ask("/api/predictions", body).json
        np.testing.assert_allclose(found["effects"], image.ravel() / 255 * kernel[:, 6], rtol=1e-3, atol=1e-9)
        assert sum(found["effects"]) + bias[6] == pytest.approx(found["unit"]["z"], abs=1e-2)
        likeliest = send_file(page, png(image), model=stage, effects="answer")
        assert likeliest["effects_label"] == likeliest["label"]


def test_one_photograph_is_prepared_at_a_time(page: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once, most = [], []

    def prepare(*_words: object, **_others: object) -> None:
        at_once.append(1)
        most.append(len(at_once))
        threading.Event().wait(0.02)
        at_once.pop()
        raise DataError("not a picture")

    monkeypatch.setattr("kerasnn.lab.predicting.read_pictures", prepare)
    body = b'--e\r\nContent-Disposition: form-data; name="model"\r\n\r\nsoftmax\r\n'
    body += b'--e\r\nContent-Disposition: form-data; name="picture"; filename="a.png"\r\n\r\nabc\r\n--e--\r\n'
    answers = page.ask_at_once("/api/predictions", body, {"content-type": "multipart/form-data; boundary=e"}, 8)
    assert [each.status for each in answers] == [422] * 8
    assert most == [1] * 8
