"""A run to be taken up again, by any of its names: its id, its folder, or `latest`."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path

from kerasnn.errors import EnvironmentFault, ModelFileError, did_you_mean
from kerasnn.files.paths import RUNS, expanded
from kerasnn.language import _
from kerasnn.runs import folder as run_folder
from kerasnn.runs.find_model import latest_run


def find_run(name: str, out: Path = RUNS, *, unfinished: bool = False) -> Path:
    """The folder of the run `name`: its id in `out`, its folder, or `latest`.

    `unfinished`: `latest` is then the one started last of those that are not done and that no process trains.

    Raises: ModelFileError where there is none.
    """
    if name == run_folder.LATEST:
        return _latest_unfinished(out) if unfinished else latest_run(out)
    for folder in (expanded(name), out / name):
        if (folder / run_folder.RECORD).is_file():
            return folder
    raise ModelFileError(
        _("there is no run '{name}' in {out}", name=name, out=out),
        expected=_("a run's id, its folder, or 'latest'"),
        hint=did_you_mean(
            name, [path.name for path in run_folder.all_runs(out)], _("name the folder that holds the runs with --out")
        ),
    )


def _latest_unfinished(out: Path) -> Path:
    started: list[tuple[float, Path]] = []
    for folder in run_folder.all_runs(out):
        with suppress(ModelFileError, KeyError, TypeError, ValueError):  # a damaged one is not it
            record = run_folder.read_record(folder)
            if record["status"] != "done":
                started.append((datetime.fromisoformat(record["started"]).timestamp(), folder))
    if not started:
        raise ModelFileError(
            _("no run in {out} is unfinished", out=out),
            expected=_("one that was stopped, killed or failed"),
            hint=_("--more-epochs N extends one that is done"),
        )
    latest_first = [folder for _moment, folder in sorted(started, reverse=True)]
    for folder in latest_first:
        with suppress(EnvironmentFault), run_folder.locked(folder):
            return folder
    return latest_first[0]
