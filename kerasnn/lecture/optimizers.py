"""The optimizers that the lecture offers, as data."""

from dataclasses import dataclass
from typing import Final

SHARED_ARGUMENTS: Final = ("learning_rate",)


@dataclass(frozen=True, kw_only=True)
class Optimizer:
    """One optimizer: its name here and in Keras, its default learning rate, and the settings that only some take."""

    name: str
    keras_class: str
    learning_rate: float
    takes: tuple[str, ...] = ()


OPTIMIZERS: Final = (
    Optimizer(name="sgd", keras_class="SGD", learning_rate=0.01, takes=("momentum", "nesterov")),
    Optimizer(name="adagrad", keras_class="Adagrad", learning_rate=0.001),
    Optimizer(name="rmsprop", keras_class="RMSprop", learning_rate=0.001, takes=("momentum",)),
    Optimizer(name="adam", keras_class="Adam", learning_rate=0.001),
)
OPTIMIZER_BY_NAME: Final = {optimizer.name: optimizer for optimizer in OPTIMIZERS}


def optimizers_taking(setting: str) -> tuple[str, ...]:
    """Return the names of the optimizers that take `setting`, a field of Settings."""
    return tuple(each.name for each in OPTIMIZERS if setting in (*SHARED_ARGUMENTS, *each.takes))
