"""Tables as Kaggle has them: the same images whatever their form, and the line that is wrong."""

import gzip
import json
import re
import tracemalloc
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

import kerasnn
from kerasnn.cli.app import main
from kerasnn.data.csv_files import read_images
from kerasnn.data.dataset import Part
from kerasnn.data.label_conversions import texts_as_numbers
from kerasnn.data.load import load_data
from kerasnn.data.picture_reader import PictureForm
from kerasnn.errors import DataError
from kerasnn.records.note import sentence
from tests.conftest import save_npz, stripes, tiny_source
from tests.data.test_idx_files import zipped, zipped_on_windows

PIXELS = [f"pixel{number}" for number in range(1, 37)]
PLACES = [f"{row}x{column}" for row in range(1, 7) for column in range(1, 7)]
NAMES = ("bag, small", "신발", "T-shirt")


def lines(part: Part, separator: str = ",", end: str = "\n", *, label: Callable[[int], str] | None = str) -> str:
    """A line for each image, the label first; None: without one."""
    rows = part.images.reshape(len(part), -1).tolist()
    heads = [[] if label is None else [label(value)] for value in part.labels.tolist()]
    return "".join(separator.join([*head, *map(str, row)]) + end for head, row in zip(heads, rows, strict=True))


def header(*names: str, separator: str = ",") -> str:
    return separator.join(names) + "\n"


def save(folder: Path, write: Callable[[Part], str], suffix: str = ".csv", encoding: str = "utf-8") -> Path:
    """Both parts of the tiny data set, each as a table."""
    folder.mkdir(parents=True, exist_ok=True)
    source = tiny_source()
    for name, part in (("fashion-mnist_train", source.learning), ("fashion-mnist_test", source.test)):
        (folder / f"{name}{suffix}").write_bytes(write(part).encode(encoding))
    return folder


def last(part: Part) -> str:
    """The label last."""
    return "".join(",".join([*line.split(",")[1:], line.split(",")[0]]) + "\n" for line in lines(part).splitlines())


def sorted_as_text(*names: str) -> Callable[[Part], str]:
    """The columns in the order of their `names` as text, as SQL and pivot tables write them."""

    def write(part: Part) -> str:
        table = [names, *(line.split(",") for line in lines(part).splitlines())]
        order = sorted(range(len(names)), key=lambda number: names[number])
        return "".join(",".join(row[number] for number in order) + "\n" for row in table)

    return write


def within(part: Part, label: Callable[[int], str] = str) -> str:
    """The label between the pixels."""
    head = header("label", *(f"pixel{number}" for number in range(part.images[0].size)))
    rows = [line.split(",") for line in (head + lines(part, label=label)).splitlines()]
    return "".join(",".join([*row[1:9], row[0], *row[9:]]) + "\n" for row in rows)


def with_commas(part: Part) -> str:
    return FORMS["fractions"](part).replace(",", ";").replace(".", ",")


def numbered(part: Part) -> str:
    rows = lines(part).splitlines()
    return header("", "id", "label", *PIXELS) + "".join(f"{row},x{row},{line}\n" for row, line in enumerate(rows))


