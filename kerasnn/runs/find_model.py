"""A model by any of its names: a stage's, `latest`, a run's id, or a path."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isqrt
from pathlib import Path
from typing import Any, Final, TypeVar

from kerasnn.errors import ModelFileError, did_you_mean
from kerasnn.files.paths import RUNS, expanded, is_on_a_server
from kerasnn.files.untrusted import read_regular
from kerasnn.language import _
from kerasnn.lecture import classes
from kerasnn.lecture.stages import IMAGE_SHAPE, STAGE_BY_NAME
from kerasnn.records.data import FASHION_MNIST, FASHION_MNIST_SHA256, GARMENTS
from kerasnn.records.deserialize import restore
from kerasnn.runs import folder as run_folder
from kerasnn.runs import reference

Record = TypeVar("Record")

LONGEST_NAME: Final = 200
LONGEST_SIDE: Final = 100_000


@dataclass(frozen=True)
class FoundModel:
    """`name`: as the user called it. `card`: what is known of its training, empty where nothing is."""

    name: str
    path: Path
    card: dict[str, Any]

    @property
    def class_names(self) -> tuple[str, ...] | None:
        """The names of its outputs by label, where the card tells them."""
        names = self._told.get("classes")
        return tuple(names) if isinstance(names, list) and all(map(_is_name, names)) else None

    @property
    def image_shape(self) -> tuple[int, int] | None:
        """Rows and columns of the images it learnt from, where the card tells them."""
        match self._told.get("shape"):
            case [int(rows), int(columns)] if 0 < rows <= LONGEST_SIDE and 0 < columns <= LONGEST_SIDE:
                return rows, columns
        return None

    @property
    def dataset(self) -> str | None:
        """The name or the path of the data set it learnt from, where the card tells it.

        Raises: as `recorded_dataset`.
        """
        return recorded_dataset(self._told)

    @property
    def _told(self) -> dict[str, Any]:
        dataset = self.card.get("dataset")
        return dataset if isinstance(dataset, dict) else {}


def recorded_dataset(told: Mapping[str, Any]) -> str | None:
    """Return what `--dataset` calls the data set in a record: a known name, else its path; None if there is none.

    A user's own folder may be called fashion-mnist too; its digest tells them apart.

    Raises: ModelFileError if the path is on another machine, which a record from a stranger could name.
    """
    name, location = told.get("name"), told.get("location")
    real = name == FASHION_MNIST and told.get("sha256", FASHION_MNIST_SHA256) == FASHION_MNIST_SHA256
    drawn = name == GARMENTS and told.get("stand_in", True)
    place = name if real or drawn else location
    if not isinstance(place, str) or not place:
        return None
    if is_on_a_server(place):
        raise ModelFileError(
            _("the record names images on another machine: {place}", place=place),
            expected=_("images on this one"),
            hint=_("name them with --dataset, if they are what you want"),
        )
    return place


def read_card(found: FoundModel, kind: type[Record], value: Any) -> Record:
    """`value`, out of the card of a model, as the record of `kind` that it stands for.

    Raises: ModelFileError where it is damaged.
    """
    try:
        return restore(kind, value)
    except ValueError as error:
        raise damaged(found, error) from None


def damaged(found: FoundModel, reason: object) -> ModelFileError:
    """What to say where the card of a model is not what kerasnn writes."""
    return ModelFileError(
        _("the record of {name} is damaged: {error}", name=found.name, error=reason),
        expected=_("the run.json of a run"),
    )


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and value.isprintable() and 0 < len(value) <= LONGEST_NAME


def find_model(name: str, out: Path = RUNS) -> FoundModel:
    """The model that `name` stands for; `out` is the folder of the runs.

    A stage's name is the reference model that comes with kerasnn; a file of that name is meant by ./NAME.

    Raises: ModelFileError where nothing has that name, or a run has kept no model.
    """
    if name in STAGE_BY_NAME:
        path = reference.model_path(name)
        return FoundModel(name, path, reference.card_of(path))
    path = expanded(name)
    if path.is_file():
        return FoundModel(name, path, _card_beside(path))
    if path.is_dir():
        return _model_of_run(path)
    if name == run_folder.LATEST:
        return _model_of_run(latest_run(out))
    if (out / name).is_dir():
        return _model_of_run(out / name)
    raise _unknown(name, out)


def class_names(found: FoundModel, count: int, size: int) -> tuple[tuple[str, ...], bool]:
    """Names for `count` outputs of a model of `size` inputs, and whether they are known rather than assumed."""
    names = found.class_names
    if names is not None and len(names) == count:
        return names, True
    if count == len(classes.ENGLISH) and size == IMAGE_SHAPE[0] * IMAGE_SHAPE[1]:
        return classes.ENGLISH, False
    return tuple(f"class {label}" for label in range(count)), False


def image_shape(found: FoundModel, size: int) -> tuple[int, int]:
    """Rows and columns of the images of `size` pixels that the model learnt from.

    Raises: ModelFileError where no card tells them and `size` is not that of a square.
    """
    shape = found.image_shape
    if shape is not None and shape[0] * shape[1] == size:
        return shape
    side = isqrt(size)
    if side * side != size:
        raise ModelFileError(
            _(
                "{path} takes {size} values, and nothing beside it says how many rows and columns these are",
                path=found.path,
                size=size,
            ),
            expected=_("a square image, or the run.json of the run beside the model"),
        )
    return (side, side)


def _card_beside(path: Path) -> dict[str, Any]:
    if (path.parent / run_folder.RECORD).is_file():
        return run_folder.read_record(path.parent)
    return reference.card_of(path)


def _model_of_run(folder: Path) -> FoundModel:
    record = run_folder.read_record(folder)
    models = [path for path in (folder / "model.keras", folder / "model.npz") if path.is_file()]
    if not models:
        raise ModelFileError(
            _("run {name} has kept no model (its status is '{status}')", name=folder.name, status=record["status"]),
            hint=_("train again: {command}", command=record.get("command", "kerasnn train")),
        )
    return FoundModel(folder.name, models[0], record)


def latest_run(out: Path) -> Path:
    """The folder of the run that was kept last in `out`.

    Raises: ModelFileError where there is none.
    """
    try:
        run = read_regular(out / run_folder.LATEST, limit=LONGEST_NAME).decode("utf-8").strip()
    except (OSError, ValueError):
        raise ModelFileError(
            _("there is no latest run: {out} holds none", out=out), hint=_("kerasnn train --stage dropout makes one")
        ) from None
    if not run.isprintable() or run in ("", "..") or Path(run).name != run or not (out / run).is_dir():
        raise ModelFileError(
            _("the latest run '{run}' is no longer in {out}", run=run, out=out), hint=_("name another run by its id")
        )
    return out / run


def _unknown(name: str, out: Path) -> ModelFileError:
    runs = [entry.name for entry in out.iterdir() if entry.is_dir()] if out.is_dir() else []
    return ModelFileError(
        _("there is no model '{name}'", name=name),
        expected=_("the path of a .keras file, a run's id, 'latest', or a stage's name"),
        hint=did_you_mean(name, [*STAGE_BY_NAME, *runs, run_folder.LATEST], _("kerasnn stages lists the stages")),
    )
