"""Train many jobs on a Ray cluster: the same jobs and outcomes as in `pool`, on any number of machines.

Ray sends the data to each node once, as one object that all processes there map into their memory. If a process or node
is lost, Ray runs its task again elsewhere (`max_retries`). Every result carries its job, so none is lost or counted
twice.
"""

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from kerasnn.errors import EnvironmentFault, KerasnnError
from kerasnn.files import working_folder
from kerasnn.language import _
from kerasnn.networks.backend import VARIABLE, backend
from kerasnn.records import Job, Listener, Outcome, Running, ignore
from kerasnn.runs.environment import versions
from kerasnn.study.job import ProgressReporter, planned_epochs, program_of
from kerasnn.study.pool import MOST_PROGRAMS, REPORT_SECONDS
from kerasnn.study.ray_task import ProgressNotes, other_packages, train_on_node
from kerasnn.study.worker import ONE_THREAD, Failed

if TYPE_CHECKING:
    from kerasnn.data.dataset import Dataset

LOCAL: Final = "local"
CONNECT_SECONDS: Final = 5
RETRIES: Final = 9  # many, because machines of a cluster come and go, which is not the training's fault
# Ray's exceptions for a task whose process or node was lost
LOST: Final = ("WorkerCrashedError", "NodeDiedError", "ObjectLostError", "OutOfMemoryError")
IMPORT_FAILED: Final = "failed to import on the worker"  # Ray has no exception of its own for this


def train_all_on_ray(
    jobs: Sequence[Job], dataset: "Dataset", *, address: str, workers: int = 1, listener: Listener = ignore
) -> Iterator[Outcome]:
    """Train every job on the cluster at `address`; yield each outcome as it comes, in no particular order.

    `address`: `local` starts a cluster of `workers` processes on this machine; `auto` is the one that this machine
    belongs to; else HOST:PORT or ray://HOST:PORT. `listener` is called with a StudyProgress whenever something
    has changed.

    Raises: UsageError for an invalid job; EnvironmentFault if Ray is not installed or the cluster cannot be reached;
    and, after all other jobs are done, the error of the first job that failed, such as EnvironmentFault if a node's
    packages differ from this machine's, or a job was lost too often.
    """
    programs = {program_of(job) for job in jobs}
    with _cluster(address, workers) as ray:
        cores = int(ray.cluster_resources().get("CPU", 1))
        progress, remote = ProgressReporter(jobs, cores, listener), _RemoteProgress(ray)
        variables = {**ONE_THREAD, **working_folder.variables(), VARIABLE: backend()}
        options = {"max_retries": RETRIES, "num_cpus": 1, "runtime_env": {"env_vars": variables}}
        if len(programs) > MOST_PROGRAMS:
            options["max_calls"] = MOST_PROGRAMS  # a process never frees the programs that it compiles
        train = ray.remote(**options)(train_on_node)
        data, here = ray.put(dataset), versions(backend())
        # Ray replaces a reference that is an argument with its value, but not a reference inside a list
        pending = {train.remote(place, job, [data], here, remote.notes): job for place, job in enumerate(jobs)}
        try:
            yield from _collect(ray, pending, progress, remote)
        finally:
            for task in pending:  # none is left, unless the caller stops early
                ray.cancel(task, force=True)


def _collect(
    ray: Any, pending: dict[Any, Job], progress: ProgressReporter, remote: "_RemoteProgress"
) -> Iterator[Outcome]:
    """Yield outcomes as they come, and remove their tasks from `pending`; at the end raise the first error, if any."""
    error: KerasnnError | None = None
    places = {task: place for place, task in enumerate(pending)}
    while pending:
        done, _pending = ray.wait(list(pending), timeout=REPORT_SECONDS)
        progress.report(remote.running({places[task]: job for task, job in pending.items()}))
        for task in done:
            match _result(ray, task, pending.pop(task)):
                case Outcome() as outcome:
                    yield outcome  # before it is reported, so that the caller has saved it by then
                    progress.finish(outcome)
                case Failed(reason):
                    error = error or reason
    if error is not None:
        raise error


