"""What a user's data set cannot teach is reported before training; good data are loaded without a word."""

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binom

from kerasnn.cli.app import main
from kerasnn.data.dataset import Part
from kerasnn.data.load import load_data
from kerasnn.errors import DataError
from kerasnn.records import DatasetInfo, Event, Note, Notice, plain
from kerasnn.records.serialize import restore
from tests.conftest import stripes


def saved(learning: Part, test: Part, names: str = "") -> Path:
    np.savez("own.npz", x_train=learning.images, y_train=learning.labels, x_test=test.images, y_test=test.labels)
    if names:
        Path("classes.txt").write_text(names, encoding="utf-8")
    return Path("own.npz")


def notes(path: Path) -> dict[str, dict[str, Any]]:
    """Load the data and return the values of their notes by code; each was also reported as a warning."""
    heard: list[Event] = []
    info = load_data(path, listener=heard.append).info
    assert [event.warns for event in heard if isinstance(event, Notice)] == [True] * len(info.notes)
    return {note.code: dict(note.values) for note in info.notes}


def joined(*parts: Part) -> Part:
    images, labels = ([getattr(part, name) for part in parts] for name in ("images", "labels"))
    return Part(np.concatenate(images), np.concatenate(labels))


def of_classes(part: Part, *labels: int) -> Part:
    chosen = np.isin(part.labels, labels)
    return Part(part.images[chosen], part.labels[chosen])


@pytest.fixture
def learning() -> Part:
    return stripes(300)


@pytest.fixture
def test() -> Part:
    return stripes(90, seed=1)


def test_good_data_are_loaded_without_a_word(surroundings: Path, learning: Part, test: Part) -> None:
    assert notes(saved(learning, test)) == {}


def test_fashion_mnist_under_another_name_is_good(surroundings: Path, real_data: Path) -> None:
    assert notes(real_data) == {}


def test_garments_as_a_file_are_good(surroundings: Path) -> None:
    drawn = load_data("garments")
    assert notes(saved(joined(drawn.train, drawn.validation), drawn.test)) == {}


def test_labels_that_start_at_2(surroundings: Path, learning: Part, test: Part) -> None:
    learning, test = (Part(part.images, part.labels + 2) for part in (learning, test))
    path = saved(learning, test)
    assert notes(path) == {"labels-start-late": {"classes": ("class 0", "class 1"), "lowest": 2}}


def test_a_class_without_images(surroundings: Path, learning: Part, test: Part) -> None:
    path = saved(of_classes(learning, 0, 2), of_classes(test, 0, 2), "top\nmiddle\nbottom\nnone")
    assert notes(path) == {"class-without-images": {"classes": ("middle", "none")}}


@pytest.mark.parametrize(
    ("names", "says"), [("Bag\nshirt\nBAG", ("Bag", "BAG")), ("A\na\nb", None), ("bag\nbags\nbag 2", None)]
)
def test_names_that_differ_in_capitals_only(
    surroundings: Path, learning: Part, test: Part, names: str, says: tuple[str, ...] | None
) -> None:
    assert notes(saved(learning, test, names)) == ({"classes-alike": {"classes": says}} if says else {})


def test_of_many_classes_without_images_a_few_are_named(surroundings: Path, learning: Part, test: Part) -> None:
    names = "\n".join(f"name {number}" for number in range(900))
    (named,) = notes(saved(learning, test, names)).values()
    assert named["classes"] == ("name 3", "name 4", "name 5", "name 6", "name 7", "...")


def test_a_class_in_the_test_part_alone(surroundings: Path, learning: Part, test: Part) -> None:
    path = saved(of_classes(learning, 0, 1), test)
    assert notes(path) == {"class-not-taught": {"classes": ("class 2",), "count": 30}}


def test_a_class_that_nothing_measures(surroundings: Path, learning: Part, test: Part) -> None:
    once = Part(learning.images[:1], np.array([3], np.int32))  # one image, which the split gives to training
    found = notes(saved(joined(learning, once), test, "a\nb\nc\nd"))
    assert found["class-not-tested"] == found["class-not-validated"] == {"classes": ("d",)}


def test_a_class_that_dominates(surroundings: Path, learning: Part, test: Part) -> None:
    few = Part(of_classes(learning, 1, 2).images[:10], of_classes(learning, 1, 2).labels[:10])
    path = saved(joined(of_classes(learning, 0), few), test)
    data = load_data(path)
    share = np.mean(data.validation.labels == 0)
    assert notes(path)["largest-class"] == {
        "name": "class 0",
        "validation": pytest.approx(share, abs=1e-4),
        "test": 0.3333,
    }


def test_training_images_of_one_class(surroundings: Path, learning: Part, test: Part) -> None:
    found = notes(saved(of_classes(learning, 1), of_classes(test, 0, 1)))
    assert found == {"class-not-taught": {"classes": ("class 0",), "count": 30}, "one-class": {"name": "class 1"}}


