"""The flags that several commands share, alone or in groups.

A command with a parameter of a group's type has all flags of the group, and receives them as one value.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import typer

from kerasnn.cli.console import Output
from kerasnn.cli.localized_help import filled
from kerasnn.data.formats import FORMATS
from kerasnn.files.paths import RUNS
from kerasnn.language import N_, _, language
from kerasnn.lecture.hyperparameters import NETWORK_SETTINGS, SETTABLE, Hyperparameter
from kerasnn.lecture.settings import parse_setting
from kerasnn.lecture.stages import STAGE_BY_NAME
from kerasnn.networks.threads import MOST_THREADS
from kerasnn.records.data import FASHION_MNIST, GARMENTS, PUBLISHED

on_output = partial(typer.Option, rich_help_panel=N_("Output"))  # the help lists these flags under one heading
_on_data = partial(typer.Option, rich_help_panel=N_("Data"))
_on_dataset = partial(_on_data, "--dataset", metavar="NAME|PATH")

_FORMS = tuple(each.looks_like for each in FORMATS)
_NAMES = ", ".join((FASHION_MNIST, *PUBLISHED, GARMENTS))
DATASET_HELP = filled(
    N_("auto (Fashion-MNIST, else garments), {names}, or the path of your own images: {forms}."),
    names=_NAMES,
    forms=_FORMS,
)
_TRAIN_DATASET_HELP = filled(
    N_("auto (Fashion-MNIST, else garments), {names}, or the path of your own images: {forms}. Default: auto."),
    names=_NAMES,
    forms=_FORMS,
)
_MODEL_DATASET_HELP = filled(N_("auto, {names}, or a path; default: what the model was trained on."), names=_NAMES)
_DATA_DIR_HELP = N_(
    "Folder with the files of a published data set; default: KERASNN_DATA_DIR, Keras' cache, or a download."
)
_WORKERS_HELP = N_("Number of trainings to run at a time, each on one thread; default: one per core.")
_RAY_HELP = N_("Train on a Ray cluster instead: HOST:PORT, ray://HOST:PORT, auto, or local.")
_THREADS_HELP = N_(
    "Threads for one operation; default: 1, or all cores for large networks. Their number changes the last bits."
)
_STAGE_HELP = filled(N_("One of {names}."), names=", ".join(STAGE_BY_NAME))
SAME_HELP = N_("The same, as a flag.")
_RUNS_HELP = N_("The folder that holds the runs.")
_TRUST_HELP = N_("Have Keras open a model that kerasnn does not read itself: only if you trust whoever made it.")
_MODEL_HELP = N_("A stage (its reference model), latest, a run's id, or the path of a model.")

DatasetOption = Annotated[str, _on_dataset(help=DATASET_HELP)]
TrainDatasetOption = Annotated[str | None, _on_dataset(help=_TRAIN_DATASET_HELP)]  # tells "not given" from auto
ModelDatasetOption = Annotated[str | None, _on_dataset(help=_MODEL_DATASET_HELP)]
DataDirOption = Annotated[Path | None, _on_data("--data-dir", metavar="FOLDER", help=_DATA_DIR_HELP)]
StageArgument = Annotated[str | None, typer.Argument(metavar="STAGE", help=_STAGE_HELP)]
StageOption = Annotated[str | None, typer.Option("--stage", metavar="STAGE", help=SAME_HELP)]
ModelOption = Annotated[str | None, typer.Option("--model", metavar="MODEL", help=SAME_HELP)]
WorkersOption = Annotated[int | None, typer.Option("--workers", metavar="N", min=1, max=1024, help=_WORKERS_HELP)]
ThreadsOption = Annotated[
    int | None, typer.Option("--threads", metavar="N", min=1, max=MOST_THREADS, help=_THREADS_HELP)
]
RayOption = Annotated[str | None, typer.Option("--ray", metavar="ADDRESS", help=_RAY_HELP)]
# --out as another name only where the command writes nothing else that --out could name
RunsOption = Annotated[Path, on_output("--runs", "--out", metavar="FOLDER", help=_RUNS_HELP)]
OnlyRunsOption = Annotated[Path, on_output("--runs", metavar="FOLDER", help=_RUNS_HELP)]
ForceOption = Annotated[bool, on_output("--force", help=N_("Replace the file, whoever wrote it."))]
ForcePicturesOption = Annotated[bool, on_output("--force", help=N_("Replace pictures, whoever drew them."))]
TrustOption = Annotated[bool, typer.Option("--trust", help=_TRUST_HELP)]
ModelArgument = Annotated[str, typer.Argument(metavar="MODEL", help=_MODEL_HELP)]
OptionalModelArgument = Annotated[str | None, typer.Argument(metavar="MODEL", help=_MODEL_HELP)]


@dataclass(frozen=True)
class Data:
    """The images to train on, as keywords of the library's functions: `**vars(data)`."""

    dataset: DatasetOption = "auto"
    data_dir: DataDirOption = None


