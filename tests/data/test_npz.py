"""Arrays as people write them: whatever their names, shapes and types, the same images and labels are read."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from kerasnn.data.load import load_data
from kerasnn.errors import DataError
from kerasnn.records.codes import Code
from tests.conftest import stripes

Arrays = dict[str, Any]


@pytest.fixture
def arrays(npz: Path) -> Arrays:
    """The tiny data set as four arrays."""
    with np.load(npz) as archive:
        return dict(archive)


def codes(path: Path) -> set[str]:
    return {note.code for note in load_data(path).info.conversions}


def pixels(change: Callable[[Any], Any]) -> Callable[[Arrays], Arrays]:
    return lambda given: {name: change(array) if name[0] == "x" else array for name, array in given.items()}


def labels(change: Callable[[Any], Any]) -> Callable[[Arrays], Arrays]:
    return lambda given: {name: change(array) if name[0] == "y" else array for name, array in given.items()}


def sixteen_bits(images: Any) -> Any:
    return np.asarray([np.asarray(Image.fromarray(image).convert("I;16")) for image in images]).astype(np.uint16) * 257


NAMES = np.array(["stripe 0", "stripe 1", "stripe 2"])
FORMS: dict[str, tuple[Callable[[Arrays], Arrays], set[Code]]] = {
    "channel last": (pixels(lambda x: x[..., None]), {Code.CHANNEL_REMOVED}),
    "channel first": (pixels(lambda x: x[:, None]), {Code.CHANNEL_REMOVED}),
    "three equal channels": (pixels(lambda x: np.repeat(x[..., None], 3, axis=-1)), {Code.COLOURS_TO_GREY}),
    "flat": (pixels(lambda x: x.reshape(len(x), -1)), {Code.ROWS_TO_SQUARES}),
    "three channels first": (pixels(lambda x: np.repeat(x[:, None], 3, axis=1)), {Code.COLOURS_TO_GREY}),
    "int64": (pixels(lambda x: x.astype(np.int64)), {Code.PIXELS_AS_BYTES}),
    "floats to 255": (pixels(lambda x: x.astype(np.float64)), {Code.PIXELS_AS_BYTES}),
    "floats to 1": (pixels(lambda x: (x / 255).astype(np.float32)), {Code.PIXELS_SCALED}),
    "half floats to 1": (pixels(lambda x: (x / 255).astype(np.float16)), {Code.PIXELS_SCALED}),
    "floats from -1 to 1": (pixels(lambda x: (x / 127.5 - 1).astype(np.float32)), {Code.PIXELS_SCALED}),
    "floats from -0.5 to 0.5": (pixels(lambda x: (x / 255 - 0.5).astype(np.float32)), {Code.PIXELS_SCALED}),
    "16 bits": (pixels(sixteen_bits), {Code.PIXELS_SCALED}),
    "16 bits, the lower empty": (pixels(lambda x: x.astype(np.int32) << 8), {Code.PIXELS_SCALED}),
    "flat floats": (
        pixels(lambda x: x.reshape(len(x), -1) / 255),
        {Code.ROWS_TO_SQUARES, Code.PIXELS_SCALED},
    ),
    "one-hot": (labels(lambda y: np.eye(3)[y]), {Code.LABELS_ONE_HOT}),
    "a row": (labels(lambda y: y[None]), {Code.LABELS_FLATTENED}),
    "a column": (labels(lambda y: y[:, None]), {Code.LABELS_FLATTENED}),
    "whole floats": (labels(lambda y: y.astype(np.float32)), {Code.LABELS_WHOLE}),
    "numbers as texts": (labels(lambda y: y.astype(str)), {Code.LABELS_WHOLE}),
    "names": (labels(lambda y: NAMES[y]), {Code.LABELS_NUMBERED}),
    "names as bytes": (labels(lambda y: NAMES.astype("S")[y][:, None]), {Code.LABELS_NUMBERED, Code.LABELS_FLATTENED}),
}


@pytest.mark.parametrize("form", FORMS)
def test_shapes_and_types_are_converted_and_noted(npz: Path, arrays: Arrays, form: str) -> None:
    change, expected = FORMS[form]
    digest = load_data(npz).info.sha256
    np.savez(npz, **change(arrays))
    found = load_data(npz).info
    assert (found.sha256, found.classes) == (digest, tuple(NAMES))
    assert {note.code for note in found.conversions} == expected


@pytest.mark.parametrize("axis", [1, -1])
def test_colours_become_grey_as_pillow_does_it(npz: Path, arrays: Arrays, axis: int) -> None:
    random = np.random.RandomState(0)
    coloured = {
        name: random.randint(0, 256, (*array.shape, 3), np.uint8) for name, array in arrays.items() if name[0] == "x"
    }
    grey = {
        name: np.stack([np.asarray(Image.fromarray(one).convert("L")) for one in x]) for name, x in coloured.items()
    }
    np.savez(npz, **{**arrays, **grey})
    digest = load_data(npz).info.sha256
    np.savez(npz, **{**arrays, **{name: np.moveaxis(array, -1, axis) for name, array in coloured.items()}})
    assert load_data(npz).info.sha256 == digest


@pytest.mark.parametrize("form", [np.uint8, np.float64])
def test_pixels_that_are_0_or_1_only(npz: Path, arrays: Arrays, form: type) -> None:
    bits: Arrays = {name: array > 100 if name[0] == "x" else array for name, array in arrays.items()}
    np.savez(npz, **{name: array * np.uint8(255) if name[0] == "x" else array for name, array in bits.items()})
    digest = load_data(npz).info.sha256
    np.savez(npz, **bits)
    assert load_data(npz).info.sha256 == digest


@pytest.mark.parametrize("shape", [(100, 81), (100, 1, 81), (100, 81, 1)])
def test_flat_images_with_an_axis_of_one(npz: Path, shape: tuple[int, ...]) -> None:
    part = stripes(100, size=9)
    np.savez(npz, x=part.images, y=part.labels)
    digest = load_data(npz).info.sha256
    np.savez(npz, x=part.images.reshape(shape), y=part.labels)
    assert load_data(npz).info.sha256 == digest


def test_fractions_are_rounded_and_said(npz: Path, arrays: Arrays) -> None:
    digest = load_data(npz).info.sha256
    np.savez(npz, **pixels(lambda x: np.clip(x + 0.4, 0, 255))(arrays))
    assert load_data(npz).info.sha256 == digest
    assert codes(npz) == {Code.PIXELS_ROUNDED}


def as_floats(x: Any) -> Any:
    return x.astype(np.float32)


SCALES: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any], str]] = {
    "test divided": (as_floats, lambda x: as_floats(x) / 255, "x_test becomes that by np.rint(x * 255)"),
    "training divided": (lambda x: as_floats(x) / 255, as_floats, "x_train becomes that by np.rint(x * 255)"),
    "bytes and floats": (np.asarray, lambda x: x / 255, "x_test becomes that by np.rint(x * 255)"),
    "one scale, two types": (np.asarray, as_floats, "x_test becomes that by np.rint(x).astype('uint8'), if 255 is"),
    "floats of 0 and 1": (as_floats, lambda x: as_floats(x > 99), "x_test becomes that by np.rint(x * 255)"),
    "bytes of 0 and 1": (np.asarray, lambda x: (x / 255).round().astype(np.uint8), "np.rint(x * 255)"),
    "16 bits and 8": (lambda x: x * np.uint16(257), np.asarray, "np.rint(x / 257).astype('uint8'), if 65535 is white"),
    "from -1 and from 0": (lambda x: x / 127.5 - 1, lambda x: x / 255, "np.rint((x + 1) * 127.5)"),
    "a grey part": (lambda x: x / 127.5 - 1, np.zeros_like, "np.rint((x + 1) * 127.5)"),
    "a dim part": (as_floats, lambda x: as_floats(x) / 10, "values that black and white have in x"),
}


@pytest.mark.parametrize("case", SCALES)
def test_parts_on_different_scales_are_refused(npz: Path, arrays: Arrays, case: str) -> None:
    train, test, hint = SCALES[case]
    np.savez(npz, **{**arrays, "x_train": train(arrays["x_train"]), "x_test": test(arrays["x_test"])})
    with pytest.raises(DataError) as caught:
        load_data(npz)
    assert "x_test" in caught.value.message
    assert hint in str(caught.value.hint)


def test_the_range_of_each_part_is_told(npz: Path, arrays: Arrays) -> None:
    train, test = (np.arange(len(x) * 36).reshape(-1, 6, 6) % 256 for x in (arrays["x_train"], arrays["x_test"]))
    np.savez(npz, **{**arrays, "x_train": train / 255, "x_test": test / 1.0})
    with pytest.raises(DataError, match="x_train is float64 from 0 to 1; x_test is float64 from 0 to 255"):
        load_data(npz)


@pytest.mark.parametrize("form", [lambda x: x, lambda x: x / 255, lambda x: x / 1.0, lambda x: x * np.uint16(257)])
def test_a_part_that_is_black_is_on_every_scale(npz: Path, arrays: Arrays, form: Callable[[Any], Any]) -> None:
    black = {**arrays, "x_test": np.zeros_like(arrays["x_test"])}
    np.savez(npz, **black)
    digest = load_data(npz).info.sha256
    np.savez(npz, **pixels(form)(black))
    assert load_data(npz).info.sha256 == digest


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_pixels_that_are_no_numbers_are_counted(npz: Path, arrays: Arrays, value: float) -> None:
    spoilt = arrays["x_test"] / 255
    spoilt[:2, 0, 0] = value
    np.savez(npz, **{**arrays, "x_train": arrays["x_train"] / 255, "x_test": spoilt})
    with pytest.raises(DataError, match=rf"x_test: .* 2 of {spoilt.size:,} are infinite or not a number"):
        load_data(npz)


NAMINGS = (
    ("X_train", "Y_train", "X_test", "Y_test"),
    ("train_images", "train_labels", "test_images", "test_labels"),
    ("train_x", "train_y", "test_x", "test_y"),
    ("trainX", "trainY", "testX", "testY"),
    ("xtrain", "ytrain", "xtest", "ytest"),
    ("training_images", "training_labels", "testing_images", "testing_labels"),
    ("train_data", "train_target", "test_data", "test_target"),
    ("Train", "train-labels", "TEST", "test-labels"),
    ("mnist_x_train", "mnist_y_train", "mnist_x_test", "mnist_y_test"),
    ("train_scaled", "train_target", "test_scaled", "test_target"),
    ("X_train_normalized", "y_train", "X_test_normalized", "y_test"),
    ("arr_0", "arr_1", "arr_2", "arr_3"),
)


@pytest.mark.parametrize("names", NAMINGS, ids=lambda names: str(names[0]))
def test_any_usual_names_are_understood(npz: Path, arrays: Arrays, names: tuple[str, ...]) -> None:
    digest = load_data(npz).info.sha256
    np.savez(npz, **dict(zip(names, arrays.values(), strict=True)))
    assert load_data(npz).info.sha256 == digest
    assert codes(npz) == ({Code.ARRAYS_ASSUMED} if names[0] == "arr_0" else set())


def test_the_order_of_scikit_learns_train_test_split(npz: Path, arrays: Arrays) -> None:
    digest = load_data(npz).info.sha256
    np.savez(npz, *(arrays[name] for name in ("x_train", "x_test", "y_train", "y_test")))
    assert load_data(npz).info.sha256 == digest


@pytest.mark.parametrize(
    "names", [("x", "y"), ("X", "Y"), ("images", "labels"), ("data", "target"), ("arr_0", "arr_1"), ("a", "b")]
)
def test_a_single_part_is_split_as_the_lecture_splits(npz: Path, names: tuple[str, str]) -> None:
    from sklearn.model_selection import train_test_split

    part = stripes(100)
    given: Arrays = dict(zip(names, (part.images, part.labels), strict=True))
    np.savez(npz, **given)
    found = load_data(npz)
    learning, test = train_test_split(part.images, test_size=0.2, random_state=42)
    assert sorted(map(bytes, found.test.images)) == sorted(map(bytes, test))
    assert np.array_equal(found.train.images, train_test_split(learning, test_size=0.2, random_state=42)[0])
    assert Code.TEST_HELD_OUT in codes(npz)


@pytest.mark.parametrize("name", ["val", "valid", "validation", "dev"])
def test_a_validation_part_joins_the_training_part(npz: Path, arrays: Arrays, name: str) -> None:
    digest = load_data(npz).info.sha256
    given = {"x_train": arrays["x_train"][:150], "y_train": arrays["y_train"][:150]}
    given |= {f"x_{name}": arrays["x_train"][150:], f"y_{name}": arrays["y_train"][150:]}
    np.savez(npz, **{**arrays, **given})
    assert load_data(npz).info.sha256 == digest
    assert codes(npz) == {Code.PARTS_JOINED}


def test_images_that_are_there_flat_as_well(npz: Path) -> None:
    """As in scikit-learn's digits: `data` and `images`."""
    part = stripes(100)
    np.savez(npz, data=part.images.reshape(100, -1), images=part.images, target=part.labels)
    assert codes(npz) == {Code.TEST_HELD_OUT}


