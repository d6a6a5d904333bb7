"""Routes to configure: the settings and their limits, and a network as it is configured, as command and as code."""

from dataclasses import asdict
from functools import partial
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from kerasnn.data.dataset import Dataset
from kerasnn.errors import KerasnnError, UsageError
from kerasnn.lab.app import App
from kerasnn.lab.requests import as_json, json_object, overrides_in, text_in
from kerasnn.language import LANGUAGES, _, language
from kerasnn.lecture.hyperparameters import SETTABLE, Hyperparameter
from kerasnn.lecture.settings import find_stage, resolve
from kerasnn.lecture.stages import STAGES
from kerasnn.lecture.titles import training_introduction, training_title
from kerasnn.networks.architecture import design
from kerasnn.runs.record import TrainingPlan, train_command
from kerasnn.runs.reference import card_of, model_path
from kerasnn.scripts.recipe import recipe_of_plan
from kerasnn.scripts.write import write_script
from kerasnn.training.train import choose_engine
from kerasnn.views.format import class_name


async def get_lab(request: Request, app: App) -> Response:
    """Return all that the page needs to begin: data, stages with their settings, and the settings with their limits."""
    lab = (await app.opened).lab
    state = {"ready": lab.trainer.is_ready, "fault": lab.trainer.fault}
    data = lab.place.data
    return await as_json(lambda: {**_settings(data), **_data(data), "language": language(), **state})


def _settings(data: Dataset) -> dict[str, Any]:
    stages = [
        {"stage": each.name, "title": _(each.title), "step": _(each.step), "library": each.library}
        | {"settings": asdict(each.settings), "history": _reference_history(each.name, data)}
        for each in STAGES
    ]
    return {"stages": stages, "settings": [_setting(row) for row in SETTABLE.values()], "languages": LANGUAGES}


def _reference_history(stage: str, data: Dataset) -> list[Any]:
    """Return the epochs of a stage's reference model; none if it saw other images, or there is no such file."""
    try:
        card = card_of(model_path(stage))
    except KerasnnError:
        return []
    history: list[Any] = card.get("history", [])
    return history if card.get("dataset", {}).get("sha256") == data.info.sha256 else []


def _setting(row: Hyperparameter) -> dict[str, Any]:
    limits = row.limits
    return {
        "name": row.name,
        "label": _(row.label),
        "help": _(row.help, names=row.names) if "{names}" in row.help else _(row.help),
        "kind": row.kind.__name__,
        "several": row.most,
        "choices": row.choices,
        "low": limits.low if limits else None,
        "high": limits.high if limits else None,
        "limits": str(limits) if limits else "",
        "optimizers": row.optimizers,
        "libraries": row.libraries,
        "shapes_network": row.shapes_network,
        "hidden_only": row.hidden_only,
        "needs": row.needs,
        "flag": row.flag,
    }


def _data(data: Dataset) -> dict[str, Any]:
    info = data.info
    names = ("name", "shape", "classes", "train", "validation", "test", "stand_in")
    described = {name: getattr(info, name) for name in names}
    return {"dataset": {**described, "class_names": [class_name(name) for name in info.classes]}}


async def configure(request: Request, app: App) -> Response:
    """Return a stage with changed settings: its layers and parameters, its command line and its code."""
    body = await json_object(request)
    stage, overrides = text_in(body, "stage"), overrides_in(body)
    data = (await app.opened).lab.place.data
    return await as_json(partial(configuration, stage, overrides, data))


def configuration(stage: str, overrides: dict[str, Any], data: Dataset) -> dict[str, Any]:
    """Return what `configure` answers. Raises: UsageError for settings that `train` refuses."""
    chosen = find_stage(stage)
    settings, changed = resolve(chosen, overrides)
    architecture = design(settings, image_shape=data.info.shape, classes=data.classes)
    plan = TrainingPlan(chosen, settings, changed, choose_engine(chosen, None))
    return {
        "stage": chosen.name,
        "title": training_title(chosen.name, settings),
        "introduction": training_introduction(chosen.name, settings),
        "settings": asdict(settings),
        "overrides": changed,
        "summary": architecture.summary(chosen.name),
        "command": train_command(plan, data),
        **_code(plan, data),
    }


def _code(plan: TrainingPlan, data: Dataset) -> dict[str, Any]:
    try:
        return {"code": write_script(recipe_of_plan(plan, data)).source}
    except UsageError as error:  # a setting that plain code of this library does not have
        return {"code": None, "code_error": error.details}


ROUTES: Final[list[tuple[str, str, Any]]] = [
    ("GET", "/api/lab", get_lab),
    ("POST", "/api/configurations", configure),
]
