"""What a script has to repeat: the settings, the data and the figures of a run or of a reference model."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kerasnn.data import fashion_mnist
from kerasnn.data.load import GARMENTS
from kerasnn.errors import ModelFileError
from kerasnn.lecture.stages import STAGE_BY_NAME, Settings, Stage
from kerasnn.records import Scores
from kerasnn.runs.find import FoundModel


@dataclass(frozen=True)
class Recipe:
    """A finished training, as far as a script needs to know it.

    `name`: as the user called it. `data`: None for Fashion-MNIST out of Keras' cache, else the file or folder with
    the images. `validation`: the scores of the kept model, where it was trained to its end.
    """

    name: str
    stage: Stage
    settings: Settings
    engine: str
    backend: str
    command: str
    data: Path | None
    drawn: bool
    image_shape: tuple[int, int]
    classes: int
    validation: Scores | None
    versions: Mapping[str, str]


def recipe_of(found: FoundModel, data_dir: Path | None = None) -> Recipe:
    """The recipe in the card of a model. `data_dir`: as in `load`, for Fashion-MNIST.

    Raises: ModelFileError where nothing is known of how the model was trained.
    """
    card = found.card
    try:
        settings = Settings(**{**card["settings"], "hidden": tuple(card["settings"]["hidden"])})
        dataset, surroundings = card["dataset"], card.get("environment", {})
        scores = card.get("validation") if card.get("status", "done") == "done" else None
        return Recipe(
            name=found.name,
            stage=STAGE_BY_NAME[card["stage"]],
            settings=settings,
            engine=str(card["engine"]),
            backend=str(surroundings.get("backend") or "tensorflow"),
            command=str(card["command"]),
            data=_place(dataset, data_dir),
            drawn=dataset["name"] == GARMENTS,
            image_shape=(int(dataset["shape"][0]), int(dataset["shape"][1])),
            classes=len(dataset["classes"]),
            validation=Scores(float(scores["loss"]), float(scores["accuracy"])) if scores else None,
            versions=surroundings.get("versions", {}),
        )
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise ModelFileError(
            f"nothing tells how {found.path} was trained: its record lacks {error}"
            if card
            else f"nothing tells how {found.path} was trained",
            expected="a stage's name, or a run whose run.json lies beside the model",
            hint="kerasnn code dropout writes the script of a stage",
        ) from None


def _place(dataset: Mapping[str, Any], data_dir: Path | None) -> Path | None:
    """Where the script finds the images; None: `keras.datasets` has them."""
    if dataset["name"] == GARMENTS:
        return Path(f"{GARMENTS}.npz")
    if dataset["name"] != fashion_mnist.NAME:
        return Path(dataset["location"])
    named = fashion_mnist.named_folder(data_dir)
    if named is None and dataset.get("location"):
        named = Path(dataset["location"])
    return None if named in (None, fashion_mnist.keras_cache()) else named
