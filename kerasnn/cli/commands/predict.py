"""`kerasnn predict`"""

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import kerasnn
from kerasnn.cli.command import command
from kerasnn.cli.console import Output
from kerasnn.cli.options import ModelArgument, ModelData, Opening, Pictures, note_drawn
from kerasnn.errors import KerasnnError, UsageError
from kerasnn.files.apart import PICTURE_READER, get_ready
from kerasnn.language import N_, _

if TYPE_CHECKING:
    from kerasnn.records import Prediction, Unreadable

Images = Annotated[
    list[Path] | None, typer.Argument(metavar="IMAGE", help=N_("Image files, or CSV files with an image in each line."))
]
_INDEX_HELP = N_("Number of a test image, from 0; may be repeated.")
Indices = Annotated[list[int] | None, typer.Option(metavar="N", help=_INDEX_HELP)]
_INVERT_HELP = N_("Swap light and dark, compared with what happens without this flag.")
Invert = Annotated[bool, typer.Option("--invert", help=_INVERT_HELP)]
_AS_IS_HELP = N_("Only scale the image files: keep their background, and the garment where it is.")
PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".heic")
AsIs = Annotated[bool, typer.Option("--as-is", help=_AS_IS_HELP)]


@command("predict")
def predict(
    output: Output,
    model: ModelArgument,
    images: Images = None,
    index: Indices = None,
    invert: Invert = False,
    as_is: AsIs = False,
    *,
    data: ModelData,
    pictures: Pictures,
    opening: Opening,
) -> None:
    """Classify images with a model: your own files, or images of the test set.

    A photograph is prepared as the training images were: the garment alone, filling the frame. The notes say how.

    Example: kerasnn predict dropout shirt.jpg --plots plots

    Example: kerasnn predict latest --index 0 --index 7
    """
    from kerasnn.records import Answers

    if Path(model).suffix.lower() in PICTURES:
        raise UsageError(
            _("'{model}' is a picture, and no model is named", model=model),
            expected=_("a model first, then the pictures"),
            hint=shlex.join(["kerasnn", "predict", "dropout", model, *map(str, images or ())]),
        )
    if not images and not index:
        raise UsageError(
            _("there is nothing to predict"),
            expected=_("an image file or --index N"),
            hint=_("kerasnn predict {model} PICTURE.png, or: kerasnn predict {model} --index 0", model=model),
        )
    asked = {"indices": index or (), "invert": invert, "as_is": as_is, **vars(data), **vars(opening)}
    if images:
        get_ready(PICTURE_READER)
    try:
        with output.listening() as listener:
            answers = kerasnn.predict(model, images or (), listener=listener, **asked)
    except KerasnnError as error:
        if isinstance(error.record, Answers):
            _show(output, error.record.shown, pictures)
        raise
    _show(output, answers, pictures)


def _show(output: Output, answers: "Sequence[Prediction | Unreadable]", pictures: Pictures) -> None:
    from kerasnn.records import Prediction, plain
    from kerasnn.views.evaluation import predictions_view
    from kerasnn.views.format import with_sentences

    predictions = [each for each in answers if isinstance(each, Prediction)]
    documents = [with_sentences(each) if isinstance(each, Prediction) else plain(each) for each in answers]
    if predictions or output.as_json:
        output.show(predictions, predictions_view, document=lambda _found: documents)
    if predictions and pictures.plots is not None:
        note_drawn(output, list(_draw(predictions, pictures)), predictions[0].names)


def _draw(predictions: "Sequence[Prediction]", pictures: Pictures) -> Iterator[Path]:
    from kerasnn.views.figures.answers import save_probabilities

    for number, prediction in enumerate(predictions, start=1):
        name = Path(prediction.image).stem
        yield save_probabilities(prediction, pictures.path(f"prediction-{number}-{name}"), pictures.style)
