"""Search the hyperparameters of one stage: train each combination, and rank them by validation loss.

Source: lecture, "hyperparameters".
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import inf, isfinite, prod
from pathlib import Path
from typing import Any, Final, Unpack

import numpy as np

from kerasnn.data.dataset import Dataset
from kerasnn.data.load import AUTO, load_data
from kerasnn.errors import UsageError
from kerasnn.files.paths import TUNING, expanded
from kerasnn.language import _
from kerasnn.lecture.hyperparameters import Overrides, Settings
from kerasnn.lecture.settings import find_setting, find_stage, lists_hyperparameters, resolve, seed_numbers
from kerasnn.lecture.stages import Stage
from kerasnn.records import Job, Listener, Outcome, Trial, Tuning, show_in_notebook
from kerasnn.runs.record import train_command
from kerasnn.study.job import plan_of
from kerasnn.study.results import TRAININGS, parallel_trainings, train_missing
from kerasnn.study.statistics import spread
from kerasnn.training.reading import harmful_rate

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

    choices: Mapping[str, tuple[Any, ...]]
    combinations: int
    drawn: int
    entries: tuple[Mapping[str, Any], ...]


@lists_hyperparameters
def tune(  # noqa: PLR0913  # each says what is searched, or how
    stage: str,
    choices: Mapping[str, Sequence[Any]] | None = None,
    *,
    trials: int | None = None,
    seeds: int | Sequence[int] = 1,
    workers: int | None = None,
    ray: str | None = None,
    out: str | Path = TUNING,
    dataset: str | Path | Dataset = AUTO,
    data_dir: str | Path | None = None,
    listener: Listener = show_in_notebook,
    **overrides: Unpack[Overrides],
) -> Tuning:
    """Train `stage` with every combination of `choices`, and rank them by the validation loss.

    `choices`: values to try, by the names of hyperparameters; None means a small grid. `trials`: try only this many
    combinations, drawn at random. The unchanged stage is always tried too. `seeds`: how many, counted from 42, or a
    list of them; metrics are means over them, differences are paired by seed. `workers`, `ray`, `out`: as in
    `reproduce`. `dataset`, `data_dir`: as in `load_data`. `overrides`: hyperparameters that all trials share.

    Raises: UsageError, DataError, EnvironmentFault; Interrupted, after the finished trainings are saved.
    """
    numbers, at_once = seed_numbers(seeds), parallel_trainings(workers, ray)
    # before data are loaded, so that mistakes in the arguments show at once
    search = plan_search(stage, choices, trials=trials, seed=numbers[0], overrides=overrides)
    data = load_data(dataset, data_dir=data_dir, listener=listener)
    began, folder = time.perf_counter(), expanded(out) / TRAININGS
    jobs = [[Job(stage, seed, entry) for seed in numbers] for entry in search.entries]
    every = [job for row in jobs for job in row]
    outcomes, trained = train_missing(
        every, data, folder=folder, workers=at_once, ray=ray, choosing=True, listener=listener
    )
    ranked = _ranked(search, [[outcomes[job] for job in row] for row in jobs])
    best = plan_of(jobs[next(iter(ranked))][0])
    return Tuning(
        dataset=data.info,
        stage=stage,
        seeds=tuple(numbers),
        choices=search.choices,
        combinations=search.combinations,
        drawn=search.drawn,
        trials=tuple(ranked.values()),
        trained=trained,
        seconds=time.perf_counter() - began,
        folder=str(out),
        command=train_command(best, data),
        notes=harmful_rate(best.settings),
    )


def _ranked(search: Search, rows: Sequence[Sequence[Outcome]]) -> dict[int, Trial]:
    """Return the trials by their index in `rows`, best first."""
    trials = [_trial(search, row, rows[0]) for row in rows]
    order = sorted(range(len(trials)), key=lambda place: _loss(trials[place]))
    for place in {0, order[0]}:  # the reference and the best; with those of all, the test images could choose one
        accuracies = [each.test.accuracy for each in rows[place]]
        trials[place] = replace(trials[place], test_accuracy=spread(accuracies))
    return {place: trials[place] for place in order}


def _trial(search: Search, outcomes: Sequence[Outcome], reference: Sequence[Outcome]) -> Trial:
    settings = plan_of(outcomes[0].job).settings
    losses = [each.validation.loss for each in outcomes]
    differences = [loss - other.validation.loss for loss, other in zip(losses, reference, strict=True)]
    return Trial(
        settings={name: getattr(settings, name) for name in search.choices},
        reference=outcomes is reference,
        parameters=outcomes[0].parameters,
        validation_loss=spread(losses),
        validation_accuracy=spread([each.validation.accuracy for each in outcomes]),
        difference=None if outcomes is reference else spread(differences),
        test_accuracy=None,
        seconds=spread([each.seconds.train for each in outcomes]),
        diverged=tuple(each.job.seed for each in outcomes if each.diverged),
    )


def _loss(trial: Trial) -> float:
    mean = trial.validation_loss.mean
    return inf if trial.diverged or not isfinite(mean) else mean  # what diverged comes last


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
    common = {find_setting(name).name: value for name, value in (overrides or {}).items()}
    settings, _changed = resolve(chosen, common)
    tried = {
        find_setting(name).name: tuple(values) for name, values in (choices or _default_grid(settings, common)).items()
    }
    _check(chosen, tried, common)
    combinations = _combinations(chosen, tried, common)
    drawn: Sequence[int] = range(len(combinations))
    if trials is not None and trials < len(combinations):
        drawn = sorted(np.random.default_rng(seed).choice(len(combinations), trials, replace=False).tolist())
    entries = {settings: common}
    for place in drawn:
        entries.setdefault(*combinations[place])
    return Search(tried, len(combinations), len(drawn), tuple(entries.values()))


def _combinations(
    stage: Stage, tried: Mapping[str, tuple[Any, ...]], common: Mapping[str, Any]
) -> list[tuple[Settings, dict[str, Any]]]:
    if (count := prod(map(len, tried.values()))) > MOST_COMBINATIONS:  # before they take memory
        raise UsageError(
            _("{count:,} combinations are too many", count=count),
            expected=_("at most {most:,}", most=MOST_COMBINATIONS),
        )
    entries = [{**common, **dict(zip(tried, values, strict=True))} for values in product(*tried.values())]
    return list({resolve(stage, entry)[0]: entry for entry in entries}.items())  # equal settings count once


def _default_grid(settings: Settings, common: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    if settings.learning_rate is None:  # scikit-learn chooses its own
        grid: dict[str, tuple[Any, ...]] = {"epochs": EPOCHS}
    else:
        grid = {"learning_rate": tuple(float(f"{factor * settings.learning_rate:.3g}") for factor in RATE_FACTORS)}
        grid |= {"hidden": UNITS} if settings.hidden else {"batch_size": BATCH_SIZES}
    return {name: values for name, values in grid.items() if name not in common}


def _check(stage: Stage, tried: Mapping[str, tuple[Any, ...]], common: Mapping[str, Any]) -> None:
    if not tried:
        raise UsageError(_("there is nothing to try"), hint=_('add a setting, as in --try "batch-size 16 32 64"'))
    for name, values in tried.items():
        if name == "seed":
            raise UsageError(
                _("the seed is not a hyperparameter to optimise"), hint=_("--seeds 3 averages over three seeds")
            )
        if name in common:
            raise UsageError(_("'{name}' is both set and tried", name=name), expected=_("one of the two"))
        resolve(stage, {name: None})  # checks only the name
        if not values or any(value is None for value in values):
            raise UsageError(_("'{name}' has no values to try", name=name), expected=_("a name and its values"))
