"""Find the garment in a photograph, and show it as the training images show theirs: alone, filling the frame."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kerasnn.data.background import border
from kerasnn.data.surroundings import between, inside_bars, rectangle, without_small_things
from kerasnn.records.picture_codes import PictureCode

Reals = NDArray[np.float64]
Mask = NDArray[np.bool_]

WORKING_SIDE: Final = 160  # pixels: averaging the larger photograph down to it removes most of its noise
LEAST_SIDE: Final = 8  # pixels: in less there is no background around a garment
DEVIATIONS: Final = 3.0  # of the background's noise; what differs by more is the garment
LEAST_DIFFERENCE: Final = 7.9  # grey values; not 8, or roundings would decide in drawings, whose shades are whole
LEAST_SHARE: Final = 0.004  # of a row or column; fewer garment pixels are specks
LEAST_FILL: Final = 0.02  # of its box; garments fill 0.06 at least, specks in an even picture less than 0.01
UNEVEN: Final = 20.0  # noise in grey values; boards of wood have about 10
GENTLE: Final = 7.0  # grey values from one pixel to the next: edges of shadows are softer, those of garments harder
DEEPEST_SHADOW: Final = 0.55  # brightness of a shadowed background, as a fraction of the lit one
SAME_HUE: Final = 0.12  # a shadow darkens the three channels by the same fraction, give or take this
FAINT: Final = 40.0  # grey values: a cut-out that differs less from white is laid on black
HALO: Final = 0.6  # an edge that is darker than this fraction of the garment is what is left of a dark background
DIM: Final = 170.0  # grey values: a smaller contrast is said to have been raised


@dataclass(frozen=True)
class Garment:
    """A garment in a picture. `shades`: how far each pixel is from the background, in grey values; 0 beside it.

    `is_darker`: than its background. `noise`: deviation of the background from an even one, in grey values.
    `steps`: what was done to separate the two. `is_rectangle`: as pictures in a margin are, and few garments.
    """

    shades: Reals
    mask: Mask
    is_darker: bool
    noise: float
    steps: tuple[PictureCode, ...]
    is_rectangle: bool = False

    @property
    def is_doubtful(self) -> bool:
        """True if the background is not even, or much of the picture's border would be garment."""
        return self.noise > UNEVEN or bool(border(self.mask).mean() > 0.3)


def find_garment(image: Image.Image) -> Garment | None:
    """Find what stands out from the background of an RGB or RGBA `image`, if anything does: else its mask is empty.

    None if the image is too small to have a background. `image` itself is made smaller: a copy of a large one would
    take 200 MB.
    """
    image.thumbnail((WORKING_SIDE, WORKING_SIDE), Image.Resampling.BOX)
    if min(image.size) < LEAST_SIDE:
        return None
    if image.mode == "RGBA":
        return _cut_out(image)
    colours = np.asarray(image, np.float64)
    inside = inside_bars(colours)
    if inside.shape == colours.shape or min(inside.shape[:2]) < LEAST_SIDE:
        return _alone(colours)
    found = _alone(inside)
    if found.is_doubtful or not found.mask.any():
        whole = _alone(colours)  # the line may be the straight edge of a garment that fills the picture
        if not (whole.is_doubtful or whole.is_rectangle):
            return whole
    return _with_step(PictureCode.FRAME_CUT_OFF, found)


def _with_step(step: PictureCode, garment: Garment) -> Garment:
    return replace(garment, steps=tuple(dict.fromkeys((step, *garment.steps))))


def _alone(colours: Reals) -> Garment:
    """Return the garment of a picture that is in a margin, or that has small things beside the garment."""
    garment = _on_background(colours)
    if garment.is_doubtful or not garment.mask.any():
        return garment
    mask = without_small_things(garment.mask)
    if (box := rectangle(mask)) and min(colours[box].shape[:2]) >= LEAST_SIDE:
        inside = _alone(colours[box])
        if inside.mask.any() and not inside.is_doubtful:
            return _with_step(PictureCode.FRAME_CUT_OFF, inside)
    if (mask == garment.mask).all():
        return replace(garment, is_rectangle=box is not None)
    garment = replace(garment, mask=mask, shades=garment.shades * mask, is_rectangle=box is not None)
    return _with_step(PictureCode.SMALL_LEFT_OUT, garment)


def _cut_out(image: Image.Image) -> Garment:
    """Lay a garment on transparency on white, as a shop does; on black if its edge is dark or it is white itself."""
    opacity = np.asarray(image.getchannel("A"), np.float64) / 255
    grey, mask = np.asarray(image.convert("RGB").convert("L"), np.float64), opacity > 0.5
    on_white = not mask.any() or 255 - float(np.quantile(grey[mask], 0.05)) > FAINT
    edge = (opacity > 0.1) & (opacity < 0.6)
    if on_white and edge.any() and mask.any() and np.quantile(grey[mask], 0.95) > FAINT:
        on_white = bool(np.median(grey[edge]) > HALO * np.median(grey[mask]))
    shades = ((255 - grey) if on_white else grey) * opacity * mask
    step = PictureCode.LAID_ON_WHITE if on_white else PictureCode.LAID_ON_BLACK
    return Garment(shades, mask, on_white, 0.0, (step,))


