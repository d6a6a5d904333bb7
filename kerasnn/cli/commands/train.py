"""`kerasnn train`"""

import re
import shlex
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import kerasnn
from kerasnn.cli.command import command, given
from kerasnn.cli.console import Output
from kerasnn.cli.options import RunsOption, ThreadsOption, TrainData
from kerasnn.cli.subjects import StageChoice
from kerasnn.errors import EnvironmentFault, Interrupted, TrainingDiverged, UsageError
from kerasnn.files.paths import RUNS
from kerasnn.language import N_, _
from kerasnn.lecture.hyperparameters import Overrides

if TYPE_CHECKING:
    from kerasnn.records import Event, Listener, Run

_RESUMING = N_("Resuming a run")
_TRACKERS = N_("Trackers")
Flags = Mapping[str, Any]

_ENGINE_HELP = N_(
    "fused (the default: an epoch as one compiled program) or keras (plain model.fit, as in the notebooks)."
)
Engine = Annotated[str | None, typer.Option(metavar="NAME", help=_ENGINE_HELP)]
_BACKEND_HELP = N_("Backend of Keras: tensorflow (the default), torch or jax; the last two use the engine keras.")
Backend = Annotated[str | None, typer.Option(metavar="NAME", help=_BACKEND_HELP)]
_SIZE_HELP = N_("Scale your own pictures to ROWSxCOLUMNS, such as 28 or 28x28; default: the size of most of them.")
Size = Annotated[str | None, typer.Option(metavar="SIZE", help=_SIZE_HELP, rich_help_panel=N_("Data"))]
_NAME_HELP = N_("A name for the run, to use in place of its id.")
Name = Annotated[str | None, typer.Option(metavar="TEXT", help=_NAME_HELP)]
_TAG_HELP = N_("A word to list the run by; may be repeated.")
Tags = Annotated[list[str] | None, typer.Option("--tag", metavar="TEXT", help=_TAG_HELP)]
_RESUME_HELP = N_("A run's id, or latest: the last unfinished one. It ends as if it had never been interrupted.")
Resume = Annotated[str | None, typer.Option(metavar="RUN", help=_RESUME_HELP, rich_help_panel=_RESUMING)]
_MORE_HELP = N_("Train a finished run for N more epochs.")
MoreEpochs = Annotated[
    int | None, typer.Option(metavar="N", min=1, max=10_000, help=_MORE_HELP, rich_help_panel=_RESUMING)
]
_FORCE_HELP = N_("Resume even if settings, data or versions have changed, and record the changes.")
Force = Annotated[bool, typer.Option("--force", help=_FORCE_HELP, rich_help_panel=_RESUMING)]
_TENSORBOARD_HELP = N_("Write TensorBoard event files to a new folder inside this one.")
TensorBoard = Annotated[Path | None, typer.Option(metavar="FOLDER", help=_TENSORBOARD_HELP, rich_help_panel=_TRACKERS)]
_CSV_HELP = N_("Write the table of Keras' CSVLogger to this new file: one line per epoch, epochs from 0.")
Csv = Annotated[Path | None, typer.Option(metavar="FILE", help=_CSV_HELP, rich_help_panel=_TRACKERS)]
_MLFLOW_HELP = N_("Log the finished run to MLflow: a folder, sqlite:///FILE, or a server. Needs kerasnn\\[mlflow].")
Mlflow = Annotated[str | None, typer.Option(metavar="URI", help=_MLFLOW_HELP, rich_help_panel=_TRACKERS)]


