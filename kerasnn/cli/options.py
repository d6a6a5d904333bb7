"""The flags that several commands share, and the decorator that makes a function a command with all common ones."""

import inspect
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from kerasnn.cli.console import Output
from kerasnn.lecture.stages import STAGES

_OUTPUT = "Output"
_DATA = "Data"

DatasetOption = Annotated[
    str,
    typer.Option(
        "--dataset",
        metavar="NAME|PATH",
        help="auto (Fashion-MNIST, else garments), fashion-mnist, garments, or your own: a folder of IDX files or an .npz.",
        rich_help_panel=_DATA,
    ),
]
ModelDatasetOption = Annotated[
    str | None,
    typer.Option(
        "--dataset",
        metavar="NAME|PATH",
        help="auto, fashion-mnist, garments, or a path; default: what the model was trained on.",
        rich_help_panel=_DATA,
    ),
]
DataDirOption = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        metavar="FOLDER",
        help="The folder with Fashion-MNIST's four files; else KERASNN_DATA_DIR, Keras' cache, a download.",
        rich_help_panel=_DATA,
    ),
]
_STAGE_HELP = f"One of {', '.join(stage.name for stage in STAGES)}."
StageOption = Annotated[str | None, typer.Option("--stage", metavar="STAGE", help=_STAGE_HELP)]
RequiredStageOption = Annotated[str, typer.Option("--stage", metavar="STAGE", help=_STAGE_HELP)]
OutOption = Annotated[
    Path,
    typer.Option("--out", metavar="FOLDER", help="The folder that holds the runs.", rich_help_panel=_OUTPUT),
]
PlotsOption = Annotated[
    Path | None,
    typer.Option("--plots", metavar="FOLDER", help="Draw the pictures as PNG into this folder.", rich_help_panel=_OUTPUT),
]
ModelArgument = Annotated[
    str,
    typer.Argument(metavar="MODEL", help="A stage (its reference model), latest, a run's id, or the path of a model."),
]

_COMMON: dict[str, Any] = {
    "as_json": Annotated[
        bool,
        typer.Option("--json", help="Print one JSON document and nothing else.", rich_help_panel=_OUTPUT),
    ],
    "quiet": Annotated[
        bool, typer.Option("--quiet", "-q", help="Show no progress and no notes.", rich_help_panel=_OUTPUT)
    ],
    "verbose": Annotated[
        bool, typer.Option("--verbose", "-v", help="Let TensorFlow's own messages through.", rich_help_panel=_OUTPUT)
    ],
    "debug": Annotated[
        bool, typer.Option("--debug", help="Show the traceback of an error.", rich_help_panel=_OUTPUT)
    ],
    "no_color": Annotated[
        bool,
        typer.Option("--no-color", help="Write without colours, as NO_COLOR does.", rich_help_panel=_OUTPUT),
    ],
}


def command(app: typer.Typer, name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a function as the command `name`; its first argument is the Output, set up by the common flags."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        signature = inspect.signature(function)
        own = list(signature.parameters.values())[1:]
        keyword = inspect.Parameter.KEYWORD_ONLY
        context = inspect.Parameter("context", keyword, annotation=typer.Context)
        common = [inspect.Parameter(flag, keyword, default=False, annotation=kind) for flag, kind in _COMMON.items()]
        parameters = [context, *(parameter.replace(kind=keyword) for parameter in own), *common]

        @wraps(function)
        def run(context: typer.Context, **values: Any) -> None:
            output = context.obj if isinstance(context.obj, Output) else Output()
            output.configure(**{flag: values.pop(flag) for flag in _COMMON})
            function(output, **values)

        run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        app.command(name)(run)
        return function

    return register
