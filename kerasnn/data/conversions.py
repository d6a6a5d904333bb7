"""The line of NumPy that brings a user's arrays into the form that kerasnn reads: the hint of an error."""

from math import isqrt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.language import _

Array = NDArray[Any]

COLOURS: Final = 3  # channels


def image_conversion(images: Array, name: str = "x") -> str | None:
    """Return the assignment that makes `images` uint8 of shape (images, rows, columns); None if there is none for sure.

    Values up to 1 are taken for bytes that were divided by 255. `name`: of the array, in the line.
    """
    shaped = _three_axes(images, name)
    if shaped is None or not images.size or images.dtype.kind not in "biuf":
        return None
    low, high = float(images.min()), float(images.max())
    if not 0 <= low <= high <= 255:  # not-a-number is refused here as well
        return None
    fractions = images.dtype.kind == "f" or images.shape[3:] == (COLOURS,)
    if images.dtype == np.uint8 and not fractions:
        return f"{name} = {shaped}"
    if images.dtype.kind == "b" or (images.dtype.kind == "f" and high <= 1):
        shaped = f"({shaped} * 255)"
    return f'{name} = {shaped}{".round()" if fractions else ""}.astype("uint8")'


def _three_axes(images: Array, name: str) -> str | None:
    match images.shape:
        case (_, _, _):
            return name
        case (_, _, _, 1):
            return f"{name}[..., 0]"
        case (_, 1, _, _):
            return f"{name}[:, 0]"
        case (_, _, _, channels) if channels == COLOURS:
            return f"{name}.mean(axis=-1)"
        case (_, pixels) if (side := isqrt(pixels)) ** 2 == pixels > 1:
            return f"{name}.reshape(-1, {side}, {side})"
    return None


def is_one_hot(labels: Array) -> bool:
    """Return True for a matrix whose rows have a single 1 among zeros."""
    if labels.ndim != 2 or labels.shape[1] < 2 or labels.dtype.kind not in "biuf":
        return False
    return bool(((labels == 0) | (labels == 1)).all() and (labels.sum(axis=1) == 1).all())


def label_conversion(labels: Array, count: int, name: str = "y") -> str | None:
    """Return the assignment that makes `labels` whole numbers of shape (count,); None if there is none for sure."""
    if is_one_hot(labels) and len(labels) == count:
        return f"{name} = {name}.argmax(axis=1)"
    if labels.shape not in ((count,), (count, 1)):
        return None
    flat = name if labels.ndim == 1 else f"{name}[:, 0]"
    match labels.dtype.kind:
        case "U" | "S":
            return _text_conversion(flat, name)
        case "i" | "u":
            return f"{name} = {flat}"
        case "f" if (labels != np.floor(labels)).any():
            return None
    return f'{name} = {flat}.astype("int64")'


def _text_conversion(flat: str, name: str) -> str:
    if name.endswith(("_train", "_test")):  # both at once, because a class may be missing in one of them
        return "y_train, y_test = (np.searchsorted(np.unique(y_train), y) for y in (y_train, y_test))"
    return f"{name} = np.unique({flat}, return_inverse=True)[1]"


def describe_labels(labels: Array) -> str:
    """Return type and shape of `labels`, and that they are one-hot if they are."""
    if labels.dtype.kind in "US":
        return _("texts of shape {shape}", shape=labels.shape)
    what = {"dtype": labels.dtype, "shape": labels.shape}
    return (
        _("one-hot, {dtype} of shape {shape}", **what) if is_one_hot(labels) else _("{dtype} of shape {shape}", **what)
    )
