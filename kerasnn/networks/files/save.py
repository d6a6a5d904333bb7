"""Write models: `.keras` for networks, `.npz` for scikit-learn's coefficients. Never a pickle."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kerasnn.files.atomic import replacing
from kerasnn.networks.linear import OneVsRest

if TYPE_CHECKING:
    from kerasnn.networks.runtime import keras


def save_keras(model: "keras.Model", path: Path) -> None:
    """Write `model` to `path`, which ends in .keras; an existing file stays until the new one is complete."""
    with replacing(path) as draft:
        model.save(draft)


def save_linear(model: OneVsRest, path: Path) -> None:
    """Write the coefficients to `path`, which ends in .npz."""
    with replacing(path) as draft:
        np.savez(draft, coefficients=model.coefficients, intercepts=model.intercepts)
