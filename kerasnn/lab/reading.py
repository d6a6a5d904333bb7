"""Routes to read: stages, runs, and what can be taken home."""

from pathlib import Path
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from kerasnn.data.dataset import Dataset
from kerasnn.files.locks import temporary_folder
from kerasnn.lab.app import App
from kerasnn.lab.next_training import next_training
from kerasnn.lab.requests import as_json
from kerasnn.language import _
from kerasnn.networks.stages import stages
from kerasnn.records import Run, ignore
from kerasnn.records.note import sentence
from kerasnn.records.reading import told_by_curves
from kerasnn.runs.folder import saved_model
from kerasnn.runs.listing import list_runs, open_run
from kerasnn.views.format import describe_dataset


async def get_stages(request: Request, app: App) -> Response:
    """Return the stages, as `stages --json`."""
    return await as_json(stages)


async def get_runs(request: Request, app: App) -> Response:
    """Return the runs, as `runs list --json`."""
    return await as_json(lambda: list_runs(app.runs))


async def get_run(request: Request, app: App) -> Response:
    """Return a run, as `train --json`."""
    folder = await _folder(request, app)
    return await as_json(lambda: _document(open_run(str(folder))))


def _document(run: Run) -> object:
    from kerasnn.views.run import run_document  # draws curves with plotille, which the first page need not wait for

    return run_document(run)


async def get_reading(request: Request, app: App) -> Response:
    """Return in sentences how a run ended, what its curves tell, and what to try next."""
    folder = await _folder(request, app)
    return await as_json(lambda: reading(open_run(str(folder))))


def reading(run: Run) -> dict[str, Any]:
    """Return what `train` says of `run` at its end; nothing is said of one that goes on."""
    from kerasnn.views.run import result_sentence

    if run.status == "running":
        return {"verdict": None, "sentences": [], "next_command": None, "next": None}
    sentences = [result_sentence(run)]
    if run.fault is not None:
        sentences.append(_("Training failed: {fault}.", fault=sentence(run.fault)))
    if run.reading is not None and run.history:
        sentences += told_by_curves(run.reading)
    command = run.reading.next_command if run.reading else None
    return {
        "verdict": run.reading.verdict if run.reading else None,
        "sentences": [*sentences, *(f"{sentence(note)}." for note in run.notes)],
        "dataset": describe_dataset(run.dataset),
        "next_command": command,
        "next": next_training(command) if command else None,
    }


async def get_report(request: Request, app: App) -> Response:
    """Return the report on a run, as `report` writes it, to be saved."""
    run, data = await _folder(request, app), (await app.opened).lab.place.data
    async with app.lessons.drawing:
        content = await run_in_threadpool(report_page, run, data)
    saved = f'attachment; filename="{run.name}.html"'
    return Response(content, media_type="text/html", headers={"content-disposition": saved})


def report_page(run: Path, data: Dataset) -> bytes:
    """Return the page that `report` writes about the `run` in a folder, with its ideas worked out on `data`."""
    from kerasnn.lessons.report import report
    from kerasnn.views.page.render import save_report

    with temporary_folder("lab") as folder:
        found = report(str(run), dataset=data, out=run.parent, listener=ignore)
        return save_report(found, folder / "report.html").read_bytes()


async def get_queue(request: Request, app: App) -> Response:
    """Return the run that is trained, those that wait, in their order, and whether the trainer is ready."""
    lab = (await app.opened).lab
    current = lab.trainings.current
    waiting = [each.run for each in lab.trainings.waiting]
    ready = {"ready": lab.trainer.is_ready, "fault": lab.trainer.fault}
    return JSONResponse({"current": current.run if current else None, "waiting": waiting, **ready})


async def get_model(request: Request, app: App) -> Response:
    """Return the model file of a run, to be saved."""
    run = await _folder(request, app)
    path = saved_model(run)
    if path is None or path.is_symlink():
        raise HTTPException(404)
    return FileResponse(path, filename=f"{run.name}{path.suffix}")


async def _folder(request: Request, app: App) -> Path:
    folder = (await app.opened).models.run(request.path_params["run"])
    if folder is None:
        raise HTTPException(404)
    return folder


ROUTES: Final[list[tuple[str, str, Any]]] = [
    ("GET", "/api/stages", get_stages),
    ("GET", "/api/runs", get_runs),
    ("GET", "/api/runs/{run}", get_run),
    ("GET", "/api/runs/{run}/reading", get_reading),
    ("GET", "/api/runs/{run}/model", get_model),
    ("GET", "/api/runs/{run}/report", get_report),
    ("GET", "/api/queue", get_queue),
]
