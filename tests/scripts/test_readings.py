"""Scripts read data in every form as kerasnn does: their own lines, executed, give the same arrays."""

import ast
import gzip
import io
import json
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import kerasnn
from kerasnn.cli.next_command import next_command
from kerasnn.data.dataset import Dataset, Part, RawDataset
from kerasnn.data.formats import Format
from kerasnn.data.load import load_data
from kerasnn.errors import ModelFileError, UsageError
from kerasnn.records import Script, ScriptCell, plain
from tests.conftest import stripes
from tests.data import same_images, test_csv
from tests.data.test_csv import header, lines
from tests.data.test_idx import idx_bytes
from tests.data.test_parquet import save
from tests.faults.fuzzing import record_of_run, small_model

MOST_LINES = 10
NAMES = ("bag", "shirt", "shoe")
KOREAN = ("신발, 검정", "가방", "T-shirt #1")
SOURCE = RawDataset("stripes", "here", stripes(60, size=9), stripes(20, size=9, seed=1), NAMES)
THREE = {"train": slice(40), "validation": slice(40, 50), "test": slice(50, 60)}
LEARNING, TEST = SOURCE.learning, SOURCE.test


def arrays(**given: Any) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        np.savez(path / "data.npz", **given)
        return path / "data.npz"

    return write


def folder_of_arrays(path: Path) -> Path:
    for name, array in (("imgs", LEARNING.images), ("labels", LEARNING.labels)):
        np.savez(path / f"kmnist-train-{name}.npz", array)
    return path


def pictures(
    name: str, names: Sequence[str] = NAMES, change: Callable[[Image.Image], Image.Image] = Image.Image.copy
) -> Callable[[Path], Path]:
    """A picture of each image of a single part; `name`: of its path below the data, with its class and number."""

    def write(path: Path) -> Path:
        for number, (image, label) in enumerate(zip(LEARNING.images, LEARNING.labels, strict=True)):
            file = path / name.format(names[label], number, "train" if number % 3 else "val")
            file.parent.mkdir(parents=True, exist_ok=True)
            change(Image.fromarray(image)).save(file)
        return path

    return write


def text(name: str, content: str, encoding: str = "utf-8") -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        (path / name).write_bytes(content.encode(encoding))
        return path / name

    return write


def named(part: Part) -> str:
    return lines(part, label=lambda label: f'"{KOREAN[label]}"')


