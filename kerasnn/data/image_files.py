"""Read a user's image file with Pillow, within limits, as 8-bit grey or colours."""

import importlib
import io
import os
import struct
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageChops, ImageOps, UnidentifiedImageError

from kerasnn.data.addresses import address_fault
from kerasnn.data.picture_reader import too_large
from kerasnn.errors import DataError, EnvironmentFault
from kerasnn.language import _
from kerasnn.records import Note
from kerasnn.records.picture_codes import PictureCode

TURNED: Final = "turned"  # in `info` of an open image: whether it was turned upright
LARGEST_FILE: Final = 64 << 20  # bytes
MOST_PIXELS: Final = 50_000_000
STRIP: Final = 1 << 20  # pixels
# EPS is left out, because Pillow starts Ghostscript for it; so are formats that no camera or browser writes
FORMATS: Final = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM", "AVIF", "HEIF")
HEIF_BRANDS: Final = (b"heic", b"heix", b"hevc", b"mif1", b"msf1")  # bytes 8 to 12 of what phones save
UNCLEAR: Final = (b"WEBP", b"avif", b"avis")  # bytes 8 to 12 of formats whose decoders do not say if memory was short
MOST_SCANS: Final = 100  # of a JPEG; cameras and browsers write about ten, and each passes over the whole picture
# exceptions that Pillow's readers may raise for a damaged file
DAMAGE: Final = (
    *(OSError, ValueError, SyntaxError, EOFError, TypeError, LookupError, AttributeError, ArithmeticError),
    *(RuntimeError, struct.error, zlib.error, Image.DecompressionBombError),
)


def open_image(
    path: Path, convert: Callable[[Image.Image], Image.Image], content: bytes | None = None
) -> tuple[Image.Image, list[Note]]:
    """Return the file as an image that `convert` made, and notes about it.

    `content`: of a picture that lies in another file; `path` is then only its name.
    """
    if content is None and not os.path.isfile(path):  # noqa: PTH113  Path.is_file raises for a name that is too long
        raise _no_file(path)
    length = path.stat().st_size if content is None else len(content)
    if length > LARGEST_FILE:
        raise DataError(
            _("{path} is {size:,} bytes", path=path, size=length),
            expected=_("at most {LARGEST_FILE:,}", LARGEST_FILE=LARGEST_FILE),
        )
    head = _head(path) if content is None else content[:12]
    formats = _formats_for(path, head)
    file = path if content is None else io.BytesIO(content)
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(file, formats=formats) as image:
            _refuse_bombs(path, image, content)
            several = image.format != "MPO" and getattr(image, "is_animated", False)  # an MPO's others are previews
            notes = [Note(PictureCode.FIRST_OF_SEVERAL)] if several else []
            turned = image.getexif().get(ExifTags.Base.Orientation) in range(2, 9)  # 1: upright
            ImageOps.exif_transpose(image, in_place=True)  # cameras store pictures unturned
            image.info[TURNED] = turned
            return convert(image), notes
    except UnidentifiedImageError:
        raise DataError(
            _("{path} is not an image", path=path),
            expected=_("a PNG, JPEG, GIF, BMP, TIFF, WebP, PPM, AVIF or HEIC file"),
            hint=_("open it in an image viewer and save it as PNG, or name another file"),
        ) from None
    except MemoryError:
        raise too_large(path) from None
    except DAMAGE as error:
        raise _damaged(path, head, error) from None


def _damaged(path: Path, head: bytes, error: Exception) -> DataError:
    reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    if head[8:] in UNCLEAR:
        return DataError(
            _("{path} is a damaged image, or too large: {reason}", path=path, reason=reason),
            hint=_("open it in an image viewer, make it smaller, and save it as PNG"),
        )
    return DataError(_("{path} is a damaged image: {reason}", path=path, reason=reason), hint=_("save it again as PNG"))


