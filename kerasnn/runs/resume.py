"""Resume a run: one that was killed, stopped or failed, or a finished one for more epochs."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Unpack

from kerasnn.data.dataset import Dataset
from kerasnn.data.load import Source, load_for_model, source_of
from kerasnn.errors import KerasnnError, ModelFileError, UsageError
from kerasnn.files.paths import RUNS, expanded
from kerasnn.language import _
from kerasnn.lecture.hyperparameters import Overrides, Settings
from kerasnn.lecture.settings import find_stage, lists_hyperparameters, resolve
from kerasnn.lecture.stages import Stage
from kerasnn.networks.backend import DEFAULT, announce_import
from kerasnn.networks.threads import choose_threads
from kerasnn.records import Listener, Notice, Run, plain_object, show_in_notebook
from kerasnn.records.note import difference
from kerasnn.records.serialize import restore
from kerasnn.runs import checkpoint
from kerasnn.runs import folder as run_folder
from kerasnn.runs.checkpoint import Checkpoint
from kerasnn.runs.environment import differences, environment, fingerprint
from kerasnn.runs.execute import train_run
from kerasnn.runs.find_model import FoundModel
from kerasnn.runs.folder import find_run
from kerasnn.runs.reading import restore_with_reading
from kerasnn.runs.record import Clock, TrainingPlan, start_record
from kerasnn.runs.seal import record_problems
from kerasnn.training.state import Conduct
from kerasnn.training.train import architecture_of, choose_engine, refuse_other_state

Record = Mapping[str, Any]  # the content of a run.json, which may come from a stranger


@dataclass(frozen=True)
class Again:
    """How a run is continued; the fields are the keywords of `resume`."""

    more_epochs: int = 0
    force: bool = False
    threads: int | None = None
    overrides: Mapping[str, Any] = field(default_factory=dict)


@lists_hyperparameters
def resume(
    run: str,
    *,
    more_epochs: int = 0,
    force: bool = False,
    threads: int | None = None,
    dataset: str | Path | Dataset | None = None,
    data_dir: str | Path | None = None,
    out: str | Path = RUNS,
    listener: Listener = show_in_notebook,
    **overrides: Unpack[Overrides],
) -> Run:
    """Continue a run; weights and history are bitwise the same as if it had never been interrupted.

    `run`: its id, its folder, or `latest`, the last one that is not done. `more_epochs`: how many to train beyond those
    planned. `threads`, `dataset`: None means the run's own. `overrides`: hyperparameters to compare with the run's
    own. If these, the data, versions, device or threads differ, the run is refused; with `force` the difference is
    noted instead.

    Raises: ModelFileError if the run cannot be resumed, or something differs; UsageError if nothing is left to
    train; EnvironmentFault if another process is training it; and as `train`.
    """
    folder = find_run(run, expanded(out), unfinished=not more_epochs)
    run_folder.sweep_runs(folder.parent)

    def images(record: Record) -> Dataset:
        found = FoundModel(run, folder, dict(record))
        recorded = Source(found.dataset or "", expanded(data_dir) if data_dir is not None else None, recorded=True)
        source = source_of(dataset, data_dir) if dataset else recorded
        return load_for_model(source, None, found.image_shape, listener)

    return resume_run(folder, images, Again(more_epochs, force, threads, overrides), Conduct(listener))


def resume_run(folder: Path, load: Callable[[Record], Dataset], again: Again, conduct: Conduct) -> Run:
    """Continue the run in `folder`; `load` returns its images, `conduct` is as for `train_run`. Raises: as `resume`."""
    began = time.perf_counter()
    with run_folder.locked(folder):
        record = run_folder.read_record(folder)
        stage = check_resumable(record, folder, again.more_epochs)
        data = load(record)
        clock = Clock(began, time.perf_counter() - began)
        plan = _plan(record, folder, stage, again)
        announce_import(conduct.listener)
        with _reading_record(folder):
            choose_threads(again.threads, record["environment"].get("threads"))
            started = str(record["started"])
            restarted = start_record(plan, data, environment(with_keras=True), name=folder.name, started=started)
        saved = checkpoint.read(folder, architecture_of(plan.settings, data).parameters)
        restarted = _continued(restarted, record, folder, saved, force=again.force)
        state = saved.state if saved else None  # None: it was killed in its first epoch
        if state is not None:
            refuse_other_state(plan.settings, data, state)
        epoch, epochs = restarted.resumed_after[-1], plan.settings.epochs
        text = _("{name} continues after epoch {epoch} of {epochs}", name=folder.name, epoch=epoch, epochs=epochs)
        conduct.listener(Notice(text))
        return train_run(restarted, folder, data, clock, replace(conduct, start=state))


def _plan(record: Record, folder: Path, stage: Stage, again: Again) -> TrainingPlan:
    if "epochs" in again.overrides:
        raise UsageError(
            _("--epochs cannot be combined with --resume"),
            hint=_("--more-epochs N trains N epochs beyond the planned ones"),
        )
    with _reading_record(folder):
        epochs = restore(Settings, record["settings"]).epochs
        own = {**record["overrides"], "seed": record["seed"], "epochs": epochs}
        resolve(stage, own)  # first without the overrides: an error here is the record's, not the user's
    settings, changed = resolve(stage, {**own, **again.overrides, "epochs": epochs + again.more_epochs})
    with _reading_record(folder):
        return TrainingPlan(stage, settings, changed, choose_engine(stage, record["engine"]))


def _continued(run: Run, record: Record, folder: Path, saved: Checkpoint | None, *, force: bool) -> Run:
    """Add to `run` its earlier notes, a note for each difference, and the epoch that it continues after."""
    with _reading_record(folder):
        before = fingerprint(record) if saved is None else saved.fingerprint
        notes = restore_with_reading(record).notes  # they apply to everything that is trained afterwards
    # the record will be sealed again, so that it was edited before must be said in it
    edited = tuple(note for note in record_problems(record, None) if note not in notes)
    found = differences(before, fingerprint(plain_object(run)))
    if found and not force:
        names = "; ".join(map(difference, found))
        raise ModelFileError(
            _("run {run} cannot be continued to the same weights: {names}", run=run.run, names=names),
            expected=_("the settings, data and versions it began with"),
            hint=_("--force continues all the same, and notes the differences"),
        )
    earlier = record.get("resumed_after")
    resumed_after = (*(earlier if isinstance(earlier, list) else ()), len(saved.state.history) if saved else 0)
    return replace(run, notes=(*notes, *edited, *found), resumed_after=resumed_after)


@contextmanager
def _reading_record(folder: Path) -> Iterator[None]:
    try:  # the block only reads the record, so its errors are the record's
        yield
    except (KeyError, TypeError, ValueError, AttributeError, UsageError) as error:
        reason = error.message if isinstance(error, KerasnnError) else f"{type(error).__name__} {error}"
        raise ModelFileError(
            _("{folder} is damaged: {reason}", folder=folder / run_folder.RECORD, reason=reason),
            expected=_("the run.json of a run, as kerasnn writes it"),
        ) from None


def check_resumable(record: Record, folder: Path, more_epochs: int) -> Stage:
    """Return the stage of the run in `folder`. Raises: UsageError, ModelFileError if it cannot be continued at all."""
    with _reading_record(folder):
        stage = find_stage(record["stage"])
        backend = record["environment"].get("backend") if stage.library == "keras" else None
    hint = _("train again: {command}", command=record.get("command", "kerasnn train"))
    if stage.library == "scikit-learn":
        raise UsageError(
            _(
                "run {name} is of stage '{stage}', which scikit-learn trains in one call",
                name=folder.name,
                stage=stage.name,
            ),
            expected=_("a run of a stage that Keras trains"),
            hint=hint,
        )
    if backend not in (None, DEFAULT):
        raise UsageError(
            _(
                "run {name} was trained on the backend '{backend}', whose random state kerasnn cannot restore",
                name=folder.name,
                backend=backend,
            ),
            expected=_("a run on tensorflow"),
            hint=hint,
        )
    if record["status"] == "done":
        _check_extensible(record, folder, more_epochs)
    return stage


def _check_extensible(record: Record, folder: Path, more_epochs: int) -> None:
    epochs = record.get("stopped_epoch")
    if not more_epochs:
        raise UsageError(
            _("run {name} is done: it has trained all its epochs ({epochs})", name=folder.name, epochs=epochs),
            hint=_("kerasnn train --resume {name} --more-epochs 5 continues it", name=folder.name),
        )
    if record.get("stopped_early"):
        raise UsageError(
            _(
                "run {name} stopped early, after epoch {epochs}: with more epochs it would have stopped there too",
                name=folder.name,
                epochs=epochs,
            ),
            hint=_("train again with a larger --patience"),
        )
