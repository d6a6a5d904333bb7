"""The flags that several commands share."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from kerasnn.cli.localized_help import filled
from kerasnn.data.formats import FORMATS
from kerasnn.language import N_
from kerasnn.lecture.hyperparameters import SETTABLE, Hyperparameter
from kerasnn.lecture.stages import STAGES

Language = Literal["en", "ko"]
_OUTPUT = N_("Output")
_DATA = N_("Data")

_FORMS = tuple(each.looks_like for each in FORMATS)
_DATASET_HELP = filled(
    N_("auto (Fashion-MNIST, else garments), fashion-mnist, garments, or the path of your own images: {forms}."),
    forms=_FORMS,
)
DatasetOption = Annotated[
    str, typer.Option("--dataset", metavar="NAME|PATH", help=_DATASET_HELP, rich_help_panel=_DATA)
]
TrainDatasetOption = Annotated[
    str | None,
    typer.Option(
        "--dataset",
        metavar="NAME|PATH",
        help=filled(
            N_(
                "auto (Fashion-MNIST, else garments), fashion-mnist, garments, or the path of your own images: "
                "{forms}. Default: auto."
            ),
            forms=_FORMS,
        ),
        rich_help_panel=_DATA,
    ),
]
ModelDatasetOption = Annotated[
    str | None,
    typer.Option(
        "--dataset",
        metavar="NAME|PATH",
        help=N_("auto, fashion-mnist, garments, or a path; default: what the model was trained on."),
        rich_help_panel=_DATA,
    ),
]
DataDirOption = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        metavar="FOLDER",
        help=N_("Folder with Fashion-MNIST's four files; default: KERASNN_DATA_DIR, Keras' cache, or a download."),
        rich_help_panel=_DATA,
    ),
]
_STAGE_HELP = filled(N_("One of {names}."), names=", ".join(stage.name for stage in STAGES))
StageOption = Annotated[str | None, typer.Option("--stage", metavar="STAGE", help=_STAGE_HELP)]
RequiredStageOption = Annotated[str, typer.Option("--stage", metavar="STAGE", help=_STAGE_HELP)]
WorkersOption = Annotated[
    int | None,
    typer.Option(
        "--workers",
        metavar="N",
        min=1,
        max=1024,
        help=N_("Number of trainings to run at a time, each on one thread; default: one per core."),
    ),
]
RayOption = Annotated[
    str | None,
    typer.Option(
        "--ray",
        metavar="ADDRESS",
        help=N_("Train on a Ray cluster instead: HOST:PORT, ray://HOST:PORT, auto, or local."),
    ),
]
OutOption = Annotated[
    Path,
    typer.Option("--out", metavar="FOLDER", help=N_("The folder that holds the runs."), rich_help_panel=_OUTPUT),
]
RunsOption = Annotated[
    Path,
    typer.Option("--runs", metavar="FOLDER", help=N_("The folder that holds the runs."), rich_help_panel=_OUTPUT),
]
TrustOption = Annotated[
    bool,
    typer.Option(
        "--trust",
        help=N_("Have Keras open a model that kerasnn does not read itself: only if you trust whoever made it."),
    ),
]
PlotsOption = Annotated[
    Path | None,
    typer.Option("--plots", metavar="FOLDER", help=N_("Save the pictures in this folder."), rich_help_panel=_OUTPUT),
]
FormatOption = Annotated[
    Literal["png", "svg"],
    typer.Option("--format", help=N_("Image format."), rich_help_panel=_OUTPUT),
]
StyleOption = Annotated[
    Literal["auto", "light", "dark"],
    typer.Option(
        "--style",
        help=N_("Background of the pictures; auto: light for PNG; an SVG follows the viewer's light or dark mode."),
        rich_help_panel=_OUTPUT,
    ),
]
ModelArgument = Annotated[
    str,
    typer.Argument(
        metavar="MODEL", help=N_("A stage (its reference model), latest, a run's id, or the path of a model.")
    ),
]


def _setting(row: Hyperparameter) -> Any:
    """Return the type of a command's parameter that is the flag of a hyperparameter."""
    kind: Any = list[row.kind] if row.most else row.kind  # type: ignore[name-defined]  # a type made at run time
    flags = [f"{row.flag}/--no-{row.flag[2:]}"] if row.kind is bool else [row.flag]
    flags += [f"--{alias}" for alias in row.aliases]
    text = filled(row.help, names=row.names)
    return Annotated[kind | None, typer.Option(*flags, metavar=row.metavar, help=text, rich_help_panel=row.group)]


SETTINGS: dict[str, Any] = {name: _setting(row) for name, row in SETTABLE.items()}

LangOption = Annotated[
    Language | None,
    typer.Option(
        "--lang", help=N_("English or Korean; default: KERASNN_LANG, else the locale."), rich_help_panel=_OUTPUT
    ),
]
COMMON: dict[str, Any] = {
    "as_json": Annotated[
        bool,
        typer.Option("--json", help=N_("Print one JSON document and nothing else."), rich_help_panel=_OUTPUT),
    ],
    "quiet": Annotated[
        bool, typer.Option("--quiet", "-q", help=N_("Hide progress and notes."), rich_help_panel=_OUTPUT)
    ],
    "verbose": Annotated[
        bool,
        typer.Option("--verbose", "-v", help=N_("Show TensorFlow's own messages too."), rich_help_panel=_OUTPUT),
    ],
    "debug": Annotated[
        bool, typer.Option("--debug", help=N_("Show the traceback of an error."), rich_help_panel=_OUTPUT)
    ],
    "no_color": Annotated[
        bool,
        typer.Option("--no-color", help=N_("Print without colours, as with NO_COLOR."), rich_help_panel=_OUTPUT),
    ],
    "lang": LangOption,
}
