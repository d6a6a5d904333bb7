"""One training from its command to its finished folder."""

import shlex
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from kerasnn.data.dataset import Dataset
from kerasnn.data.load import AUTO, load
from kerasnn.errors import Interrupted, TrainingDiverged
from kerasnn.evaluation import score
from kerasnn.lecture.published import published_range
from kerasnn.lecture.stages import Settings, Stage
from kerasnn.networks.backend import DEFAULT, backend
from kerasnn.records import Listener, Run, Seconds, Training, ignore
from kerasnn.runs import folder as run_folder
from kerasnn.runs.environment import environment
from kerasnn.settings import find_stage, resolve
from kerasnn.training.reading import read_curves
from kerasnn.training.train import Trained, choose_engine, train

STATUS: Final[Mapping[str, Literal["done", "stopped", "failed"]]] = {
    "done": "done",
    "stopped": "stopped",
    "diverged": "failed",
}


def execute(
    stage: str,
    overrides: Mapping[str, Any] | None = None,
    *,
    dataset: str | Path | Dataset = AUTO,
    data_dir: Path | None = None,
    engine: str | None = None,
    out: Path = run_folder.RUNS,
    listener: Listener = ignore,
    callbacks: Sequence[Any] = (),
) -> Run:
    """Train a stage in a new folder in `out` and return the record of it, which is also the folder's run.json.

    Raises: UsageError, DataError and EnvironmentFault before anything is trained; TrainingDiverged and Interrupted
    after the last good state was kept in the folder.
    """
    began = time.perf_counter()
    chosen = find_stage(stage)
    settings, changed = resolve(chosen, overrides or {})
    engine = choose_engine(chosen, engine)
    data = dataset if isinstance(dataset, Dataset) else load(dataset, data_dir, listener)
    data_seconds = time.perf_counter() - began
    run, folder = _open(chosen, settings, changed, engine, data, out)
    try:
        trained = train(chosen, settings, data, engine=engine, listener=listener, callbacks=callbacks)
        run = _finish(run, folder, trained, data, Seconds(0.0, data_seconds, 0.0, 0.0), began)
    except BaseException:
        run_folder.write_record(folder, replace(run, status="failed", ended=_now().isoformat()))
        raise
    _raise_unless_done(trained.training, run, folder)
    return run


def _now() -> datetime:
    return datetime.now().astimezone().replace(microsecond=0)


def _open(
    stage: Stage, settings: Settings, changed: dict[str, Any], engine: str, data: Dataset, out: Path
) -> tuple[Run, Path]:
    started = _now()
    surroundings = environment(with_keras=stage.library == "keras")
    folder = run_folder.create(out, stage.name, settings.seed, started)
    run = Run(
        run=folder.name,
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
        command=_command(stage, settings, changed, engine, data),
        started=started.isoformat(),
        ended=None,
        environment=surroundings,
    )
    run_folder.write_record(folder, run)
    return run, folder


def _comparable(data: Dataset, changed: Mapping[str, Any]) -> bool:
    return not changed and data.info.name == "fashion-mnist"


def _finish(run: Run, folder: Path, trained: Trained, data: Dataset, seconds: Seconds, began: float) -> Run:
    training, model = trained.training, folder / f"model{trained.suffix}"
    trained.save(model)
    run_folder.write_history(folder, training.history)
    finished = replace(
        run,
        status=STATUS[training.outcome],
        engine=training.engine,
        parameters=trained.classifier.parameters,
        history=training.history,
        best_epoch=training.best_epoch,
        stopped_epoch=training.stopped_epoch,
        stopped_early=training.stopped_early,
        keras_stopped_epoch=training.keras_stopped_epoch,
        kept_epoch=training.kept_epoch,
        reading=read_curves(training.history),
        training=score(trained.classifier, data.train),
        validation=score(trained.classifier, data.validation),
        test=score(trained.classifier, data.test),
        model=str(model),
        notes=training.notes,
        ended=_now().isoformat(),
    )
    spent = replace(
        seconds,
        compile=training.compile_seconds,
        train=training.train_seconds,
        total=time.perf_counter() - began,
    )
    finished = replace(finished, seconds=spent)
    run_folder.write_record(folder, finished)
    run_folder.set_latest(folder)
    return finished


def _raise_unless_done(training: Training, run: Run, folder: Path) -> None:
    if training.outcome == "diverged":
        raise TrainingDiverged(
            f"training diverged in epoch {training.stopped_epoch + 1}: loss or weights are no longer numbers",
            expected="a finite loss",
            hint=f"lower --learning-rate (it was {run.settings.learning_rate:g}); the last good state is in {folder}",
        )
    if training.outcome == "stopped":
        raise Interrupted(
            f"stopped after epoch {training.stopped_epoch} of {run.settings.epochs}; what was learnt is in {folder}"
        )


def _command(stage: Stage, settings: Settings, changed: Mapping[str, Any], engine: str, data: Dataset) -> str:
    """The command line that repeats this run."""
    words = ["kerasnn", "train", "--stage", stage.name]
    for name, value in changed.items():
        flag = "--" + name.replace("_", "-")
        if isinstance(value, tuple):
            words += [word for units in value for word in (flag, str(units))]
        elif isinstance(value, bool):
            words.append(flag if value else f"--no-{name}")
        else:
            words += [flag, str(value)]
    words += ["--seed", str(settings.seed)]
    if engine != "scikit-learn":
        words += ["--engine", engine]
        if backend() != DEFAULT:
            words += ["--backend", backend()]
    named = data.info.name in ("fashion-mnist", "garments")
    words += ["--dataset", data.info.name if named else data.info.location]
    return shlex.join(words)
