"""`kerasnn train`"""

from pathlib import Path
from typing import Annotated

import typer

from kerasnn import api
from kerasnn.cli.console import Output
from kerasnn.cli.options import DataDirOption, DatasetOption, OutOption, RequiredStageOption, command
from kerasnn.records import Run
from kerasnn.views.run import run_view

_MODEL = "Model"
_TRAINING = "Training"


def add_to(app: typer.Typer) -> None:
    @command(app, "train")
    def train(
        output: Output,
        stage: RequiredStageOption,
        hidden: Annotated[
            list[int] | None,
            typer.Option(
                metavar="UNITS", help="Units of a hidden layer; several make several layers.", rich_help_panel=_MODEL
            ),
        ] = None,
        activation: Annotated[
            str | None, typer.Option(metavar="NAME", help="Of hidden layers: relu, sigmoid, tanh, linear, leaky_relu, elu, silu.", rich_help_panel=_MODEL)
        ] = None,
        dropout: Annotated[
            float | None,
            typer.Option(
                metavar="SHARE", help="Share of hidden outputs dropped while training, 0 to 0.99.", rich_help_panel=_MODEL
            ),
        ] = None,
        optimizer: Annotated[
            str | None, typer.Option(metavar="NAME", help="sgd, adagrad, rmsprop or adam.", rich_help_panel=_TRAINING)
        ] = None,
        learning_rate: Annotated[
            float | None,
            typer.Option(metavar="RATE", help="Default: the optimizer's own.", rich_help_panel=_TRAINING),
        ] = None,
        momentum: Annotated[
            float | None, typer.Option(metavar="SHARE", help="Of sgd or rmsprop.", rich_help_panel=_TRAINING)
        ] = None,
        nesterov: Annotated[
            bool | None, typer.Option("--nesterov/--no-nesterov", help="Of sgd with momentum.", rich_help_panel=_TRAINING)
        ] = None,
        epochs: Annotated[
            int | None, typer.Option(metavar="N", help="Passes over the training images.", rich_help_panel=_TRAINING)
        ] = None,
        batch_size: Annotated[
            int | None, typer.Option(metavar="N", help="Images a step learns from.", rich_help_panel=_TRAINING)
        ] = None,
        patience: Annotated[
            int | None,
            typer.Option(
                metavar="N",
                help="Stop after N epochs without a lower validation loss, and keep the best.",
                rich_help_panel=_TRAINING,
            ),
        ] = None,
        seed: Annotated[
            int | None, typer.Option(metavar="N", help="Of weights, order and dropout.", rich_help_panel=_TRAINING)
        ] = None,
        engine: Annotated[
            str | None, typer.Option(metavar="NAME", help="keras: plain model.fit.", rich_help_panel=_TRAINING)
        ] = None,
        dataset: DatasetOption = "auto",
        data_dir: DataDirOption = None,
        out: OutOption = api.RUNS,
    ) -> None:
        """Train a stage on real Fashion-MNIST, show what it did, and keep the model.

        Every flag but --stage overrides one thing of the stage; what was overridden is shown and recorded.

        Example: kerasnn train --stage dropout --dropout 0.5 --hidden 200 --hidden 50
        """
        overrides = {
            "hidden": hidden or None,
            "activation": activation,
            "dropout": dropout,
            "optimizer": optimizer,
            "learning_rate": learning_rate,
            "momentum": momentum,
            "nesterov": nesterov,
            "epochs": epochs,
            "batch_size": batch_size,
            "patience": patience,
            "seed": seed,
        }
        with output.listening() as listener:
            run = api.train(
                stage, dataset=dataset, data_dir=data_dir, engine=engine, out=out, listener=listener, **overrides
            )
        _draw(run, out)
        output.show(run, run_view)


def _draw(run: Run, out: Path) -> None:
    if run.history:
        from kerasnn.views.figures.curves import save_curves

        save_curves(run, out / run.run / "plots" / "curves.png")
