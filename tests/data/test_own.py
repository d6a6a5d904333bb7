"""Users' own data sets, in all formats, and all the ways in which they can be wrong."""

import gzip
import json
import pickle
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unicodedata import normalize

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

import kerasnn
from kerasnn.data.formats import FORMATS, Format
from kerasnn.data.idx import LEARNING_IMAGES, LEARNING_LABELS, TEST_IMAGES, TEST_LABELS, IdxFile
from kerasnn.data.load import load_data
from kerasnn.errors import DataError, UsageError
from tests.conftest import save_npz, tiny_source
from tests.data.test_idx import idx_bytes
from tests.data.test_idx_files import called, tarred, zipped

Change = Callable[[str, Any], tuple[str, Any]]


def save_folder(folder: Path, *, packed: bool) -> Path:
    """The tiny data set as four IDX files, with Korean class names."""
    folder.mkdir()
    source = tiny_source()
    parts: dict[IdxFile, NDArray[Any]] = {
        LEARNING_IMAGES: source.learning.images,
        LEARNING_LABELS: source.learning.labels,
        TEST_IMAGES: source.test.images,
        TEST_LABELS: source.test.labels,
    }
    for file, array in parts.items():
        content = idx_bytes(array.astype(np.uint8))
        name = f"{file.name}.gz" if packed else file.name
        (folder / name).write_bytes(gzip.compress(content) if packed else content)
    (folder / "classes.txt").write_text("하나\n둘\n셋\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", ["fashion-mnist", "garments"])
def test_a_folder_of_the_users_own_is_not_mistaken_for_a_known_data_set(surroundings: Path, name: str) -> None:
    save_folder(surroundings / name, packed=False)
    run = kerasnn.train("softmax", dataset=f"./{name}", engine="keras", epochs=1)
    assert not run.dataset.is_fashion_mnist
    assert run.command.endswith(f"--dataset ./{name}")
    assert run.published is None
    assert kerasnn.evaluate("latest").dataset == run.dataset
    assert kerasnn.code("latest").data_file is None


@pytest.mark.parametrize("packed", [True, False])
def test_a_folder_of_idx_files(surroundings: Path, packed: bool) -> None:
    data = load_data(save_folder(surroundings / "내 자료", packed=packed))
    assert data.info.classes == ("하나", "둘", "셋")
    assert (data.info.name, data.info.shape) == ("내 자료", (6, 6))


def test_an_npz_holds_the_same_data_as_the_folder(surroundings: Path) -> None:
    folder = load_data(save_folder(surroundings / "folder", packed=True))
    archive = load_data(save_npz(surroundings / "stripes.npz"))
    assert archive.info.sha256 == folder.info.sha256
    assert archive.info.classes == ("stripe 0", "stripe 1", "stripe 2")


def test_without_names_the_classes_are_numbered(npz: Path) -> None:
    (npz.parent / "classes.txt").unlink()
    assert load_data(npz).info.classes == ("class 0", "class 1", "class 2")


@pytest.mark.parametrize("name", ["empty", "notes.txt"])
def test_what_no_form_recognises_is_refused_with_all_forms(surroundings: Path, name: str) -> None:
    (surroundings / "empty").mkdir()
    (surroundings / "notes.txt").write_text("hello")
    with pytest.raises(DataError, match=f"{name} is not in a form that kerasnn reads") as caught:
        load_data(name)
    assert all(form.looks_like in str(caught.value.expected) for form in FORMATS)


