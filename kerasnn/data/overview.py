"""A data set summed up: how many images a class has, and its pixels before and after normalising."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.dataset import Dataset, as_pixels
from kerasnn.records import DataOverview, PixelStatistics

SAMPLES: Final = 12


def overview(dataset: Dataset) -> DataOverview:
    """Counts of every class in the three parts, and statistics of the training pixels as they are and / 255.

    Source: lecture, "normalising".
    """
    parts = (dataset.train, dataset.validation, dataset.test)
    counts = [np.bincount(part.labels, minlength=dataset.classes) for part in parts]
    rows = zip(dataset.info.classes, *(map(int, column) for column in counts), strict=True)
    raw = _statistics(dataset.train.images)
    normalised = PixelStatistics(*(value / 255 for value in (raw.minimum, raw.maximum, raw.mean, raw.deviation)))
    samples = tuple(
        tuple(map(as_pixels, dataset.train.images[dataset.train.labels == label][:SAMPLES]))
        for label in range(dataset.classes)
    )
    return DataOverview(dataset.info, tuple(rows), raw, normalised, samples)


def _statistics(images: NDArray[np.uint8]) -> PixelStatistics:
    counts = np.bincount(images.reshape(-1), minlength=256).astype(np.float64)
    values, total = np.arange(256), counts.sum()
    mean = float(counts @ values / total)
    deviation = float(np.sqrt(counts @ (values - mean) ** 2 / total))
    seen = np.flatnonzero(counts)
    return PixelStatistics(float(seen[0]), float(seen[-1]), mean, deviation)
