"""Find, check and download Fashion-MNIST; a local server stands in for the mirror."""

import gzip
import http.server
import shutil
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kerasnn
from kerasnn.data import fashion_mnist
from kerasnn.data.idx import FOUR_FILES, LEARNING_IMAGES
from kerasnn.data.load import load_data
from kerasnn.errors import DataError, UsageError
from kerasnn.records import Download, Event, Notice
from tests.conftest import tiny_source
from tests.data.test_idx import idx_bytes


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with four small files that count as the published ones for this test."""
    folder = tmp_path / "published"
    folder.mkdir()
    source = tiny_source()
    arrays: tuple[Any, ...] = (source.learning.images, source.learning.labels, source.test.images, source.test.labels)
    for file, array in zip(FOUR_FILES, arrays, strict=True):
        plain = idx_bytes(array.astype(np.uint8))
        packed = gzip.compress(plain)
        (folder / f"{file.name}.gz").write_bytes(packed)
        monkeypatch.setitem(fashion_mnist.PACKED_SHA256, file, sha256(packed).hexdigest())
        monkeypatch.setitem(fashion_mnist.PLAIN_SHA256, file, sha256(plain).hexdigest())
    return folder


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_the_folder_that_is_named_is_taken(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    by_flag = load_data("fashion-mnist", data_dir=published)
    monkeypatch.setenv("KERASNN_DATA_DIR", str(published))
    by_variable = load_data("auto")
    assert by_flag.info == by_variable.info
    assert (by_flag.info.name, by_flag.info.location) == ("fashion-mnist", str(published))


def test_unpacked_files_do_as_well(published: Path) -> None:
    digest = load_data("fashion-mnist", data_dir=published).info.sha256
    for path in list(published.iterdir()):
        path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
        path.unlink()
    assert load_data("fashion-mnist", data_dir=published).info.sha256 == digest


def test_keras_cache_comes_before_a_download(published: Path) -> None:
    shutil.copytree(published, fashion_mnist.keras_cache())
    assert load_data("auto").info.location == str(fashion_mnist.keras_cache())  # the mirror answers nobody


@pytest.mark.parametrize("dataset", ["auto", "fashion-mnist"])
def test_a_damaged_file_in_a_named_folder_is_an_error(published: Path, dataset: str) -> None:
    path = published / f"{LEARNING_IMAGES.name}.gz"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"train-images-idx3-ubyte\.gz is corrupt"):
        load_data(dataset, data_dir=published)


def test_a_missing_file_in_a_named_folder_is_an_error(published: Path) -> None:
    (published / f"{LEARNING_IMAGES.name}.gz").unlink()
    with pytest.raises(DataError, match="is missing"):
        load_data("auto", data_dir=published)


def test_a_download_fills_keras_cache(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[Event] = []
    with serving(published) as address:
        monkeypatch.setenv("KERASNN_MIRROR", address)
        data = load_data("fashion-mnist", listener=events.append)
    assert data.info.location == str(fashion_mnist.keras_cache())
    assert fashion_mnist.check(fashion_mnist.keras_cache()).good
    assert {event.name for event in events if isinstance(event, Download)} == {f"{file.name}.gz" for file in FOUR_FILES}


def test_only_what_is_not_good_is_downloaded(published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "partly"
    shutil.copytree(published, folder)
    (folder / f"{LEARNING_IMAGES.name}.gz").write_bytes(b"half")
    with serving(published) as address:
        monkeypatch.setenv("KERASNN_MIRROR", address)
        fetched = fashion_mnist.fetch(folder)
    assert [path.name for path in fetched] == [f"{LEARNING_IMAGES.name}.gz"]
    assert fashion_mnist.check(folder).good


def test_a_server_that_sends_something_else_leaves_nothing_behind(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kerasnn.data.download.RETRIES", 0)
    for path in published.iterdir():
        path.write_text("<html>this is a login page</html>")
    with serving(published) as address:
        monkeypatch.setenv("KERASNN_MIRROR", address)
        with pytest.raises(DataError, match="the server sent another file"):
            fashion_mnist.fetch(tmp_path / "new")
    assert list((tmp_path / "new").iterdir()) == []


def test_a_server_without_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kerasnn.data.download.RETRIES", 0)
    (tmp_path / "empty").mkdir()
    with serving(tmp_path / "empty") as address:
        monkeypatch.setenv("KERASNN_MIRROR", address)
        with pytest.raises(DataError, match="the server answered 404"):
            fashion_mnist.fetch(tmp_path / "new")


def test_without_any_source_auto_says_so_once_and_takes_garments() -> None:
    events: list[Event] = []
    data = load_data("auto", listener=events.append)
    notices = [event.text for event in events if isinstance(event, Notice)]
    assert data.info.name == "garments"
    assert len(notices) == 1
    assert "no connection" in notices[0]
    assert "kerasnn data get" in notices[0]


def test_without_any_source_fashion_mnist_is_an_error() -> None:
    with pytest.raises(DataError, match="no connection to the server"):
        load_data("fashion-mnist")


def test_a_data_folder_does_not_go_with_another_data_set(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not go with --dataset garments"):
        load_data("garments", data_dir=tmp_path)


def test_the_real_files(real_data: Path) -> None:
    """Source: LECTURE, "The data and the split"."""
    source = fashion_mnist.read(real_data)
    data = load_data("fashion-mnist", data_dir=real_data)
    assert source.learning.labels[:10].tolist() == [9, 0, 0, 3, 0, 2, 7, 2, 5, 5]
    assert data.train.labels[:10].tolist() == [7, 3, 5, 8, 6, 9, 3, 3, 9, 9]
    assert (data.info.train, data.info.validation, data.info.test) == (48_000, 12_000, 10_000)
    assert np.bincount(source.learning.labels).tolist() == [6_000] * 10


def test_another_data_set_in_files_of_the_same_names_stays(tmp_path: Path) -> None:
    path = tmp_path / f"{LEARNING_IMAGES.name}.gz"
    mnist = gzip.compress(struct.pack(">4i", 0x803, 2, 28, 28) + bytes(2 * 784))
    path.write_bytes(mnist)
    with pytest.raises(UsageError, match="is not overwritten"):
        kerasnn.fetch_data(tmp_path)
    assert path.read_bytes() == mnist
    path.unlink()
    path.symlink_to(tmp_path / "target")
    with pytest.raises(UsageError, match="does not replace"):
        kerasnn.fetch_data(tmp_path)
    path.unlink()
    path.write_bytes(mnist[:-9])  # a download that was cut short may be replaced; here no server answers
    with pytest.raises(DataError):
        kerasnn.fetch_data(tmp_path)
