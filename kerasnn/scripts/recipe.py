"""What a script has to repeat: the settings, data and metrics of a run or of a reference model."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kerasnn.data import fashion_mnist
from kerasnn.data.dataset import Dataset
from kerasnn.data.published import DATA_SETS
from kerasnn.errors import ModelFileError, UsageError
from kerasnn.files.untrusted import visible
from kerasnn.language import _
from kerasnn.lecture.hyperparameters import Settings, changed_beyond
from kerasnn.lecture.settings import resolve
from kerasnn.lecture.stages import STAGE_BY_NAME, Stage
from kerasnn.networks.backend import DEFAULT, backend, checked
from kerasnn.records import Scores
from kerasnn.records.data import FASHION_MNIST, GARMENTS
from kerasnn.records.serialize import plain_object, restore
from kerasnn.runs.find_model import FoundModel, recorded_dataset
from kerasnn.runs.record import TrainingPlan, train_command
from kerasnn.training.train import choose_engine


@dataclass(frozen=True, eq=False)  # each is looked up as itself
class Recipe:
    """A training, as far as a script needs it.

    `name`: as the user named it. `data`: the file or folder with the images; None: Fashion-MNIST in Keras' cache.
    `form`: name of the form of `data`, if recorded. `prefix`: that of their files, if several data sets lie together.
    `conversions`: the values of each note on what kerasnn did to read them, by code.
    `drawn`: the images are kerasnn's own garments; `real`: they are Fashion-MNIST's. `image_shape`: (rows, columns).
    `validation`: the scores of the saved model; None if its training was not finished.
    """

    name: str
    stage: Stage
    settings: Settings
    engine: str
    backend: str
    command: str
    data: Path | None
    form: str | None
    prefix: str | None
    conversions: Mapping[str, Mapping[str, Any]]
    drawn: bool
    real: bool
    image_shape: tuple[int, int]
    classes: tuple[str, ...]
    validation: Scores | None
    versions: Mapping[str, str]


def recipe_of(found: FoundModel, data_dir: Path | None = None) -> Recipe:
    """Return the recipe recorded with a model. `data_dir`: as in `load_data`, for Fashion-MNIST.

    Raises: ModelFileError if there is no record, or not a valid one, of how the model was trained.
    """
    card = found.card
    try:
        stage = STAGE_BY_NAME[card["stage"]]
        dataset, environment = card["dataset"], card.get("environment", {})
        json.dumps([card["command"], dataset], ensure_ascii=False).encode()  # raises for half a surrogate pair
        scores = card.get("validation") if card.get("status", "done") == "done" else None
        return Recipe(
            name=found.name,
            stage=stage,
            settings=_settings(stage, card["settings"]),  # anybody may have written the record: nothing is taken as is
            engine=choose_engine(stage, str(card["engine"]), DEFAULT if stage.library == "keras" else None),
            backend=checked(environment.get("backend") or DEFAULT),
            command=_without_place(visible(str(card["command"])), dataset),
            data=_place(dataset, data_dir),
            form=dataset.get("form"),
            prefix=_prefix(dataset),
            conversions=_conversions(dataset),
            drawn=recorded_dataset(dataset) == GARMENTS,
            real=recorded_dataset(dataset) == FASHION_MNIST,
            image_shape=(int(dataset["shape"][0]), int(dataset["shape"][1])),
            classes=tuple(map(str, dataset["classes"])),
            validation=Scores(float(scores["loss"]), float(scores["accuracy"])) if scores else None,
            versions=_versions(environment.get("versions", {})),
        )
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, UsageError) as error:
        raise ModelFileError(
            _("the record of how {path} was trained lacks {error}", path=found.path, error=error)
            if found.card
            else _("there is no record of how {path} was trained", path=found.path),
            expected=_("a stage's name, or a model beside the run.json of its run"),
            hint=_("kerasnn code dropout writes the script of a stage"),
        ) from None


def recipe_of_plan(plan: TrainingPlan, data: Dataset) -> Recipe:
    """Return the recipe of a training of `plan` on `data` that has not begun."""
    info = plain_object(data.info)
    return Recipe(
        name=plan.stage.name,
        stage=plan.stage,
        settings=plan.settings,
        engine=plan.engine,
        backend=backend(),
        command=_without_place(train_command(plan, data), info),
        data=_place(info, None),
        form=data.info.form,
        prefix=_prefix(info),
        conversions=_conversions(info),
        drawn=recorded_dataset(info) == GARMENTS,
        real=recorded_dataset(info) == FASHION_MNIST,
        image_shape=data.info.shape,
        classes=data.info.classes,
        validation=None,
        versions={},
    )


def _conversions(dataset: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {str(note["code"]): dict(note["values"]) for note in dataset.get("conversions", ())}


def _prefix(dataset: Mapping[str, Any]) -> str | None:
    known = DATA_SETS.get(str(recorded_dataset(dataset)))
    return known.prefix if known is not None else None


def refuse_unwritten(recipe: Recipe, framework: str, written: Collection[str]) -> None:
    """Raise UsageError for a setting that is not its default and not among those `written` into the script."""
    for row in changed_beyond(recipe.settings, written):
        refuse_lacking(recipe, framework, _(row.label))


def refuse_lacking(recipe: Recipe, framework: str, lacking: str) -> None:
    """Raise UsageError: `framework` does not have what the model of `recipe` was trained with."""
    raise UsageError(
        _(
            "{framework} does not have '{lacking}', which '{name}' was trained with",
            framework=framework,
            lacking=lacking,
            name=recipe.name,
        ),
        expected=_("another --framework"),
        hint=_("kerasnn code {name} --framework keras", name=recipe.name),
    )


def _settings(stage: Stage, recorded: Any) -> Settings:
    """Return the recorded settings. Raises: ValueError, UsageError if no training of `stage` can have them."""
    settings = restore(Settings, recorded)
    own, given = asdict(stage.settings), asdict(settings)
    # as a user would name them on the command line: `resolve` checks limits and contradictions
    resolve(stage, {name: value for name, value in given.items() if value != own[name]})
    return settings


def _versions(recorded: Mapping[str, Any]) -> dict[str, str]:
    """Return the recorded versions. Raises: ValueError if they could be anything but versions.

    They are written into a script, and anybody may have written the record.
    """
    versions = {str(name): str(version) for name, version in recorded.items()}
    if not all(map(re.compile(r"[\w.+ -]+").fullmatch, versions.values())):
        raise ValueError(_("its versions"))
    return versions


def _without_place(command: str, dataset: Mapping[str, Any]) -> str:
    """Return `command` with the name of the images for their absolute path, which means nothing elsewhere."""
    location = Path(dataset.get("location") or "")
    return command.replace(str(location), location.name) if location.is_absolute() else command


def _place(dataset: Mapping[str, Any], data_dir: Path | None) -> Path | None:
    """Return where the script finds the images; None: `keras.datasets` has them."""
    place = recorded_dataset({**dataset, "by_name": False})  # a script finds no data by name but Fashion-MNIST
    if place == GARMENTS:
        return Path(f"{GARMENTS}.npz")  # beside the script, where `kerasnn code --out` writes it
    if place != FASHION_MNIST:
        return Path(place or dataset["location"])
    named = fashion_mnist.named_folder(data_dir)
    if named is None and dataset.get("location"):
        named = Path(dataset["location"])
    return None if named in (None, fashion_mnist.keras_cache()) else named
