"""Every topic with reference models and with a tiny network: all the checks that it shows hold."""

import json
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import scipy.special

import kerasnn
from kerasnn.data.dataset import Dataset, RawDataset, split
from kerasnn.errors import DataError, KerasnnError, ModelFileError, UsageError
from kerasnn.lecture.topics import TOPICS
from kerasnn.records import (
    BarsPicture,
    Check,
    Explanation,
    ImagesPicture,
    LinesPicture,
    Notice,
    plain,
)
from tests.conftest import stripes

NAMES = [topic.name for topic in TOPICS]
REFUSED = {  # a topic that wants a hidden layer, a softmax or a history, and a stage that has none
    ("relu", "sgd"),
    ("relu", "softmax"),
    ("dropout", "sgd"),
    ("dropout", "softmax"),
    ("sigmoid-softmax", "sgd"),
    ("summary", "sgd"),
    ("overfitting", "sgd"),
}


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory, even: Dataset) -> Path:
    """A network 36-8-3 with dropout, trained on stripes, with its card."""
    out = tmp_path_factory.mktemp("runs")
    run = kerasnn.train("dropout", dataset=even, hidden=[8], epochs=3, engine="keras", out=out)
    assert run.model is not None
    return Path(run.model)


def checks_of(explanation: Explanation) -> dict[str, Check]:
    return {check.name: check for section in explanation.sections for check in section.checks}


def test_every_topic_of_the_lecture_is_explained() -> None:
    assert all(find_spec(f"kerasnn.lessons.{topic.lesson}") for topic in TOPICS)
    assert [row.topic for row in kerasnn.topics()] == NAMES
    asked = (
        "normalize linear neuron layers sigmoid-softmax one-hot validation collapse summary relu hyperparameters "
        "optimizers overfitting dropout argmax parameters glossary"
    )
    assert set(asked.split()) == set(NAMES)


@pytest.mark.parametrize("topic", NAMES)
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_on_the_reference_models(topic: str, lang: str) -> None:
    explanation = kerasnn.explain(topic, dataset="garments", index=3, lang=lang)
    assert (explanation.topic, explanation.language) == (topic, lang)
    assert explanation.holds
    checks = checks_of(explanation)
    assert checks
    assert all(check.holds and check.difference <= check.tolerance for check in checks.values())
    assert explanation.statement
    assert explanation.question
    assert explanation.answer
    assert "{" not in explanation.question + explanation.answer + explanation.statement
    pictures = [picture for section in explanation.sections for picture in section.pictures]
    assert pictures
    assert len({picture.name for picture in pictures}) == len(pictures)
    assert json.loads(json.dumps(plain(explanation)))["topic"] == topic


@pytest.mark.parametrize("topic", NAMES)
def test_on_a_network_of_ones_own(topic: str, even: Dataset, tiny_model: Path) -> None:
    explanation = kerasnn.explain(topic, model=tiny_model, dataset=even, index=2)
    assert explanation.holds
    assert all(check.holds for check in checks_of(explanation).values())


@pytest.mark.parametrize("topic", NAMES)
@pytest.mark.parametrize("stage", ["sgd", "softmax", "early-stopping"])
def test_any_model_is_explained_or_refused_with_a_reason(topic: str, stage: str) -> None:
    if (topic, stage) in REFUSED:
        with pytest.raises(UsageError) as refusal:
            kerasnn.explain(topic, model=stage, dataset="garments")
        assert refusal.value.expected is not None
    else:
        explanation = kerasnn.explain(topic, model=stage, dataset="garments")
        assert explanation.holds
        assert explanation.model in (stage, None)


def test_a_check_that_does_not_hold_is_told() -> None:
    from kerasnn.lessons.parts import check

    off = check("off", ("one", [1.0, 2.0]), ("other", [1.0, 2.1]), 0.01)
    assert (off.holds, off.compared) == (False, 2)
    assert off.difference == pytest.approx(0.1)
    assert not check("shapes", ("one", [1.0]), ("other", [1.0, 1.0])).holds
    assert not check("not a number", ("one", float("nan")), ("other", 1.0)).holds


def test_linear_is_the_sum_that_numpy_forms(garments: Dataset) -> None:
    """Outside truth: scipy's softmax of a plain matrix product."""
    from kerasnn.networks.files.open import open_classifier
    from kerasnn.networks.forward import Network
    from kerasnn.runs.reference import model_path

    explanation = kerasnn.explain("linear", dataset=garments, index=5)
    network = open_classifier(model_path("softmax"))
    assert isinstance(network, Network)
    z = garments.test.images[5].reshape(-1) / 255.0 @ network.weights[0].kernel + network.weights[0].bias
    rows = explanation.sections[1].grids[0].rows
    np.testing.assert_allclose([float(str(row[2])) for row in rows], z, atol=1e-4)
    np.testing.assert_allclose([float(str(row[4])) for row in rows], scipy.special.softmax(z), atol=1e-5)
    assert checks_of(explanation)["sum-of-terms"].left_value == pytest.approx(z.max(), abs=1e-4)