@dataclass(frozen=True)
class TrainData:
    """As Data; None if --dataset was not given, for commands in which it may contradict other flags."""

    dataset: TrainDatasetOption = None
    data_dir: DataDirOption = None


@dataclass(frozen=True)
class ModelData:
    """The images to show a trained model; None: those that it was trained on."""

    dataset: ModelDatasetOption = None
    data_dir: DataDirOption = None


@dataclass(frozen=True)
class Opening:
    """Where a model is looked for, and who may open it."""

    out: RunsOption = RUNS
    trust: TrustOption = False


@dataclass(frozen=True)
class Work:
    """How many trainings run at a time, and where."""

    workers: WorkersOption = None
    ray: RayOption = None


def _setting(row: Hyperparameter) -> Any:
    """Return the type of a command's parameter that is the flag of a hyperparameter."""
    kind: Any = list[str] if row.most else row.kind  # words: each may have several values, as in 64,32
    flags = [f"{row.flag}/--no-{row.flag[2:]}"] if row.kind is bool else [row.flag]
    flags += [f"--{alias}" for alias in row.aliases]
    text = filled(row.help, names=row.names)
    option = partial(typer.Option, *flags, metavar=row.metavar, help=text, rich_help_panel=row.group)
    return Annotated[kind | None, option(callback=_values) if row.most else option()]


def _values(param: typer.CallbackParam, value: list[str] | None) -> list[Any]:
    return [each for word in value or () for each in parse_setting(str(param.name), word)[1]]


SETTINGS: Final[dict[str, Any]] = {name: _setting(row) for name, row in SETTABLE.items()}
# for commands that show a network and train nothing
NETWORK_ONLY: Final = tuple(name for name in SETTINGS if name in NETWORK_SETTINGS)

LangOption = Annotated[
    Literal["en", "ko"] | None,
    on_output("--lang", help=N_("English or Korean; default: KERASNN_LANG, else the locale.")),
]
_VERBOSE_HELP = N_("Show more: checks, times, TensorFlow's own messages.")
COMMON: Final[dict[str, Any]] = {
    "as_json": Annotated[bool, on_output("--json", help=N_("Print one JSON document and nothing else."))],
    "quiet": Annotated[bool, on_output("--quiet", "-q", help=N_("Hide progress and notes."))],
    "verbose": Annotated[
        bool, on_output("--verbose", "-v", help=N_("Show more: checks, times, TensorFlow's own messages."))
    ],
    "debug": Annotated[bool, on_output("--debug", help=N_("Show the traceback of an error."))],
    "no_color": Annotated[bool, on_output("--no-color", help=N_("Print without colours, as with NO_COLOR."))],
    "lang": LangOption,
}


_STYLE_HELP = N_("Background of the pictures; auto: light for PNG; an SVG follows the viewer's light or dark mode.")
PlotsOption = Annotated[
    Path | None, on_output("--plots", metavar="FOLDER", help=N_("Save the pictures in this folder."))
]
FormatOption = Annotated[Literal["png", "svg"], on_output("--format", help=N_("Image format."))]
StyleOption = Annotated[Literal["auto", "light", "dark"], on_output("--style", help=_STYLE_HELP)]


FORBIDDEN: Final = frozenset(' <>:"/\\|?*')  # by Windows; a blank would need quotes
LONGEST_NAME: Final = 120  # bytes; most systems allow 255, some 143


@dataclass(frozen=True)
class Pictures:
    """Where pictures are saved, and how they look. `plots`: None to save none."""

    plots: PlotsOption = None
    format: FormatOption = "png"
    style: StyleOption = "auto"
    force: ForcePicturesOption = False

    def path(self, name: str) -> Path:
        """Return the path of the picture `name`, which may come from a file: shortened, and fit for every system."""
        fit = "".join(each if each.isprintable() and each not in FORBIDDEN else "-" for each in name)
        fit = fit.encode("utf-8", "replace")[:LONGEST_NAME].decode("utf-8", "ignore")
        return (self.plots or Path()) / f"{fit}.{self.format}"


def note_drawn(output: Output, paths: Sequence[Path], names: Sequence[str] = ()) -> None:
    """Say where the pictures are, and whether a missing font changed their text.

    `names`: class names in the pictures, which number the classes instead if no font has Hangul.
    """
    from kerasnn.views.figures.letters import HANGUL_FONTS, figure_language, needs_hangul

    for path in paths:
        output.note(_("drawn: {path}", path=path))
    missing = None
    if needs_hangul(names):
        missing = N_("No font here has Hangul, so the pictures number the classes. Any of these would do: {fonts}.")
    elif figure_language() != language():
        missing = N_("No font here has Hangul: the pictures are labelled in English. Any of these would do: {fonts}.")
    if missing is not None:
        # "Noto Sans CJK JP" is another name of the same font, and has Hangul too
        fonts = dict.fromkeys(font.replace(" JP", " KR") for font in HANGUL_FONTS)
        output.note(_(missing, fonts=", ".join(fonts)))