def _result(ray: Any, task: Any, job: Job) -> Outcome | Failed:
    try:
        result: Outcome | Failed = ray.get(task)
    except tuple(getattr(ray.exceptions, name) for name in LOST):
        message = _(
            "the process or node that trained {stage}, seed {seed}, was lost {count} times",
            stage=job.stage,
            seed=job.seed,
            count=RETRIES + 1,
        )
        hint = _("give Ray fewer cores: ray start --num-cpus N; finished trainings are saved")
        return Failed(
            EnvironmentFault(message, expected=_("enough memory to load TensorFlow once per core"), hint=hint)
        )
    except ray.exceptions.RayTaskError as failure:
        if IMPORT_FAILED not in str(failure):  # a bug in the task
            raise
        return Failed(other_packages(_("a node of the cluster has no kerasnn, or cannot import it")))
    return result


class _RemoteProgress:
    """Reads the notes of a cluster without ever waiting for them.

    Progress is only for display: if the process with the notes is lost, none is shown, and the trainings go on.
    """

    def __init__(self, ray: Any) -> None:
        self.ray = ray
        self.notes = ray.remote(num_cpus=0)(ProgressNotes).remote()  # takes no core from the trainings
        self.request: Any = None
        self.answer: dict[int, tuple[str, int, float]] = {}

    def running(self, pending: Mapping[int, Job]) -> list[Running]:
        """Return the trainings under way as of the last answer, and ask for the next one."""
        if self.request is not None and self.ray.wait([self.request], timeout=0)[0]:
            self.answer = {}
            with suppress(self.ray.exceptions.RayError):
                self.answer = self.ray.get(self.request)
            self.request = None
        if self.request is None:
            self.request = self.notes.read.remote(list(pending))
        rows = ((pending[place], row) for place, row in self.answer.items() if place in pending)
        return [Running(worker, job, epoch, planned_epochs(job), seconds) for job, (worker, epoch, seconds) in rows]


@contextmanager
def _cluster(address: str, workers: int) -> Iterator[Any]:
    """Connect to the cluster at `address` while the block runs, or start one; yield the `ray` module."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        ray: Any = import_module("ray")
    except ImportError:
        raise EnvironmentFault(
            _("Ray is not installed"), expected=_("the extra 'ray'"), hint=_("python -m pip install 'kerasnn[ray]'")
        ) from None
    if ray.is_initialized():  # the caller's own connection is used, and left open
        yield ray
        return
    _check_reachable(address)
    options = {"num_cpus": workers, "include_dashboard": False} if address == LOCAL else {}
    try:
        ray.init(address, logging_level=logging.ERROR, log_to_driver=False, **options)
    except (ConnectionError, ValueError, RuntimeError, TimeoutError) as error:
        raise _no_cluster(address, str(error).splitlines()[0]) from None
    try:
        yield ray
    finally:
        with suppress(ConnectionError):  # the cluster may be gone already
            ray.shutdown()


def _check_reachable(address: str) -> None:
    # asks whether something at `address` speaks gRPC, as Ray does; Ray itself would try for minutes before giving up
    if address in (LOCAL, "auto") or os.environ.get("RAY_USE_TLS", "0") != "0":
        return
    grpc: Any = import_module("grpc")  # TensorFlow depends on it
    # without a proxy, as Ray connects
    with grpc.insecure_channel(address.removeprefix("ray://"), [("grpc.enable_http_proxy", 0)]) as channel:
        try:
            grpc.channel_ready_future(channel).result(timeout=CONNECT_SECONDS)
        except grpc.FutureTimeoutError:
            raise _no_cluster(address, _("no answer within {seconds} seconds", seconds=CONNECT_SECONDS)) from None


def _no_cluster(address: str, reason: str) -> EnvironmentFault:
    return EnvironmentFault(
        _("there is no Ray cluster at '{address}': {reason}", address=address, reason=reason),
        expected=_("HOST:PORT, ray://HOST:PORT, auto, or local"),
        hint=_("start one with: ray start --head"),
    )
