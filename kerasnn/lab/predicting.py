"""Routes to predict: a picture that was drawn, dropped or taken, prepared as `predict` prepares it."""

from typing import Any, Final

import numpy as np
from PIL import Image
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from kerasnn.data.pictures import Picture, prepare_image, prepare_picture
from kerasnn.errors import DataError, EnvironmentFault, UsageError
from kerasnn.files.locks import temporary_folder
from kerasnn.lab.app import App
from kerasnn.lab.models import Model, as_image, last_hidden
from kerasnn.lab.requests import as_json, json_object, text_in
from kerasnn.language import _
from kerasnn.networks import evaluation
from kerasnn.networks.questions import Question
from kerasnn.records import plain_object

LARGEST_PICTURE: Final = 16_000_000  # bytes


async def predict(request: Request, app: App) -> Response:
    """Return the prediction for one picture, as `predict --json`, with the last hidden layer's outputs."""
    models = (await app.opened).models
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        name, content = await _upload(request)
        return await as_json(lambda: _predict(model := models.find(name), _prepared(model, content)))
    body = await json_object(request)
    name, pixels = text_in(body, "model"), body.get("pixels")
    return await as_json(lambda: _predict(model := models.find(name), _drawn(model, pixels)))


async def _upload(request: Request) -> tuple[str, bytes]:
    try:
        async with request.form(max_files=1, max_fields=4, max_part_size=1000) as form:
            name = form.get("model")
            picture = next((each for each in form.values() if isinstance(each, UploadFile)), None)
            content = await picture.read(LARGEST_PICTURE + 1) if picture else b""
    except HTTPException as error:  # what Starlette makes of a broken form
        raise UsageError(_("the form cannot be read: {reason}", reason=error.detail)) from None
    if not isinstance(name, str) or not content or len(content) > LARGEST_PICTURE:
        raise UsageError(
            _("the form lacks a picture or a model"),
            expected=_("the fields 'picture' and 'model', of at most {count:,} bytes", count=LARGEST_PICTURE),
        )
    return name, content


def _prepared(model: Model, content: bytes) -> Picture:
    with temporary_folder("lab") as folder:
        path = folder / "picture"
        path.write_bytes(content)
        try:
            return prepare_picture(path, shape=model.shape, background=model.background)
        except (DataError, EnvironmentFault) as error:  # which names a file that the user does not know
            raise DataError(
                error.message.replace(str(path), _("the picture")), expected=error.expected, hint=error.hint
            ) from None


def _drawn(model: Model, pixels: Any) -> Picture:
    image = Image.fromarray(as_image(pixels, model.shape)).convert("RGB")
    return prepare_image(image, [], shape=model.shape, background=model.background)


def _predict(model: Model, picture: Picture) -> dict[str, Any]:
    question = Question("picture", picture.pixels, notes=(*picture.notes, *model.notes), original=picture.original)
    images = picture.pixels[np.newaxis]
    (answer,) = evaluation.predict(model.classifier, [question], model.names)
    hidden = last_hidden(model.classifier, images)
    units = [] if hidden is None else [float(each) for each in hidden[0]]
    return {**plain_object(answer), "units": units, "seen": [int(each) for each in picture.pixels.ravel()]}


ROUTES: Final[list[tuple[str, str, Any]]] = [("POST", "/api/predictions", predict)]
