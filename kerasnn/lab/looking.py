"""Routes to look inside a network: its weights, its answers for the validation images, and what excites its units."""

import json
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kerasnn.data.dataset import Dataset, Part
from kerasnn.lab.app import App
from kerasnn.lab.models import Model
from kerasnn.lab.units import dense_layers, responses
from kerasnn.networks import evaluation
from kerasnn.networks.classifier import Classifier, in_batches
from kerasnn.views.format import class_name
from kerasnn.views.palette import SIGNED

MOST_UNITS: Final = 100  # whose weights are sent; the report shows as many
DRAWN: Final = 10  # units of a layer in the drawing of the network
MOST_IMAGES: Final = 100  # of one request
ON_THE_WALL: Final = 60  # the first validation images, which the split has put into random order
EXCITING: Final = 12
CELL: Final = 12  # images of one cell of the confusion matrix
STILL: Final = 0.01  # an output that counts as none, as in the lesson "neuron"


async def get_weights(request: Request, app: App) -> Response:
    """Return the weights of the first layer: a line of JSON, then a signed byte for each weight, unit by unit.

    A byte of 127 stands for `limit`, which few weights exceed. `first` in the query: only of as many units.
    """
    models = (await app.opened).models
    model, content = await models.weights.ask(partial(models.find, request.path_params["model"]), "weights", _weights)
    about = {"names": model.class_names, "shape": model.shape, "colours": SIGNED, **content[0]}
    first = request.query_params.get("first", "")
    shown = min(about["shown"], int(first)) if first.isdecimal() and len(first) < 6 else about["shown"]
    size = model.shape[0] * model.shape[1]
    return _bytes({**about, "shown": shown}, content[1][: shown * size])


def _weights(classifier: Classifier) -> tuple[dict[str, Any], bytes]:
    layers = dense_layers(classifier)
    described = [{"name": each.name, "activation": each.activation, "units": len(each.bias)} for each in layers]
    if not layers or layers[0].kernel.shape[0] != classifier.input_size:
        return {"layers": described, "shown": 0, "limit": 0.0, "onward": []}, b""
    kernel = layers[0].kernel[:, :MOST_UNITS]
    limit = float(np.quantile(np.abs(kernel), 0.995)) or 1.0  # as in the picture of `kerasnn weights`
    scaled = np.round(np.clip(kernel.T / limit, -1, 1) * 127).astype(np.int8)
    onward = layers[-1].kernel[:DRAWN, :DRAWN] if len(layers) > 1 else layers[0].kernel[:0]
    about = {"layers": described, "shown": kernel.shape[1], "limit": limit}
    return {**about, "onward": [[float(f"{each:.3g}") for each in row] for row in onward]}, scaled.tobytes()


async def get_answers(request: Request, app: App) -> Response:
    """Return the confusion matrix on the validation images, rows = truth, and the answers for the first of them."""
    _model, answers = await _answers(request, app)
    data = (await app.opened).models.data
    labels = data.validation.labels
    right = answers[0] == labels
    return JSONResponse(
        {
            "names": [class_name(name) for name in data.info.classes],  # a model's own may differ
            "images": len(right),
            "accuracy": float(right.mean()),
            "confusion": evaluation.confusion_matrix(labels, answers[0], data.classes).tolist(),
            "wall": answers[0][:ON_THE_WALL].tolist(),
            "probabilities": [round(float(each), 4) for each in answers[1][:ON_THE_WALL]],
        }
    )


async def get_cell(request: Request, app: App) -> Response:
    """Return the numbers of the first validation images of class `truth` that were taken for class `answer`."""
    _model, answers = await _answers(request, app)
    labels = (await app.opened).models.data.validation.labels
    truth, answer = request.path_params["truth"], request.path_params["answer"]
    found = np.flatnonzero((labels == truth) & (answers[0] == answer))
    return JSONResponse({"images": found[:CELL].tolist(), "count": len(found)})


async def _answers(request: Request, app: App) -> tuple[Model, tuple[NDArray[np.int64], NDArray[np.float32]]]:
    models = (await app.opened).models
    compute = partial(_answers_of, data=models.data)
    return await models.looks.ask(partial(models.find, request.path_params["model"]), "answers", compute)


