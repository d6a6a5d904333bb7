"""A search over settings of one stage: each combination trained, ranked by the validation loss.

Source: lecture, "hyperparameters".
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import isfinite, prod
from pathlib import Path
from typing import Any, Final, Unpack

import numpy as np

from kerasnn.data.dataset import Dataset
from kerasnn.data.load import load_data
from kerasnn.data.source import AUTO
from kerasnn.errors import UsageError
from kerasnn.files.paths import TUNING
from kerasnn.language import _
from kerasnn.lecture.hyperparameters import Overrides, Settings
from kerasnn.lecture.keywords import lists_hyperparameters
from kerasnn.lecture.settings import find_stage, resolve, seed_numbers
from kerasnn.lecture.stages import Stage
from kerasnn.records import Job, Listener, Outcome, Trial, Tuning, ignore
from kerasnn.runs.start_record import train_command
from kerasnn.study.job import settings_of
from kerasnn.study.reproduce import TRAININGS
from kerasnn.study.results import Tally, at_a_time, trained
from kerasnn.study.statistics import spread

MOST: Final = 10_000
FACTORS: Final = (0.3, 1, 3)  # of the stage's own learning rate
UNITS: Final = ((50,), (100,), (200,))
BATCH_SIZES: Final = (16, 32, 128)
EPOCHS: Final = (2, 5, 10)


@dataclass(frozen=True)
class Search:
    """What is to be trained. `entries`: the overrides of each trial, no two with the same settings.

    The first entry is the reference: the stage as it stands, with the settings that all trials have in common.
    """

    stage: Stage
    choices: Mapping[str, tuple[Any, ...]]
    combinations: int
    drawn: int
    entries: tuple[Mapping[str, Any], ...]


def plan(
    stage: str,
    choices: Mapping[str, Sequence[Any]] | None = None,
    *,
    trials: int | None = None,
    seed: int = 42,
    overrides: Mapping[str, Any] | None = None,
) -> Search:
    """The search through all combinations of `choices`, or through `trials` of them, drawn by `seed`.

    `choices`: values by the name of a setting; none stands for a small grid around the stage's own settings.
    `overrides`: settings that all trials have.

    Raises: UsageError for a name or a value that cannot be, or two that do not go together.
    """
    chosen = find_stage(stage)
    common = {name: value for name, value in (overrides or {}).items() if value is not None}
    settings, _changed = resolve(chosen, common)
    tried = {name: tuple(values) for name, values in (choices or _grid(settings, common)).items()}
    _check(chosen, tried, common)
    if (count := prod(map(len, tried.values()))) > MOST:
        raise UsageError(
            _("{count:,} combinations are too many", count=count), expected=_("at most {most:,}", most=MOST)
        )
    found = {settings: common}
    entries = [{**common, **dict(zip(tried, values, strict=True))} for values in product(*tried.values())]
    combinations = list({resolve(chosen, entry)[0]: entry for entry in entries}.items())
    drawn: Sequence[int] = range(len(combinations))
    if trials is not None and trials < len(combinations):
        drawn = sorted(np.random.default_rng(seed).choice(len(combinations), trials, replace=False).tolist())
    for place in drawn:
        found.setdefault(*combinations[place])
    return Search(chosen, tried, len(combinations), len(drawn), tuple(found.values()))


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
    listener: Listener = ignore,
    **overrides: Unpack[Overrides],
) -> Tuning:
    """Train `stage` with every combination of `choices`, and rank them by the validation loss.

    `choices`: values to try, by the names of hyperparameters; None means a small grid. `trials`: draw so many of the
    combinations. The stage as it stands is always among them. `seeds`: how many, from 42 on, or which; metrics are
    means over them, differences are paired. `workers`, `ray`, `out`: as in `reproduce`. `dataset`, `data_dir`: as in
    `load_data`. `overrides`: hyperparameters that all trials share.

    Raises: UsageError, DataError, EnvironmentFault; Interrupted, after the finished trainings are saved.
    """
    numbers, at_once = seed_numbers(seeds), at_a_time(workers, ray)
    search = plan(stage, choices, trials=trials, seed=numbers[0], overrides=overrides)  # before data are loaded
    data = load_data(dataset, data_dir=data_dir, listener=listener)
    began, tally, folder = time.perf_counter(), Tally(listener), Path(out) / TRAININGS
    jobs = [[Job(stage, seed, entry) for seed in numbers] for entry in search.entries]
    every = [job for row in jobs for job in row]
    outcomes = trained(every, data, folder=folder, workers=at_once, ray=ray, choosing=True, listener=tally)
    ranked = _ranked(search, [[outcomes[job] for job in row] for row in jobs])
    best = next(iter(ranked))
    return Tuning(
        dataset=data.info,
        stage=stage,
        seeds=tuple(numbers),
        choices=search.choices,
        combinations=search.combinations,
        drawn=search.drawn,
        trials=tuple(ranked.values()),
        trained=len(outcomes) - tally.reused,
        seconds=time.perf_counter() - began,
        folder=str(out),
        command=_command(jobs[best][0], data),
    )


def _ranked(search: Search, rows: Sequence[Sequence[Outcome]]) -> dict[int, Trial]:
    """Return the trials by their place in `rows`, best first; only the best and the reference show test accuracy."""
    trials = [_trial(search, row, rows[0]) for row in rows]
    order = sorted(range(len(trials)), key=lambda place: _rank(trials[place]))
    shown = {0, order[0]}
    return {place: _tested(trials[place], rows[place]) if place in shown else trials[place] for place in order}


def _grid(settings: Settings, common: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    """What is tried where nobody says what: nothing that `common` settles."""
    if settings.learning_rate is None:
        grid: dict[str, tuple[Any, ...]] = {"epochs": EPOCHS}
    else:
        grid = {"learning_rate": tuple(float(f"{factor * settings.learning_rate:.3g}") for factor in FACTORS)}
        grid |= {"hidden": UNITS} if settings.hidden else {"batch_size": BATCH_SIZES}
    return {name: values for name, values in grid.items() if name not in common}


def _check(stage: Stage, tried: Mapping[str, tuple[Any, ...]], common: Mapping[str, Any]) -> None:
    """Raises: UsageError where a setting cannot be tried, or not so; single values are looked at by `resolve`."""
    if not tried:
        raise UsageError(_("nothing is left to try"), hint=_('add a setting, as in --try "batch-size 16 32 64"'))
    for name, values in tried.items():
        if name == "seed":
            raise UsageError(
                _("a seed is no setting to choose by its figures"), hint=_("--seeds 3 averages over three")
            )
        if name in common:
            raise UsageError(_("'{name}' is both given and tried", name=name), expected=_("one of the two"))
        resolve(stage, {name: None})  # its name alone
        if not values or any(value is None for value in values):
            raise UsageError(_("'{name}' has no values to try", name=name), expected=_("a name and its values"))


def _trial(search: Search, outcomes: Sequence[Outcome], reference: Sequence[Outcome]) -> Trial:
    settings = settings_of(outcomes[0].job)[1]
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


def _rank(trial: Trial) -> tuple[bool, float]:
    wild = bool(trial.diverged) or not isfinite(trial.validation_loss.mean)
    return wild, 0.0 if wild else trial.validation_loss.mean


def _tested(trial: Trial, outcomes: Sequence[Outcome]) -> Trial:
    return replace(trial, test_accuracy=spread([each.test.accuracy for each in outcomes]))


def _command(job: Job, dataset: Dataset) -> str:
    stage, settings, engine = settings_of(job)
    return train_command(stage, settings, resolve(stage, job.overrides)[1], engine, dataset)
