"""Large data sets: read and split with little more memory than they take, and no other way than small ones."""

import tracemalloc
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pytest

from kerasnn.data import blocks, dataset
from kerasnn.data import overview as data_summary
from kerasnn.data.background import background_of, border
from kerasnn.data.blocks import read_up_to, reorder
from kerasnn.data.dataset import as_pixels, checked_part, split
from kerasnn.data.idx import FOUR_FILES
from kerasnn.data.load import load_data
from kerasnn.data.overview import data_overview
from kerasnn.errors import DataError
from tests.conftest import tiny_source
from tests.data.test_idx import idx_bytes


@pytest.mark.parametrize("form", ["npz", "packed npz", "npz by columns", "idx"])
def test_data_peak_at_half_more_than_they_take(form: str, tmp_path: Path) -> None:
    images = np.random.default_rng(1).integers(0, 256, (20_000, 28, 28), np.uint8)
    images[:, :14] = 0
    labels = (np.arange(20_000) % 10).astype(np.uint8)
    arrays = (images, labels, images[:1_000], labels[:1_000])
    names = ("x_train", "y_train", "x_test", "y_test")
    if form == "idx":
        for file, array in zip(FOUR_FILES, arrays, strict=True):
            (tmp_path / file.name).write_bytes(idx_bytes(array))
    else:
        values: dict[str, Any] = dict(zip(names, arrays, strict=True))
        if form == "npz by columns":
            values["x_train"] = np.asfortranarray(images)
        (np.savez_compressed if form == "packed npz" else np.savez)(tmp_path / "large.npz", **values)
    tracemalloc.start()
    try:
        with mock.patch.object(dataset, "COPIED", 0), mock.patch.object(blocks, "BLOCK", 1 << 16):
            overview = data_overview(tmp_path if form == "idx" else tmp_path / "large.npz")
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert overview.dataset.train == 16_000
    assert peak < (2.3 if form == "npz by columns" else 1.5) * images.nbytes


@pytest.mark.parametrize("bytes_at_once", [1, 100, 1 << 20])
def test_large_data_are_split_as_small_ones(bytes_at_once: int) -> None:
    expected = split(tiny_source())
    with mock.patch.object(dataset, "COPIED", 0), mock.patch.object(blocks, "BLOCK", bytes_at_once):
        found = split(tiny_source())
    assert found.info == expected.info
    for one, other in ((found.train, expected.train), (found.validation, expected.validation)):
        assert (one.images == other.images).all()
        assert (one.labels == other.labels).all()


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 2, 1, 0], [1, 2, 3, 0], [2, 0, 3, 1]])
def test_images_are_reordered_in_their_place(order: list[int]) -> None:
    images = np.arange(16, dtype=np.uint8).reshape(4, 2, 2)
    expected = images[order]
    with mock.patch.object(blocks, "BLOCK", 8):
        reorder(images, np.array(order))
    assert (images == expected).all()


@pytest.mark.parametrize("count", [1, 2, 7])
def test_the_background_is_the_median_of_the_borders(count: int) -> None:
    for seed in range(20):
        images = np.random.default_rng(seed).integers(0, 66 + 10 * seed, (count, 3, 4)).astype(np.uint8)
        edges = border(images)
        median = np.median(edges)
        shared = (np.abs(edges - median) < 32).mean() > 0.5 and not 64 < median < 191
        assert background_of(images) == (round(median) if shared else None)


def test_a_stream_may_answer_in_parts(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"abcdefgh")
    with mock.patch.object(blocks, "BLOCK", 3), path.open("rb") as stream:
        assert read_up_to(stream, 7, stream.read(1)) == b"abcdefg"
        assert read_up_to(stream, 7) == b"h"


def test_samples_of_large_images_are_thinned(tmp_path: Path) -> None:
    images = np.random.default_rng(2).integers(0, 256, (40, 20, 300), np.uint8)
    labels = np.arange(40) % 2
    path = tmp_path / "wide.npz"
    np.savez(path, x_train=images, y_train=labels, x_test=images, y_test=labels)
    data = load_data(path)
    expected = [data.train.images[data.train.labels == label][:12, ::3, ::3] for label in (0, 1)]
    assert data_overview(path).samples == tuple(tuple(map(as_pixels, each)) for each in expected)
    with mock.patch.object(data_summary, "MOST_PIXELS", 5 * 2 * 7 * 100):
        assert [len(each) for each in data_overview(path).samples] == [5, 5]


def test_more_images_than_can_be_told_apart_in_time_are_refused() -> None:
    with mock.patch.object(dataset, "MOST_IMAGES", 8), pytest.raises(DataError, match="there are 9 images"):
        checked_part(np.zeros((9, 1, 1), np.uint8), np.zeros(9, np.uint8), where="here")
