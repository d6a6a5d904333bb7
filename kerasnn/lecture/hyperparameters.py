"""The hyperparameters: their values (Settings), and all that is known about each of them, as data (HYPERPARAMETERS).

To add one, add a field to Settings, a key to Overrides and a row to HYPERPARAMETERS, then use the field where the
network is built or trained. Flags, help, validation, labels, reports and tables of settings iterate over the rows.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import isfinite
from numbers import Real
from typing import Any, Final, Literal, TypedDict

from kerasnn.language import N_, _
from kerasnn.lecture.optimizers import COMMON_SETTINGS, OPTIMIZER_BY_NAME, Optimizer, optimizers_taking

Library = Literal["keras", "scikit-learn"]

SEED: Final = 42
# Keras' initialisers of a Dense layer's weights; its biases begin at 0
INITIALIZERS: Final = (
    *("glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "lecun_uniform", "lecun_normal"),
    *("random_uniform", "random_normal", "zeros", "ones"),
)
HIDDEN_ACTIVATIONS: Final = ("relu", "sigmoid", "tanh", "linear", "leaky_relu", "elu", "silu")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The value of every hyperparameter of a training, in Keras' words.

    `hidden`: units of each hidden layer, from the input on. `dropout`: fraction of a hidden layer's outputs set to
    0 while training. `batch_norm`: every Dense layer receives normalised values. `flatten`: images enter as rows and
    columns, and a Flatten layer unrolls them; otherwise they enter unrolled. `initializer`: how Keras draws the weights
    that training begins with. `learning_rate`: None if the library
    chooses it step by step. `patience`: after that many epochs without a lower validation loss, training stops and
    goes back to the best epoch; None trains all epochs.
    """

    hidden: tuple[int, ...] = ()
    activation: str = "relu"
    dropout: float = 0.0
    batch_norm: bool = False
    flatten: bool = False
    initializer: str = INITIALIZERS[0]
    optimizer: str = "rmsprop"
    learning_rate: float | None = 0.001  # RMSprop's own
    momentum: float = 0.0
    nesterov: bool = False
    epochs: int = 5
    batch_size: int = 32
    patience: int | None = None
    seed: int = SEED


class Overrides(TypedDict, total=False):
    """The settings that a caller may change by keyword: `train("adam", epochs=3)`. None keeps the stage's own value."""

    hidden: Sequence[int] | None
    activation: str | None
    dropout: float | None
    batch_norm: bool | None
    initializer: str | None
    optimizer: str | None
    learning_rate: float | None
    momentum: float | None
    nesterov: bool | None
    epochs: int | None
    batch_size: int | None
    patience: int | None
    seed: int | None


@dataclass(frozen=True)
class Limits:
    """The range of a number, from `low` to `high`. `open_low` excludes `low` itself; `whole` asks for an integer."""

    low: float
    high: float
    whole: bool
    open_low: bool = False

    def hold(self, value: Any) -> bool:
        """Return whether `value` is a finite number in the range."""
        if isinstance(value, bool) or not isinstance(value, Real):
            return False  # Python counts True as the number 1
        try:
            number = float(value)
        except OverflowError:  # of an integer with hundreds of digits
            return False
        if not isfinite(number):
            return False
        if self.whole and number != int(number):
            return False
        return self.low <= number <= self.high and not (self.open_low and number == self.low)

    def __str__(self) -> str:
        low, high = (f"{bound:,.10g}" for bound in (self.low, self.high))
        if self.whole:
            return _("a whole number from {low} to {high}", low=low, high=high)
        if self.open_low:
            return _("a number above {low}, at most {high}", low=low, high=high)
        return _("a number from {low} to {high}", low=low, high=high)


@dataclass(frozen=True)
class Hyperparameter:
    """What is known about one field of Settings.

    `label`: its name for a reader. `kind`: the type of its value, or of each of several values. A number has `limits`,
    a word has `choices`. `shapes_network`: True if the network is built from it, so that another value needs other
    weights or another forward pass. `optimizers`: those that take it; empty if all do. `help` may have the placeholder
    {names}, for the choices or the optimizers. `most`: how often its flag may be repeated; 0 for a single value.
    `hidden_only`: it concerns only hidden layers. `needs`: another setting without which it does nothing. `settable`:
    False if only the stage decides. `example`: a usual value, to show where a wrong one was given.
    """

    name: str
    label: str
    kind: type[int] | type[float] | type[str] | type[bool]
    help: str = ""
    limits: Limits | None = None
    metavar: str = ""
    choices: tuple[str, ...] = ()
    shapes_network: bool = False
    aliases: tuple[str, ...] = ()
    libraries: tuple[Library, ...] = ("keras",)
    optimizers: tuple[str, ...] = ()
    most: int = 0
    hidden_only: bool = False
    needs: str = ""
    settable: bool = True
    example: str = ""

    @property
    def flag(self) -> str:
        """The flag on the command line."""
        return "--" + self.name.replace("_", "-")

    @property
    def group(self) -> str:
        """The panel of the help that shows the flag, to be translated."""
        return _MODEL if self.shapes_network else _TRAINING

    @property
    def names(self) -> str:
        """The words that replace {names} in the help."""
        return ", ".join(self.choices or self.optimizers)


