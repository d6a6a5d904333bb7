"""The lecture's stages and their models, counted."""

from dataclasses import dataclass

from kerasnn.lecture.published import PublishedRange


@dataclass(frozen=True)
class StageRow:
    """One line of `kerasnn stages`; `model` in one line of Keras' words, `parameters` on Fashion-MNIST."""

    stage: str
    title: str
    step: str
    model: str
    optimizer: str
    epochs: int
    batch_size: int
    parameters: int
    published: PublishedRange | None


@dataclass(frozen=True)
class LayerSummary:
    """One layer: its output shape (None: the batch dimension) and how its parameters are counted."""

    name: str
    type: str
    output_shape: tuple[int | None, ...]
    parameters: int
    formula: str


@dataclass(frozen=True)
class ParameterCount:
    total: int
    trainable: int
    non_trainable: int


@dataclass(frozen=True)
class ModelSummary:
    """A model's layers as Keras' `model.summary()` counts them. `stage`: the stage or the model's name."""

    stage: str
    input_shape: tuple[int | None, ...]
    layers: tuple[LayerSummary, ...]
    parameters: ParameterCount
