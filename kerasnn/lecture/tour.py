"""The lecture from its first slide to its last, as a tour goes: ideas, and the stages trained in between."""

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True)
class Stop:
    """An idea to be worked out, or a stage to be trained; `before`: the stage that it is held against."""

    kind: Literal["idea", "stage"]
    name: str
    before: str | None = None


TOUR: Final = (
    Stop("idea", "normalize"),
    Stop("stage", "sgd"),
    Stop("idea", "glossary"),
    Stop("idea", "neuron"),
    Stop("idea", "validation"),
    Stop("idea", "layers"),
    Stop("idea", "sigmoid-softmax"),
    Stop("idea", "one-hot"),
    Stop("stage", "softmax", before="sgd"),
    Stop("idea", "linear"),
    Stop("idea", "collapse"),
    Stop("stage", "hidden", before="softmax"),
    Stop("idea", "summary"),
    Stop("idea", "parameters"),
    Stop("stage", "relu", before="hidden"),
    Stop("idea", "relu"),
    Stop("idea", "hyperparameters"),
    Stop("idea", "optimizers"),
    Stop("stage", "adam", before="relu"),
    Stop("stage", "overfit", before="adam"),
    Stop("idea", "overfitting"),
    Stop("stage", "dropout", before="overfit"),
    Stop("idea", "dropout"),
    Stop("stage", "early-stopping", before="dropout"),
    Stop("idea", "argmax"),
)
