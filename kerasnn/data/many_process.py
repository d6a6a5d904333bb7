"""The process in which Pillow sees the pictures of a data set: a line names a file, a record answers.

The files may lie in an archive, and are asked for in its order. A record is a RECORD
and the pixels; or, with the flag FAULT, the texts of an error as JSON.
"""

import json
import sys
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from struct import Struct
from typing import Final

from PIL import Image, ImageChops

from kerasnn.data.archives import DAMAGE, damaged, open_members
from kerasnn.data.image_files import LARGEST_FILE, TURNED, in_grey, open_image
from kerasnn.data.picture_process import SECONDS, attempt
from kerasnn.data.picture_reader import MEMORY
from kerasnn.data.pictures import scaled
from kerasnn.files.limits import allow, limit
from kerasnn.language import speaking

Content = Callable[[], bytes]

RECORD: Final = Struct("<BIII")  # flags, rows and columns as they were, length of what follows
FAULT, COLOUR, TRANSPARENT, SEVERAL, DEEP, UPRIGHT = 1, 2, 4, 8, 16, 32


def main() -> None:
    """Answer the lines of standard input, of which the first says the shape and the language."""
    Image.init()  # loads Pillow's plugins
    limit(MEMORY)
    asked = json.loads(sys.stdin.buffer.readline())
    with speaking(asked["language"]):
        archive = open_members(Path(asked["archive"])) if asked["archive"] else nullcontext()
        allow(SECONDS)
        with archive as inside:
            for line in sys.stdin.buffer:
                allow(SECONDS)
                path, within = json.loads(line)
                content = None if inside is None else partial(_content, path, inside, *within)
                sys.stdout.buffer.write(record(Path(path), tuple(asked["shape"]), content))
                sys.stdout.buffer.flush()  # at once: if the next picture ends this process, it is clear which it was


def _content(path: str, inside: Callable[[int, int], bytes], place: int, size: int) -> bytes:
    """Return the content of a file in an archive. Raises: DataError if it is damaged."""
    try:
        return inside(place, min(size, LARGEST_FILE + 1))
    except DAMAGE as error:
        raise damaged(path, error) from None


def record(path: Path, shape: tuple[int, int], content: Content | None = None) -> bytes:
    """Return the record of a picture. `content`: reads the file; `path` is then only its name."""
    flags = 0
    size = (0, 0)

    def convert(image: Image.Image) -> Image.Image:
        nonlocal flags, size
        flags, size = _kind(image), (image.height, image.width)
        return in_grey(image)

    def read() -> tuple[bytes, int]:
        image, notes = open_image(path, convert, None if content is None else content())
        return scaled(image, shape).tobytes(), SEVERAL if notes else 0

    found = attempt(path, read)
    if isinstance(found, list):
        text = json.dumps(found).encode()
        return RECORD.pack(FAULT, 0, 0, len(text)) + text
    pixels, several = found
    return RECORD.pack(flags | several, *size, len(pixels)) + pixels


def _kind(image: Image.Image) -> int:
    """Return the flags of a picture that was turned, or loses colours, transparency or more than 8 bits in grey."""
    turned = UPRIGHT if image.info[TURNED] else 0
    if image.mode.startswith(("I", "F")):
        return DEEP | turned
    return turned | (COLOUR if _is_coloured(image) else 0) | (TRANSPARENT if _is_transparent(image) else 0)


def _is_transparent(image: Image.Image) -> bool:
    return image.has_transparency_data and image.convert("RGBA").getchannel("A").getextrema() != (255, 255)


def _is_coloured(image: Image.Image) -> bool:
    if image.mode in ("1", "L", "LA"):
        return False
    red, green, blue = image.convert("RGB").split()
    return any(ImageChops.difference(green, other).getbbox() for other in (red, blue))
