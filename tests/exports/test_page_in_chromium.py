"""The exported page in Chromium answers as `kerasnn predict` does, for test images, photographs and drawings."""

import io
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import kerasnn
from benchmarks.photographs import BACKGROUNDS, photograph
from kerasnn.data.pictures import prepare_picture
from kerasnn.lab.units import last_hidden
from kerasnn.lecture.activations import ACTIVATIONS
from kerasnn.networks.effects import pixel_effects
from kerasnn.networks.files.open import open_classifier
from kerasnn.networks.runtime import keras
from tests.conftest import REAL_DATA, stripes
from tests.exports.page import inside, seen
from tests.exports.test_python import designed, saved
from tests.lab.browser.bench import expect

pytestmark = pytest.mark.full
COUNT = 200
DRAWN = [(0.3, 0.3), (0.7, 0.3), (0.7, 0.8), (0.3, 0.8), (0.3, 0.3)]
VIOLATIONS = """() => axe.run().then((found) => found.violations.map((each) =>
  [each.impact, each.id, each.nodes.map((node) => node.html.slice(0, 200))]))"""
Opened = Callable[..., Any]


@pytest.fixture
def opened(chromium: Any) -> Iterator[Opened]:
    """Return what opens an exported page; it may complain of nothing and ask nobody."""
    contexts: list[Any] = []
    said: list[str] = []

    def go(path: str, **options: Any) -> Any:
        contexts.append(chromium.new_context(**options))
        page = contexts[-1].new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: None if _is_own(request.url) else said.append(request.url))
        page.goto(Path(path).absolute().as_uri())
        return page

    yield go
    for each in contexts:
        each.close()
    assert said == []


def _is_own(url: str) -> bool:
    return url.startswith(("file:", "data:", "blob:"))


def png(image: Any) -> bytes:
    content = io.BytesIO()
    (image if isinstance(image, Image.Image) else Image.fromarray(image)).save(content, "png")
    return content.getvalue()


def test_it_answers_as_predict_does(opened: Opened, monkeypatch: pytest.MonkeyPatch, images: Any) -> None:
    if REAL_DATA:
        monkeypatch.setenv("KERASNN_DATA_DIR", REAL_DATA)
    page = opened(kerasnn.export("dropout", to="page", dataset=None if REAL_DATA else "garments").path)
    names = [f"{number}.png" for number in range(COUNT)]
    for name, image in zip(names, images[:COUNT], strict=True):
        Path(name).write_bytes(png(image))
    predicted = kerasnn.predict("dropout", names)
    found = [inside(page, seen(page, Path(name).read_bytes())["pixels"], 0) for name in names]
    answers = [int(np.argmax(each["probabilities"])) for each in found]
    assert answers == [each.label for each in predicted]
    expected = [each.probabilities for each in predicted]
    np.testing.assert_allclose([each["probabilities"] for each in found], expected, atol=1e-5)


