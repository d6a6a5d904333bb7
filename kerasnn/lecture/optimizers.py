"""The optimizers as data: their names in other libraries, their update rules, and how the race shows them.

To add one, add its update rule and a row to OPTIMIZERS: flags, training, scripts, the race and the lessons iterate over
the rows. NumPy is imported only on first use, because `--help` imports this module.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

from kerasnn.language import N_

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Values = NDArray[np.floating[Any]]

EPSILON: Final = 1e-7  # as in Keras
MOMENTUM: Final = 0.9  # the usual value
COMMON_SETTINGS: Final = ("learning_rate",)  # taken by every optimizer


class Rule(Protocol):
    """An update rule in NumPy, with its state for each weight. Gradients, steps and weights have the same shape."""

    @property
    def rates(self) -> "Values | float":
        """The learning rate of the last step, for each weight."""

    def step(self, slope: "Values") -> "Values":
        """Return what to add to the weights, given the gradient of the loss."""


@dataclass
class SGD:
    """w <- w - rate * slope. Momentum adds a fraction of the last step; Nesterov looks ahead by that fraction first."""

    rate: float = 0.01
    momentum: float = 0.0
    nesterov: bool = False
    last: "Values | float" = 0.0

    @property
    def rates(self) -> "Values | float":
        return self.rate

    def step(self, slope: "Values") -> "Values":
        self.last = self.momentum * self.last - self.rate * slope
        # Nesterov adds the velocity's next move at once
        return self.momentum * self.last - self.rate * slope if self.nesterov else self.last


@dataclass
class Adagrad:
    """Divides the rate by the root of the sum of all squared slopes so far, so the rate of a weight only shrinks."""

    rate: float = 0.001
    total: "Values | float" = 0.1  # where Keras starts

    @property
    def rates(self) -> "Values | float":
        return self.rate / _root(self.total + EPSILON)

    def step(self, slope: "Values") -> "Values":
        self.total = self.total + slope**2
        return -self.rates * slope


@dataclass
class RMSprop:
    """Like Adagrad, but with a running mean of the squared slopes, a tenth of which is replaced at every step."""

    rate: float = 0.001
    rho: float = 0.9
    mean: "Values | float" = 0.0

    @property
    def rates(self) -> "Values | float":
        return self.rate / _root(self.mean + EPSILON)

    def step(self, slope: "Values") -> "Values":
        self.mean = self.rho * self.mean + (1 - self.rho) * slope**2
        return -self.rates * slope


@dataclass
class Adam:
    """RMSprop applied to a running mean of the slopes; both means are corrected for starting at 0."""

    rate: float = 0.001
    beta_1: float = 0.9
    beta_2: float = 0.999
    slopes: "Values | float" = 0.0
    squares: "Values | float" = 0.0
    count: int = 0

    @property
    def rates(self) -> "Values | float":
        # math.sqrt gives a Python float; NumPy's float64 would turn float32 arrays into float64
        rate = self.rate * math.sqrt(1 - self.beta_2**self.count) / (1 - self.beta_1**self.count)
        return rate / (_root(self.squares) + EPSILON)

    def step(self, slope: "Values") -> "Values":
        self.count += 1  # before `rates`, which divide by 0 at 0
        self.slopes = self.beta_1 * self.slopes + (1 - self.beta_1) * slope
        self.squares = self.beta_2 * self.squares + (1 - self.beta_2) * slope**2
        return -self.rates * self.slopes


def _root(values: Any) -> "Values":
    import numpy as np

    root: Values = np.sqrt(values)
    return root


@dataclass(frozen=True)
class Variant:
    """An optimizer with certain settings, as the race and the lessons compare them.

    `name`: in the race. `title`: for a reader. `formula`: the change of a weight. `bowl_rate`: a learning rate that
    suits the bowl of `kerasnn.training.bowl`. `settings`: those that differ from the optimizer's defaults.
    """

    name: str
    title: str
    formula: str
    bowl_rate: float
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Optimizer:
    """One optimizer.

    `keras_class`: its class in `keras.optimizers`, also its name for a reader. `learning_rate`: Keras' default.
    `takes`: the settings it takes in addition to COMMON_SETTINGS. `bounds_steps`: True if even the largest gradient
    makes only a small step. `harmful`: how many times the usual learning rate made every measured training worse
    (docs/numbers.md); None if no such rate is known, as of plain SGD, which 10 times the usual improves. `rule`: its
    update rule, called with `rate` and the settings of a variant. `effective_rate`: a function that returns the step of
    each weight divided by its gradient; it takes Keras' optimizer, and a function that returns one of the optimizer's
    variables by name. `pytorch`: its class in `torch.optim`, with the arguments that make it compute the same as
    Keras', unless `scripts/pytorch_optimizers.py` writes the rule out; None if there is none. `scikit_learn`: the
    solver of MLPClassifier; None if there is none.
    """

    name: str
    keras_class: str
    learning_rate: float
    rule: Callable[..., Rule]
    effective_rate: Callable[[Any, Callable[[str], Any]], Any]
    variants: tuple[Variant, ...]
    takes: tuple[str, ...] = ()
    bounds_steps: bool = False
    harmful: float | None = None
    pytorch: tuple[str, ...] | None = None
    scikit_learn: Literal["sgd", "adam"] | None = None


def _rate(optimizer: Any) -> float:
    return float(optimizer.learning_rate)


def _adam_rate(optimizer: Any, remembered: Callable[[str], Any]) -> Any:
    steps = int(optimizer.iterations)
    correction = _root(1 - optimizer.beta_2**steps) / (1 - optimizer.beta_1**steps)  # both means started at 0
    return _rate(optimizer) * correction / (_root(remembered("velocity")) + optimizer.epsilon)


OPTIMIZERS: Final = (
    Optimizer(
        name="sgd",
        keras_class="SGD",
        learning_rate=0.01,
        takes=("momentum", "nesterov"),
        rule=SGD,
        # with a constant gradient, momentum makes the steps grow to 1 / (1 - momentum) times the first
        effective_rate=lambda optimizer, _remembered: _rate(optimizer) / (1 - optimizer.momentum),
        pytorch=("SGD",),
        scikit_learn="sgd",
        variants=(
            Variant("sgd", "SGD", N_("-rate g"), 0.1),
            Variant("momentum", "SGD, momentum 0.9", N_("v' = 0.9 v - rate g"), 0.02, {"momentum": MOMENTUM}),
            Variant("nesterov", "SGD, Nesterov", N_("0.9 v' - rate g"), 0.02, {"momentum": MOMENTUM, "nesterov": True}),
        ),
    ),
    Optimizer(
        name="adagrad",
        keras_class="Adagrad",
        learning_rate=0.001,
        rule=Adagrad,
        effective_rate=lambda optimizer, remembered: (
            _rate(optimizer) / _root(remembered("accumulator") + optimizer.epsilon)
        ),
        pytorch=("Adagrad", "initial_accumulator_value=0.1 + 1e-7", "eps=0"),  # Keras' epsilon is inside the root
        variants=(Variant("adagrad", "Adagrad", N_("-rate g / root of (0.1 + sum of g^2)"), 0.5),),
    ),
    Optimizer(
        name="rmsprop",
        keras_class="RMSprop",
        learning_rate=0.001,
        takes=("momentum",),
        harmful=10,
        rule=RMSprop,
        effective_rate=lambda optimizer, remembered: (
            _rate(optimizer) / (1 - optimizer.momentum) / _root(remembered("velocity") + optimizer.epsilon)
        ),
        pytorch=("RMSprop",),
        variants=(Variant("rmsprop", "RMSprop", N_("-rate g / root of m', m' = 0.9 m + 0.1 g^2"), 0.05),),
    ),
    Optimizer(
        name="adam",
        keras_class="Adam",
        learning_rate=0.001,
        bounds_steps=True,  # a mean of slopes divided by the root of a mean of their squares: about 1 at most
        harmful=10,
        rule=Adam,
        effective_rate=_adam_rate,
        pytorch=("Adam",),
        scikit_learn="adam",
        variants=(Variant("adam", "Adam", N_("-rate (mean of g) / root of (mean of g^2), corrected"), 0.2),),
    ),
)
OPTIMIZER_BY_NAME: Final = {optimizer.name: optimizer for optimizer in OPTIMIZERS}
VARIANTS: Final = tuple((optimizer, variant) for optimizer in OPTIMIZERS for variant in optimizer.variants)
CONTENDERS: Final[Mapping[str, Mapping[str, Any]]] = {
    variant.name: {"optimizer": optimizer.name, **variant.settings} for optimizer, variant in VARIANTS
}
OPTIMIZER_SETTINGS: Final = frozenset({"optimizer", *COMMON_SETTINGS}.union(*(each.takes for each in OPTIMIZERS)))


def optimizers_taking(setting: str) -> tuple[str, ...]:
    """Return the names of the optimizers that take `setting`, a field of Settings."""
    return tuple(each.name for each in OPTIMIZERS if setting in (*COMMON_SETTINGS, *each.takes))
