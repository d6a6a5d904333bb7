"""Execute one training, from the command to the finished folder, or to the end of the epoch after Ctrl-C."""

import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Final, Unpack

import numpy as np

from kerasnn.data.dataset import Dataset
from kerasnn.data.load import AUTO, load_data
from kerasnn.errors import EnvironmentFault
from kerasnn.files.paths import RUNS, expanded
from kerasnn.lecture.hyperparameters import Overrides
from kerasnn.lecture.settings import find_stage, lists_hyperparameters, resolve
from kerasnn.networks.backend import announce_import, choose_backend
from kerasnn.networks.threads import choose_threads, threads_for
from kerasnn.platforms import stopping_signals
from kerasnn.records import Listener, Notice, Run, Working, plain_object, show_in_notebook
from kerasnn.runs import checkpoint
from kerasnn.runs import folder as run_folder
from kerasnn.runs.environment import environment, fingerprint
from kerasnn.runs.labels import checked_name, checked_tags
from kerasnn.runs.latest import set_latest
from kerasnn.runs.record import (
    Clock,
    TrainingPlan,
    note_end,
    now,
    raise_unless_done,
    save_results,
    start_record,
    stopped_at_once,
)
from kerasnn.training.state import Conduct, Programs
from kerasnn.training.train import architecture_of, choose_engine
from kerasnn.training.train import train as train_stage

if TYPE_CHECKING:
    import keras


@lists_hyperparameters
def train(  # noqa: PLR0913  # each says what is trained, how, or what becomes of it
    stage: str,
    *,
    dataset: str | Path | Dataset = AUTO,
    data_dir: str | Path | None = None,
    size: tuple[int, int] | None = None,
    engine: str | None = None,
    backend: str | None = None,
    threads: int | None = None,
    out: str | Path = RUNS,
    listener: Listener = show_in_notebook,
    callbacks: "Sequence[keras.callbacks.Callback]" = (),
    name: str | None = None,
    tags: Sequence[str] = (),
    **overrides: Unpack[Overrides],
) -> Run:
    """Train a stage, save the run in a new folder in `out`, and return its record, as saved in run.json.

    `dataset`, `data_dir`, `size`: as in `load_data`. `engine`: `fused` (the default: an epoch is one compiled
    program with its own shuffling) or `keras` (model.fit). `backend`: what Keras computes with, `tensorflow`,
    `torch` or `jax`, one per process; the last two need the engine `keras`. `threads`: how many an operation may
    use, one number per process too; None means one, or one per core for large networks. `listener` is called with
    Progress, Working, Compiling, Notice and Download. `callbacks`: Keras callbacks; one with hooks for batches
    selects the engine `keras`, with a notice. `name`: stands for the run wherever its id can, as long as no other
    run in `out` has it. `tags`: to list it by.
    `overrides`: hyperparameters to change.

    Raises: UsageError, DataError and EnvironmentFault before anything is trained; TrainingDiverged and Interrupted,
    with the record, after the last good state has been saved in the folder.
    """
    began, out = time.perf_counter(), expanded(out)
    if name is not None:
        name = checked_name(name)
    tags = checked_tags(tags)
    if backend is not None:
        choose_backend(backend)
    chosen = find_stage(stage)
    plan = TrainingPlan(chosen, *resolve(chosen, overrides), choose_engine(chosen, engine))
    run_folder.require_folder(out)
    data = load_data(dataset, data_dir=data_dir, size=size, listener=listener)
    clock = Clock(began, time.perf_counter() - began)
    if chosen.library == "keras":
        choose_threads(threads, threads_for(architecture_of(plan.settings, data).parameters, plan.settings.batch_size))
        announce_import(listener)
    machine, started = environment(with_keras=chosen.library == "keras"), now()
    run_folder.sweep_runs(out)
    folder = run_folder.create(out, chosen.name, plan.settings.seed, started)
    run = start_record(plan, data, machine, name=folder.name, started=started.isoformat())
    # the fingerprint leaves out callbacks that only watch, because they do not change the weights
    others = tuple(type(each).__name__ for each in callbacks if not getattr(each, "only_watches", False))
    run = replace(run, callbacks=others, name=name, tags=tags)
    reuses = plan.engine == "fused" and not callbacks  # a callback may keep the model, which is then its own
    with run_folder.locked(folder), _programs_for(data) if reuses else nullcontext() as programs:
        return train_run(run, folder, data, clock, Conduct(listener, callbacks, programs=programs))


_programs: Final[dict[str, Programs]] = {}  # compiled by the trainings of this process, by the data set's digest
_programs_lock: Final = threading.Lock()


@contextmanager
def _programs_for(data: Dataset) -> Iterator[Programs | None]:
    """Yield the programs that earlier trainings on the same images compiled; None while another thread uses them.

    TensorFlow never frees a program, so a process that compiled one for each training would grow.
    """
    if not _programs_lock.acquire(blocking=False):
        yield None
        return
    try:
        digest = sha256()
        for part in (data.train, data.validation):  # not the digest in its record: arrays can change
            digest.update(repr(part.images.shape).encode())
            digest.update(np.ascontiguousarray(part.images).data)
            digest.update(np.ascontiguousarray(part.labels).data)
        programs = _programs.pop(digest.hexdigest(), None) or Programs()
        _programs.clear()  # those of one data set are kept
        _programs[digest.hexdigest()] = programs
        programs.adopt(data)
        try:
            yield programs
        finally:
            programs.adopt(None)
    finally:
        _programs_lock.release()


def train_run(run: Run, folder: Path, data: Dataset, clock: Clock, conduct: Conduct) -> Run:
    """Train a run in its `folder`, whose lock is held, and return its final record.

    `run`: its record at the start. `conduct`: its `keep` and `stopping` are set here.

    Raises: as `train`.
    """
    stage = find_stage(run.stage)
    save_state = partial(checkpoint.write, folder, fingerprint(plain_object(run)))
    # scikit-learn trains in one call that cannot be stopped in between, so there the first Ctrl-C aborts it
    with interrupts(patient=stage.library == "keras") as asked:
        try:
            run_folder.write_record(folder, run)
            conduct = replace(conduct, keep=save_state, stopping=asked)
            trained = train_stage(stage, run.settings, data, conduct, engine=run.engine)
            conduct.listener(Working("measuring"))
            run = save_results(run, folder, trained, data, clock)
            try:
                set_latest(folder)
            except EnvironmentFault as error:  # only a notice, because the run itself is complete
                conduct.listener(Notice(error.message, warns=True))
        except BaseException as error:
            note_end(run, folder, error)
            if isinstance(error, KeyboardInterrupt):
                raise stopped_at_once(run, folder, stage) from None
            raise
    raise_unless_done(trained.training, run, folder)
    return run


@contextmanager
def interrupts(*, patient: bool = True) -> Iterator[Callable[[], bool]]:
    """Yield a function that returns True once a signal has come, so that the training stops at a good moment.

    The second signal raises KeyboardInterrupt at once. Even then files stay intact, because they are renamed into place
    once complete (see `kerasnn.files.atomic`). With `patient=False` the first signal raises too. Outside the main
    thread, where Python allows no signal handlers, signals are left alone.
    """
    asked = False

    def note(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        if asked or not patient:
            raise KeyboardInterrupt
        asked = True

    in_main = threading.current_thread() is threading.main_thread()
    before = {number: signal.signal(number, note) for number in stopping_signals()} if in_main else {}
    try:
        yield lambda: asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