def test_parameters_are_counted_as_keras_counts() -> None:
    from kerasnn.lessons.parameters import count

    keras_counts = [kerasnn.build("relu", hidden=list(hidden)).count_params() for hidden in ((100,), (300, 100))]
    assert [count(784, (100,), 10), count(784, (300, 100), 10)] == keras_counts
    answer = kerasnn.explain("parameters", dataset="garments").answer
    assert answer.endswith("= 167,560")


def test_the_pictures_carry_the_numbers(garments: Dataset) -> None:
    explanation = kerasnn.explain("neuron", dataset=garments, index=1)
    pictures = {picture.name: picture for section in explanation.sections for picture in section.pictures}
    image = pictures["image"]
    assert isinstance(image, ImagesPicture)
    assert np.array_equal(np.array(image.tiles[0].values), garments.test.images[1])
    bars = pictures["by-class"]
    assert isinstance(bars, BarsPicture)
    assert len(bars.values) == 10
    curve = pictures["activation"]
    assert isinstance(curve, LinesPicture)
    assert curve.series[0].y == pytest.approx(np.maximum(curve.series[0].x, 0), abs=1e-4)


def test_dropout_switches_off_and_scales() -> None:
    explanation = kerasnn.explain("dropout", dataset="garments")
    (loudest,) = explanation.sections[0].grids
    for _unit, output, mask, passed in loudest.rows:
        assert float(str(passed)) == pytest.approx(float(str(output)) * int(str(mask)) / 0.7, rel=1e-5)


def test_collapsed_layers_are_one(garments: Dataset) -> None:
    from kerasnn.lessons.collapse import collapsed

    random = np.random.default_rng(3)
    shapes = ((5, 4), (4,), (4, 6), (6,), (6, 2), (2,))
    layers = [random.normal(size=shape).astype(np.float32) for shape in shapes]
    inputs = random.normal(size=(7, 5)).astype(np.float32)
    kernel, bias = collapsed(layers)
    values = inputs
    for layer, own in zip(layers[::2], layers[1::2], strict=True):
        values = values @ layer + own
    np.testing.assert_allclose(inputs @ kernel + bias, values, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("words", "kind", "message"),
    [
        ({"topic": "droput"}, UsageError, "there is no topic 'droput'"),
        ({"topic": "linear", "index": 99_999}, UsageError, "there is no test image 99999"),
        ({"topic": "linear", "index": -1}, UsageError, "there is no test image -1"),
        ({"topic": "linear", "model": "nothing"}, ModelFileError, "there is no model 'nothing'"),
        ({"topic": "dropout", "model": "softmax"}, UsageError, "has no hidden layer"),
        ({"topic": "overfitting", "model": "sgd"}, UsageError, "it is not known"),
        ({"topic": "summary", "model": "sgd"}, UsageError, "is a model of scikit-learn"),
        ({"topic": "linear", "dataset": "fashion-mnist"}, DataError, "is missing"),
    ],
)
def test_what_cannot_be_explained_is_told(words: dict[str, str], kind: type[KerasnnError], message: str) -> None:
    with pytest.raises(kind, match=message):
        kerasnn.explain(**{"dataset": "garments", **words})  # type: ignore[arg-type]


def test_images_of_another_size_are_refused(even: Dataset) -> None:
    with pytest.raises(ModelFileError, match="takes images of 784 pixels"):
        kerasnn.explain("linear", model="softmax", dataset=even)


def test_the_lectures_networks_do_not_explain_other_classes(garments: Dataset) -> None:
    digits = replace(garments, info=replace(garments.info, classes=tuple("0123456789"), name="digits"))
    with pytest.raises(ModelFileError, match="'softmax', whose classes are not those of digits") as refused:
        kerasnn.explain("linear", dataset=digits)
    assert refused.value.hint == "train one, then name it: kerasnn explain linear latest"
    assert kerasnn.explain("linear", model="softmax", dataset=digits).holds


def test_of_two_classes_one_output_is_enough(surroundings: Path, quick_engine: None) -> None:
    data = split(RawDataset("two", "two", stripes(60, classes=2), stripes(20, classes=2), ("bag", "shoe")))
    kerasnn.train("softmax", dataset=data, epochs=1)
    answer = kerasnn.explain("one-hot", model="latest", dataset=data).answer or ""
    assert answer.startswith("For two classes one is enough: sigmoid makes it the probability of shoe")


def test_without_data_garments_stand_in_with_a_notice() -> None:
    events: list[object] = []
    explanation = kerasnn.explain("linear", listener=events.append)
    assert explanation.image is not None
    assert explanation.image.stand_in
    assert any(isinstance(event, Notice) and "kerasnn data get" in event.text for event in events)
    assert "stand-in" in explanation.notes[0]


@pytest.mark.parametrize("topic", NAMES)
def test_on_the_real_data(topic: str, real_data: Path) -> None:
    explanation = kerasnn.explain(topic, data_dir=real_data, index=17)
    assert explanation.holds
    assert explanation.notes == ()
