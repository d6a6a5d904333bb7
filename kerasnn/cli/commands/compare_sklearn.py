"""`kerasnn compare-sklearn`"""

from typing import Annotated

import typer

import kerasnn
from kerasnn.cli.command import command
from kerasnn.cli.console import Output
from kerasnn.cli.options import Data
from kerasnn.language import N_
from kerasnn.lecture import dialect
from kerasnn.lecture.hyperparameters import SEED

_FOLDS_HELP = N_("Also cross-validate SGDClassifier with this many folds.")
Folds = Annotated[int | None, typer.Option("--cv", metavar="FOLDS", min=2, max=100, help=_FOLDS_HELP)]
Epochs = Annotated[int | None, typer.Option(metavar="N", help=N_("Epochs of both models; the lecture uses 5."))]
Seed = Annotated[int, typer.Option(metavar="N", help=N_("The first seed."))]
_SEEDS_HELP = N_("Train each model with this many seeds and show the mean.")
Seeds = Annotated[int, typer.Option(metavar="N", min=1, max=100, help=_SEEDS_HELP)]
Code = Annotated[bool, typer.Option("--code", help=N_("Show the slide's code beside today's; train nothing."))]


@command("compare-sklearn")
def compare_sklearn(
    output: Output,
    folds: Folds = None,
    epochs: Epochs = None,
    seed: Seed = SEED,
    seeds: Seeds = 1,
    code: Code = False,
    *,
    data: Data,
) -> None:
    """Compare scikit-learn's SGDClassifier with a single Dense layer in Keras on the same split.

    Example: kerasnn compare-sklearn --cv 5
    """
    from kerasnn.views.comparison import code_view, comparison_view

    if code:  # nothing to train or load
        output.show({"scikit_learn": dialect.SCIKIT_LEARN, "keras": dialect.KERAS}, lambda _: code_view())
        return
    every = range(seed, seed + seeds)
    with output.listening() as listener:
        comparison = kerasnn.compare_sklearn(seeds=every, epochs=epochs, folds=folds, **vars(data), listener=listener)
    output.show(comparison, comparison_view)
