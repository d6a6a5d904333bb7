"""JPEG and PNG files whose segments and chunks were changed by one who knows them."""

import io
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any, Final

import numpy as np
from PIL import Image, PngImagePlugin

from tests.faults.cases.structures import in_turn
from tests.faults.frame import Plan, Trial, case
from tests.faults.fuzzing import lay_out
from tests.faults.observed import Target, probabilities, trials
from tests.faults.picture_parts import (
    bombs,
    joined_jpeg,
    joined_png,
    layout_of_jpeg,
    layout_of_png,
    pieces_of_jpeg,
    pieces_of_png,
    rearranged,
)
from tests.faults.structures import Mutation, mutations

SIZE: Final = 48
LARGE: Final = 7_000
ORIENTATION: Final = 0x0112  # its number in Exif


def _noise(mode: str) -> Image.Image:
    pixels = np.random.RandomState(0).randint(0, 256, (SIZE, SIZE, 4)).astype(np.uint8)
    return Image.fromarray(pixels, "RGBA").convert(mode)


def _saved(image: Image.Image, form: str, **options: Any) -> bytes:
    content = io.BytesIO()
    image.save(content, form, **options)
    return content.getvalue()


def jpegs() -> dict[str, bytes]:
    """One of each kind: scans once or many times, restarts, turned by Exif, four colours, several pictures."""
    turned = Image.Exif()
    turned[ORIENTATION] = 6
    return {
        "baseline JPEG": _saved(_noise("L"), "JPEG"),
        "progressive JPEG": _saved(_noise("RGB"), "JPEG", progressive=True),
        "JPEG with restarts": _saved(_noise("RGB"), "JPEG", restart_marker_blocks=1, subsampling=2),
        "JPEG with Exif": _saved(
            _noise("L"), "JPEG", exif=turned.tobytes(), comment=b"a comment", icc_profile=bytes(600)
        ),
        "JPEG of four colours": _saved(_noise("CMYK"), "JPEG", optimize=True),
        "MPO": _saved(_noise("RGB"), "MPO", save_all=True, append_images=[_noise("RGB")]),
    }


def pngs() -> dict[str, bytes]:
    """One of each kind: grey, 16 bits, colours, a palette, texts and a profile, animated."""
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Title", "a" * 200, zip=True)
    texts.add_itxt("Author", "b" * 200, zip=True)
    frames = [_noise("RGB").rotate(90 * number) for number in range(1, 3)]
    return {
        "grey PNG": _saved(_noise("L"), "PNG", transparency=7),
        "PNG of 16 bits": _saved(_noise("I;16"), "PNG"),
        "PNG of colours": _saved(_noise("RGBA"), "PNG", dpi=(72, 72)),
        "PNG with a palette": _saved(_noise("RGB").quantize(16), "PNG", transparency=bytes(range(16))),
        "PNG with texts": _saved(_noise("RGB"), "PNG", pnginfo=texts, icc_profile=bytes(600)),
        "animated PNG": _saved(_noise("RGB"), "PNG", save_all=True, append_images=frames),
    }


@case("JPEG and PNG structures", goal="refused, or an answer; 6 s, 600 MB, no signal", full=500, quick=12, slow=True)
def picture_structures(plan: Plan) -> Iterator[Trial]:
    random = Random(plan.seed)
    sources = [_of(name, content, "jpg", random) for name, content in jpegs().items()]
    sources += [_of(name, content, "png", random) for name, content in pngs().items()]
    sources += [_bombs(), _large(random)]
    yield from trials(plan, lay_out, in_turn(sources, plan.count))


def _bombs() -> Iterator[tuple[Target, Mutation]]:
    for name, content in bombs(pieces_of_png(pngs()["grey PNG"])):
        yield _target("PNG", "png"), Mutation(name, content)


def _large(random: Random) -> Iterator[tuple[Target, Mutation]]:
    """Pictures of as many pixels as kerasnn takes, which take little space, and scans of them over and over."""
    for mode in ("RGBA", "I;16", "1", "LA", "RGB"):
        large = Image.new(mode, (LARGE, LARGE))
        yield (
            _target("PNG", "png"),
            Mutation(f"{LARGE} x {LARGE} pixels of {mode}", _saved(large, "PNG", compress_level=1)),
        )
    for mode, progressive in (("CMYK", False), ("RGB", True), ("CMYK", True)):
        content = _saved(Image.new(mode, (LARGE, LARGE)), "JPEG", progressive=progressive, quality=10)
        name = f"{LARGE} x {LARGE} pixels of {mode}, {progressive=}"
        yield _target("JPEG", "jpg"), Mutation(name, content)
        for _ in range(10):
            yield _target("JPEG", "jpg"), rearranged(name, pieces_of_jpeg(content), joined_jpeg, random)


def _target(name: str, ending: str) -> Target:
    file = f"picture.{ending}"
    return Target(name, file, ("predict", "linear.npz", file, "--json"), 3, _answers)


def _answers(folder: Path, content: bytes, answer: Any) -> None:
    probabilities(answer)


def _of(name: str, content: bytes, ending: str, random: Random) -> Iterator[tuple[Target, Mutation]]:
    """By turns a field that is changed, and a piece that is moved, left out or repeated."""
    layout = (layout_of_jpeg if ending == "jpg" else layout_of_png)(content)
    pieces = (pieces_of_jpeg if ending == "jpg" else pieces_of_png)(content)
    join = joined_jpeg if ending == "jpg" else joined_png
    fields = mutations(content, layout, random)
    pairs = ((field, rearranged(name, pieces, join, random)) for field in fields)
    changed = (mutation for mutation in chain.from_iterable(pairs) if mutation.content != content)
    return ((_target(name, ending), mutation) for mutation in changed)
