"""`kerasnn compare-sklearn`"""

from typing import Annotated

import typer

import kerasnn
from kerasnn.cli.command import command, command_app
from kerasnn.cli.console import Output
from kerasnn.cli.options import DataDirOption, DatasetOption
from kerasnn.language import N_
from kerasnn.lecture import dialect
from kerasnn.lecture.hyperparameters import SEED

app = command_app()


@command(app, "compare-sklearn")
def compare_sklearn(
    output: Output,
    folds: Annotated[
        int | None,
        typer.Option(
            "--cv", metavar="FOLDS", min=2, max=100, help=N_("Cross-validate SGDClassifier too, in so many folds.")
        ),
    ] = None,
    epochs: Annotated[
        int | None, typer.Option(metavar="N", help=N_("Passes of both models; the lecture has 5."))
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", help=N_("The first seed."))] = SEED,
    seeds: Annotated[
        int, typer.Option(metavar="N", min=1, max=100, help=N_("Train each with so many seeds and show the mean."))
    ] = 1,
    code: Annotated[
        bool, typer.Option("--code", help=N_("Show the slide's code beside today's; train nothing."))
    ] = False,
    dataset: DatasetOption = "auto",
    data_dir: DataDirOption = None,
) -> None:
    """Compare scikit-learn's SGDClassifier with Keras' one Dense layer on the same split.

    Example: kerasnn compare-sklearn --cv 5
    """
    from kerasnn.views.comparison import code_view, comparison_view

    if code:
        output.show({"scikit_learn": dialect.SCIKIT_LEARN, "keras": dialect.KERAS}, lambda _: code_view())
        return
    with output.listening() as listener:
        comparison = kerasnn.compare_sklearn(
            dataset=dataset,
            data_dir=data_dir,
            seeds=range(seed, seed + seeds),
            epochs=epochs,
            folds=folds,
            listener=listener,
        )
    output.show(comparison, comparison_view)
