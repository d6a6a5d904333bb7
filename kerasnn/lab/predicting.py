"""Routes to predict: a picture that was drawn, dropped or taken, prepared as `predict` prepares it."""

from collections.abc import Mapping
from dataclasses import dataclass
from struct import unpack_from
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kerasnn.data.picture_reader import Picture, PictureForm, read_pictures
from kerasnn.data.pictures import prepare_image, prepare_picture
from kerasnn.errors import DataError, KerasnnError, UsageError
from kerasnn.files.locks import temporary_folder
from kerasnn.lab.app import App
from kerasnn.lab.models import Model, as_image
from kerasnn.lab.requests import as_json, json_object, text_in
from kerasnn.lab.units import dense_layers, last_hidden, responses
from kerasnn.language import _
from kerasnn.networks import evaluation
from kerasnn.networks.effects import pixel_effects
from kerasnn.networks.questions import Question
from kerasnn.records import plain_object
from kerasnn.records.note import sentence
from kerasnn.views.palette import SIGNED

LARGEST_PICTURE: Final = 16_000_000  # bytes
PNG: Final = b"\x89PNG\r\n\x1a\n"
PLAIN: Final = {b"IHDR", b"sRGB", b"gAMA", b"pHYs", b"IDAT", b"IEND"}  # chunks that a canvas writes
LARGEST_DRAWING: Final = 1 << 18  # bytes, and pixels


@dataclass(frozen=True)
class Wish:
    """What a request asks for besides the answer.

    `effects`: of the pixels on the score of a class, by its label or of the `answer`. `unit`: a layer and a unit of it.
    """

    effects: int | Literal["answer"] | None = None
    unit: tuple[int, int] | None = None


async def predict(request: Request, app: App) -> Response:
    """Return the prediction for one picture, as `predict --json`, with the last hidden layer's outputs."""
    models = (await app.opened).models
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        form, content = await _upload(request)
        name, wish = form["model"], _wish(form)
        async with app.preparing:
            return await as_json(lambda: _predict(model := models.find(name), _prepared(model, content), wish))
    body = await json_object(request)
    name, pixels, wish = text_in(body, "model"), body.get("pixels"), _wish(body)
    return await as_json(lambda: _predict(model := models.find(name), _drawn(model, pixels), wish))


def _wish(body: Mapping[str, Any]) -> Wish:
    """Read the wishes of a request: numbers, or text such as `3` and `0,12` in a form. Raises: UsageError."""
    effects, unit = body.get("effects"), body.get("unit")
    label = effects if effects in (None, "answer") else _numbers(effects, 1)[0]
    return Wish(label, None if unit is None else (_numbers(unit, 2)[0], _numbers(unit, 2)[1]))


def _numbers(value: Any, count: int) -> list[int]:
    parts = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else [value]
    found = [str(each) for each in parts if type(each) in (int, str)]
    if len(found) != count or not all(each.isascii() and each.isdigit() and len(each) < 10 for each in found):
        raise UsageError(
            _("'effects' or 'unit' has the invalid value {value}", value=repr(value)[:40]),
            expected=_("a label, and a layer with a unit, counted from 0"),
        )
    return [int(each) for each in found]


async def _upload(request: Request) -> tuple[dict[str, str], bytes]:
    """Return the texts of a form, and its picture."""
    try:
        async with request.form(max_files=1, max_fields=4, max_part_size=1000) as form:
            texts = {name: each for name, each in form.items() if isinstance(each, str)}
            picture = next((each for each in form.values() if isinstance(each, UploadFile)), None)
            content = await picture.read(LARGEST_PICTURE + 1) if picture else b""
    except HTTPException as error:  # what Starlette makes of a broken form
        raise UsageError(_("the form cannot be read: {reason}", reason=error.detail)) from None
    if "model" not in texts or not content or len(content) > LARGEST_PICTURE:
        raise UsageError(
            _("the form lacks a picture or a model"),
            expected=_("the fields 'picture' and 'model', of at most {count:,} bytes", count=LARGEST_PICTURE),
        )
    return texts, content


def is_drawing(content: bytes) -> bool:
    """Return True for a small PNG with nothing but pixels, as the page's pad sends it.

    It can take neither long nor much memory, and so needs no process of its own, which would take half a second.
    """
    if not content.startswith(PNG) or len(content) > LARGEST_DRAWING:
        return False
    place = len(PNG)
    kinds: list[bytes] = []
    while place + 8 <= len(content):
        length, kind = unpack_from(">I4s", content, place)
        kinds.append(kind)
        place += length + 12  # with length, kind and checksum
    if kinds[:1] != [b"IHDR"] or kinds.count(b"IHDR") > 1 or not PLAIN.issuperset(kinds) or len(content) < place:
        return False
    width, height = unpack_from(">II", content, len(PNG) + 8)
    return 0 < int(width * height) <= LARGEST_DRAWING


def _prepared(model: Model, content: bytes) -> Picture:
    with temporary_folder("lab") as folder:
        path = folder / "picture"
        path.write_bytes(content)
        if is_drawing(content):
            found: Picture | KerasnnError
            try:
                found = prepare_picture(path, shape=model.shape, background=model.background)
            except KerasnnError as error:
                found = error
        else:
            (found,) = read_pictures([path], PictureForm(model.shape, model.background))
    if isinstance(found, KerasnnError):  # which names a file that the user does not know
        message = found.message.replace(str(path), _("the picture"))
        raise DataError(message, expected=found.expected, hint=found.hint)
    return found


def _drawn(model: Model, pixels: Any) -> Picture:
    image = Image.fromarray(as_image(pixels, model.shape)).convert("RGB")
    return prepare_image(image, [], shape=model.shape, background=model.background)


def _predict(model: Model, picture: Picture, wish: Wish) -> dict[str, Any]:
    question = Question("picture", picture.pixels, notes=(*picture.notes, *model.notes), original=picture.original)
    (answer,) = evaluation.predict(model.classifier, [question], model.names)
    hidden = last_hidden(model.classifier, picture.pixels[np.newaxis])
    sentences = [sentence(note) for note in answer.notes]
    return {
        **plain_object(answer),
        "notes": sentences,  # as `predict --json` has them
        "class_names": model.class_names,
        "sentences": sentences,
        "layers": [layer.name for layer in dense_layers(model.classifier)],
        "units": [] if hidden is None else hidden[0].tolist(),
        "seen": picture.pixels.ravel().tolist(),
        **_wished(model, picture.pixels, wish, answer.label),
    }


def _wished(model: Model, pixels: NDArray[np.uint8], wish: Wish, answer: int) -> dict[str, Any]:
    """Return what is asked for besides; null where the model has no such class or unit."""
    more: dict[str, Any] = {}
    if wish.effects is not None:
        label = answer if wish.effects == "answer" else wish.effects
        found = pixel_effects(model.classifier, pixels, label) if label < len(model.names) else None
        more["effects"] = None if found is None else [float(f"{each:.4g}") for each in found.ravel()]
        more |= {"effects_label": label, "colours": SIGNED}
    if wish.unit is not None:
        place, unit = wish.unit
        layers = dense_layers(model.classifier)
        more["unit"] = None
        if place < len(layers) and unit < len(layers[place].bias):
            z, outputs = responses(model.classifier, pixels[np.newaxis], layers[place])
            more["unit"] = {"z": float(z[0, unit]), "output": float(outputs[0, unit])}
    return more


ROUTES: Final[list[tuple[str, str, Any]]] = [("POST", "/api/predictions", predict)]
