"""The same 1,000 images in many forms, as other programs write them: the same digest, and the same weights.

To add a form, add a function to FORMS that writes `source` to `path`, and returns what `--dataset` has to name.
"""

import gzip
import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

import kerasnn
from kerasnn.data.dataset import RawDataset, digest
from kerasnn.data.load import load_data
from tests.conftest import stripes
from tests.data.test_idx import idx_bytes
from tests.data.test_idx_files import tarred, zipped

NAMES = ("bag", "shirt", "shoe")


def of(source: RawDataset) -> dict[str, Any]:
    """The arrays of `source` under Keras' names."""
    learning, test = source.learning, source.test
    return {"x_train": learning.images, "y_train": learning.labels, "x_test": test.images, "y_test": test.labels}


def npz(change: Callable[[dict[str, Any]], Mapping[str, Any]]) -> Callable[[RawDataset, Path], Path]:
    def write(source: RawDataset, path: Path) -> Path:
        np.savez(path / "data.npz", **change(of(source)))
        return path / "data.npz"

    return write


def images(change: Callable[[Any], Any]) -> Callable[[RawDataset, Path], Path]:
    return npz(lambda arrays: {name: change(array) if name[0] == "x" else array for name, array in arrays.items()})


def labels(change: Callable[[Any], Any]) -> Callable[[RawDataset, Path], Path]:
    return npz(lambda arrays: {name: change(array) if name[0] == "y" else array for name, array in arrays.items()})


def idx_files(source: RawDataset, name: Callable[[str], str] = str) -> dict[str, bytes]:
    names = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
    contents = (idx_bytes(array.astype(np.uint8)) for array in of(source).values())
    return {name(each): content for each, content in zip(names, contents, strict=True)}


def idx(name: Callable[[str], str]) -> Callable[[RawDataset, Path], Path]:
    def write(source: RawDataset, path: Path) -> Path:
        for file, content in idx_files(source, name).items():
            (path / file).parent.mkdir(parents=True, exist_ok=True)
            (path / file).write_bytes(gzip.compress(content) if file.endswith(".gz") else content)
        return path

    return write


def emnist(source: RawDataset, path: Path) -> Path:
    """By columns, and labels from 1, as in EMNIST's letters."""
    for part, kept in (("train", source.learning), ("test", source.test)):
        by_columns = np.stack([image.T for image in kept.images])
        (path / f"emnist-letters-{part}-images-idx3-ubyte").write_bytes(idx_bytes(by_columns))
        (path / f"emnist-letters-{part}-labels-idx1-ubyte").write_bytes(idx_bytes((kept.labels + 1).astype(np.uint8)))
    return path


def npy_files(source: RawDataset, path: Path) -> Path:
    for name, array in of(source).items():
        np.save(path / f"{name}.npy", array)
    return path


FORMS: dict[str, Callable[[RawDataset, Path], Path]] = {
    "npz": npz(dict),
    "npz, other names": npz(
        lambda given: dict(zip(("trainX", "trainY", "testX", "testY"), given.values(), strict=True))
    ),
    "npz, no names": npz(lambda arrays: {f"arr_{number}": array for number, array in enumerate(arrays.values())}),
    "npz, flat floats": images(lambda x: (x.reshape(len(x), -1) / 255).astype(np.float32)),
    "npz, a channel": images(lambda x: x[..., None].astype(np.int64)),
    "npz, colours": images(lambda x: np.stack([x] * 3, axis=1)),
    "npz, 16 bits": images(lambda x: x * np.uint16(257)),
    "npz, one-hot": labels(lambda y: np.eye(len(NAMES))[y]),
    "npz, names as labels": labels(lambda y: np.array(NAMES)[y][:, None]),
    "npy files": npy_files,
    "IDX": idx(str),
    "IDX with dots": idx(lambda name: name.replace("-idx", ".idx")),
    "IDX below": idx("MNIST/raw/{}.gz".format),
    "IDX in a zip": lambda source, path: zipped(path / "data.zip", idx_files(source)),
    "IDX in a tar": lambda source, path: tarred(path / "data.tar.gz", idx_files(source)),
    "IDX of EMNIST": emnist,
}


@pytest.fixture(scope="module")
def source() -> RawDataset:
    """Stripes in images that are not squares of one kind of row only, so that exchanged axes would show."""
    return RawDataset("stripes", "here", stripes(800, size=9), stripes(200, size=9, seed=1), NAMES)


@pytest.mark.parametrize("form", FORMS)
def test_each_form_gives_the_same_images_and_labels(source: RawDataset, surroundings: Path, form: str) -> None:
    found = load_data(FORMS[form](source, surroundings))
    assert found.info.sha256 == digest(source)


def weights(model: Path) -> tuple[bytes, ...]:
    found: list[bytes] = []
    content = io.BytesIO(zipfile.ZipFile(model).read("model.weights.h5"))
    with h5py.File(content) as file:
        file.visititems(
            lambda _name, each: found.append(each[()].tobytes()) if isinstance(each, h5py.Dataset) else None
        )
    return tuple(found)


@pytest.mark.full
def test_each_form_gives_the_same_weights(source: RawDataset, tmp_path: Path, quick_engine: None) -> None:
    found = set()
    for number, form in enumerate(("npz", "npz, flat floats", "IDX in a zip", "IDX of EMNIST")):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "classes.txt").write_text("\n".join(NAMES), encoding="utf-8")
        run = kerasnn.train("softmax", dataset=FORMS[form](source, folder), epochs=1)
        found.add(weights(Path(str(run.model))))
    assert len(found) == 1
    assert len(next(iter(found))) > 1
