"""The split is scikit-learn's, the digest depends only on the content, wrong shapes and labels are refused."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.model_selection import train_test_split

from kerasnn.data.conversions import images_as_bytes
from kerasnn.data.dataset import Contents, Dataset, Part, RawDataset, checked_part, digest, split, unsplit
from kerasnn.data.label_conversions import labels_as_numbers
from kerasnn.data.user_data import class_names
from kerasnn.errors import DataError
from tests.conftest import stripes, tiny_source


@pytest.mark.parametrize("count", [5, 6, 9, 100, 203])
def test_the_split_is_that_of_train_test_split(count: int) -> None:
    source = tiny_source(count)
    data = split(source)
    train, validation = train_test_split(np.arange(count), test_size=0.2, random_state=42)
    assert (data.train.images == source.learning.images[train]).all()
    assert (data.validation.labels == source.learning.labels[validation]).all()
    assert (data.info.train, data.info.validation, data.info.test) == (len(train), len(validation), 31)


def test_unsplit_undoes_the_split() -> None:
    source = tiny_source()
    whole = unsplit(split(source))
    assert (whole.images == source.learning.images).all()
    assert (whole.labels == source.learning.labels).all()


def test_no_image_is_in_two_parts(garments: Dataset) -> None:
    assert len(garments.train) + len(garments.validation) == 12_000
    seen = {image.tobytes() for image in garments.train.images}
    assert not any(image.tobytes() in seen for image in garments.validation.images)


def test_the_digest_tells_images_and_labels() -> None:
    source = tiny_source()
    learning = source.learning
    other_labels = Part(learning.images, np.roll(learning.labels, 1))
    other_shape = Part(learning.images.reshape(-1, 4, 9), learning.labels)
    found = {digest(RawDataset("x", "y", part, source.test, ())) for part in (learning, other_labels, other_shape)}
    assert len(found) == 3
    assert digest(source) == digest(tiny_source())


@pytest.mark.parametrize(
    ("images", "labels", "words"),
    [
        (np.zeros((3, 4, 4), np.float32), np.zeros(3, int), "the images are float32"),
        (np.zeros((3, 4, 4, 1), np.uint8), np.zeros(3, int), "of shape (3, 4, 4, 1)"),
        (np.zeros((0, 4, 4), np.uint8), np.zeros(0, int), "have shape (0, 4, 4)"),
        (np.zeros((3, 4, 4), np.uint8), np.zeros(2, int), "the labels are int64 of shape (2,)"),
        (np.zeros((3, 4, 4), np.uint8), np.zeros(3), "the labels are float64"),
    ],
)
def test_arrays_of_the_wrong_form_are_refused(images: NDArray[Any], labels: NDArray[Any], words: str) -> None:
    with pytest.raises(DataError, match="here") as caught:
        checked_part(images, labels, where="here")
    assert words in caught.value.message


BYTES = np.random.default_rng(0).integers(0, 256, (9, 4, 4)).astype(np.uint8)
LABELS = np.arange(9) % 3


@pytest.mark.parametrize(
    "images",
    [
        BYTES / 255,
        (BYTES / 255).astype(np.float32),
        BYTES / 1.0,
        BYTES.astype(np.int64),
        BYTES[..., None],
        BYTES[:, None],
        BYTES.reshape(9, 16) / 255,
        np.repeat(BYTES[..., None], 3, axis=-1),
    ],
)
def test_images_are_converted(images: NDArray[Any]) -> None:
    converted, notes = images_as_bytes([images], ["x"], "here")
    assert (converted[0] == BYTES).all()
    assert notes


@pytest.mark.parametrize(
    "labels",
    [
        np.eye(3)[LABELS],
        np.eye(3, dtype=np.uint8)[LABELS],
        LABELS / 1.0,
        LABELS[:, None],
        LABELS[:, None] / 1.0,
        np.array(["coat", "shirt", "shoe"])[LABELS],
    ],
)
def test_labels_are_converted(labels: NDArray[Any]) -> None:
    converted, _names, notes = labels_as_numbers([labels], names=None, where="here")
    assert (converted[0] == LABELS).all()
    assert notes


@pytest.mark.parametrize(
    "images",
    [
        BYTES - 300.0,
        BYTES / np.nan,
        BYTES.astype(np.int64) * 9,
        BYTES[0, :, :3],
        BYTES.astype(complex),
        BYTES.astype(str),
    ],
)
def test_what_has_no_sure_conversion_is_refused(images: NDArray[Any]) -> None:
    with pytest.raises(DataError, match=r"here, x: the (images|pixels) are"):
        checked_part(images_as_bytes([images], ["x"], "here")[0][0], LABELS, where="here")


def contents(names: tuple[str, ...] | None, *, classes: int = 3) -> Contents:
    return Contents(stripes(9, classes=classes), stripes(3, classes=classes), names, ("y_train", "y_test"))


@pytest.mark.parametrize(("names", "classes"), [(None, 3), (("a", "b", "c"), 3), (("a", "b", "c", "d"), 4)])
def test_every_label_has_a_name(names: tuple[str, ...] | None, classes: int) -> None:
    assert len(class_names(contents(names), Path("here"))) == classes


@pytest.mark.parametrize("names", [("a", "b"), ("a",), ()])
def test_labels_without_a_name_are_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(DataError, match="here, y_train: labels from 0 to 2"):
        class_names(contents(names), Path("here"))


@pytest.mark.parametrize(("bad", "name"), [(0, "y_train"), (1, "y_test")])
@pytest.mark.parametrize(("label", "said"), [(-1, "from -1 to"), (1000, "to 1000 for")])
@pytest.mark.parametrize("names", [None, ("a", "b", "c", "d", "e")])
def test_the_array_with_the_wrong_label_is_blamed(
    bad: int, name: str, label: int, said: str, names: tuple[str, ...] | None
) -> None:
    parts = stripes(9, classes=3 + 2 * bad), stripes(9, classes=5 - 2 * bad)  # the other one has the higher labels
    parts[bad].labels[4] = label
    with pytest.raises(DataError, match=f"here, {name}: labels from") as caught:
        class_names(Contents(*parts, names, ("y_train", "y_test")), Path("here"))
    assert said in caught.value.message


def test_one_class_is_no_classification() -> None:
    with pytest.raises(DataError, match="all labels are 0, and a network needs two classes to learn anything"):
        class_names(contents(None, classes=1), Path("here"))
