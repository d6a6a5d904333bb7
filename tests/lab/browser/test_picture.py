"""Pictures in the browser: drawn, dropped, pasted and cleared, and what the network answers."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kerasnn as library
from tests.lab.browser.bench import Bench, expect, until, written

pytestmark = pytest.mark.full
SHIRT = [(0.2, 0.3), (0.8, 0.3), (0.5, 0.35), (0.5, 0.9), (0.4, 0.3)]


def test_a_drawing_is_answered_as_kerasnn_predict_does(bench: Bench, tmp_path: Path) -> None:
    run = bench.choose("softmax").set(epochs=3).train()
    bench.end()
    bench.draw(*SHIRT)
    model = bench.lab.runs / run / "model.keras"

    def is_right() -> bool:
        found = bench.expect_answer()
        assert found["model"] == run
        (truth,) = library.predict(model, [written(tmp_path, bytes(found["bytes"]))])
        difference = np.abs(np.asarray(found["values"]) - 100 * np.asarray(truth.probabilities))
        return found["answer"] in found["names"][truth.label] and bool(difference.max() <= 0.051)

    until(is_right)  # between a picture and its answer, the one before is shown


def test_a_picture_dropped_pasted_and_cleared(bench: Bench, garment: bytes, tmp_path: Path) -> None:
    (truth,) = library.predict("adam", [written(tmp_path, garment)])
    for give in (bench.drop, bench.paste):
        give("garment.png", "image/png", garment)
        until(lambda: bytes(bench.answered()["bytes"]) == garment)  # what was asked before is answered meanwhile
        expect(bench.on(f"probability-{truth.label}")).to_have_attribute(
            "aria-valuenow", f"{100 * truth.probabilities[truth.label]:.1f}"
        )
        bench.expect_answer()
        bench.draw(*SHIRT)
        bench.on("clear-pad").click()
        expect(bench.on("answer")).to_be_empty()
        assert bench.answered()["values"] == [0] * 10


def test_a_picture_that_comes_late_does_not_replace_a_later_one(bench: Bench) -> None:
    late: list[Any] = []

    def hold(route: Any) -> None:
        late.append(route)

    bench.page.route("**/api/images/test*", hold)
    with bench.page.expect_request("**/api/images/test*"):  # the one that the page begins with
        bench.page.reload()
    bench.draw(*SHIRT)
    bench.expect_answer()
    bench.on("clear-pad").click()
    with bench.page.expect_response("**/api/images/test*"):
        late[0].continue_()
    bench.page.wait_for_timeout(500)  # time in which it could be shown and answered
    expect(bench.on("answer")).to_be_empty()


def test_the_keyboard_draws_as_well(bench: Bench) -> None:
    bench.on("draw-pad").focus()
    keyboard = bench.page.keyboard
    with bench.page.expect_response("**/api/predictions*"):
        keyboard.down("Space")
        for _step in range(6):
            keyboard.press("ArrowDown")
        keyboard.up("Space")
    bench.expect_answer()
    keyboard.press("Delete")
    expect(bench.on("answer")).to_be_empty()


@pytest.mark.parametrize(
    ("name", "kind", "content"),
    [
        ("nothing.png", "image/png", b""),
        ("essay.txt", "text/plain", b"a shirt, please"),
        ("half.png", "image/png", b"\x89PNG\r\n\x1a\n"),
    ],
)
def test_a_file_that_is_no_picture_is_refused_in_words(bench: Bench, name: str, kind: str, content: bytes) -> None:
    bench.expected.append("422")
    refused = lambda response: "/api/predictions" in response.url and response.status == 422  # noqa: E731
    with bench.page.expect_response(refused) as answer:
        bench.drop(name, kind, content)
    expect(bench.page.get_by_text(answer.value.json()["error"]["message"])).to_be_visible()
    bench.draw(*SHIRT)
    bench.expect_answer()


def test_drawing_during_a_training_is_answered_by_the_network_that_learns(bench: Bench) -> None:
    run = bench.choose("softmax").train_long()
    bench.draw(*SHIRT)
    assert bench.expect_answer()["model"] == run
    bench.on("clear-pad").click()
    expect(bench.on("answer")).to_be_empty()
    bench.wait_for_epochs(bench.epochs + 1)
    bench.stop()
