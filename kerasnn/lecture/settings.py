"""A stage and what the user changed in it, made into settings that are known to be valid."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from difflib import get_close_matches
from math import isfinite
from numbers import Real
from typing import Any, Final

from kerasnn.errors import UsageError
from kerasnn.language import _
from kerasnn.lecture.stages import SEED, STAGE_BY_NAME, STAGES, Settings, Stage

ACTIVATIONS: Final = ("relu", "sigmoid", "tanh", "linear", "leaky_relu", "elu", "silu")
DEFAULT_LEARNING_RATE: Final = {"sgd": 0.01, "adagrad": 0.001, "rmsprop": 0.001, "adam": 0.001}
OPTIMIZERS: Final = tuple(DEFAULT_LEARNING_RATE)
SCIKIT_LEARN_SETTINGS: Final = {"epochs", "seed"}


@dataclass(frozen=True)
class Limits:
    """The values a number may have: a whole number or not, from `low` to `high`; `open_low`: above `low`."""

    low: float
    high: float
    whole: bool
    open_low: bool = False

    def hold(self, value: Any) -> bool:
        if isinstance(value, bool) or not isinstance(value, Real) or not isfinite(value):
            return False
        number = float(value)
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


LIMITS: Final = {
    "units": Limits(1, 100_000, whole=True),
    "dropout": Limits(0, 0.99, whole=False),
    "learning_rate": Limits(0, 1_000, whole=False, open_low=True),
    "momentum": Limits(0, 0.9999, whole=False),
    "epochs": Limits(1, 10_000, whole=True),
    "batch_size": Limits(1, 1_000_000, whole=True),
    "patience": Limits(0, 10_000, whole=True),
    "seed": Limits(0, 2**32 - 1, whole=True),
}
CHOICES: Final = {"activation": ACTIVATIONS, "optimizer": OPTIMIZERS}
MOST_LAYERS: Final = 20


def find_stage(name: str) -> Stage:
    """The stage of that name.

    Raises: UsageError, with the nearest name, where there is none.
    """
    if name in STAGE_BY_NAME:
        return STAGE_BY_NAME[name]
    names = ", ".join(stage.name for stage in STAGES)
    near = get_close_matches(name.lower().replace("_", "-"), STAGE_BY_NAME, n=1, cutoff=0.5)
    raise UsageError(
        _("there is no stage '{name}'", name=name),
        expected=_("one of {names}", names=names),
        hint=_("did you mean '{near}'?", near=near[0]) if near else _("kerasnn stages lists them"),
    )


def resolve(stage: Stage, overrides: Mapping[str, Any]) -> tuple[Settings, dict[str, Any]]:
    """The settings of `stage` with `overrides`, and which of these really differ from the stage's own.

    `overrides`: values by the name of a field of Settings; None stands for the stage's own. Another seed is a
    repetition of the same experiment, so it does not count as a difference. Another optimizer brings its own
    default learning rate.

    Raises: UsageError for an unknown name, a value out of its limits, or two settings that do not go together.
    """
    _refuse_unknown(overrides)
    given = {name: _checked(name, value) for name, value in overrides.items() if value is not None}
    if stage.library == "scikit-learn":
        _refuse_for_scikit_learn(stage, given)
    if "optimizer" in given and "learning_rate" not in given:
        given["learning_rate"] = DEFAULT_LEARNING_RATE[given["optimizer"]]
    settings = replace(stage.settings, **given)
    _refuse_contradictions(settings, given)
    own, now = asdict(stage.settings), asdict(settings)
    changed = {name: now[name] for name in now if name != "seed" and now[name] != own[name]}
    return settings, changed


def seed_numbers(seeds: int | Sequence[int]) -> Sequence[int]:
    """The seeds themselves: so many from the lecture's own on, or those that are given, each once.

    Raises: UsageError where there is none.
    """
    numbers = range(SEED, SEED + seeds) if isinstance(seeds, int) else tuple(dict.fromkeys(seeds))
    if not numbers:
        raise UsageError(_("no seeds are given"), expected=_("one or more"))
    return numbers


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def _refuse_unknown(given: Mapping[str, Any]) -> None:
    names = [field.name for field in fields(Settings) if field.name != "flatten"]
    for name in given:
        if name not in names:
            near = get_close_matches(name, names, n=1)
            raise UsageError(
                _("there is no setting '{name}'", name=name),
                expected=_("one of {names}", names=", ".join(names)),
                hint=_("did you mean '{near}'?", near=near[0]) if near else None,
            )


def _checked(name: str, value: Any) -> Any:
    """`value` as Settings holds it, or UsageError."""
    if name == "hidden":
        if len(value) > MOST_LAYERS:
            raise UsageError(
                _("--hidden is given {count} times", count=len(value)),
                expected=_("at most {most} layers", most=MOST_LAYERS),
            )
        return tuple(_number(name, units, LIMITS["units"]) for units in value)
    if name in LIMITS:
        return _number(name, value, LIMITS[name])
    if name in CHOICES:
        return _choice(name, value, CHOICES[name])
    return bool(value)


def _number(name: str, value: Any, limits: Limits) -> int | float:
    if not limits.hold(value):
        raise UsageError(_("{flag} is {value}", flag=_flag(name), value=value), expected=str(limits))
    return int(value) if limits.whole else float(value)


def _choice(name: str, value: str, choices: tuple[str, ...]) -> str:
    if value in choices:
        return value
    near = get_close_matches(str(value).lower(), choices, n=1)
    raise UsageError(
        _("{flag} is '{value}'", flag=_flag(name), value=value),
        expected=_("one of {names}", names=", ".join(choices)),
        hint=_("did you mean '{near}'?", near=near[0]) if near else None,
    )


def _refuse_for_scikit_learn(stage: Stage, given: Mapping[str, Any]) -> None:
    for name in given:
        if name not in SCIKIT_LEARN_SETTINGS:
            raise UsageError(
                _(
                    "{flag} does not go with stage '{name}': it trains scikit-learn's SGDClassifier, which has no "
                    "layers and chooses its own step",
                    flag=_flag(name),
                    name=stage.name,
                ),
                expected=_("--epochs or --seed"),
                hint=_("every Keras stage takes it: kerasnn stages lists them"),
            )


def _refuse_contradictions(settings: Settings, given: Mapping[str, Any]) -> None:
    if not settings.hidden and "activation" in given:
        raise UsageError(
            _("--activation is of hidden layers, and this model has none; its output layer has softmax"),
            hint=_("add a hidden layer with --hidden 100, or take --stage relu"),
        )
    if not settings.hidden and settings.dropout > 0:
        raise UsageError(
            _("--dropout drops outputs of hidden layers, and this model has none"),
            hint=_("add a hidden layer with --hidden 100, or take --stage dropout"),
        )
    if settings.momentum and settings.optimizer not in ("sgd", "rmsprop"):
        raise UsageError(
            _("--momentum does not go with the optimizer '{optimizer}'", optimizer=settings.optimizer),
            expected=_("the optimizer sgd or rmsprop"),
            hint=_("add --optimizer sgd"),
        )
    if settings.nesterov and not (settings.optimizer == "sgd" and settings.momentum):
        raise UsageError(
            _("--nesterov is a way to use momentum, which only sgd offers here"),
            hint=_("add --optimizer sgd --momentum 0.9"),
        )
