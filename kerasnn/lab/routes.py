"""The routes: what a request asks for as a call of the library, and its record as JSON."""

import gzip
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Final

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from kerasnn.errors import EnvironmentFault, KerasnnError
from kerasnn.exports.page_script import FOLDER as SHARED
from kerasnn.lab import configuring, guesses, lessons, looking, predicting, reading, texts, training
from kerasnn.lab.app import App
from kerasnn.lab.guard import refused
from kerasnn.language import LANGUAGES, speaking

Handler = Callable[[Request, App], Awaitable[Response]]
FOLDERS: Final = (SHARED, files("kerasnn.lab").joinpath("page"))
KINDS: Final = {"html": "text/html", "js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}


def application(app: App) -> ASGIApp:
    """Return the ASGI application that answers for `app`."""
    table: list[tuple[str, str, Handler]] = [
        ("GET", "/", page),
        ("GET", "/static/{name}", page),
        *texts.ROUTES,
        *configuring.ROUTES,
        *training.ROUTES,
        *reading.ROUTES,
        *predicting.ROUTES,
        *lessons.ROUTES,
        *guesses.ROUTES,
        *looking.ROUTES,
    ]
    routes = [Route(path, _answering(app, handler), methods=[method]) for method, path, handler in table]
    return Starlette(routes=routes, exception_handlers={HTTPException: _not_found, Exception: _bug})


def _answering(app: App, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        asked = request.query_params.get("lang", "")
        with speaking(asked if asked in LANGUAGES else app.lang):
            try:
                return await handler(request, app)
            except KerasnnError as error:
                return error_answer(error)
            except ClientDisconnect:
                return refused(408, "the request ended early, or was too large or too slow", "a whole request")

    return answer


def error_answer(error: KerasnnError) -> JSONResponse:
    """Return an error as --json shows it."""
    status = 503 if isinstance(error, EnvironmentFault) else 422
    return JSONResponse({"error": error.details}, status)


async def _not_found(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    return refused(status, f"{request.method} {request.url.path[:100]} is not answered here", "a route of the lab")


async def _bug(request: Request, error: Exception) -> Response:
    return refused(500, f"a bug in kerasnn: {type(error).__name__}; the lab's terminal says where", "an answer")


async def page(request: Request, app: App) -> Response:
    """Return a file of the page; only those in its two folders have names that a request can say."""
    name = request.path_params.get("name", "index.html")
    known = {each.name: each for folder in FOLDERS for each in folder.iterdir() if each.is_file()}
    if name not in known:
        raise HTTPException(404)
    content = await run_in_threadpool(known[name].read_bytes)
    kind = KINDS.get(name.rpartition(".")[2], "application/octet-stream")
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(content, media_type=kind)
    packed = gzip.compress(content, mtime=0)  # a third of the bytes
    return Response(packed, media_type=kind, headers={"content-encoding": "gzip", "vary": "accept-encoding"})