def test_a_script_refuses_a_form_that_it_cannot_read(npz: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unwritten = Format("unwritten", "a form that no script reads", "kerasnn.data.npz")
    monkeypatch.setattr("kerasnn.data.formats.FORMATS", (unwritten,))
    run = kerasnn.train("softmax", dataset=npz, engine="keras", epochs=1)
    assert run.dataset.form == "unwritten"
    assert kerasnn.evaluate(run.run).dataset == run.dataset
    with pytest.raises(UsageError, match="the way it does: scripts do not read a form") as caught:
        kerasnn.code(run.run)
    assert caught.value.hint == f"kerasnn data convert {npz} stripes.npz writes such a file to train on"


@pytest.mark.parametrize(
    ("change", "written"),
    [
        pytest.param(
            lambda name, array: (name, array / 255 if name[0] == "x" else array),
            "np.rint(images * 255)",
            id="fractions",
        ),
        pytest.param(
            lambda name, array: (name.replace("x_", "images_").replace("y_", "labels_"), array),
            'arrays["images_train"], arrays["labels_train"]',
            id="names",
        ),
    ],
)
def test_a_script_reads_the_data_of_the_run_and_what_they_were_converted_to(
    npz: Path, change: Change, written: str
) -> None:
    with np.load(npz) as archive:
        arrays = dict(change(*each) for each in archive.items())
    np.savez(npz, **arrays)
    run = kerasnn.train("softmax", dataset=npz, engine="keras", epochs=1)
    assert written in kerasnn.code(run.run).source
    kerasnn.convert_data(npz, npz.parent / "elsewhere" / "converted.npz")
    again = kerasnn.train("softmax", dataset=npz.parent / "elsewhere" / "converted.npz", engine="keras", epochs=1)
    assert again.dataset.sha256 == run.dataset.sha256
    source = kerasnn.code(again.run).source
    assert 'arrays["x_train"], arrays["y_train"]' in source
    assert "np.rint" not in source


def test_a_script_reads_the_recorded_form_of_data_that_are_gone(npz: Path) -> None:
    path = npz.rename(npz.with_suffix(".data"))
    run = kerasnn.train("softmax", dataset=path, engine="keras", epochs=1)
    path.unlink()
    assert run.dataset.form == "npz"
    assert "np.load(" in kerasnn.code(run.run).source


def test_a_run_without_a_recorded_form_opens(npz: Path) -> None:
    run = kerasnn.train("softmax", dataset=npz, engine="keras", epochs=1)
    record = Path("runs", run.run, "run.json")
    content = json.loads(record.read_text(encoding="utf-8"))
    assert content["dataset"].pop("form") == "npz"
    record.write_text(json.dumps(content), encoding="utf-8")
    assert kerasnn.open_run(run.run).dataset.form is None
    assert "np.load(" in kerasnn.code(run.run).source


def test_an_npz_file_of_another_name_is_recognised(npz: Path) -> None:
    found = load_data(npz.rename(npz.with_suffix(".data")))
    assert found.info.classes == ("stripe 0", "stripe 1", "stripe 2")


def drop_an_array(path: Path) -> None:
    np.savez(path, x_train=np.zeros((9, 2, 2), np.uint8))


def put_a_pickle(path: Path) -> None:
    objects = np.array([{}], dtype=object)
    np.savez(path, x_train=objects, y_train=objects, x_test=objects, y_test=objects)


def other_size_to_test(path: Path) -> None:
    with np.load(path) as archive:
        arrays = dict(archive)
    np.savez(path, **{**arrays, "x_test": np.zeros((31, 5, 5), np.uint8)})


def save_one_array(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.zeros(3))


def mat(path: Path) -> None:
    from scipy.io import savemat

    savemat(path, {"x": np.zeros((9, 4, 4))})


def hdf5(path: Path) -> None:
    import h5py

    with h5py.File(path, "w") as file:
        file["x"] = np.zeros((9, 4, 4))


def texts(folder: Path) -> None:
    for name in ("cats", "dogs"):
        (folder / name).mkdir(parents=True)
        (folder / name / "1.txt").write_text("hello")


def an_archive_in_a_folder(folder: Path) -> None:
    folder.mkdir()
    zipped(folder / "a.zip", called(str))


def a_mat_in_a_folder(folder: Path) -> None:
    folder.mkdir()
    mat(folder / "a.mat")


def links(folder: Path) -> None:
    folder.mkdir()
    for name in ("bag", "shirt"):
        (folder.parent / name).mkdir()
        (folder / name).symlink_to(folder.parent / name, target_is_directory=True)
    (folder / "readme.md").write_text("hello")


@pytest.mark.parametrize(
    ("make", "what", "remedy"),
    [
        (links, "a folder with 2 links to other folders", "links are not followed"),
        (mat, "a MATLAB file", "numpy.savez"),
        (hdf5, "an HDF5 file", "numpy.savez"),
        (lambda path: path.write_bytes(pickle.dumps([1])), "a pickle", "numpy.savez"),
        (save_one_array, "a single array", "into a folder"),
        (lambda path: path.write_bytes(idx_bytes(np.zeros((2, 2, 2), np.uint8))), "a single IDX file", "the folder"),
        (
            lambda path: path.write_bytes(gzip.compress(idx_bytes(np.zeros((2, 2, 2), np.uint8)))),
            "a single IDX file, compressed with gzip",
            "the folder",
        ),
        (lambda path: path.write_bytes(gzip.compress(b"hello")), "text, compressed with gzip", "ends in .csv"),
        (lambda path: Image.new("L", (3, 3)).save(path, "PNG"), "a picture", "predict"),
        (lambda path: path.write_bytes(b"<!DOCTYPE html>"), "a web page", "download it again"),
        (lambda path: path.write_bytes(b""), "an empty file", "garments"),
        (lambda path: path.mkdir(), "a folder without files", "garments"),
        (texts, "a folder with files of other kinds (2 .txt)", "ends in .csv"),
        (lambda path: path.write_bytes(gzip.compress(pickle.dumps([1]))), "a pickle, which", "numpy.savez"),
        (lambda path: zipped(path, {"archive/data.pkl": b""}), "a PyTorch file", "numpy.savez"),
        (lambda path: zipped(path, {"[Content_Types].xml": b""}), "an Office document", "as CSV"),
        (lambda path: zipped(path, {"notes.txt": b""}), "a zip archive without such files", "unpack it"),
        (lambda path: tarred(path, {"notes.txt": b""}), "a tar archive without such files", "unpack it"),
        (lambda path: path.write_text("% MNIST\n@RELATION mnist\n"), "an ARFF file", "ends in .csv"),
        (lambda path: path.write_text("한글\n"), "text", "ends in .csv"),
        (lambda path: path.write_bytes(bytes(range(256))), "bytes of an unknown kind", "numpy.savez"),
        (an_archive_in_a_folder, "a folder with files of other kinds (1 .zip)", "name the file: thing/a.zip"),
        (a_mat_in_a_folder, "a folder with files of other kinds (1 .mat)", "numpy.savez"),
    ],
)
def test_what_is_not_recognised_is_described(
    surroundings: Path, make: Callable[[Path], object], what: str, remedy: str
) -> None:
    make(surroundings / "thing")
    with pytest.raises(DataError) as caught:
        load_data("thing")
    assert f"thing is not in a form that kerasnn reads: {what}" in caught.value.message
    assert remedy in str(caught.value.hint)


def name_twice(path: Path) -> None:
    (path.parent / "classes.txt").write_text("a\na\nb\n", encoding="utf-8")


def one_name_in_two_spellings(path: Path) -> None:
    (path.parent / "classes.txt").write_text(f"{normalize('NFC', 'café')}\n{normalize('NFD', 'café')}\nte", "utf-8")


def too_few_names(path: Path) -> None:
    (path.parent / "classes.txt").write_text("a\nb\n", encoding="utf-8")


def names_in_another_encoding(path: Path) -> None:
    (path.parent / "classes.txt").write_bytes("하나\n둘\n셋".encode("cp949"))


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:100]), "not a readable .npz"),
        (lambda path: path.write_bytes(b""), "not a readable .npz"),
        (lambda path: path.write_bytes(pickle.dumps([1, 2])), "not a readable .npz"),
        (lambda path: path.write_text("hello"), "not a readable .npz"),
        (save_one_array, "not a readable .npz"),
        (drop_an_array, "has no labels for x_train"),
        (put_a_pickle, "not a readable .npz"),
        (other_size_to_test, "training images are (6, 6), others (5, 5)"),
        (name_twice, "names a class twice"),
        (one_name_in_two_spellings, "names a class twice"),
        (too_few_names, "labels from 0 to 2 for 2 classes"),
        (names_in_another_encoding, "classes.txt cannot be read"),
        (lambda path: path.unlink(), "there is no data set"),
    ],
)
def test_what_is_wrong_is_named(npz: Path, damage: Callable[[Path], None], words: str) -> None:
    damage(npz)
    with pytest.raises(DataError) as caught:
        load_data(npz)
    assert words in caught.value.message


