"""The errors of the pools when a job, a worker or a node fails."""

from kerasnn.errors import EnvironmentFault
from kerasnn.language import _
from kerasnn.records import Job


def out_of_memory() -> EnvironmentFault:
    """Return the error of a job that ran out of memory."""
    return EnvironmentFault(_("a worker ran out of memory"), hint=_("use fewer --workers"))


def job_given_up(job: Job, deaths: int, reason: str) -> EnvironmentFault:
    """Return the error of a job for which `deaths` worker processes died; `reason`: how the last one ended."""
    return EnvironmentFault(
        _(
            "the worker process died {count} times while it trained {stage}, seed {seed} ({reason})",
            count=deaths,
            stage=job.stage,
            seed=job.seed,
            reason=reason,
        ),
        expected=_("enough memory for every worker"),
        hint=_("use fewer --workers; finished trainings are saved"),
    )


def no_worker_starts(count: int, reason: str) -> EnvironmentFault:
    """Return the error of a batch for which `count` workers in a row died early; `reason`: how the last one ended."""
    return EnvironmentFault(
        _("{count} worker processes died while they started ({reason})", count=count, reason=reason),
        expected=_("enough memory to load TensorFlow once per worker"),
        hint=_("use fewer --workers; kerasnn doctor checks TensorFlow"),
    )


def job_lost(job: Job, times: int) -> EnvironmentFault:
    """Return the error of a job whose process or node on a cluster was lost `times` times."""
    return EnvironmentFault(
        _(
            "the process or node that trained {stage}, seed {seed}, was lost {count} times",
            stage=job.stage,
            seed=job.seed,
            count=times,
        ),
        expected=_("enough memory to load TensorFlow once per core"),
        hint=_("give Ray fewer cores: ray start --num-cpus N; finished trainings are saved"),
    )


def kerasnn_missing() -> EnvironmentFault:
    """Return the error of a cluster with a node that cannot import kerasnn."""
    return _other_packages(_("a node of the cluster has no kerasnn, or cannot import it"))


def versions_differ(node: str, differences: list[tuple[str, str | None, str]]) -> EnvironmentFault:
    """Return the error of a node with other packages; `differences`: package, version there, version here."""
    names = ", ".join(
        _("{name} {found} instead of {expected}", name=name, found=found, expected=expected)
        for name, found, expected in differences
    )
    return _other_packages(_("node {node} has {names}", node=node, names=names))


def _other_packages(message: str) -> EnvironmentFault:
    return EnvironmentFault(
        message,
        expected=_("the same packages on every machine of the cluster"),
        hint=_("install there with the constraints.txt that you used here"),
    )
