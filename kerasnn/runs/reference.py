"""The reference models that come with kerasnn: one per stage, trained on the real Fashion-MNIST with seed 42.

A model's card is a .json file beside it that holds the record of its training.
"""

from pathlib import Path
from typing import Any, Final

from kerasnn.errors import ModelFileError
from kerasnn.files.untrusted import parse_json, read_regular
from kerasnn.language import _
from kerasnn.lecture.stages import STAGE_BY_NAME

LARGEST_CARD: Final = 1 << 24  # bytes
_PACKAGE: Final = Path(__file__).resolve().parent.parent


def folder() -> Path:
    """Return the folder of the reference models: in the installed package or, in a checkout, beside the package."""
    installed = _PACKAGE / "models"
    return installed if installed.is_dir() else _PACKAGE.parent / "models"


def model_path(stage: str) -> Path:
    """Return the path of a stage's reference model.

    Raises: ModelFileError if it is missing.
    """
    suffix = ".npz" if STAGE_BY_NAME[stage].library == "scikit-learn" else ".keras"
    path = folder() / f"{stage}{suffix}"
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
    try:
        card = parse_json(read_regular(path, limit=LARGEST_CARD))
    except (OSError, ValueError) as error:
        raise ModelFileError(
            _("{path} cannot be read: {error}", path=path, error=error), expected=_("the card of a model")
        ) from None
    if not isinstance(card, dict):
        raise ModelFileError(_("{path} is not the card of a model", path=path), expected=_("a JSON object"))
    return card