_MODEL: Final = N_("Model (each flag overrides the stage's own value)")
_TRAINING: Final = N_("Training (each flag overrides the stage's own value)")
_ANY_LIBRARY: Final[tuple[Library, ...]] = ("keras", "scikit-learn")
HYPERPARAMETERS: Final = (
    Hyperparameter(
        "hidden",
        N_("hidden units"),
        int,
        N_("Units of a hidden layer; 200,50 makes two layers."),
        Limits(1, 100_000, whole=True),
        "UNITS",
        shapes_network=True,
        most=20,
        example="100",
    ),
    Hyperparameter(
        "activation",
        N_("activation"),
        str,
        N_("Activation of the hidden layers: {names}."),
        metavar="NAME",
        choices=HIDDEN_ACTIVATIONS,
        shapes_network=True,
        hidden_only=True,
    ),
    Hyperparameter(
        "dropout",
        N_("dropout"),
        float,
        N_("Fraction of hidden outputs dropped during training, 0 to 0.99."),
        Limits(0, 0.99, whole=False),
        "FRACTION",
        shapes_network=True,
        hidden_only=True,
        example="0.3",
    ),
    Hyperparameter(
        "batch_norm",
        N_("batch normalization"),
        bool,
        N_("Normalise the inputs of each Dense layer, batch by batch."),
        shapes_network=True,
    ),
    Hyperparameter("flatten", N_("flatten"), bool, shapes_network=True, settable=False),
    Hyperparameter(
        "initializer",
        N_("initial weights"),
        str,
        N_("How the initial weights are drawn: {names}."),
        metavar="NAME",
        choices=INITIALIZERS,
    ),
    Hyperparameter(
        "optimizer", N_("optimizer"), str, N_("One of {names}."), metavar="NAME", choices=tuple(OPTIMIZER_BY_NAME)
    ),
    Hyperparameter(
        "learning_rate",
        N_("learning rate"),
        float,
        N_("Step size of the optimizer; default: the optimizer's own."),
        Limits(0, 1_000, whole=False, open_low=True),
        "RATE",
        aliases=("lr",),
        example="0.001",
    ),
    Hyperparameter(
        "momentum",
        N_("momentum"),
        float,
        N_("Fraction of the previous step added to the next; for {names}."),
        Limits(0, 0.9999, whole=False),  # at 1 the steps would never fade
        "FRACTION",
        optimizers=optimizers_taking("momentum"),
        example="0.9",
    ),
    Hyperparameter(
        "nesterov",
        N_("nesterov"),
        bool,
        N_("Use Nesterov momentum; for {names}."),
        optimizers=optimizers_taking("nesterov"),
        needs="momentum",
    ),
    Hyperparameter(
        "epochs",
        N_("epochs"),
        int,
        N_("Passes over the training images."),
        Limits(1, 10_000, whole=True),
        "N",
        libraries=_ANY_LIBRARY,
        example="5",
    ),
    Hyperparameter(
        "batch_size",
        N_("batch size"),
        int,
        N_("Training images per step."),
        Limits(1, 1_000_000, whole=True),
        "N",
        example="32",
    ),
    Hyperparameter(
        "patience",
        N_("patience"),
        int,
        N_("Stop after N epochs without a lower validation loss and go back to the best epoch."),
        Limits(0, 10_000, whole=True),
        "N",
        example="2",
    ),
    Hyperparameter(
        "seed",
        N_("seed"),
        int,
        N_("Random seed for weights, shuffling and dropout."),
        Limits(0, 2**32 - 1, whole=True),  # np.random.seed, which Keras calls, takes no more
        "N",
        libraries=_ANY_LIBRARY,
        example="42",
    ),
)
HYPERPARAMETER_BY_NAME: Final = {row.name: row for row in HYPERPARAMETERS}
SETTABLE: Final = {row.name: row for row in HYPERPARAMETERS if row.settable}
NETWORK_SETTINGS: Final = frozenset(row.name for row in HYPERPARAMETERS if row.shapes_network)  # what `design` reads


def format_value(value: object) -> str:
    """Return the value of a setting as a reader sees it: `100 50`, `0.001`, `yes`; `-` for None."""
    if value is None:
        return "-"
    if isinstance(value, bool):  # before numbers: True is an int
        return _("yes") if value else _("no")
    if isinstance(value, (tuple, list)):
        return " ".join(map(str, value)) or _("none")
    return f"{value:g}" if isinstance(value, float) else str(value)


def optimizer_settings(settings: Settings) -> tuple[Optimizer, dict[str, Any]]:
    """Return the optimizer that `settings` name, and those arguments of its Keras class that are set."""
    optimizer = OPTIMIZER_BY_NAME[settings.optimizer]
    values = {name: getattr(settings, name) for name in (*COMMON_SETTINGS, *optimizer.takes)}
    return optimizer, {name: value for name, value in values.items() if value}  # 0 and False are Keras' defaults


def changed_beyond(settings: Settings, known: Collection[str]) -> tuple[Hyperparameter, ...]:
    """Return the hyperparameters that differ from their defaults and are not among `known`."""
    default = Settings()
    return tuple(
        row
        for row in HYPERPARAMETERS
        if row.name not in known and getattr(settings, row.name) != getattr(default, row.name)
    )
