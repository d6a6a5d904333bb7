"""Functions that spoil a good data set in one way each; the error must name what is wrong."""

import gzip
import os
import pickle
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from kerasnn.data.idx import LEARNING_IMAGES, LEARNING_LABELS, TEST_IMAGES, TEST_LABELS
from tests.data.test_idx import idx_bytes

Spoil = Callable[[Path], None]  # of the folder with four packed IDX files, or of the .npz
IMAGES, LABELS = f"{LEARNING_IMAGES.name}.gz", f"{LEARNING_LABELS.name}.gz"
OTHER_IMAGES, OTHER_LABELS = f"{TEST_IMAGES.name}.gz", f"{TEST_LABELS.name}.gz"
NPZ: Final = "stripes.npz"


def put(name: str, content: bytes) -> Spoil:
    def spoil(folder: Path) -> None:
        (folder / name).write_bytes(content)

    return spoil


def packed(name: str, content: bytes, zeros: int = 0) -> Spoil:
    """`content`, and so many bytes of 0 after it, as gzip."""

    def spoil(folder: Path) -> None:
        (folder / name).write_bytes(gzip.compress(content + bytes(zeros), compresslevel=1, mtime=0))

    return spoil


def swap(one: str, other: str) -> Spoil:
    def spoil(folder: Path) -> None:
        first, second = (folder / one).read_bytes(), (folder / other).read_bytes()
        (folder / one).write_bytes(second)
        (folder / other).write_bytes(first)

    return spoil


def instead(make: Callable[[Path], object], name: str) -> Spoil:
    """Something else in the place of the file."""

    def spoil(folder: Path) -> None:
        (folder / name).unlink()
        make(folder / name)

    return spoil


def arrays(**changed: Any) -> Spoil:
    """The .npz with some of its arrays changed, or left out where None."""

    def spoil(path: Path) -> None:
        with np.load(path) as archive:
            values: dict[str, Any] = {**archive, **changed}
        np.savez(path, **{name: value for name, value in values.items() if value is not None})

    return spoil


def _header(*sizes: int) -> bytes:
    return bytes((0, 0, 8, len(sizes))) + np.array(sizes, ">u4").tobytes()


def _stretched(path: Path) -> None:
    """An array of 1 GB that takes 1 MB, and does not fill what its header announces."""
    header = b"{'descr': '|u1', 'fortran_order': False, 'shape': (2000000, 28, 28), }\n"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(
            "x_train.npy", b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + bytes(1 << 26)
        )
        for name in ("y_train", "x_test", "y_test"):
            archive.writestr(f"{name}.npy", b"")


LABELS_OF_203: Final = np.arange(203) % 3