def idx_parts(path: Path) -> Path:
    for name, cut in THREE.items():
        (path / f"{name}-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx_bytes(LEARNING.images[cut])))
        (path / f"{name}-labels-idx1-ubyte").write_bytes(idx_bytes(LEARNING.labels[cut].astype(np.uint8)))
    return path


def tables(path: Path) -> Path:
    for name, cut in THREE.items():
        (path / f"{name}.csv").write_text(named(Part(LEARNING.images[cut], LEARNING.labels[cut])), encoding="utf-8")
    return path


def zipped_tables(path: Path) -> Path:
    for name, part in (("train", LEARNING), ("test", TEST)):
        with zipfile.ZipFile(path / f"{name}.csv.zip", "w") as archive:
            archive.writestr(f"{name}.csv", lines(part))
    return path


def parquet_files(path: Path) -> Path:
    for number in range(4):
        cut = slice(15 * number, 15 * (number + 1))
        part = Part(LEARNING.images[cut], LEARNING.labels[cut])
        values = [
            {"name": NAMES[label], "image": image.tolist()}
            for image, label in zip(part.images, part.labels, strict=True)
        ]
        save(
            path / f"train-{number}.parquet",
            part,
            images=[each["image"] for each in values],
            labels=[each["name"] for each in values],
            names=None,
        )
    return path


def labelled(form: Callable[[np.ndarray], Any]) -> Callable[[Path], Path]:
    """A Parquet file whose labels are what `form` makes of the numbers."""
    return lambda path: save(path / "data.parquet", LEARNING, labels=form(Y), names=None)


def photograph(image: Any) -> bytes:
    """A picture that the camera held on its side."""
    file, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(image).save(file, "JPEG", exif=exif)
    return file.getvalue()


def photographs_in_parquet(path: Path) -> Path:
    return save(path / "data.parquet", LEARNING, images=[photograph(each[:8]) for each in X])


def photographs(name: str) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        for file in pictures(name, change=lambda image: image.crop((0, 0, 9, 8)))(path).rglob("*.*"):
            with Image.open(file) as image:
                exif = image.getexif()
                exif[0x0112] = 6
                image.save(file, exif=exif)
        return path

    return write


def with_one_test_image(text_of: Callable[[Part], str]) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        for name, part in (("train", LEARNING), ("test", Part(TEST.images[:1], TEST.labels[:1]))):
            (path / f"{name}.csv").write_text(text_of(part), encoding="utf-8")
        return path

    return write


def on_a_mac(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def of_source(write: Callable[[RawDataset, Path], Path]) -> Callable[[Path], Path]:
    return lambda path: write(SOURCE, path)


def of_tiny(write: Callable[[Part], str]) -> Callable[[Path], Path]:
    return lambda path: test_csv.save(path / "kaggle", write)


X, Y = LEARNING.images, LEARNING.labels
ARCHIVES = ("pictures in a zip", "pictures in a tar")
FORMS: dict[str, Callable[[Path], Path]] = {
    **{name: of_source(write) for name, write in same_images.FORMS.items() if name not in ARCHIVES},
    **{f"CSV, {name}": of_tiny(write) for name, write in test_csv.FORMS.items()},
    "npz, one part": arrays(images=X, labels=Y),
    "npz, half floats": arrays(x=(X / 255).astype(np.float16), y=Y.astype(float)),
    "npz, both signs": arrays(x=X / 127.5 - 1, y=Y.astype(str)),
    "npz, rounded": arrays(x=(X / 300).astype(np.float32)[..., None], y=Y[:, None]),
    "npz, black and white": arrays(x=X > 128, y=Y),
    "npz, colours last": arrays(x=np.stack([X, X // 2, X // 3], axis=-1) / 255, y=Y),
    "npz, names in bytes": arrays(x=X, y=np.char.encode(np.array(KOREAN)[Y], "utf-8")),
    "npz, three parts": arrays(
        **{f"x_{name}": np.stack([X, X // 2, X // 3], axis=-1)[cut] / 255 for name, cut in THREE.items()},
        **{f"y_{name}": np.array(KOREAN)[Y[cut]] for name, cut in THREE.items()},
    ),
    "npz, files": folder_of_arrays,
    "IDX, three parts": idx_parts,
    "CSV, three parts": tables,
    "pictures, one part": pictures("{}/{}.png"),
    "pictures, numbered well": pictures("{}/{:05}.png"),
    "pictures, validated": pictures("{2}/{0}/{1}.png"),
    "pictures, two kinds": lambda path: pictures("{}/{}.png")(path) and pictures("{}/x{}.BMP")(path),
    "pictures of cameras": pictures("{}/{}.jpeg"),
    "pictures, turned JPEG": photographs("{}/{}.jpg"),
    "pictures, turned PNG": photographs("{}/{}.png"),
    "pictures, turned WebP": photographs("{}/{}.webp"),
    "pictures, black and white": pictures("{}/{}.png", change=lambda image: image.convert("1")),
    "pictures, Korean on a Mac": pictures("{}/{}.png", [unicodedata.normalize("NFD", name) for name in KOREAN]),
    "CSV, names": text("data.csv", named(LEARNING)),
    "CSV, names from Excel": text(
        "data.csv", header("label", *(f"픽셀 {n}" for n in range(81))) + named(LEARNING), "cp949"
    ),
    "CSV, names on Windows": text("data.csv", named(LEARNING), "utf-8-sig"),
    "CSV, names from a Mac": text("data.csv", on_a_mac(named(LEARNING))),
    "CSV, one test image": with_one_test_image(lines),
    "CSV, one test image, names": with_one_test_image(named),
    "CSV, names within": text("data.csv", test_csv.within(LEARNING, lambda label: NAMES[label])),
    "CSV in zips": zipped_tables,
    "Parquet, values and names": parquet_files,
    "Parquet, numbers as text": labelled(lambda labels: [f"{label}.0" for label in labels]),
    "Parquet, floats": labelled(lambda labels: labels.astype(float)),
    "Parquet, true and false": labelled(lambda labels: labels > 0),
    "Parquet, photographs": photographs_in_parquet,
}


def recorded(data: Dataset) -> Any:
    """What the record of a run says of `data`."""
    return json.loads(json.dumps(plain(data.info)))


def code_of(dataset: Any) -> Script:
    """The script of a run whose record says this of its data."""
    folder = Path("runs/run-1")
    folder.mkdir(parents=True)
    (folder / "model.keras").write_bytes(small_model())
    (folder / "run.json").write_text(json.dumps(plain(record_of_run(dataset))), encoding="utf-8")
    return kerasnn.code("run-1", framework="sklearn")


def executed(cells: Sequence[ScriptCell]) -> dict[str, Any]:
    """What is called what after the imports and the cells on the data."""
    names: dict[str, Any] = {}
    for cell in cells:
        exec(cell.code, names)
        if "val_scaled" in cell.code:
            return names
    raise AssertionError


def lines_of_reading(cells: Sequence[ScriptCell]) -> int:
    reading = [cell.code for cell in takewhile(lambda cell: "_scaled" not in cell.code, cells[1:])]
    listed = ("class_names = ", "train_input, test_input,")  # the names of the classes, and the split
    return sum(bool(line) for code in reading if not code.startswith(listed) for line in code.splitlines())


def check(cells: Sequence[ScriptCell], data: Dataset) -> None:
    names = executed(cells)
    for part, kept in (("train", data.train), ("val", data.validation), ("test", data.test)):
        assert np.array_equal(names[f"{part}_scaled"], kept.images.reshape(len(kept), -1).astype("float32") / 255)
        assert np.array_equal(names[f"{part}_target"], kept.labels)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_read_in_a_few_lines(surroundings: Path, form: str) -> None:
    (surroundings / "my data").mkdir()
    data = load_data(FORMS[form](surroundings / "my data").relative_to(surroundings))
    cells = code_of(recorded(data)).cells
    check(cells, data)
    assert lines_of_reading(cells) <= MOST_LINES


@pytest.mark.parametrize(
    "form", ["IDX below", "IDX in a zip", "CSV, three parts", "CSV in zips", "npy files", "pictures"]
)
def test_paths_of_this_machine_stay_out(surroundings: Path, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (surroundings / "elsewhere").mkdir()
    data = load_data(FORMS[form](surroundings / "elsewhere"))
    script = code_of(recorded(data))
    assert str(surroundings) not in script.source
    assert "the path of your copy" in script.source
    monkeypatch.chdir(Path(data.info.location).parent)
    check(script.cells, data)


def faded(image: Image.Image) -> Image.Image:
    image.putalpha(100)
    return image


EXPORT = {"model": "run-1", "runs": Path("runs"), "trust": False}


def of_another_size(path: Path) -> Path:
    Image.new("L", (12, 9)).save(pictures("{}/{}.png")(path) / "bag" / "wide.png")
    return path


def of_two_kinds(path: Path) -> Path:
    (path / "train.csv").write_text(lines(LEARNING))
    (path / "val.csv").write_text(lines(TEST, ";"))
    return path


def with_hidden(path: Path) -> Path:
    Image.new("L", (9, 9)).save(pictures("{}/{}.png")(path) / "bag" / "._1.png")
    return path


def with_link(path: Path) -> Path:
    (pictures("{}/{}.png")(path) / "bag" / "link.png").symlink_to("../shirt/1.png")
    return path


def packed_table(name: str) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        (path / name).write_bytes(gzip.compress(lines(LEARNING).encode()))
        return path

    return write


def packed_idx(path: Path) -> Path:
    for name, array in (("images-idx3", X), ("labels-idx1", Y.astype(np.uint8))):
        (path / f"train-{name}-ubyte").write_bytes(gzip.compress(idx_bytes(array)))
    return path


REFUSED: dict[str, tuple[Callable[[Path], Path], str]] = {
    "scaled": (of_another_size, "1 of 61 pictures scaled to 9 x 9"),
    "transparent": (pictures("{}/{}.png", change=faded), "transparent pixels made black in 60 of 60 pictures"),
    "16 bits": (
        pictures("{}/{}.png", change=lambda image: image.convert("I;16")),
        "reduced to 8 bits in 60",
    ),
    "archive": (
        of_source(same_images.FORMS["pictures in a zip"]),
        "scripts do not read a zip or tar archive with a folder of pictures for each class",
    ),
    "deep": (pictures("{}/deep/{}.png"), "in subfolders of their class folders"),
    "two kinds": (of_two_kinds, "its tables are not written in the same way"),
    "hidden": (with_hidden, "hidden files or links lie among its pictures"),
    "link": (with_link, "hidden files or links lie among its pictures"),
    "capitals": (pictures("{0}/{0} {1}.png", ("apple", "Bag", "cap")), "the order of its pictures"),
    **{f"CSV, {name}": (of_tiny(write), "put in the order|commas") for name, write in test_csv.OTHERS.items()},
    "packed table": (packed_table("train.csv"), "compressed, but their names do not end in .gz"),
    "packed table, capitals": (packed_table("TRAIN.CSV.GZ"), "compressed, but their names do not end in .gz"),
    "plain table": (
        lambda path: text("train.csv.gz", lines(LEARNING))(path).parent,
        "not compressed, but their names end in .gz",
    ),
    "packed IDX": (packed_idx, "compressed, but their names do not end in .gz"),
    "names with spaces": (
        labelled(lambda labels: [f" {NAMES[label]}" for label in labels]),
        "names as labels were numbered",
    ),
    "names from a Mac": (
        labelled(lambda labels: [on_a_mac(KOREAN[label]) for label in labels]),
        "names as labels were numbered",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_takes_more_lines_is_refused_with_the_reason(surroundings: Path, case: str) -> None:
    write, reason = REFUSED[case]
    (surroundings / "mine").mkdir()
    path = write(surroundings / "mine").relative_to(surroundings)
    data = load_data(path)
    with pytest.raises(
        UsageError, match=f"cannot write a script that reads {path} the way it does: .*{reason}"
    ) as refused:
        code_of(recorded(data))
    assert refused.value.hint == f"kerasnn data convert {path} {path.stem}.npz writes such a file to train on"
    assert next_command("export", EXPORT) == "kerasnn weights run-1"


def test_a_script_is_suggested_after_an_export_if_there_is_one(
    surroundings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code_of(recorded(load_data(FORMS["pictures"](surroundings))))
    monkeypatch.setattr("kerasnn.scripts.data.find_format", pytest.fail)  # not at the cost of reading the data
    assert next_command("export", EXPORT) == "kerasnn code run-1"


def test_heic_is_refused(surroundings: Path) -> None:
    data = load_data(FORMS["pictures"](surroundings / "mine"))
    next((surroundings / "mine").rglob("*.png")).write_bytes(b"\0\0\0\x18ftypheic" + bytes(100))
    with pytest.raises(UsageError, match="some of its pictures are HEIC"):
        code_of(recorded(data))


def test_a_form_that_scripts_do_not_read_yet_is_refused_by_name(
    surroundings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = recorded(load_data(FORMS["npz, one part"](surroundings))) | {"form": "zarr"}
    monkeypatch.setattr("kerasnn.data.formats.FORMATS", (Format("zarr", "a Zarr store", "kerasnn.data.npz"),))
    with pytest.raises(UsageError, match="scripts do not read a Zarr store"):
        code_of(dataset)
    assert next_command("export", EXPORT) == "kerasnn weights run-1"


def test_data_that_are_gone_are_refused_if_they_were_converted(surroundings: Path) -> None:
    data = load_data(FORMS["npz, one part"](surroundings).relative_to(surroundings))
    Path("data.npz").unlink()
    with pytest.raises(UsageError, match=r"data.npz the way it does: data.npz is not here"):
        code_of(recorded(data))


EVIL = '"]; __import__("os").system("echo evil")  #'


@pytest.mark.parametrize("form", ["npz, names as labels", "CSV, names", "pictures", "IDX"])
def test_nothing_of_a_note_or_a_name_becomes_a_program(surroundings: Path, form: str) -> None:
    dataset = recorded(load_data(FORMS[form](surroundings)))
    dataset["classes"] = [EVIL, *dataset["classes"]]
    for note in dataset["conversions"]:
        note["values"] = dict.fromkeys(note["values"], EVIL)
    source = code_of(dataset).source
    called = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    assert "__import__" not in {node.func.id for node in called if isinstance(node.func, ast.Name)}


@pytest.mark.parametrize("rule", [EVIL, [], {}, None, 2**62])
def test_a_rule_that_kerasnn_does_not_have_is_refused(surroundings: Path, rule: Any) -> None:
    dataset = recorded(load_data(FORMS["npz, half floats"](surroundings)))
    for note in dataset["conversions"]:
        note["values"] = dict.fromkeys(note["values"], rule)
    with pytest.raises(UsageError, match="cannot write a script"):
        code_of(dataset)


def test_a_record_of_what_is_no_text_is_refused(surroundings: Path) -> None:
    dataset = recorded(load_data(FORMS["pictures"](surroundings)))
    with pytest.raises(ModelFileError, match="surrogates not allowed"):
        code_of(dataset | {"classes": ["bag", "\ud800", "shoe"]})


def test_controls_in_a_recorded_command_leave_the_script_valid(surroundings: Path) -> None:
    script = code_of(recorded(load_data(FORMS["pictures"](surroundings))))
    path = Path("runs/run-1/run.json")
    path.write_text(path.read_text().replace('"command": "', '"command": "a\\u0000'))
    source = kerasnn.code("run-1", framework="sklearn").source
    assert ast.dump(ast.Module(ast.parse(source).body[1:], [])) == ast.dump(
        ast.Module(ast.parse(script.source).body[1:], [])
    )
