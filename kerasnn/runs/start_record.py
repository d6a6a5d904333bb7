"""The record of a run that begins, before anything is trained."""

import shlex
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kerasnn.data.dataset import Dataset
from kerasnn.lecture.hyperparameters import Settings
from kerasnn.lecture.published import published_range
from kerasnn.lecture.stages import Stage
from kerasnn.networks.backend import DEFAULT, backend
from kerasnn.records import Environment, Run


def now() -> datetime:
    """This moment, to the second, with its time zone."""
    return datetime.now().astimezone().replace(microsecond=0)


def opened(
    stage: Stage,
    settings: Settings,
    changed: Mapping[str, Any],
    *,
    name: str,
    engine: str,
    data: Dataset,
    surroundings: Environment,
    started: str,
) -> Run:
    """The record of the run `name`, which trains `stage` with `settings`; `changed`: those that are not the stage's."""
    return Run(
        run=name,
        stage=stage.name,
        status="running",
        seed=settings.seed,
        engine=engine,
        dataset=data.info,
        settings=settings,
        overrides=changed,
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
        published=published_range(stage.name) if _comparable(data, changed) else None,
        seconds=None,
        model=None,
        command=train_command(stage, settings, changed, engine, data),
        started=started,
        ended=None,
        environment=surroundings,
    )


def _comparable(data: Dataset, changed: Mapping[str, Any]) -> bool:
    return not changed and data.info.is_fashion_mnist


def train_command(stage: Stage, settings: Settings, changed: Mapping[str, Any], engine: str, data: Dataset) -> str:
    """The command line that trains so; `changed`: settings that are not the stage's own."""
    words = ["kerasnn", "train", "--stage", stage.name]
    for name, value in changed.items():
        flag = "--" + name.replace("_", "-")
        if isinstance(value, tuple):
            words += [word for units in value for word in (flag, str(units))]
        elif isinstance(value, bool):
            words.append(flag if value else f"--no-{flag[2:]}")
        else:
            words += [flag, str(value)]
    words += ["--seed", str(settings.seed)]
    if engine != "scikit-learn":
        words += ["--engine", engine]
        if backend() != DEFAULT:
            words += ["--backend", backend()]
    words += ["--dataset", data.info.argument]
    return shlex.join(words)
