"""Search the hyperparameters of one stage: train each combination, and rank them by validation loss.

Source: lecture, "hyperparameters".
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isfinite
from pathlib import Path
from typing import Any, Unpack

from kerasnn.data.dataset import Dataset
from kerasnn.data.load import AUTO, load_data
from kerasnn.files.paths import TUNING
from kerasnn.lecture.hyperparameters import Overrides
from kerasnn.lecture.keywords import lists_hyperparameters
from kerasnn.lecture.settings import resolve, seed_numbers
from kerasnn.records import Job, Listener, Outcome, Trial, Tuning, ignore
from kerasnn.runs.start_record import TrainingPlan, train_command
from kerasnn.study.job import settings_of
from kerasnn.study.reproduce import TRAININGS
from kerasnn.study.results import ReuseCounter, parallel_trainings, train_missing
from kerasnn.study.search import Search, plan_search
from kerasnn.study.statistics import spread


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
    began, counter, folder = time.perf_counter(), ReuseCounter(listener), Path(out) / TRAININGS
    jobs = [[Job(stage, seed, entry) for seed in numbers] for entry in search.entries]
    every = [job for row in jobs for job in row]
    outcomes = train_missing(every, data, folder=folder, workers=at_once, ray=ray, choosing=True, listener=counter)
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
        trained=len(outcomes) - counter.reused,
        seconds=time.perf_counter() - began,
        folder=str(out),
        command=_command(jobs[best][0], data),
    )


def _ranked(search: Search, rows: Sequence[Sequence[Outcome]]) -> dict[int, Trial]:
    """Return the trials by their index in `rows`, best first.

    Only the best and the reference have a test accuracy, so that nobody can choose a trial by it.
    """
    trials = [_trial(search, row, rows[0]) for row in rows]
    order = sorted(range(len(trials)), key=lambda place: _sort_key(trials[place]))
    shown = {0, order[0]}
    return {
        place: _with_test_accuracy(trials[place], rows[place]) if place in shown else trials[place] for place in order
    }


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


def _sort_key(trial: Trial) -> tuple[bool, float]:
    """Return a key that sorts trials by validation loss, diverged ones last."""
    diverged = bool(trial.diverged) or not isfinite(trial.validation_loss.mean)
    return diverged, 0.0 if diverged else trial.validation_loss.mean


def _with_test_accuracy(trial: Trial, outcomes: Sequence[Outcome]) -> Trial:
    return replace(trial, test_accuracy=spread([each.test.accuracy for each in outcomes]))


def _command(job: Job, dataset: Dataset) -> str:
    stage, settings, engine = settings_of(job)
    return train_command(TrainingPlan(stage, settings, resolve(stage, job.overrides)[1], engine), dataset)
