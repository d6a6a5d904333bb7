"""Bring a user's image file into the form that a model was trained on, or only into its size, and say how."""

from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kerasnn.data.image_files import in_colours, in_grey, open_image
from kerasnn.data.photographs import (
    DIM,
    LEAST_DIFFERENCE,
    Garment,
    border,
    fills_frame,
    find_garment,
    fit,
    is_reversed,
)
from kerasnn.language import _

LARGEST_SIDE: Final = 4096  # pixels, of a picture that is padded to a square
BRIGHT: Final = 127  # a border counts as light if its median grey is above this
OFF_CENTRE: Final = 0.2  # as a fraction of the picture; one real test image in a hundred is further off
SHOWN_SIDE: Final = 112  # pixels
FAINT: Final = 40  # a picture counts as almost one shade if its grey values span less


@dataclass(frozen=True)
class Picture:
    """An image for a model. `pixels`: uint8 of shape (rows, columns). `notes`: what was done to it, and warnings.

    `original`: the picture before, in grey and at most `SHOWN_SIDE` wide and high; None if it was not prepared.
    """

    pixels: NDArray[np.uint8]
    notes: tuple[str, ...]
    original: NDArray[np.uint8] | None = None


def read_picture(path: Path, *, shape: tuple[int, int], background: int | None = 0, invert: bool = False) -> Picture:
    """Read the image file `path`, in grey and scaled to `shape`, rows and columns. `invert`: swap light and dark.

    `background`: grey value around the training images, None if they share none; warnings compare with it.

    Raises: DataError if the file is missing, not an image, damaged, or too large; EnvironmentFault if Pillow lacks a
    plugin for it.
    """
    image, notes = open_image(path, in_grey)
    return _resized(image, notes, shape=shape, background=background, invert=invert)


def prepare_picture(path: Path, *, shape: tuple[int, int], background: int | None, invert: bool = False) -> Picture:
    """Read the image file `path`, and bring it into the form of training images: the garment alone, filling the frame.

    An image that has this form is not changed. `shape`: rows and columns of the result. `background`: grey value
    around the training images; None if they share none: then there is no form, and the picture is only scaled.
    `invert`: swap light and dark compared with what would be done without it.

    Raises: as `read_picture`.
    """
    image, notes = open_image(path, in_colours)
    grey = in_grey(image)
    if background is None:
        return _resized(grey, notes, shape=shape, background=background, invert=invert)
    opaque, turned = image.mode == "RGB", is_reversed(np.asarray(grey), background)
    if (image.height, image.width) == shape and opaque and turned is not None:
        steps = [_("prepared: {steps}", steps=_("light and dark swapped"))] if turned is not invert else []
        swap = turned is not invert
        return _resized(grey, [*steps, *notes], shape=shape, background=background, invert=swap, asked=invert)
    garment = find_garment(image)
    if garment is None:
        notes.append(_("no garment stands out from the background"))
        return _resized(grey, notes, shape=shape, background=background, invert=invert)
    if opaque and not invert and _is_enlarged(grey, garment, shape=shape, background=background):
        return _resized(grey, notes, shape=shape, background=background, invert=False)
    pixels, steps = _as_trained(garment, shape=shape, background=background, invert=invert)
    grey.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
    return Picture(pixels, (*notes, *steps), original=np.asarray(grey))


def _is_enlarged(grey: Image.Image, garment: Garment, *, shape: tuple[int, int], background: int) -> bool:
    """Return True for a picture that has the form of the training images, only more pixels."""
    same_sides = grey.height * shape[1] == grey.width * shape[0]
    same_background = abs(float(np.median(border(np.asarray(grey)))) - background) < LEAST_DIFFERENCE
    return same_sides and same_background and fills_frame(garment.mask)


