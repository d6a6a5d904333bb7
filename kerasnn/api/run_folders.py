"""The runs that were kept: listed, opened again, compared, removed."""

from collections.abc import Sequence
from pathlib import Path

from kerasnn.api.training import RUNS
from kerasnn.records import Run, RunComparison, RunRow


def list_runs(
    out: str | Path = RUNS,
    *,
    stage: str | None = None,
    status: str | None = None,
    dataset: str | None = None,
    sort: str = "run",
) -> tuple[RunRow, ...]:
    """The runs in `out`, of one stage, status and data set where these are given.

    `status`: running, done, stopped, failed or damaged. `sort`: run (the oldest first), stage, status, dataset,
    loss, accuracy (the best first) or seconds. Raises: UsageError.
    """
    from kerasnn.runs import listing as catalogue

    return catalogue.list_runs(Path(out), stage=stage, status=status, dataset=dataset, sort=sort)


def open_run(run: str, *, out: str | Path = RUNS) -> Run:
    """The record of `run`, as `train` returned it. `run`: its id, `latest`, or its path. Raises: ModelFileError."""
    from kerasnn.runs import listing as catalogue

    return catalogue.open_run(run, Path(out))


def compare_runs(runs: Sequence[str], *, out: str | Path = RUNS) -> RunComparison:
    """In what `runs`, two or more, differ. Raises: UsageError, ModelFileError."""
    from kerasnn.runs import listing as catalogue

    return catalogue.compare_runs(runs, Path(out))


def removable_runs(runs: Sequence[str], *, out: str | Path = RUNS) -> tuple[Path, ...]:
    """The folders that `remove_runs` would remove. Raises: ModelFileError where one is no run of `out`."""
    from kerasnn.runs import remove

    return remove.removable(runs, Path(out))


def remove_runs(runs: Sequence[str], *, out: str | Path = RUNS) -> tuple[str, ...]:
    """Remove the folders of `runs` from `out`, without asking; returns their ids.

    Nothing but folders of runs is removed, and no link is followed. Raises: ModelFileError, EnvironmentFault.
    """
    from kerasnn.runs import remove

    return remove.remove_runs(runs, Path(out))
