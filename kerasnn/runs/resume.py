"""A run taken up again: after a kill, a stop or a fault, or for more epochs once it is done."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar, Unpack

from kerasnn.data.dataset import Dataset
from kerasnn.data.load import load_data
from kerasnn.errors import KerasnnError, ModelFileError, UsageError
from kerasnn.files.paths import RUNS
from kerasnn.language import _
from kerasnn.lecture.hyperparameters import Overrides, Settings
from kerasnn.lecture.keywords import lists_hyperparameters
from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.lecture.stages import Stage
from kerasnn.networks.backend import DEFAULT
from kerasnn.records import Json, Listener, Note, Notice, Run, ignore, plain_object
from kerasnn.records.deserialize import restore
from kerasnn.records.note import difference
from kerasnn.runs import checkpoint
from kerasnn.runs import folder as run_folder
from kerasnn.runs.environment import environment
from kerasnn.runs.execute import Clock, carry_out
from kerasnn.runs.find_model import recorded_dataset
from kerasnn.runs.find_run import find_run
from kerasnn.runs.fingerprint import differences, fingerprint
from kerasnn.runs.start_record import opened
from kerasnn.training.train import architecture_of, choose_engine, refuse_other_state

Record = Mapping[str, Any]
Value = TypeVar("Value")


@lists_hyperparameters
def resume(
    run: str,
    *,
    more_epochs: int = 0,
    force: bool = False,
    dataset: str | Path | Dataset | None = None,
    data_dir: str | Path | None = None,
    out: str | Path = RUNS,
    listener: Listener = ignore,
    **overrides: Unpack[Overrides],
) -> Run:
    """Continue a run to bitwise the same weights and history as if it had never been interrupted.

    `run`: its id, its folder, or `latest`, the last one that is not done. `more_epochs` extends a run beyond its
    planned epochs. `dataset`: None is the run's own. `overrides`: hyperparameters to compare with the run's own. A
    difference in these, the data, versions, device or threads is refused; with `force` it is noted instead.

    Raises: ModelFileError if the run cannot be resumed, or something differs; UsageError if nothing is left to
    train; EnvironmentFault if another process trains it; and as `train`.
    """
    began = time.perf_counter()
    folder = find_run(run, Path(out), unfinished=not more_epochs)
    run_folder.sweep_runs(folder.parent)
    with run_folder.locked(folder):
        record = run_folder.read_record(folder)
        stage = _resumable(record, folder, more_epochs)
        data = load_data(dataset or _dataset_of(record), data_dir=data_dir, listener=listener)
        clock = Clock(began, time.perf_counter() - began)
        reopened = _reopened(record, folder, stage, data, overrides, more_epochs)
        kept = checkpoint.read(folder, architecture_of(reopened.settings, data).parameters)
        before = _own(folder, lambda: fingerprint(record)) if kept is None else kept.fingerprint
        notes = (*_noted(record, folder), *_differences(reopened, before, force=force))
        reopened = replace(reopened, notes=notes)
        state = kept.state if kept else None
        if state is not None:
            refuse_other_state(reopened.settings, data, state)
        epochs = len(state.history) if state else 0
        listener(
            Notice(
                _(
                    "{name} goes on after epoch {epochs} of {epochs2}",
                    name=folder.name,
                    epochs=epochs,
                    epochs2=reopened.settings.epochs,
                )
            )
        )
        earlier = record.get("resumed_after")
        reopened = replace(
            reopened,
            resumed_after=(*(earlier if isinstance(earlier, list) else ()), epochs),
        )
        return carry_out(reopened, folder, stage, data, clock, listener=listener, start=state)


def _resumable(record: Record, folder: Path, more_epochs: int) -> Stage:
    """The stage of the run, where there is something left to train in it."""
    stage = _own(folder, lambda: find_stage(record["stage"]))
    again = _("train anew: {command}", command=record.get("command", "kerasnn train"))
    if stage.library == "scikit-learn":
        raise UsageError(
            _(
                "run {name} is of stage '{name2}', and scikit-learn trains that in one call",
                name=folder.name,
                name2=stage.name,
            ),
            hint=again,
        )
    backend = _own(folder, lambda: record["environment"].get("backend"))
    if backend not in (None, DEFAULT):
        raise UsageError(
            _(
                "run {name} was trained on the backend '{backend}', whose chance kerasnn cannot take up again",
                name=folder.name,
                backend=backend,
            ),
            expected=_("a run on tensorflow"),
            hint=again,
        )
    if record["status"] != "done":
        return stage
    if not more_epochs:
        raise UsageError(
            _(
                "run {name} is done: all its {epochs} epochs are trained",
                name=folder.name,
                epochs=record.get("stopped_epoch"),
            ),
            hint=_("kerasnn train --resume {name} --more-epochs 5 goes on from there", name=folder.name),
        )
    if record.get("stopped_early"):
        raise UsageError(
            _(
                "run {name} stopped early, after epoch {epochs}: with more epochs it would have stopped there too",
                name=folder.name,
                epochs=record.get("stopped_epoch"),
            ),
            hint=_("train anew with a larger --patience"),
        )
    return stage


def _dataset_of(record: Record) -> str:
    told = record.get("dataset")
    return recorded_dataset(told if isinstance(told, dict) else {}) or ""


def _reopened(
    record: Record, folder: Path, stage: Stage, data: Dataset, overrides: Mapping[str, Any], more_epochs: int
) -> Run:
    """The record of the run as it begins again: with what it had, `overrides` and `more_epochs`."""
    if "epochs" in overrides:
        raise UsageError(
            _("--epochs does not go with --resume"), hint=_("--more-epochs N trains N beyond those it was to have")
        )
    epochs = _own(folder, lambda: restore(Settings, record["settings"]).epochs)
    own = _own(folder, lambda: {**record["overrides"], "seed": record["seed"], "epochs": epochs})
    _own(folder, lambda: resolve(stage, own))
    settings, changed = resolve(stage, {**own, **overrides, "epochs": epochs + more_epochs})
    return _own(
        folder,
        lambda: opened(
            stage,
            settings,
            changed,
            name=folder.name,
            engine=choose_engine(stage, record["engine"]),
            data=data,
            surroundings=environment(with_keras=True),
            started=str(record["started"]),
        ),
    )


def _differences(run: Run, before: Mapping[str, Json], *, force: bool) -> tuple[Note, ...]:
    """What differs from `before`, where `force` lets it; else ModelFileError."""
    found = differences(before, fingerprint(plain_object(run)))
    if found and not force:
        raise ModelFileError(
            _(
                "run {run} cannot go on to the same weights: {names}",
                run=run.run,
                names="; ".join(map(difference, found)),
            ),
            expected=_("the settings, data and versions it began with"),
            hint=_("--force goes on all the same, and notes it"),
        )
    return found


def _noted(record: Record, folder: Path) -> tuple[Note | str, ...]:
    """What was noted of the run before: it holds for all that is trained afterwards."""
    return _own(folder, lambda: restore(Run, record)).notes


def _own(folder: Path, read: Callable[[], Value]) -> Value:
    """What `read` makes of the run's own record; ModelFileError where that is not what kerasnn writes."""
    try:
        return read()
    except (KeyError, TypeError, ValueError, AttributeError, UsageError) as error:
        reason = error.message if isinstance(error, KerasnnError) else f"{type(error).__name__} {error}"
        raise ModelFileError(
            _("{folder} is damaged: {reason}", folder=folder / run_folder.RECORD, reason=reason),
            expected=_("the run.json of a run, as kerasnn writes it"),
        ) from None
