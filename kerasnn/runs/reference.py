"""The reference models that come with kerasnn: one per stage, trained on the real Fashion-MNIST with seed 42.

A model's card is a .json file beside it that holds the record of its training.
"""

from pathlib import Path
from typing import Any, Final

from kerasnn.errors import ModelFileError
from kerasnn.language import _
from kerasnn.lecture.stages import STAGE_BY_NAME, Stage
from kerasnn.runs.folder import read_json

_PACKAGE: Final = Path(__file__).resolve().parent.parent


def folder() -> Path:
    """Return the folder of the reference models: in the installed package or, in a checkout, beside the package."""
    installed = _PACKAGE / "models"
    return installed if installed.is_dir() else _PACKAGE.parent / "models"


def file_name(stage: Stage) -> str:
    """Return the file name of a stage's reference model."""
    return f"{stage.name}.npz" if stage.library == "scikit-learn" else f"{stage.name}.keras"


def model_path(stage: str) -> Path:
    """Return the path of a stage's reference model. Raises: ModelFileError if it is missing."""
    path = folder() / file_name(STAGE_BY_NAME[stage])
    if not path.is_file():
        raise ModelFileError(
            _("the reference model of stage '{stage}' is not at {path}", stage=stage, path=path),
            hint=_("install kerasnn again, or make it with 'make models' in a checkout"),
        )
    return path


def card_of(model: Path) -> dict[str, Any]:
    """Return the content of the card beside `model`; empty if there is none.

    Raises: ModelFileError if the card is damaged.
    """
    path = model.with_suffix(".json")
    if not path.is_file():
        return {}
    card: dict[str, Any] = read_json(path, expected=_("the card of a model"))
    if not isinstance(card, dict):
        raise ModelFileError(_("{path} is not the card of a model", path=path), expected=_("a JSON object"))
    return card
