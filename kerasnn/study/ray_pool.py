"""Many trainings on a Ray cluster: the same jobs and outcomes as `pool`, on as many machines as there are.

The data go to each node once, as one object that all its processes map. A training whose process or node is lost is
trained again elsewhere; an outcome belongs to its job, so none is lost and none comes twice.
"""

import logging
import os
import platform
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from kerasnn.errors import EnvironmentFault, KerasnnError
from kerasnn.language import _
from kerasnn.networks.backend import VARIABLE, backend
from kerasnn.records import Event, Job, Listener, Outcome, Progress, Running, ignore
from kerasnn.runs.environment import versions
from kerasnn.study.job import program_of
from kerasnn.study.pool import PROGRAMS
from kerasnn.study.progress import Account
from kerasnn.study.threads import ONE_THREAD
from kerasnn.study.worker import Failed

if TYPE_CHECKING:
    from kerasnn.data.dataset import Dataset
    from kerasnn.training.program_cache import Programs

LOCAL: Final = "local"
RETRIES: Final = 9  # machines of a cluster come and go, which is no fault of the training
SIGN_OF_LIFE_SECONDS: Final = 0.5
SECONDS_BETWEEN_NOTES: Final = 2
IMPORT_FAILED: Final = "failed to import on the worker"
LOST: Final = ("WorkerCrashedError", "NodeDiedError", "ObjectLostError", "OutOfMemoryError")
KNOCK_SECONDS: Final = 5


def train_all_on_ray(
    jobs: Sequence[Job], dataset: "Dataset", *, address: str, workers: int = 1, listener: Listener = ignore
) -> Iterator[Outcome]:
    """Train every job on the cluster at `address`; yields each outcome as it comes, in no order.

    `address`: `local` starts a cluster of `workers` processes on this machine; `auto` is the one that this machine
    belongs to; else HOST:PORT or ray://HOST:PORT. `listener` is told a StudyProgress whenever something has changed.

    Raises: UsageError for a job that cannot be; EnvironmentFault where Ray is not installed or the cluster not
    reached, and, once all others are done, where a node's packages differ from this machine's or a job has been lost
    too often.
    """
    programs = {program_of(job) for job in jobs}
    with _cluster(address, workers) as ray:
        cores = int(ray.cluster_resources().get("CPU", 1))
        account, board = Account(jobs, cores, listener), _Board(ray)
        variables = {**ONE_THREAD, VARIABLE: backend()}
        options = {"max_retries": RETRIES, "num_cpus": 1, "runtime_env": {"env_vars": variables}}
        if len(programs) > PROGRAMS:
            options["max_calls"] = PROGRAMS  # a process keeps what it compiles until it ends
        train = ray.remote(**options)(_train)
        data, here = ray.put(dataset), versions(backend())
        # in a list, where Ray leaves a reference a reference
        pending = {train.remote(place, job, [data], here, board.notes): job for place, job in enumerate(jobs)}
        try:
            yield from _collect(ray, pending, account, board)
        finally:
            for task in pending:
                ray.cancel(task, force=True)


def _train(place: int, job: Job, data: list[Any], expected: Mapping[str, str], notes: Any) -> Outcome | Failed:
    """What a node does: one job, provided that it computes with the packages of the machine that asks.

    `place`: of the job among all. `data`: the reference of the data set, alone in a list. `notes`: see `_Board`.
    """
    from kerasnn.study.job import carry_out

    found = versions(backend())
    different = [name for name in expected if found.get(name) != expected[name]]
    if different:
        names = ", ".join(
            _("{name} {found} instead of {expected}", name=name, found=found.get(name), expected=expected[name])
            for name in different
        )
        return Failed(
            EnvironmentFault(
                _("node {node} has {names}", node=platform.node(), names=names),
                expected=_("the same packages on every machine of the cluster"),
                hint=_("install there with the constraints.txt that you installed with here"),
            )
        )
    worker, told = f"{platform.node()} {os.getpid()}", 0.0

    def tell(event: Event) -> None:
        nonlocal told
        if isinstance(event, Progress) and event.finished and time.monotonic() - told > SECONDS_BETWEEN_NOTES:
            told = time.monotonic()
            notes.write.remote(place, worker, event.epoch)

    notes.write.remote(place, worker, 0)
    try:
        dataset, programs = _opened(*data)
        return carry_out(job, dataset, tell, programs)
    except KerasnnError as error:
        return Failed(error)
    except MemoryError:
        return Failed(EnvironmentFault(_("a worker ran out of memory"), hint=_("fewer --workers")))


@lru_cache(maxsize=1)
def _opened(reference: Any) -> "tuple[Dataset, Programs]":
    """The data set, and what this process compiles for it, for one job after the other."""
    from kerasnn.training.program_cache import Programs

    return import_module("ray").get(reference), Programs()