def test_too_few_images_to_split(surroundings: Path) -> None:
    path = save_npz(surroundings / "few.npz")
    images, labels = np.zeros((4, 6, 6), np.uint8), np.array([0, 1, 0, 1])
    np.savez(path, x_train=images, y_train=labels, x_test=images, y_test=labels)
    (path.parent / "classes.txt").unlink()
    with pytest.raises(DataError, match="4 training images"):
        load_data(path)


def test_labels_that_32_bits_cannot_hold_are_refused(npz: Path) -> None:
    with np.load(npz) as archive:
        arrays = dict(archive)
    np.savez(npz, **{**arrays, "y_train": arrays["y_train"].astype(np.uint64) + 2**32})
    with pytest.raises(DataError, match="labels from 4294967296 to 4294967298"):
        load_data(npz)


def test_arrays_by_columns_and_packed_are_read(npz: Path) -> None:
    digest = load_data(npz).info.sha256
    with np.load(npz) as archive:
        arrays: dict[str, Any] = {name: np.asfortranarray(array) for name, array in archive.items()}
    np.savez_compressed(npz, **arrays)
    assert load_data(npz).info.sha256 == digest


@pytest.mark.parametrize("url", ["https://example.org/shirt.jpg?raw=1", "http://example.org/test.csv"])
def test_an_address_is_no_file(surroundings: Path, url: str) -> None:
    for take in (load_data, lambda given: kerasnn.predict("dropout", [given])):
        with pytest.raises(DataError, match=f"^{re.escape(url)} is an address on the web") as caught:
            take(url)
        assert caught.value.hint == "download it first, then name the file"
