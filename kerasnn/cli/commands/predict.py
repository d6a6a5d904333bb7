"""`kerasnn predict`"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

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
from kerasnn.errors import UsageError
from kerasnn.files.paths import RUNS
from kerasnn.language import N_, _

if TYPE_CHECKING:
    from kerasnn.records import Prediction
    from kerasnn.views.palette import Style

Images = Annotated[list[Path] | None, typer.Argument(metavar="[IMAGE]...", help=N_("Image files."))]
Indices = Annotated[
    list[int] | None, typer.Option(metavar="N", help=N_("Number of a test image, from 0; may be repeated."))
]
_INVERT_HELP = N_("Swap light and dark in the image files: for photos with a light background.")
Invert = Annotated[bool, typer.Option("--invert", help=_INVERT_HELP)]


@command("predict")
def predict(
    output: Output,
    model: ModelArgument,
    images: Images = None,
    index: Indices = None,
    invert: Invert = False,
    dataset: ModelDatasetOption = None,
    data_dir: DataDirOption = None,
    plots: PlotsOption = None,
    format: FormatOption = "png",
    style: StyleOption = "auto",
    out: OutOption = RUNS,
    trust: TrustOption = False,
) -> None:
    """Classify images with a model: your own files, or images of the test set.

    Example: kerasnn predict dropout shirt.png --invert

    Example: kerasnn predict latest --index 0 --index 7
    """
    from kerasnn.views.prediction import predictions_view

    if not images and not index:
        raise _nothing_given(model)
    with output.listening() as listener:
        predictions = kerasnn.predict(
            model,
            images or (),
            indices=index or (),
            invert=invert,
            dataset=dataset,
            data_dir=data_dir,
            out=out,
            trust=trust,
            listener=listener,
        )
    output.show(predictions, predictions_view)
    if plots is not None:
        note_drawn(output, _draw(predictions, plots, format, style), predictions[0].names)


def _nothing_given(model: str) -> UsageError:
    return UsageError(
        _("there is nothing to predict"),
        expected=_("an image file or --index N"),
        hint=_("kerasnn predict {model} --index 0", model=model),
    )


def _draw(predictions: "Sequence[Prediction]", folder: Path, suffix: str, style: "Style") -> list[Path]:
    from kerasnn.views.figures.answers import save_probabilities

    names = [Path(prediction.image).stem.replace(" ", "-") for prediction in predictions]
    return [
        save_probabilities(prediction, folder / f"prediction-{number}-{name}.{suffix}", style)
        for number, (prediction, name) in enumerate(zip(predictions, names, strict=True), start=1)
    ]
