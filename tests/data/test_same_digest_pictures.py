"""The same 1,000 images as pictures, tables and Parquet: the same digest as arrays have, and the same weights."""

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import h5py
import pytest
from PIL import Image

import kerasnn
from kerasnn.data.dataset import RawDataset, digest
from kerasnn.data.load import load_data
from tests.conftest import stripes
from tests.data.test_csv import header, last, lines
from tests.data.test_parquet import save

NAMES = ("bag", "shirt", "shoe")


def pictures(suffix: str = ".png", mode: str = "L") -> Callable[[RawDataset, Path], Path]:
    def write(source: RawDataset, path: Path) -> Path:
        for name, part in (("train", source.learning), ("test", source.test)):
            for number, (image, label) in enumerate(zip(part.images, part.labels, strict=True)):
                file = path / "pictures" / name / NAMES[label] / f"{number}{suffix}"
                file.parent.mkdir(parents=True, exist_ok=True)
                Image.fromarray(image).convert(mode).save(file)
        return path / "pictures"

    return write


def tables(source: RawDataset, path: Path) -> Path:
    names = [f"pixel{number}" for number in range(81)]
    (path / "train.csv").write_text(header("label", *names) + lines(source.learning))
    (path / "test.csv").write_text(header("label", *names) + lines(source.test))
    return path


def packed(source: RawDataset, path: Path) -> Path:
    (path / "mnist_train.csv.gz").write_bytes(gzip.compress(lines(source.learning).encode()))
    (path / "mnist_test.csv.gz").write_bytes(gzip.compress(lines(source.test).encode()))
    return path


def archive(source: RawDataset, path: Path) -> Path:
    with zipfile.ZipFile(path / "archive.zip", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("train.csv", last(source.learning))
        file.writestr("test.csv", last(source.test))
    return path / "archive.zip"


def named(source: RawDataset, path: Path) -> Path:
    (path / "train.tsv").write_text(lines(source.learning, "\t", label=NAMES.__getitem__))
    (path / "test.tsv").write_text(lines(source.test, "\t", label=NAMES.__getitem__))
    return path


def parquet(source: RawDataset, path: Path) -> Path:
    save(path / "data" / "train-00000-of-00001.parquet", source.learning)
    save(path / "data" / "test-00000-of-00001.parquet", source.test)
    return path


FORMS: dict[str, Callable[[RawDataset, Path], Path]] = {
    "pictures": pictures(),
    "pictures in three channels": pictures(".bmp", "RGB"),
    "CSV": tables,
    "CSV, gzip": packed,
    "CSV in a zip, labels last": archive,
    "CSV with tabs and names": named,
    "Parquet": parquet,
}


@pytest.fixture(scope="module")
def source() -> RawDataset:
    return RawDataset("stripes", "here", stripes(800, size=9), stripes(200, size=9, seed=1), NAMES)


@pytest.mark.parametrize("form", FORMS)
def test_each_form_gives_the_same_images_and_labels(source: RawDataset, surroundings: Path, form: str) -> None:
    found = load_data(FORMS[form](source, surroundings))
    assert found.info.sha256 == digest(source)
    # which name has which number, and which column of a table without a header the label is
    assert {note.code for note in found.info.conversions} <= {"labels-numbered", "label-column"}


def weights(model: Path) -> tuple[bytes, ...]:
    found: list[bytes] = []
    with h5py.File(io.BytesIO(zipfile.ZipFile(model).read("model.weights.h5"))) as file:
        file.visititems(
            lambda _name, each: found.append(each[()].tobytes()) if isinstance(each, h5py.Dataset) else None
        )
    return tuple(found)


@pytest.mark.full
def test_each_form_gives_the_same_weights(source: RawDataset, tmp_path: Path, quick_engine: None) -> None:
    found = set()
    for number, form in enumerate(("pictures", "CSV", "CSV in a zip, labels last")):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "classes.txt").write_text("\n".join(NAMES), encoding="utf-8")
        run = kerasnn.train("softmax", dataset=FORMS[form](source, folder), epochs=1)
        found.add(weights(Path(str(run.model))))
    assert len(found) == 1
    assert len(next(iter(found))) > 1
