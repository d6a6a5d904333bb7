"""List the runs in a folder, open one, compare several, or remove some."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from kerasnn.errors import EnvironmentFault, ModelFileError, composed, look_up
from kerasnn.files.atomic import write_text
from kerasnn.files.paths import RUNS, expanded
from kerasnn.language import _
from kerasnn.lecture.settings import find_stage
from kerasnn.lecture.stages import STAGE_BY_NAME
from kerasnn.records import Note, Run, RunRow, Several
from kerasnn.records.codes import Code
from kerasnn.runs.author import author_of
from kerasnn.runs.folder import (
    LOCK,
    RECORD,
    find_run,
    is_in_use,
    locked,
    read_record,
    resume_command,
    saved_model,
    sort_key,
)
from kerasnn.runs.latest import LATEST, is_users
from kerasnn.runs.reading import restore_with_reading
from kerasnn.runs.seal import problems_in, record_problems

STATUSES: Final = ("running", "done", "stopped", "failed", "damaged")
_STAGES: Final = list(STAGE_BY_NAME)
SORTS: Final[dict[str, Callable[[RunRow], Any]]] = {
    "run": lambda row: sort_key(row.run),
    "stage": lambda row: _STAGES.index(row.stage) if row.stage in _STAGES else len(_STAGES),
    "status": lambda row: STATUSES.index(row.status),
    "dataset": lambda row: row.dataset or "",
    "loss": lambda row: row.validation.loss if row.validation else float("inf"),
    "accuracy": lambda row: -row.validation.accuracy if row.validation else float("inf"),
    "seconds": lambda row: float("inf") if row.seconds is None else row.seconds,
}


def _is_run(folder: Path) -> bool:  # damaged or not; a link may lead out of the folder
    return folder.is_dir() and not folder.is_symlink() and (folder / RECORD).is_file()


def _may_be_run(folder: Path) -> bool:
    try:
        return _is_run(folder)
    except PermissionError:  # this user may not look into it; it is listed as damaged
        return True


def list_runs(
    out: str | Path = RUNS,
    *,
    stage: str | None = None,
    status: str | None = None,
    dataset: str | None = None,
    tag: str | None = None,
    sort: str = "run",
) -> Several[RunRow]:
    """List the runs in `out`, optionally only those of one stage, status, data set or tag.

    `status`: running, done, stopped, failed or damaged. `sort`: run (oldest first), stage, status, dataset, loss or
    accuracy (best first), or seconds. Raises: UsageError for an unknown stage, status or order.
    """
    out = expanded(out)
    if status is not None:
        known = {each: each for each in STATUSES}
        status = look_up(status, known, _("{flag} is '{value}'", flag="--status", value=status))
    order = look_up(sort, SORTS, _("{flag} is '{value}'", flag="--sort", value=sort))
    folders = sorted(out.iterdir(), key=sort_key) if out.is_dir() else []
    rows = [_row(folder) for folder in folders if _may_be_run(folder)]
    if stage is not None and all(row.stage != stage for row in rows):
        # raises if there is no such stage; one of another version of kerasnn may still have runs
        stage = find_stage(stage).name
    wanted = {"stage": stage, "status": status, "dataset": dataset}
    chosen = [row for row in rows if all(value in (None, getattr(row, name)) for name, value in wanted.items())]
    return Several(
        sorted((row for row in chosen if tag is None or composed(tag) in map(composed, row.tags)), key=order)
    )


def open_run(run: str, *, out: str | Path = RUNS) -> Run:
    """Read the record of a run, the one that `train` returned. `run`: its id, `latest`, or its folder.

    A note says so if its training was killed: its status is still `running` then.

    Raises: ModelFileError if there is no such run, or it is damaged.
    """
    folder = find_run(run, expanded(out))
    found = restore_run(read_record(folder), folder / RECORD)
    return replace(found, notes=(*found.notes, *_if_killed(found, folder)))


def _if_killed(run: Run, folder: Path) -> tuple[Note, ...]:
    killed = run.status == "running" and not is_in_use(folder)
    return (Note(Code.KILLED, {"command": resume_command(folder)}),) if killed else ()


def restore_run(content: Mapping[str, Any], path: Path) -> Run:
    """Turn the `content` of the run.json at `path` back into a Run, and add to its notes what is wrong with it.

    Its name and the path of its model are those of today: a folder may have been moved since it was written.

    Raises: ModelFileError if it is not what kerasnn writes.
    """
    model = saved_model(path.parent)
    moved = {"run": path.parent.name} if path.is_file() and path.parent.name else {}
    if model is not None and content.get("model") is not None:
        moved["model"] = str(model)
    try:
        run = restore_with_reading({**content, **moved})
        return replace(run, notes=(*run.notes, *record_problems(content, model)))
    except ValueError as error:
        raise ModelFileError(
            _("{folder} is damaged: {error}", folder=path, error=error), expected=_("the run.json of a run")
        ) from None


def _row(folder: Path) -> RunRow:
    try:
        run = restore_run(read_record(folder), folder / RECORD)
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
        notes=(*problems_in(run.notes), *_if_killed(run, folder)),
        name=run.name,
        tags=run.tags,
        author=author_of(folder),
    )


def removable_runs(runs: Sequence[str], *, out: str | Path = RUNS) -> tuple[Path, ...]:
    """Return the folders that `remove_runs` would remove, each once; all are directly in `out`.

    Raises: ModelFileError if one is not a run in `out`.
    """
    out = expanded(out)
    folders = tuple(dict.fromkeys(find_run(run, out) for run in runs))
    for folder in folders:
        if not _is_run(folder) or folder.parent.resolve() != out.resolve() or folder.name in ("", ".", ".."):
            raise ModelFileError(
                _("{folder} is not one of the runs in {out}", folder=folder, out=out),
                expected=_("a run's id"),
                hint=_("name its folder with --runs {parent}", parent=folder.parent),
            )
    return folders


def remove_runs(runs: Sequence[str], *, out: str | Path = RUNS) -> tuple[str, ...]:
    """Remove the folders of `runs` with everything in them, without asking, and return their ids.

    A link in a folder is removed, but not its target. `latest` then means the newest finished run that is left.

    Raises: ModelFileError, before anything is removed, if one is not a run in `out`; EnvironmentFault if a folder
    cannot be removed, or another process is training in it.
    """
    folders = removable_runs(runs, out=out)
    for folder in folders:
        try:
            with locked(folder):
                for each in folder.iterdir():
                    if each.name != LOCK:  # Windows cannot remove an open file
                        shutil.rmtree(each) if each.is_dir() and not each.is_symlink() else each.unlink()
            shutil.rmtree(folder)
        except OSError as error:
            raise EnvironmentFault(
                _("{folder} could not be removed: {strerror}", folder=folder, strerror=error.strerror or error),
                expected=_("a folder you may write to"),
            ) from None
    _update_latest(expanded(out))
    return tuple(folder.name for folder in folders)


def _update_latest(out: Path) -> None:
    latest = out / LATEST
    if (
        not latest.is_file()
        or is_users(latest)
        or (out / latest.read_text(encoding="utf-8", errors="replace").strip()).is_dir()
    ):
        return
    if finished := [row.run for row in list_runs(out) if row.validation is not None]:
        write_text(latest, finished[-1] + "\n")  # in order of their names, so the newest is last
    else:
        latest.unlink()
