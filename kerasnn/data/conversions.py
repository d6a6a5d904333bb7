"""Bring images as people write them into bytes of shape (images, rows, columns), and note each change.

The parts of a data set are converted together, because they have one scale.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from math import isqrt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.blocks import blocks
from kerasnn.errors import DataError
from kerasnn.language import _
from kerasnn.records import Note
from kerasnn.records.codes import Code

Array = NDArray[Any]
Bytes = NDArray[np.uint8]

COLOURS: Final = 3  # channels
LUMA: Final = (19595, 38470, 7471)  # ITU-R 601 in 65536ths, as Pillow's mode L
SIXTEEN_BITS: Final = 65535
TWELVE_BITS: Final = 4095  # what has no larger values may have 10, 12 or 16 bits
DIM: Final = 31  # fractions up to here may be on any scale
NOISE: Final = 1e-3  # that computing with floats may add to a value of 1


@dataclass(frozen=True)
class Scale:
    """How values become bytes: `values * factor + shift`. `rule`: the same as a formula for the user."""

    rule: str
    factor: float = 1.0
    shift: float = 0.0

    def applied(self, values: Array) -> Array:
        return values.astype(np.result_type(values, np.float32)) * self.factor + self.shift

    def is_exact(self, arrays: Sequence[Array]) -> bool:
        """Return True if all values become whole numbers, but for the error of their type."""
        if self is AS_IS and all(each.dtype.kind in "iu" for each in arrays):
            return True
        precisions = [float(np.finfo(each.dtype).eps) for each in arrays if each.dtype.kind == "f"]
        error = max([1e-3, *(128 * eps for eps in precisions)])
        scaled = (self.applied(block) for array in arrays for block in blocks(array))
        return all(bool((np.abs(values - np.rint(values)) <= error).all()) for values in scaled)


AS_IS: Final = Scale("x")
UNIT: Final = Scale("x * 255", 255)
SYMMETRIC: Final = (Scale("(x + 1) * 127.5", 127.5, 127.5), Scale("(x + 0.5) * 255", 255, 127.5))
MORE_BITS: Final = (Scale("x / 257", 1 / 257), Scale("x / 256", 1 / 256))


def images_as_bytes(arrays: Sequence[Array], names: Sequence[str], where: str) -> tuple[list[Bytes], tuple[Note, ...]]:
    """Return `arrays` as uint8 of shape (images, rows, columns), and notes on what was done.

    `names`: of the arrays; `where`: their place, both for messages.

    Raises: DataError for shapes or values that could mean several things.
    """
    if not all(array.size for array in arrays):
        return list(arrays), ()  # to be refused by `checked_part`
    notes: dict[str, Note] = {}
    layouts = [_layout(array, f"{where}, {name}", notes) for array, name in zip(arrays, names, strict=True)]
    scale = _scale(arrays, f"{where}, {', '.join(names)}", notes)
    return [_converted(*each, scale) for each in zip(arrays, layouts, strict=True)], tuple(notes.values())


Layout = Callable[[Array], Array]


def _layout(array: Array, where: str, notes: dict[str, Note]) -> Layout | None:
    """Return what turns such images into (n, rows, columns), or (n, rows, columns, 3) for colours; None: nothing."""

    def noted(code: Code, layout: Layout, **values: int) -> Layout:
        notes[code] = Note(code, values)
        return layout

    match array.shape[1:]:
        case (_, _):
            return None
        case (_, _, 1):
            return noted(Code.CHANNEL_REMOVED, lambda block: block[..., 0])
        case (1, _, _):
            return noted(Code.CHANNEL_REMOVED, lambda block: block[:, 0])
        case (first, _, last) if (first == COLOURS) != (last == COLOURS):
            if last == COLOURS:
                return noted(Code.COLOURS_TO_GREY, lambda block: block)
            return noted(Code.COLOURS_TO_GREY, lambda block: np.moveaxis(block, 1, -1))
        case (pixels,) if (side := isqrt(pixels)) ** 2 == pixels > 1:
            return noted(Code.ROWS_TO_SQUARES, lambda block: block.reshape(-1, side, side), pixels=pixels)
    raise DataError(
        _("{where}: the images are {dtype} of shape {shape}", where=where, dtype=array.dtype, shape=array.shape),
        expected=_("(images, rows, columns), an axis of 1 or 3 channels before or after the pixels, or flat squares"),
        hint=_("reshape them with NumPy, and save the file again"),
    )


def _scale(arrays: Sequence[Array], where: str, notes: dict[str, Note]) -> Scale:
    """Return the scale of all `arrays`. Raises: DataError if they have none for sure."""
    kinds = {array.dtype.kind.replace("u", "i") for array in arrays}
    types = ", ".join(dict.fromkeys(str(array.dtype) for array in arrays))
    if kinds not in ({"b"}, {"i"}, {"f"}):
        raise _no_scale(_("{where}: the pixels are {types}", where=where, types=types))
    low, high = min(float(array.min()) for array in arrays), max(float(array.max()) for array in arrays)
    scale = UNIT if kinds == {"b"} else _of_range(arrays, low, high)
    exact = scale is not None and (kinds == {"b"} or scale.is_exact(arrays))
    if scale is None or (scale is AS_IS and high <= DIM and not exact):
        values = {"types": types, "low": f"{low:.4g}", "high": f"{high:.4g}"}
        raise _no_scale(_("{where}: the pixels are {types} from {low} to {high}", where=where, **values))
    other = ", ".join(dict.fromkeys(str(array.dtype) for array in arrays if array.dtype != np.uint8))
    code = Code.PIXELS_ROUNDED if not exact else Code.PIXELS_AS_BYTES if scale is AS_IS else Code.PIXELS_SCALED
    if other:
        notes[code] = Note(code, {"dtype": other, **({} if code is Code.PIXELS_AS_BYTES else {"rule": scale.rule})})
    return scale


def _no_scale(message: str) -> DataError:
    return DataError(
        message,
        expected=_("numbers from 0 to 255, 0 to 1, -1 to 1 or 0 to 65,535, of the same type in all parts"),
        hint=_("undo the scaling, and save the images as bytes from 0 to 255: x.astype('uint8')"),
    )


def _of_range(arrays: Sequence[Array], low: float, high: float) -> Scale | None:
    floats = arrays[0].dtype.kind == "f"
    if not low >= 0:  # not-a-number, too
        fitting = SYMMETRIC if floats and low >= -1 - NOISE and high <= 1 + NOISE else ()
        return next((scale for scale in fitting if scale.is_exact(arrays)), None)
    if floats and high <= 1 + NOISE:
        return UNIT
    if high <= 255:
        return AS_IS
    if high > SIXTEEN_BITS:
        return None
    exact = next((scale for scale in MORE_BITS if scale.is_exact(arrays)), None)
    return exact or (MORE_BITS[0] if high > TWELVE_BITS else None)


def _converted(array: Array, layout: Layout | None, scale: Scale) -> Bytes:
    if array.dtype == np.uint8 and layout is None:
        return array
    converted = (_block(block, layout, scale) for block in blocks(array))
    first = next(converted)
    images = np.empty((len(array), *first.shape[1:]), np.uint8)
    done = 0
    for block in chain([first], converted):
        images[done : done + len(block)] = block
        done += len(block)
    return images


def _block(block: Array, layout: Layout | None, scale: Scale) -> Bytes:
    shaped = block if layout is None else layout(block)
    if scale is not AS_IS or shaped.dtype.kind == "f":
        shaped = np.rint(scale.applied(shaped)).clip(0, 255)
    pixels = shaped.astype(np.uint8)
    if pixels.ndim == 3:
        return pixels
    return ((pixels @ np.array(LUMA, np.uint32) + 0x8000) >> 16).astype(np.uint8)