@command("train")
def train(
    output: Output,
    *,
    chosen: StageChoice,
    overrides: Overrides,
    engine: Engine = None,
    backend: Backend = None,
    threads: ThreadsOption = None,
    size: Size = None,
    name: Name = None,
    tags: Tags = None,
    resume: Resume = None,
    more_epochs: MoreEpochs = None,
    force: Force = False,
    data: TrainData,
    out: RunsOption = RUNS,
    tensorboard: TensorBoard = None,
    csv: Csv = None,
    mlflow: Mlflow = None,
) -> None:
    """Train a stage on Fashion-MNIST, show the results and save the model.

    Each hyperparameter given overrides the stage's own value; what was overridden is shown and recorded.

    Ctrl-C stops within the epoch and saves what was learnt; --resume continues from there.

    Example: kerasnn train dropout

    Example: kerasnn train dropout --dropout 0.5 --hidden 200,50

    Example: kerasnn train adam --hidden 200 --name wide --tag homework

    Example: kerasnn train --resume latest
    """
    own = {"stage": chosen.name, "engine": engine, "backend": backend, "size": size}
    labels: dict[str, Any] = {"name": name, "tags": tags or None}
    logs = {"tensorboard": tensorboard, "csv": csv}
    _refuse_contradictions(resume, {**own, **labels}, logs, again={"more_epochs": more_epochs, "force": force})
    if mlflow is not None:
        kerasnn.check_mlflow(mlflow)  # now: after the training it would be too late to name another place
    with _shown_if_cut_short(output, out), output.listening() as display:
        listener = _preparing_to_draw(display)
        common: dict[str, Any] = {
            **overrides,
            "data_dir": data.data_dir,
            "out": out,
            "listener": listener,
            "threads": threads,
        }
        if resume is not None:
            # None, not auto: a run goes on with the images it has begun with
            run = kerasnn.resume(resume, more_epochs=more_epochs or 0, force=force, dataset=data.dataset, **common)
        else:
            stage = chosen.required("kerasnn train dropout")
            from kerasnn.runs.folder import require_folder

            require_folder(out)  # now: loading Keras, for a log, takes seconds
            common |= {"callbacks": kerasnn.tracking_callbacks(stage, **logs, listener=listener)}
            common["size"] = _rows_and_columns(size) if size is not None else None
            common |= {"engine": engine, "backend": backend, "name": name, "tags": tags or ()}
            run = kerasnn.train(stage, dataset=data.dataset or "auto", **common)
    _show(output, run, out)
    if mlflow is not None:
        output.note(_("logged to MLflow at {place}: {run}", place=mlflow, run=kerasnn.log_to_mlflow(run, mlflow)))


def _rows_and_columns(size: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,4})(?:[xX*,](\d{1,4}))?", size.replace(" ", ""))
    if found is None:
        raise UsageError(_("--size {size} is not valid", size=size), expected=_("rows and columns, such as 28x28"))
    return int(found[1]), int(found[2] or found[1])


def _refuse_contradictions(resume: str | None, own: Flags, logs: Flags, again: Flags) -> None:
    """Raise UsageError if the flags that were given do not go together.

    `own`: what only a new training has, the stage first. `again`: what only a resumed one has.
    """
    if resume is None and given(again):
        raise UsageError(_("--more-epochs and --force need --resume"), hint=_("name a run: --resume latest"))
    if resume is not None and given(own):
        says = _("a stage, --engine, --backend, --size, --name and --tag do not go with --resume")
        raise UsageError(says, expected=_("only the run, which has its own"))
    if resume is not None and given(logs):
        raise UsageError(
            _("--tensorboard and --csv do not go with --resume: their logs begin with the first epoch"),
            hint=_("history.csv in the run's folder holds every epoch; --mlflow logs the finished run"),
        )


@contextmanager
def _shown_if_cut_short(output: Output, out: Path) -> Iterator[None]:
    """Show the run that was saved when the training in the block is interrupted or diverges; the error goes on."""
    from kerasnn.records import Run

    try:
        yield
    except (Interrupted, TrainingDiverged) as ended:
        if isinstance(ended.record, Run):
            try:
                _show(output, ended.record, out)
            except EnvironmentFault as fault:  # how the training ended matters more
                output.warn(fault.message)
        raise


def _preparing_to_draw(listener: "Listener") -> "Listener":
    """Return a listener that imports matplotlib while XLA compiles, which keeps one core busy and Python idle."""
    from kerasnn.records import Compiling

    imports = threading.Thread(target=import_module, args=("kerasnn.views.figures.curves",))

    def forward(event: "Event") -> None:
        if isinstance(event, Compiling):  # reported once at most, as a thread can be started once
            imports.start()
        listener(event)

    return forward


def _show(output: Output, run: "Run", out: Path) -> None:
    """Print the run, and draw its curves."""
    from kerasnn.views.run import run_document, run_view

    output.show(run, partial(run_view, verbose=output.verbose), document=run_document)
    output.next_command = run.reading.next_command if run.reading else shlex.join(["kerasnn", "evaluate", run.run])
    if run.history:
        from kerasnn.views.figures.curves import save_curves

        folder = Path(run.model).parent if run.model else out / run.run
        save_curves(run, folder / "plots" / "curves.png")