FORMS: dict[str, Callable[[Part], str]] = {
    "header": lambda part: header("label", *PIXELS) + lines(part),
    "places": lambda part: header("label", *PLACES) + lines(part),
    "no header": lines,
    "label last": last,
    "label last, header": lambda part: header(*PIXELS, "class") + last(part),
    "rows numbered": numbered,
    "columns numbered": lambda part: header("letter", *map(str, range(36))) + lines(part),
    "all columns numbered": lambda part: header(*map(str, range(37))) + lines(part),
    "semicolons": lambda part: header("label", *PIXELS, separator=";") + lines(part, ";"),
    "tabs": lambda part: lines(part, "\t"),
    "spaces": lambda part: lines(part, ", "),
    "Windows": lambda part: "\ufeff" + header("label", *PIXELS) + lines(part, end="\r\n"),
    "empty lines": lambda part: lines(part, end="\n\n"),
    "quotes": lambda part: lines(part, label=lambda label: f'"{label}"'),
    "floats": lambda part: lines(Part(part.images.astype(float), part.labels), label=lambda label: f"{label}.0"),
    "fractions": lambda part: lines(Part(part.images / 255, part.labels)),  # type: ignore[arg-type]
    "label within": within,
    "spaces after names": lambda part: header("label", *PIXELS, separator=" ,") + lines(part),
    "spaces around names": lambda part: " " + header("label", *PIXELS, separator=" , ") + lines(part, " , "),
    "spaces only": lambda part: header("label", *PIXELS, separator=" ") + lines(part, " "),
    "names with spaces": lambda part: header(*(f"픽셀 {n}" for n in range(37))) + lines(part),
    "a comment above": lambda part: "# made by me, for you\n\n" + header("label", *PIXELS) + lines(part),
    "NumPy's header": lambda part: "# " + header("label", *PIXELS) + lines(part),
    "Excel's separator": lambda part: "sep=;\n" + header("label", *PIXELS, separator=";") + lines(part, ";"),
}
# scripts do not read these, and a note says so
OTHERS: dict[str, Callable[[Part], str]] = {
    "decimal commas": with_commas,
    "sorted": sorted_as_text("label", *(f"pixel{number}" for number in range(36))),
    "sorted, places": sorted_as_text(
        "label", *(f"px {row}x{column}" for row in range(5, 11) for column in range(5, 11))
    ),
    "sorted, across first": sorted_as_text("label", *(f"x{n % 6 + 5}_y{n // 6 + 5}" for n in range(36))),
    "sorted, all numbered": sorted_as_text(*map(str, range(37))),
}


def test_the_parts_may_have_different_orders(surroundings: Path, digest: str) -> None:
    folder = save(surroundings / "kaggle", OTHERS["sorted"])
    (folder / "fashion-mnist_test.csv").write_text(FORMS["rows numbered"](tiny_source().test))
    data = load_data(folder)
    assert data.info.sha256 == digest
    assert [note.code for note in data.info.conversions] == ["columns-ordered", "columns-left-out"]
    assert data.info.conversions[1].values == {"names": ("''", "'id'")}


@pytest.fixture
def digest(tmp_path: Path) -> str:
    """Of the same images as arrays."""
    return load_data(save_npz(tmp_path / "arrays.npz")).info.sha256


@pytest.mark.parametrize("form", FORMS | OTHERS)
def test_every_form_holds_the_same_images(surroundings: Path, digest: str, form: str) -> None:
    data = load_data(save(surroundings / "kaggle", (FORMS | OTHERS)[form]))
    assert data.info.sha256 == digest
    assert data.info.classes == ("class 0", "class 1", "class 2")
    codes = {"fractions": ["pixels-scaled"], "decimal commas": ["decimal-commas", "pixels-scaled"]}.get(form, [])
    codes = ["columns-left-out"] if form == "rows numbered" else ["columns-ordered"] if "sorted" in form else codes
    assert [note.code for note in data.info.conversions if note.code != "label-column"] == codes
    columns = [note.values for note in data.info.conversions if note.code == "label-column"]
    says_so = re.search("label|class|letter", (FORMS | OTHERS)[form](tiny_source().test))
    assert columns == ([] if says_so else [{"column": 37 if form == "label last" else 1, "count": 37}])


@pytest.mark.parametrize(("label", "corner"), [((0, 1, 2, 4, 5), (0, 0, 0, 1)), ((0, 1, 2, 3), (0, 1)), ((3, 1), (9,))])
def test_the_first_column_is_the_label_unless_the_last_clearly_is(
    surroundings: Path, label: Sequence[int], corner: Sequence[int]
) -> None:
    part = stripes(200)
    labels = np.resize(np.array(label, np.int32), 200)
    part.images[:, -1, -1] = 0
    part.images[: len(corner), -1, -1] = corner
    (surroundings / "data.csv").write_text(lines(Part(part.images, labels)))
    data = load_data("data.csv")
    assert set(data.train.labels.tolist()) == set(label)
    assert "column 1 of 37 was taken" in sentence(data.info.conversions[0])


@pytest.mark.parametrize("corner", ["0.5", "-1", "text"])
def test_a_first_column_that_cannot_be_the_label_is_none(surroundings: Path, corner: str) -> None:
    rows = [f"{corner if row == 8 else row % 3},{line}" for row, line in enumerate(last(stripes(40)).splitlines())]
    cut = "\n".join(",".join([*line.split(",")[:36], line.rpartition(",")[2]]) for line in rows)
    (surroundings / "data.csv").write_text(cut)
    if corner == "text":
        assert "text" in load_data("data.csv").info.classes
    elif corner == "-1":
        with pytest.raises(DataError, match="image 9: a pixel is '-1'"):
            load_data("data.csv")
    else:
        assert load_data("data.csv").info.classes == ("class 0", "class 1", "class 2")


