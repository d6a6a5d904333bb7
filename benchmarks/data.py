"""The 60,000 images that all benchmarks train on, as files that every process can map."""

import sys
from pathlib import Path

import numpy as np

from kerasnn.data import fashion_mnist
from kerasnn.data.dataset import unsplit
from kerasnn.data.load import load_data

IMAGES = 60_000


def write_data(folder: Path) -> str:
    """Write images.npy and labels.npy into `folder`; return the name of the data set.

    Without Fashion-MNIST, garments are repeated to the same number: the time of a step does not depend on the images.
    """
    dataset = load_data()
    part = unsplit(dataset)
    places = np.resize(np.arange(len(part)), IMAGES)
    np.save(folder / "images.npy", part.images[places])
    np.save(folder / "labels.npy", part.labels[places])
    return dataset.info.name


def real_data(part: str) -> str:
    """Return the folder of the real Fashion-MNIST; end the program, which measures `part`, if there is none."""
    folder = fashion_mnist.named_folder(None) or fashion_mnist.keras_cache()
    if not fashion_mnist.check(folder).good:
        sys.exit(f"the part '{part}' needs the real Fashion-MNIST: set KERASNN_DATA_DIR, or run: kerasnn data get")
    return str(folder)
