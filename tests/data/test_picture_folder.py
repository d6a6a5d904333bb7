"""A folder of pictures for each class: what is read, what is left out, and that what is kept is never stale."""

import json
import os
import shutil
import struct
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from unicodedata import normalize

import numpy as np
import pytest
from PIL import Image

import kerasnn
from kerasnn.cli.app import main
from kerasnn.data.dataset import Dataset
from kerasnn.data.load import load_data
from kerasnn.errors import DataError, UsageError
from kerasnn.records import Notice, Working
from kerasnn.records.note import sentence
from tests.conftest import stripes, tiny_source

Damage = Callable[[Path], object]


def save_pictures(folder: Path, names: tuple[str, ...] = ("bag", "shirt", "shoe"), *, parts: bool = True) -> Path:
    """The tiny data set as pictures, numbered in its order."""
    source = tiny_source()
    for place, part in (("train", source.learning), ("test", source.test)):
        for number, (image, label) in enumerate(zip(part.images, part.labels, strict=True)):
            file = folder / (place if parts else "") / names[label] / f"{place}-{number}.png"
            file.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(image).save(file)
    return folder


def age(folder: Path, seconds: float = 100) -> None:
    """Make all files older, as those that nobody has just written are."""
    for file in folder.rglob("*.*"):
        os.utime(file, (time.time() - seconds,) * 2)


def kept() -> list[Path]:
    return sorted(Path(os.environ["KERAS_HOME"]).parent.rglob("*.pictures"))


def changes(data: Dataset) -> str:
    return "; ".join(map(sentence, data.info.conversions))


def test_pictures_are_the_images_that_they_were_made_of(surroundings: Path) -> None:
    source = tiny_source()
    data = load_data(save_pictures(surroundings / "folder"))
    assert data.info.classes == ("bag", "shirt", "shoe")
    assert data.info.conversions == ()
    np.testing.assert_array_equal(data.test.images, source.test.images)
    np.testing.assert_array_equal(data.test.labels, source.test.labels)
    assert {image.tobytes() for image in data.train.images} <= {image.tobytes() for image in source.learning.images}


@pytest.mark.parametrize("train", ["training", "seg_train", "Train"])
def test_other_names_of_the_parts(surroundings: Path, train: str) -> None:
    folder = save_pictures(surroundings / "data" / "inner")
    (folder / "train").rename(folder / train)
    assert load_data(folder).info.test == 31
    assert load_data(surroundings / "data").info.test == 31  # as an archive is often unpacked


def test_a_validation_part_joins_the_training_part(surroundings: Path) -> None:
    folder = save_pictures(surroundings / "folder")
    (folder / "test").rename(folder / "valid")
    data = load_data(folder)
    assert data.info.train + data.info.validation + data.info.test == 203 + 31
    assert "31 validation images were added" in changes(data)


def test_classes_are_sorted_as_people_count_and_composed(surroundings: Path) -> None:
    names = (normalize("NFD", "가방 2"), "가방 10", "가방 9")
    assert load_data(save_pictures(surroundings / "folder", names, parts=False)).info.classes == (
        *("가방 2", "가방 9", "가방 10"),
    )


def test_a_file_of_names_gives_their_order(surroundings: Path) -> None:
    folder = save_pictures(surroundings / "folder")
    (folder / "classes.txt").write_text("shoe\nbag\nshirt\n")
    assert load_data(folder).info.classes == ("shoe", "bag", "shirt")
    (folder / "classes.txt").write_text("shoe\nbag\n")
    with pytest.raises(DataError, match="does not name the folders"):
        load_data(folder)


def test_colours_sizes_and_what_is_no_picture(surroundings: Path) -> None:
    folder = save_pictures(surroundings / "folder")
    shirts = folder / "train" / "shirt"
    (shirts / "more").mkdir()
    wide = np.zeros((12, 24, 3), np.uint8)
    wide[:, :, 0] = 200
    Image.fromarray(wide).save(shirts / "more" / "red.jpg")
    Image.new("RGBA", (6, 6), (255, 255, 255, 0)).save(shirts / "clear.png")
    for name in (".DS_Store", "Thumbs.db", "desktop.ini", "notes.txt"):
        (shirts / name).write_text("no picture")
    (shirts / ".ipynb_checkpoints").mkdir()
    (shirts / "link.png").symlink_to(shirts / "clear.png")
    (shirts / "loop").symlink_to(folder)
    data = load_data(folder)
    assert (data.info.train + data.info.validation, data.info.shape) == (205, (6, 6))
    says = changes(data)
    assert "1 of 236 pictures scaled to 6 x 6" in says
    assert "1 of 236 pictures turned from colours to grey" in says
    assert "transparent pixels made black in 1 of 236" in says
    assert "not pictures of a class: 5, such as desktop.ini" in says
    # red is 0.299 of white, and was laid on its own brightness
    assert any(
        55 < image.mean() < 65 and np.ptp(image) < 12 for part in (data.train, data.validation) for image in part.images
    )


