"""`kerasnn train`"""

from pathlib import Path
from typing import Annotated, Any

import typer

from kerasnn import api
from kerasnn.cli.command import command
from kerasnn.cli.console import Output
from kerasnn.cli.options import DataDirOption, DatasetOption, OutOption, RequiredStageOption
from kerasnn.records import Run
from kerasnn.views.run import run_view

_ENGINE_HELP = "fused (the default: an epoch as one compiled program) or keras (plain model.fit, as the notebooks)."

_TRACKERS = "Trackers"
_TENSORBOARD_HELP = "Write TensorBoard's event files into a new folder in this one."
_CSV_HELP = "Write Keras' CSVLogger's table into this new file: a line an epoch, epochs from 0."
_MLFLOW_HELP = "Log the finished run to MLflow: a folder, sqlite:///FILE, or a server. Wants kerasnn\\[mlflow]."


def add_to(app: typer.Typer) -> None:
    @command(app, "train")
    def train(  # noqa: PLR0913, PLR0917  # each is a flag
        output: Output,
        stage: RequiredStageOption,
        overrides: dict[str, Any],
        engine: Annotated[str | None, typer.Option(metavar="NAME", help=_ENGINE_HELP)] = None,
        dataset: DatasetOption = "auto",
        data_dir: DataDirOption = None,
        out: OutOption = api.RUNS,
        tensorboard: Annotated[
            Path | None, typer.Option(metavar="FOLDER", help=_TENSORBOARD_HELP, rich_help_panel=_TRACKERS)
        ] = None,
        csv: Annotated[Path | None, typer.Option(metavar="FILE", help=_CSV_HELP, rich_help_panel=_TRACKERS)] = None,
        mlflow: Annotated[str | None, typer.Option(metavar="URI", help=_MLFLOW_HELP, rich_help_panel=_TRACKERS)] = None,
    ) -> None:
        """Train a stage on real Fashion-MNIST, show what it did, and keep the model.

        Every flag but --stage overrides one thing of the stage; what was overridden is shown and recorded.

        Example: kerasnn train --stage dropout

        Example: kerasnn train --stage dropout --dropout 0.5 --hidden 200 --hidden 50
        """
        if mlflow is not None:
            api.check_mlflow(mlflow)
        common: dict[str, Any] = {"dataset": dataset, "data_dir": data_dir, "engine": engine, "out": out, **overrides}
        callbacks = api.tracking_callbacks(stage, tensorboard=tensorboard, csv=csv)
        with output.listening() as listener:
            run = api.train(stage, listener=listener, callbacks=callbacks, **common)
        _draw(run, out)
        if mlflow is not None:
            output.note(f"logged to MLflow at {mlflow}: {api.log_to_mlflow(run, mlflow)}")
        output.show(run, run_view)


def _draw(run: Run, out: Path) -> None:
    if run.history:
        from kerasnn.views.figures.curves import save_curves

        save_curves(run, out / run.run / "plots" / "curves.png")