def _as_trained(
    garment: Garment, *, shape: tuple[int, int], background: int, invert: bool
) -> tuple[NDArray[np.uint8], list[str]]:
    """Return a garment as the training images show theirs, and notes of how it came to that."""
    pixels, contrast = fit(garment, shape, invert=invert)
    light_ground = background > BRIGHT
    steps = [garment.step]
    if (garment.is_darker is light_ground) is invert:
        steps.append(_("light and dark swapped"))
    steps.append(_("cut to the garment and centred"))
    if contrast < DIM:
        steps.append(_("contrast raised {times:.1f} times", times=255 / contrast))
    notes = [_("prepared: {steps}", steps=", ".join(steps))]
    if garment.is_doubtful:
        notes.append(_("the background is uneven, so check what the network saw; --as-is leaves the picture as it is"))
    return 255 - pixels if light_ground else pixels, notes


def _resized(
    image: Image.Image,
    notes: list[str],
    *,
    shape: tuple[int, int],
    background: int | None,
    invert: bool,
    asked: bool | None = None,
) -> Picture:
    """Scale a picture; `invert`: swap light and dark. `asked`: whether the user asked for that, by default `invert`."""
    if image.width != image.height and shape[0] == shape[1]:
        notes.append(
            _(
                "{width} x {height} is not square: padded to a square with the brightness of its border",
                width=image.width,
                height=image.height,
            )
        )
        image = _square(image)
    # Pillow takes columns before rows
    pixels = np.asarray(image.resize((shape[1], shape[0]), Image.Resampling.LANCZOS), np.uint8)
    if invert:
        pixels = 255 - pixels
    return Picture(pixels, (*notes, *look(pixels, background=background, inverted=invert if asked is None else asked)))


def _square(image: Image.Image) -> Image.Image:
    if max(image.size) > LARGEST_SIDE:
        image.thumbnail((LARGEST_SIDE, LARGEST_SIDE))  # or a strip of 10^6 x 1 pixels would become a square of 10^12
    size = max(image.size)
    background = round(float(np.median(border(np.asarray(image)))))
    square = Image.new("L", (size, size), background)
    square.paste(image, ((size - image.width) // 2, (size - image.height) // 2))
    return square


def look(pixels: NDArray[np.uint8], *, background: int | None = 0, inverted: bool = False) -> tuple[str, ...]:
    """Return warnings of what misleads a model whose training images show a centred garment on `background`."""
    span = int(pixels.max()) - int(pixels.min())
    if pixels.max() == 1:  # before FAINT, which is true of it as well
        return (_("its brightest pixel is 1 of 255: it looks divided by 255 already, and would be again"),)
    if span < FAINT:
        return (_("it is almost one shade: its darkest and lightest pixel are {span} of 255 apart", span=span),)
    if background is None:
        return ()
    if abs(float(np.median(border(pixels))) - background) > BRIGHT:
        remedy = _("leave out --invert") if inverted else _("try --invert")
        return (_("light and dark are the other way round than in the training images: {remedy}", remedy=remedy),)
    return _look_at_place(255 - pixels if background > BRIGHT else pixels)


def _look_at_place(pixels: NDArray[np.uint8]) -> tuple[str, ...]:
    """Return a warning if the centre of brightness is far from the middle of the picture."""
    weights = pixels.astype(np.float64) / pixels.sum(dtype=np.float64)  # (rows, columns), with sum 1
    rows, columns = pixels.shape
    # from -0.5 to 0.5, as a fraction of the picture
    down = float(weights.sum(axis=1) @ np.arange(rows)) / (rows - 1) - 0.5 if rows > 1 else 0.0
    right = float(weights.sum(axis=0) @ np.arange(columns)) / (columns - 1) - 0.5 if columns > 1 else 0.0
    places = ((down, _("below")), (-down, _("above")), (right, _("right of")), (-right, _("left of")))
    share, side = max(places, key=itemgetter(0))
    if share <= OFF_CENTRE:
        return ()
    return (
        _("the garment lies {side} the centre, by {share:.0%} of the picture: crop it closer", side=side, share=share),
    )