def test_sizes_that_differ_become_the_lectures_and_a_size_may_be_asked_for(surroundings: Path) -> None:
    folder = save_pictures(surroundings / "folder", parts=False)
    for number, file in enumerate(sorted(folder.rglob("*.png"))):
        with Image.open(file) as image:
            image.resize((10 + number % 7, 20)).save(file)
    assert load_data(folder).info.shape == (28, 28)
    run = kerasnn.train("softmax", dataset=folder, size=(9, 7), engine="keras", epochs=1)
    assert run.dataset.shape == (9, 7)
    assert run.command.endswith("--size 9x7")
    evaluated = kerasnn.evaluate(run.run)
    assert evaluated.dataset == run.dataset
    assert not [note for note in evaluated.notes if "no longer" in sentence(note)]


@pytest.mark.parametrize("dataset", ["garments", "stripes.npz"])
def test_a_size_is_refused_where_images_have_one(npz: Path, dataset: str) -> None:
    with pytest.raises(UsageError, match="--size scales pictures"):
        load_data(npz.parent / dataset if dataset.endswith("npz") else dataset, size=(9, 9))


def test_the_command_line_takes_a_size(surroundings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save_pictures(surroundings / "folder")
    words = ["train", "softmax", "--epochs", "1", "--engine", "keras", "--dataset", "folder", "--json"]
    assert main([*words, "--size", "8"]) == 0
    assert json.loads(capsys.readouterr().out)["dataset"]["shape"] == [8, 8]
    assert main([*words, "--size", "8;8"]) == 2


WRONG: list[tuple[Damage, str]] = [
    (lambda folder: (folder / "train/bag/train-0.png").write_bytes(b"no picture"), "train-0.png is not an image"),
    (lambda folder: [file.write_bytes(b"") for file in (folder / "train/bag").iterdir()], "67 others cannot be read"),
    (lambda folder: list(map(Path.unlink, [*folder.rglob("s*/*.png")])), "only one class: bag"),
    (lambda folder: list(map(Path.unlink, [*folder.glob("train/*/*.png")])), "holds"),
]


@pytest.mark.parametrize(("damage", "says"), WRONG, ids=[says for _damage, says in WRONG])
def test_what_is_wrong_is_named(surroundings: Path, damage: Damage, says: str) -> None:
    folder = save_pictures(surroundings / "folder")
    damage(folder)
    with pytest.raises(DataError, match=says):
        load_data(folder)


def test_parts_without_classes_are_no_classes(surroundings: Path) -> None:
    folder = save_pictures(surroundings / "folder", parts=False)
    (folder / "bag").rename(folder / "train")
    (folder / "shoe").rename(folder / "test")
    shutil.rmtree(folder / "shirt")
    with pytest.raises(DataError, match="in no folder of a class"):
        load_data(folder)


def test_what_ends_the_process_is_named(surroundings: Path) -> None:
    folder = save_pictures(surroundings / "folder")
    wide = 7000  # of 49 million pixels, each of 16 bits in four channels: within the limits, until it is unpacked
    rows = b"".join(bytes(1 + 8 * wide) for _row in range(wide // 16))
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", wide, wide, 16, 6, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 1)),
        (b"IEND", b""),
    )
    content = b"".join(
        len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big") for kind, data in chunks
    )
    (folder / "train" / "bag" / "bomb.png").write_bytes(b"\x89PNG\r\n\x1a\n" + content)
    with pytest.raises(DataError, match="bomb"):
        load_data(folder)


def test_pictures_of_one_class_in_a_single_folder_are_refused(surroundings: Path) -> None:
    with pytest.raises(DataError, match="in no folder of a class"):
        load_data(save_pictures(surroundings / "folder", parts=False) / "bag")


def test_pictures_are_read_once_and_told_while_they_are(surroundings: Path) -> None:
    folder = save_pictures(surroundings / "folder")
    age(folder)
    first = load_data(folder)
    assert kept() == []  # created a moment ago: ctime cannot be set
    time.sleep(2.1)
    assert load_data(folder).info == first.info
    (file,) = kept()
    events: list[object] = []
    assert load_data(folder, listener=events.append).info == first.info
    assert [event for event in events if isinstance(event, Working)] == [Working("reading")]
    assert not [event for event in events if isinstance(event, Notice) and "scaled" in event.text]
    content = bytearray(file.read_bytes())
    content[-300] ^= 1
    file.write_bytes(content)
    assert load_data(folder).info == first.info  # a damaged file is read again


def test_what_is_kept_is_never_stale(surroundings: Path) -> None:
    folder = save_pictures(surroundings / "folder")
    file = folder / "train" / "bag" / "train-0.png"
    age(folder)
    time.sleep(2.1)
    first = load_data(folder)
    before, digests = file.stat(), {first.info.sha256}
    Image.fromarray(255 - stripes(1).images[0]).save(file)
    content = file.read_bytes()
    file.write_bytes(content[: before.st_size] + bytes(max(0, before.st_size - len(content))))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))  # same name, size and time of writing
    try:
        digests.add(load_data(folder).info.sha256)
    except DataError:
        digests.add("the picture was cut")
    file.unlink()
    digests.add(load_data(folder).info.sha256)
    (folder / "train" / "bag" / "train-3.png").rename(folder / "train" / "shoe" / "train-3.png")
    digests.add(load_data(folder).info.sha256)
    assert len(digests) == 4
