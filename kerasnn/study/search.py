"""Plan a search: choose the combinations of hyperparameters to try."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any, Final

import numpy as np

from kerasnn.errors import UsageError
from kerasnn.language import _
from kerasnn.lecture.hyperparameters import Settings
from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.lecture.stages import Stage

MOST_COMBINATIONS: Final = 10_000
# the small grid to search if no values are given
RATE_FACTORS: Final = (0.3, 1, 3)  # of the stage's own learning rate
UNITS: Final = ((50,), (100,), (200,))
BATCH_SIZES: Final = (16, 32, 128)
EPOCHS: Final = (2, 5, 10)


@dataclass(frozen=True)
class Search:
    """The trials of a search.

    `choices`: the values tried, by hyperparameter. `combinations`: how many there are of them; `drawn`: how many of
    those are tried. `entries`: the overrides of each trial, no two with the same settings. The first entry is the
    reference: the stage with only the settings that all trials share.
    """

    stage: Stage
    choices: Mapping[str, tuple[Any, ...]]
    combinations: int
    drawn: int
    entries: tuple[Mapping[str, Any], ...]


def plan_search(
    stage: str,
    choices: Mapping[str, Sequence[Any]] | None = None,
    *,
    trials: int | None = None,
    seed: int = 42,
    overrides: Mapping[str, Any] | None = None,
) -> Search:
    """Plan a search of all combinations of `choices`, or of `trials` of them, drawn at random with `seed`.

    `choices`: values by the name of a hyperparameter; None means a small grid around the stage's own settings.
    `overrides`: settings that all trials share.

    Raises: UsageError for an invalid name or value, or two that do not go together.
    """
    chosen = find_stage(stage)
    common = {name: value for name, value in (overrides or {}).items() if value is not None}
    settings, _changed = resolve(chosen, common)
    tried = {name: tuple(values) for name, values in (choices or _default_grid(settings, common)).items()}
    _check(chosen, tried, common)
    combinations = _combinations(chosen, tried, common)
    drawn: Sequence[int] = range(len(combinations))
    if trials is not None and trials < len(combinations):
        drawn = sorted(np.random.default_rng(seed).choice(len(combinations), trials, replace=False).tolist())
    entries = {settings: common}
    for place in drawn:
        entries.setdefault(*combinations[place])
    return Search(chosen, tried, len(combinations), len(drawn), tuple(entries.values()))


def _combinations(
    stage: Stage, tried: Mapping[str, tuple[Any, ...]], common: Mapping[str, Any]
) -> list[tuple[Settings, dict[str, Any]]]:
    """Return settings and overrides of each combination; combinations with equal settings count once."""
    if (count := prod(map(len, tried.values()))) > MOST_COMBINATIONS:
        raise UsageError(
            _("{count:,} combinations are too many", count=count),
            expected=_("at most {most:,}", most=MOST_COMBINATIONS),
        )
    entries = [{**common, **dict(zip(tried, values, strict=True))} for values in product(*tried.values())]
    return list({resolve(stage, entry)[0]: entry for entry in entries}.items())


def _default_grid(settings: Settings, common: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    """Return the values to try if none are given; settings in `common` are not tried."""
    if settings.learning_rate is None:
        grid: dict[str, tuple[Any, ...]] = {"epochs": EPOCHS}
    else:
        grid = {"learning_rate": tuple(float(f"{factor * settings.learning_rate:.3g}") for factor in RATE_FACTORS)}
        grid |= {"hidden": UNITS} if settings.hidden else {"batch_size": BATCH_SIZES}
    return {name: values for name, values in grid.items() if name not in common}


def _check(stage: Stage, tried: Mapping[str, tuple[Any, ...]], common: Mapping[str, Any]) -> None:
    """Raise UsageError if a setting cannot be tried or has no values; `resolve` checks the values themselves."""
    if not tried:
        raise UsageError(_("there is nothing to try"), hint=_('add a setting, as in --try "batch-size 16 32 64"'))
    for name, values in tried.items():
        if name == "seed":
            raise UsageError(
                _("the seed is not a hyperparameter to optimize"), hint=_("--seeds 3 averages over three seeds")
            )
        if name in common:
            raise UsageError(_("'{name}' is both set and tried", name=name), expected=_("one of the two"))
        resolve(stage, {name: None})  # checks only the name
        if not values or any(value is None for value in values):
            raise UsageError(_("'{name}' has no values to try", name=name), expected=_("a name and its values"))
