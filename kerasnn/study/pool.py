"""Train many jobs on this machine, in worker processes of one thread that train one job after another.

Why not a library's pool: a process may be killed at any time, usually by the operating system when memory runs out.
ProcessPoolExecutor and loky then fail the whole batch. Here a worker that dies costs only its current training, which
a new worker repeats; the others are not affected.

The protocol is in `worker`: a worker receives jobs, and sends a message for each epoch and each result. If it dies,
its connection ends (see `WorkerProcess`). As long as there are any, a worker is given jobs that its compiled programs
can train. A result depends neither on the worker nor on what that worker did before.
"""

import time
from collections import deque
from collections.abc import Hashable, Iterator, Sequence
from multiprocessing import connection as connections
from typing import TYPE_CHECKING, Final

from kerasnn.errors import EnvironmentFault, KerasnnError
from kerasnn.language import _
from kerasnn.records import Job, Listener, Outcome, Progress, Running, ignore
from kerasnn.study.job import ProgressReporter, planned_epochs, program_of
from kerasnn.study.shared_dataset import SharedDataset, share
from kerasnn.study.worker import Failed, Message, Ready, WorkerProcess

if TYPE_CHECKING:
    from kerasnn.data.dataset import Dataset

MOST_DEATHS: Final = 3  # a job is given up after this many workers have died while training it
MOST_FAILED_STARTS: Final = 5  # the batch fails after this many workers in a row have died before they were ready
MOST_PROGRAMS: Final = 25  # a worker is replaced after this many: TensorFlow never frees the 40 MB that each takes
REPORT_SECONDS: Final = 0.5  # the longest time between two reports of progress


def train_all(
    jobs: Sequence[Job], dataset: "Dataset", *, workers: int = 1, listener: Listener = ignore
) -> Iterator[Outcome]:
    """Train every job, `workers` at a time; yield each outcome as it comes, in no particular order.

    `listener` is called with a StudyProgress whenever something has changed. Closing or interrupting the iterator stops
    the workers.

    Raises: UsageError for an invalid job; EnvironmentFault as `share`; and, after all other jobs are done, the error of
    the first job that failed, or EnvironmentFault if three workers died while training it.
    """
    programs = [program_of(job) for job in jobs]
    with share(dataset) as data:
        pool = Pool(jobs, programs, data, ProgressReporter(jobs, workers, listener))
        try:
            yield from pool.run(min(workers, len(jobs)))
        finally:
            for worker in pool.workers:
                worker.stop()


