"""Data sets known by name: from the folders where people keep them, or from a server, by their published digests."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import kerasnn
from kerasnn.data import fashion_mnist, published
from kerasnn.data.load import load_data
from kerasnn.errors import DataError
from kerasnn.records.codes import Code
from kerasnn.records.data import PUBLISHED
from tests.conftest import save_npz
from tests.data.test_fashion_mnist import serving
from tests.data.test_idx_files import called, emnist, save, zipped

CLASSES = {
    "mnist": tuple("0123456789"),
    "kmnist": ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
    "emnist-letters": tuple("abcdefghijklmnopqrstuvwxyz"),
}


@pytest.fixture
def digest(tmp_path: Path) -> str:
    return load_data(save_npz(tmp_path / "stripes.npz")).info.sha256


def files_of(name: str, folder: Path) -> Path:
    """Write the tiny data set as the files in which `name` is published."""
    folder.mkdir(parents=True, exist_ok=True)
    match name:
        case "mnist":
            save_npz(folder / "mnist.npz")
            (folder / "classes.txt").unlink()
        case "kmnist":
            save(folder, called("{}.gz".format))
        case _:
            sets = {**emnist("emnist-letters", 1), **emnist("emnist-digits", 0)}
            zipped(folder / "gzip.zip", {f"gzip/{file}": content for file, content in sets.items()})
    return folder


def publish(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the digests of the files in `folder` stand in for the published ones."""
    known = published.DATA_SETS[name]
    files = {file: sha256((folder / file).read_bytes()).hexdigest() for file in known.files}
    monkeypatch.setitem(published.DATA_SETS, name, replace(known, files=files))


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_folder_that_is_named(surroundings: Path, digest: str, name: str) -> None:
    found = load_data(name, data_dir=files_of(name, surroundings / "somewhere")).info
    assert (found.sha256, found.name, found.classes, found.argument) == (digest, name, CLASSES[name], name)
    assert Code.NOT_AS_PUBLISHED in {note.code for note in found.conversions}


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_folder_in_the_one_of_the_variable(
    surroundings: Path, monkeypatch: pytest.MonkeyPatch, digest: str, name: str
) -> None:
    publish(name, files_of(name, surroundings / "all" / name), monkeypatch)
    monkeypatch.setenv("KERASNN_DATA_DIR", str(surroundings / "all"))
    found = load_data(name.upper()).info
    assert (found.sha256, found.classes) == (digest, CLASSES[name])
    assert Code.NOT_AS_PUBLISHED not in {note.code for note in found.conversions}


@pytest.mark.parametrize("name", PUBLISHED)
def test_what_was_downloaded_is_read_without_a_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, digest: str, name: str
) -> None:
    publish(name, files_of(name, tmp_path / "server" / published.DATA_SETS[name].cache), monkeypatch)
    with serving(tmp_path / "server") as address:
        monkeypatch.setenv("KERASNN_MIRROR", address)
        first = load_data(name).info
    assert (first.sha256, load_data(name).info) == (digest, first)
    assert Path(first.location).is_relative_to(fashion_mnist.keras_cache("."))


def test_a_server_that_sends_something_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(files_of("mnist", tmp_path / "server")) as address:
        monkeypatch.setenv("KERASNN_MIRROR", address)
        with pytest.raises(DataError, match="the server sent another file"):
            load_data("mnist")
    assert not (fashion_mnist.keras_cache(".") / "mnist.npz").exists()


@pytest.mark.parametrize("name", PUBLISHED)
def test_without_files_and_network_it_is_said_where_to_get_them(name: str) -> None:
    with pytest.raises(DataError) as caught:
        load_data(name)
    known = published.DATA_SETS[name]
    assert all(word in str(caught.value.hint) for word in (known.address, *known.files, "--data-dir"))
    assert str(fashion_mnist.keras_cache(known.cache)) in str(caught.value.hint)


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_folder_without_it_is_no_reason_for_a_download(surroundings: Path, name: str) -> None:
    (surroundings / "empty").mkdir()
    with pytest.raises(DataError, match=r"empty does not hold|empty.* is missing") as caught:
        load_data(name, data_dir=surroundings / "empty")
    assert caught.value.hint


@pytest.mark.parametrize("change", [str, "{}.gz".format, "MNIST/raw/{}".format, "{0}/{0}".format])
def test_mnist_as_idx_files(surroundings: Path, digest: str, change: Callable[[str], str]) -> None:
    found = load_data("mnist", data_dir=save(surroundings / "data", called(change))).info
    assert (found.sha256, found.classes) == (digest, CLASSES["mnist"])


def test_fashion_mnist_is_not_taken_for_mnist(surroundings: Path, monkeypatch: pytest.MonkeyPatch, digest: str) -> None:
    monkeypatch.setattr("kerasnn.records.data.FASHION_MNIST_SHA256", digest)
    with pytest.raises(DataError, match="holds Fashion-MNIST, not mnist"):
        load_data("mnist", data_dir=save(surroundings / "data", called(str)))


def test_a_run_names_the_data_set_and_finds_it_again(surroundings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files_of("kmnist", surroundings / "all" / "kmnist")
    monkeypatch.setenv("KERASNN_DATA_DIR", str(surroundings / "all"))
    run = kerasnn.train("softmax", dataset="kmnist", engine="keras", epochs=1)
    assert run.command.endswith("--dataset kmnist")
    assert kerasnn.evaluate("latest").dataset == run.dataset
    assert "train-images-idx3-ubyte.gz" in kerasnn.code("latest").source


def test_a_folder_of_the_users_own_may_have_such_a_name(surroundings: Path, digest: str) -> None:
    save(surroundings / "mnist", called(str))
    found = load_data("mnist").info
    assert (found.by_name, found.argument, found.sha256) == (False, "./mnist", digest)


def test_a_folder_of_pictures_may_be_named_for_a_published_set(tmp_path: Path) -> None:
    for label, name in enumerate("ab"):
        for number in range(6):
            path = tmp_path / "pictures" / name / f"{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(np.full((28, 28), 40 * label + 10 * number + 5, np.uint8)).save(path)
    data = load_data("mnist", data_dir=tmp_path / "pictures")
    assert (data.info.name, data.info.shape, data.info.by_name) == ("mnist", (28, 28), True)
