"""Summarise a data set: images per class, and pixel statistics before and after normalising."""

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kerasnn.data.dataset import Dataset, as_pixels
from kerasnn.data.load import load_data
from kerasnn.data.source import AUTO
from kerasnn.records import DataOverview, Listener, PixelStatistics, ignore

SAMPLES: Final = 12


def data_overview(
    dataset: str | Path | Dataset = AUTO, *, data_dir: str | Path | None = None, listener: Listener = ignore
) -> DataOverview:
    """Count the images of each class in the three parts, and measure the training pixels, raw and divided by 255.

    `dataset`, `data_dir`: as in `load_data`. Raises: DataError, UsageError.
    Source: lecture, "normalising".
    """
    data = load_data(dataset, data_dir=data_dir, listener=listener)
    counts = [np.bincount(part.labels, minlength=data.classes) for part in (data.train, data.validation, data.test)]
    rows = zip(data.info.classes, *(map(int, column) for column in counts), strict=True)
    raw = _statistics(data.train.images)
    normalised = PixelStatistics(*(value / 255 for value in (raw.minimum, raw.maximum, raw.mean, raw.deviation)))
    samples = tuple(
        tuple(map(as_pixels, data.train.images[data.train.labels == label][:SAMPLES])) for label in range(data.classes)
    )
    return DataOverview(data.info, tuple(rows), raw, normalised, samples)


def _statistics(images: NDArray[np.uint8]) -> PixelStatistics:
    # from a histogram: exact, and without a copy of all pixels in float64
    counts = np.bincount(images.reshape(-1), minlength=256).astype(np.float64)
    values, total = np.arange(256), counts.sum()
    mean = float(counts @ values / total)
    deviation = float(np.sqrt(counts @ (values - mean) ** 2 / total))
    seen = np.flatnonzero(counts)
    return PixelStatistics(float(seen[0]), float(seen[-1]), mean, deviation)
