"""Many trainings on this machine: warm worker processes, each on one thread, each with many trainings to do.

A worker is given what its compiled programs can train, as long as there is such a job. One that is killed costs the
training it was at, which a fresh worker does again; the others do not notice. What a job comes to does not depend on
the worker, nor on what that worker did before.
"""

import os
import signal
import sys
import time
from collections import deque
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import connection as connections
from multiprocessing import get_context
from types import ModuleType
from typing import TYPE_CHECKING, Final

from kerasnn.errors import EnvironmentFault, KerasnnError
from kerasnn.language import _
from kerasnn.records import Job, Listener, Outcome, Progress, Running, ignore
from kerasnn.study.job import program_of
from kerasnn.study.progress import Account
from kerasnn.study.worker import Failed, Message, Ready, SharedDataset, serve, shared

if TYPE_CHECKING:
    from kerasnn.data.dataset import Dataset

DEATHS: Final = 3  # so many workers may end at one job
PROGRAMS: Final = 25  # after so many a worker makes way for a fresh one: TensorFlow keeps 40 MB of each for good
STILLBIRTHS: Final = 5  # so many may end one after the other before they are ready
SIGN_OF_LIFE_SECONDS: Final = 0.5
PROCESSES: Final = get_context("spawn")


def train_all(
    jobs: Sequence[Job], dataset: "Dataset", *, workers: int = 1, listener: Listener = ignore
) -> Iterator[Outcome]:
    """Train every job, `workers` at a time; yields each outcome as it comes, in no order.

    `listener` is told a StudyProgress whenever something has changed. Whoever stops listening to the iterator, or
    interrupts it, ends the workers.

    Raises: UsageError for a job that cannot be; EnvironmentFault as `shared` does; and, once all others are done,
    EnvironmentFault where a job has ended three workers, or the error of the first job that ended with one.
    """
    programs = [program_of(job) for job in jobs]
    with shared(dataset) as data:
        crew = Crew(jobs, programs, data, Account(jobs, workers, listener))
        try:
            yield from crew.work(min(workers, len(jobs)))
        finally:
            crew.dismiss()


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Worker:
    """A process that trains one job after the other, seen from outside.

    `place`: of its job among all; None: idle. `programs`: that it has compiled, or does now.
    """

    def __init__(self, number: int, shared: SharedDataset) -> None:
        self.name = f"worker {number}"
        self.log = shared.folder / f"worker-{number}.log"
        self.connection, theirs = PROCESSES.Pipe()
        self.process = PROCESSES.Process(
            target=serve, args=(theirs, shared, self.log), name=f"kerasnn {self.name}", daemon=True
        )
        with _script_hidden(), _interrupts_kept_out():
            self.process.start()
        theirs.close()  # so that its end closes the connection
        self.ready = False
        self.programs = set[Hashable]()
        self.place: int | None = None
        self.since = time.monotonic()
        self.epoch = 0

    def give(self, place: int, job: Job, program: Hashable) -> None:
        self.place, self.since, self.epoch = place, time.monotonic(), 0
        self.programs.add(program)
        with suppress(OSError):  # killed while it waited: its connection is heard of next
            self.connection.send(job)

    def dismiss(self) -> None:
        self.connection.close()
        self.process.kill()
        self.process.join()


