"""Many trainings on a Ray cluster: the same jobs and outcomes as `pool`, on as many machines as there are.

The data go to each node once, as one object that all its processes map. A training whose process or node is lost is
trained again elsewhere; an outcome belongs to its job, so none is lost and none comes twice.
"""

import logging
import os
import platform
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from kerasnn.errors import EnvironmentFault, KerasnnError
from kerasnn.language import _
from kerasnn.records import Job, Listener, Outcome, ignore
from kerasnn.runs.environment import versions
from kerasnn.study.progress import Account
from kerasnn.study.threads import ONE_THREAD
from kerasnn.study.worker import Failed

if TYPE_CHECKING:
    from kerasnn.data.dataset import Dataset
    from kerasnn.training.programs import Programs

LOCAL: Final = "local"
RETRIES: Final = 9  # machines of a cluster come and go, which is no fault of the training
SIGN_OF_LIFE_SECONDS: Final = 0.5
LOST: Final = ("WorkerCrashedError", "NodeDiedError", "ObjectLostError", "OutOfMemoryError")
KNOCK_SECONDS: Final = 5


def train_all_on_ray(
    jobs: Sequence[Job], dataset: "Dataset", *, address: str, workers: int = 1, listener: Listener = ignore
) -> Iterator[Outcome]:
    """Train every job on the cluster at `address`; yields each outcome as it comes, in no order.

    `address`: `local` starts a cluster of `workers` processes on this machine; `auto` is the one that this machine
    belongs to; else HOST:PORT or ray://HOST:PORT. `listener` is told a Standing whenever something has changed.

    Raises: EnvironmentFault where Ray is not installed or the cluster not reached, and, once all others are done,
    where a node's packages differ from this machine's or a job has been lost too often.
    """
    with _cluster(address, workers) as ray:
        cores = int(ray.cluster_resources().get("CPU", 1))
        account = Account(jobs, cores, listener)
        train = ray.remote(max_retries=RETRIES, num_cpus=1, runtime_env={"env_vars": ONE_THREAD})(_train)
        data, here = ray.put(dataset), versions()
        # in a list, where Ray leaves a reference a reference
        pending = {train.remote(job, [data], here): job for job in jobs}
        try:
            yield from _collect(ray, pending, account)
        finally:
            for task in pending:
                ray.cancel(task, force=True)


def _train(job: Job, data: list[Any], expected: Mapping[str, str]) -> Outcome | Failed:
    """What a node does: one job, provided that it computes with the packages of the machine that asks.

    `data`: the reference of the data set, alone in a list.
    """
    from kerasnn.study.job import carry_out

    found = versions()
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
    try:
        dataset, programs = _opened(*data)
        return carry_out(job, dataset, programs=programs)
    except KerasnnError as error:
        return Failed(error)


@lru_cache(maxsize=1)
def _opened(reference: Any) -> "tuple[Dataset, Programs]":
    """The data set, and what this process compiles for it, for one job after the other."""
    from kerasnn.training.programs import Programs

    return import_module("ray").get(reference), Programs()


def _collect(ray: Any, pending: dict[Any, Job], account: Account) -> Iterator[Outcome]:
    """Outcomes as they come, each taken out of `pending`; raises the first error once there are no more."""
    lost = tuple(getattr(ray.exceptions, name) for name in LOST)
    error: KerasnnError | None = None
    while pending:
        done, _pending = ray.wait(list(pending), timeout=SIGN_OF_LIFE_SECONDS)
        account.report([])
        for task in done:
            job = pending.pop(task)
            try:
                answer = ray.get(task)
            except lost:
                answer = Failed(_lost(job))
            match answer:
                case Outcome():
                    yield answer  # kept before it is told of
                    account.finished(answer)
                case Failed(reason):
                    error = error or reason
    if error is not None:
        raise error


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
    """Find out in seconds whether anybody is at HOST:PORT: Ray itself goes on trying for minutes."""
    host, colon, port = address.removeprefix("ray://").rpartition(":")
    if not colon:
        if address not in (LOCAL, "auto"):
            raise _no_cluster(address, _("this names no place"))
        return
    try:
        with socket.create_connection((host, int(port)), timeout=KNOCK_SECONDS):
            pass
    except (OSError, ValueError, OverflowError) as error:
        raise _no_cluster(address, str(error)) from None


def _no_cluster(address: str, reason: str) -> EnvironmentFault:
    return EnvironmentFault(
        _("there is no Ray cluster at '{address}': {reason}", address=address, reason=reason),
        expected=_("HOST:PORT, ray://HOST:PORT, auto, or local"),
        hint=_("start one with: ray start --head"),
    )
