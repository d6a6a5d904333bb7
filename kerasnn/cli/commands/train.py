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

_BACKEND_HELP = "What Keras computes on: tensorflow (the default), torch or jax; the last two by the engine keras."


def add_to(app: typer.Typer) -> None:
    @command(app, "train")
    def train(
        output: Output,
        stage: RequiredStageOption,
        overrides: dict[str, Any],
        engine: Annotated[str | None, typer.Option(metavar="NAME", help=_ENGINE_HELP)] = None,
        backend: Annotated[str | None, typer.Option(metavar="NAME", help=_BACKEND_HELP)] = None,
        dataset: DatasetOption = "auto",
        data_dir: DataDirOption = None,
        out: OutOption = api.RUNS,
    ) -> None:
        """Train a stage on real Fashion-MNIST, show what it did, and keep the model.

        Every flag but --stage overrides one thing of the stage; what was overridden is shown and recorded.

        Example: kerasnn train --stage dropout

        Example: kerasnn train --stage dropout --dropout 0.5 --hidden 200 --hidden 50

        Example: kerasnn train --stage adam --backend torch
        """
        with output.listening() as listener:
            run = api.train(
                stage,
                dataset=dataset,
                data_dir=data_dir,
                engine=engine,
                backend=backend,
                out=out,
                listener=listener,
                **overrides,
            )
        _draw(run, out)
        output.show(run, run_view)


def _draw(run: Run, out: Path) -> None:
    if run.history:
        from kerasnn.views.figures.curves import save_curves

        save_curves(run, out / run.run / "plots" / "curves.png")
