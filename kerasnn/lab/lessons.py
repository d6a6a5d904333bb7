"""Routes of the lecture: its stops in order, an idea worked out on the current network, and numbers to play with."""

from typing import Any, Final

from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from kerasnn.lab.app import App
from kerasnn.lab.models import as_image
from kerasnn.lab.playthings import NUMBERS, race, race_asked
from kerasnn.lab.requests import as_json, json_object, text_in
from kerasnn.lab.worked import Asked, on_model, prepare
from kerasnn.language import _
from kerasnn.lecture.stages import STAGE_BY_NAME
from kerasnn.lecture.stops import TOUR, Stop
from kerasnn.lecture.topics import TOPIC_BY_NAME, Topic
from kerasnn.records import plain_object

RACE: Final = "optimizers"  # the topic whose numbers are of no network


async def get_stops(request: Request, app: App) -> Response:
    """Return the stops of the lecture in its order: stages to train and ideas to see worked out."""
    stops = [_stop(number, stop) for number, stop in enumerate(TOUR, start=1)]
    return JSONResponse({"stops": stops}, background=BackgroundTask(prepare))  # whoever asks wants a lesson next


def _stop(number: int, stop: Stop) -> dict[str, Any]:
    about: dict[str, Any] = {"number": number, "kind": stop.kind, "name": stop.name}
    if stop.kind == "idea":
        topic = TOPIC_BY_NAME[stop.name]
        return {**about, "title": _(topic.title), "says": _(topic.statement), "model": topic.model}
    stage = STAGE_BY_NAME[stop.name]
    told = {"title": _(stage.title), "says": _(stage.step), "compared_with": stop.compared_with}
    return {**about, **told, "library": stage.library, "epochs": stage.settings.epochs}


async def get_lesson(request: Request, app: App) -> Response:
    """Return an idea worked out on the model that is asked for, as `explain --json`, and its steps as HTML."""
    topic = _topic(request)
    name = request.query_params.get("model") or topic.model or "softmax"
    lesson = await app.lessons.lesson(topic, name, (await app.opened).models)
    more = {"html": lesson.html, "instead": lesson.instead}
    return await as_json(lambda: {**plain_object(lesson.explanation), **more})


async def get_numbers(request: Request, app: App) -> Response:
    """Return numbers to play with: of the model and the picture in the request, or of a race of optimizers."""
    topic, body = _topic(request), await json_object(request)
    if topic.name == RACE:
        factor, start = race_asked(body)
        return await as_json(lambda: race(factor, start))
    if topic.name not in NUMBERS:
        raise HTTPException(404)
    name, pixels, models = text_in(body, "model"), body.get("pixels"), (await app.opened).models

    def work(context: Asked, instead: str) -> dict[str, Any]:
        return {**NUMBERS[topic.name](context), "instead": instead}

    def numbers() -> dict[str, Any]:
        own = None if pixels is None else as_image(pixels, models.data.info.shape)
        return on_model(topic, name, models, work, own)

    return await as_json(numbers)


def _topic(request: Request) -> Topic:
    topic = TOPIC_BY_NAME.get(request.path_params["topic"])
    if topic is None:
        raise HTTPException(404)
    return topic


ROUTES: Final[list[tuple[str, str, Any]]] = [
    ("GET", "/api/lessons", get_stops),
    ("GET", "/api/lessons/{topic}", get_lesson),
    ("POST", "/api/lessons/{topic}/numbers", get_numbers),
]
