"""`data convert`: what is written is the same data set to kerasnn, NumPy and Keras; nothing is half written."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from kerasnn.data.convert import convert_data
from kerasnn.data.dataset import unsplit
from kerasnn.data.load import load_data
from kerasnn.errors import DataError, UsageError
from tests.cli.test_commands import Cli
from tests.conftest import save_npz, working_in

WRITTEN = {"npz": "written.npz", "idx": "written"}


@pytest.fixture
def names(npz: Path) -> tuple[str, ...]:
    """Names of the classes, written beside the data."""
    names = "셔츠", "long name, with a comma", "coat"
    (npz.parent / "classes.txt").write_text("\n".join(names), encoding="utf-8")
    return names


@pytest.mark.parametrize("to", WRITTEN)
@pytest.mark.parametrize("source", ["own", "garments"])
def test_what_is_written_is_the_same_data_set(npz: Path, tmp_path: Path, source: str, to: str) -> None:
    before = load_data(npz if source == "own" else source)
    path = tmp_path / "elsewhere" / WRITTEN[to]
    done = convert_data(before, path)
    after = load_data(path)
    assert (done.format, done.dataset.sha256, after.info.sha256) == (to, before.info.sha256, before.info.sha256)
    assert after.info.conversions == ()
    for part in ("train", "validation", "test"):  # the same images are split off
        np.testing.assert_array_equal(getattr(after, part).images, getattr(before, part).images)
        np.testing.assert_array_equal(getattr(after, part).labels, getattr(before, part).labels)


@pytest.mark.parametrize("to", WRITTEN)
def test_class_names_travel_along(npz: Path, names: tuple[str, ...], tmp_path: Path, to: str) -> None:
    path = tmp_path / "elsewhere" / WRITTEN[to]
    convert_data(npz, path)
    assert load_data(path).info.classes == names


def test_numpy_reads_what_is_written(npz: Path, tmp_path: Path) -> None:
    convert_data(npz, tmp_path / "written.npz")
    convert_data(npz, tmp_path / "written")
    learning = unsplit(load_data(npz))
    with np.load(tmp_path / "written.npz", allow_pickle=False) as archive:
        np.testing.assert_array_equal(archive["x_train"], learning.images)
    content = gzip.decompress((tmp_path / "written" / "train-images-idx3-ubyte.gz").read_bytes())
    np.testing.assert_array_equal(
        np.frombuffer(content, np.uint8, offset=16).reshape(learning.images.shape), learning.images
    )


def test_the_same_data_are_written_as_the_same_bytes(npz: Path, tmp_path: Path) -> None:
    for name in ("a.npz", "b.npz"):
        convert_data(npz, tmp_path / name)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_nothing_of_the_users_is_replaced(npz: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.npz").write_text("mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "mine").write_text("mine")
    for name in ("mine.npz", "folder"):
        with pytest.raises(UsageError, match="not overwritten"):
            convert_data(npz, tmp_path / name)
    with pytest.raises(UsageError, match="not overwritten"):
        convert_data(npz, tmp_path / "folder", force=True)  # a folder may hold anything
    assert (tmp_path / "mine.npz").read_text() == "mine"
    convert_data(npz, tmp_path / "mine.npz", force=True)
    assert load_data(tmp_path / "mine.npz").info.sha256 == load_data(npz).info.sha256


def test_classes_beside_the_file_must_not_rename_its_classes(npz: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "classes.txt").write_text("a\nb\nc\n")
    with pytest.raises(UsageError, match="other classes"):
        convert_data(npz, other / "written.npz")
    assert sorted(each.name for each in other.iterdir()) == ["classes.txt"]


def test_labels_that_idx_cannot_hold_are_refused(tmp_path: Path) -> None:
    labels = np.tile(np.arange(300), 2)
    images = np.random.default_rng(0).integers(0, 256, (600, 8, 8), np.uint8)
    np.savez(tmp_path / "many.npz", x_train=images, y_train=labels, x_test=images, y_test=labels)
    with pytest.raises(UsageError, match="up to 299"):
        convert_data(tmp_path / "many.npz", tmp_path / "many")
    assert not (tmp_path / "many").exists()


def test_images_of_few_values_can_be_read_again(tmp_path: Path) -> None:
    blank = np.zeros((200_000, 28, 28), np.uint8)  # 157 MB, which pack to almost nothing
    blank[:, 0, 0] = np.arange(200_000) % 251
    labels = np.arange(200_000) % 2
    np.savez(tmp_path / "blank.npz", x_train=blank, y_train=labels, x_test=blank[:10], y_test=labels[:10])
    convert_data(tmp_path / "blank.npz", tmp_path / "blank")
    assert load_data(tmp_path / "blank").info.train == 160_000


def test_the_command(npz: Path, surroundings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli = Cli(capsys)
    done = cli.json("data", "convert", npz, "a", "--to", "idx")
    assert (done["format"], done["path"], done["bytes"] > 0) == ("idx", "a", True)
    assert done["dataset"]["sha256"] == load_data(npz).info.sha256
    assert "kerasnn train softmax --dataset b.npz" in cli(
        "data", "convert", "--dataset", npz, "--out", "b", "--to", "npz"
    )
    assert load_data(surroundings / "b.npz").info.sha256 == done["dataset"]["sha256"]


@pytest.mark.parametrize(
    ("words", "code"),
    [(["stripes.npz", "c.npz", "--to", "idx"], 2), ([], 2), (["stripes.npz", ""], 2), (["none.npz"], 3)],
)
def test_what_cannot_be_converted_is_refused(
    npz: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int
) -> None:
    before = sorted(npz.parent.iterdir())
    Cli(capsys)("data", "convert", *words, code=code)
    assert sorted(npz.parent.iterdir()) == before


def test_nothing_is_left_of_a_conversion_that_fails(surroundings: Path) -> None:
    save_npz(surroundings / "good.npz")
    (surroundings / "bad.npz").write_bytes((surroundings / "good.npz").read_bytes()[:200])
    with pytest.raises(DataError):
        convert_data(surroundings / "bad.npz", surroundings / "written")
    assert sorted(each.name for each in surroundings.iterdir()) == ["bad.npz", "classes.txt", "good.npz"]


def test_the_working_folder_can_be_named(surroundings: Path) -> None:
    assert convert_data("garments", ".", to="npz").path == f"{surroundings}.npz"
    (surroundings / "in").mkdir()
    with working_in(surroundings / "in"):
        assert convert_data("garments", ".").format == "idx"


@pytest.mark.parametrize("name", ["new.txt", "version-1.0", "images.npz.gz"])
def test_a_name_that_says_neither_form_is_refused(npz: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="looks like neither"):
        convert_data(npz, tmp_path / "o" / name)
    assert not (tmp_path / "o").exists()
    assert convert_data(npz, tmp_path / "o" / name, to="idx").format == "idx"


def test_a_device_is_no_folder(npz: Path) -> None:
    with pytest.raises(UsageError, match="a device") as caught:
        convert_data(npz, "/dev/null")
    assert caught.value.hint == "name another file with --out"