@pytest.mark.parametrize("name", ["class_names", "classes"])
@pytest.mark.parametrize("encoded", [False, True])
def test_names_of_the_classes_in_an_array(npz: Path, arrays: Arrays, name: str, encoded: bool) -> None:
    (npz.parent / "classes.txt").unlink()
    names = np.array(["하나", "둘", "셋"])
    given: Arrays = {**arrays, name: np.char.encode(names, "utf-8") if encoded else names}
    np.savez(npz, **given)
    assert load_data(npz).info.classes == ("하나", "둘", "셋")


def test_classes_beside_labels_of_the_same_length_are_not_sure(npz: Path, arrays: Arrays) -> None:
    np.savez(npz, **arrays, classes=NAMES[arrays["y_train"]])
    with pytest.raises(DataError, match="not clear what classes is") as caught:
        load_data(npz)
    assert "class_names" in str(caught.value.hint)


def test_scaled_images_beside_the_images_are_not_needed(npz: Path, arrays: Arrays) -> None:
    digest = load_data(npz).info.sha256
    np.savez(npz, **arrays, x_train_scaled=arrays["x_train"] / 300)
    assert load_data(npz).info.sha256 == digest


def test_more_texts_than_images_may_be_are_refused(npz: Path, arrays: Arrays, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kerasnn.data.label_conversions.MOST_IMAGES", 100)
    np.savez(npz, **labels(lambda y: NAMES[y])(arrays))
    with pytest.raises(DataError, match="the labels are <U8"):
        load_data(npz)


def test_names_as_labels_are_numbered_by_the_alphabet(npz: Path, arrays: Arrays) -> None:
    (npz.parent / "classes.txt").unlink()
    np.savez(npz, **labels(lambda y: np.array(["shoe", "bag", "shirt"])[y])(arrays))
    found = load_data(npz)
    assert found.info.classes == ("bag", "shirt", "shoe")
    assert found.test.labels[:3].tolist() == [2, 0, 1]


def as_npy(folder: Path, arrays: Arrays, mark: str = "") -> Path:
    """Save each array in a file of its own in the new `folder`. `mark`: what stands behind their names."""
    folder.mkdir()
    for name, array in arrays.items():
        np.save(folder / f"{name}{mark}.npy", array)
    return folder


def test_a_folder_of_npy_files(npz: Path, arrays: Arrays) -> None:
    assert load_data(as_npy(npz.parent / "arrays", arrays)).info.sha256 == load_data(npz).info.sha256


def test_npy_files_that_were_downloaded_twice(npz: Path, arrays: Arrays) -> None:
    digest, folder = load_data(npz).info.sha256, as_npy(npz.parent / "arrays", arrays, mark=" (1)")
    assert load_data(folder).info.sha256 == digest
    np.save(folder / "x_train.npy", arrays["x_train"])
    assert load_data(folder).info.sha256 == digest
    np.save(folder / "x_train.npy", arrays["x_train"] // 2)
    with pytest.raises(DataError, match="not clear what x_train"):
        load_data(folder)


def test_kuzushijis_folder_of_one_array_a_file(npz: Path, arrays: Arrays) -> None:
    digest, folder = load_data(npz).info.sha256, npz.parent / "archives"
    folder.mkdir()
    for file, array in zip(("train-imgs", "train-labels", "test-imgs", "test-labels"), arrays.values(), strict=True):
        np.savez_compressed(folder / f"kmnist-{file}.npz", array)
    assert load_data(folder).info.sha256 == digest


@pytest.mark.parametrize("mark", ["", " (1)"])
@pytest.mark.parametrize("files", [("all",), ("train", "test")])
def test_a_folder_of_npz_files(npz: Path, arrays: Arrays, files: tuple[str, ...], mark: str) -> None:
    digest, folder = load_data(npz).info.sha256, npz.parent / "archives"
    folder.mkdir()
    for file in files:
        kept = {
            name.split("_")[0] if len(files) > 1 else name: x for name, x in arrays.items() if file in ("all", name[2:])
        }
        np.savez(folder / f"{file}{mark}.npz", **kept)
    assert load_data(folder).info.sha256 == digest


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"x_train": np.zeros((9, 4, 4))}, "no labels for x_train"),
        ({"y_train": np.zeros(9)}, "no images for y_train"),
        ({"x_test": np.zeros((9, 4, 4)), "y_test": np.zeros(9)}, "no training images"),
        ({"x": np.zeros((9, 4, 4)), "images": np.zeros((9, 4, 4)), "y": np.zeros(9)}, "not clear what images is"),
        ({"x": np.zeros((9, 9)), "images": np.zeros((9, 4, 4)), "y": np.zeros(9)}, "not clear what images is"),
        ({"a": np.zeros((9, 4, 4)), "b": np.zeros(9), "c": np.zeros(9)}, "not clear which array is which"),
        ({"a": np.zeros((9, 4, 4)), "b": np.zeros(8)}, "not clear which array is which"),
        ({"x": np.zeros((9, 3, 4, 3)), "y": np.zeros(9)}, "x: the images are float64 of shape (9, 3, 4, 3)"),
        ({"x": np.zeros((9, 5)), "y": np.zeros(9)}, "x: the images are float64 of shape (9, 5)"),
        ({"x": np.full((9, 4, 4), -2.0), "y": np.zeros(9)}, "x: the pixels are float64 from -2 to -2"),
        ({"x": np.full((9, 4, 4), 7.5), "y": np.zeros(9)}, "x: the pixels are float64 from 7.5 to 7.5"),
        ({"x": np.full((9, 4, 4), 1023), "y": np.zeros(9)}, "x: the pixels are int64 from 1023 to 1023"),
        ({"x": np.zeros((9, 4, 4)), "y": np.full(9, 0.5)}, "the labels are float64 of shape (9,)"),
        ({"x": np.zeros((9, 4, 4)), "y": np.full((9, 3), 1 / 3)}, "the labels are float64 of shape (9, 3)"),
        ({"x": np.zeros((9, 4, 4)), "y": np.array([{}] * 9)}, "its array y holds objects"),
        ({}, "its arrays: none"),
    ],
)
def test_what_is_not_sure_is_refused(npz: Path, given: Arrays, words: str) -> None:
    np.savez(npz, **given)
    with pytest.raises(DataError) as caught:
        load_data(npz)
    assert words in caught.value.message
    assert caught.value.expected
    assert caught.value.hint