@pytest.fixture
def images(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return test images: of the real data if they are there."""
    from kerasnn.data.load import load_for_model, source_of

    if REAL_DATA:
        monkeypatch.setenv("KERASNN_DATA_DIR", REAL_DATA)
    source = source_of(None if REAL_DATA else "garments", None)
    return load_for_model(source, None, (28, 28), lambda _event: None).test.images


def winding_shadow() -> Any:
    """Return a picture of 24 pixels with a mottled shadow, through which soft edges lead further than 24 pixels."""
    picture = np.full((24, 24), 166, np.uint8)
    picture[4:-4, 4:-4] = np.random.default_rng(190).integers(139, 158, (16, 16))
    picture[4:-4, 9:13] = 40
    return picture


@pytest.mark.parametrize(("shape", "background"), [((28, 28), 0), ((28, 28), 250), ((20, 34), 0), ((28, 28), None)])
def test_photographs_are_prepared_as_for_predict(
    shape: tuple[int, int], background: int | None, opened: Opened, images: Any
) -> None:
    page = opened(kerasnn.export("softmax", to="page", dataset="garments").path)
    random = np.random.default_rng(4)
    pictures = [photograph(image, kind, random) for image, kind in zip(images, BACKGROUNDS, strict=False)]
    odd = [each.resize((97, 131)) for each in pictures] + [pictures[0].resize((1201, 903))]
    # of garments, whose shades are flat, other sizes have ties: a rounding decides where the garment ends
    data = [*images[:4]] + [255 - image for image in images[4:8]] if REAL_DATA or shape == (28, 28) else []
    enlarged = [Image.fromarray(each).resize((140, 140), Image.Resampling.LANCZOS) for each in images[:4]]
    noise = random.integers(0, 256, (90, 60)).astype(np.uint8)
    others = [noise, noise * 0, noise[:6, :6], winding_shadow()]
    path = Path("picture.png")
    for picture in [*pictures, *odd, *data, *enlarged, *others]:
        path.write_bytes(png(picture))
        truth = prepare_picture(path, shape=shape, background=background)
        found = seen(page, path.read_bytes(), shape=shape, background=background)
        assert found["codes"] == [str(note.code) for note in truth.notes]
        apart = np.abs(np.reshape(found["pixels"], shape) - truth.pixels.astype(int))
        assert apart.max() <= 1, (found["codes"], apart.max())


def test_a_photograph_in_jpeg_is_nearly_the_same(opened: Opened, images: Any) -> None:
    page = opened(kerasnn.export("softmax", to="page", dataset="garments").path)
    photograph(images[1], "wood", np.random.default_rng(0)).save("picture.jpg", quality=85)
    truth = prepare_picture(Path("picture.jpg"), shape=(28, 28), background=0)
    found = seen(page, Path("picture.jpg").read_bytes())
    assert np.abs(np.reshape(found["pixels"], (28, 28)) - truth.pixels.astype(int)).mean() < 1


def check_inside(page: Any, model: str, expected: Any) -> None:
    """Compare with Keras' probabilities, and with what kerasnn says of hidden units and pixels."""
    classifier = open_classifier(Path(model))
    for image, truth in zip(stripes(40, seed=7).images[:3], expected, strict=False):
        for label in range(classifier.classes):
            found = inside(page, image, label)
            np.testing.assert_allclose(found["probabilities"], truth, atol=2e-6)
            effects = pixel_effects(classifier, image, label)
            assert (found["effects"] is None) == (effects is None)
            if effects is not None:
                np.testing.assert_allclose(found["effects"], effects.ravel(), rtol=1e-3, atol=1e-5)
        hidden = last_hidden(classifier, image[None])
        np.testing.assert_allclose(found["units"], [] if hidden is None else hidden[0], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation(activation: str, npz: Path, opened: Opened) -> None:
    layers = [keras.layers.Dense(5, activation=activation), keras.layers.Dense(3, activation="softmax", use_bias=False)]
    expected = saved(keras.Sequential([keras.Input((6, 6)), keras.layers.Flatten(), *layers]))
    page = opened(kerasnn.export("model.keras", to="page", dataset=npz).path)
    check_inside(page, "model.keras", expected)


OTHERS: dict[str, Callable[[], Any]] = {
    "batch normalization": lambda: designed(hidden=[7, 5], batch_norm=True, activation="elu").layers,
    "rows by themselves": lambda: [
        keras.layers.Dense(4, activation="softmax"),
        keras.layers.BatchNormalization(axis=1, scale=False),
        keras.layers.Flatten(),
        keras.layers.Dense(3, activation="softmax"),
    ],
    "activations as layers": lambda: [
        keras.layers.Rescaling(2.0, offset=-0.5),
        keras.layers.Reshape((36,)),
        keras.layers.Dense(5),
        keras.layers.LeakyReLU(),
        keras.layers.Dense(5),
        keras.layers.ReLU(max_value=0.7, negative_slope=0.1, threshold=0.05),
        keras.layers.Dense(5),
        keras.layers.ELU(0.7),
        keras.layers.Dropout(0.5),
        keras.layers.BatchNormalization(center=False),
        keras.layers.Dense(3),
        keras.layers.Softmax(),
    ],
    "division inside": lambda: [
        keras.layers.Rescaling(1 / 255),
        keras.layers.Flatten(),
        keras.layers.Dense(3, activation="softmax"),
    ],
}


@pytest.mark.parametrize("name", OTHERS)
def test_every_layer(name: str, npz: Path, opened: Opened) -> None:
    model = keras.Sequential([keras.Input((6, 6)), *OTHERS[name]()])
    expected = saved(model)
    if name == "division inside":  # `saved` asks it as if it were outside
        expected = np.asarray(model(stripes(40, seed=7).images))
    page = opened(kerasnn.export("model.keras", to="page", dataset=npz).path)
    check_inside(page, "model.keras", expected)


def test_one_output_and_sigmoids_and_logits(surroundings: Path, npz: Path, opened: Opened) -> None:
    part = stripes(40, classes=2)
    np.savez("two.npz", x_train=part.images, y_train=part.labels, x_test=part.images, y_test=part.labels)
    Path("classes.txt").write_text("one\ntwo\n", encoding="utf-8")
    for units, activation in [(1, "sigmoid"), (2, "sigmoid"), (2, None), (2, "log_softmax")]:
        layers = [keras.layers.Flatten(), keras.layers.Dense(units, activation=activation)]
        model = keras.Sequential([keras.Input((6, 6)), *layers])
        model.compile(loss="binary_crossentropy" if units == 1 else "sparse_categorical_crossentropy")
        says = saved(model)
        powers = np.exp(says)
        expected = {1: np.concatenate([1 - says, says], axis=1)}.get(units, powers / powers.sum(axis=1, keepdims=True))
        if (units, activation) == (2, "sigmoid"):
            expected = says / says.sum(axis=1, keepdims=True)
        page = opened(kerasnn.export("model.keras", to="page", dataset="two.npz", force=True).path)
        check_inside(page, "model.keras", expected)
        draw(page)
        for label in range(2):
            page.get_by_test_id(f"probability-{label}").hover()
            assert "z" in page.get_by_test_id("unit").locator("dt").all_inner_texts()


def test_the_model_of_scikit_learn(npz: Path, opened: Opened) -> None:
    trained = kerasnn.train("sgd", dataset=npz)
    page = opened(kerasnn.export(trained.run, to="page", dataset=npz).path)
    classifier = open_classifier(Path(str(trained.model)))
    check_inside(page, str(trained.model), np.exp(classifier.log_probabilities(stripes(40, seed=7).images)))


def draw(page: Any) -> None:
    box = page.get_by_test_id("draw-pad").bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in DRAWN]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=3)
    page.mouse.up()
    wait(page)


