"""The words of the exported page, by the key that its scripts name them with."""

from typing import Final

from kerasnn.language import N_, _
from kerasnn.records.picture_codes import PICTURE_SENTENCES

# of the modules that the lab's page uses, too
SHARED: Final = {
    "language": N_("Language"),
    "pad": N_("Drawing pad: arrow keys move, space paints, Delete clears"),
    "brush": N_("Brush"),
    "eraser": N_("Eraser"),
    "undo": N_("Undo"),
    "clear": N_("Clear"),
    "dark-on-light": N_("White paper, black pen"),
    "drop-picture": N_("Choose a picture, drop it here, or paste it"),
    "camera": N_("Camera"),
    "take-photo": N_("Take the photo"),
    "close-camera": N_("Close the camera"),
    "camera-fails": N_("The camera cannot be used: {reason}"),
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
    "unit": N_("unit {number}"),
    "unit-of": N_("{name}, layer {layer}"),
    "unit-weights": N_("Its weight for each pixel"),
    "unit-inputs": N_("Its weight for each unit before it"),
    "unit-bias": N_("bias"),
    "unit-output": N_("output for your picture"),
}
OWN: Final = {
    "own-title": N_("What does the network see?"),
    "own-lead": N_(
        "Draw with a mouse, finger or pen, or choose, drop or paste a picture. Everything is computed on this page, "
        "and nothing is sent anywhere."
    ),
    "own-picture": N_("Your picture"),
    "own-hint": N_("Draw one of these here: {names}"),
    "own-inside": N_("Inside the network"),
    "own-units": N_("Yellow is above 0, blue below. Point at a unit or a class to see its weights."),
    "effects-note": N_(
        "Yellow pixels raise the score of this class, blue ones lower it: each pixel times the slope of the class's z."
    ),
    "own-unreadable": N_("The browser cannot read this file as a picture: save it as PNG or JPEG."),
    "own-about": N_(
        "The network {model}, exported by kerasnn: {parameters} parameters, for images of {rows} x {columns} pixels."
    ),
    "own-doubt": N_(
        "It knows only the classes it was trained on: shown anything else, it still answers with one of them."
    ),
}
NOT_HERE: Final = ("prepare", "prepare-or-invert", "prepare-or-crop", "invert", "do-not-invert", "other-background")
SENTENCES: Final = {
    **{str(code): text for code, text in PICTURE_SENTENCES.items() if code not in NOT_HERE},
    # without the flags of `kerasnn predict`
    "uneven-background": N_("the background is uneven, so check what the network saw"),
    "light-and-dark-reversed": N_("light and dark are the other way round than in the training images"),
}


def texts() -> dict[str, str]:
    """Return the words in the current language."""
    return {key: _(text) for key, text in {**SHARED, **OWN, **SENTENCES}.items()}