class Notes:
    """How far the trainings of a cluster are, in a process of its own: each job's worker, its epoch, since when."""

    def __init__(self) -> None:
        self._written: dict[int, tuple[str, int, float]] = {}

    def write(self, place: int, worker: str, epoch: int) -> None:
        """Training `place` has done `epoch` epochs; with 0 it begins, maybe anew."""
        since = self._written[place][2] if epoch and place in self._written else time.monotonic()
        self._written[place] = worker, epoch, since

    def read(self, pending: Sequence[int]) -> dict[int, tuple[str, int, float]]:
        """Worker, epoch and seconds under way of those of `pending` that have begun."""
        now = time.monotonic()
        self._written = {place: self._written[place] for place in pending if place in self._written}
        return {place: (worker, epoch, now - since) for place, (worker, epoch, since) in self._written.items()}


class _Board:
    """The Notes of a cluster, seen from here. They are for the eye: where their process is lost, none are shown."""

    def __init__(self, ray: Any) -> None:
        self.ray = ray
        self.notes = ray.remote(num_cpus=0)(Notes).remote()
        self.asked: Any = None
        self.known: dict[int, tuple[str, int, float]] = {}

    def running(self, pending: Mapping[int, Job], account: Account) -> list[Running]:
        """The trainings under way, as far as an answer has come; never waits for one."""
        if self.asked is not None and self.ray.wait([self.asked], timeout=0)[0]:
            self.known = {}
            with suppress(self.ray.exceptions.RayError):
                self.known = self.ray.get(self.asked)
            self.asked = None
        if self.asked is None:
            self.asked = self.notes.read.remote(list(pending))
        rows = ((pending[place], row) for place, row in self.known.items() if place in pending)
        return [Running(worker, job, epoch, account.epochs(job), seconds) for job, (worker, epoch, seconds) in rows]


def _collect(ray: Any, pending: dict[Any, Job], account: Account, board: _Board) -> Iterator[Outcome]:
    """Outcomes as they come, each taken out of `pending`; raises the first error once there are no more."""
    lost = tuple(getattr(ray.exceptions, name) for name in LOST)
    error: KerasnnError | None = None
    places = {task: place for place, task in enumerate(pending)}
    while pending:
        done, _pending = ray.wait(list(pending), timeout=SIGN_OF_LIFE_SECONDS)
        account.report(board.running({places[task]: job for task, job in pending.items()}, account))
        for task in done:
            job = pending.pop(task)
            try:
                answer = ray.get(task)
            except lost:
                answer = Failed(_lost(job))
            except ray.exceptions.RayTaskError as failure:
                if IMPORT_FAILED not in str(failure):
                    raise
                answer = Failed(_not_there())
            match answer:
                case Outcome():
                    yield answer  # kept before it is told of
                    account.finished(answer)
                case Failed(reason):
                    error = error or reason
    if error is not None:
        raise error


def _not_there() -> EnvironmentFault:
    return EnvironmentFault(
        _("a node of the cluster has no kerasnn, or it cannot be imported there"),
        expected=_("the same packages on every machine of the cluster"),
        hint=_("install there with the constraints.txt that you installed with here"),
    )


def _lost(job: Job) -> EnvironmentFault:
    return EnvironmentFault(
        _(
            "training {stage}, seed {seed}, lost its process or its node {RETRIES} times",
            stage=job.stage,
            seed=job.seed,
            RETRIES=RETRIES + 1,
        ),
        expected=_("memory enough for one TensorFlow a core"),
        hint=_("give Ray fewer cores: ray start --num-cpus N; what was finished is kept"),
    )


@contextmanager
def _cluster(address: str, workers: int) -> Iterator[Any]:
    """Ray, connected; on the way out only what was connected or started here is undone."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        ray: Any = import_module("ray")
    except ImportError:
        raise EnvironmentFault(
            _("Ray is not installed"), expected=_("the extra 'ray'"), hint=_("python -m pip install 'kerasnn[ray]'")
        ) from None
    if ray.is_initialized():
        yield ray
        return
    _knock(address)
    options = {"num_cpus": workers, "include_dashboard": False} if address == LOCAL else {}
    try:
        ray.init(address, logging_level=logging.ERROR, log_to_driver=False, **options)
    except (ConnectionError, ValueError, RuntimeError, TimeoutError) as error:
        raise _no_cluster(address, str(error).splitlines()[0]) from None
    try:
        yield ray
    finally:
        with suppress(ConnectionError):
            ray.shutdown()


def _knock(address: str) -> None:
    """Find out in seconds whether anything speaks gRPC, as Ray does, at `address`: Ray itself goes on for minutes."""
    if address in (LOCAL, "auto") or os.environ.get("RAY_USE_TLS", "0") != "0":
        return
    grpc: Any = import_module("grpc")  # TensorFlow depends on it
    # Ray takes no proxy either
    with grpc.insecure_channel(address.removeprefix("ray://"), [("grpc.enable_http_proxy", 0)]) as channel:
        try:
            grpc.channel_ready_future(channel).result(timeout=KNOCK_SECONDS)
        except grpc.FutureTimeoutError:
            raise _no_cluster(address, _("no answer within {seconds} seconds", seconds=KNOCK_SECONDS)) from None


def _no_cluster(address: str, reason: str) -> EnvironmentFault:
    return EnvironmentFault(
        _("there is no Ray cluster at '{address}': {reason}", address=address, reason=reason),
        expected=_("HOST:PORT, ray://HOST:PORT, auto, or local"),
        hint=_("start one with: ray start --head"),
    )
