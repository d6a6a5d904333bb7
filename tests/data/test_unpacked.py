"""A gzip file is unpacked once; the copy in the cache is used only if its digest is right."""

import gzip
import struct
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from kerasnn.data.fashion_mnist import PLAIN_SHA256
from kerasnn.data.idx import LEARNING_IMAGES, LEARNING_LABELS, read_idx_once
from kerasnn.data.load import load_data
from kerasnn.errors import DataError

PLAIN = bytes((0, 0, 8, 1, 0, 0, 0, 3, 5, 6, 7))
DIGEST = sha256(PLAIN).hexdigest()


@pytest.fixture
def packed(surroundings: Path) -> Path:
    path = surroundings / "numbers.gz"
    path.write_bytes(gzip.compress(PLAIN))
    return path


def read(packed: Path, folder: Path, digest: str = DIGEST) -> list[int]:
    return [int(number) for number in read_idx_once(packed, dimensions=1, folder=folder, digest=digest)]


def test_the_second_reading_needs_no_unpacking(packed: Path, surroundings: Path) -> None:
    cache = surroundings / "cache"
    assert read(packed, cache) == [5, 6, 7]
    assert (cache / "numbers").read_bytes() == PLAIN
    packed.write_bytes(b"no gzip")
    assert read(packed, cache) == [5, 6, 7]


@pytest.mark.parametrize("damaged", [b"", PLAIN[:-1], PLAIN[:-1] + b"\0"])
def test_a_damaged_copy_is_replaced(packed: Path, surroundings: Path, damaged: bytes) -> None:
    (surroundings / "numbers").write_bytes(damaged)
    assert read(packed, surroundings) == [5, 6, 7]
    assert (surroundings / "numbers").read_bytes() == PLAIN


def test_what_is_not_as_published_is_not_kept(packed: Path, surroundings: Path) -> None:
    assert read(packed, surroundings / "cache", digest="0" * 64) == [5, 6, 7]
    assert not (surroundings / "cache").exists()


def test_a_cache_that_cannot_be_written_does_no_harm(packed: Path, surroundings: Path) -> None:
    (surroundings / "file").write_text("in the way")
    assert read(packed, surroundings / "file" / "cache") == [5, 6, 7]


def test_the_real_images_are_the_same_both_times(real_data: Path, surroundings: Path) -> None:
    first = load_data("fashion-mnist", data_dir=real_data)
    twin = surroundings.parent / "keras-home" / "datasets" / "fashion-mnist" / "unpacked" / LEARNING_IMAGES.name
    assert sha256(twin.read_bytes()).hexdigest() == PLAIN_SHA256[LEARNING_IMAGES]
    second = load_data("fashion-mnist", data_dir=real_data)
    assert first.info == second.info
    assert np.array_equal(first.train.images, second.train.images)


def head_only(read: Callable[..., bytes]) -> Callable[..., bytes]:
    """`read` of a member, which fails for more than the header of an array."""

    def limited(self: zipfile.ZipExtFile, size: int = -1) -> bytes:
        assert 0 <= size <= 200
        return read(self, size)

    return limited


def test_a_bomb_is_refused_before_it_is_unpacked(surroundings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kerasnn.files.packed.UNPACKED", 1 << 20)
    images = np.zeros((3000, 28, 28), np.uint8)
    np.savez_compressed(surroundings / "a.npz", x_train=images, y_train=np.zeros(3000), x_test=images, y_test=[0])
    folder = surroundings / "idx"
    folder.mkdir()
    head = struct.pack(">BBBBIII", 0, 0, 8, 3, *images.shape)
    (folder / f"{LEARNING_IMAGES.name}.gz").write_bytes(gzip.compress(head + images.tobytes()))
    (folder / LEARNING_LABELS.name).write_bytes(struct.pack(">BBBBI", 0, 0, 8, 1, 3000) + bytes(3000))
    monkeypatch.setattr(zipfile.ZipExtFile, "read", head_only(zipfile.ZipExtFile.read))
    for dataset in (surroundings / "a.npz", folder):
        with pytest.raises(DataError, match="more than 20 times its size"):
            load_data(dataset)
