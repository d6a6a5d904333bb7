"""Bring a user's image file into the form that a model was trained on, or only into its size, and say how."""

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kerasnn.data.background import border, is_reversed
from kerasnn.data.image_files import in_colours, in_grey, open_image
from kerasnn.data.misleading import BRIGHT, fills_frame, is_blank, is_noise, is_parted, look
from kerasnn.data.photographs import (
    DIM,
    LEAST_DIFFERENCE,
    UNEVEN,
    Garment,
    find_garment,
    fit,
)
from kerasnn.data.picture_reader import SHOWN_SIDE, Picture
from kerasnn.records import Note
from kerasnn.records.picture_codes import PictureCode

LARGEST_SIDE: Final = 4096  # pixels, of a picture that is padded to a square


def read_picture(path: Path, *, shape: tuple[int, int], background: int | None = 0, invert: bool = False) -> Picture:
    """Read the image file `path`, in grey and scaled to `shape`, rows and columns. `invert`: swap light and dark.

    `background`: grey value around the training images, None if they share none; warnings compare with it.

    Raises: DataError if the file is missing, not an image, damaged, or too large; EnvironmentFault if Pillow lacks a
    plugin for it.
    """
    image, notes = open_image(path, in_grey)
    pixels = _scaled(image, notes, shape=shape, invert=invert)
    return Picture(pixels, (*notes, *look(pixels, background=background, inverted=invert, as_is=True)))


def prepare_picture(path: Path, *, shape: tuple[int, int], background: int | None, invert: bool = False) -> Picture:
    """Read the image file `path`, and bring it into the form of training images: the garment alone, filling the frame.

    An image that has this form is not changed. `shape`: rows and columns of the result. `background`: grey value
    around the training images; None if they share none: then there is no form, and the picture is only scaled.
    `invert`: swap light and dark compared with what would be done without it.

    Raises: as `read_picture`.
    """
    image, notes = open_image(path, in_colours)
    return prepare_image(image, notes, shape=shape, background=background, invert=invert)


def prepare_image(
    image: Image.Image,
    notes: list[Note],
    *,
    shape: tuple[int, int],
    background: int | None,
    invert: bool = False,
) -> Picture:
    """Prepare an open `image`, RGB or RGBA, as `prepare_picture` does; `notes`: what is known about it already."""
    grey = in_grey(image)
    swap, opaque = invert, image.mode == "RGB"
    if background is not None:
        turned = is_reversed(np.asarray(grey), background)
        if (image.height, image.width) == shape and opaque and turned is not None:
            swap = turned is not invert
            notes += [Note(PictureCode.PREPARED, {"steps": (Note(PictureCode.SWAPPED),)})] if swap else []
        elif (garment := find_garment(image)) is None:
            notes.append(Note(PictureCode.TOO_SMALL))
        elif not garment.mask.any():
            pixels = _scaled(grey, notes, shape=shape, invert=invert)
            return Picture(pixels, (*notes, Note(_without_garment(pixels, garment.noise))))
        elif invert or not opaque or not _is_enlarged(grey, garment, shape=shape, background=background):
            pixels, steps = _as_trained(garment, shape=shape, background=background, invert=invert)
            grey.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
            return Picture(pixels, (*notes, *steps), original=np.asarray(grey))
    pixels = _scaled(grey, notes, shape=shape, invert=swap)
    return Picture(pixels, (*notes, *look(pixels, background=background, inverted=invert)))


def _without_garment(pixels: NDArray[np.uint8], noise: float) -> PictureCode:
    """Return why no garment was found; `noise`: of the background."""
    if is_blank(pixels):
        return PictureCode.BLANK
    if noise < UNEVEN:
        return PictureCode.NO_GARMENT
    return PictureCode.NOISE if is_noise(pixels) else PictureCode.NOT_FOUND


def _is_enlarged(grey: Image.Image, garment: Garment, *, shape: tuple[int, int], background: int) -> bool:
    """Return True for a picture that has the form of the training images, only more pixels."""
    same_sides = grey.height * shape[1] == grey.width * shape[0]
    same_background = abs(float(np.median(border(np.asarray(grey)))) - background) < LEAST_DIFFERENCE
    is_whole = PictureCode.FRAME_CUT_OFF not in garment.steps
    return same_sides and same_background and is_whole and fills_frame(garment.mask)


def _as_trained(
    garment: Garment, *, shape: tuple[int, int], background: int, invert: bool
) -> tuple[NDArray[np.uint8], list[Note]]:
    """Return a garment as the training images show theirs, and notes of how it came to that."""
    pixels, contrast = fit(garment, shape, invert=invert)
    light_ground = background > BRIGHT
    steps = [Note(step) for step in garment.steps]
    if (garment.is_darker is light_ground) is invert:
        steps.append(Note(PictureCode.SWAPPED))
    steps.append(Note(PictureCode.CUT_OUT))
    if contrast < DIM:
        steps.append(Note(PictureCode.CONTRAST_RAISED, {"times": round(255 / contrast, 1)}))
    notes = [Note(PictureCode.PREPARED, {"steps": tuple(steps)})]
    if is_noise(pixels):
        notes.append(Note(PictureCode.NOISE))
    elif is_parted(garment.mask):
        notes.append(Note(PictureCode.SEVERAL_GARMENTS))
    elif garment.is_doubtful:
        notes.append(Note(PictureCode.UNEVEN_BACKGROUND))
    elif garment.is_rectangle:
        notes.append(Note(PictureCode.RECTANGLE))
    return 255 - pixels if light_ground else pixels, notes


def _scaled(image: Image.Image, notes: list[Note], *, shape: tuple[int, int], invert: bool) -> NDArray[np.uint8]:
    """Scale a picture to `shape` as `scaled` does; adds a note if it was padded to a square."""
    if image.width != image.height and shape[0] == shape[1]:
        notes.append(Note(PictureCode.PADDED, {"width": image.width, "height": image.height}))
    pixels = scaled(image, shape)
    return 255 - pixels if invert else pixels


def scaled(image: Image.Image, shape: tuple[int, int]) -> NDArray[np.uint8]:
    """Scale a grey picture to `shape`, rows and columns; what its proportions leave is as bright as its border."""
    if image.width * shape[0] != image.height * shape[1]:
        image = _padded(image, shape)
    if image.size == (shape[1], shape[0]):  # Pillow takes columns before rows
        return np.asarray(image, np.uint8)
    return np.asarray(image.resize((shape[1], shape[0]), Image.Resampling.LANCZOS), np.uint8)


def _padded(image: Image.Image, shape: tuple[int, int]) -> Image.Image:
    if max(image.size) > LARGEST_SIDE:
        image.thumbnail((LARGEST_SIDE, LARGEST_SIDE))  # or a strip of 10^6 x 1 pixels would become a square of 10^12
    rows, columns = shape
    height = max(image.height, round(image.width * rows / columns))
    width = max(image.width, round(image.height * columns / rows))
    background = round(float(np.median(border(np.asarray(image)))))
    whole = Image.new("L", (width, height), background)
    whole.paste(image, ((width - image.width) // 2, (height - image.height) // 2))
    return whole
