"""A run to be taken up again, by any of its names: its id, its folder, or `latest`."""

from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path

from kerasnn.errors import ModelFileError
from kerasnn.runs import folder as run_folder
from kerasnn.runs.find import latest_run


def find_run(name: str, out: Path = run_folder.RUNS, *, unfinished: bool = False) -> Path:
    """The folder of the run `name`: its id in `out`, its folder, or `latest`.

    `unfinished`: `latest` is then the one started last of those that are not done.

    Raises: ModelFileError where there is none.
    """
    if name == run_folder.LATEST:
        return _latest_unfinished(out) if unfinished else latest_run(out)
    for folder in (Path(name).expanduser(), out / name):
        if (folder / run_folder.RECORD).is_file():
            return folder
    near = get_close_matches(name, [path.name for path in run_folder.all_runs(out)], n=1)
    raise ModelFileError(
        f"there is no run '{name}' in {out}",
        expected="a run's id, its folder, or 'latest'",
        hint=f"did you mean '{near[0]}'?" if near else "name the folder that holds the runs with --out",
    )


def _latest_unfinished(out: Path) -> Path:
    started: list[tuple[str, Path]] = []
    for folder in run_folder.all_runs(out):
        with suppress(ModelFileError):  # a damaged one is not it
            record = run_folder.read_record(folder)
            if record["status"] != "done":
                started.append((str(record.get("started")), folder))
    if not started:
        raise ModelFileError(
            f"no run in {out} is unfinished",
            expected="one that was stopped, killed or failed",
            hint="--more-epochs N extends one that is done",
        )
    return max(started)[1]