def _no_file(path: Path) -> DataError:
    """Return the error for an image that is not there, or is no file."""
    if os.path.isdir(path):  # noqa: PTH112  Path.is_dir raises for a name that is too long
        return DataError(_("{path} is a folder", path=path), hint=_("name the pictures in it: {path}/*", path=path))
    if os.path.exists(path):  # noqa: PTH110  the same
        return DataError(_("{path} is not a file", path=path), expected=_("an image file"))
    return address_fault(path) or DataError(
        _("there is no image {path}", path=path),
        expected=None if path.is_absolute() else _("a file at {place}", place=path.absolute()),
        hint=_("ls shows what is there; a name with spaces needs quotes"),
    )


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(12)


def _formats_for(path: Path, head: bytes) -> list[str]:
    """Return the formats to try. Raises: EnvironmentFault if Pillow cannot read this one without a plugin."""
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


def _refuse_bombs(path: Path, image: Image.Image, content: bytes | None) -> None:
    """Raise DataError if decoding would take too long or too much memory; nothing has been decoded yet."""
    if not 0 < image.width * image.height <= MOST_PIXELS:
        raise DataError(
            _("{path} is {width} x {height} pixels", path=path, width=image.width, height=image.height),
            expected=_("at least 1, at most {MOST_PIXELS:,} in all", MOST_PIXELS=MOST_PIXELS),
        )
    if image.format not in ("JPEG", "MPO"):
        return
    if (scans := (path.read_bytes() if content is None else content).count(b"\xff\xda")) > MOST_SCANS:
        raise DataError(
            _("{path} is a JPEG of {scans:,} scans", path=path, scans=scans),
            expected=_("at most {MOST_SCANS}", MOST_SCANS=MOST_SCANS),
            hint=_("save it again as PNG"),
        )


def in_colours(image: Image.Image) -> Image.Image:
    """Convert to RGBA if anything in it is transparent, else to RGB."""
    if image.mode == "LAB" or image.mode.startswith(("I", "F")):
        image = in_grey(image)
    if image.has_transparency_data:
        image = _in_mode(image, "RGBA")
        if image.getchannel("A").getextrema() != (255, 255):
            return image
    return _in_mode(image, "RGB")


def in_grey(image: Image.Image) -> Image.Image:
    """Convert to 8-bit grey; transparent pixels become black, like the background of the training images."""
    if image.mode.startswith(("I", "F")):  # Pillow's convert would clip these at 255
        return _grey_of_numbers(image)
    if image.mode == "LAB":
        return image.getchannel("L")  # lightness
    if image.has_transparency_data:
        image = _in_mode(image, "RGBA")
        return ImageChops.multiply(image.convert("L"), image.getchannel("A"))
    if image.mode == "HSV":
        image = image.convert("RGB")
    return _in_mode(image, "L")


def _in_mode(image: Image.Image, mode: str) -> Image.Image:
    return image if image.mode == mode else image.convert(mode)  # which would copy it, too


def _grey_of_numbers(image: Image.Image) -> Image.Image:
    """Convert 16-bit, 32-bit or float values, scaled by the range that they seem to have: up to 1, 255 or 65,535."""
    lows, highs = zip(*((float(values.min()), float(values.max())) for _top, values in _strips(image)), strict=True)
    if not np.isfinite([*lows, *highs]).all():
        raise ValueError(_("some of its pixels are not numbers"))
    low, high = min(lows), max(highs)
    most = 1.0 if image.mode == "F" and low >= 0 and high <= 1 else 255.0 if low >= 0 and high <= 255 else 65535.0
    grey = Image.new("L", image.size)
    for top, values in _strips(image):
        grey.paste(Image.fromarray((np.clip(values / np.float32(most), 0, 1) * 255).astype(np.uint8)), (0, top))
    return grey


def _strips(image: Image.Image) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Yield the pixels some rows at a time, and the first of these: four copies of all pixels would be too much."""
    rows = max(1, STRIP // image.width)
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, image.width, min(top + rows, image.height)))
        yield top, np.asarray(strip).astype(np.float32)
