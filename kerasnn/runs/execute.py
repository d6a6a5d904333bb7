"""One training from its command to its finished folder."""

import shlex
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, Unpack

from kerasnn.data.dataset import Dataset
from kerasnn.data.load import load_data
from kerasnn.data.source import AUTO
from kerasnn.errors import EnvironmentFault, Interrupted, ModelFileError, TrainingDiverged
from kerasnn.files.paths import RUNS
from kerasnn.language import _
from kerasnn.lecture.hyperparameters import Overrides
from kerasnn.lecture.keywords import lists_hyperparameters
from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.lecture.stages import Stage
from kerasnn.networks.backend import choose_backend
from kerasnn.networks.evaluation import score
from kerasnn.records import Listener, Note, Notice, Run, Seconds, Training, ignore, plain_object
from kerasnn.records.note import Code, sentence
from kerasnn.runs import checkpoint
from kerasnn.runs import folder as run_folder
from kerasnn.runs.environment import environment
from kerasnn.runs.fingerprint import fingerprint
from kerasnn.runs.start_record import now, opened
from kerasnn.training.divergence import likely_cause, loss_bound
from kerasnn.training.interrupts import Interrupts
from kerasnn.training.reading import read_curves
from kerasnn.training.state import Continuity, State
from kerasnn.training.train import Trained, choose_engine
from kerasnn.training.train import train as train_stage

if TYPE_CHECKING:
    import keras

STATUS: Final[Mapping[str, Literal["done", "stopped", "failed"]]] = {
    "done": "done",
    "stopped": "stopped",
    "diverged": "failed",
}


@dataclass(frozen=True)
class Clock:
    """When the command began, and how long the data took."""

    began: float
    data_seconds: float


@lists_hyperparameters
def train(
    stage: str,
    *,
    dataset: str | Path | Dataset = AUTO,
    data_dir: str | Path | None = None,
    engine: str | None = None,
    backend: str | None = None,
    out: str | Path = RUNS,
    listener: Listener = ignore,
    callbacks: "Sequence[keras.callbacks.Callback]" = (),
    **overrides: Unpack[Overrides],
) -> Run:
    """Train a stage in a new folder in `out`, and return its record, which is also the folder's run.json.

    `dataset`, `data_dir`: as in `load_data`. `engine`: `fused` (the default: each epoch is one compiled program with
    its own shuffling) or `keras` (model.fit). `backend`: what Keras computes on: `tensorflow`, `torch` or `jax`, one
    per process; the last two need the engine `keras`. `listener` is called with Progress, Notice, Download and
    Compiling. `callbacks`: Keras callbacks; one that looks at batches selects the engine `keras`, with a notice.
    `overrides`: hyperparameters to change.

    Raises: UsageError, DataError and EnvironmentFault before anything is trained; TrainingDiverged and Interrupted,
    with the record, after the last good state was saved in the folder.
    """
    began, out = time.perf_counter(), Path(out)
    if backend is not None:
        choose_backend(backend)
    chosen = find_stage(stage)
    settings, changed = resolve(chosen, overrides)
    engine = choose_engine(chosen, engine)
    data = load_data(dataset, data_dir=data_dir, listener=listener)
    clock = Clock(began, time.perf_counter() - began)
    surroundings = environment(with_keras=chosen.library == "keras")
    started = now()
    run_folder.sweep_runs(out)
    folder = run_folder.create(out, chosen.name, settings.seed, started)
    run = opened(
        chosen,
        settings,
        changed,
        name=folder.name,
        engine=engine,
        data=data,
        surroundings=surroundings,
        started=started.isoformat(),
    )
    meddling = (callback for callback in callbacks if not getattr(callback, "only_watches", False))
    run = replace(run, callbacks=tuple(type(callback).__name__ for callback in meddling))
    with run_folder.locked(folder):
        return carry_out(run, folder, chosen, data, clock, listener=listener, callbacks=callbacks)


