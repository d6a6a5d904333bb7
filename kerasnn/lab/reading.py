"""Routes to read: stages, runs, and what can be taken home."""

from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from kerasnn.lab.app import App
from kerasnn.lab.requests import as_json
from kerasnn.networks.stages import stages
from kerasnn.runs.folder import saved_model
from kerasnn.runs.listing import list_runs, open_run


async def get_stages(request: Request, app: App) -> Response:
    """Return the stages, as `stages --json`."""
    return await as_json(stages)


async def get_runs(request: Request, app: App) -> Response:
    """Return the runs, as `runs list --json`."""
    return await as_json(lambda: list_runs(app.runs))


async def get_run(request: Request, app: App) -> Response:
    """Return a run, as `train --json`."""
    run = await _run(request, app)
    return await as_json(lambda: open_run(run, out=app.runs))


async def get_model(request: Request, app: App) -> Response:
    """Return the model file of a run, to be saved."""
    run = await _run(request, app)
    path = saved_model(app.runs / run)
    if path is None or path.is_symlink():
        raise HTTPException(404)
    return FileResponse(path, filename=f"{run}{path.suffix}")


async def _run(request: Request, app: App) -> str:
    run: str = request.path_params["run"]
    if not (await app.opened).models.is_run(run):
        raise HTTPException(404)
    return run


ROUTES: Final[list[tuple[str, str, Any]]] = [
    ("GET", "/api/stages", get_stages),
    ("GET", "/api/runs", get_runs),
    ("GET", "/api/runs/{run}", get_run),
    ("GET", "/api/runs/{run}/model", get_model),
]
