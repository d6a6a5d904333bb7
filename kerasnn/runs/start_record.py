"""The record of a run at its start, before anything is trained."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kerasnn.data.dataset import Dataset
from kerasnn.lecture.hyperparameters import Settings
from kerasnn.lecture.stages import Stage, published_range
from kerasnn.networks.backend import DEFAULT, backend
from kerasnn.records import Environment, Run


@dataclass(frozen=True)
class TrainingPlan:
    """What to train. `changed`: the settings that differ from the stage's own."""

    stage: Stage
    settings: Settings
    changed: Mapping[str, Any]
    engine: str


def now() -> datetime:
    """Return the current time, to the second, with its time zone."""
    return datetime.now().astimezone().replace(microsecond=0)


def start_record(plan: TrainingPlan, data: Dataset, environment: Environment, *, name: str, started: str) -> Run:
    """Return the record of the run `name` at its start; `started`: the time, in ISO format."""
    return Run(
        run=name,
        stage=plan.stage.name,
        status="running",
        seed=plan.settings.seed,
        engine=plan.engine,
        dataset=data.info,
        settings=plan.settings,
        overrides=plan.changed,
        parameters=0,
        history=(),
        best_epoch=None,
        stopped_epoch=None,
        stopped_early=False,
        keras_stopped_epoch=None,
        kept_epoch=None,
        reading=None,
        training=None,
        validation=None,
        test=None,
        published=None if plan.changed or not data.info.is_fashion_mnist else published_range(plan.stage.name),
        seconds=None,
        model=None,
        command=train_command(plan, data),
        started=started,
        ended=None,
        environment=environment,
    )


def train_command(plan: TrainingPlan, data: Dataset) -> str:
    """Return the command line that trains `plan` on `data`."""
    words = ["kerasnn", "train", "--stage", plan.stage.name]
    for name, value in plan.changed.items():
        words += _flag("--" + name.replace("_", "-"), value)
    words += ["--seed", str(plan.settings.seed)]
    if plan.engine != "scikit-learn":
        words += ["--engine", plan.engine]
        if backend() != DEFAULT:
            words += ["--backend", backend()]
    words += ["--dataset", data.info.argument]
    return shlex.join(words)


def _flag(flag: str, value: Any) -> list[str]:
    # a flag with several values is repeated, one without a value has a form with --no-
    if isinstance(value, tuple):
        return [word for each in value for word in (flag, str(each))]
    if isinstance(value, bool):
        return [flag if value else f"--no-{flag[2:]}"]
    return [flag, str(value)]
