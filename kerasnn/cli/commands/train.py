"""`kerasnn train`"""

import threading
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import kerasnn
from kerasnn.cli.command import command, command_app
from kerasnn.cli.console import Output
from kerasnn.cli.options import DataDirOption, OutOption, StageOption, TrainDatasetOption
from kerasnn.errors import EnvironmentFault, Interrupted, TrainingDiverged, UsageError
from kerasnn.files.paths import RUNS
from kerasnn.language import N_, _
from kerasnn.lecture.hyperparameters import Overrides
from kerasnn.lecture.stages import STAGES

if TYPE_CHECKING:
    from kerasnn.records import Event, Listener, Run

_ENGINE_HELP = N_("fused (the default: an epoch as one compiled program) or keras (plain model.fit, as the notebooks).")
_GOING_ON = N_("Going on with a run")
_RESUME_HELP = N_("A run's id, or latest: the last one not done. It ends as if never interrupted.")
_MORE_HELP = N_("Train a run that is done for N epochs more.")
_FORCE_HELP = N_("Go on although settings, data or versions are others, and note it.")

_TRACKERS = N_("Trackers")
_TENSORBOARD_HELP = N_("Write TensorBoard's event files into a new folder in this one.")
_CSV_HELP = N_("Write Keras' CSVLogger's table into this new file: a line an epoch, epochs from 0.")
_MLFLOW_HELP = N_("Log the finished run to MLflow: a folder, sqlite:///FILE, or a server. Wants kerasnn\\[mlflow].")

_BACKEND_HELP = N_("What Keras computes on: tensorflow (the default), torch or jax; the last two by the engine keras.")

app = command_app()


@command(app, "train")
def train(
    output: Output,
    *,
    stage: StageOption = None,
    overrides: Overrides,
    engine: Annotated[str | None, typer.Option(metavar="NAME", help=_ENGINE_HELP)] = None,
    backend: Annotated[str | None, typer.Option(metavar="NAME", help=_BACKEND_HELP)] = None,
    resume: Annotated[str | None, typer.Option(metavar="RUN", help=_RESUME_HELP, rich_help_panel=_GOING_ON)] = None,
    more_epochs: Annotated[
        int | None, typer.Option(metavar="N", min=1, max=10_000, help=_MORE_HELP, rich_help_panel=_GOING_ON)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=_FORCE_HELP, rich_help_panel=_GOING_ON)] = False,
    dataset: TrainDatasetOption = None,
    data_dir: DataDirOption = None,
    out: OutOption = RUNS,
    tensorboard: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help=_TENSORBOARD_HELP, rich_help_panel=_TRACKERS)
    ] = None,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help=_CSV_HELP, rich_help_panel=_TRACKERS)] = None,
    mlflow: Annotated[str | None, typer.Option(metavar="URI", help=_MLFLOW_HELP, rich_help_panel=_TRACKERS)] = None,
) -> None:
    """Train a stage on real Fashion-MNIST, show what it did, and keep the model.

    Every setting given overrides one thing of the stage; what was overridden is shown and recorded.

    Ctrl-C stops within the epoch and keeps what was learnt; --resume goes on from there.

    Example: kerasnn train --stage dropout

    Example: kerasnn train --stage dropout --dropout 0.5 --hidden 200 --hidden 50

    Example: kerasnn train --stage adam --backend torch

    Example: kerasnn train --resume latest
    """
    from kerasnn.records import Run

    _refuse_contradictions(stage, resume, more_epochs, force, engine or backend)
    if resume is not None and (tensorboard is not None or csv is not None):
        raise UsageError(
            _("--tensorboard and --csv do not go with --resume: their logs begin with the first epoch"),
            hint=_("history.csv in the run's folder holds every epoch; --mlflow logs the finished run"),
        )
    if mlflow is not None:
        kerasnn.check_mlflow(mlflow)
    try:
        with output.listening() as display:
            listener = _preparing_to_draw(display)
            if resume is not None:
                run = kerasnn.resume(
                    resume,
                    more_epochs=more_epochs or 0,
                    force=force,
                    dataset=dataset,
                    data_dir=data_dir,
                    out=out,
                    listener=listener,
                    **overrides,
                )
            else:
                name = stage or ""
                logs = kerasnn.tracking_callbacks(name, tensorboard=tensorboard, csv=csv, listener=listener)
                run = kerasnn.train(
                    name,
                    dataset=dataset or "auto",
                    data_dir=data_dir,
                    engine=engine,
                    backend=backend,
                    out=out,
                    listener=listener,
                    callbacks=logs,
                    **overrides,
                )
    except (Interrupted, TrainingDiverged) as ended:
        if isinstance(ended.record, Run):
            try:
                _show(output, ended.record, out)
            except EnvironmentFault as fault:  # how the training ended is what matters
                output.warn(fault.message)
        raise
    _show(output, run, out)
    if mlflow is not None:
        output.note(_("logged to MLflow at {place}: {run}", place=mlflow, run=kerasnn.log_to_mlflow(run, mlflow)))


def _preparing_to_draw(listener: "Listener") -> "Listener":
    """Have matplotlib imported while XLA compiles, which keeps one core busy and Python idle."""
    from kerasnn.records import Compiling

    imports = threading.Thread(target=import_module, args=("kerasnn.views.figures.curves",))

    def tell(event: "Event") -> None:
        if isinstance(event, Compiling):
            imports.start()
        listener(event)

    return tell


def _refuse_contradictions(
    stage: str | None, resume: str | None, more_epochs: int | None, force: bool, trainer: str | None
) -> None:
    if resume is None and (more_epochs is not None or force):
        raise UsageError(_("--more-epochs and --force go with --resume"), hint=_("name a run: --resume latest"))
    if resume is None and stage is None:
        raise UsageError(
            _("--stage is missing"), expected=_("one of {names}", names=", ".join(each.name for each in STAGES))
        )
    if resume is not None and (stage is not None or trainer is not None):
        raise UsageError(
            _("--stage, --engine and --backend do not go with --resume"), expected=_("a run, which has them")
        )


def _show(output: Output, run: "Run", out: Path) -> None:
    """Print the run, and draw its curves."""
    from kerasnn.views.run import run_view

    output.show(run, run_view)
    _draw(run, out)


def _draw(run: "Run", out: Path) -> None:
    if run.history:
        from kerasnn.views.figures.curves import save_curves

        folder = Path(run.model).parent if run.model else out / run.run
        save_curves(run, folder / "plots" / "curves.png")
