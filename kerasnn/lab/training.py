"""Routes to train: begin, listen, pause, go on, stop."""

import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from kerasnn.errors import EnvironmentFault, KerasnnError, ModelFileError
from kerasnn.lab import guesses
from kerasnn.lab.app import App
from kerasnn.lab.past import events_of
from kerasnn.lab.requests import flag_in, json_object, overrides_in, text_in, whole_in
from kerasnn.lab.trainings import MOST_LISTENERS, Event, Training
from kerasnn.language import _
from kerasnn.records import plain

MOST_MORE_EPOCHS: Final = 10_000
COMMANDS: Final = ("stop", "pause", "continue", "epoch", "batch")


async def begin(request: Request, app: App) -> Response:
    """Put a training into the queue: a new one, or a run to be continued."""
    body = await json_object(request)
    paused = flag_in(body, "paused")
    if "resume" in body:
        return JSONResponse({"run": (await _resume(body, app, paused=paused)).run}, 201)
    stage, overrides, guess = text_in(body, "stage"), overrides_in(body), guesses.checked(body.get("guess"))
    training = (await app.opened).lab.order(stage, overrides, paused=paused)
    if guess is not None:
        await run_in_threadpool(guesses.keep, guess, training.order.folder)
    return JSONResponse({"run": training.run}, 201)


async def _resume(body: Mapping[str, Any], app: App, *, paused: bool) -> Training:
    run, more_epochs = text_in(body, "resume"), whole_in(body, "more_epochs", MOST_MORE_EPOCHS)
    opened = await app.opened
    if opened.models.run(run) is None:
        raise ModelFileError(_("there is no run '{name}' in {out}", name=run[:100], out=app.runs))
    return opened.lab.resume(run, more_epochs, paused=paused)


async def command(request: Request, app: App) -> Response:
    """Stop, pause or continue a training, for one epoch or batch or for good."""
    run, do = request.path_params["run"], request.path_params["do"]
    lab = (await app.opened).lab
    training = lab.trainings.by_run.get(run)
    if training is None or do not in COMMANDS:
        raise HTTPException(404)
    lab.command(training, do)
    return JSONResponse({"run": run, "state": training.state})


async def events(request: Request, app: App) -> Response:
    """Send what has happened and what happens in a training, as server-sent events."""
    run, opened = request.path_params["run"], await app.opened
    training = opened.lab.trainings.by_run.get(run)
    if opened.lab.trainings.listeners >= MOST_LISTENERS:
        raise EnvironmentFault(_("{count} pages are listening already", count=MOST_LISTENERS))
    if training is not None:
        return _stream(training.events())
    folder = opened.models.run(run)
    if folder is None:
        raise HTTPException(404)
    return _stream(_past(folder))


async def _past(folder: Path) -> AsyncIterator[Event]:
    """Yield what the folder of a run tells of it."""
    for event in await run_in_threadpool(lambda: list(events_of(folder))):
        yield event


def _stream(happening: AsyncIterator[Event]) -> StreamingResponse:
    async def lines() -> AsyncIterator[str]:
        try:
            async for event in happening:
                yield f"event: {event.kind}\ndata: {json.dumps(plain(event.content), ensure_ascii=False)}\n\n"
        except KerasnnError as error:
            yield f"event: failed\ndata: {json.dumps({'error': error.details}, ensure_ascii=False)}\n\n"

    return StreamingResponse(lines(), media_type="text/event-stream", headers={"x-accel-buffering": "no"})


ROUTES: Final[list[tuple[str, str, Any]]] = [
    ("POST", "/api/trainings", begin),
    ("GET", "/api/trainings/{run}/events", events),
    ("POST", "/api/trainings/{run}/{do}", command),
]