def _on_background(colours: Reals) -> Garment:
    """Separate a garment from a background whose brightness changes evenly. `colours`: (rows, columns, 3)."""
    rows, columns = colours.shape[:2]
    outside, width = np.ones((rows, columns), bool), max(1, min(rows, columns) // 40)
    outside[width:-width, width:-width] = False
    for _round in range(2):  # first from the border alone, then from all that is not the garment
        background, noise = _background(colours, outside)
        distance = np.sqrt(((colours - background) ** 2).mean(axis=-1))
        mask = distance > max(DEVIATIONS * noise, LEAST_DIFFERENCE)
        around = ~_grown(mask, np.ones_like(mask), 3)
        outside = around if around.mean() > 0.1 else outside
    mask = _without_specks(_without_shadow(mask, colours, background))
    brighter = (colours - background).mean(axis=-1)[mask]
    return Garment(distance * mask, mask, bool(brighter.sum() < 0), noise, (PictureCode.BACKGROUND_REMOVED,))


def _background(colours: Reals, where: Mask) -> tuple[Reals, float]:
    """Fit a plane to each channel of the pixels `where`, without outliers; return it and the deviation from it."""
    rows, columns = where.shape
    down, right = np.mgrid[-0.5 : 0.5 : rows * 1j, -0.5 : 0.5 : columns * 1j]
    terms = np.stack([np.ones_like(right), right, down], axis=-1)  # (rows, columns, 3)
    is_grey = bool((colours == colours[..., :1]).all())
    fitted = [_plane(terms[where], colours[..., channel][where]) for channel in range(1 if is_grey else 3)]
    found = fitted * (3 // len(fitted))
    noise = float(np.sqrt(np.mean([deviation**2 for _coefficients, deviation in found])))
    return np.stack([terms @ plane for plane, _noise in found], axis=-1), noise


def _plane(inputs: Reals, values: Reals) -> tuple[Reals, float]:
    """Fit a plane that most `values` are near; return its coefficients, and the deviation of those that are."""
    if not values.any():  # black, as behind most drawings: the fits below would find the same, thirty times as slowly
        return np.zeros(3), 1.0
    weights = np.ones(len(values))
    for _round in range(12):  # least absolute errors first: a garment that touches the border must not tilt it
        plane = np.linalg.lstsq(inputs * weights[:, None], values * weights, rcond=None)[0]
        errors = np.abs(values - inputs @ plane)
        weights = 1 / np.sqrt(np.maximum(errors, 1))
    near = np.ones(len(values), bool)
    for _round in range(4):
        deviation = max(1.0, 1.4826 * float(np.median(errors[near])))  # of a normal distribution
        near = errors < DEVIATIONS * deviation + 1
        plane = np.linalg.lstsq(inputs[near], values[near], rcond=None)[0]
        errors = np.abs(values - inputs @ plane)
    return plane.astype(np.float64), deviation


def _without_shadow(mask: Mask, colours: Reals, background: Reals) -> Mask:
    """Remove what can be reached from outside across soft edges, and is the background, only darker."""
    ratios = colours / np.maximum(background, 1)
    light = ratios.mean(axis=-1)
    slopes = np.hypot(*np.gradient(colours.mean(axis=-1)))
    alike = np.ptp(ratios, axis=-1) < SAME_HUE
    shadow = mask & (slopes < GENTLE) & alike & (light > DEEPEST_SHADOW) & (light < 1)
    left = mask & ~_grown(~mask, shadow, WORKING_SIDE)
    left = _grown(~_grown(~left, mask, 1), mask, 1) & mask  # without threads one pixel wide
    left |= mask & between(left)  # a pale garment whose hem is as soft as a shadow
    return left if left.sum() > 0.3 * mask.sum() else mask  # else the edge of a pale garment was as soft


def _grown(seed: Mask, room: Mask, times: int) -> Mask:
    """Let `seed` grow by a pixel at a time, inside `room`, at most `times` times."""
    for _time in range(times):
        grown = seed.copy()
        grown[1:] |= seed[:-1]
        grown[:-1] |= seed[1:]
        grown[:, 1:] |= seed[:, :-1]
        grown[:, :-1] |= seed[:, 1:]
        grown = seed | (grown & room)
        if (grown == seed).all():
            break
        seed = grown
    return seed


def _without_specks(mask: Mask) -> Mask:
    rows, columns = (mask.sum(axis=axis) > max(1, LEAST_SHARE * mask.shape[axis]) for axis in (1, 0))
    kept = mask & np.outer(rows, columns)
    garment = kept[_box(kept)]
    return kept if garment.sum() > LEAST_FILL * garment.size else np.zeros_like(kept)


def _box(mask: Mask) -> tuple[slice, slice]:
    """Return the rows and columns of the smallest box around what `mask` has; an empty one if it has nothing."""
    spans = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    rows, columns = (slice(span[0], span[-1] + 1) if len(span) else slice(0) for span in spans)
    return rows, columns


def fit(garment: Garment, shape: tuple[int, int], *, invert: bool) -> tuple[NDArray[np.uint8], float]:
    """Cut to the garment, scale it to fill `shape`, centred on black; return it and its contrast before, 0..255.

    `invert`: swap light and dark within the garment.
    """
    box = _box(garment.mask)
    shades, mask = garment.shades[box], garment.mask[box]
    contrast = max(1.0, float(np.quantile(shades[mask], 0.995)))
    shades = np.minimum(shades / contrast, 1)
    shades = np.where(mask, 1 - shades, 0) if invert else shades
    scale = min(room / side for room, side in zip(shape, shades.shape, strict=True))
    height, width = (max(1, round(side * scale)) for side in shades.shape)
    grey = Image.fromarray((shades * 255).astype(np.float32))
    scaled = np.asarray(grey.resize((width, height), Image.Resampling.LANCZOS))  # the training images are sharpened too
    top, left = (shape[0] - height) // 2, (shape[1] - width) // 2
    pixels = np.zeros(shape, np.uint8)
    pixels[top : top + height, left : left + width] = np.clip(np.rint(scaled), 0, 255)
    return pixels, contrast
