"""`python -m benchmarks.photographs [--count N] [--seed N]`: how often `predict` is right for photographs.

Each is a test image, enlarged, blurred and laid on a background as people photograph clothes. The images
themselves, as they are in the data set, are the standard to compare with.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from rich.console import Console

import kerasnn
from benchmarks.surroundings import SURROUNDINGS
from kerasnn.data.dataset import Part
from kerasnn.networks.classifier import in_batches
from kerasnn.networks.files.open import open_classifier
from kerasnn.runs.reference import model_path
from kerasnn.views.table import right, table

Reals = NDArray[np.float64]
Random = np.random.Generator

SIDE: Final = 480  # pixels of a photograph
NOISE: Final = 2.5  # grey values
COLOURS: Final[Mapping[str, tuple[float, float, float]]] = {
    "coloured paper": (1.2, 1.0, 0.6),
    "wood": (1.15, 0.9, 0.65),
}


def _even(low: float, high: float) -> Callable[[Random, Reals, Reals], Reals]:
    return lambda random, right, down: np.full(right.shape, random.uniform(low, high))


def _slanted(random: Random, right: Reals, down: Reals) -> Reals:
    return 200 + random.uniform(-70, 40) * right + random.uniform(-70, 40) * down


def _vignette(_random: Random, right: Reals, down: Reals) -> Reals:
    shades: Reals = 215 * (1 - 0.9 * ((right - 0.5) ** 2 + (down - 0.5) ** 2))
    return shades


def _boards(random: Random, right: Reals, down: Reals) -> Reals:
    shades: Reals = 150 + 12 * np.sin(40 * np.pi * (down + 0.05 * np.sin(9 * right)))
    return shades + random.normal(0, 4, (len(down), 1))


def _weave(_random: Random, right: Reals, down: Reals) -> Reals:
    shades: Reals = 170 + 6 * np.sin(right * 200) * np.sin(down * 200)
    return shades


# the brightness of each background, from the places `right` and `down` of its pixels, 0..1
BACKGROUNDS: Final[Mapping[str, Callable[[Random, Reals, Reals], Reals]]] = {
    "white": _even(225, 255),
    "white, small": _even(225, 255),
    "grey": _even(90, 150),
    "black": _even(10, 45),
    "slanted light": _slanted,
    "dark corners": _vignette,
    "coloured paper": _even(150, 200),
    "wood": _boards,
    "cloth": _weave,
    "shadow": _even(205, 235),
    "dark cut-out": _even(255, 255),
    "light cut-out": _even(0, 0),
    "frame": _even(225, 255),
    "bars": _even(120, 245),
    "margin": _even(90, 220),
    "phone": _even(225, 255),
    "window": _even(200, 255),
    "caption": _even(225, 255),
    "figure": _even(0, 10),
}
LIGHT_GARMENTS: Final = ("black", "figure")


def photograph(image: NDArray[np.uint8], kind: str, random: Random) -> Image.Image:
    """Return a photograph of the garment in `image`, RGB or, of a cut-out, RGBA.

    On light backgrounds the garment is dark, as the data set's pictures were before they were negated.
    """
    small = kind == "white, small"
    side = int(SIDE * (random.uniform(0.4, 0.6) if small else random.uniform(0.55, 0.95)))
    large = Image.fromarray(image).resize((side, side), Image.Resampling.LANCZOS)
    top, left = (int((SIDE - side) * random.uniform(0.2, 0.8)) for _axis in range(2))
    garment = np.zeros((SIDE, SIDE))
    garment[top : top + side, left : left + side] = np.asarray(large.filter(ImageFilter.GaussianBlur(side / 90)))
    opacity = np.clip(garment / 40, 0, 1)
    down, right_ = np.mgrid[0 : 1 : SIDE * 1j, 0 : 1 : SIDE * 1j]
    background = BACKGROUNDS[kind](random, right_, down)
    shown = garment if kind == "light cut-out" else 235 - 0.75 * garment
    if kind.endswith("cut-out"):
        return Image.fromarray(_bytes(np.stack([shown] * 3 + [opacity * 255], axis=-1)))
    if kind == "shadow":
        blurred = Image.fromarray(_bytes(opacity * 255)).filter(ImageFilter.GaussianBlur(14))
        background *= 1 - 0.25 * np.roll(np.asarray(blurred) / 255, (12, 14), (0, 1))
    background += random.normal(0, NOISE, background.shape)
    level = background.mean()
    dark = np.clip(level - 20 - garment * (level - 25) / 255, 5, 255)
    light = level + 15 + garment * (230 - level) / 255
    mixed = background * (1 - opacity) + (light if kind in LIGHT_GARMENTS else dark) * opacity
    lit = np.stack([mixed] * 3, axis=-1)
    tinted = background[..., None] * (1 - opacity[..., None]) * np.subtract(COLOURS.get(kind, (1, 1, 1)), 1)
    photographed = Image.fromarray(_bytes(lit + tinted))
    return SURROUNDINGS[kind](random, photographed) if kind in SURROUNDINGS else photographed


def _bytes(values: Reals) -> NDArray[np.uint8]:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def photographs(part: Part, count: int, seed: int) -> Iterator[tuple[str, int, Image.Image]]:
    """Return kind, index and photograph of `count` images chosen at random, the kinds in turn."""
    random, kinds = np.random.default_rng(seed), list(BACKGROUNDS)
    for number, index in enumerate(random.choice(len(part), count, replace=False)):
        kind = kinds[number % len(kinds)]
        yield kind, int(index), photograph(part.images[index], kind, random)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.photographs", description=__doc__)
    parser.add_argument("--count", type=int, default=380)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--stage", default="dropout")
    parser.add_argument("--dataset", default="fashion-mnist")
    chosen = parser.parse_args()
    test = kerasnn.load_data(chosen.dataset).test
    with tempfile.TemporaryDirectory() as folder:
        kinds: list[str] = []
        indices: list[int] = []
        paths: list[Path] = []
        for kind, index, image in photographs(test, chosen.count, chosen.seed):
            paths.append(Path(folder) / f"{index}.{'png' if image.mode == 'RGBA' else 'jpg'}")
            image.save(paths[-1], quality=85)  # PNG ignores it
            kinds.append(kind)
            indices.append(index)
        truth = test.labels[indices]
        answers = {
            way: np.array([each.label for each in kerasnn.predict(chosen.stage, paths, as_is=way == "as is")]) == truth
            for way in ("prepared", "as is")
        }
    answers["unmodified"] = (
        in_batches(test.images[indices], open_classifier(model_path(chosen.stage))).argmax(axis=1) == truth
    )
    _show(np.array(kinds), answers)


def _show(kinds: NDArray[np.str_], answers: Mapping[str, NDArray[np.bool_]]) -> None:
    grid = table(None, "background", *right("photographs", *(f"right {way}" for way in answers)))
    for kind in [*dict.fromkeys(kinds), "all"]:
        chosen = (kinds == kind) | (kind == "all")
        grid.add_row(kind, f"{chosen.sum()}", *(f"{found[chosen].sum()}" for found in answers.values()))
    console = Console(file=sys.stdout)
    console.print(grid)
    console.print(f"{answers['prepared'].sum() / answers['unmodified'].sum():.1%} of what is right unmodified")


if __name__ == "__main__":
    main()