def wait(page: Any) -> None:
    """Wait until what was drawn has been answered: once a frame."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def shown(page: Any) -> list[float]:
    return [float(each.get_attribute("aria-valuenow")) for each in page.get_by_role("meter").all()]


def test_drawn_dropped_and_cleared(opened: Opened) -> None:
    page = opened(kerasnn.export("dropout", to="page", dataset="garments").path, locale="en-US")
    assert page.get_by_text("Draw one of these here:").is_visible()
    draw(page)
    answer = page.get_by_test_id("answer").text_content()
    assert 99 < sum(shown(page)) < 101
    page.get_by_test_id("language").select_option("ko")
    assert page.locator("html").get_attribute("lang") == "ko"
    assert page.get_by_test_id("answer").text_content() != answer
    assert page.get_by_test_id("unit").locator("canvas").is_visible()
    page.get_by_test_id("clear-pad").click()
    wait(page)
    assert page.get_by_test_id("answer").text_content() == ""
    assert sum(shown(page)) == 0
    image = np.zeros((60, 50), np.uint8)
    image[10:50, 10:40] = 220
    Path("a.png").write_bytes(png(image))
    (truth,) = kerasnn.predict("dropout", ["a.png"])
    page.locator("input[type=file]").set_input_files("a.png")
    expect(page.get_by_test_id("answer")).not_to_be_empty()
    np.testing.assert_allclose(shown(page), 100 * np.array(truth.probabilities), atol=0.051)
    Path("no.png").write_text("no picture", encoding="utf-8")
    page.locator("input[type=file]").set_input_files("no.png")
    expect(page.locator("#notice")).to_contain_text("PNG")


@pytest.mark.parametrize("layers", [[keras.layers.Dense(36)], []])
def test_of_many_classes_the_likeliest_are_shown(layers: list[Any], surroundings: Path, opened: Opened) -> None:
    """Also by a network without a unit that could be shown."""
    random = np.random.default_rng(0)
    images, labels = random.integers(0, 255, (108, 6, 6)).astype(np.uint8), np.arange(108) % 36
    np.savez("many.npz", x_train=images, y_train=labels, x_test=images, y_test=labels)
    saved(keras.Sequential([keras.Input((6, 6)), keras.layers.Flatten(), *layers, keras.layers.Softmax()]))
    page = opened(kerasnn.export("model.keras", to="page", dataset="many.npz").path)
    draw(page)
    page.get_by_role("meter").first.hover()
    assert len(shown(page)) == 10
    assert shown(page) == sorted(shown(page), reverse=True)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en-US", "ko-KR"])
def test_for_everyone(theme: str, locale: str, opened: Opened) -> None:
    pytest.importorskip("axe_playwright_python", reason="wants axe-core: pip install axe-playwright-python")
    path = kerasnn.export("dropout", to="page", dataset="garments").path
    for width in (390, 1280, 1920):
        size = {"width": width, "height": 900}
        page = opened(path, locale=locale, color_scheme=theme, viewport=size, reduced_motion="reduce")
        assert page.locator("html").get_attribute("lang") == locale[:2]
        for empty in (True, False):
            if not empty:
                draw(page)
            page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
            assert page.evaluate(VIOLATIONS) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_by_keyboard_alone(opened: Opened) -> None:
    page = opened(kerasnn.export("softmax", to="page", dataset="garments").path)
    page.get_by_test_id("draw-pad").focus()
    page.keyboard.down("Space")
    for _step in range(6):
        page.keyboard.press("ArrowDown")
    page.keyboard.up("Space")
    wait(page)
    assert page.get_by_test_id("answer").text_content()
    page.keyboard.press("Delete")
    wait(page)
    assert page.get_by_test_id("answer").text_content() == ""
