"""A summary of a data set: the images of each class, some of them, and statistics of the pixels."""

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.blocks import histogram
from kerasnn.data.dataset import Dataset, Part, as_pixels
from kerasnn.data.load import AUTO, load_data
from kerasnn.records import DataOverview, Event, Listener, Pixels, PixelStatistics, show_in_notebook
from kerasnn.records.events import ReadWithChanges

SAMPLES: Final = 12  # at most, of each class
SAMPLE_SIDE: Final = 112  # pixels; of larger images, only every second, or third, or ... pixel is kept
MOST_PIXELS: Final = 10_000_000  # of all samples, each an integer of Python


def data_overview(
    dataset: str | Path | Dataset = AUTO, *, data_dir: str | Path | None = None, listener: Listener = show_in_notebook
) -> DataOverview:
    """Count the images of each class in the three parts, and measure the training pixels, raw and divided by 255.

    `dataset`, `data_dir`: as in `load_data`. Raises: DataError, UsageError.
    Source: lecture, "normalising".
    """
    data = load_data(dataset, data_dir=data_dir, listener=lambda event: _unless_shown(event, listener))
    counts = [np.bincount(part.labels, minlength=data.classes) for part in (data.train, data.validation, data.test)]
    rows = zip(data.info.classes, *(map(int, column) for column in counts), strict=True)
    raw = _statistics(data.train.images)
    normalised = PixelStatistics(*(value / 255 for value in (raw.minimum, raw.maximum, raw.mean, raw.deviation)))
    return DataOverview(data.info, tuple(rows), raw, normalised, _samples(data.train, data.classes))


def _unless_shown(event: Event, listener: Listener) -> None:
    if not isinstance(event, ReadWithChanges):  # the overview says it, too
        listener(event)


def _samples(part: Part, classes: int) -> tuple[tuple[Pixels, ...], ...]:
    step = -(-max(part.images.shape[1:]) // SAMPLE_SIDE)  # rounded up
    thinned = part.images[:, ::step, ::step]
    count = min(SAMPLES, max(1, MOST_PIXELS // (classes * thinned[0].size)))
    return tuple(
        tuple(map(as_pixels, thinned[np.flatnonzero(part.labels == label)[:count]])) for label in range(classes)
    )


def _statistics(images: NDArray[np.uint8]) -> PixelStatistics:
    # from a histogram: exact, and without a copy of all pixels in float64
    counts = histogram(images).astype(float)
    values, total = np.arange(256), counts.sum()
    mean = float(counts @ values / total)
    deviation = float(np.sqrt(counts @ (values - mean) ** 2 / total))
    seen = np.flatnonzero(counts)
    return PixelStatistics(float(seen[0]), float(seen[-1]), mean, deviation)