@pytest.mark.parametrize("head", ["", header("label", *PIXELS)])
def test_black_and_white_as_floats_is_that_of_an_array(surroundings: Path, head: str) -> None:
    part = stripes(40)
    floats = (part.images > 60).astype(float)
    np.savez(surroundings / "data.npz", x=floats, y=part.labels)
    (surroundings / "data.csv").write_text(head + lines(Part(floats, part.labels)))
    table, array = load_data("data.csv"), load_data("data.npz")
    assert table.info.sha256 == array.info.sha256
    assert set(table.train.images.ravel().tolist()) == {0, 255}
    assert "pixels-scaled" in [note.code for note in table.info.conversions]
    pictures = read_images(surroundings / "data.csv", PictureForm((6, 6), None))
    assert np.array_equal([each.pixels for each in pictures], 255 * floats)


@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
def test_labels_may_be_names(surroundings: Path, digest: str, encoding: str) -> None:
    folder = save(
        surroundings / "kaggle", lambda part: lines(part, label=lambda label: f'"{NAMES[label]}"'), encoding=encoding
    )
    assert set(load_data(folder).info.classes) == set(NAMES)
    (folder / "classes.txt").write_text("\n".join(NAMES), encoding="utf-8")
    data = load_data(folder)
    assert data.info.classes == NAMES
    assert data.info.sha256 == digest


def test_tables_may_be_packed(surroundings: Path, digest: str) -> None:
    folder = save(surroundings / "kaggle", FORMS["header"])
    with zipfile.ZipFile(surroundings / "archive.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in folder.iterdir():
            archive.write(file, f"deep/{file.name}")
            (surroundings / "gz").mkdir(exist_ok=True)
            (surroundings / "gz" / f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes()))
    assert load_data(surroundings / "archive.zip").info.sha256 == digest
    assert load_data(surroundings / "gz").info.sha256 == digest
    assert not [*surroundings.rglob("deep")]  # nothing is unpacked to a disk
    with zipfile.ZipFile(surroundings / "archive.zip", "a") as archive:
        archive.writestr("../x.csv", "")
    with pytest.raises(DataError, match=r"\.\./x\.csv would lie outside of it"):
        load_data(surroundings / "archive.zip")
    assert not (surroundings.parent / "x.csv").exists()


def test_a_single_table_is_split_and_a_validation_table_joined(surroundings: Path) -> None:
    folder = save(surroundings / "kaggle", FORMS["header"])
    data = load_data(folder / "fashion-mnist_train.csv")
    assert (data.info.train + data.info.validation, data.info.test) == (162, 41)
    (folder / "fashion-mnist_test.csv").rename(folder / "validation.csv")
    data = load_data(folder)
    assert data.info.train + data.info.validation + data.info.test == 203 + 31
    assert "31 validation images were added" in "; ".join(map(sentence, data.info.conversions))


def test_korean_names_of_tables_tell_their_parts(surroundings: Path) -> None:
    folder = save(surroundings / "kaggle", FORMS["header"])
    for name, korean in (("train", "옷_훈련용.csv"), ("test", "옷_테스트.csv")):
        (folder / f"fashion-mnist_{name}.csv").rename(folder / korean)
    assert load_data(folder).info.test == 31


def test_all_tables_have_the_label_where_the_training_table_has_it(surroundings: Path) -> None:
    folder = save(surroundings / "kaggle", last)
    line = ",".join(["1", *["7"] * 35, "2"])  # alone, 0 and 1 in its first column would look more like labels
    (folder / "fashion-mnist_test.csv").write_text(f"{line}\n0{line[1:]}\n")
    data = load_data(folder)
    assert data.test.labels.tolist() == [2, 2]
    assert data.test.images[:, 0, 0].tolist() == [1, 0]


def test_images_need_not_be_square_if_the_columns_say_so(surroundings: Path) -> None:
    places = [f"{row}x{column}" for row in range(4) for column in range(9)]
    folder = save(surroundings / "kaggle", lambda part: header("label", *places) + lines(part))
    assert load_data(folder).info.shape == (4, 9)


