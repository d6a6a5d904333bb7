"""The images that all benchmarks train on: 60,000 in one row, as files that every process can map."""

from pathlib import Path

import numpy as np

from kerasnn.data.dataset import unsplit
from kerasnn.data.load import load_data

IMAGES = 60_000


def write_data(folder: Path) -> str:
    """Put images.npy and labels.npy into `folder`; returns what they are.

    Without Fashion-MNIST these are garments, repeated to as many images: the time of a step is the same.
    """
    dataset = load_data()
    part = unsplit(dataset)
    places = np.resize(np.arange(len(part)), IMAGES)
    np.save(folder / "images.npy", part.images[places])
    np.save(folder / "labels.npy", part.labels[places])
    return dataset.info.name
