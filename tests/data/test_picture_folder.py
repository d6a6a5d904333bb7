"""A folder of pictures for each class: what is read, what is left out, and that what is kept is never stale."""

import json
import os
import shutil
import struct
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Literal
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


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(
    ("train", "test"),
    [("훈련", "테스트"), ("학습용", "시험용"), ("학습 데이터", "평가"), ("1_훈련데이터", "2_테스트셋")],
)
def test_korean_names_of_the_parts(surroundings: Path, form: Literal["NFC", "NFD"], train: str, test: str) -> None:
    digest = load_data(save_pictures(surroundings / "english")).info.sha256
    folder = save_pictures(surroundings / "folder")
    (folder / "train").rename(folder / normalize(form, train))
    (folder / "test").rename(folder / normalize(form, test))
    assert load_data(folder).info.sha256 == digest
    (folder / normalize(form, test)).rename(folder / normalize(form, "검증용"))
    assert "31 validation images were added" in changes(load_data(folder))


def test_clothes_to_train_in_are_a_class(surroundings: Path) -> None:
    names = ("시험지", "평가서", "훈련복")
    assert load_data(save_pictures(surroundings / "folder", names, parts=False)).info.classes == names


def rearranged(folder: Path, form: str) -> Path:
    """The pictures of a folder, each moved from PART/CLASS to `form`, beside it."""
    target = folder.with_name("rearranged")
    for file in folder.glob("*/*/*.png"):
        part, name = file.parts[-3:-1]
        place = target / form.format(part=part, name=name) / file.name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(file, place)
    return target


@pytest.mark.parametrize(
    "form",
    [
        *("seg_{part}/seg_{part}/{name}", "{part}/{part}/{name}", "data/{part}/images/{name}"),
        *("training_data/{part}/{name}", "{part}/one/{part} set/{name}", "{name}/{part}", "data/{name}/{part}/more"),
    ],
)
def test_folders_alone_in_a_part_and_parts_in_classes(surroundings: Path, form: str) -> None:
    folder = save_pictures(surroundings / "folder")
    digest = load_data(folder).info.sha256
    data = load_data(rearranged(folder, form))
    assert (data.info.sha256, data.info.classes) == (digest, ("bag", "shirt", "shoe"))
    assert [note.code for note in data.info.conversions] == ["parts-inside"] * form.count("{name}/")


def test_a_part_without_classes_is_no_class(surroundings: Path) -> None:
    folder = save_pictures(surroundings / "folder")
    (folder / "train").rename(folder / "inner")
    (folder / "train").mkdir()
    (folder / "inner").rename(folder / "train" / "train")
    shutil.rmtree(folder / "test")
    without = load_data(folder).info
    (folder / "test" / "test").mkdir(parents=True)
    Image.new("L", (9, 9)).save(folder / "test" / "test" / "1.png")
    data = load_data(folder)
    assert (data.info.sha256, data.info.classes) == (without.sha256, without.classes)
    assert "not pictures of a class: 1, such as 1.png" in changes(data)


def test_a_part_in_some_classes_only_is_refused(surroundings: Path) -> None:
    folder = save_pictures(surroundings / "folder", parts=False)
    (folder / "bag" / "test").mkdir()
    for file in (folder / "bag").glob("test-*.png"):
        file.rename(folder / "bag" / "test" / file.name)
    with pytest.raises(DataError, match="folders such as test: it is not clear which pictures are for training"):
        load_data(folder)
    (folder / "bag" / "test").rename(folder / "bag" / "more")
    assert load_data(folder).info.conversions[0].code == "test-held-out"


@pytest.mark.parametrize(
    ("inner", "shared"), [(("front", "back"), [("back", "front")]), (("front", "front"), [])], ids=["two", "one"]
)
def test_folders_that_every_class_has_are_named(
    surroundings: Path, inner: tuple[str, str], shared: list[tuple[str, str]]
) -> None:
    folder = save_pictures(surroundings / "folder", parts=False)
    for file in sorted(folder.rglob("*.png")):
        place = file.parent / inner[file.stem.startswith("test")]
        place.mkdir(exist_ok=True)
        file.rename(place / file.name)
    data = load_data(folder)
    assert data.info.classes == ("bag", "shirt", "shoe")
    named = [note.values["folders"] for note in data.info.conversions if note.code == "folders-shared"]
    assert named == shared


@pytest.mark.parametrize(
    ("empty", "says"),
    [
        (("train/hat", "test/hat"), "without pictures taken for no classes: hat"),
        (("train/hat",), "without pictures taken for no classes: hat"),
        (("train/.cache", "other"), ""),
    ],
)
def test_a_class_folder_without_pictures_is_named(surroundings: Path, empty: tuple[str, ...], says: str) -> None:
    folder = save_pictures(surroundings / "folder")
    for each in empty:
        (folder / each).mkdir()
    assert says in changes(load_data(folder))
    assert bool(load_data(folder).info.conversions) is bool(says)


@pytest.mark.parametrize("images", ["images", "", "train"])
def test_a_table_of_file_names_is_named(surroundings: Path, images: str) -> None:
    folder = surroundings / "folder"
    (folder / images).mkdir(parents=True)
    for number in range(9):
        Image.new("L", (9, 9), number).save(folder / images / f"{number}.png")
    (folder / "labels.csv").write_text("filename,label\n0.png,bag\n1.png,shirt\n")
    with pytest.raises(DataError, match=r"and a table: labels\.csv") as caught:
        load_data(folder)
    assert "shutil.copy" in str(caught.value.hint)


def test_pictures_that_a_camera_turned_are_counted(surroundings: Path) -> None:
    folder = save_pictures(surroundings / "folder")
    exif = Image.Exif()
    for orientation, name in ((1, "upright"), (6, "turned")):
        exif[0x0112] = orientation
        Image.new("L", (6, 6), 70).save(folder / "train" / "bag" / f"{name}.jpg", exif=exif)
    assert changes(load_data(folder)) == "1 of 236 pictures turned upright, as their cameras say (EXIF)"


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
