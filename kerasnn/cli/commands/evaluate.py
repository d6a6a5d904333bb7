"""`kerasnn evaluate`"""

from pathlib import Path
from typing import TYPE_CHECKING

import kerasnn
from kerasnn.cli.command import command
from kerasnn.cli.console import Output
from kerasnn.cli.drawn_notes import note_drawn
from kerasnn.cli.options import (
    DataDirOption,
    FormatOption,
    ModelArgument,
    ModelDatasetOption,
    OutOption,
    PlotsOption,
    StyleOption,
    TrustOption,
)
from kerasnn.files.paths import RUNS

if TYPE_CHECKING:
    from kerasnn.records import Evaluation
    from kerasnn.views.palette import Style


@command("evaluate")
def evaluate(
    output: Output,
    model: ModelArgument,
    dataset: ModelDatasetOption = None,
    data_dir: DataDirOption = None,
    plots: PlotsOption = None,
    format: FormatOption = "png",
    style: StyleOption = "auto",
    out: OutOption = RUNS,
    trust: TrustOption = False,
) -> None:
    """Measure a model: loss, accuracy, each class, confusions, worst mistakes.

    Example: kerasnn evaluate latest --plots plots
    """
    from kerasnn.views.evaluation import evaluation_view

    with output.listening() as listener:
        evaluation = kerasnn.evaluate(
            model, dataset=dataset, data_dir=data_dir, out=out, trust=trust, listener=listener
        )
    output.show(evaluation, evaluation_view)
    if plots is not None:
        note_drawn(output, _draw(evaluation, plots, format, style), evaluation.dataset.classes)


def _draw(evaluation: "Evaluation", folder: Path, suffix: str, style: "Style") -> list[Path]:
    from kerasnn.views.figures.answers import save_confusion
    from kerasnn.views.figures.images import save_mistakes

    return [
        save_confusion(evaluation, folder / f"confusion.{suffix}", style),
        save_mistakes(evaluation, folder / f"mistakes.{suffix}", style),
    ]
