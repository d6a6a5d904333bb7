"""`kerasnn evaluate`"""

from pathlib import Path

import typer

from kerasnn import api
from kerasnn.cli.command import command
from kerasnn.cli.console import Output
from kerasnn.cli.options import (
    DataDirOption,
    ModelArgument,
    ModelDatasetOption,
    OutOption,
    PlotsOption,
)
from kerasnn.records import Evaluation
from kerasnn.views.evaluation import evaluation_view


def add_to(app: typer.Typer) -> None:
    @command(app, "evaluate")
    def evaluate(
        output: Output,
        model: ModelArgument,
        dataset: ModelDatasetOption = None,
        data_dir: DataDirOption = None,
        plots: PlotsOption = None,
        out: OutOption = api.RUNS,
    ) -> None:
        """Measure a model: loss, accuracy, each class, what it confuses, its worst mistakes.

        Example: kerasnn evaluate latest --plots plots
        """
        with output.listening() as listener:
            evaluation = api.evaluate(model, dataset=dataset, data_dir=data_dir, out=out, listener=listener)
        output.show(evaluation, evaluation_view)
        if plots is not None:
            for path in _draw(evaluation, plots):
                output.note(f"drawn: {path}")


def _draw(evaluation: Evaluation, folder: Path) -> list[Path]:
    from kerasnn.views.figures.confusion import save_confusion
    from kerasnn.views.figures.images import save_mistakes

    return [
        save_confusion(evaluation, folder / "confusion.png"),
        save_mistakes(evaluation, folder / "mistakes.png"),
    ]
