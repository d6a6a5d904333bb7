"""Parquet as Hugging Face writes it; wants the extra kerasnn[parquet]."""

import io
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from kerasnn.data.dataset import Part
from kerasnn.data.load import load_data
from kerasnn.errors import DataError, EnvironmentFault
from kerasnn.records.note import sentence
from tests.conftest import save_npz, tiny_source

NAMES = ["bag", "shirt", "shoe"]


def png(image: Any) -> bytes:
    file = io.BytesIO()
    Image.fromarray(image).save(file, "PNG")
    return file.getvalue()


def save(path: Path, part: Part, *, labels: Any = None, images: Any = None, names: Any = NAMES, **how: Any) -> Path:
    pa = pytest.importorskip("pyarrow", reason="wants the extra kerasnn[parquet]")
    parquet = pytest.importorskip("pyarrow.parquet")
    path.parent.mkdir(parents=True, exist_ok=True)
    pictures = [{"bytes": png(image), "path": None} for image in part.images] if images is None else images
    table = pa.table({"image": pictures, "label": part.labels if labels is None else labels})
    features = {"image": {"_type": "Image"}, "label": {"names": names, "_type": "ClassLabel"}}
    metadata = {"huggingface": json.dumps({"info": {"features": features}})} if names else {}
    parquet.write_table(table.replace_schema_metadata(metadata), path, **how)
    return path


@pytest.fixture
def folder(surroundings: Path) -> Path:
    source, data = tiny_source(), surroundings / "fashion" / "data"
    half = Part(source.learning.images[:100], source.learning.labels[:100])
    rest = Part(source.learning.images[100:], source.learning.labels[100:])
    save(data / "test-00000-of-00001.parquet", source.test)
    save(data / "train-00000-of-00002.parquet", half, row_group_size=30)
    save(data / "train-00001-of-00002.parquet", rest)
    return data.parent


def test_parquet_holds_the_same_images_as_arrays(folder: Path, tmp_path: Path) -> None:
    data = load_data(folder)
    assert data.info.sha256 == load_data(save_npz(tmp_path / "arrays.npz")).info.sha256
    assert (data.info.classes, data.info.conversions) == (tuple(NAMES), ())
    assert load_data(folder / "data" / "test-00000-of-00001.parquet").info.test == 7  # a fifth of 31


def test_a_revision_in_the_cache_of_hugging_face(folder: Path) -> None:
    first = load_data(folder).info.sha256
    cache = folder.parent / "datasets--zalando--fashion"
    place = cache / "snapshots" / "77f3279092a1c1579b2250db8eafed0ad422088c" / "fashion"
    place.mkdir(parents=True)
    for number, file in enumerate((folder / "data").iterdir()):
        (place / file.name).symlink_to(file.rename(cache / f"{number}"))
    assert load_data(cache).info.sha256 == first
    shutil.copytree(place, place.parents[1] / "another" / "fashion")
    with pytest.raises(DataError, match="several data sets"):
        load_data(cache)


def test_another_suffix(folder: Path) -> None:
    (file,) = (folder / "data").glob("test*")
    assert load_data(file.rename(folder / "dataset.pq")).info.test == 7


@pytest.mark.parametrize("name", ["latest", "carnival"])
def test_parts_of_words_tell_no_part(folder: Path, name: str) -> None:
    (folder / "data" / "test-00000-of-00001.parquet").rename(folder / "data" / f"{name}.parquet")
    data = load_data(folder)
    assert (data.info.train + data.info.validation, data.info.test) == (187, 47)  # a fifth of all 234
    assert [note.code for note in data.info.conversions] == ["test-held-out"]