WRONG: Final[Mapping[str, tuple[str, Spoil]]] = {
    "images that end too early": (IMAGES, lambda folder: os.truncate(folder / IMAGES, 3000)),
    "images of another magic number": (IMAGES, packed(IMAGES, b"\0\0\x0d\3" + bytes(12))),
    "images of two dimensions": (IMAGES, packed(IMAGES, idx_bytes(np.zeros((203, 36), np.uint8)))),
    "images of no pixels": (IMAGES, packed(IMAGES, _header(203, 0, 0))),
    "images that say there are more": (IMAGES, packed(IMAGES, _header(60_000, 28, 28) + bytes(9))),
    "images that say there are 2^96": (IMAGES, packed(IMAGES, b"\0\0\x08\3" + b"\xff" * 12)),
    "images that say there are fewer": (IMAGES, packed(IMAGES, _header(100, 6, 6) + bytes(203 * 36))),
    "a gzip of 100 MB of nothing": (IMAGES, packed(IMAGES, b"", zeros=100 << 20)),
    "a gzip of images and 100 MB more": (IMAGES, packed(IMAGES, _header(203, 6, 6), zeros=100 << 20)),
    "an empty file": (IMAGES, put(IMAGES, b"")),
    "a web page": (IMAGES, put(IMAGES, b"<html>404</html>")),
    "a pickle": (IMAGES, put(IMAGES, pickle.dumps([1]))),
    "a folder in the place of a file": (IMAGES, instead(Path.mkdir, IMAGES)),
    "a pipe in the place of a file": (IMAGES, instead(os.mkfifo, IMAGES)),
    "a link to nothing": (IMAGES, instead(lambda path: path.symlink_to("nothing"), IMAGES)),
    "a file that is missing": (LABELS, lambda folder: (folder / LABELS).unlink()),
    "images and labels exchanged": (IMAGES, swap(IMAGES, LABELS)),
    "labels of the other part": (LABELS, swap(LABELS, OTHER_LABELS)),
    "fewer labels than images": (LABELS, packed(LABELS, idx_bytes(np.zeros(200, np.uint8)))),
    "labels beyond the names": (
        OTHER_LABELS.removesuffix(".gz"),
        packed(OTHER_LABELS, idx_bytes(np.full(31, 3, np.uint8))),
    ),
    "test images of another size": ("data", packed(OTHER_IMAGES, idx_bytes(np.zeros((31, 5, 5), np.uint8)))),
    "a name twice": ("classes.txt", put("classes.txt", b"a\nb\na\n")),
    "a name that is empty": ("classes.txt", put("classes.txt", b"a\n\nc\n")),
    "names in cp949": ("classes.txt", put("classes.txt", "하나\n둘\n셋\n".encode("cp949"))),
    "names that move the cursor": ("classes.txt", put("classes.txt", b"a\n\x1b[2J\nc\n")),
    "too few names": ("classes.txt", put("classes.txt", b"a\nb\n")),
    "names of 2 MB": ("classes.txt", put("classes.txt", b"a" * 2_000_000)),
    "arrays that are pickles": (NPZ, arrays(x_train=np.array([{}], dtype=object))),
    "an array missing": (NPZ, arrays(y_test=None)),
    "images around 0": (
        NPZ,
        arrays(x_train=np.linspace(-3, 3, 203 * 36).reshape(203, 6, 6), x_test=np.zeros((31, 6, 6))),
    ),
    "images that are not numbers": (NPZ, arrays(x_train=np.full((203, 6, 6), np.nan), x_test=np.zeros((31, 6, 6)))),
    "floats to learn from, bytes to test on": (NPZ, arrays(x_train=np.zeros((203, 6, 6), np.float32))),
    "images of 32 bits": (NPZ, arrays(x_train=np.full((203, 6, 6), 1 << 20, np.uint32))),
    "images of two channels": (NPZ, arrays(x_train=np.zeros((203, 6, 6, 2), np.uint8))),
    "images of one row that is no square": (NPZ, arrays(x_train=np.zeros((203, 35), np.uint8))),
    "labels with fractions": (NPZ, arrays(y_train=LABELS_OF_203 / 2)),
    "labels that are bytes and no text": (NPZ, arrays(y_train=np.full(203, b"\xff"), y_test=np.full(31, b"\xff"))),
    "labels that are texts in one part only": (NPZ, arrays(y_train=LABELS_OF_203.astype(str))),
    "labels one-hot, but for one": (
        NPZ,
        arrays(y_train=np.eye(3, dtype=np.uint8)[LABELS_OF_203] | np.eye(203, 3, 1, np.uint8)),
    ),
    "labels below 0": (NPZ, arrays(y_train=LABELS_OF_203 - 1)),
    "labels from 2^32 on": (NPZ, arrays(y_train=LABELS_OF_203.astype(np.uint64) + 2**32)),
    "test labels of another length": (NPZ, arrays(y_test=np.zeros(30, np.int32))),
    "no images at all": (NPZ, arrays(x_test=np.zeros((0, 6, 6), np.uint8), y_test=np.zeros(0, np.int32))),
    "an array of 1 GB in 1 MB": (NPZ, _stretched),
}
