"""Validate settings: those of a stage with the user's changes, which functions take as keywords."""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from functools import wraps
from typing import Any, TypeVar, cast

from kerasnn.errors import Suggestion, UsageError, look_up
from kerasnn.language import _
from kerasnn.lecture.hyperparameters import (
    HYPERPARAMETERS,
    SEED,
    SETTABLE,
    Hyperparameter,
    Overrides,
    Settings,
    format_value,
)
from kerasnn.lecture.optimizers import OPTIMIZER_BY_NAME
from kerasnn.lecture.stages import STAGE_BY_NAME, Stage

_TRUTH = {"true": True, "false": False}


def find_stage(name: str) -> Stage:
    """Return the stage called `name`.

    Raises: UsageError, which suggests the nearest name, if there is none.
    """
    missing = _("there is no stage '{name}'", name=name)
    return look_up(name, STAGE_BY_NAME, missing, _("kerasnn stages lists them"))


def resolve(stage: Stage, overrides: Mapping[str, Any]) -> tuple[Settings, dict[str, Any]]:
    """Return the settings of `stage` with `overrides`, and those overrides that differ from the stage's own values.

    `overrides`: values by the name of a field of Settings; None stands for the stage's own. Another seed does not count
    as a difference, because it repeats the same experiment. Another optimizer brings its own default learning rate.

    Raises: UsageError for an unknown name, a value out of its limits, or two settings that do not go together.
    """
    rows = [(find_setting(name), value) for name, value in overrides.items()]
    given = {row.name: _checked(row, value) for row, value in rows if value is not None}
    for name in given:
        _refuse_for_library(stage, SETTABLE[name])
    if "optimizer" in given and "learning_rate" not in given:
        given["learning_rate"] = OPTIMIZER_BY_NAME[given["optimizer"]].learning_rate
    settings = replace(stage.settings, **given)
    for row in HYPERPARAMETERS:  # all rows: what is given may contradict what the stage itself sets
        _refuse_contradiction(row, settings, given)
    own, now = asdict(stage.settings), asdict(settings)  # compared, for a flag may repeat the stage's value
    changed = {name: now[name] for name in now if name != "seed" and now[name] != own[name]}
    return settings, changed


def find_setting(name: str) -> Hyperparameter:
    """Return the hyperparameter called `name`: a field of Settings, its flag or an alias, in any spelling.

    Raises: UsageError, which suggests the nearest name, if there is none, or if only the stage decides it.
    """
    aliases = {alias: row.name for row in SETTABLE.values() for alias in row.aliases}
    return look_up(name, SETTABLE, _("there is no setting '{name}'", name=name), aliases=aliases)


def parse_setting(name: str, word: str) -> tuple[str, Any]:
    """Parse a setting as the user wrote it; return the name of its field, and its value.

    `name`: as in `find_setting`. `word`: the value; commas separate the values of a repeated setting. A word
    that should be a number and is not stays a string, so that `resolve` refuses it.

    Raises: UsageError for an unknown name, or a switch that is neither true nor false.
    """
    row = find_setting(name)
    if row.most:
        return row.name, tuple(map(_number_in, _parts(word)))
    if row.kind is bool:
        if word.lower() not in _TRUTH:
            raise UsageError(
                _("{flag} is '{value}'", flag=row.flag, value=word), expected=_("one of {names}", names="true, false")
            )
        return row.name, _TRUTH[word.lower()]
    return row.name, word if row.kind is str else _number_in(word)


def seed_numbers(seeds: int | Sequence[int]) -> Sequence[int]:
    """Return the seeds to train with: `seeds` of them from the lecture's 42 on, or those in `seeds`, each once.

    Raises: UsageError if there are none.
    """
    # dict.fromkeys: each once, in the order given
    numbers = range(SEED, SEED + seeds) if isinstance(seeds, int) else tuple(dict.fromkeys(seeds))
    if not numbers:
        raise UsageError(_("no seeds are given"), expected=_("one or more"))
    return numbers


def _several(value: Any) -> list[Any]:
    """Return the values of a repeated setting: of a number, a word such as `64,32`, or a sequence of either."""
    values = value if isinstance(value, Iterable) and not isinstance(value, str) else [value]
    return [part for each in values for part in (map(_number_in, _parts(each)) if isinstance(each, str) else [each])]


