"""Read a user's image file, and convert it to the form that a model was trained on: grey and of the right size."""

import struct
import warnings
import zlib
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageOps, UnidentifiedImageError

from kerasnn.errors import DataError
from kerasnn.language import _

LARGEST_FILE: Final = 64 << 20  # bytes
MOST_PIXELS: Final = 50_000_000
LARGEST_SIDE: Final = 4096  # pixels, of a picture that is padded to a square
# EPS is left out, because Pillow starts Ghostscript for it; so are formats that no camera or browser writes
FORMATS: Final = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM")
# exceptions that Pillow's readers may raise for a damaged file
DAMAGE: Final = (
    *(OSError, ValueError, SyntaxError, EOFError, TypeError, LookupError, AttributeError, ArithmeticError),
    *(RuntimeError, MemoryError, struct.error, zlib.error, Image.DecompressionBombError),
)
BRIGHT: Final = 127  # a border counts as light if its median grey is above this
OFF_CENTRE: Final = 0.2  # as a fraction of the picture; one real test image in a hundred is further off
FAINT: Final = 40  # a picture counts as almost one shade if its grey values span less


@dataclass(frozen=True)
class Picture:
    """An image for a model. `pixels`: uint8 of shape (rows, columns). `notes`: warnings about them."""

    pixels: NDArray[np.uint8]
    notes: tuple[str, ...]


def read_picture(path: Path, *, shape: tuple[int, int], invert: bool = False) -> Picture:
    """Read the image file `path` as grey values.

    `shape`: rows and columns of the result. `invert`: swap dark and light.

    Raises: DataError if the file is missing, not an image, damaged, or too large.
    """
    image, notes = _open(path)
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
    return Picture(pixels, (*notes, *look(pixels, inverted=invert)))


def _open(path: Path) -> tuple[Image.Image, list[str]]:
    """Return the file as 8-bit grey, and notes about it."""
    if not path.is_file():
        raise DataError(
            _("there is no image {path}", path=path) if not path.exists() else _("{path} is not a file", path=path)
        )
    if path.stat().st_size > LARGEST_FILE:
        raise DataError(
            _("{path} is {size:,} bytes", path=path, size=path.stat().st_size),
            expected=_("at most {LARGEST_FILE:,}", LARGEST_FILE=LARGEST_FILE),
        )
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(path, formats=FORMATS) as image:
            if not 0 < image.width * image.height <= MOST_PIXELS:  # known from the header, before anything is decoded
                raise DataError(
                    _("{path} is {width} x {height} pixels", path=path, width=image.width, height=image.height),
                    expected=_("at least 1, at most {MOST_PIXELS:,} in all", MOST_PIXELS=MOST_PIXELS),
                )
            several = image.format != "MPO" and getattr(image, "is_animated", False)  # an MPO's others are previews
            notes = [_("it contains several pictures: the first one is used")] if several else []
            return _grey(ImageOps.exif_transpose(image)), notes  # cameras store pictures unturned
    except UnidentifiedImageError:
        raise DataError(
            _("{path} is not an image", path=path), expected=_("a PNG, JPEG, GIF, BMP, TIFF, WebP or PPM file")
        ) from None
    except DAMAGE as error:
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise DataError(
            _("{path} is a damaged image: {reason}", path=path, reason=reason), hint=_("save it again as PNG")
        ) from None


def _grey(image: Image.Image) -> Image.Image:
    """Convert to 8-bit grey; transparent pixels become black, like the background of the training images."""
    if image.mode.startswith(("I", "F")):  # Pillow's convert would clip these at 255
        return _grey_of_numbers(np.asarray(image).astype(np.float32), floats=image.mode == "F")
    if image.mode == "LAB":
        return image.getchannel("L")  # lightness
    if image.has_transparency_data:
        image = image.convert("RGBA")
        return ImageChops.multiply(image.convert("L"), image.getchannel("A"))
    if image.mode == "HSV":
        image = image.convert("RGB")
    return image.convert("L")


def _grey_of_numbers(values: NDArray[np.float32], *, floats: bool) -> Image.Image:
    """Convert 16-bit, 32-bit or float values, scaled by the range that they seem to have: up to 1, 255 or 65,535."""
    low, high = float(values.min()), float(values.max())
    if not np.isfinite([low, high]).all():
        raise ValueError(_("some of its pixels are not numbers"))
    top = 1.0 if floats and low >= 0 and high <= 1 else 255.0 if low >= 0 and high <= 255 else 65535.0
    return Image.fromarray((np.clip(values / np.float32(top), 0, 1) * 255).astype(np.uint8))


def _square(image: Image.Image) -> Image.Image:
    if max(image.size) > LARGEST_SIDE:
        image.thumbnail((LARGEST_SIDE, LARGEST_SIDE))  # or a strip of 10^6 x 1 pixels would become a square of 10^12
    size = max(image.size)
    background = round(float(np.median(_border(np.asarray(image)))))
    square = Image.new("L", (size, size), background)
    square.paste(image, ((size - image.width) // 2, (size - image.height) // 2))
    return square


def _border(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])


def look(pixels: NDArray[np.uint8], *, inverted: bool = False) -> tuple[str, ...]:
    """Return warnings of what misleads a model that was trained on light garments, centred on black."""
    span = int(pixels.max()) - int(pixels.min())
    if pixels.max() == 1:  # before FAINT, which is true of it as well
        return (_("its brightest pixel is 1 of 255: it looks divided by 255 already, and would be again"),)
    if span < FAINT:
        return (_("it is almost one shade: its darkest and lightest pixel are {span} of 255 apart", span=span),)
    if float(np.median(_border(pixels))) > BRIGHT:
        remedy = _("leave out --invert") if inverted else _("try --invert")
        return (
            _(
                "its border is light, but the models were trained on garments that are light on black: {remedy}",
                remedy=remedy,
            ),
        )
    return _look_at_place(pixels)


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