def _answers_of(classifier: Classifier, data: Dataset) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the likeliest class of each validation image, and its probability."""
    evaluation.require_its_classes(classifier, data)
    logarithms = in_batches(data.validation.images, classifier)
    return logarithms.argmax(axis=1), np.exp(logarithms.max(axis=1))


async def get_unit(request: Request, app: App) -> Response:
    """Return a unit of a Dense layer: its bias, its weights, and the validation images that excite it most."""
    models, asked = (await app.opened).models, request.path_params
    place, unit = asked["layer"], asked["unit"]
    compute = partial(_exciting, data=models.data, place=place)
    model, found = await models.looks.ask(partial(models.find, asked["model"]), ("exciting", place), compute)
    layers = dense_layers(model.classifier)
    if found is None or unit >= len(layers[place].bias):
        raise HTTPException(404)
    images, outputs, active = (each[..., unit] for each in found)
    layer, onward = layers[place], layers[place + 1].kernel[unit] if place + 1 < len(layers) else None
    return JSONResponse(
        {
            "layer": layer.name,
            "activation": layer.activation,
            "bias": float(layer.bias[unit]),
            "weights": [float(f"{each:.4g}") for each in layer.kernel[:, unit]],
            "onward": None if onward is None else [float(f"{each:.4g}") for each in onward],
            "images": images.tolist(),
            "outputs": [float(each) for each in outputs],
            "active": float(active),
        }
    )


def _exciting(classifier: Classifier, data: Dataset, place: int) -> tuple[NDArray[Any], ...] | None:
    """Return for each unit of a layer the images with the largest z, their outputs, and the share it responds to.

    By z, because the outputs of many images are 1 if they are probabilities. None if there is no such layer.
    """
    layers = dense_layers(classifier)
    if place >= len(layers):
        return None
    evaluation.require_its_classes(classifier, data)
    images, units = data.validation.images, len(layers[place].bias)
    active = np.zeros(units)
    kept: list[NDArray[Any]] = [np.empty((0, units), kind) for kind in (np.int64, np.float32, np.float32)]
    for start in range(0, len(images), classifier.batch):  # a layer may have a gigabyte of outputs for all images
        z, outputs = responses(classifier, images[start : start + classifier.batch], layers[place])
        active += (np.abs(outputs) >= STILL).sum(axis=0)
        numbers: NDArray[Any] = np.broadcast_to(np.arange(start, start + len(z))[:, np.newaxis], z.shape)
        found = [np.concatenate(pair) for pair in zip(kept, [numbers, z, outputs], strict=True)]
        order = np.argsort(-found[1], axis=0, kind="stable")[:EXCITING]
        kept = [np.take_along_axis(each, order, axis=0) for each in found]
    return kept[0], kept[2], active / len(images)


async def get_images(request: Request, app: App) -> Response:
    """Return images of the data set by their numbers: a line of JSON with their labels, then a byte for each pixel."""
    data = (await app.opened).models.data
    parts: dict[str, Part] = {"validation": data.validation, "test": data.test}
    part = parts.get(request.path_params["part"])
    words = request.query_params.get("at", "").split(",")
    if part is None or len(words) > MOST_IMAGES or not all(each.isascii() and each.isdigit() for each in words):
        raise HTTPException(404)
    at = [int(each[:9]) for each in words]
    if max(at) >= len(part):
        raise HTTPException(404)
    about = {"shape": data.info.shape, "labels": part.labels[at].tolist()}
    return _bytes(about, part.images[at].tobytes())


def _bytes(about: dict[str, Any], content: bytes) -> Response:
    line = json.dumps(about, ensure_ascii=False).encode() + b"\n"
    return Response(line + content, media_type="application/octet-stream")


ROUTES: Final[list[tuple[str, str, Any]]] = [
    ("GET", "/api/models/{model}/weights", get_weights),
    ("GET", "/api/models/{model}/answers", get_answers),
    ("GET", "/api/models/{model}/answers/{truth:int}/{answer:int}", get_cell),
    ("GET", "/api/models/{model}/units/{layer:int}/{unit:int}", get_unit),
    ("GET", "/api/images/{part}", get_images),
]
