"""Leave out what surrounds a photograph or its garment: frames, bars, margins, captions."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Mask = NDArray[np.bool_]

STEP: Final = 8.0  # grey values from one row to the next
ACROSS: Final = 0.9  # of a row: a garment and the bars at the sides are the rest
EVEN: Final = 0.7  # of a row of a bar; letters are the rest
DEEPEST: Final = 0.4  # of the picture: bars beside an upright picture in a wide one take a third on either side
FULL: Final = 0.99  # of its box; garments have rounder corners
BESIDE: Final = 0.1  # of its box
RIM: Final = 2  # pixels: a line around a picture, or what of its surroundings its first pixel holds
FAR: Final = 0.04  # of the picture: threads, straps and soles are closer to the rest of their garment
SMALL: Final = 0.4  # of the largest thing; what is larger may be a second garment


def inside_bars(colours: Reals) -> Reals:
    """Cut a picture at straight lines from edge to edge, which are of frames, of bars, and of windows' titles."""
    for _side in range(8):  # each twice: some lines reach the edge only where a bar is cut off
        greys = colours[: int(DEEPEST * len(colours)) + 1].mean(axis=-1)
        steps = np.diff(greys, axis=0)
        even = (np.abs(greys - np.median(greys, axis=1, keepdims=True)) < STEP).mean(axis=1) > EVEN
        alike = np.maximum((steps > STEP).mean(axis=1), (steps < -STEP).mean(axis=1))
        lines = np.flatnonzero((alike > ACROSS) & np.logical_and.accumulate(even[:-1]))
        colours = np.rot90(colours[lines[-1] + 1 if len(lines) else 0 :])
    return colours


def rectangle(mask: Mask) -> tuple[slice, slice] | None:
    """Return the rows and columns inside a rectangle, if `mask` is one, full or drawn, but for letters beside it."""
    long = (np.flatnonzero(counts > counts.max() / 2) for counts in (mask.sum(axis=1), mask.sum(axis=0)))
    rows, columns = (slice(places[0], places[-1] + 1) if len(places) else slice(0) for places in long)
    inside = mask[rows, columns]
    full = between(inside) & between(inside.T).T
    if full.sum() <= FULL * full.size or mask.sum() - inside.sum() > BESIDE * full.size:
        return None
    return slice(rows.start + RIM, rows.stop - RIM), slice(columns.start + RIM, columns.stop - RIM)


def between(mask: Mask) -> Mask:
    """Return the places from the first to the last of `mask` in each row."""
    return np.maximum.accumulate(mask, axis=1) & np.maximum.accumulate(mask[:, ::-1], axis=1)[:, ::-1]


def without_small_things(mask: Mask) -> Mask:
    """Leave out what is far from the largest thing, and small."""
    for _axis in range(4):  # each twice, as what is left out may have bridged a gap
        reach = max(1, int(FAR * len(mask) / 2))
        near = np.convolve(mask.any(axis=1), np.ones(2 * reach + 1), "full") > 0
        parts = np.flatnonzero(np.diff(near, prepend=False, append=False)).reshape(-1, 2)
        counts = np.pad(mask.sum(axis=1), reach)
        sizes = [counts[start:stop].sum() for start, stop in parts]
        kept = np.zeros(len(counts), bool)
        for (start, stop), size in zip(parts, sizes, strict=True):
            kept[start:stop] = size > SMALL * max(sizes)
        mask = (mask & kept[reach:-reach, None]).T
    return mask
