"""Routes to train: begin, listen, pause, go on, stop."""

import json
from collections.abc import AsyncIterator
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from kerasnn.errors import KerasnnError
from kerasnn.lab import guesses
from kerasnn.lab.app import App
from kerasnn.lab.requests import json_object, overrides_in, text_in
from kerasnn.lab.trainings import Event
from kerasnn.records import plain, plain_object
from kerasnn.runs.listing import open_run

COMMANDS: Final = ("stop", "pause", "continue", "epoch", "batch")


async def begin(request: Request, app: App) -> Response:
    """Put a training into the queue."""
    body = await json_object(request)
    stage, overrides, paused = text_in(body, "stage"), overrides_in(body), body.get("paused", False)
    guess = guesses.checked(body.get("guess"))
    lab = (await app.opened).lab
    training = lab.order(stage, overrides, paused=bool(paused))
    if guess is not None:
        await run_in_threadpool(guesses.keep, guess, training.order.folder)
    return JSONResponse({"run": training.run}, 201)


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
    if training is not None:
        return _stream(training.events())
    if not opened.models.is_run(run):
        raise HTTPException(404)
    return _stream(_past(run, app))


async def _past(run: str, app: App) -> AsyncIterator[Event]:
    """Yield what the folder of a run tells of it."""
    record = open_run(run, out=app.runs)
    best: tuple[float, int] = (float("inf"), 0)
    for epoch in record.history:
        best = min(best, (epoch.val_loss, epoch.epoch))
        yield Event("epoch", {**plain_object(epoch), "best_epoch": best[1], "epochs": record.settings.epochs})
    kind = {"done": "done", "failed": "failed"}.get(record.status, "stopped")
    yield Event(kind, plain_object(record))


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