@pytest.mark.parametrize("form", ["bytes", "rows", "flat", "names"])
def test_other_columns_of_images_and_labels(surroundings: Path, form: str) -> None:
    part = tiny_source().learning
    images: dict[str, Any] = {
        "bytes": [png(image) for image in part.images],
        "rows": part.images.tolist(),
        "flat": part.images.reshape(203, -1).tolist(),
    }
    labels = [NAMES[label] for label in part.labels] if form == "names" else None
    file = save(surroundings / "one.parquet", part, images=images.get(form), labels=labels, names=None)
    data = load_data(file)
    assert {image.tobytes() for image in data.train.images} <= {image.tobytes() for image in part.images}
    assert data.info.classes == (tuple(NAMES) if form == "names" else ("class 0", "class 1", "class 2"))


def test_colours_are_told_and_a_size_may_be_asked_for(surroundings: Path) -> None:
    part = tiny_source().learning
    file = save(
        surroundings / "one.parquet", part, images=[png(np.stack([each, each, 255 - each], -1)) for each in part.images]
    )
    data = load_data(file, size=(8, 9))
    assert data.info.shape == (8, 9)
    says = "; ".join(map(sentence, data.info.conversions))
    assert "203 of 203 pictures scaled to 8 x 9" in says
    assert "203 of 203 pictures turned from colours to grey" in says


def test_what_is_wrong_is_named(surroundings: Path) -> None:
    part = tiny_source().learning
    save(surroundings / "test.parquet", part, labels=np.full(203, -1))
    with pytest.raises(DataError, match="has no labels"):
        load_data("test.parquet")
    save(
        surroundings / "links.parquet", part, images=[{"bytes": None, "path": "/etc/passwd"} for _image in part.images]
    )
    with pytest.raises(DataError, match="others cannot be read either"):
        load_data("links.parquet")
    save(surroundings / "long.parquet", part, labels=["0"] * 202 + ["a" * 100_000], names=None)
    with pytest.raises(DataError, match="label 203 is longer than 200 letters"):
        load_data("long.parquet")
    content = (surroundings / "test.parquet").read_bytes()
    (surroundings / "cut.parquet").write_bytes(content[:-100])
    with pytest.raises(DataError, match=r"cut\.parquet is damaged"):
        load_data("cut.parquet")


def test_hidden_files_are_left_out(folder: Path) -> None:
    expected = load_data(folder).info
    (folder / "data" / "._train.parquet").write_bytes(b"of a Mac")
    assert load_data(folder).info.sha256 == expected.sha256


@pytest.mark.parametrize("name", ["bag", "\x1b[31mred", "two\nlines", " ", "a" * 201])
def test_names_kept_in_the_file_are_checked(surroundings: Path, name: str) -> None:
    file = save(surroundings / "one.parquet", tiny_source().learning, names=["bag", name, "shoe"])
    with pytest.raises(DataError, match=r"one\.parquet (names a class twice|has an empty)") as caught:
        load_data(file)
    assert "\x1b" not in caught.value.message
    assert "classes.txt" in (caught.value.hint or "")
    (surroundings / "classes.txt").write_text("\n".join(NAMES))
    assert load_data(file).info.classes == tuple(NAMES)


def test_a_bomb_is_refused_by_what_it_announces(surroundings: Path) -> None:
    pa = pytest.importorskip("pyarrow", reason="wants the extra kerasnn[parquet]")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = pa.table({"image": [bytes(1 << 20)] * 200, "label": list(range(200))})
    parquet.write_table(table, surroundings / "bomb.parquet", compression="zstd", use_dictionary=False)
    assert (surroundings / "bomb.parquet").stat().st_size < 1 << 20
    with pytest.raises(DataError, match=r"bomb\.parquet declares 209,"):
        load_data("bomb.parquet")


def test_a_missing_extra_is_named(surroundings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (surroundings / "train.parquet").write_bytes(b"PAR1")
    monkeypatch.setattr("kerasnn.data.parquet_files.find_spec", lambda _name: None)
    with pytest.raises(EnvironmentFault, match="needs pyarrow") as caught:
        load_data("train.parquet")
    assert caught.value.hint == "pip install 'kerasnn[parquet]'"
