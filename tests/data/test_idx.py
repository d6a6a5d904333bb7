"""IDX files: arrays survive a round trip, and errors for damaged files name the file."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from kerasnn.data.idx import parse_idx, read_idx
from kerasnn.errors import DataError


def idx_bytes(array: NDArray[np.uint8]) -> bytes:
    return bytes((0, 0, 8, array.ndim)) + np.array(array.shape, ">u4").tobytes() + array.tobytes()


@given(st.lists(st.integers(0, 5), min_size=1, max_size=3), st.integers(0, 2**32 - 1))
def test_round_trip(shape: list[int], seed: int) -> None:
    array = np.random.RandomState(seed).randint(0, 256, shape).astype(np.uint8)
    back = parse_idx(idx_bytes(array), dimensions=array.ndim, where="memory")
    assert back.shape == array.shape
    assert (back == array).all()


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("name", ["images", "images.gz"])
def test_packing_is_told_by_content_not_by_name(tmp_path: Path, packed: bool, name: str) -> None:
    array = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    content = idx_bytes(array)
    (tmp_path / name).write_bytes(gzip.compress(content) if packed else content)
    assert (read_idx(tmp_path / name, dimensions=3) == array).all()


@given(st.binary(max_size=40))
def test_any_bytes_are_an_array_or_a_data_error(content: bytes) -> None:
    try:
        array = parse_idx(content, dimensions=1, where="memory")
    except DataError:
        return
    assert idx_bytes(array) == content


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "begins with the bytes (none)"),
        (b"<html>", "begins with the bytes 3c 68 74 6d"),
        (idx_bytes(np.zeros((2, 2), np.uint8)), "begins with the bytes 00 00 08 02"),
        (idx_bytes(np.zeros((2, 3, 4), np.uint8))[:-1], "holds 39 bytes"),
        (idx_bytes(np.zeros((2, 3, 4), np.uint8)) + b"x", "holds 41 bytes"),
        (bytes((0, 0, 8, 3)) + b"\xff" * 12, "declares 79,228,162,458,924,105,385,300,197,391 bytes"),
        (gzip.compress(idx_bytes(np.zeros((2, 3, 4), np.uint8)), mtime=0)[:-5], "damaged gzip"),
        (gzip.compress(idx_bytes(np.zeros((2, 3, 4), np.uint8)) + b"x", mtime=0), "holds more than 40 bytes"),
        (
            gzip.compress(bytes((0, 0, 8, 3, 0, 1, 0, 0, 0, 0, 28, 0, 0, 0, 0, 1)), mtime=0),
            "cannot hold the 469,762,064",
        ),
    ],
)
def test_damage_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(DataError, match="file") as caught:
        read_idx(path, dimensions=3)
    assert words in caught.value.message


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nothing is missing"):
        read_idx(tmp_path / "nothing", dimensions=3)
