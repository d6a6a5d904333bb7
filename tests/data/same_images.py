"""The same images in many forms, as other programs write them.

`python -m tests.data.same_images` writes 1,000 images in each form, of Fashion-MNIST if KERASNN_DATA_DIR has it, and
prints the digests of what kerasnn reads and of the weights that it learns.

To add a form, add a function to FORMS that writes `source` to `path`, and returns what `--dataset` has to name. JPEG is
none of them: it changes the pixels. The names of the classes differ, for some forms have none.
"""

import gzip
import io
import os
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import h5py
import numpy as np
from PIL import Image

import kerasnn
from kerasnn.data import fashion_mnist
from kerasnn.data.dataset import Part, RawDataset, digest
from kerasnn.data.load import load_data
from tests.conftest import stripes
from tests.data.test_csv import header, last, lines
from tests.data.test_idx import idx_bytes
from tests.data.test_idx_files import tarred, zipped, zipped_on_windows
from tests.data.test_parquet import save

Write = Callable[[RawDataset, Path], Path]
Files = dict[str, bytes]

NAMES: Final = ("bag", "shirt", "shoe")


def striped() -> RawDataset:
    """Stripes in images that are not squares of one kind of row only, so that exchanged axes would show."""
    return RawDataset("stripes", "here", stripes(800, size=9), stripes(200, size=9, seed=1), NAMES)


def real() -> RawDataset:
    """1,000 images of Fashion-MNIST, whose classes are called by their numbers."""
    raw = fashion_mnist.find()
    learning, test = (Part(part.images[:n], part.labels[:n]) for part, n in ((raw.learning, 800), (raw.test, 200)))
    return RawDataset("Fashion-MNIST", raw.location, learning, test, tuple(f"class {n}" for n in range(10)))


def of(source: RawDataset) -> dict[str, Any]:
    """The arrays of `source` under Keras' names."""
    learning, test = source.learning, source.test
    return {"x_train": learning.images, "y_train": learning.labels, "x_test": test.images, "y_test": test.labels}


def npz(change: Callable[[dict[str, Any]], Mapping[str, Any]]) -> Write:
    def write(source: RawDataset, path: Path) -> Path:
        np.savez(path / "data.npz", **change(of(source)))
        return path / "data.npz"

    return write


def images(change: Callable[[Any], Any]) -> Write:
    return npz(lambda arrays: {name: change(array) if name[0] == "x" else array for name, array in arrays.items()})


def labels(change: Callable[[RawDataset, Any], Any]) -> Write:
    def write(source: RawDataset, path: Path) -> Path:
        changed = {name: change(source, array) if name[0] == "y" else array for name, array in of(source).items()}
        return npz(lambda _arrays: changed)(source, path)

    return write


def npy_files(source: RawDataset, path: Path) -> Path:
    for name, array in of(source).items():
        np.save(path / f"{name}.npy", array)
    return path


def idx_files(source: RawDataset, name: Callable[[str], str] = str) -> Files:
    names = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
    contents = (idx_bytes(array.astype(np.uint8)) for array in of(source).values())
    files = {name(each): content for each, content in zip(names, contents, strict=True)}
    return {name: gzip.compress(content) if name.endswith(".gz") else content for name, content in files.items()}


def idx(name: Callable[[str], str]) -> Write:
    return lambda source, path: unpacked(path, idx_files(source, name))


def unpacked(path: Path, files: Files) -> Path:
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


def emnist(source: RawDataset, path: Path) -> Path:
    """By columns, and labels from 1, as in EMNIST's letters."""
    for part, kept in (("train", source.learning), ("test", source.test)):
        by_columns = np.stack([image.T for image in kept.images])
        (path / f"emnist-letters-{part}-images-idx3-ubyte").write_bytes(idx_bytes(by_columns))
        (path / f"emnist-letters-{part}-labels-idx1-ubyte").write_bytes(idx_bytes((kept.labels + 1).astype(np.uint8)))
    rows = [f"{label} {64 + label} {96 + label}\n" for label in range(1, len(source.classes) + 1)]
    (path / "emnist-letters-mapping.txt").write_text("".join(rows))
    return path


def pictures(source: RawDataset, form: str = "PNG", mode: str = "L") -> Files:
    files = {}
    for name, part in (("train", source.learning), ("test", source.test)):
        for number, (image, label) in enumerate(zip(part.images, part.labels, strict=True)):
            file = io.BytesIO()
            Image.fromarray(image).convert(mode).save(file, form)
            files[f"pictures/{name}/{source.classes[label]}/{number}.{form.lower()}"] = file.getvalue()
    return files


def tables(source: RawDataset, path: Path) -> Path:
    names = [f"pixel{number}" for number in range(source.test.images[0].size)]
    (path / "train.csv").write_text(header("label", *names) + lines(source.learning))
    (path / "test.csv").write_text(header("label", *names) + lines(source.test))
    return path


def plain_tables(source: RawDataset, path: Path) -> Path:
    (path / "mnist_train.csv").write_text(lines(source.learning))
    (path / "mnist_test.csv").write_text(lines(source.test))
    return path


