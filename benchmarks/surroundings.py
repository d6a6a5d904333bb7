"""What lies around photographs as people bring them: frames, bars, margins, windows, text; drawn around one."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageOps

Random = np.random.Generator
Draw = Callable[[Random, Image.Image], Image.Image]


def _framed(random: Random, image: Image.Image) -> Image.Image:
    return ImageOps.expand(image, int(random.integers(1, 9)), (int(random.choice([0, 90, 160])),) * 3)


def _between_bars(random: Random, image: Image.Image) -> Image.Image:
    width = int(random.uniform(0.05, 0.3) * image.width)
    return ImageOps.expand(image, (width, 0) if random.random() < 0.5 else (0, width), (0, 0, 0))


def _in_margin(random: Random, image: Image.Image) -> Image.Image:
    left, top, right, bottom = (int(each) for each in random.uniform(0.06, 0.3, 4) * image.width)
    return ImageOps.expand(image, (left, top, right, bottom), (255, 255, 255))


def _on_phone(random: Random, image: Image.Image) -> Image.Image:
    whole = ImageOps.expand(image, (0, int(random.uniform(20, 36)), 0, 0), (40, 40, 40))
    ImageDraw.Draw(whole).text((14, 6), "12:34", (255, 255, 255))
    ImageDraw.Draw(whole).text((whole.width - 60, 6), "5G 87%", (255, 255, 255))
    return whole


def _in_window(random: Random, image: Image.Image) -> Image.Image:
    image = ImageOps.expand(image, (int(random.uniform(60, 240)), 0, int(random.uniform(60, 240)), 0), (60, 63, 65))
    whole = ImageOps.expand(image, (0, 34, 0, 0), (222, 222, 222))
    ImageDraw.Draw(whole).text((14, 10), "a shirt.png - Image Viewer", (0, 0, 0))
    return whole


def _with_caption(random: Random, image: Image.Image) -> Image.Image:
    room = tuple(int(each) for each in np.asarray(image)[-1].mean(axis=0))
    whole = ImageOps.expand(image, (0, 0, 0, 60), room)
    ImageDraw.Draw(whole).text((int(random.uniform(20, 200)), image.height + 20), "Size M, 29.90", (20, 20, 20))
    return whole


def _in_figure(_random: Random, image: Image.Image) -> Image.Image:
    whole = ImageOps.expand(ImageOps.expand(image.resize((368, 368)), 1, (0, 0, 0)), (143, 57, 127, 53), (255,) * 3)
    draw = ImageDraw.Draw(whole)
    for number in range(0, 28, 5):
        place = 6 + int(number * 368 / 28)
        draw.line([(144 + place, 427), (144 + place, 430)], (0, 0, 0))
        draw.text((140 + place, 434), f"{number}", (0, 0, 0))
        draw.line([(139, 58 + place), (142, 58 + place)], (0, 0, 0))
        draw.text((124, 52 + place), f"{number}", (0, 0, 0))
    return whole


SURROUNDINGS: Final[Mapping[str, Draw]] = {
    "frame": _framed,
    "bars": _between_bars,
    "margin": _in_margin,
    "phone": _on_phone,
    "window": _in_window,
    "caption": _with_caption,
    "figure": _in_figure,
}
