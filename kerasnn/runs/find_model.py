"""Find a model by name: a stage, `latest`, a run's id, or a path. Only its record is read, not the model."""

import errno
import os.path
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import isqrt, prod
from pathlib import Path
from typing import Any, Final, TypeVar

from kerasnn.data.user_data import NAMES_FILE, read_class_names
from kerasnn.errors import ModelFileError, UsageError, did_you_mean, spelled
from kerasnn.files.paths import RUNS, expanded, is_on_a_server
from kerasnn.language import N_, _
from kerasnn.lecture import classes
from kerasnn.lecture.layer import Shape
from kerasnn.lecture.stages import IMAGE_SHAPE, STAGE_BY_NAME
from kerasnn.networks.classifier import arranged, by
from kerasnn.networks.files.open import about_in
from kerasnn.networks.files.strangers import told_folder
from kerasnn.records import DatasetInfo, Note
from kerasnn.records.codes import Code
from kerasnn.records.data import FASHION_MNIST, FASHION_MNIST_SHA256, GARMENTS, PUBLISHED
from kerasnn.records.serialize import restore
from kerasnn.runs import folder as run_folder
from kerasnn.runs import reference
from kerasnn.runs.folder import latest_run
from kerasnn.runs.latest import LATEST, LONGEST_NAME
from kerasnn.runs.seal import record_problems

Record = TypeVar("Record")

LONGEST_SIDE: Final = 100_000  # pixels
_EXPECTED: Final = N_("the path of a .keras file, a run's id, 'latest', or a stage's name")
_OF_ANY_DATA: Final = ("classes", "shape", "background")


@dataclass(frozen=True)
class FoundModel:
    """A model file. `name`: what the user called it. `card`: the record of its training; empty if there is none."""

    name: str
    path: Path
    card: dict[str, Any]

    @property
    def problems(self) -> tuple[Note, ...]:
        """What is wrong with the card or the model file; every result of a model says so."""
        return record_problems(self.card, self.path)

    @property
    def class_names(self) -> tuple[str, ...] | None:
        """The names of the classes by label, or None if the card lacks them."""
        return _fit_to_print(self._dataset_info.get("classes"))

    @property
    def listed_names(self) -> tuple[str, ...] | None:
        """The names in the file classes.txt beside the model; None if there is none. Raises: DataError."""
        return read_class_names(self.path.parent / NAMES_FILE)

    @property
    def image_shape(self) -> tuple[int, int] | None:
        """The rows and columns of the training images, or None if the card lacks them."""
        match self._dataset_info.get("shape"):
            case [int(rows), int(columns)] if 0 < rows <= LONGEST_SIDE and 0 < columns <= LONGEST_SIDE:
                return rows, columns
        return None

    @property
    def background(self) -> int | None:
        """The grey value around the training images; None if they share none, 0 if the card lacks it."""
        match self._dataset_info.get("background", 0):
            case int(value) if 0 <= value <= 255:
                return value
        return None

    @property
    def dataset(self) -> str | None:
        """The name or path of the data set that it was trained on, or None if the card lacks it.

        Raises: as `recorded_dataset`.
        """
        return recorded_dataset(self._dataset_info)

    @cached_property
    def _dataset_info(self) -> Mapping[str, Any]:
        """What the card says of the data; if there is none, what an exported model says, but nothing of where they are.

        Anybody may have written the model, and a place that it names would be read as data.
        """
        dataset = self.card.get("dataset") if self.card else about_in(self.path)
        if not isinstance(dataset, Mapping):
            return {}
        return dataset if self.card else {name: dataset[name] for name in _OF_ANY_DATA if name in dataset}


def _fit_to_print(names: Any) -> tuple[str, ...] | None:
    """Return the names of classes in a file that anybody may have written; None if they are something else."""
    if not isinstance(names, list) or not all(isinstance(name, str) and name.isprintable() for name in names):
        return None  # a stranger's record could send commands to the terminal
    return tuple(names) if all(0 < len(name) <= LONGEST_NAME for name in names) else None


def recorded_dataset(info: Mapping[str, Any]) -> str | None:
    """Return the value of `--dataset` for the data set in a record: a known name, else its path; None if it has none.

    A user's own folder may also be called fashion-mnist; the digest tells them apart.

    Raises: ModelFileError if the path is on another machine: a stranger's record must not open a connection.
    """
    name, location = info.get("name"), info.get("location")
    real = name == FASHION_MNIST and info.get("sha256", FASHION_MNIST_SHA256) == FASHION_MNIST_SHA256
    drawn = name == GARMENTS and info.get("stand_in", True)
    by_name = name in PUBLISHED and info.get("by_name") is True
    place = name if real or drawn or by_name else location
    if not isinstance(place, str) or not place:
        return None
    if is_on_a_server(place):
        raise ModelFileError(
            _("the record refers to images on another machine: {place}", place=place),
            expected=_("images on this machine"),
            hint=_("to use them, name them with --dataset"),
        )
    return place


def read_card(found: FoundModel, kind: type[Record], value: Any) -> Record:
    """Turn `value`, a part of the model's card, back into a record of `kind`.

    Raises: ModelFileError if it is damaged.
    """
    try:
        return restore(kind, value)
    except ValueError as error:
        raise damaged(found, error) from None


def damaged(found: FoundModel, reason: object) -> ModelFileError:
    """Return the error for a card that is not what kerasnn writes."""
    return ModelFileError(
        _("the record of {name} is damaged: {error}", name=found.name, error=reason),
        expected=_("the run.json of a run"),
    )