class Crew:
    """The workers of one batch, and what is still to do. `programs`: which one each of the `jobs` needs."""

    def __init__(
        self, jobs: Sequence[Job], programs: Sequence[Hashable], shared: SharedDataset, account: Account
    ) -> None:
        self.jobs, self.programs, self.shared, self.account = jobs, programs, shared, account
        self.waiting: dict[Hashable, deque[int]] = {}  # places, by the program that their jobs need
        for place, program in enumerate(programs):
            self.waiting.setdefault(program, deque()).append(place)
        self.deaths = [0] * len(jobs)
        self.stillbirths = 0
        self.error: KerasnnError | None = None
        self.workers: list[Worker] = []
        self.hired = 0

    def work(self, workers: int) -> Iterator[Outcome]:
        for _number in range(workers):
            self._hire()
        while self.waiting or any(worker.place is not None for worker in self.workers):
            for worker in self._heard_from():
                outcome = self._listen_to(worker)
                if outcome is not None:
                    yield outcome  # kept before it is told of
                    self.account.finished(outcome)
            self._hand_out()
            self.account.report([self._running(worker) for worker in self.workers if worker.place is not None])
        if self.error is not None:
            raise self.error

    def dismiss(self) -> None:
        for worker in self.workers:
            worker.dismiss()

    def _hire(self) -> None:
        self.hired += 1
        self.workers.append(Worker(self.hired, self.shared))

    def _heard_from(self) -> list[Worker]:
        heard = connections.wait([worker.connection for worker in self.workers], SIGN_OF_LIFE_SECONDS)
        return [worker for worker in self.workers if worker.connection in heard]

    def _hand_out(self) -> None:
        for worker in self.workers:
            if self.waiting and worker.ready and worker.place is None:
                program = self._best_for(worker)
                place = self.waiting[program].popleft()
                if not self.waiting[program]:
                    del self.waiting[program]
                worker.give(place, self.jobs[place], program)

    def _best_for(self, worker: Worker) -> Hashable:
        """A program that `worker` has; else one that no worker has; else the first that a job is waiting for."""
        theirs = set[Hashable]().union(*(each.programs for each in self.workers))

        def rank(program: Hashable) -> int:
            return 0 if program in worker.programs else 1 if program not in theirs else 2

        return min(self.waiting, key=rank)

    def _listen_to(self, worker: Worker) -> Outcome | None:
        try:
            message: Message = worker.connection.recv()
        except (EOFError, OSError):  # a killed process breaks off in the middle of a word, or before it hears one
            self._replace(worker)
            return None
        match message:
            case Progress():
                worker.epoch = message.epoch
                return None
            case Ready():
                worker.ready, self.stillbirths = True, 0
                return None
            case Failed(error) if not worker.ready:
                raise error  # no other one would start either
            case Failed(error):
                self.error = self.error or error
                worker.place = None
                return None
            case Outcome():
                worker.place = None
                if len(worker.programs) >= PROGRAMS:
                    self._retire(worker)
                return message

    def _retire(self, worker: Worker) -> None:
        self.workers.remove(worker)
        worker.dismiss()
        self._hire_where_needed()

    def _replace(self, worker: Worker) -> None:
        """Bury `worker`, put its job back at the head of the queue, and hire another one where there is work."""
        self.workers.remove(worker)
        worker.dismiss()
        if worker.process.exitcode == 1:
            raise RuntimeError(f"{worker.name} ended with an error:\n{_log_of(worker)}")
        if worker.place is not None:
            self.deaths[worker.place] += 1
            if self.deaths[worker.place] < DEATHS:
                self.waiting.setdefault(self.programs[worker.place], deque()).appendleft(worker.place)
            else:
                self.error = self.error or _deadly(self.jobs[worker.place], worker)
        elif not worker.ready:
            self.stillbirths += 1
            if self.stillbirths == STILLBIRTHS:
                raise _stillborn(worker)
        self._hire_where_needed()

    def _hire_where_needed(self) -> None:
        if sum(map(len, self.waiting.values())) > sum(each.place is None for each in self.workers):
            self._hire()

    def _running(self, worker: Worker) -> Running:
        assert worker.place is not None
        job = self.jobs[worker.place]
        seconds = time.monotonic() - worker.since
        return Running(worker.name, job, worker.epoch, self.account.epochs(job), seconds)


def _deadly(job: Job, worker: Worker) -> EnvironmentFault:
    return EnvironmentFault(
        _(
            "training {stage}, seed {seed}, ended its worker process {DEATHS} times ({last_words})",
            stage=job.stage,
            seed=job.seed,
            DEATHS=DEATHS,
            last_words=_last_words(worker),
        ),
        expected=_("memory enough for every worker"),
        hint=_("fewer --workers; what was finished is kept"),
    )


def _stillborn(worker: Worker) -> EnvironmentFault:
    return EnvironmentFault(
        _(
            "{STILLBIRTHS} worker processes ended before they were ready ({last_words})",
            STILLBIRTHS=STILLBIRTHS,
            last_words=_last_words(worker),
        ),
        expected=_("memory for one TensorFlow a worker"),
        hint=_("fewer --workers; kerasnn doctor looks at TensorFlow"),
    )


def _last_words(worker: Worker) -> str:
    code = worker.process.exitcode or 0
    ending = signal.Signals(-code).name if code < 0 else _("exit code {code}", code=code)
    lines = [line for line in _log_of(worker).splitlines() if line.strip()]
    return "; ".join([ending, *lines[-1:]])


def _log_of(worker: Worker) -> str:
    """What it printed; nothing where it ended before it could."""
    return worker.log.read_text(encoding="utf-8", errors="replace") if worker.log.exists() else ""


@contextmanager
def _script_hidden() -> Iterator[None]:
    """Without this, a new process would first run the caller's script again, and that starts new processes."""
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


@contextmanager
def _interrupts_kept_out() -> Iterator[None]:
    """Ctrl-C reaches every process of a terminal; a process started in this block leaves it to its parent."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