def carry_out(
    run: Run,
    folder: Path,
    stage: Stage,
    data: Dataset,
    clock: Clock,
    *,
    listener: Listener = ignore,
    callbacks: Sequence[Any] = (),
    start: State | None = None,
) -> Run:
    """Train the run that was opened, in its `folder`, whose lock is held; `start`: the state to go on from.

    Raises: as `train`.
    """
    keep = partial(checkpoint.write, folder, fingerprint(plain_object(run)))
    # scikit-learn trains in one call, which Ctrl-C may break off: there is no slice to wait for
    with Interrupts(patient=stage.library == "keras") as interrupts:
        try:
            run_folder.write_record(folder, run)
            continuity = Continuity(start, keep, interrupts.asked)
            trained = train_stage(
                stage,
                run.settings,
                data,
                engine=run.engine,
                listener=listener,
                callbacks=callbacks,
                continuity=continuity,
            )
            run = _finish(run, folder, trained, data, clock)
            _note_latest(folder, listener)
        except KeyboardInterrupt:
            _note_end(run, folder, "stopped")
            raise _stopped_at_once(run, folder, stage) from None
        except BaseException as error:
            _note_end(run, folder, "failed", _fault(error))
            raise
    _raise_unless_done(trained.training, run, folder)
    return run


def _stopped_at_once(run: Run, folder: Path, stage: Stage) -> Interrupted:
    if stage.library == "keras":
        return Interrupted(_("stopped at once; every epoch that was reported is kept"), hint=_way_on(folder))
    return Interrupted(
        _("stopped at once; scikit-learn keeps nothing half learnt"),
        hint=_("train again: {command}", command=run.command),
    )


def _fault(error: BaseException) -> Note:
    """What ended a training, as its record keeps it."""
    if isinstance(error, MemoryError):
        return Note(Code.OUT_OF_MEMORY)
    return Note(Code.ERROR, {"kind": type(error).__name__, "message": str(error)})


def _note_end(run: Run, folder: Path, status: Literal["stopped", "failed"], fault: Note | None = None) -> None:
    """Note in the folder how the run ended before its time, where that can be written at all.

    A record that tells an end already stays: it is that of a whole training, or nothing was begun after it.
    """
    with suppress(EnvironmentFault, ModelFileError):
        if run_folder.read_record(folder).get("ended") is not None:
            return
    with suppress(EnvironmentFault):
        run_folder.write_record(folder, replace(run, status=status, fault=fault, ended=now().isoformat()))


def _finish(run: Run, folder: Path, trained: Trained, data: Dataset, clock: Clock) -> Run:
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
        notes=(*run.notes, *training.notes),
        fault=training.fault,
        ended=now().isoformat(),
    )
    spent = Seconds(
        total=time.perf_counter() - clock.began,
        data=clock.data_seconds,
        compile=training.compile_seconds,
        train=training.train_seconds,
    )
    finished = replace(finished, seconds=spent)
    if finished.status == "done":
        checkpoint.settle(folder)
    run_folder.write_record(folder, finished)
    return finished


def _note_latest(folder: Path, listener: Listener) -> None:
    try:
        run_folder.set_latest(folder)
    except EnvironmentFault as error:  # the run itself is whole
        listener(Notice(error.message, warns=True))


def _raise_unless_done(training: Training, run: Run, folder: Path) -> None:
    if training.outcome == "diverged":
        raise TrainingDiverged(
            _(
                "training diverged in epoch {stopped_epoch}: {fault}",
                stopped_epoch=training.stopped_epoch + 1,
                fault=sentence(training.fault or ""),
            ),
            expected=_(
                "finite weights, and a loss below {loss_bound:.1f}", loss_bound=loss_bound(len(run.dataset.classes))
            ),
            hint=_(
                "{likely_cause}; the last good state is in {folder}",
                likely_cause=likely_cause(run.settings),
                folder=folder,
            ),
            record=run,
        )
    if training.outcome == "stopped":
        raise Interrupted(
            _(
                "stopped after epoch {stopped_epoch} of {epochs}; what was learnt is in {folder}",
                stopped_epoch=training.stopped_epoch,
                epochs=run.settings.epochs,
                folder=folder,
            ),
            hint=_way_on(folder),
            record=run,
        )


def _way_on(folder: Path) -> str:
    """The command that takes the run in `folder` up again."""
    words = ["kerasnn", "train", "--resume", folder.name]
    if folder.parent != RUNS:
        words += ["--out", str(folder.parent)]
    return _("{command} goes on from there", command=shlex.join(words))