class Pool:
    """The workers of one batch, and the jobs that wait for them. `programs`: for each job, the key of its program."""

    def __init__(
        self, jobs: Sequence[Job], programs: Sequence[Hashable], shared: SharedDataset, progress: ProgressReporter
    ) -> None:
        self.jobs, self.programs, self.shared, self.progress = jobs, programs, shared, progress
        self.waiting: dict[Hashable, deque[int]] = {}  # indices of jobs, by program; no queue is empty
        for place, program in enumerate(programs):
            self.waiting.setdefault(program, deque()).append(place)
        self.deaths = [0] * len(jobs)
        self.failed_starts = 0
        self.error: KerasnnError | None = None
        self.workers: list[WorkerProcess] = []
        self.started = 0

    def run(self, workers: int) -> Iterator[Outcome]:
        """Train all jobs; yield each outcome before it is reported, so that the caller has saved it by then."""
        for _number in range(workers):
            self._start_worker()
        while self.waiting or any(worker.place is not None for worker in self.workers):
            # the end of a connection counts as a message too
            ready = connections.wait([worker.connection for worker in self.workers], REPORT_SECONDS)
            for worker in [worker for worker in self.workers if worker.connection in ready]:
                outcome = self._receive(worker)
                if outcome is not None:
                    yield outcome
                    self.progress.finish(outcome)
            self._hand_out()
            busy = [(worker, self.jobs[worker.place]) for worker in self.workers if worker.place is not None]
            now = time.monotonic()
            self.progress.report(
                [Running(each.name, job, each.epoch, planned_epochs(job), now - each.since) for each, job in busy]
            )
        if self.error is not None:
            raise self.error

    def _start_worker(self) -> None:
        self.started += 1
        self.workers.append(WorkerProcess(self.started, self.shared))

    def _hand_out(self) -> None:
        for worker in self.workers:
            if self.waiting and worker.ready and worker.place is None:
                program = self._best_program_for(worker)
                place = self.waiting[program].popleft()
                if not self.waiting[program]:
                    del self.waiting[program]
                worker.give(place, self.jobs[place], program)

    def _best_program_for(self, worker: WorkerProcess) -> Hashable:
        """Return a program that `worker` has compiled; else one that no worker has; else the first that is waited for.

        Compiling takes a second, as long as several epochs, so two workers should not compile the same program.
        """
        compiled = set[Hashable]().union(*(each.programs for each in self.workers))

        def rank(program: Hashable) -> int:
            return 0 if program in worker.programs else 1 if program not in compiled else 2

        return min(self.waiting, key=rank)

    def _receive(self, worker: WorkerProcess) -> Outcome | None:
        try:
            message: Message = worker.connection.recv()
        except (EOFError, OSError):  # the process is dead; OSError if it was killed in the middle of a message
            self._replace_dead(worker)
            return None
        match message:
            case Progress():
                worker.epoch = message.epoch
                return None
            case Ready():
                worker.ready, self.failed_starts = True, 0
                return None
            case Failed(error) if not worker.ready:
                raise error  # no other worker would start either
            case Failed(error):
                self.error = self.error or error
                worker.place = None
                return None
            case Outcome():
                worker.place = None
                if len(worker.programs) >= MOST_PROGRAMS:
                    self._remove(worker)
                    self._start_worker_if_needed()
                return message

    def _remove(self, worker: WorkerProcess) -> None:
        self.workers.remove(worker)
        worker.stop()

    def _replace_dead(self, worker: WorkerProcess) -> None:
        """Remove a dead worker, put its job back, and start another worker if there is work."""
        self._remove(worker)
        # Python's exit code after a traceback: a bug; without one it was killed by the Task Manager of Windows
        if worker.process.exitcode == 1 and "Traceback" in (log := worker.log_text()):
            raise RuntimeError(f"{worker.name} ended with an error:\n{log}")
        if worker.place is not None:
            self._requeue(worker.place, worker)
        elif not worker.ready:
            self.failed_starts += 1
            if self.failed_starts == MOST_FAILED_STARTS:
                reason = worker.how_it_ended()
                raise EnvironmentFault(
                    _(
                        "{count} worker processes died while they started ({reason})",
                        count=self.failed_starts,
                        reason=reason,
                    ),
                    expected=_("enough memory to load TensorFlow once per worker"),
                    hint=_("use fewer --workers; kerasnn doctor checks TensorFlow"),
                )
        self._start_worker_if_needed()

    def _requeue(self, place: int, worker: WorkerProcess) -> None:
        """Put a dead worker's job back, first in its queue, unless too many workers have died while training it."""
        self.deaths[place] += 1
        if self.deaths[place] < MOST_DEATHS:
            self.waiting.setdefault(self.programs[place], deque()).appendleft(place)
        elif self.error is None:
            job, reason = self.jobs[place], worker.how_it_ended()
            message = _(
                "the worker process died {count} times while it trained {stage}, seed {seed} ({reason})",
                count=MOST_DEATHS,
                stage=job.stage,
                seed=job.seed,
                reason=reason,
            )
            hint = _("use fewer --workers; finished trainings are saved")
            self.error = EnvironmentFault(message, expected=_("enough memory for every worker"), hint=hint)

    def _start_worker_if_needed(self) -> None:
        # idle workers, and those still starting, will take as many of the waiting jobs
        if sum(map(len, self.waiting.values())) > sum(each.place is None for each in self.workers):
            self._start_worker()
