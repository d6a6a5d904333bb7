"""Train many jobs on a Ray cluster: the same jobs and outcomes as in `pool`, on any number of machines.

Ray sends the data to each node once, as one object that all processes there map into their memory. If a process or node
is lost, Ray runs its task again elsewhere (`max_retries`). Every result carries its job, so none is lost or counted
twice.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from kerasnn.errors import KerasnnError
from kerasnn.networks.backend import VARIABLE, backend
from kerasnn.records import Job, Listener, Outcome, ignore
from kerasnn.runs.environment import versions
from kerasnn.study.job import program_of
from kerasnn.study.pool import MOST_PROGRAMS, REPORT_SECONDS
from kerasnn.study.pool_errors import job_lost, kerasnn_missing
from kerasnn.study.progress import ProgressReporter
from kerasnn.study.ray_cluster import cluster
from kerasnn.study.ray_progress import RemoteProgress
from kerasnn.study.ray_task import train_on_node
from kerasnn.study.threads import ONE_THREAD
from kerasnn.study.worker import Failed

if TYPE_CHECKING:
    from kerasnn.data.dataset import Dataset

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
    with cluster(address, workers) as ray:
        cores = int(ray.cluster_resources().get("CPU", 1))
        progress, remote = ProgressReporter(jobs, cores, listener), RemoteProgress(ray)
        variables = {**ONE_THREAD, VARIABLE: backend()}
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
            for task in pending:
                ray.cancel(task, force=True)


def _collect(
    ray: Any, pending: dict[Any, Job], progress: ProgressReporter, remote: RemoteProgress
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
    """Return the result of a finished task. Raises: whatever a bug in the task raised."""
    try:
        result: Outcome | Failed = ray.get(task)
    except tuple(getattr(ray.exceptions, name) for name in LOST):
        return Failed(job_lost(job, RETRIES + 1))
    except ray.exceptions.RayTaskError as failure:
        if IMPORT_FAILED not in str(failure):
            raise
        return Failed(kerasnn_missing())
    return result