@pytest.mark.parametrize(
    ("name", "change", "hint"),
    [
        ("y_test", lambda y: np.eye(3)[y] * 0.8 + 0.1, "y.argmax(axis=1)"),
        ("y_test", lambda y: np.eye(3)[y].T, "np.moveaxis(y, 1, 0)"),
        ("y_test", lambda y: y / 2, "number the classes"),
        ("y_test", lambda y: y[1:], "labels of another part"),
        ("x_test", lambda x: np.moveaxis(x, 0, -1), "np.moveaxis(x, 2, 0)"),
        ("x_test", lambda x: np.moveaxis(np.stack([x] * 3, -1), 0, -1), "np.moveaxis(x, 3, 0)"),
        ("x_test", lambda x: x.reshape(len(x), -1)[:, :20].T, "np.moveaxis(x, 1, 0)"),
    ],
)
def test_the_hint_tells_what_is_wrong_with_a_shape(
    npz: Path, arrays: Arrays, name: str, change: Callable[[Any], Any], hint: str
) -> None:
    np.savez(npz, **{**arrays, name: change(arrays[name])})
    with pytest.raises(DataError, match=name) as caught:
        load_data(npz)
    assert hint in str(caught.value.hint)


def test_labels_that_the_list_of_names_lacks_are_refused(npz: Path, arrays: Arrays) -> None:
    np.savez(npz, **labels(lambda y: np.array(["stripe 0", "stripe 1", "strip 2"])[y])(arrays))
    with pytest.raises(DataError, match="there is a label 'strip 2'"):
        load_data(npz)