def _parts(word: str) -> list[str]:
    return word.replace(",", " ").split() or [word]


def _number_in(word: str) -> int | float | str:
    """Return `word` as a number, or unchanged if it is not one."""
    for kind in (int, float):  # int first: 5 is not 5.0
        try:
            return kind(word)
        except ValueError:
            continue
    return word


def _checked(row: Hyperparameter, value: Any) -> Any:
    """Return `value` as a field of Settings. Raises: UsageError if it is not allowed."""
    if not row.most:
        return _one_checked(row, value)
    value = _several(value)
    if len(value) > row.most:
        raise UsageError(
            _("{flag} is given {count} times", flag=row.flag, count=len(value)),
            expected=_("at most {most} times", most=row.most),
        )
    return tuple(_one_checked(row, each) for each in value)


def _one_checked(row: Hyperparameter, value: Any) -> Any:
    if row.limits is not None and not row.limits.hold(value):
        shown, usual = format_value(value), row.example
        hint = Suggestion(_("for example {flag} {value}", flag=row.flag, value=usual), wrong=shown, right=usual)
        raise UsageError(_("{flag} is {value}", flag=row.flag, value=value), expected=str(row.limits), hint=hint)
    if row.choices:
        if not isinstance(value, str):
            raise UsageError(_("{flag} is {value}", flag=row.flag, value=value), expected=_("a text"))
        return look_up(
            value, {each: each for each in row.choices}, _("{flag} is '{value}'", flag=row.flag, value=value)
        )
    if row.kind is bool and not isinstance(value, bool):
        raise UsageError(
            _("{flag} is '{value}'", flag=row.flag, value=value), expected=_("one of {names}", names="true, false")
        )
    return row.kind(value)  # 1 becomes 1.0 where a float is wanted, NumPy's numbers Python's


def _refuse_for_library(stage: Stage, row: Hyperparameter) -> None:
    if stage.library not in row.libraries:
        raise UsageError(
            _(
                "{flag} does not go with stage '{name}': it trains scikit-learn's SGDClassifier, which has no "
                "layers and chooses its own step",
                flag=row.flag,
                name=stage.name,
            ),
            expected=_(
                "one of {names}",
                names=", ".join(each.flag for each in HYPERPARAMETERS if stage.library in each.libraries),
            ),
            hint=_("every Keras stage takes it: kerasnn stages lists them"),
        )


def _refuse_contradiction(row: Hyperparameter, settings: Settings, given: Mapping[str, Any]) -> None:
    # a setting that is a word, such as the activation, always has a value: it contradicts only if the user set it
    value = given.get(row.name) if row.kind is str else getattr(settings, row.name)
    if not value:
        return
    if row.hidden_only and not settings.hidden:
        raise UsageError(
            _("{flag} is a setting of hidden layers, and this model has none", flag=row.flag),
            hint=_("add a hidden layer with --hidden 100"),
        )
    if row.optimizers and settings.optimizer not in row.optimizers:
        raise UsageError(
            _("{flag} does not go with the optimizer '{optimizer}'", flag=row.flag, optimizer=settings.optimizer),
            expected=_("an optimizer that takes it: {names}", names=row.names),
            hint=_("add --optimizer {name}", name=row.optimizers[0]),
        )
    if row.needs and not getattr(settings, row.needs):
        needed = SETTABLE[row.needs]
        raise UsageError(
            _("{flag} does nothing without {needed}", flag=row.flag, needed=needed.flag),
            hint=_("add {needed} {metavar}", needed=needed.flag, metavar=needed.metavar),
        )


Function = TypeVar("Function", bound=Callable[..., Any])


def lists_hyperparameters(function: Function) -> Function:
    """Show each hyperparameter by name in the signature of `function`, instead of `**overrides`.

    `function` receives those that are not None: None means the stage's own value.
    """

    @wraps(function)
    def call(*arguments: Any, **keywords: Any) -> Any:
        given = {name: value for name, value in keywords.items() if value is not None or name not in settings}
        return function(*arguments, **given)

    settings = Overrides.__annotations__
    signature = inspect.signature(function)
    own = [each for each in signature.parameters.values() if each.kind is not each.VAR_KEYWORD]
    named = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        for name, kind in settings.items()
    ]
    setattr(call, "__signature__", signature.replace(parameters=[*own, *named]))  # noqa: B010  # unknown to types
    return cast(Function, call)
