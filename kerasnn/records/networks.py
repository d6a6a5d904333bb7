"""The lecture's stages and the parameter counts of their models."""

from dataclasses import dataclass

from kerasnn.lecture.published import PublishedRange


@dataclass(frozen=True)
class StageRow:
    """One line of `kerasnn stages`. `model`: its Keras layers in one line; `parameters`: for Fashion-MNIST."""

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
    """One layer. `output_shape`: None is the batch dimension. `formula`: how its parameters are counted."""

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
    """A model's layers and parameters as in Keras' `model.summary()`. `stage`: name of the stage or model."""

    stage: str
    input_shape: tuple[int | None, ...]
    layers: tuple[LayerSummary, ...]
    parameters: ParameterCount
