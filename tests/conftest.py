"""What all tests share: no network, no home of the user's, tiny data; the real data where KERASNN_DATA_DIR names it."""

import os
from pathlib import Path

import numpy as np
import pytest

from kerasnn.data.dataset import Dataset, Part, Source, split
from kerasnn.data.load import load
from kerasnn.language import set_language

REAL_DATA = os.environ.get("KERASNN_DATA_DIR")
NOBODY_LISTENS = "http://127.0.0.1:9/"


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder and a Keras home of the test's own, and a mirror that answers nobody."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras-home"))
    monkeypatch.setenv("KERASNN_MIRROR", NOBODY_LISTENS)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("KERASNN_DATA_DIR", raising=False)
    monkeypatch.setenv("KERASNN_LANG", "en")
    set_language(None)
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return work


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder with the real Fashion-MNIST; a test that asks for it is skipped where there is none."""
    if REAL_DATA is None:
        pytest.skip("wants the real Fashion-MNIST: set KERASNN_DATA_DIR to the folder with its four files")
    return Path(REAL_DATA)


def stripes(count: int, *, classes: int = 3, size: int = 6, seed: int = 0) -> Part:
    """Images of light stripes whose place tells the class, with noise: easy to learn, tiny."""
    random = np.random.RandomState(seed)
    labels = np.arange(count, dtype=np.int32) % classes
    images = random.randint(0, 90, (count, size, size))
    for index, label in enumerate(labels):
        images[index, label * size // classes] += 150
    return Part(images.astype(np.uint8), labels)


def tiny_source(count: int = 203, classes: int = 3) -> Source:
    """Stripes to learn from and to test on. 203 images: the last batch of the training part is smaller."""
    names = tuple(f"stripe {label}" for label in range(classes))
    test = stripes(31, classes=classes, seed=1)
    return Source("stripes", "made by a test", stripes(count, classes=classes), test, names)


@pytest.fixture(scope="session")
def tiny() -> Dataset:
    return split(tiny_source())


@pytest.fixture(scope="session")
def garments() -> Dataset:
    return load("garments")


@pytest.fixture
def npz(surroundings: Path) -> Path:
    """The tiny data set as a file of the user's own."""
    return save_npz(surroundings / "stripes.npz")


def save_npz(path: Path) -> Path:
    source = tiny_source()
    learning, test = source.learning, source.test
    np.savez(path, x_train=learning.images, y_train=learning.labels, x_test=test.images, y_test=test.labels)
    (path.parent / "classes.txt").write_text("\n".join(source.classes) + "\n", encoding="utf-8")
    return path
