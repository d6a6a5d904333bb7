"""List the runs in a folder, open one, or compare several."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from kerasnn.errors import ModelFileError, UsageError
from kerasnn.files.paths import RUNS
from kerasnn.language import _
from kerasnn.lecture.settings import find_stage
from kerasnn.lecture.stages import STAGE_BY_NAME
from kerasnn.records import Difference, Run, RunComparison, RunRow
from kerasnn.records.serialize import restore
from kerasnn.runs.find_run import find_run
from kerasnn.runs.folder import RECORD, read_record, sort_key

STATUSES: Final = ("running", "done", "stopped", "failed", "damaged")

_Key = Callable[[RunRow], Any]
_STAGES: Final = list(STAGE_BY_NAME)
_SORTS: Final[dict[str, _Key]] = {
    "run": lambda row: sort_key(row.run),
    "stage": lambda row: _STAGES.index(row.stage) if row.stage in _STAGES else len(_STAGES),
    "status": lambda row: STATUSES.index(row.status),
    "dataset": lambda row: row.dataset or "",
    "loss": lambda row: row.validation.loss if row.validation else float("inf"),
    "accuracy": lambda row: -row.validation.accuracy if row.validation else float("inf"),
    "seconds": lambda row: float("inf") if row.seconds is None else row.seconds,
}
SORTS: Final = tuple(_SORTS)


def is_run(folder: Path) -> bool:
    """Return True if `folder` is a run, damaged or not: a folder with a run.json, and not a link."""
    return folder.is_dir() and not folder.is_symlink() and (folder / RECORD).is_file()


def _may_be_run(folder: Path) -> bool:
    """Return `is_run`, but True for a folder that this user may not look into: it is listed as damaged."""
    try:
        return is_run(folder)
    except PermissionError:
        return True


def list_runs(
    out: str | Path = RUNS,
    *,
    stage: str | None = None,
    status: str | None = None,
    dataset: str | None = None,
    sort: str = "run",
) -> tuple[RunRow, ...]:
    """List the runs in `out`, optionally only those of one stage, status or data set.

    `status`: running, done, stopped, failed or damaged. `sort`: run (oldest first), stage, status, dataset, loss or
    accuracy (best first), or seconds. Raises: UsageError for an unknown stage, status or order.
    """
    out = Path(out)
    _one_of("--status", status, STATUSES)
    _one_of("--sort", sort, SORTS)
    folders = sorted(out.iterdir(), key=sort_key) if out.is_dir() else []
    rows = [_row(folder) for folder in folders if _may_be_run(folder)]
    if stage is not None and all(row.stage != stage for row in rows):
        find_stage(stage)  # raises if there is no such stage; one of another version of kerasnn may still have runs
    wanted = {"stage": stage, "status": status, "dataset": dataset}
    chosen = [row for row in rows if all(value in (None, getattr(row, name)) for name, value in wanted.items())]
    return tuple(sorted(chosen, key=_SORTS[sort]))


def open_run(run: str, *, out: str | Path = RUNS) -> Run:
    """Read the record of a run, the one that `train` returned. `run`: its id, `latest`, or its folder.

    Raises: ModelFileError if there is no such run, or it is damaged.
    """
    return _record(find_run(run, Path(out)))


def _record(folder: Path) -> Run:
    return restore_run(read_record(folder), folder / RECORD)


def restore_run(content: Mapping[str, Any], path: Path) -> Run:
    """Turn the `content` of the run.json at `path` back into a Run.

    Raises: ModelFileError if it is not what kerasnn writes.
    """
    try:
        return restore(Run, content)
    except ValueError as error:
        raise ModelFileError(
            _("{folder} is damaged: {error}", folder=path, error=error), expected=_("the run.json of a run")
        ) from None


def compare_runs(runs: Sequence[str], *, out: str | Path = RUNS) -> RunComparison:
    """Find the differences between two or more runs in settings and environment. `runs`: each as in `open_run`.

    Raises: UsageError for fewer than two; ModelFileError if one is missing or damaged.
    """
    if len(runs) < 2:
        raise UsageError(
            _("{count} run is given", count=len(runs)),
            expected=_("two or more"),
            hint=_("kerasnn runs list shows them"),
        )
    opened = tuple(open_run(run, out=out) for run in runs)
    return RunComparison(
        opened,
        _differences([{"stage": run.stage, **asdict(run.settings)} for run in opened]),
        _differences([_environment(run) for run in opened]),
    )


def _environment(run: Run) -> dict[str, Any]:
    machine = run.environment
    return {
        "engine": run.engine,
        "dataset": run.dataset.name,
        "sha256": run.dataset.sha256[:12],
        "device": machine.device,
        "threads": machine.threads,
        "platform": machine.platform,
        "processor": machine.processor,
        **machine.switches,
        **machine.versions,
    }


def _differences(rows: Sequence[Mapping[str, Any]]) -> tuple[Difference, ...]:
    names = dict.fromkeys(name for values in rows for name in values)
    found = (Difference(name, tuple(values.get(name) for values in rows)) for name in names)
    return tuple(one for one in found if any(value != one.values[0] for value in one.values))


def _row(folder: Path) -> RunRow:
    try:
        run = _record(folder)
    except ModelFileError as error:
        return RunRow(folder.name, "damaged", problem=error.message)
    return RunRow(
        run=folder.name,
        status=run.status,
        stage=run.stage,
        seed=run.seed,
        dataset=run.dataset.name,
        validation=run.validation,
        test=run.test,
        overrides=dict(run.overrides),
        seconds=run.seconds.total if run.seconds else None,
        started=run.started,
    )


def _one_of(flag: str, value: str | None, choices: tuple[str, ...]) -> None:
    if value is not None and value not in choices:
        raise UsageError(
            _("{flag} is '{value}'", flag=flag, value=value), expected=_("one of {names}", names=", ".join(choices))
        )
