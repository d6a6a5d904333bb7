"""Read a user's image file, and convert it to the form that a model was trained on: grey and of the right size."""

import importlib
import struct
import warnings
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from operator import itemgetter
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageOps, UnidentifiedImageError

from kerasnn.data.photographs import DIM, border, find_garment, fit, is_reversed
from kerasnn.errors import DataError, EnvironmentFault
from kerasnn.language import _

LARGEST_FILE: Final = 64 << 20  # bytes
MOST_PIXELS: Final = 50_000_000
LARGEST_SIDE: Final = 4096  # pixels, of a picture that is padded to a square
# EPS is left out, because Pillow starts Ghostscript for it; so are formats that no camera or browser writes
FORMATS: Final = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM", "AVIF", "HEIF")
HEIF_BRANDS: Final = (b"heic", b"heix", b"hevc", b"mif1", b"msf1")  # bytes 8 to 12 of what phones save
MOST_SCANS: Final = 100  # of a JPEG; cameras and browsers write about ten, and each passes over the whole picture
# exceptions that Pillow's readers may raise for a damaged file
DAMAGE: Final = (
    *(OSError, ValueError, SyntaxError, EOFError, TypeError, LookupError, AttributeError, ArithmeticError),
    *(RuntimeError, MemoryError, struct.error, zlib.error, Image.DecompressionBombError),
)
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


def read_picture(path: Path, *, shape: tuple[int, int], invert: bool = False) -> Picture:
    """Read the image file `path`, in grey and scaled to `shape`, rows and columns. `invert`: swap light and dark.

    Raises: DataError if the file is missing, not an image, damaged, or too large; EnvironmentFault if Pillow lacks a
    plugin for it.
    """
    image, notes = _open(path, _grey)
    return _resized(image, notes, shape=shape, invert=invert)


def prepare_picture(path: Path, *, shape: tuple[int, int], background: int | None, invert: bool = False) -> Picture:
    """Read the image file `path`, and bring it into the form of training images: the garment alone, filling the frame.

    An image that has this form is not changed. `shape`: rows and columns of the result. `background`: grey value
    around the training images; None if they share none: then there is no form, and the picture is only scaled.
    `invert`: swap light and dark compared with what would be done without it.

    Raises: as `read_picture`.
    """
    image, notes = _open(path, _coloured)
    grey = _grey(image)
    if background is None:
        return _resized(grey, notes, shape=shape, invert=invert)
    if (image.height, image.width) == shape and image.mode == "RGB":
        turned = is_reversed(np.asarray(grey), background)
        if turned is not None:
            picture = _resized(grey, notes, shape=shape, invert=turned is not invert)
            steps = [_("prepared: {steps}", steps=_("light and dark swapped"))] if turned is not invert else []
            return replace(picture, notes=(*steps, *picture.notes))
    prepared = _prepared(image, shape=shape, background=background, invert=invert)
    if prepared is None:
        return _resized(grey, [*notes, _("nothing stands out from its background")], shape=shape, invert=invert)
    grey.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
    return replace(prepared, notes=(*notes, *prepared.notes), original=np.asarray(grey))


def _prepared(image: Image.Image, *, shape: tuple[int, int], background: int, invert: bool) -> Picture | None:
    """Return the garment in an RGB or RGBA `image` as training images show theirs; None if there is none."""
    garment = find_garment(image)
    if garment is None:
        return None
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
        notes.append(
            _("its background is not even, so check what the network saw; --as-is leaves the picture as it is")
        )
    return Picture(255 - pixels if light_ground else pixels, tuple(notes))


def _resized(image: Image.Image, notes: list[str], *, shape: tuple[int, int], invert: bool) -> Picture:
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