def find_model(name: str, out: Path = RUNS) -> FoundModel:
    """Find the model called `name`; `out` is the folder of runs.

    A stage's name, in any spelling, means its reference model; write ./NAME for a file of that name, or of `latest`.

    Raises: ModelFileError if nothing has that name, or the run has not saved a model; UsageError if it is too long.
    """
    try:
        return _find(name, out)
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            raise
        raise UsageError(_("the name is too long for a file: {name}", name=name[:60]), expected=_(_EXPECTED)) from None


def _find(name: str, out: Path) -> FoundModel:
    if not name:
        raise ModelFileError(_("the name of the model is empty"), expected=_(_EXPECTED))
    if name in STAGE_BY_NAME:
        path = reference.model_path(name)
        return FoundModel(name, path, reference.card_of(path))
    if name == LATEST:
        return _model_of_run(latest_run(out))
    path = expanded(name)
    if path.is_file():
        if path.name == LATEST:  # a file that holds an id; as a path it comes from completion
            return _model_of_run(latest_run(path.parent))
        in_run = (path.parent / run_folder.RECORD).is_file()
        return FoundModel(name, path, run_folder.read_record(path.parent) if in_run else reference.card_of(path))
    for folder in (path, out / name):
        if folder.is_dir():
            return _model_of_run(folder)
    stage = spelled(name, STAGE_BY_NAME)
    return _find(stage, out) if stage else _of_named_run(name, out)


def _of_named_run(name: str, out: Path) -> FoundModel:
    if named := run_folder.named_run(name, out):
        return _model_of_run(named)
    for path in (expanded(name), out / name):
        if os.path.lexists(path):  # the path of a file or a folder has been found before
            other = N_("{path} is not a file") if path.exists() else N_("{path} is a link that leads nowhere")
            raise ModelFileError(_(other, path=path), expected=_(_EXPECTED))
    runs = [entry.name for entry in out.iterdir() if entry.is_dir()] if out.is_dir() else []
    raise ModelFileError(
        _("there is no model '{name}'", name=name),
        expected=_(_EXPECTED),
        hint=did_you_mean(name, [*STAGE_BY_NAME, *runs, LATEST], _("kerasnn stages lists the stages")),
    )


def class_names(
    found: FoundModel, count: int, size: int, data: DatasetInfo | None = None
) -> tuple[tuple[str, ...], tuple[Note, ...]]:
    """Return names for the `count` outputs of a model with `size` inputs, and a note if nobody gave them.

    They come from its card, from the `data` that the user named, or from a classes.txt beside the model.

    Raises: DataError if that file is damaged.
    """
    for names in (found.class_names, data.classes if data else None, found.listed_names):
        if names is not None and len(names) == count:
            return names, ()
    if count == len(classes.ENGLISH) and size == IMAGE_SHAPE[0] * IMAGE_SHAPE[1]:
        return classes.ENGLISH, (Note(Code.ASSUMED_CLASSES, {"dataset": FASHION_MNIST}),)
    return tuple(f"class {label}" for label in range(count)), (Note(Code.NUMBERED_CLASSES),)


def image_shape(found: FoundModel, inputs: Shape) -> tuple[int, int]:
    """Return the rows and columns of the model's images, which it takes in the shape `inputs`.

    Raises: ModelFileError if it has several channels, or only a number of values, which the card does not arrange and
    which is not that of a square.
    """
    match arranged(inputs):
        case rows, columns:
            return rows, columns
        case _rows, _columns, *_more:
            raise ModelFileError(
                _("{path} takes images of {shape}", path=found.path, shape=by(inputs)),
                expected=_("grey images: rows and columns, with one channel at most"),
                hint=_("kerasnn reads pictures in grey, so train the model on grey ones"),
            )
    size, shape = prod(inputs), found.image_shape
    if shape is not None and prod(shape) == size:
        return shape
    side = isqrt(size)
    if side * side != size:
        raise ModelFileError(
            _(
                "{path} takes {size} values, but no record beside it says how many rows and columns these are",
                path=found.path,
                size=size,
            ),
            expected=_("a square image, or the run.json of the run beside the model"),
        )
    return (side, side)


def _model_of_run(folder: Path) -> FoundModel:
    if not os.path.lexists(folder / run_folder.RECORD):
        what, hint = told_folder(folder)
        raise ModelFileError(_(what, folder=folder), expected=_(_EXPECTED), hint=hint)
    record = run_folder.read_record(folder)
    model = run_folder.saved_model(folder)
    if model is None:
        raise _without_model(folder, record)
    return FoundModel(folder.name, model, record)


def _without_model(folder: Path, record: Mapping[str, Any]) -> ModelFileError:
    status = record["status"]
    hint = _("train again: {command}", command=record.get("command", "kerasnn train"))
    if (folder / run_folder.CHECKPOINT).is_dir():
        hint = run_folder.resume_hint(folder)
    text = _("run {name} has saved no model (its status is '{status}')", name=folder.name, status=status)
    if status == "running" and run_folder.is_in_use(folder):
        text = _("run {name} has saved no model yet: it is being trained", name=folder.name)
        hint = _("wait until it is done, or stop it first")
    elif status == "running":
        text = _("run {name} has saved no model: its training was killed", name=folder.name)
    return ModelFileError(text, hint=hint)