def test_two_classes_of_which_one_is_somewhat_larger(surroundings: Path, learning: Part, test: Part) -> None:
    smaller = of_classes(learning, 1)
    path = saved(
        joined(of_classes(learning, 0), Part(smaller.images[:50], smaller.labels[:50])), of_classes(test, 0, 1)
    )
    assert notes(path) == {}


def test_few_images_to_measure_with(surroundings: Path, learning: Part) -> None:
    (found,) = notes(saved(learning, stripes(12, seed=1))).values()
    assert (found["validation"], found["test"], found["classes"]) == (60, 12, 3)
    low, high = binom(12, 0.5).interval(0.95)
    assert found["margin"] == pytest.approx((high - low) / 24, abs=1 / 24)  # counts are whole


def test_images_that_are_nearly_black(surroundings: Path, learning: Part, test: Part) -> None:
    learning, test = (Part(part.images // 16, part.labels) for part in (learning, test))
    path = saved(learning, test)
    assert notes(path)["dark-images"] == {"brightest": 14}


@pytest.mark.parametrize(
    ("image", "words"),
    [
        (np.zeros((6, 6)), "every pixel of the training images is 0"),
        (np.eye(6) * 9, "all 240 training images are the same"),
    ],
)
def test_equal_training_images_are_refused(
    surroundings: Path, learning: Part, test: Part, image: NDArray[Any], words: str
) -> None:
    images = np.broadcast_to(image.astype(np.uint8), learning.images.shape)
    with pytest.raises(DataError, match=words):
        load_data(saved(Part(images, learning.labels), test))


def test_black_and_white_images_alone_teach(surroundings: Path, test: Part) -> None:
    labels = np.arange(300, dtype=np.int32) % 2
    images = np.broadcast_to(labels[:, None, None] * 255, (300, 6, 6)).astype(np.uint8)
    found = notes(saved(Part(images, labels), of_classes(test, 0, 1)))
    assert found["blank-images"] == {"count": 300, "total": 360}
    assert "contradictory-labels" not in found


def test_test_images_that_were_learnt(surroundings: Path, learning: Part, test: Part) -> None:
    seen = Part(learning.images[:9], learning.labels[:9])
    assert notes(saved(learning, joined(test, seen))) == {"test-images-learnt": {"count": 9, "total": 99}}


def test_one_repeated_image_in_hundreds_is_no_matter(surroundings: Path, learning: Part) -> None:
    test = stripes(200, seed=1)
    assert notes(saved(learning, joined(test, Part(learning.images[:1], learning.labels[:1])))) == {}


def test_images_saved_twice(surroundings: Path, learning: Part, test: Part) -> None:
    path = saved(joined(learning, learning), test)
    data = load_data(path)
    trained_on = {image.tobytes() for image in data.train.images}
    count = sum(image.tobytes() in trained_on for image in data.validation.images)
    assert notes(path) == {"validation-images-learnt": {"count": count, "total": 120}}


def test_labels_that_contradict_each_other(surroundings: Path, learning: Part, test: Part) -> None:
    wrong = Part(learning.images[:7], (learning.labels[:7] + 1) % 3)
    path = saved(joined(learning, wrong), test)
    images = [*joined(learning, wrong, test).images]
    labels = [*joined(learning, wrong, test).labels]
    pairs = [(a, b) for a, b in combinations(range(len(images)), 2) if (images[a] == images[b]).all()]
    count = len({place for pair in pairs for place in pair if labels[pair[0]] != labels[pair[1]]})
    assert notes(path)["contradictory-labels"] == {"count": count, "total": 397}


def test_the_notes_come_before_training_and_stay_with_the_run(
    surroundings: Path, learning: Part, test: Part, quick_engine: None, capfd: pytest.CaptureFixture[str]
) -> None:
    learning, test = (Part(part.images, part.labels + 1) for part in (learning, test))
    path = saved(learning, test)
    words = "labels start at 1 instead of 0, so there is no image of: class 0."
    assert main(["train", "--stage", "softmax", "--epochs", "1", "--dataset", str(path), "--json"]) == 0
    out, said = capfd.readouterr()
    assert said.index(words) < said.index("epoch 1/1")
    dataset = json.loads(out)["dataset"]
    assert dataset["notes"] == [{"code": "labels-start-late", "values": {"classes": ["class 0"], "lowest": 1}}]
    assert restore(DatasetInfo, dataset).notes == load_data(path).info.notes
    assert main(["runs", "show", "latest"]) == 0
    assert f"Note: {words}" in " ".join(capfd.readouterr().out.split())
    assert main(["evaluate", "latest", "-q"]) == 0
    assert words in capfd.readouterr().err
    assert main(["data", "show", "--dataset", str(path), "--lang", "ko"]) == 0
    assert "참고: 레이블이 0이 아니라 1부터 시작합니다" in capfd.readouterr().err


def test_a_run_of_an_older_version_has_no_notes(surroundings: Path, learning: Part, test: Part) -> None:
    info = load_data(saved(learning, Part(test.images[:9], test.labels[:9]))).info
    record: Any = plain(info)
    assert record.pop("notes")
    older = restore(DatasetInfo, record)
    assert older.notes == ()
    assert older == info  # the same images
    assert isinstance(info.notes[0], Note)
