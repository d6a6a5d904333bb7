"""Find what misleads a model in a picture, or what is nothing to recognise."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.background import NEAR, border
from kerasnn.records import Note
from kerasnn.records.picture_codes import PictureCode

BRIGHT: Final = 127  # a border counts as light if its median grey is above this
OFF_CENTRE: Final = 0.2  # as a fraction of the picture; one real test image in a hundred is further off
FAINT: Final = 40  # a picture counts as almost one shade if its grey values span less
UNRELATED: Final = 0.2  # correlation of pixels with their neighbours
LEAST_PIXELS: Final = 784  # in fewer, noise may seem related by chance
SECOND: Final = 0.4  # size of a second garment, as a fraction of the first
NEARLY: Final = 0.85  # of the frame's longer side: at most four of 28 pixels are empty
GAP: Final = 0.02  # between the two, as a fraction of the picture


def is_blank(pixels: NDArray[np.uint8]) -> bool:
    """Return True if all pixels are equal."""
    return bool((pixels == pixels.flat[0]).all())


def is_noise(pixels: NDArray[np.uint8]) -> bool:
    """Return True if pixels are unrelated to their neighbours, in a picture large enough to tell.

    The larger of the two correlations, along rows and columns, is at least 0.26 for each of Fashion-MNIST's 70,000
    images, and at most 0.14 for 2,000 images of noise.
    """
    if pixels.size < LEAST_PIXELS or is_blank(pixels):
        return False
    values = pixels.astype(np.float64)
    pairs = (values[:, 1:], values[:, :-1]), (values[1:], values[:-1])
    return max(_correlation(*pair) for pair in pairs) < UNRELATED


def _correlation(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    one, other = one - one.mean(), other - other.mean()
    scale = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float((one * other).sum()) / scale if scale > 0 else 1.0


def look(
    pixels: NDArray[np.uint8], *, background: int | None = 0, inverted: bool = False, as_is: bool = False
) -> tuple[Note, ...]:
    """Return warnings of what misleads a model whose training images show a centred garment on `background`.

    `inverted`, `as_is`: whether the user asked for that.
    """
    if is_blank(pixels):
        return (Note(PictureCode.BLANK),)
    if pixels.max() == 1:  # before FAINT, which is true of it as well
        return (Note(PictureCode.DIVIDED_ALREADY),)
    span = int(pixels.max()) - int(pixels.min())
    if background is None:
        return (Note(PictureCode.ONE_SHADE, {"span": span}),) if span < FAINT else ()
    if is_noise(pixels):
        return (Note(PictureCode.NOISE),)
    if span < FAINT:
        return (Note(PictureCode.ONE_SHADE, {"span": span}),)
    return _look_at_background(pixels, background, inverted=inverted, as_is=as_is)


def _look_at_background(pixels: NDArray[np.uint8], background: int, *, inverted: bool, as_is: bool) -> tuple[Note, ...]:
    """Return a warning if the border is not as light or dark as `background`, or else as `_look_at_place` does."""
    away = abs(float(np.median(border(pixels))) - background)
    if away > BRIGHT:
        remedy = PictureCode.PREPARE_OR_INVERT if as_is else PictureCode.INVERT
        return (Note(PictureCode.REVERSED, {"remedy": Note(PictureCode.DO_NOT_INVERT if inverted else remedy)}),)
    if as_is and away > NEAR:
        return (Note(PictureCode.OTHER_BACKGROUND, {"remedy": Note(PictureCode.PREPARE)}),)
    return _look_at_place(255 - pixels if background > BRIGHT else pixels, as_is=as_is)


def _look_at_place(pixels: NDArray[np.uint8], *, as_is: bool) -> tuple[Note, ...]:
    """Return a warning if the centre of brightness is far from the middle of a picture that is not filled."""
    if fills_frame(pixels > FAINT / 2):  # a sandal of faint straps and a bright sole, for example
        return ()
    weights = pixels.astype(np.float64) / pixels.sum(dtype=np.float64)  # (rows, columns), with sum 1
    rows, columns = pixels.shape
    # from -0.5 to 0.5, as a fraction of the picture
    down = float(weights.sum(axis=1) @ np.arange(rows)) / (rows - 1) - 0.5 if rows > 1 else 0.0
    right = float(weights.sum(axis=0) @ np.arange(columns)) / (columns - 1) - 0.5 if columns > 1 else 0.0
    share, code = max(
        (down, PictureCode.BELOW_CENTRE),
        (-down, PictureCode.ABOVE_CENTRE),
        (right, PictureCode.RIGHT_OF_CENTRE),
        (-right, PictureCode.LEFT_OF_CENTRE),
    )
    if share <= OFF_CENTRE:
        return ()
    remedy = Note(PictureCode.PREPARE_OR_CROP if as_is else PictureCode.CROP)
    return (Note(code, {"share": f"{share:.0%}", "remedy": remedy}),)


def fills_frame(mask: NDArray[np.bool_]) -> bool:
    """Return True if a garment fills its picture from edge to edge, or nearly so, and is centred."""
    places = [np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0)]
    spans = [(place[-1] + 1 - place[0]) / side for place, side in zip(places, mask.shape, strict=True)]
    offsets = [abs(place[0] + place[-1] + 1 - side) / 2 / side for place, side in zip(places, mask.shape, strict=True)]
    return bool(max(spans) > NEARLY and max(offsets) < (1 - NEARLY) / 2)


def is_parted(mask: NDArray[np.bool_]) -> bool:
    """Return True if `mask` is two large regions, side by side or one above the other: probably two garments."""
    return any(_is_parted(mask.sum(axis=axis)) for axis in (0, 1))


def _is_parted(counts: NDArray[np.int64]) -> bool:
    """Return True if the garment's pixels, counted by row or column, are in two large groups, clearly apart."""
    edges = np.flatnonzero(np.diff(counts > 0, prepend=False, append=False)).reshape(-1, 2)
    sizes = np.array([counts[start:stop].sum() for start, stop in edges])
    if len(sizes) < 2:
        return False
    one, other = sorted(np.argsort(sizes)[-2:])
    apart = edges[other][0] - edges[one][1]
    return bool(min(sizes[one], sizes[other]) > SECOND * sizes.max() and apart >= GAP * len(counts))