def gzip_tables(source: RawDataset, path: Path) -> Path:
    (path / "mnist_train.csv.gz").write_bytes(gzip.compress(lines(source.learning).encode()))
    (path / "mnist_test.csv.gz").write_bytes(gzip.compress(lines(source.test).encode()))
    return path


def named_tables(source: RawDataset, path: Path) -> Path:
    (path / "train.tsv").write_text(lines(source.learning, "\t", label=source.classes.__getitem__))
    (path / "test.tsv").write_text(lines(source.test, "\t", label=source.classes.__getitem__))
    return path


def parquet(source: RawDataset, path: Path) -> Path:
    save(path / "data" / "train-00000-of-00001.parquet", source.learning, names=list(source.classes))
    save(path / "data" / "test-00000-of-00001.parquet", source.test, names=list(source.classes))
    return path


FORMS: Final[Mapping[str, Write]] = {
    "npz": npz(dict),
    "npz, other names": npz(
        lambda given: dict(zip(("trainX", "trainY", "testX", "testY"), given.values(), strict=True))
    ),
    "npz, no names": npz(lambda arrays: {f"arr_{number}": array for number, array in enumerate(arrays.values())}),
    "npz, flat, 0 to 1": images(lambda x: (x.reshape(len(x), -1) / 255).astype(np.float32)),
    "npz, 0.0 to 255.0": images(lambda x: x.astype(np.float64)),
    "npz, a channel": images(lambda x: x[..., None].astype(np.int64)),
    "npz, colours first": images(lambda x: np.stack([x] * 3, axis=1)),
    "npz, 16 bits": images(lambda x: x * np.uint16(257)),
    "npz, one-hot": labels(lambda source, y: np.eye(len(source.classes))[y]),
    "npz, names as labels": labels(lambda source, y: np.array(source.classes)[y][:, None]),
    "npy files": npy_files,
    "IDX": idx(str),
    "IDX, gzip": idx("{}.gz".format),
    "IDX with dots": idx(lambda name: name.replace("-idx", ".idx")),
    "IDX below": idx("MNIST/raw/{}".format),
    "IDX, each in a folder": idx(lambda name: f"{name}/{name}"),
    "IDX in a zip": lambda source, path: zipped(path / "data.zip", idx_files(source)),
    "IDX in a zip of Windows": lambda source, path: zipped_on_windows(
        path / "data.zip", idx_files(source, "MNIST/raw/{}".format)
    ),
    "IDX in a tar": lambda source, path: tarred(path / "data.tar.gz", idx_files(source)),
    "IDX in a tar with ./": lambda source, path: tarred(path / "data.tar.gz", idx_files(source, "./{}".format)),
    "IDX of EMNIST": emnist,
    "pictures": lambda source, path: unpacked(path, pictures(source)) / "pictures",
    "pictures in three channels": lambda source, path: unpacked(path, pictures(source, "BMP", "RGB")),
    "pictures in a zip": lambda source, path: zipped(path / "data.zip", pictures(source)),
    "pictures in a tar": lambda source, path: tarred(path / "data.tar.gz", pictures(source)),
    "CSV": tables,
    "CSV without a header": plain_tables,
    "CSV, gzip": gzip_tables,
    "CSV in a zip, labels last": lambda source, path: zipped(
        path / "data.zip",
        {"train.csv": last(source.learning).encode(), "test.csv": last(source.test).encode()},
    ),
    "CSV with tabs and names": named_tables,
    **({"Parquet": parquet} if find_spec("pyarrow") else {}),  # the extra kerasnn[parquet]
}


def weights(model: Path) -> tuple[bytes, ...]:
    """The arrays in a model's file, in their order."""
    found: list[bytes] = []
    content = io.BytesIO(zipfile.ZipFile(model).read("model.weights.h5"))
    with h5py.File(content) as file:
        file.visititems(
            lambda _name, each: found.append(each[()].tobytes()) if isinstance(each, h5py.Dataset) else None
        )
    return tuple(found)


def learnt(data: Path) -> str:
    """The digest of the weights after an epoch of `softmax`."""
    run = kerasnn.train("softmax", dataset=data, epochs=1, listener=lambda _event: None)
    arrays = weights(Path(str(run.model)))
    assert len(arrays) > 1
    return sha256(b"".join(arrays)).hexdigest()


def main() -> None:
    source = real() if os.environ.get(fashion_mnist.FOLDER_VARIABLE) else striped()
    expected, found = digest(source), set()
    sys.stdout.write(f"{source.name}: {len(source.learning)} + {len(source.test)} images, {expected[:16]}\n")
    for form, write in FORMS.items():
        with tempfile.TemporaryDirectory() as scratch:
            os.chdir(scratch)
            path = write(source, Path(scratch))
            with redirect_stdout(io.StringIO()):
                info, weight = load_data(path).info, learnt(path)
            os.chdir("/")
        found.add(weight)
        images = info.sha256[:16] if info.sha256 == expected else f"DIFFERENT {info.sha256[:16]}"
        sys.stdout.write(f"{form:28}{images}  {weight[:16]}  {', '.join(note.code for note in info.conversions)}\n")
    sys.stdout.write(f"{len(FORMS)} forms; different weights: {len(found)}\n")


if __name__ == "__main__":
    main()