def _open(path: Path, convert: Callable[[Image.Image], Image.Image]) -> tuple[Image.Image, list[str]]:
    """Return the file as an image that `convert` made, and notes about it."""
    if not path.is_file():
        raise DataError(
            _("there is no image {path}", path=path) if not path.exists() else _("{path} is not a file", path=path)
        )
    if path.stat().st_size > LARGEST_FILE:
        raise DataError(
            _("{path} is {size:,} bytes", path=path, size=path.stat().st_size),
            expected=_("at most {LARGEST_FILE:,}", LARGEST_FILE=LARGEST_FILE),
        )
    formats = _formats_for(path)
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(path, formats=formats) as image:
            _refuse_bombs(path, image)
            several = image.format != "MPO" and getattr(image, "is_animated", False)  # an MPO's others are previews
            notes = [_("it contains several pictures: the first one is used")] if several else []
            return convert(ImageOps.exif_transpose(image)), notes  # cameras store pictures unturned
    except UnidentifiedImageError:
        raise DataError(
            _("{path} is not an image", path=path),
            expected=_("a PNG, JPEG, GIF, BMP, TIFF, WebP, PPM, AVIF or HEIC file"),
        ) from None
    except DAMAGE as error:
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise DataError(
            _("{path} is a damaged image: {reason}", path=path, reason=reason), hint=_("save it again as PNG")
        ) from None


def _formats_for(path: Path) -> list[str]:
    """Return the formats to try. Raises: EnvironmentFault if Pillow cannot read this one without a plugin."""
    with path.open("rb") as file:
        head = file.read(12)
    brand = head[8:] if head[4:8] == b"ftyp" else b""
    Image.init()
    if brand in HEIF_BRANDS and "HEIF" not in Image.OPEN:
        with suppress(ImportError):
            importlib.import_module("pillow_heif").register_heif_opener()
    for brands, name, remedy in (
        (HEIF_BRANDS, "HEIF", "pip install pillow-heif"),
        ((b"avif", b"avis"), "AVIF", "pip install --upgrade pillow"),
    ):
        if brand in brands and name not in Image.OPEN:
            raise EnvironmentFault(
                _("{path} is a {format} file, which Pillow does not read here", path=path, format=name),
                hint=_("save it as JPEG or PNG, or: {command}", command=remedy),
            )
    return [name for name in FORMATS if name in Image.OPEN]


def _refuse_bombs(path: Path, image: Image.Image) -> None:
    """Raise DataError if decoding would take too long or too much memory; nothing has been decoded yet."""
    if not 0 < image.width * image.height <= MOST_PIXELS:
        raise DataError(
            _("{path} is {width} x {height} pixels", path=path, width=image.width, height=image.height),
            expected=_("at least 1, at most {MOST_PIXELS:,} in all", MOST_PIXELS=MOST_PIXELS),
        )
    if image.format in ("JPEG", "MPO") and (scans := path.read_bytes().count(b"\xff\xda")) > MOST_SCANS:
        raise DataError(
            _("{path} is a JPEG of {scans:,} scans", path=path, scans=scans),
            expected=_("at most {MOST_SCANS}", MOST_SCANS=MOST_SCANS),
            hint=_("save it again as PNG"),
        )


def _coloured(image: Image.Image) -> Image.Image:
    """Convert to RGBA if anything in it is transparent, else to RGB."""
    if image.mode == "LAB" or image.mode.startswith(("I", "F")):
        image = _grey(image)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        if np.asarray(image.getchannel("A")).min() < 255:
            return image
    return image.convert("RGB")


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
    background = round(float(np.median(border(np.asarray(image)))))
    square = Image.new("L", (size, size), background)
    square.paste(image, ((size - image.width) // 2, (size - image.height) // 2))
    return square


def look(pixels: NDArray[np.uint8], *, inverted: bool = False) -> tuple[str, ...]:
    """Return warnings of what misleads a model that was trained on light garments, centred on black."""
    span = int(pixels.max()) - int(pixels.min())
    if pixels.max() == 1:  # before FAINT, which is true of it as well
        return (_("its brightest pixel is 1 of 255: it looks divided by 255 already, and would be again"),)
    if span < FAINT:
        return (_("it is almost one shade: its darkest and lightest pixel are {span} of 255 apart", span=span),)
    if float(np.median(border(pixels))) > BRIGHT:
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
