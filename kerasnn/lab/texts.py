"""The words of the page, by the key that its elements and scripts name them with.

`[data-text]` in the page and `text("key")` in its scripts show them; a new one needs a row here and its translation.
"""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kerasnn.lab.app import App
from kerasnn.language import N_, _, language

TEXTS: Final = {
    # the frame
    "title": N_("kerasnn lab"),
    "language": N_("Language"),
    "theme": N_("Light or dark"),
    "stages": N_("The lecture's stages"),
    "settings": N_("Settings"),
    "network": N_("The network"),
    "training": N_("Training"),
    "picture": N_("Your own picture"),
    "inside": N_("Inside the network"),
    "lecture": N_("The lecture"),
    "take": N_("Take it with you"),
    "runs": N_("Runs"),
    # the picture
    "pad": N_("Drawing pad: arrow keys move, space paints, Delete clears"),
    "brush": N_("Brush"),
    "eraser": N_("Eraser"),
    "undo": N_("Undo"),
    "clear": N_("Clear"),
    "dark-on-light": N_("Dark on light"),
    "drop-picture": N_("Choose a picture, drop it here, or paste it"),
    "camera": N_("Camera"),
    "take-photo": N_("Take the photo"),
    "close-camera": N_("Close the camera"),
    "camera-fails": N_("The camera cannot be used: {reason}"),
    "test-image": N_("A test image"),
    "truth": N_("true class: {name}"),
    "as-given": N_("As given"),
    "as-seen": N_("As the network sees it"),
    "answer": N_("The network's answer"),
    "probability": N_("Probability of {name}"),
    "hidden-units": N_("Outputs of layer {layer}"),
    "effects": N_("Pixels that raise or lower the score of"),
    "effects-answer": N_("the answer"),
    "effects-note": N_(
        "Each pixel times the slope of the class's z at this pixel: yellow raises z, blue lowers it. Without a hidden "
        "layer these are the terms w x of its sum."
    ),
    "no-effects": N_("kerasnn does not compute the slopes of this model."),
    # inside the network
    "unit": N_("unit {number}"),
    "weights": N_("Weights of layer {layer}"),
    "weights-note": N_("One image a unit, all on one scale: yellow weights are above 0, blue ones below."),
    "first-units": N_("The first {count} of {all} units."),
    "no-weights": N_("This model has no weights that can be shown as images."),
    "output-units": N_("Units of layer {layer}"),
    "confusion": N_("Confusion matrix: {count} validation images, accuracy {accuracy}"),
    "truth-rows": N_("true class"),
    "answer-columns": N_("answer"),
    "cell": N_("{truth} taken for {answer}: {count}"),
    "cell-right": N_("{truth}, right: {count}"),
    "wall": N_("{right} of these {count} validation images are right"),
    "wall-note": N_("An image that you choose becomes your own picture. A cross marks a wrong answer."),
    "wall-right": N_("{truth}: right"),
    "wall-wrong": N_("{truth}, taken for {answer}"),
    "unit-of": N_("{name}, layer {layer}"),
    "unit-weights": N_("Its weight for each pixel"),
    "unit-inputs": N_("Its weight for each unit before it"),
    "unit-bias": N_("bias"),
    "unit-output": N_("output for your picture"),
    "exciting": N_("The validation images with the largest z"),
    "active": N_("Its output is at least 0.01 from 0 for {share} of the validation images."),
    "unit-note": N_("Point at a unit, or move to it with the arrow keys, to see what it does."),
}


async def get_texts(request: Request, app: App) -> Response:
    """Return the words of the page in the language that is asked for."""
    return JSONResponse({"language": language(), "texts": {key: _(text) for key, text in TEXTS.items()}})


ROUTES: Final[list[tuple[str, str, Any]]] = [("GET", "/api/texts", get_texts)]
