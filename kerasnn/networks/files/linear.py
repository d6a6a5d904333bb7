"""Read and write the `.npz` with scikit-learn's coefficients that stage `sgd` saves. Never a pickle."""

from pathlib import Path
from typing import Final

import numpy as np

from kerasnn.data.npz import NotAnArchive, read_arrays
from kerasnn.files.atomic import replacing
from kerasnn.language import N_, _
from kerasnn.networks.files import MOST_CLASSES, Unsafe
from kerasnn.networks.forward import OneVsRest

LARGEST: Final = 1 << 26  # bytes
ARRAYS: Final = ("coefficients", "intercepts")


def read_linear(path: Path) -> OneVsRest:
    """Read the one-vs-rest model in `path`.

    `coefficients`: float32 of shape (classes, pixels); `intercepts`: (classes,).

    Raises: Unsafe if the file holds something else; OSError.
    """
    try:
        arrays = read_arrays(path, ARRAYS, kinds="f", limit=LARGEST)
    except NotAnArchive as error:
        raise Unsafe(str(error)) from None
    coefficients, intercepts = arrays["coefficients"], arrays["intercepts"]
    if coefficients.ndim != 2 or intercepts.shape != coefficients.shape[:1] or 0 in coefficients.shape:
        shapes = {"shape": coefficients.shape, "shape2": intercepts.shape}
        raise Unsafe(_("coefficients of shape {shape}, intercepts of {shape2}", **shapes))
    if not 2 <= len(coefficients) <= MOST_CLASSES:
        says = N_("it tells {count:,} classes apart, where 2 to {most:,} were expected")
        raise Unsafe(_(says, count=len(coefficients), most=MOST_CLASSES))
    kinds = {"dtype": coefficients.dtype, "dtype2": intercepts.dtype}
    if any(kind != np.float32 for kind in kinds.values()):
        raise Unsafe(_("coefficients of type {dtype}, intercepts of {dtype2}", **kinds))
    if not (np.isfinite(coefficients).all() and np.isfinite(intercepts).all()):
        raise Unsafe(_("some of its coefficients are not numbers"))
    return OneVsRest(coefficients, intercepts)


def save_linear(model: OneVsRest, path: Path) -> None:
    """Write the coefficients to `path`, which ends in .npz."""
    with replacing(path) as draft:
        np.savez(draft, coefficients=model.coefficients, intercepts=model.intercepts)
