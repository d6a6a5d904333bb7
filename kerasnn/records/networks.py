"""The lecture's stages, and models: layers, parameters, drawings and weights."""

from dataclasses import dataclass, field
from typing import Any

from kerasnn.lecture.stages import PublishedRange
from kerasnn.records.note import Note
from kerasnn.records.serialize import LEFT_OUT
from kerasnn.records.shown import Shown


@dataclass(frozen=True)
class StageRow(Shown, brief=("stage", "optimizer", "parameters")):
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
class ModelSummary(Shown, brief=("stage", "layers", "parameters.total")):
    """A model's layers and parameters as in Keras' `model.summary()`. `stage`: name of the stage or model."""

    stage: str
    input_shape: tuple[int | None, ...]
    layers: tuple[LayerSummary, ...]
    parameters: ParameterCount
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class DiagramLayer:
    """One column of a drawing. `activation`: None for the input. `dropout`: fraction dropped during training.

    `normalization`: number of parameters of a BatchNormalization of its outputs. `labels`: the class of each unit;
    empty if units have no names.
    """

    name: str
    units: int
    activation: str | None = None
    dropout: float = 0.0
    normalization: int = 0
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Diagram(Shown, brief=("name", "layers", "parameters")):
    """A fully connected network. `image_shape`: rows and columns, if a Flatten layer unrolls images.

    `weights`: for each pair of neighbouring layers the kernel, float32 of shape (inputs, units), and the bias of
    shape (units,); empty for an untrained network, and not in JSON.
    """

    name: str
    image_shape: tuple[int, int] | None
    layers: tuple[DiagramLayer, ...]
    parameters: int
    weights: tuple[tuple[Any, Any], ...] = field(default=(), metadata=LEFT_OUT, repr=False)
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class OutgoingWeight:
    """The weight from a hidden unit to the unit `name` of the next layer."""

    name: str
    weight: float


@dataclass(frozen=True)
class UnitWeights(Shown, brief=("unit", "name", "strength")):
    """A unit of the first layer: its bias, its smallest and largest weight.

    `strength`: root mean square of its incoming weights, times that of its outgoing weights. `reaches`: its outgoing
    weights, strongest first; empty for an output unit. `weights`: rows and columns as in the image; not in JSON.
    """

    unit: int
    name: str
    bias: float
    smallest: float
    largest: float
    strength: float
    reaches: tuple[OutgoingWeight, ...]
    weights: tuple[tuple[float, ...], ...] = field(metadata=LEFT_OUT, repr=False)


@dataclass(frozen=True)
class WeightMaps(Shown, brief=("model", "layer", "units")):
    """The weights of the first layer of `model`; `outputs`: True if its units are the classes."""

    model: str
    path: str
    layer: str
    outputs: bool
    units: tuple[UnitWeights, ...]
    notes: tuple[Note, ...] = ()
