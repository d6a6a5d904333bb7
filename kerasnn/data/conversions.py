"""Bring images as people write them into bytes of shape (images, rows, columns), and note each change.

The parts of a data set are converted together, because they have one scale.
"""

from collections.abc import Callable, Sequence
from itertools import chain
from math import isqrt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.blocks import blocks
from kerasnn.data.scales import AS_IS, Scale, scale_of
from kerasnn.errors import DataError
from kerasnn.language import _
from kerasnn.records import Note
from kerasnn.records.codes import Code

Array = NDArray[Any]
Bytes = NDArray[np.uint8]

COLOURS: Final = 3  # channels
LUMA: Final = (19595, 38470, 7471)  # ITU-R 601 in 65536ths, as Pillow's mode L
FLAT: Final = 64  # images of a single row and that many pixels are flat squares


def images_as_bytes(arrays: Sequence[Array], names: Sequence[str], where: str) -> tuple[list[Bytes], tuple[Note, ...]]:
    """Return `arrays` as uint8 of shape (images, rows, columns), and notes on what was done.

    `names`: of the arrays; `where`: their place, both for messages.

    Raises: DataError for shapes or values that could mean several things.
    """
    if not all(array.size for array in arrays):
        return list(arrays), ()  # to be refused by `checked_part`
    notes: dict[str, Note] = {}
    layouts = [_layout(array, f"{where}, {name}", notes) for array, name in zip(arrays, names, strict=True)]
    scale, note = scale_of(arrays, names, where)
    converted = [_converted(*each, scale) for each in zip(arrays, layouts, strict=True)]
    return converted, (*notes.values(), *([note] if note else []))


Layout = Callable[[Array], Array]


def _layout(array: Array, where: str, notes: dict[str, Note]) -> Layout | None:
    """Return what turns such images into (n, rows, columns), or (n, rows, columns, 3) for colours; None: nothing."""

    def noted(code: Code, layout: Layout, **values: int) -> Layout:
        notes[code] = Note(code, values)
        return layout

    match array.shape[1:]:
        case (1, pixels) | (pixels, 1) if pixels >= FLAT and (side := isqrt(pixels)) ** 2 == pixels:
            return noted(Code.ROWS_TO_SQUARES, lambda block: block.reshape(-1, side, side), pixels=pixels)
        case (_, _):
            return None
        case (rows, columns, 1) | (1, rows, columns):
            return noted(Code.CHANNEL_REMOVED, lambda block: block.reshape(-1, rows, columns))
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