def test_a_table_without_labels_is_for_predict(surroundings: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = save(surroundings / "kaggle", FORMS["header"])
    run = kerasnn.train("softmax", dataset=folder, engine="keras", epochs=1)
    test = surroundings / "test.csv"
    test.write_text(header(*PIXELS) + lines(tiny_source().test, label=None))
    expected = kerasnn.predict(run.run, indices=range(31))
    answers = kerasnn.predict(run.run, [test])
    assert [each.probabilities for each in answers] == [each.probabilities for each in expected]
    assert answers[0].image == f"{test}, 1"
    told: list[object] = []
    test.write_text(OTHERS["sorted"](tiny_source().test))
    answers = kerasnn.predict(run.run, [test], listener=told.append)
    assert [each.probabilities for each in answers] == [each.probabilities for each in expected]
    assert any("put in the order of the numbers" in str(each) for each in told)
    test.write_text(header(*PIXELS) + lines(tiny_source().test, label=None))
    with pytest.raises(DataError, match="has no labels") as caught:
        load_data(test)
    assert caught.value.hint is not None
    assert f"kerasnn predict MODEL {test}" in caught.value.hint
    capsys.readouterr()
    assert main(["predict", run.run, str(test), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 31
    (folder / "wrong.csv").write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match=r"missing\.csv: it cannot be read: No such file"):
        kerasnn.predict(run.run, ["missing.csv"])
    with pytest.raises(DataError, match="wrong"):
        kerasnn.predict(run.run, [folder / "wrong.csv"])


GOOD = lines(stripes(40))


def broken(line: int, change: Callable[[str], str]) -> str:
    rows = GOOD.splitlines()
    return "\n".join([*rows[: line - 1], change(rows[line - 1]), *rows[line:]]) + "\n"


WRONG: list[tuple[str, str, Sequence[str]]] = [
    ("a word", broken(7, lambda row: row[:-2] + "x"), ("image 7", "x'")),
    ("a cell less", broken(8, lambda row: row.rpartition(",")[0]), ("line 8 has 36 cells", "37")),
    ("a cell more", broken(40, lambda row: row + ",1"), ("line 40 has 38 cells", "37")),
    (
        "256",
        broken(3, lambda row: row.rpartition(",")[0][: row.rfind(",", 0, row.rfind(","))] + ",256,0"),
        ("line 3", "256"),
    ),
    ("below 0", broken(4, lambda row: row.replace(",", ",-", 3)), ("line 4", "-")),
    ("not a number", broken(5, lambda row: row.replace(row.split(",")[9], "nan", 1)), ("line 5",)),
    ("a missing value", broken(6, lambda row: row.replace(row.split(",")[9] + ",", ",", 1)), ("line 6", "''")),
    ("no square", "\n".join(["1,2,3,4,5,6,7,8"] * 9), ("8 columns cannot be a square",)),
    ("no square beside numbers", header("id", *PIXELS[1:]) + "1,2\n" * 9, ("35 of 36 columns are pixels",)),
    ("names of files", "filename,label\n1.png,3\n2.png,5\n", ("names of files, not their pixels",)),
    ("names of files alone", "shoe,a/1.JPG\n" * 9, ("names of files, not their pixels",)),
    (
        "pixels as text",
        "emotion,pixels,Usage\n0,70 80 82 72 58 58 60 63 54,Training\n",
        ("are one text, in one column",),
    ),
    ("a missing number", OTHERS["sorted"](stripes(40)).replace("pixel7", "pixel99"), ("numbers are missing", "pixel0")),
    ("a double number", OTHERS["sorted"](stripes(40)).replace("pixel7", "pixel8"), ("repeated", "pixel0, pixel1, pix")),
    ("no grid", OTHERS["sorted, places"](stripes(40)).replace("7x7", "7x17"), ("numbers are missing",)),
    ("a sentence", "Dear all,\nthis is no table\n", ("square",)),
    ("nothing", "", ("first line is empty",)),
    ("a header alone", header("label", *PIXELS), ("no images",)),
    ("one class", lines(Part(stripes(40).images, np.ones(40, np.int32))), ("all labels are 1",)),
    ("no label", broken(9, lambda row: row[1:]), ("has an empty",)),
    ("a number that is too large", broken(9, lambda row: "999999999999" + row[1:]), ("labels from 0 to 999999999999",)),
]


@pytest.mark.parametrize(("content", "says"), [each[1:] for each in WRONG], ids=[each[0] for each in WRONG])
def test_the_line_that_is_wrong_is_named(surroundings: Path, content: str, says: Sequence[str]) -> None:
    (surroundings / "data.csv").write_text(content)
    with pytest.raises(DataError, match=r"data\.csv") as caught:
        load_data("data.csv")
    text = f"{caught.value.message} {caught.value.expected}"
    assert all(each in text for each in says), text


def test_a_long_label_does_not_make_all_of_them_as_large() -> None:
    parts = [["a"] * 200_000, ["a", "b" * 200]]
    tracemalloc.start()
    try:
        numbers, names, _notes = texts_as_numbers(parts, names=None, where="here")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert names == ("a", "b" * 200)
    assert [array.sum() for array in numbers] == [0, 1]
    assert peak < 10 * numbers[0].nbytes


@pytest.mark.parametrize("head", ["", header("label", *PIXELS)])
@pytest.mark.parametrize("length", [200, 201, 100_000])
def test_a_label_that_is_too_long_is_refused(surroundings: Path, head: str, length: int) -> None:
    name = "가" * length
    rows = lines(stripes(40), label=lambda label: name if label else "bag").splitlines()
    (surroundings / "data.csv").write_text(head + "\n".join(rows), encoding="utf-8")
    if length == 200:
        assert load_data("data.csv").info.classes == ("bag", name)
        return
    with pytest.raises(DataError, match=f"line {3 if head else 2} has a label of {length:,} letters"):
        load_data("data.csv")


def test_a_line_without_end_and_a_bomb_are_refused(surroundings: Path) -> None:
    (surroundings / "endless.csv").write_bytes(b"1," * (5 << 20))
    with pytest.raises(DataError, match="a line is longer than"):
        load_data("endless.csv")
    line = b"1," + b"0," * 35 + b"0\n"
    (surroundings / "bomb.csv.gz").write_bytes(gzip.compress(line * ((140 << 20) // len(line)), 1))
    with pytest.raises(DataError, match="unpacks to more than 20 times"):
        load_data("bomb.csv.gz")


@pytest.mark.parametrize("name", ["data.csv", "data.csv.gz", "data.zip"])
def test_other_files_under_such_names_are_named(surroundings: Path, name: str) -> None:
    good = gzip.compress(GOOD.encode())
    for content in (b"\x89PNG\r\n\x1a\n" + bytes(99), b"PK\3\4nothing", good[:-9], GOOD.encode("utf-16")):
        (surroundings / name).write_bytes(content)
        with pytest.raises(DataError, match="data"):
            load_data(name)


@pytest.mark.parametrize("pack", [zipped, zipped_on_windows])
def test_a_zip_with_a_table_twice_as_kaggle_has_them(
    surroundings: Path, digest: str, pack: Callable[[Path, dict[str, bytes]], Path]
) -> None:
    files = {}
    for part, content in (("train", tiny_source().learning), ("test", tiny_source().test)):
        for name in (f"sign_{part}/sign_{part}.csv", f"sign_{part}.csv", f"__MACOSX/._sign_{part}.csv"):
            files[name] = lines(content).encode()
    pack(surroundings / "archive.zip", files)
    assert load_data("archive.zip").info.sha256 == digest


def test_a_table_that_says_something_of_arrays_or_pictures_is_no_data_set(surroundings: Path, digest: str) -> None:
    (surroundings / "data").mkdir()
    save_npz(surroundings / "data" / "stripes.npz")
    (surroundings / "data" / "classmap.csv").write_text("index,codepoint,char\n0,U+304A,お\n")
    assert load_data(surroundings / "data").info.sha256 == digest
    folder = save(surroundings / "kaggle", FORMS["header"])
    (folder / "example.png").write_bytes(b"")
    assert load_data(folder).info.form == "csv"


def test_emnists_tables_are_stored_by_columns_too(surroundings: Path, digest: str) -> None:
    source, folder = tiny_source(), surroundings / "emnist"
    folder.mkdir()
    for name, part in (("train", source.learning), ("test", source.test)):
        by_columns = Part(part.images.transpose(0, 2, 1), part.labels + 1)
        (folder / f"emnist-letters-{name}.csv").write_text(lines(by_columns))
    found = load_data(folder).info
    assert (found.sha256, found.classes[:3]) == (digest, ("a", "b", "c"))
    (folder / "emnist-letters-mapping.txt").write_text("1 80 112\n2 81 113\n3 82 114\n")
    assert load_data(folder).info.classes == ("p", "q", "r")
    assert load_data(folder / "emnist-letters-train.csv").info.classes == ("p", "q", "r")
    (picture, *_others) = read_images(folder / "emnist-letters-test.csv", PictureForm((6, 6), None))
    np.testing.assert_array_equal(picture.pixels, source.test.images[0])


@pytest.mark.parametrize("pack", [None, zipped])
def test_kaggles_digit_recognizer_is_read_as_it_is(
    surroundings: Path, pack: Callable[[Path, dict[str, bytes]], Path] | None
) -> None:
    source, pixels = tiny_source(), [f"pixel{number}" for number in range(36)]
    files = {
        "train.csv": (header("label", *pixels) + lines(source.learning)).encode(),
        "test.csv": (header(*pixels) + lines(source.test, label=None)).encode(),
        "sample_submission.csv": b"ImageId,Label\n1,0\n2,0\n",
    }
    (surroundings / "digits").mkdir()
    for name, content in files.items():
        (surroundings / "digits" / name).write_bytes(content)
    data = load_data(pack(surroundings / "digits.zip", files) if pack else surroundings / "digits")
    alone = load_data(surroundings / "digits" / "train.csv")
    assert data.info.sha256 == alone.info.sha256
    text = "; ".join(map(sentence, data.info.conversions))
    assert "test.csv has no labels, so it was left out; it is for: kerasnn predict MODEL test.csv" in text
    assert "sample_submission.csv" in text
    assert data.info.conversions[2:] == alone.info.conversions
    with pytest.raises(DataError, match=r"test\.csv has no labels"):
        load_data(surroundings / "digits" / "test.csv")


def test_a_table_of_pixels_beside_others_needs_no_name(surroundings: Path) -> None:
    folder = surroundings / "digits"
    folder.mkdir()
    (folder / "digits.csv").write_text(lines(stripes(40)))
    (folder / "sample_submission.csv").write_text("ImageId,Label\n1,0\n2,0\n")
    data = load_data(folder)
    assert data.info.train + data.info.validation + data.info.test == 40
    (folder / "train.csv").write_text(broken(1, lambda row: row[2:]))  # it is not passed over for another
    with pytest.raises(DataError, match=r"train\.csv"):
        load_data(folder)


def test_tables_whose_part_is_unclear_are_named(surroundings: Path) -> None:
    folder = save(surroundings / "kaggle", FORMS["header"])
    (folder / "fashion-mnist_test.csv").rename(folder / "more-train.csv")
    with pytest.raises(DataError, match="not clear which table is which"):
        load_data(folder)


def test_tables_that_were_downloaded_twice(surroundings: Path) -> None:
    folder = save(surroundings / "kaggle", FORMS["header"])
    digest = load_data(folder).info.sha256
    for file in list(folder.iterdir()):
        copy = file.with_stem(f"{file.stem} (1)")
        copy.write_bytes(file.read_bytes())
    assert load_data(folder).info.sha256 == digest
    copy.write_text("".join(copy.read_text().splitlines(keepends=True)[:-1]))  # another table, with one image less
    with pytest.raises(DataError, match="not clear which table is which"):
        load_data(folder)


def test_parts_of_words_tell_no_part(surroundings: Path) -> None:
    folder = save(surroundings / "kaggle", FORMS["header"])
    (folder / "fashion-mnist_test.csv").rename(folder / "latest.csv")
    (folder / "carnival.csv").write_text(lines(stripes(40)))
    data = load_data(folder)
    assert data.info.train + data.info.validation + data.info.test == 203
    assert [note.code for note in data.info.conversions] == ["tables-left-out", "test-held-out"]
    assert data.info.conversions[0].values == {"names": ("carnival.csv", "latest.csv")}
    (folder / "fashion-mnist_train.csv").unlink()
    with pytest.raises(DataError, match=r"not clear which table is which: carnival\.csv, latest\.csv"):
        load_data(folder)
