"""Layers and their parameter counts, compared with Keras."""

import pytest

import kerasnn
from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.lecture.stages import STAGES
from kerasnn.networks.architecture import design
from kerasnn.networks.builders import build

KERAS_STAGES = [stage.name for stage in STAGES if stage.library == "keras"]


@pytest.mark.parametrize("stage", KERAS_STAGES)
@pytest.mark.parametrize(
    ("overrides", "shape", "classes"),
    [
        ({}, (28, 28), 10),
        ({"hidden": [7, 5], "dropout": 0.5}, (28, 28), 10),
        ({}, (5, 9), 3),
        ({"batch_norm": True}, (5, 9), 3),
        ({"batch_norm": True, "hidden": [7, 5], "dropout": 0.5}, (5, 9), 3),
        ({"hidden": [3]}, (1, 1), 2),
    ],
)
def test_the_summary_is_keras_own(
    stage: str, overrides: dict[str, object], shape: tuple[int, int], classes: int
) -> None:
    settings, _ = resolve(find_stage(stage), overrides)
    architecture = design(settings, image_shape=shape, classes=classes)
    model = build(architecture)
    summary = architecture.summary(stage)
    assert summary.parameters.total == model.count_params()
    fixed = sum(weight.shape[0] for weight in model.non_trainable_weights)
    assert (summary.parameters.trainable, summary.parameters.non_trainable) == (model.count_params() - fixed, fixed)
    assert summary.input_shape == tuple(model.input_shape)
    assert len(summary.layers) == len(model.layers)
    for ours, keras_layer in zip(summary.layers, model.layers, strict=True):
        assert (ours.name, ours.type) == (keras_layer.name, type(keras_layer).__name__)
        assert ours.output_shape == tuple(keras_layer.output.shape)
        assert ours.parameters == keras_layer.count_params()


@pytest.mark.parametrize("stage", KERAS_STAGES)
def test_keras_prints_the_same_figures(stage: str) -> None:
    lines: list[str] = []
    kerasnn.build(stage).summary(print_fn=lambda text, **_: lines.append(text))
    text = "\n".join(lines)
    count = kerasnn.summary(stage).parameters
    assert f"Trainable params: {count.trainable:,} " in text
    assert f"Non-trainable params: {count.non_trainable:,} " in text


@pytest.mark.parametrize(
    ("stage", "parameters"),
    [("sgd", 7_850), ("softmax", 7_850), ("hidden", 79_510), ("relu", 79_510), ("adam", 79_510), ("dropout", 79_510)],
)
def test_the_lectures_counts(stage: str, parameters: int) -> None:
    assert kerasnn.summary(stage).parameters.total == parameters


def test_the_slides_arithmetic() -> None:
    formulas = [layer.formula for layer in kerasnn.summary("hidden").layers]
    assert formulas == ["784 x 100 + 100 = 78,500", "100 x 10 + 10 = 1,010"]


def test_none_is_the_batch_dimension() -> None:
    summary = kerasnn.summary("relu")
    assert summary.input_shape == (None, 28, 28)
    assert [layer.output_shape for layer in summary.layers] == [(None, 784), (None, 100), (None, 10)]
